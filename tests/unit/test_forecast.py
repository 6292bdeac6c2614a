"""Year-end estimates: stories for each kind of figure, refusals, bad input, what holds for any series, the back-test.

That the arithmetic is R's and that of the year that was tried is shown by tests/oracles.
"""

import csv
from decimal import Decimal
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.backtest import month, of_a_position, of_a_sum, running
from outturn.catalogue.indicator import Break
from outturn.judgement.forecast import year_end
from outturn.judgement.projection import by_chance
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.unit import Unit
from outturn.terms.value import Absence, Figure, Flag, Missing, read_value

SUM, IN_PERIOD, SNAPSHOT = TimeBasis.YTD_SUM, TimeBasis.IN_PERIOD, TimeBasis.SNAPSHOT
SAMPLE = Path(__file__).parent / "ae_sample.csv"


def quarters(*texts, first=2018):
    """Quarter by quarter from quarter 1 of `first`; an empty text is no figure."""
    return {Period.quarter(first + at // 4, at % 4 + 1): read_value(text) for at, text in enumerate(texts) if text}


def months(amounts, first=2018):
    return {
        Period.month(first + (at + 3) // 12, (at + 3) % 12 + 1): Figure(Decimal(amount))
        for at, amount in enumerate(amounts)
    }


def sample(counted=""):
    """Series of 36 months."""
    with SAMPLE.open(newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return [[int(each) for each in row["months"].split()] for row in rows if counted in row["counted"]]


def limits(found):
    return found.low95, found.low80, found.estimate, found.high80, found.high95


def test_leeds_bed_weeks():
    """Leeds printed 128,469 beside 32,117: four times the bed days before they were rounded to weeks."""
    found = year_end(quarters("32117", first=2012), SUM, Unit.WEEKS)
    assert (found.estimate, round(found.by_days)) == (128_468, 128_821)
    assert found.sentence.startswith("128,468 is expected by the end of 2012/13 (95% range ")
    assert found.sentence.endswith(
        "by how far off such estimates were elsewhere) after 3 of 12 months, by a straight line; over days instead of "
        "months it would be 128,821."
    )
    assert found.is_range
    exact = {Period.quarter(2012, 1): Figure(Decimal(224_820) / 7)}
    assert round(year_end(exact, SUM, Unit.WEEKS).estimate) == 128_469


def test_admissions_without_past_years():
    """18 by June are 72 by March, and chance alone makes that 48 to 106: what is told is wider."""
    found = year_end(quarters("18"), SUM, Unit.COUNT)
    assert found.estimate == 72
    assert found.is_range
    assert found.low95 < 45
    assert found.high95 > 110


def test_past_years_that_were_alike_leave_chance():
    """A quarter had come by June in both; what is to come is chance, as it is for 25 people of whom a quarter have."""
    found = year_end(quarters("25", "50", "75", "100", "25", "50", "75", "100", "25"), SUM, Unit.COUNT)
    assert (found.low95, found.high95) == by_chance(25, 0.25, 0.95)
    assert (found.low80, found.high80) == by_chance(25, 0.25, 0.8)


def test_figures_that_are_alike_do_not_make_certain():
    days = year_end(quarters("25", "50", "75", "100", "25", "50", "75", "100", "25"), SUM, Unit.DAYS)
    assert days.is_range
    assert days.low95 < 90
    level = year_end(quarters("7%", "7%", "7%", "7%", "7%"), SNAPSHOT, Unit.PERCENT)
    assert (level.estimate, level.low95) == (7, None)
    assert "with no interval, for nothing shows how much its figures vary" in level.sentence


def test_past_years_give_the_course():
    """A third had come by June in both years, so with two even years beside them 7 in 24 have, and not a quarter."""
    found = year_end(quarters("30", "50", "70", "90", "30", "50", "70", "90", "35"), SUM, Unit.COUNT)
    assert found.estimate == 35 * 24 / 7 == 120
    assert found.years_used == 2
    assert found.sentence.endswith(" after 3 of 12 months, by the course of 2 past years and of two even years.")


def test_more_past_years_count_for_more():
    """With five years that all say a third, the estimate nears three times what has come."""
    year = ("30", "50", "70", "90")
    found = [year_end(quarters(*year * years, "35"), SUM, Unit.COUNT).estimate for years in range(6)]
    assert found[0] == 140
    assert found == sorted(found, reverse=True)
    assert found[5] == pytest.approx(35 / (5 / 7 / 3 + 2 / 7 / 4))
    assert year_end(quarters(*year * 7, "35"), SUM, Unit.COUNT).years_used == 5


def test_counts_in_each_quarter_are_added_up():
    by_quarter = year_end(quarters("10", "12", "11", "9", "10", "14"), IN_PERIOD, Unit.COUNT)
    running = year_end(quarters("10", "22", "33", "42", "10", "24"), SUM, Unit.COUNT)
    assert limits(by_quarter) == limits(running)
    gap = year_end(quarters("10", "12", "11", "9", "", "14"), IN_PERIOD, Unit.COUNT)
    assert gap.sentence == (
        "No estimate for the year's end: a part of the year so far is missing, so it cannot be added up."
    )


def test_a_missing_quarter_of_a_running_total_does_not_matter():
    found = year_end(quarters("10", "22", "33", "42", "", "24"), SUM, Unit.COUNT)
    assert found.estimate == year_end(quarters("10", "22", "33", "42", "10", "24"), SUM, Unit.COUNT).estimate


def test_admissions_per_100_000_add_up_as_their_count_does():
    """45 of 36,000 people by September are 125 per 100,000; chance is that of the 45."""
    half_year = Period.quarter(2018, 2)
    found = year_end(
        quarters("60", "125"), SUM, Unit.PER_100K, counts={half_year: (Decimal(45), Decimal(36_000))}
    )  # fmt: skip
    people = year_end(quarters("22", "45"), SUM, Unit.COUNT)
    assert found.estimate == 250
    assert found.high95 / people.high95 == pytest.approx(125 / 45)


def test_an_average_of_the_year_so_far():
    """12 delayed days a day on average by June; the course of the year is that of the days."""
    found = year_end(quarters("12", "11", "10", "10", "12"), TimeBasis.YTD_AVERAGE, Unit.DAYS)
    assert found.estimate == pytest.approx(12 / 4 / ((3 / 10 + 2 / 4) / 3))


def test_a_percentage_of_the_year_so_far_stands():
    """It fell by 4 points after September last year, of which a third is expected."""
    found = year_end(quarters("90%", "84%", "81%", "80%", "91%", "85%"), SUM, Unit.PERCENT)
    assert found.estimate == pytest.approx(85 - 4 / 3)
    assert found.high95 <= 100
    assert found.sentence.endswith(" after 6 of 12 months, as it stands and changed after that in one past year.")
    alone = year_end(quarters("90%"), SUM, Unit.PERCENT)
    assert alone.sentence == (
        "90% is expected by the end of 2018/19, with no interval, for nothing shows how much its figures vary, after 3 "
        "of 12 months, as it stands."
    )


def test_a_position_on_a_day():
    """Too few for a trend: it stays, and its interval grows with the root of the steps ahead."""
    found = year_end(quarters("100", "104", "100", "104", "100"), SNAPSHOT, Unit.COUNT)
    assert (found.rule, found.estimate) == ("as it stands", 100)
    assert found.high95 - 100 == pytest.approx(2.776445 * 4 * 3**0.5)


def test_a_trend_that_is_borne_by_twelve_months_or_more():
    """Rolling years that fall by 10 a month go on falling, but slower every month."""
    found = year_end(months(range(1200, 1000, -10)), TimeBasis.ROLLING, Unit.COUNT)
    assert found.rule == "damped trend"
    assert 1010 - 4 * 10 < found.estimate < 1010 - 2 * 10


def test_the_year_is_over():
    found = year_end(quarters("10", "22", "33", "42"), SUM, Unit.COUNT)
    assert found.sentence == "42 is the figure for 2018/19, which is over."
    assert limits(found) == (42,) * 5
    assert found.past_error is None


def test_how_far_off_such_estimates_were():
    found = year_end(quarters("3000", "5000", "7000", "9000", "3500"), SUM, Unit.COUNT).past_error
    assert found.sentence.startswith("Tried on ")
    assert 2 < found.middle < 6
    smaller = year_end(quarters("30", "50", "70", "90", "35"), SUM, Unit.COUNT).past_error
    assert smaller.middle > 5 * found.middle


@pytest.mark.parametrize(
    ("results", "basis", "unit", "why"),
    [
        ({}, SUM, Unit.COUNT, "there is no figure that can be reckoned with"),
        ({Period.quarter(2018, 1): Missing(Absence.AWAITED)}, SUM, Unit.COUNT,
         "there is no figure that can be reckoned with"),
        ({Period.year(2018): read_value("5")}, TimeBasis.ANNUAL, Unit.COUNT,
         "there is one figure a year, and nothing during the year to go by"),
        ({Period.survey(2018): read_value("5")}, SNAPSHOT, Unit.SCORE,
         "there is one figure a year, and nothing during the year to go by"),
        (quarters("5"), TimeBasis.FORECAST, Unit.COUNT, "the figure is a forecast already"),
        (quarters("Yes"), SNAPSHOT, Unit.YES_NO, "yes or no cannot be carried forward"),
        (months([5]), SUM, Unit.COUNT, "one is made after 2 months, and 1 of the year have gone"),
    ],
)  # fmt: skip
def test_no_estimate(results, basis, unit, why):
    found = year_end(results, basis, unit)
    assert found.sentence == f"No estimate for the year's end: {why}."
    assert (found.estimate, found.low95) == (None, None)


def test_no_estimate_in_the_year_in_which_the_definition_changed():
    change = Break(Period.year(2019), "People are counted once.")
    series = quarters("10", "22", "33", "42", "10", "24", "30", "40", "11")
    found = year_end(series, SUM, Unit.COUNT, breaks=[change], period=Period.quarter(2019, 2))
    assert found.sentence == (
        "No estimate for the year's end: the definition changed from 2019/20. People are counted once."
    )
    assert year_end(series, SUM, Unit.COUNT, breaks=[change]).years_used == 1
    assert year_end(series, SUM, Unit.COUNT).years_used == 2


def test_as_seen_from_an_earlier_quarter():
    series = quarters("10", "22", "33", "42", "10", "24", "99")
    seen = quarters("10", "22", "33", "42", "10", "24")
    assert year_end(series, SUM, Unit.COUNT, period=Period.quarter(2019, 2)) == year_end(seen, SUM, Unit.COUNT)


def test_a_forecast_among_the_results_is_no_result():
    series = {**quarters("10", "22"), Period.year(2018): Figure(Decimal(50), flags=frozenset({Flag.FORECAST}))}
    assert limits(year_end(series, SUM, Unit.COUNT)) == limits(year_end(quarters("10", "22"), SUM, Unit.COUNT))


def test_part_of_a_month_and_a_leap_day():
    """By 15 November half of November has gone; 29 February ends its month as 28 February does."""
    day = {Period.to_date(Period.read(text).end): read_value("150") for text in ("2018-11-15",)}
    assert year_end(day, SUM, Unit.COUNT).estimate == 240
    leap = {Period.to_date(Period.read("2024-02-29").end): read_value("110")}
    assert year_end(leap, SUM, Unit.COUNT).estimate == 120
    before = {Period.to_date(Period.read("2023-02-28").end): read_value("90"), Period.year(2022): read_value("100")}
    both = {**leap, **before}
    assert year_end(both, SUM, Unit.COUNT).years_used == 1


def test_a_year_without_figures_is_passed_over():
    series = {**quarters("10", "22", "33", "42", first=2014), **quarters("10", "24")}
    assert year_end(series, SUM, Unit.COUNT).years_used == 1


@pytest.mark.parametrize("amount", [Decimal("Infinity"), Decimal("NaN"), Decimal("-Infinity"), Decimal("1e99")])
def test_what_is_no_number_is_no_result(amount):
    spoilt = {**quarters("10", "22"), Period.quarter(2018, 3): Figure(amount)}
    assert limits(year_end(spoilt, SUM, Unit.COUNT)) == limits(year_end(quarters("10", "22"), SUM, Unit.COUNT))


@pytest.mark.parametrize("basis", [SUM, IN_PERIOD, SNAPSHOT, TimeBasis.ROLLING, TimeBasis.YTD_AVERAGE])
@pytest.mark.parametrize("unit", [Unit.COUNT, Unit.PERCENT, Unit.PER_100K, Unit.POUNDS])
@pytest.mark.parametrize(
    "amounts",
    [
        [0] * 30, [7] * 30, [0] * 12 + [5] * 18, [-3, 4] * 15, [10**17] * 30, [-5] * 6, [1] + [0] * 29,
        [5] * 12 + [0] * 3,
    ],
)
def test_dull_and_odd_series_are_judged_without_false_certainty(basis, unit, amounts):
    found = year_end(months(amounts), basis, unit)
    assert found.sentence
    if found.low95 is not None:
        assert found.low95 <= found.low80 <= found.estimate <= found.high80 <= found.high95


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=40), st.sampled_from([SUM, SNAPSHOT, TimeBasis.ROLLING]))
def test_limits_are_in_order_and_what_has_come_stays(added, basis):
    amounts = running(added) if basis is SUM else added
    found = year_end(months(amounts), basis, Unit.COUNT)
    if found.estimate is None:
        assert len(added) % 12 == 1
        return
    if found.low95 is None:
        assert basis is not SUM  # figures that stand, and have moved as they were expected to, or not at all
        return
    assert found.low95 <= found.low80 <= found.estimate <= found.high80 <= found.high95
    assert found.low95 >= (amounts[-1] if basis is SUM else 0)
    if len(added) % 12 == 0:
        assert limits(found) == (amounts[-1],) * 5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-5, 30), min_size=14, max_size=35))
