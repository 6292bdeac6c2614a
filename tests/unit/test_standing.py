"""Ranks, fifths and medians: PHEindicatormethods' quintiles, small worked tables, and how sure a range of ranks is."""

import csv
import random
from collections import defaultdict
from decimal import Decimal
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.judgement.standing import FIFTHS, QUARTERS, Area, Scale, interval, middle, part, quantile, rank
from outturn.terms.polarity import Polarity

ORACLE = Path(__file__).parents[1] / "oracles" / "standing" / "quintiles.csv"
HIGHER, LOWER, NEUTRAL, WITHIN = map(Polarity.read, ("higher", "lower", "neutral", "within 50 to 60"))
PERCENT, RATE = Scale(), Scale(100_000, 1, is_rate=True)
ANYTHING = st.none() | st.integers() | st.floats() | st.decimals() | st.integers(-2, 30)


def valued(*values):
    """Areas A, B, C … with these figures."""
    return [Area(chr(65 + number), value, code=str(number)) for number, value in enumerate(values)]


def share(count, out_of, code):
    return Area(f"Council {code}", 100 * count / out_of, count, out_of, code=str(code))


with ORACLE.open(newline="") as file:
    COUNCILS = defaultdict(list)
    for row in csv.DictReader(file):
        area = Area(row["code"], Decimal(row["outcome"]), int(row["count"]), int(row["out_of"]), code=row["code"])
        COUNCILS[row["measure"]].append((area, int(row["quintile"])))


# Fifths and quarters


@pytest.mark.parametrize("measure", ["1E", "1G"])
def test_fifths_are_those_of_phe_indicator_methods(measure):
    """298 values, many of them tied; where lower is better the lowest are the best fifth."""
    areas = [area for area, _ in COUNCILS[measure]]
    assert len(areas) == 149
    for area, quintile in COUNCILS[measure]:
        assert part(area, areas, LOWER).number == part(area, areas, NEUTRAL).number == quintile


def test_fingertips_own_fifths_split_ties_and_ours_do_not():
    """NTILE, which Fingertips' new database uses, deals areas out in order: equal figures land in two fifths.

    Of 149 councils' 1E it puts some elsewhere, and each of those is by a boundary or shares its figure.
    """
    ordered = sorted(COUNCILS["1E"], key=lambda row: row[0].value)
    size, extra = divmod(len(ordered), 5)
    ntile = [fifth for fifth in range(1, 6) for _ in range(size + (fifth <= extra))]
    values = {fifth: {area.value for (area, _), one in zip(ordered, ntile, strict=True) if one == fifth}
              for fifth in range(1, 6)}  # fmt: skip
    assert any(values[fifth] & values[fifth + 1] for fifth in range(1, 5)), "NTILE parts equal figures here"
    ours = {fifth: {area.value for area, one in COUNCILS["1E"] if one == fifth} for fifth in range(1, 6)}
    assert not any(ours[fifth] & ours[fifth + 1] for fifth in range(1, 5))
    apart = [abs(one - quintile) for (_, quintile), one in zip(ordered, ntile, strict=True)]
    assert max(apart) == 1
    assert sum(apart) < 8


@pytest.mark.parametrize(
    ("of", "sizes"), [(5, [1, 1, 1, 1, 1]), (7, [2, 1, 1, 2, 1]), (10, [2] * 5), (151, [31, 30, 30, 30, 30])]
)
def test_fifths_are_as_even_as_they_can_be(of, sizes):
    found = [quantile(place, of, 5) for place in range(1, of + 1)]
    assert found == sorted(found)
    counts = [found.count(fifth) for fifth in range(1, 6)]
    assert sorted(counts) == sorted(sizes)


def test_words_of_fifths_and_quarters():
    areas = valued(10, 20, 30, 40, 50)
    assert [part(one, areas, HIGHER).words for one in areas] == [
        "worst fifth", "second worst fifth", "middle fifth", "second best fifth", "best fifth",
    ]  # fmt: skip
    assert [part(one, areas, NEUTRAL).words for one in areas] == [
        "lowest fifth", "second lowest fifth", "middle fifth", "second highest fifth", "highest fifth",
    ]  # fmt: skip
    four = areas[:4]
    assert [part(one, four, LOWER, QUARTERS).words for one in four] == [
        "best quarter", "second best quarter", "second worst quarter", "worst quarter",
    ]  # fmt: skip


def test_a_fifth_says_into_which_others_chance_could_have_put_it():
    """Counts of 1,000 that chance cannot part from the third on, and of 10 that it cannot part at all."""
    far = [share(count, 1000, count) for count in (990, 900, 505, 500, 495)]
    ranked = rank(far[2], far, HIGHER, PERCENT)
    assert part(far[2], far, HIGHER, FIFTHS, ranked).sentence == (
        "In the middle fifth of 5 councils; chance alone could have put it anywhere from the middle to the worst."
    )
    first = rank(far[0], far, HIGHER, PERCENT)
    assert part(far[0], far, HIGHER, FIFTHS, first).sentence == "In the best fifth of 5 councils, whatever chance did."
    few = [share(count, 10, count) for count in range(4, 9)]
    ranked = rank(few[2], few, HIGHER, PERCENT)
    assert part(few[2], few, HIGHER, FIFTHS, ranked).sentence.endswith("chance alone could have put it in any of them.")


def test_no_fifth_among_fewer_than_five_and_none_counts_that_has_no_figure():
    areas = valued(10, 20, 30, 40, None, nan)
    found = part(areas[0], areas, HIGHER, FIFTHS)
    assert found.number is None
    assert found.sentence == "Cannot judge: fifths take 5 councils, and 4 have a figure."


