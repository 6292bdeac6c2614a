"""Changes and benchmarks: what cannot be told from few, and what holds for any. `tests/oracles` has R's own tests."""

from math import comb, inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.judgement.comparison import (
    Kind,
    binomial_test,
    chi_square,
    clear_of_false_alarms,
    estimates,
    rates,
    share_limits,
    shares,
    with_benchmark,
)
from outturn.judgement.uncertainty import proportion, published
from outturn.terms.polarity import Polarity

HIGHER, LOWER, NEUTRAL, WITHIN = map(Polarity.read, ("higher", "lower", "neutral", "within 85 to 95"))
TURNED = {Kind.BETTER: Kind.WORSE, Kind.WORSE: Kind.BETTER}
ANYTHING = st.none() | st.integers() | st.floats() | st.decimals() | st.integers(-2, 30)
SHARE = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_benchmarks():
    """On the limit is similar; nearer to a wanted range is better; nothing is compared with itself."""
    figure = published(90, 88, 92)
    assert with_benchmark(figure, 88, HIGHER).kind is Kind.SIMILAR
    assert with_benchmark(figure, 80, WITHIN).kind is Kind.BETTER
    assert with_benchmark(published(70, 68, 72), 80, WITHIN).kind is Kind.WORSE
    assert with_benchmark(figure, 86, WITHIN).kind is Kind.HIGHER, "both are within the range"
    assert with_benchmark(figure, 80, HIGHER).sentence == (
        "Better than 80.0, which lies outside the limits 88.0 to 92.0 at 95%."
    )
    assert with_benchmark(figure, 89, HIGHER).sentence == (
        "Similar to 89.0, which lies within the limits 88.0 to 92.0 at 95%."
    )
    itself = with_benchmark(figure, 90, HIGHER, itself=True)
    assert itself.sentence == "Cannot judge: an area is not compared with itself."
    assert with_benchmark(proportion(5, 3), 90, HIGHER).sentence == (
        "Cannot judge: the count, 5, is above the 3 it is out of."
    )
    for benchmark in (None, nan, inf):
        assert with_benchmark(figure, benchmark, HIGHER).kind is Kind.CANNOT_TELL


def test_words():
    assert shares((36, 430), (20, 425), HIGHER).sentence == (
        "Down, which is worse: 8.4% and 4.7% are further apart than chance allows (3% of the time)."
    )
    assert shares((36, 430), (20, 425), NEUTRAL).sentence.startswith("Down: ")
    assert shares((33, 428), (41, 420), HIGHER).sentence == (
        "7.7% and 9.8% are no further apart than chance allows (29% of the time)."
    )
    assert shares((0, 40), (0, 50), HIGHER).sentence == "0.0% and 0.0% are the same."
    assert rates((0, 40), (0, 50), HIGHER).sentence == "0.0 and 0.0 are the same."
    assert rates((8377, 1), (10535, 1), LOWER, per=1, places=0).sentence == (
        "Up, which is worse: 8,377 and 10,535 are further apart than chance allows (less than 0.1% of the time)."
    )


def test_few_cannot_tell():
    """Where no split of so few could have been clear, no change is not the answer."""
    assert shares((0, 3), (3, 3), HIGHER).sentence == (
        "Cannot judge: 0.0% and 100.0% rest on too few: however they had fallen, it could have been chance."
    )
    assert shares((0, 4), (4, 4), HIGHER).kind is Kind.BETTER
    assert rates((0, 20_000), (4, 20_000), LOWER).kind is Kind.CANNOT_TELL
    assert rates((0, 20_000), (6, 20_000), LOWER).kind is Kind.WORSE


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (shares((5, 3), (1, 3), HIGHER), "before, the count, 5, is above the 3 it is out of"),
        (shares((1, 3), (1, 0), HIGHER), "after, the number it is out of is zero"),
        (rates((1, 3), (nan, 3), HIGHER), "after, the count is not a finite number"),
        (rates((1, 0), (1, 3), HIGHER), "before, the population is zero"),
        (rates((1, 1), (1, 10**7), HIGHER), "one population is more than a million times the other"),
    ],
)
def test_what_cannot_be_judged(found, fault):
    assert (found.kind, found.sentence) == (Kind.CANNOT_TELL, f"Cannot judge: {fault}.")


