"""Status: Leeds' printed sheet by a stated rule, the councils' rules, profiled targets, and what cannot be judged."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.judgement.rag import (
    BRIGHTON,
    EAST_SUSSEX,
    FIVE_AND_TEN,
    HAVERING,
    HOLDOUT_02,
    LINCOLNSHIRE,
    RULES,
    WITHIN_5_PER_CENT,
    WITHIN_5_POINTS,
    WITHIN_10_PER_CENT,
    AmberBy,
    RollUpBy,
    Shape,
    Tolerance,
    expected,
    number,
    roll_up,
    status,
    write,
)
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.polarity import Better, Polarity
from outturn.terms.status import Rag
from outturn.terms.unit import Unit
from outturn.terms.value import Absence, Figure, Missing, read_value

HIGHER, LOWER, NEUTRAL = Polarity(Better.HIGHER), Polarity(Better.LOWER), Polarity(Better.NEUTRAL)
WITHIN = Polarity.read("within 85 to 95")
RED, AMBER, GREEN = Rag.RED, Rag.AMBER, Rag.GREEN
Q1 = Period.quarter(2012, 1)
RUNNING = TimeBasis.YTD_SUM


def judged(result, target, polarity=HIGHER, rule=FIVE_AND_TEN, earlier=None):
    return status(*(read_value(text) if text else None for text in (result, target)), polarity, rule,
                  read_value(earlier) if earlier else None)  # fmt: skip


# Leeds, Quarter 1 2012/13, as the conventions judge it: Green within 5% of target, Amber within 10%, Red beyond
LEEDS = [
    ("Consultation", "100%", "100%", HIGHER, GREEN, "Green: 100% meets the target of 100%."),
    ("Staff engagement", "71%", "74%", HIGHER, GREEN,
     "Green: 71% is 4.1% worse than the target of 74%, within the 5% (3.7 points) allowed."),
    ("Self-directed support", "42%", "100%", HIGHER, RED,
     "Red: 42% is 58% worse than the target of 100%, beyond the 10% (10 points) allowed."),
    ("Control over daily life", "68%", "85%", HIGHER, RED,
     "Red: 68% is 20% worse than the target of 85%, beyond the 10% (8.5 points) allowed."),
    ("Safeguarding", "29.5%", "45%", HIGHER, RED,
     "Red: 29.5% is 34.4% worse than the target of 45%, beyond the 10% (4.5 points) allowed."),
    ("Delayed discharges", "1.92", "1.50 (9.28 people per week)", LOWER, RED,
     "Red: 1.92 is 28% worse than the target of 1.50, beyond the 10% allowed."),
    ("91 days", "89.5%", "90%", HIGHER, GREEN,
     "Green: 89.5% is 0.6% worse than the target of 90%, within the 5% (4.5 points) allowed."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "result", "target", "polarity", "rag", "sentence"), LEEDS)
def test_leeds(name, result, target, polarity, rag, sentence):
    found = judged(result, target, polarity)
    assert (found.rag, found.sentence) == (rag, sentence)
    assert found.inputs[0] == ("result", read_value(result))


@pytest.mark.parametrize(
    ("result", "target", "polarity", "due", "rag"),
    [("187", "2000", HIGHER, 500, RED), ("32117 (est year end 128469)", "138000", LOWER, 34500, GREEN)],
    ids=["reablement", "bed weeks"],
)
def test_leeds_running_totals_against_a_quarter_of_the_year(result, target, polarity, due, rag):
    """187 of 2000 is no tenth of what is due: a quarter is."""
    found = expected(read_value(target), Q1, RUNNING, Unit.COUNT)
    assert found.amount == due
    assert status(read_value(result), found.amount, polarity, FIVE_AND_TEN).rag is rag


def test_leeds_budget_cannot_be_rated():
    """£49k against £0: a share of nothing is nothing, and which way is good is not said."""
    assert judged("£49k", "£0", LOWER).sentence == (
        "No status, because a share of a target of zero is nothing: give a tolerance in the measure's own unit."
    )
    absolute = FIVE_AND_TEN.allowing(Tolerance(Decimal(50_000)), Tolerance(Decimal(10_000)))
    assert judged("£49k", "£0", NEUTRAL, absolute).sentence == "No status, because no direction is better."
    assert judged("£49k", "£0", LOWER, absolute).sentence == (
        "Amber: £49k is 49,000 worse than the target of £0, within the 50,000 allowed."
    )


def test_leeds_rows_without_a_result_or_a_target():
    assert judged("N/A", "100%").sentence == "No status, because the result is missing: not applicable."
    assert judged("", "£7.2m").sentence == "No status, because the result is missing."
    assert judged("42%", "").sentence == "No status, because the target is missing."
    assert judged("See report card", "").words == "Not judged"


def test_havering_asks_whether_it_held_since_last_year():
    """Green on or within 10%, then Amber if as good as the same quarter last year, otherwise Red."""
    assert judged("90", "100", rule=HAVERING).rag is GREEN
    assert judged("80", "100", rule=HAVERING, earlier="80").sentence == (
        "Amber: 80 is 20% worse than the target of 100, and no better or worse than the 80 before."
    )
    assert judged("80", "100", rule=HAVERING, earlier="81").rag is RED
    assert judged("80", "100", LOWER, HAVERING).rag is GREEN
    assert judged("120", "100", LOWER, HAVERING, "130").rag is AMBER
    assert judged("80", "100", rule=HAVERING).sentence == (
        "No status, because 80 is 20% worse than the target of 100, and the earlier result is missing."
    )
    assert status(75, None, WITHIN, HAVERING, 70).rag is AMBER


def test_lincolnshire_asks_whether_it_improved():
    assert judged("100", "100", rule=LINCOLNSHIRE).words == "Achieved"
    assert judged("80", "100", rule=LINCOLNSHIRE, earlier="79").words == "Improving but not achieved"
    assert judged("80", "100", rule=LINCOLNSHIRE, earlier="80").words == "Not achieved"


def test_east_sussex_knows_no_amber():
    assert judged("99", "100", rule=EAST_SUSSEX).sentence == "Red: 99 is 1 worse than the target of 100."
    assert judged("0", "0", LOWER, EAST_SUSSEX).rag is GREEN
    assert EAST_SUSSEX.sentence == "Green at target or better, otherwise Red."


def test_brighton_brings_a_tolerance_for_each_indicator():
    assert judged("99", "100", rule=BRIGHTON).sentence == (
        "No status, because the rule takes a tolerance agreed for the indicator, and none is given."
    )
    agreed = BRIGHTON.allowing(Tolerance(Decimal(2)))
    assert [judged(text, "100", rule=agreed).rag for text in ("100", "98", "97.9")] == [GREEN, AMBER, RED]
    assert judged("98", "100", rule=HOLDOUT_02.allowing(Tolerance(Decimal(2)))).words == "Slightly off"


def test_five_per_cent_is_not_five_points():
    """Of a target of 20%, five per cent is one point."""
    assert judged("16%", "20%", rule=WITHIN_5_POINTS).rag is AMBER
    assert judged("16%", "20%", rule=WITHIN_5_PER_CENT).rag is RED
    assert judged("18%", "20%", rule=WITHIN_10_PER_CENT).rag is AMBER


def test_a_limit_is_still_inside_and_a_hair_beyond_reads_so():
    assert judged("95", "100", rule=WITHIN_5_PER_CENT).rag is AMBER
    assert judged("94.999", "100", rule=WITHIN_5_PER_CENT).sentence == (
        "Red: 94.999 is 5.001% worse than the target of 100, beyond the 5% allowed."
    )
    hair = status(Decimal("0.9999999999999"), 1, HIGHER, EAST_SUSSEX)
    assert hair.sentence == "Red: 1 is 1e-13 worse than the target of 1."
    assert status(0.7, 0.8, HIGHER, WITHIN_5_POINTS.allowing(Tolerance(Decimal("0.1")))).rag is AMBER


def test_within_a_range():
    """The range is its own target."""
    five = WITHIN_5_POINTS
    assert [status(each, None, WITHIN, five).rag for each in (79, 80, 85, 90, 95, 100, 101)] == [
        RED, AMBER, GREEN, GREEN, GREEN, AMBER, RED,
    ]  # fmt: skip
    assert status(90, None, WITHIN, five).sentence == "Green: 90 is in the wanted range of 85 to 95."
    assert status(98, None, WITHIN, five).sentence == (
        "Amber: 98 is 3 outside the wanted range of 85 to 95, within the 5 allowed."
    )
    assert status(5, None, Polarity.read("within 0 to 4"), FIVE_AND_TEN).rag is RED
    assert status(-1, None, Polarity.read("within 0 to 4"), FIVE_AND_TEN).rag is None
    assert status(1, None, Polarity.read("within 0 to 4"), BRIGHTON).rag is GREEN
    assert status(5, None, Polarity(Better.WITHIN), five).sentence == (
        "No status, because the wanted range has no ends."
    )


def test_a_negative_target_takes_its_size():
    """A saving of 201 is wanted, and 195 is within 5% of it."""
    assert judged("£-195", "£-201", LOWER, WITHIN_5_PER_CENT).rag is AMBER
    assert judged("£-180", "£-201", LOWER, WITHIN_5_PER_CENT).rag is RED


@pytest.mark.parametrize("bad", [float("inf"), float("nan"), Decimal("-Infinity"), Decimal("sNaN"), 1e300, 1e-300,
                                 Figure(Decimal("Infinity")), Figure(Decimal("1e99999"))])  # fmt: skip
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_no_number_is_not_judged(bad, rule):
    assert status(bad, 5, HIGHER, rule).sentence == (
        "No status, because the result is not a number that can be reckoned with."
    )
    assert status(5, bad, HIGHER, rule).rag is None
    assert status(1, 5, HIGHER, HAVERING, bad).rag is None


def test_numbers_as_they_are_meant():
    assert number(0.1) == number(Decimal("0.1"))
    assert [number(each) for each in (True, 0, Decimal("0E-30"))] == [1, 0, 0]
    assert [write(each) for each in (Decimal("33.333333"), 0.5, 100, None)] == ["33.33", "0.5", "100", "nothing"]


def test_every_rule_has_a_name_and_a_sentence():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") for rule in RULES)
    assert HAVERING.sentence == (
        "Green within 10% of target, otherwise Amber if no worse than before, otherwise Red."
    )
    assert FIVE_AND_TEN.sentence == "Green within 5% of target, otherwise Amber if within 10% of target, otherwise Red."


def test_a_target_by_last_years_shape():
    """A third of last year's total came by the end of June."""
    last_year = {Period.quarter(2011, 1): Figure(Decimal(100)), Period.year(2011): Figure(Decimal(300))}
    found = expected(1200, Q1, RUNNING, Unit.COUNT, Shape.LAST_YEAR, last_year)
    assert found.amount == 400
    assert found.sentence == (
        "400 of the year's 1,200 is due by the end of Quarter 1 2012/13, by last year's shape."
    )


