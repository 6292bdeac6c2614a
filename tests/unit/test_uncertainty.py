"""Intervals: what data make none, and what holds for any. `tests/oracles` compares them with R and NHS Digital."""

from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.judgement.uncertainty import (
    Band,
    Stratum,
    directly_standardised,
    indirectly_standardised,
    mean,
    proportion,
    published,
    rate,
    sample_size,
    survey,
)

NO_NUMBERS = [None, nan, inf, -inf, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), 10**400, 1e300]
ANYTHING = st.none() | st.integers() | st.floats() | st.decimals() | st.integers(-2, 30)

def of(interval):
    return interval.value, *interval.limits


def test_too_few_events_are_not_standardised():
    """As there: no figure, and no limits. A band with no count had no event."""
    few = directly_standardised([Band(3, 50, 1), Band(4, 50, 1)])
    assert (few.value, few.limits) == (None, None)
    assert few.sentence == "Cannot judge: a standardised rate takes 10 events, and there are 7."
    assert directly_standardised([Band(None, 50, 1), Band(12, 50, 1)]).value == pytest.approx(12_000)


def test_thin_surveys():
    """A stratum that nobody answered drops out; a single answer adds no variance, and the reader is told."""
    rich, none, one = (Stratum.of_answers(*row) for row in ((100, 10, 2), (50, 0, 0), (50, 1, 1)))
    assert survey([rich, none]).limits == survey([rich]).limits
    assert survey([rich, one]).sentence.endswith("; the limits are too narrow, for one stratum has a single answer.")
    assert survey([one]).sentence == "Cannot judge: one answer in a stratum says nothing of how answers vary."
    assert survey([none]).sentence == "Cannot judge: nobody answered."
    low, high = survey([rich], level=0.998).limits
    assert high - low > 1.5 * (survey([rich]).limits[1] - survey([rich]).limits[0])


def test_sample_sizes():
    """The worked example is in the oracles; here what it does not say."""
    assert sample_size(1000, 0.4).sentence == "696 of 1,000 people are to be asked, so that 278 answer."
    assert sample_size(300, 0.4).sentence == (
        "All 300 people are to be asked, and fewer than the 169 needed will answer."
    )
    assert (sample_size(1, 1).answers, sample_size(10**6, 1).answers) == (1, 385)
    for people, response, fault in (
        (0, 0.4, "there are no people"), (None, 0.4, "the number of people is missing"),
        (100, 40, "the response rate is above 1"), (100, 0, "the response rate is zero"),
        (100, nan, "the response rate is not a finite number"),
    ):  # fmt: skip
        assert sample_size(people, response).sentence == f"Cannot judge: {fault}."


def test_shares_rates_and_ratios():
    """Their limits are those of `results.interval`, in the unit printed, with the rule that made them."""
    share = proportion(33, 428)
    assert of(proportion(5, 10)) == pytest.approx((50, 23.6593090512564, 76.3406909487436), rel=1e-13)
    assert share.sentence == "7.7; chance alone could make it anything from 5.5 to 10.6 (95% limits)."
    assert (share.rule, share.inputs) == ("Wilson score interval", (("count", 33), ("out_of", 428), ("per", 100)))
    assert of(rate(5, 1_000)) == pytest.approx((500, 162.348639011842, 1166.83320793227))
    assert (proportion(7, 7).high, proportion(0, 7).low) == (100, 0), "not a hair less: a benchmark may be 100"
    assert rate(9, 50).rule == "Exact Poisson limits"
    assert rate(10, 50).rule == "Byar's approximation"
    assert of(indirectly_standardised(100, 80)) == pytest.approx((125, 101.70263188, 152.03492197), rel=1e-8)
    assert proportion(82, 160).sentence.startswith("51.3;"), "exactly 51.25, rounded half up"


def test_small_numbers_say_so():
    assert proportion(28, 33).sentence == (
        "84.8; chance alone could make it anything from 69.1 to 93.3 (95% limits), "
        "and one person more or fewer out of 33 moves it by 3.0."
    )
    assert rate(1, 20_000).sentence.endswith(", and it rests on 1 event only.")
    assert rate(3, 20_000).sentence.endswith(", and it rests on 3 events only.")