def test_survey_estimates():
    assert estimates((60, 3), (70, 4), HIGHER).kind is Kind.BETTER
    assert estimates((70, 4), (73, 4), HIGHER).kind is Kind.SIMILAR
    assert estimates((70, 0), (73, 0), HIGHER).sentence == "Cannot judge: both margins of error are zero."
    assert estimates((70, 4), (73, -1), HIGHER).sentence == "Cannot judge: after, the margin of error is below zero."
    assert estimates((None, 4), (73, 1), HIGHER).sentence == "Cannot judge: before, the figure is missing."


def test_false_alarms():
    """Benjamini and Hochberg's own example: of fifteen tests four stand at 5%."""
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528]
    found = [with_benchmark(published(1, 1, 1), 1, HIGHER)]
    one = shares((33, 428), (41, 420), HIGHER)
    found += [type(one)(one.kind, one.rule, one.inputs, one.sentence, p=p) for p in [*chances, 0.7590, 1.0]]
    assert clear_of_false_alarms(found) == [False] + [True] * 4 + [False] * 11
    assert clear_of_false_alarms([]) == []


def test_large_counts():
    """Above a million events the normal approximation takes over, and hardly shows."""
    exact, quick = binomial_test(500_700, 1_000_000, 0.5), binomial_test(500_701, 1_000_002, 0.5)
    assert exact == pytest.approx(quick, rel=2e-3)
    assert share_limits(500_700, 1_000_000) == pytest.approx(share_limits(500_701, 1_000_002), abs=1e-6)
    assert rates((10**9, 1), (10**9, 1), HIGHER).p == 1


def test_nothing_to_split():
    """Nobody counted, or everybody, is no difference."""
    assert chi_square(0, 40, 0, 50) == chi_square(40, 40, 50, 50) == 0
    assert binomial_test(0, 0, 0.5) == binomial_test(5, 10, 0.5) == 1
    assert shares((0, 40), (0, 50), HIGHER).p == 1


@settings(max_examples=40, deadline=None)
@given(SHARE, st.sampled_from([0.8, 0.95, 0.998]))
def test_the_exact_limits_leave_their_tails(pair, level):
    """At its lower limit as many or more have the tail's chance; at its upper limit as few or fewer."""
    (count, total), (low, high) = pair, share_limits(*pair, level)

    def chance(counts, share):
        return sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in counts)

    tail = pytest.approx((1 - level) / 2, rel=1e-9)
    assert low == 0 if not count else chance(range(count, total + 1), low) == tail
    assert high == 1 if count == total else chance(range(count + 1), high) == tail


@settings(max_examples=50, deadline=None)
@given(SHARE, SHARE)
def test_turned_about(before, after):
    """What is better one way about is worse the other, and under the other polarity."""
    for compare in (shares, rates):
        found = compare(before, after, HIGHER)
        assert compare(after, before, HIGHER).kind is TURNED.get(found.kind, found.kind)
        assert compare(before, after, LOWER).kind is TURNED.get(found.kind, found.kind)
        assert compare(before, before, HIGHER).kind in (Kind.SIMILAR, Kind.CANNOT_TELL)
        assert 0 <= found.p <= 1


@settings(max_examples=50, deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING)
def test_whatever_the_data(one, two, three, four):
    for compare in (shares, rates, estimates):
        found = compare((one, two), (three, four), HIGHER)
        assert found.sentence.startswith("Cannot judge: ") == (found.kind is Kind.CANNOT_TELL)
    with_benchmark(published(one, two, three), four, WITHIN)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.05, 0.95))
def test_the_exact_test_adds_up(pair, share):
    """It is the sum, over all counts, of the chances no greater than this count's."""
    count, total = pair
    chances = [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]
    expected = sum(chance for chance in chances if chance <= chances[count] * (1 + 1e-7))
    assert binomial_test(count, total, share) == pytest.approx(min(1, expected), rel=1e-9)