# Ranks


def test_a_rank_by_polarity_with_ties_sharing_the_best_place():
    areas = valued(70, 80, 80, 90, None)
    assert [rank(one, areas, HIGHER, PERCENT).place for one in areas[:4]] == [4, 2, 2, 1]
    assert [rank(one, areas, LOWER, PERCENT).place for one in areas[:4]] == [1, 2, 2, 4]
    shared = rank(areas[1], areas, HIGHER, PERCENT)
    assert shared.of == 4
    assert shared.sentence.startswith("Ranked 2 of 4, shared with 1 other (1 is best); how far chance could move it")


def test_within_a_range_all_that_are_in_it_share_the_first_place():
    areas = valued(52, 58, 45, 70)
    assert [rank(one, areas, WITHIN, PERCENT).place for one in areas] == [1, 1, 3, 4]


def test_no_rank_where_no_direction_is_better():
    areas = valued(1, 2, 3)
    found = rank(areas[0], areas, NEUTRAL, PERCENT)
    assert found.place is None
    assert found.sentence == "Cannot judge: no direction is better, so there is no best."


def test_the_range_is_what_chance_allows():
    """Three that chance cannot part, one far above, one far below."""
    areas = [share(900, 1000, 1), share(505, 1000, 2), share(500, 1000, 3), share(495, 1000, 4), share(100, 1000, 5)]
    found = rank(areas[2], areas, HIGHER, PERCENT)
    assert (found.place, found.best, found.worst) == (3, 2, 4)
    assert found.sentence == "Ranked 3 of 5 (1 is best); chance alone could have put it anywhere from 2 to 4."
    best = rank(areas[0], areas, HIGHER, PERCENT)
    assert best.sentence == "Ranked 1 of 5 (1 is best); no other place is within the reach of chance."
    turned = rank(areas[2], areas, LOWER, PERCENT)
    assert (turned.place, turned.best, turned.worst) == (3, 2, 4)


def test_an_area_whose_counts_are_withheld_could_be_either_side():
    areas = [share(900, 1000, 1), share(500, 1000, 2), Area("Withheld", 10, code="3")]
    assert (rank(areas[1], areas, HIGHER, PERCENT).best, rank(areas[1], areas, HIGHER, PERCENT).worst) == (2, 3)


def test_the_range_holds_the_true_rank_at_least_as_often_as_it_says():
    """Sixteen made-up councils of known level, drawn 150 times; 95% ranges, each of every council."""
    draw = random.Random(5)
    truth = [0.60 + 0.012 * number for number in range(16)]
    right = total = 0
    for _ in range(25):
        areas = [share(sum(draw.random() < level for _ in range(300)), 300, code) for code, level in enumerate(truth)]
        for number, area in enumerate(areas):
            found = rank(area, areas, HIGHER, PERCENT)
            right += found.best <= 16 - number <= found.worst
            total += 1
    assert right / total >= 0.95


def test_surveys_are_told_apart_by_their_margins():
    areas = [Area("A", 70, margin=3, code="1"), Area("B", 60, margin=3, code="2"), Area("C", 61, margin=3, code="3")]
    found = rank(areas[1], areas, HIGHER, PERCENT)
    assert (found.place, found.best, found.worst) == (3, 2, 3)


# The median


def test_distance_from_the_median():
    """Of 1, 2, 4, 8, 16 the median is 4 and the deviations 3, 2, 0, 4, 12: their median is 3."""
    areas = valued(1, 2, 4, 8, 16)
    found = middle(areas[4], areas, PERCENT)
    assert (found.median, found.deviation, found.distance) == (4, 3, 4)
    assert found.sentence == (
        "The median of 5 councils is 4.0, and half of them lie within 3.0 of it; "
        "this figure lies 4.0 times as far above it."
    )


def test_no_distance_where_half_are_at_the_median():
    areas = valued(5, 5, 5, 9)
    found = middle(areas[3], areas, PERCENT)
    assert found.distance is None
    assert found.sentence == "The median of 4 councils is 5.0, and at least half of them are at it."


# What a figure rests on


def test_counts_that_do_not_give_the_figure_are_not_believed():
    """Printed 77%, with counts that come to 50%: a slip somewhere, and so no limits."""
    found = interval(Area("A", 77, 50, 100), PERCENT)
    assert found.limits is None
    assert found.sentence == "Cannot judge: 77.0 is not 50 out of 100."


def test_a_margin_of_error_is_of_ninety_five_per_cent():
    low, high = interval(Area("A", 60, margin=4), PERCENT).limits
    assert low == pytest.approx(56, abs=0.001)
    assert high == pytest.approx(64, abs=0.001)


@given(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING, ANYTHING), max_size=6), st.sampled_from([PERCENT, RATE]))
@settings(max_examples=150, deadline=None)
def test_whatever_is_given_there_is_a_verdict(rows, scale):
    areas = [Area("X", value, count, out_of, margin, str(n)) for n, (value, count, out_of, margin) in enumerate(rows)]
    own = areas[0] if areas else Area("Own", inf)
    for polarity in (HIGHER, NEUTRAL, WITHIN):
        found = rank(own, areas, polarity, scale)
        assert found.sentence
        assert found.place is None or 1 <= found.place <= found.of
        assert found.best is None or found.best <= found.place <= found.worst
        assert part(own, areas, polarity).sentence
    assert middle(own, areas, scale).sentence