def test_ten_times_the_money_is_ten_times_the_estimate(added):
    amounts = running(added)
    found, tenfold = (year_end(months([times * each for each in amounts]), SUM, Unit.POUNDS) for times in (1, 10))
    if found.estimate is not None:
        assert [10 * each for each in limits(found)] == pytest.approx(limits(tenfold))


def test_intervals_hold_as_often_as_they_say():
    """A fifth of the back-test's series, each year foretold by none to all of the years before it."""
    tried = [trial for values in sample() for trial in of_a_sum(values)]
    for years in (0, 1, 2):
        held = [trial for trial in tried if trial.years == years and not trial.rule.startswith("(")]
        assert 0.92 <= fmean(trial.held95 for trial in held) <= 0.98
        assert 0.77 <= fmean(trial.held80 for trial in held) <= 0.88
        for gone in range(2, 12):
            assert fmean(trial.held95 for trial in held if trial.months == gone) > 0.85


def test_intervals_of_positions_and_rolling_years_hold_too():
    """The last March of the attendances, as a position and as a rolling year, from each month of its year."""
    held = {}
    for values in sample("attendances"):
        days = {month(at).end: values[at] for at in range(36)}
        positions = {Period.snapshot(day): float(value) for day, value in days.items()}
        rolling = {Period.rolling(month(at).end): float(sum(values[at - 11 : at + 1])) for at in range(11, 36)}
        for kind, basis, series in (("position", SNAPSHOT, positions), ("rolling", TimeBasis.ROLLING, rolling)):
            for trial in of_a_position(kind, basis, Unit.COUNT, series):
                held.setdefault((kind, trial.rule), []).append(trial.held95)
    for rule in ("damped trend", "as it stands"):
        assert 0.92 <= fmean(held["rolling", rule]) <= 0.98
        assert fmean(held["position", rule]) >= 0.95  # wider than they need be
    assert fmean(held["rolling", "(as it stands all the same)"]) < 0.7  # why the trend is there