@pytest.mark.parametrize(
    ("interval", "fault"),
    [
        (proportion(5, 3), "the count, 5, is above the 3 it is out of"),
        (proportion(0, 0), "the number it is out of is zero"),
        (proportion(-1, 3), "the count is below zero"),
        (proportion(1.5, 3), "the count is not a whole number"),
        (proportion(None, 3), "the count is missing"),
        (proportion(1, 10**10), "the number it is out of is too large to be true"),
        (rate(nan, 3), "the count is not a finite number"),
        (rate(1, 0), "the population is zero"),
        (rate(1, -4), "the population is below zero"),
        (indirectly_standardised(4, inf), "the number expected is not a finite number"),
        (mean([]), "there are no values"),
        (mean([None]), "there are no values"),
        (mean([4]), "one value says nothing of how much values vary"),
        (mean([4, 4, 4]), "all values are the same"),
        (mean([4, -inf]), "a value is not a finite number"),
        (directly_standardised([]), "there are no bands"),
        (directly_standardised([Band(1, None, 5)]), "the population of a band is missing"),
        (directly_standardised([Band(1, 5, 0)]), "the standard population of a band is zero"),
        (survey([]), "nobody answered"),
        (survey([Stratum.of_answers(5, 8, 2)]), "more people answered than there are in a stratum"),
        (survey([Stratum.of_answers(50, 8, 9)]), "the mean of a stratum is missing"),
        (survey([Stratum(50, 8, 1, -1)]), "the variance of a stratum is below zero"),
        (published(5, 6, 7), "the figure does not lie between its limits"),
        (published(5, None, 7), "its lower limit is missing"),
    ],
)
def test_what_cannot_be_judged(interval, fault):
    assert interval.sentence == f"Cannot judge: {fault}."
    assert interval.limits is None


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_no_number_raises(number):
    for found in (
        proportion(number, 5), proportion(1, number), rate(number, 5), rate(1, number), mean([1, number, 3, 3]),
        directly_standardised([Band(20, number, 5)]), indirectly_standardised(3, number), published(1, 1, number),
        survey([Stratum(50, 5, number, 1)]), survey([Stratum(number, 5, 1, 1)]),
        survey([Stratum.of_answers(50, number, 1)]), survey([Stratum.of_answers(50, 0, number)]),
    ):  # fmt: skip
        assert found.sentence.startswith("Cannot judge: ") or (number is None and found.rule == "Student's t")


@settings(max_examples=60, deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_whatever_the_data(one, two, three):
    """A figure lies within its limits, or there are none and a sentence says why."""
    for found in (
        proportion(one, two), rate(one, two), indirectly_standardised(one, two), mean([one, two, three]),
        directly_standardised([Band(one, two, three)]), survey([Stratum.of_answers(one, two, three)]),
        survey([Stratum(one, two, three, 1)]), published(one, two, three),
    ):  # fmt: skip
        assert found.limits is None or found.low <= found.value <= found.high
        assert found.sentence.startswith("Cannot judge: ") == (found.limits is None)
        assert found.sentence.endswith(".")


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_others_are_the_mirror(pair):
    """Not reviewed is all less reviewed, limits and all; and more people narrow them."""
    count, people = pair
    this, other = proportion(count, people), proportion(people - count, people)
    assert (other.low, other.high) == pytest.approx((100 - this.high, 100 - this.low), abs=1e-9)
    assert proportion(4 * count, 4 * people).high - proportion(4 * count, 4 * people).low < this.high - this.low


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=12).filter(lambda values: len(set(values)) > 1))
def test_means_move_with_their_values(values):
    here, there = mean(values), mean([100 - value for value in values])
    assert of(there) == pytest.approx((100 - here.value, 100 - here.high, 100 - here.low), abs=1e-8)


def test_limits_from_print():
    found = published(Decimal("72.3"), 70, 74.5)
    assert (of(found), found.sentence) == ((72.3, 70, 74.5), "72.3, with 95% limits of 70.0 to 74.5, as published.")