@pytest.mark.parametrize(
    ("part", "whole", "why"),
    [
        (None, 300, "there is no figure for Quarter 1 2011/12 to take the shape from"),
        (100, None, "there is no figure for 2011/12 to take the shape from"),
        (0, 0, "the figures of 2011/12 do not add up from nothing to a total"),
        (400, 300, "the figures of 2011/12 do not add up from nothing to a total"),
    ],
)
def test_a_shape_that_last_year_cannot_give(part, whole, why):
    last_year = {
        period: Missing(Absence.AWAITED) if amount is None else Figure(Decimal(amount))
        for period, amount in ((Period.quarter(2011, 1), part), (Period.quarter(2011, 4), whole))
    }
    found = expected(1200, Q1, RUNNING, Unit.COUNT, Shape.LAST_YEAR, last_year)
    assert (found.amount, found.sentence) == (None, f"No target for the period, because {why}.")


def test_a_milestone_as_given():
    """Rotherham holds Quarter 1 against 22.67%, not against the year's end."""
    milestones = {Q1: read_value("22.67%")}
    found = expected(90, Q1, TimeBasis.SNAPSHOT, Unit.PERCENT, Shape.GIVEN, milestones=milestones)
    assert found.amount == Decimal("22.67")
    assert found.sentence == "22.67% is the milestone for Quarter 1 2012/13."
    assert expected(90, Q1, RUNNING, Unit.COUNT, Shape.GIVEN).sentence == (
        "No target for the period, because the milestone for Quarter 1 2012/13 is missing."
    )


