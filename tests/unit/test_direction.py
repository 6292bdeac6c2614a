"""Direction of travel: York's printed rows, the kinds of no answer, and what holds for any series."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.catalogue.indicator import Break
from outturn.judgement.direction import (
    DARLINGTON,
    EAST_SUSSEX,
    HAVERING_LONG_TERM,
    HAVERING_SHORT_TERM,
    RULES,
    TREND,
    YORK,
    Way,
    direction,
    two_sided,
)
from outturn.judgement.rag import Tolerance
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.polarity import Better, Polarity
from outturn.terms.value import Absence, Figure, Missing, read_value

HIGHER, LOWER, NEUTRAL = Polarity(Better.HIGHER), Polarity(Better.LOWER), Polarity(Better.NEUTRAL)
WITHIN = Polarity.read("within 85 to 95")
YORK_TOKENS = {"-": Absence.AWAITED, "NC": Absence.NOT_COLLECTED}
TREND_SERIES = ("79.1", "80.2", "78.8", "81", "79.9", "80.4", "82.2", "83.1")


def years(*texts, first=2015):
    return {Period.year(first + at): read_value(text, YORK_TOKENS) for at, text in enumerate(texts)}


def quarters(*texts, first=2018):
    return {
        Period.quarter(first + at // 4, at % 4 + 1): read_value(text, YORK_TOKENS) for at, text in enumerate(texts)
    }


def test_york_pvp02_is_better_on_three_results():
    """Printed Neutral: it was worked out before 2017/18 was known."""
    found = direction(years("260", "248", "236"), LOWER, YORK)
    assert found.way is Way.BETTER
    assert found.better is True
    assert found.sentence == "Better: 260 in 2015/16, then 248 in 2016/17, then 236 in 2017/18, and lower is better."
    assert direction(years("260", "248", "-"), LOWER, YORK).way is Way.NOT_ENOUGH


def test_york_pvp12_rose_and_fell():
    """Printed Bad, which two rising results were."""
    found = direction(years("8,377", "10,535", "8,551"), LOWER, YORK)
    assert found.way is Way.NO_CLEAR_MOVEMENT
    assert found.sentence == (
        "No clear movement: 8,377 in 2015/16, then 10,535 in 2016/17, then 8,551 in 2017/18, which went both ways."
    )
    assert direction(years("8,377", "10,535", "8,551"), LOWER, HAVERING_SHORT_TERM).way is Way.BETTER


def test_york_pvp09_wants_no_direction():
    """Printed Neutral, as PVP11 and the new rows are; the three are not the same answer."""
    found = direction(years("2,435", "931", "978"), NEUTRAL, YORK)
    assert found.way is Way.NO_DIRECTION_WANTED
    assert found.better is None
    assert found.sentence == "No direction wanted: neither more nor less is better."


def test_york_rows_new_in_2016_have_not_enough_results():
    found = direction(years("-", "124", "-"), LOWER, YORK)
    assert found.way is Way.NOT_ENOUGH
    assert found.sentence == "Not enough results: it takes 3, and there is one."
    assert direction({}, LOWER, YORK).sentence == "Not enough results: it takes 3, and there is none."
    assert direction(years("90", "91"), LOWER, YORK).sentence == "Not enough results: it takes 3, and there are 2."


def test_york_pvp01_stopped():
    """93.88%, then not collected, then awaited."""
    assert direction(years("93.88%", "NC", "-"), HIGHER, YORK).way is Way.NOT_ENOUGH


def test_havering_looks_at_last_quarter_and_at_the_same_quarter_last_year():
    series = quarters("50", "60", "70", "80", "55", "45")
    assert direction(series, HIGHER, HAVERING_SHORT_TERM).sentence == (
        "Worse: 55 in Quarter 1 2019/20, then 45 in Quarter 2 2019/20, but higher is better."
    )
    assert direction(series, LOWER, HAVERING_LONG_TERM).sentence == (
        "Better: 60 in Quarter 2 2018/19, then 45 in Quarter 2 2019/20, and lower is better."
    )


def test_nothing_for_the_same_quarter_last_year():
    assert direction(quarters("50", "60"), HIGHER, HAVERING_LONG_TERM).sentence == (
        "Not enough results: there is no figure for Quarter 2 2017/18 to hold Quarter 2 2018/19 against."
    )


def test_last_year_is_marked_not_comparable():
    """East Sussex prints NC for it."""
    series = {Period.year(2015): Missing(Absence.NOT_COMPARABLE, "NC"), Period.year(2016): read_value("5")}
    assert direction(series, HIGHER, EAST_SUSSEX).sentence == (
        "Not comparable: so it says in place of the figure a year before 2016/17."
    )


def test_darlington_compares_no_positions_on_a_day():
    assert direction(years("5", "6"), HIGHER, DARLINGTON).way is Way.BETTER
    found = direction(years("5", "6"), HIGHER, DARLINGTON, basis=TimeBasis.SNAPSHOT)
    assert found.sentence == "Not comparable: the rule does not compare positions on a day."


def test_a_break_in_the_series():
    change = Break(Period.year(2017), "The national method changed in April 2017.")
    series = years("10", "11", "12")
    assert direction(series, LOWER, YORK, [change]).sentence == (
        "Not comparable: 2017/18 with 2015/16, because of a change from 2017/18. "
        "The national method changed in April 2017."
    )
    assert direction(years("10", "11", "12", first=2017), LOWER, YORK, [change]).way is Way.WORSE


def test_a_running_total_always_rises():
    """Its next quarter is no better; the same quarter of the year before compares."""
    series = quarters("187", "400", "600", "800", "190")
    running = TimeBasis.YTD_SUM
    within_year = dict(list(series.items())[:2])
    assert direction(within_year, HIGHER, HAVERING_SHORT_TERM, basis=running).sentence == (
        "Not comparable: the figures add up from 1 April, so only the same part of the year before compares."
    )
    assert direction(series, HIGHER, HAVERING_LONG_TERM, basis=running).way is Way.BETTER
    leap = {Period.to_date(day.end): read_value("1") for day in (Period.month(2019, 2), Period.month(2020, 2))}
    assert direction(leap, HIGHER, HAVERING_LONG_TERM).way is Way.NO_CLEAR_MOVEMENT
    assert direction(years("260", "248", "236"), LOWER, YORK, basis=running).way is Way.BETTER


def test_a_change_below_tolerance_is_no_clear_movement():
    rule = replace(HAVERING_SHORT_TERM, tolerance=Tolerance(Decimal(5), relative=True))
    assert direction(years("100", "104.9"), HIGHER, rule).sentence == (
        "No clear movement: 100 in 2015/16, then 104.9 in 2016/17, a change of less than 5% in a step."
    )
    assert direction(years("100", "105"), HIGHER, rule).way is Way.BETTER
    assert direction(years("100", "95"), HIGHER, rule).way is Way.WORSE
    points = replace(YORK, tolerance=Tolerance(Decimal(2)))
    assert direction(years("60", "62", "63"), HIGHER, points).way is Way.NO_CLEAR_MOVEMENT


def test_a_share_of_zero_is_nothing():
    rule = replace(HAVERING_SHORT_TERM, tolerance=Tolerance(Decimal(5), relative=True))
    assert direction(years("0", "3"), LOWER, rule).sentence == (
        "Cannot be judged: a share of an earlier result of zero is nothing: give a tolerance in its own unit."
    )
    assert direction(years("0", "3"), LOWER, HAVERING_SHORT_TERM).way is Way.WORSE


def test_within_a_range_nearer_is_better():
    assert direction(years("100", "96"), WITHIN, HAVERING_SHORT_TERM).way is Way.BETTER
    assert direction(years("90", "80"), WITHIN, HAVERING_SHORT_TERM).way is Way.WORSE
    assert direction(years("86", "94"), WITHIN, HAVERING_SHORT_TERM).sentence == (
        "No clear movement: 86 in 2015/16, then 94 in 2016/17, none nearer to good; between 85 and 95 is best."
    )


def test_all_equal_and_moved_once():
    assert direction(years("5", "5", "5"), HIGHER, YORK).sentence == (
        "No clear movement: 5 in 2015/16, then 5 in 2016/17, then 5 in 2017/18, all the same."
    )
    assert "which moved once only" in direction(years("5", "6", "6"), HIGHER, YORK).sentence
    assert direction(years(*["5"] * 8), HIGHER, TREND).way is Way.NO_CLEAR_MOVEMENT


def test_a_trend():
    """R's own figures for it are compared in `tests/oracles`."""
    assert direction(years(*TREND_SERIES), HIGHER, TREND).sentence == (
        "Better: 8 results from 2015/16 to 2022/23 show a trend; higher is better, "
        "and a trend as strong has a chance of 1.1% where nothing changes."
    )
    assert direction(years(*TREND_SERIES), HIGHER, replace(TREND, chance=0.01)).way is Way.NO_CLEAR_MOVEMENT
    assert direction(years(*TREND_SERIES[:4]), HIGHER, TREND).way is Way.NOT_ENOUGH
    assert "less than 0.1%" in direction(years("1", "2", "3", "4", "5"), LOWER, TREND).sentence


