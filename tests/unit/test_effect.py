"""Did it work? Before and after, with the uncertainty, and never more than the figures say."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.catalogue.indicator import Break, Framework, Indicator, Key, Standing
from outturn.judgement.effect import Answer, effect
from outturn.judgement.hoped import Change, read_change
from outturn.judgement.judging import Known
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.polarity import Better, Polarity
from outturn.terms.unit import Unit
from outturn.terms.value import Figure, Notation, read_value

BEGAN = date(2026, 4, 1)
STEADY = [17, 16, 18, 17, 15, 17, 18, 16]  # eight quarters before


def known(figures, unit=Unit.WEEKS, basis=TimeBasis.SNAPSHOT, breaks=(), counts=None, first=2024) -> Known:
    quarters = [Period.quarter(first + place // 4, place % 4 + 1) for place in range(len(figures))]
    definition = Indicator(
        Key("test", "X"), Framework("test", "", "", "", ""), "X", "", "", "", unit, 0, (basis,),
        Polarity(Better.LOWER), "", "", None, Standing.ESTABLISHED, breaks, "", "", "",
    )  # fmt: skip
    results = {
        quarter: Figure(Decimal(str(figure)), Notation(0))
        for quarter, figure in zip(quarters, figures, strict=True) if figure is not None
    }  # fmt: skip
    pairs = {quarter: tuple(map(Decimal, pair)) for quarter, pair in zip(quarters, counts or [], strict=False)}
    return Known(definition, basis, results, {}, pairs)


@pytest.mark.parametrize(("text", "words"), [("-5%", "−5%"), ("− 3.5", "−3.5"), ("+1,200", "+1200")])
def test_a_change_is_read_with_its_sign(text, words):
    assert read_change(text).words == words
    assert read_change(words) == read_change(text)


@pytest.mark.parametrize("text", ["5", "+0", "a lot", "", "+-5", "5 points", "+1e9"])
def test_a_change_without_a_way_or_a_size_is_refused(text):
    with pytest.raises(ValueError, match="is not a change"):
        read_change(text)


def test_a_shift_is_told_with_both_means_the_limits_and_what_was_hoped_for():
    found = effect(known([*STEADY, 12, 11]), read_change("-5"), BEGAN)
    assert found.sentence == (
        "Moved as hoped: 16.8 before 1 April 2026 (8 figures, Quarter 1 2024/25 to Quarter 4 2025/26), 11.5 after (2 "
        "figures, Quarter 1 2026/27 to Quarter 2 2026/27): down by 5.3, further than chance allows (limits of the "
        "difference −8.6 to −1.9). The change hoped for, −5, has been reached."
    )
    assert "because" not in found.sentence


@pytest.mark.parametrize(
    ("after", "hoped", "answer", "reached"),
    [
        ([12, 11], "-4", Answer.MOVED, True),
        ([12, 11], "-8", Answer.MOVED, None),
        ([12, 11], "-9", Answer.MOVED, False),
        ([12, 11], "-30%", Answer.MOVED, True),
        ([12, 11], "+4", Answer.OTHER, False),
        ([16, 17], "-2", Answer.NO_EVIDENCE, None),
        ([16, 17], "-9", Answer.SMALLER, False),
        ([], "-2", Answer.NOT_ENOUGH, None),
    ],
)
def test_each_answer_has_its_story(after, hoped, answer, reached):
    found = effect(known([*STEADY, *after]), read_change(hoped), BEGAN)
    assert (found.answer, found.reached) == (answer, reached)
    assert found.sentence.endswith(".")


def test_few_figures_before_are_not_enough():
    found = effect(known([17, 16, 18, 11], first=2025), read_change("-5"), date(2026, 1, 1))
    assert found.sentence == "Not enough results yet: there are 3 of the 8 figures before that limits take."
    assert effect(known([]), read_change("-5"), BEGAN).sentence == "Not enough results yet: there is none."
    assert "none wholly before" in effect(known(STEADY), read_change("-5"), date(2020, 4, 1)).sentence
    assert "do not vary" in effect(known([17] * 8 + [11]), read_change("-5"), BEGAN).sentence


def test_what_was_moving_before_is_not_called_an_effect():
    found = effect(known([20, 19, 18, 17, 16, 15, 14, 13, 12, 11]), read_change("-5"), BEGAN)
    assert found.answer is Answer.UNSTEADY
    assert found.sentence.startswith("Not steady before 1 April 2026: 8 figures running had fallen")


def test_a_figure_of_the_time_in_which_it_began_is_in_neither():
    found = effect(known([*STEADY, 14, 11], basis=TimeBasis.IN_PERIOD), read_change("-5"), date(2026, 5, 15))
    assert [period.words for period in found.between] == ["Quarter 1 2026/27"]
    assert [period.words for period in found.after] == ["Quarter 2 2026/27"]


@pytest.mark.parametrize("year", [2026, 2025])
def test_nothing_is_compared_across_a_change_of_definition(year):
    breaks = (Break(Period.year(year), "Counted anew."),)
    found = effect(known([*STEADY, 12, 11], breaks=breaks), read_change("-5"), BEGAN)
    assert not any(period.start < date(year, 4, 1) for period in found.before)
    assert found.answer is (Answer.REFUSED if year == 2026 else Answer.NOT_ENOUGH)
    if year == 2026:
        assert found.sentence == "Cannot be compared: the definition changed from 2026/27. Counted anew."


def test_a_later_change_of_definition_ends_the_time_after():
    breaks = (Break(Period.year(2027), "Counted anew."),)
    found = effect(known([*STEADY, 12, 11, 12, 11, 40, 41], breaks=breaks), read_change("-5"), BEGAN)
    assert found.answer is Answer.MOVED
    assert max(period.end for period in found.after) == date(2027, 3, 31)


def test_shares_are_compared_by_their_counts():
    pairs = [(150, 200)] * 4 + [(170, 200), (176, 200)]
    shares = [100 * above / below for above, below in pairs]
    found = effect(
        known(shares, Unit.PERCENT, TimeBasis.IN_PERIOD, counts=pairs, first=2025), read_change("+10"), BEGAN
    )  # fmt: skip
    assert (found.answer, found.reached, found.rule) == (Answer.MOVED, True, "Pooled chi-square test")
    assert 6 < found.low < 11.5 < found.high < 17


def test_rates_are_compared_by_their_counts():
    pairs = [(60, 10_000)] * 4 + [(30, 10_000)] * 2
    rates = [100_000 * above / below for above, below in pairs]
    one = known(rates, Unit.PER_100K, TimeBasis.IN_PERIOD, counts=pairs, first=2025)
    found = effect(one, read_change("-50%"), BEGAN)
    assert (found.answer, found.reached) == (Answer.MOVED, True)
    assert found.low < -300 < found.high < 0


def test_shares_of_the_same_people_seen_again_are_not_added_up():
    pairs = [(150, 200)] * 4 + [(158, 200)] * 4
    shares = [100 * above / below for above, below in pairs]
    found = effect(known(shares, Unit.PERCENT, counts=pairs, first=2025), read_change("+5"), BEGAN)
    assert (len(found.before), len(found.after), found.answer) == (1, 1, Answer.NO_EVIDENCE)


def test_too_few_people_cannot_tell():
    pairs = [(1, 3), (2, 3)]
    found = effect(known([33, 67], Unit.PERCENT, TimeBasis.IN_PERIOD, counts=pairs, first=2025), read_change("+5"),
                   date(2025, 7, 1))  # fmt: skip
    assert found.answer is Answer.NOT_ENOUGH
    assert found.sentence.startswith("Not enough to tell. Cannot judge:")


def test_sums_from_1_april_are_taken_apart():
    sums = [17, 33, 51, 68, 15, 32, 50, 66, 12, 23]
    found = effect(known(sums, Unit.COUNT, TimeBasis.YTD_SUM), read_change("-5"), BEGAN)
    assert list(found.after.values()) == [12, 11]
    assert found.answer is Answer.MOVED


def test_twelve_months_are_not_compared_with_twelve_that_overlap():
    found = effect(known([*STEADY, 12, 11], basis=TimeBasis.ROLLING), read_change("-5"), BEGAN)
    assert found.sentence == "Not enough results yet: there is none wholly after 1 April 2026."
    year_on = effect(known([*STEADY, 12, 11, 12, 11], basis=TimeBasis.ROLLING), read_change("-5"), BEGAN)
    assert [period.words for period in year_on.before] == ["Quarter 4 2024/25", "Quarter 4 2025/26"]


@pytest.mark.parametrize(
    ("unit", "basis", "words"),
    [
        (Unit.YES_NO, TimeBasis.SNAPSHOT, "yes or no has no size"),
        (Unit.DAYS, TimeBasis.FORECAST, "forecasts are not results"),
        (Unit.DAYS, TimeBasis.YTD_AVERAGE, "figures of the year so far overlap"),
        (Unit.PERCENT, TimeBasis.YTD_SUM, "figures of the year so far overlap"),
    ],
)
def test_what_has_no_before_and_after_says_why(unit, basis, words):
    found = effect(known([*STEADY, 12], unit, basis), read_change("-5"), BEGAN)
    assert found.answer is Answer.REFUSED
    assert words in found.sentence


def test_annual_figures_without_counts_are_seldom_enough():
    years = {Period.year(2020 + place): read_value(str(figure)) for place, figure in enumerate((17, 16, 12))}
    one = known([])
    found = effect(Known(one.definition, TimeBasis.ANNUAL, years), read_change("-5"), date(2022, 4, 1))
    assert "there are 2 of the 8 figures before" in found.sentence


figures = st.lists(st.integers(-50, 50), min_size=9, max_size=16)


@given(figures, st.integers(1, 30), st.integers(-1000, 1000))
def test_upside_down_the_answer_is_the_same_and_a_constant_changes_nothing(series, size, constant):
    up, down = Change(Decimal(size)), Change(Decimal(-size))
    found = effect(known(series), up, BEGAN)
    turned = effect(known([-figure for figure in series]), down, BEGAN)
    moved = effect(known([figure + constant for figure in series]), up, BEGAN)
    assert (turned.answer, turned.reached) == (found.answer, found.reached)
    assert (moved.answer, moved.reached) == (found.answer, found.reached)
