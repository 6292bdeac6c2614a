"""A figure beside England's, the region's and its peers': what is compared, how, and in which words."""

from math import nan

from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.judgement.comparators import How, Kinds, Others, compared, together
from outturn.judgement.comparison import Kind
from outturn.judgement.standing import Area, Scale
from outturn.terms.polarity import Polarity

HIGHER, LOWER, NEUTRAL = map(Polarity.read, ("higher", "lower", "neutral"))
PERCENT, RATE = Scale(), Scale(100_000, 1, is_rate=True)
OURS = Area("Ours", 80, 400, 500, code="950")
ENGLAND = Others("England", Kinds.ENGLAND, (Area("England", 70, 70_000, 100_000, code="England"),))
ANYTHING = st.none() | st.integers() | st.floats() | st.decimals() | st.integers(-2, 30)


def one(own, others, polarity=HIGHER, scale=PERCENT):
    (found,) = compared(own, [others], polarity, scale)
    return found


def peers(*areas, kind=Kinds.PEERS):
    return Others("Near by", kind, areas, "Chosen in 2025.")


# England and the region


def test_beside_england():
    found = one(OURS, ENGLAND)
    assert (found.how, found.value, found.gap, found.verdict.kind) == (How.PUBLISHED, 70, 10, Kind.BETTER)
    assert found.sentence == (
        "Better than England: 80.0 against 70.0, further apart than chance allows (99.8% limits)."
    )
    assert one(OURS, ENGLAND, LOWER).verdict.kind is Kind.WORSE
    assert one(OURS, ENGLAND, NEUTRAL).sentence.startswith("Higher than England:")


def test_a_gap_that_chance_could_make_is_similar():
    """Wilson's 99.8% limits of 40 out of 50 reach from 57.7 to 92.1."""
    small = Area("Ours", 80, 40, 50)
    found = one(small, ENGLAND)
    assert found.verdict.kind is Kind.SIMILAR
    assert found.gap == 10
    assert found.sentence == (
        "Similar to England: 80.0 against 70.0, no further apart than chance allows (99.8% limits)."
    )


def test_a_figure_without_counts_is_shown_and_not_judged():
    found = one(Area("Ours", 80), ENGLAND)
    assert (found.value, found.gap, found.verdict.kind) == (70, 10, Kind.CANNOT_TELL)
    assert found.sentence == "Cannot judge: what the figure rests on is not known."


def test_no_figure_for_england():
    for areas in ((), (Area("England", None),), (Area("England", nan),)):
        found = one(OURS, Others("England", Kinds.ENGLAND, areas))
        assert (found.how, found.value, found.gap, found.verdict.kind) == (How.NONE, None, None, Kind.CANNOT_TELL)
        assert found.sentence == "Cannot judge: there is no figure for England."


def test_an_area_is_not_compared_with_itself():
    found = one(OURS, Others("Ours", Kinds.REGION, (OURS,)))
    assert found.sentence == "Cannot judge: an area is not compared with itself."


# Groups


def test_a_group_is_pooled_where_its_counts_are_known():
    """10 of 100 and 450 of 900 are 460 of 1,000: 46%, and not the 30% that the mean of the two would be."""
    found = one(OURS, peers(Area("A", 10, 10, 100, code="1"), Area("B", 50, 450, 900, code="2")))
    assert (found.how, found.of, found.value) == (How.POOLED, 2, 46)
    assert found.verdict.kind is Kind.BETTER
    assert found.note == "Chosen in 2025."


def test_a_group_with_a_withheld_count_is_a_mean_of_councils_and_says_so():
    found = one(OURS, peers(Area("A", 10, 10, 100, code="1"), Area("B", 50, code="2"), Area("C", None, code="3")))
    assert (found.how, found.of, found.value) == (How.MEAN, 2, 30)


def test_surveys_are_never_pooled():
    group = [Area("A", 60, 30, 50, margin=5), Area("B", 70, 350, 500, margin=4)]
    how, area = together(group, PERCENT)
    assert (how, area.value) == (How.MEAN, 65)


def test_nobody_is_among_their_own_peers():
    found = one(OURS, peers(OURS, Area("B", 50, 450, 900, code="2"), kind=Kinds.NEIGHBOURS))
    assert (found.of, found.value) == (1, 50)
    assert one(OURS, peers(OURS)).how is How.NONE


def test_a_pool_is_not_taken_as_fixed():
    """60 of 100 beside 41 of 100: their difference could be chance at 99.8%, though 41 lies outside the limits."""
    own, group = Area("Ours", 60, 60, 100, code="1"), peers(Area("B", 41, 41, 100, code="2"))
    assert one(own, group).verdict.kind is Kind.SIMILAR
    fixed = Others("B", Kinds.REGION, group.areas)
    assert one(own, fixed).verdict.kind is Kind.BETTER


def test_rates_are_pooled_over_people():
    group = peers(Area("A", 100, 10, 10_000, code="1"), Area("B", 300, 120, 40_000, code="2"))
    found = one(Area("Ours", 200, 100, 50_000, code="3"), group, LOWER, RATE)
    assert (found.how, found.value) == (How.POOLED, 260)


@given(*[st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING, ANYTHING), min_size=1, max_size=4)] * 2)
@settings(max_examples=150, deadline=None)
def test_whatever_is_given_there_is_a_verdict(ours, theirs):
    own, *_ = (Area("Own", *row) for row in ours)
    areas = tuple(Area("Other", *row) for row in theirs)
    for kind in Kinds:
        for scale in (PERCENT, RATE):
            found = one(own, Others("Others", kind, areas), scale=scale)
            assert found.sentence
            assert found.verdict.kind is Kind.CANNOT_TELL or (found.value is not None and found.gap is not None)