def test_straight_line_by_months_and_in_a_month_by_days():
    part = Period.read("2012/13 to 15 June 2012")
    ends = [Q1, Period.quarter(2012, 2), Period.month(2012, 4), part, Period.year(2012)]
    assert [expected(1200, end, RUNNING, Unit.COUNT).amount for end in ends] == [300, 600, 100, 250, 1200]


def test_only_what_adds_up_is_spread():
    """A rate has the same target all year."""
    for basis, unit in ((RUNNING, Unit.PERCENT), (TimeBasis.SNAPSHOT, Unit.COUNT), (TimeBasis.ROLLING, Unit.COUNT)):
        assert expected(90, Q1, basis, unit).sentence == "The target is 90 all year."
    assert expected(None, Q1, RUNNING, Unit.COUNT).sentence == (
        "No target for the period, because the target is missing."
    )


def test_a_priority_is_as_good_as_its_worst_measure():
    found = roll_up([GREEN, AMBER, GREEN])
    assert found.sentence == "Amber, the worst status of its measures: 1 Amber, 2 Green."
    assert roll_up([GREEN, RED, None]).rag is RED


def test_a_measure_without_status_never_counts_as_green():
    found = roll_up([GREEN, None])
    assert (found.rag, found.sentence) == (
        None, "No status, because what is missing could change it: 1 Green, 1 without status.",
    )  # fmt: skip
    assert roll_up([None]).sentence == "No status, because nothing under it has one: 1 without status."
    assert roll_up([]).sentence == "No status, because nothing under it has one: no measures."


