"""Funnels: their limits, faults and symmetries. `tests/oracles` compares all councils with R's packages."""

from math import exp, inf, log, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.judgement.comparison import Kind
from outturn.judgement.funnel import LOGARITHM, Area, dispersed, of_rates, of_ratios, of_shares, quantile
from outturn.results.interval import of_count
from outturn.terms.polarity import Polarity

HIGHER, LOWER, NEUTRAL = map(Polarity.read, ("higher", "lower", "neutral"))
TURNED = {Kind.BETTER: Kind.WORSE, Kind.WORSE: Kind.BETTER}
ANYTHING = st.none() | st.integers() | st.floats() | st.decimals() | st.integers(-2, 30)


def test_a_limit_never_turns_back():
    """With 4 people the arcsine passes its end; there FunnelPlotR's limit turns back to 99.9%, and 4 of 4 is outside.

    It is put right there only where the next line of the table that it draws from lies higher (`tests/oracles`).
    """
    places = of_shares([Area("", n, 100) for n in range(40, 100, 3)] + [Area("", 4, 4)], HIGHER).places
    assert (places[-1].value, places[-1].inner[1], places[-1].kind) == (100, 100, Kind.SIMILAR)


def test_the_variance_between_areas():
    """Two equal spreads, scores of 2 and -2: phi is 4 without the tenths, and tau squared (4I - (I - 1)) / (I - 1)."""
    scores, spreads = [2.0, -2.0] * 10, [1.0] * 20
    assert dispersed(scores, spreads) == pytest.approx((4, (80 - 19) / 19))
    assert dispersed([0.1, -0.1] * 10, spreads) == pytest.approx((0.01, 0)), "less than chance needs no widening"


def test_quantiles():
    """R's quantile(c(1, 2, 4, 8), c(0, .1, .5, .9, 1))."""
    assert [quantile([8, 1, 4, 2], share) for share in (0, 0.1, 0.5, 0.9, 1)] == pytest.approx([1, 1.3, 3, 6.8, 8])


def test_rates_by_chance_alone():
    """An area stands out exactly where the pooled rate lies outside the limits of its own."""
    rows = [Area("", count, 10_000) for count in (0, 3, 9, 10, 12, 15, 20, 40)]
    found = of_rates(rows, LOWER, adjusted=False)
    expected = sum(row.count for row in rows) / len(rows)
    for place in found.places:
        low, high = of_count(place.area.count)
        assert (place.beyond is None) == (low <= expected <= high)
        assert place.kind is (Kind.BETTER if expected > high else Kind.WORSE if expected < low else Kind.SIMILAR)


def test_rates_allowing_for_over_dispersion():
    """Limits are the pooled rate times (1 ± z √(1/4E + τ²))²; an observed zero has its place."""
    rows = [Area("", count, 10_000) for count in (0, 8, 9, 10, 10, 11, 11, 12, 13, 60)]
    found = of_rates(rows, LOWER)
    reach = 1.959963984540054 * (1 / (4 * 14.4) + found.between) ** 0.5
    assert found.between > 0
    assert found.places[0].inner == pytest.approx((144 * max(0, 1 - reach) ** 2, 144 * (1 + reach) ** 2))
    assert [place.kind for place in found.places].count(Kind.SIMILAR) < 10
    assert found.places[-1].kind is Kind.WORSE


SPREAD = [110, 60, 90, 101, 95, 104, 99, 107, 93, 100, 180, 97, 103, 0]


def test_ratios_by_their_logarithm():
    """Of 13 areas with 100 expected each, ranks × 10 / 14 leave out the lowest and the highest."""
    found = of_ratios([Area("", count, 100) for count in SPREAD], LOWER, scale=LOGARITHM)
    kept = [log(count / 100) for count in sorted(SPREAD)[2:13]]
    phi = sum((score / 0.1) ** 2 for score in kept) / len(kept)
    assert (found.baseline, found.dispersion, found.between) == (100, pytest.approx(phi), 0)
    low, high = found.places[0].inner
    assert (low, high) == pytest.approx((100 * exp(-0.1959964), 100 * exp(0.1959964)))
    assert [place.kind for place in found.places if place.beyond] == [Kind.BETTER, Kind.WORSE]
    assert found.places[-1].sentence == "Cannot judge: nothing was observed, and nothing has no logarithm."
    assert of_ratios([Area("", 0, 100)] * 12, LOWER, scale=LOGARITHM).sentence == (
        "Cannot judge: a funnel takes 10 areas, and 0 can be used."
    )


