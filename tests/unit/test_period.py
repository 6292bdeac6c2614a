"""Periods, over two centuries."""

import calendar
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from outturn.terms.period import Period, PeriodKind, SurveyCalendar, UnreadablePeriod, read_date, read_due, write_date

YEARS = st.integers(1902, 2097)
DAY = timedelta(days=1)
EDGE_DAYS = [(3, 30), (3, 31), (4, 1), (4, 2), (2, 28), (3, 1), (12, 31), (1, 1), (6, 30), (7, 1), (1, 31)]
EDGES = st.builds(lambda year, edge: date(year, *edge), YEARS, st.sampled_from(EDGE_DAYS))
LEAP_DAYS = st.sampled_from([date(year, 2, 29) for year in range(1904, 2097, 4)])
DAYS = st.one_of(EDGES, LEAP_DAYS, st.dates(date(1902, 1, 1), date(2097, 12, 31)))
PERIODS = st.one_of(
    YEARS.map(Period.year),
    YEARS.map(Period.survey),
    st.builds(Period.quarter, YEARS, st.integers(1, 4)),
    st.builds(Period.month, YEARS, st.integers(1, 12)),
    DAYS.map(Period.rolling),
    DAYS.map(Period.snapshot),
)


@given(PERIODS)
@example(Period.month(2011, 12))
@example(Period.month(2000, 1))
@example(Period.year(1999))
def test_code_and_words_read_back(period):
    assert Period.read(period.code) == period
    assert Period.read(period.words) == period
    assert Period.read(f"  {period.words.upper() if period.kind is PeriodKind.MONTH else period.words}\n") == period


@given(PERIODS, PERIODS)
def test_codes_are_unique_and_sort_by_time_within_a_kind(one, other):
    assert (one.code == other.code) == (one == other)
    if one.kind is other.kind:
        assert (one.code < other.code) == (one.end < other.end)


@given(PERIODS)
def test_next_and_previous_are_inverse(period):
    if period.kind in (PeriodKind.ROLLING, PeriodKind.SNAPSHOT) and 27 < period.end.day < 32:
        end = date(period.end.year, period.end.month, calendar.monthrange(period.end.year, period.end.month)[1])
        period = Period.rolling(end) if period.kind is PeriodKind.ROLLING else Period.snapshot(end)
    assert period.next().previous() == period == period.previous().next()
    assert period.previous().end < period.end < period.next().end
    assert period.next().kind is period.kind


@given(PERIODS)
def test_successive_years_quarters_and_months_leave_no_day_out_and_none_twice(period):
    if period.kind not in (PeriodKind.ROLLING, PeriodKind.SNAPSHOT):
        assert period.next().start == period.end + DAY


@given(PERIODS)
def test_quarters_tile_the_year(period):
    quarters, year = period.quarters(), period.financial_year
    assert (quarters[0].start, quarters[-1].end) == (year.start, year.end)
    assert all(earlier.end + DAY == later.start for earlier, later in pairwise(quarters))
    assert [quarter.quarter_number for quarter in quarters] == [1, 2, 3, 4]
    assert sum((quarter.end - quarter.start).days + 1 for quarter in quarters) == (year.end - year.start).days + 1


@given(DAYS)
def test_a_day_lies_in_its_year_and_quarter(day):
    snapshot = Period.snapshot(day)
    quarter = snapshot.quarters()[snapshot.quarter_number - 1]
    assert quarter.start <= day <= quarter.end
    assert snapshot.financial_year.start <= day <= snapshot.financial_year.end
    assert snapshot.first_year == day.year - (day < date(day.year, 4, 1))


@given(DAYS)
def test_twelve_months_hold_each_month_once(day):
    rolling = Period.rolling(day)
    assert (rolling.end - rolling.start).days + 1 in (365, 366)
    a_year_before = rolling.start - DAY
    assert (a_year_before.month, a_year_before.day) in {(day.month, day.day), (2, 28), (2, 29)}
    assert a_year_before.year == day.year - 1


@given(PERIODS)
def test_the_same_last_year_is_a_year_before(period):
    before = period.same_last_year()
    assert before.kind is period.kind
    assert before.financial_year.next() == period.financial_year
    assert before.quarter_number == period.quarter_number
    assert (before.end.year, before.end.month) == (period.end.year - 1, period.end.month)


def test_month_ends_stay_month_ends_and_the_30th_is_held_to_february():
    ends = [Period.snapshot(date(2016, 1, 31))]
    for _ in range(4):
        ends.append(ends[-1].next())
    assert [f"{period.end:%m-%d}" for period in ends] == ["01-31", "02-29", "03-31", "04-30", "05-31"]
    assert Period.snapshot(date(2015, 1, 30)).next().end == date(2015, 2, 28)
    assert Period.rolling(date(2015, 2, 28)).next() == Period.rolling(date(2015, 3, 31))


SPELLINGS = ["{d.day} {m} {d.year}", "{d.day}{th} {m:.3} {d.year}", "{d.day:02}/{d.month:02}/{d.year}", "{d}"]
MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip


@given(DAYS, st.sampled_from(SPELLINGS))
def test_dates_read_in_every_spelling(day, spelling):
    month = MONTHS[day.month - 1]
    th = "th" if day.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    assert read_date(spelling.format(d=day, m=month, th=th)) == day
    assert read_date(write_date(day)) == read_due(write_date(day)) == day
    assert read_due(f"{month} {day.year}") == Period.month(day.year, day.month).end


FRAGMENTS = st.sampled_from([
    "Q1", "Q9", "Quarter ", " ", "/", "-", "–", "2018", "9999", "0000", "1899", "19", "00", "12 months to ", "12m to ",
    "survey", "at ", "month ", "31", "29", "February", "december", "Marchember", "th", "٢٠١٨", "\x00", "\u202e",
    "2011-12", "2012-11", "\ud800",
])  # fmt: skip
NEAR_YEARS = st.from_regex(r"[0-9]{4}[-/–][0-9]{2,4}(-[0-9]{2})?")


@given(st.one_of(st.text(), NEAR_YEARS, st.lists(FRAGMENTS, max_size=7).map("".join)))
@example("9999/00")
@example("December 9999")
@example("0000/01")
@example("12m to 9999-12-31")
@example("12m to 0001-03-31")
@example("Q4 9999/00")
@example("31/12/9999")
@example("survey 2016")
@example("9" * 1_000_000)
def test_any_text_is_a_period_that_reads_back_or_is_refused(text):
    with suppress(UnreadablePeriod):
        period = Period.read(text)
        assert Period.read(period.code) == period
    for reader in (read_date, read_due):
        with suppress(UnreadablePeriod):
            assert 1900 <= reader(text).year <= 2099


def test_huge_text_is_not_repeated_in_the_answer():
    for reader in (Period.read, read_date, read_due):
        with pytest.raises(UnreadablePeriod) as refused:
            reader("9" * 1_000_000)
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize("number", [0, 5, -1])
def test_there_are_four_quarters(number):
    with pytest.raises(UnreadablePeriod, match=f"There is no quarter {number}"):
        Period.quarter(2018, number)


@given(st.integers(1950, 2050), st.integers(1, 5), PERIODS)
def test_the_next_run_of_a_survey_is_the_first_after_the_year(first, every, period):
    survey = SurveyCalendar(first, every)
    runs = [Period.survey(year) for year in range(first, first + 250, every)]
    expected = next(run for run in runs if run.first_year > period.first_year)
    assert survey.next_run(period) == expected
    assert survey.runs_in(period) == (period.first_year in {run.first_year for run in runs})