def test_most_of_the_measures():
    assert roll_up([GREEN, GREEN, RED], RollUpBy.MOST).rag is GREEN
    assert roll_up([GREEN, RED], RollUpBy.MOST).rag is RED
    assert roll_up([GREEN, GREEN, GREEN, RED, None], RollUpBy.MOST).rag is GREEN
    assert roll_up([GREEN, GREEN, RED, None], RollUpBy.MOST).rag is None


def test_an_outcome_can_be_amber_with_a_red_indicator():
    """Oxfordshire keeps the two apart, and so did Leeds."""
    assert roll_up([RED, GREEN], RollUpBy.JUDGED, AMBER).sentence == (
        "Amber by an officer's judgement, kept apart from its measures as in Leeds and Oxfordshire: 1 Red, 1 Green."
    )
    assert roll_up([RED], RollUpBy.JUDGED).rag is None


AMOUNT = st.integers(-4, 4).map(lambda halves: Decimal(halves) / 2)
ANY_RULE = st.builds(
    lambda rule, green, amber: replace(rule, green=green, amber=amber if rule.amber_by is AmberBy.DISTANCE else None),
    st.sampled_from(RULES),
    *[st.builds(Tolerance, st.integers(0, 60).map(Decimal), st.booleans())] * 2,
)
MIRRORED = [(HIGHER, LOWER), (LOWER, HIGHER), (Polarity.read("within -1 to 2"), Polarity.read("within -2 to 1"))]


@settings(max_examples=60, deadline=None)
@given(AMOUNT, AMOUNT, st.none() | AMOUNT, ANY_RULE, st.sampled_from(MIRRORED))
def test_upside_down_under_the_other_polarity_is_the_same(result, target, earlier, rule, polarities):
    one = status(result, target, polarities[0], rule, earlier)
    other = status(-result, -target, polarities[1], rule, None if earlier is None else -earlier)
    assert one.rag is other.rag
    assert bool(one.rag) is not one.sentence.startswith("No status")


@settings(max_examples=60, deadline=None)
@given(AMOUNT, AMOUNT, AMOUNT, ANY_RULE)
def test_a_better_result_never_has_a_worse_status(target, one, other, rule):
    worst_first = [RED, AMBER, GREEN]
    low, high = (status(result, target, HIGHER, rule, Decimal(1)).rag for result in sorted((one, other)))
    assert (low is None) == (high is None) or rule.amber_by in (AmberBy.HELD, AmberBy.IMPROVED)
    if low and high:
        assert worst_first.index(low) <= worst_first.index(high)