def test_ratios_by_their_root():
    """The limits of rates, had the expected numbers been reckoned from them; an observed zero has its place."""
    rates = of_rates([Area("", count, 50) for count in SPREAD], LOWER)
    expected = sum(SPREAD) / len(SPREAD)
    ratios = of_ratios([Area("", count, expected) for count in SPREAD], LOWER)
    assert ratios.between == pytest.approx(rates.between) != 0
    for rate, ratio in zip(rates.places, ratios.places, strict=True):
        assert ratio.kind is rate.kind is not Kind.CANNOT_TELL
        assert ratio.inner == pytest.approx([100 * limit / rates.baseline for limit in rate.inner])


def test_words_and_inputs():
    found = of_shares([Area(str(n), n, 100) for n in range(40, 50)] + [Area("York", 95, 100)], HIGHER)
    york = found.places[-1]
    assert york.sentence.startswith("Better than 49.1: 95.0 lies outside the 99.8% limits for an area of its size, ")
    assert york.inputs == (("per", 100), ("polarity", "higher"))
    assert found.places[3].sentence.startswith("43.0 lies inside the 95% limits for an area of its size, ")


@pytest.mark.parametrize(
    ("funnel", "fault"),
    [
        (of_shares([], HIGHER), "a funnel takes 10 areas, and 0 can be used"),
        (of_shares([Area("", 1, 5)] * 9 + [Area("", 6, 5)], HIGHER), "a funnel takes 10 areas, and 9 can be used"),
        (of_shares([Area("", 0, 5)] * 10, HIGHER), "the count is zero everywhere"),
        (of_shares([Area("", 5, 5)] * 10, HIGHER), "everybody is counted everywhere"),
        (of_shares([Area("", 1, 5)], HIGHER, adjusted=False), "a funnel takes 2 areas, and 1 can be used"),
        (of_rates([Area("", 0, 5)] * 10, HIGHER), "the count is zero everywhere"),
        (of_rates([Area("", 1, 0)] * 10, HIGHER), "a funnel takes 10 areas, and 0 can be used"),
    ],
)
def test_what_cannot_be_judged(funnel, fault):
    assert (funnel.sentence, funnel.baseline) == (f"Cannot judge: {fault}.", None)
    assert all(place.kind is Kind.CANNOT_TELL for place in funnel.places)


def test_a_fault_in_one_area_leaves_the_others():
    """It has its own reason and moves neither the baseline nor anybody's limits."""
    good = [Area("", n, 100) for n in range(30, 45)]
    bad = [Area("", 5, 3), Area("", None, 3), Area("", 1, 0), Area("", nan, 3), Area("", 1, inf), Area("", -1, 3)]
    for funnel in (of_shares, of_rates):
        clean, mixed = funnel(good, HIGHER), funnel([*bad[:1], *good, *bad[1:]], HIGHER)
        if funnel is of_shares:
            assert mixed.places[1:16] == clean.places
            assert mixed.places[0].sentence == "Cannot judge: the count, 5, is above the 3 it is out of."
        assert all(place.sentence.startswith("Cannot judge: ") for place in mixed.places[16:])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=25))
def test_turned_upside_down(rows):
    """Whoever is better by those counted is worse by the others, and worse when lower is better."""
    up = of_shares([Area("", count, people) for count, people in rows], HIGHER)
    others = of_shares([Area("", people - count, people) for count, people in rows], LOWER)
    down = of_shares([Area("", count, people) for count, people in rows], LOWER)
    assert [place.kind for place in up.places] == [TURNED.get(place.kind, place.kind) for place in down.places]
    for here, there in zip(up.places, others.places, strict=True):
        if here.inner:
            assert there.inner == pytest.approx((100 - here.inner[1], 100 - here.inner[0]), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(ANYTHING, ANYTHING), max_size=14))
def test_whatever_the_data(rows):
    areas = [Area("", *row) for row in rows]
    ratios = [of_ratios(areas, HIGHER), of_ratios(areas, HIGHER, scale=LOGARITHM)]
    for funnel in (of_shares, of_rates):
        for found in (funnel(areas, HIGHER), funnel(areas, HIGHER, adjusted=False), *ratios):
            assert len(found.places) == len(rows)
            assert all((place.inner is None) == (place.kind is Kind.CANNOT_TELL) for place in found.places)