@pytest.mark.parametrize(("t", "freedom"), [(12.7062, 1), (4.3027, 2), (3.1824, 3), (2.7764, 4), (2.5706, 5)])
def test_the_printed_table_of_t(t, freedom):
    assert two_sided(t, freedom) == pytest.approx(0.05, abs=5e-6)


@pytest.mark.parametrize("bad", ["Infinity", "-Infinity", "NaN", "1e400"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_no_number_is_not_judged(bad, rule):
    series = years("1", "2", "3", "4") | {Period.year(2019): Figure(Decimal(bad))}
    assert direction(series, HIGHER, rule).sentence == (
        "Cannot be judged: a result is not a number that can be reckoned with."
    )


def test_a_range_without_ends_is_not_judged():
    assert direction(years("1", "2"), Polarity(Better.WITHIN), HAVERING_SHORT_TERM).way is Way.UNUSABLE


def test_other_kinds_of_period_are_passed_over():
    assert direction(years("1", "2") | quarters("9", "8"), HIGHER, HAVERING_SHORT_TERM).way is Way.WORSE


AMOUNTS = st.lists(st.none() | st.integers(-3, 3).map(Decimal), max_size=9)
ANY_RULE = st.builds(
    lambda rule, size, relative: replace(rule, tolerance=Tolerance(Decimal(size), relative)),
    st.sampled_from(RULES), st.integers(0, 2), st.booleans(),
)  # fmt: skip
MIRRORED = [(HIGHER, LOWER), (NEUTRAL, NEUTRAL), (Polarity.read("within -1 to 2"), Polarity.read("within -2 to 1"))]
OTHER = {Way.BETTER: Way.WORSE, Way.WORSE: Way.BETTER}


def series_of(amounts):
    return {
        Period.year(2010 + at): Missing(Absence.AWAITED) if amount is None else Figure(amount)
        for at, amount in enumerate(amounts)
    }


@settings(max_examples=40, deadline=None)
@given(AMOUNTS, ANY_RULE)
def test_turning_polarity_over_turns_better_into_worse(amounts, rule):
    one, other = (direction(series_of(amounts), polarity, rule) for polarity in (HIGHER, LOWER))
    assert other.way is OTHER.get(one.way, one.way)


@settings(max_examples=40, deadline=None)
@given(AMOUNTS, ANY_RULE, st.sampled_from(MIRRORED))
def test_the_chart_upside_down_under_the_other_polarity_is_the_same(amounts, rule, polarities):
    upside_down = [None if amount is None else -amount for amount in amounts]
    one = direction(series_of(amounts), polarities[0], rule)
    assert direction(series_of(upside_down), polarities[1], rule).way is one.way


@settings(max_examples=40, deadline=None)
@given(AMOUNTS, st.sampled_from([YORK, HAVERING_SHORT_TERM, TREND]))
def test_backwards_is_the_other_way_for_a_series_of_the_rules_length(amounts, rule):
    kept = [amount for amount in amounts if amount is not None]
    kept = kept if rule is TREND else kept[: rule.against.takes]
    forwards, backwards = (direction(series_of(order), HIGHER, rule) for order in (kept, kept[::-1]))
    assert backwards.way is OTHER.get(forwards.way, forwards.way)
