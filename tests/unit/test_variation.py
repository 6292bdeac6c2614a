"""Charts over time: words, faults, symmetries. `tests/oracles` compares them with NHSRplotthedots and nhspy."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.judgement import spc_limits
from outturn.judgement.spc_rules import Rule
from outturn.judgement.variation import Asked, Assurance, Rebase, Setup, Variation, p_chart, u_chart, xmr_chart
from outturn.terms.basis import TimeBasis
from outturn.terms.polarity import Better, Polarity
from outturn.terms.value import Notation

HIGHER, LOWER, NEUTRAL = (Polarity(better) for better in (Better.HIGHER, Better.LOWER, Better.NEUTRAL))
WITHIN = Polarity(Better.WITHIN, Decimal(4), Decimal(6))
CALM = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12, 11, 13, 10, 12]
ANY_LENGTH = Setup(fewest=2)


def test_screening_is_off_unless_asked():
    """As in the Excel tool: one outlier widens the limits."""
    figures = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1]
    assert xmr_chart(figures, HIGHER) == xmr_chart(figures, HIGHER, Asked(setup=Setup(screened=False)))
    screened = xmr_chart(figures, HIGHER, Asked(setup=Setup(screened=True))).variation.limits
    assert screened.upper < xmr_chart(figures, HIGHER).variation.limits.upper


# Series from stretches, in tenths, so that runs of every kind turn up.
STRETCHES = st.one_of(
    st.tuples(st.just("rise"), st.integers(3, 9), st.integers(1, 6)),
    st.tuples(st.just("fall"), st.integers(3, 9), st.integers(1, 6)),
    st.tuples(st.just("level"), st.integers(3, 9), st.integers(-30, 30)),
    st.tuples(st.just("shake"), st.integers(3, 9), st.integers(-30, 30)),
    st.tuples(st.just("leap"), st.integers(1, 2), st.integers(-90, 90)),
    st.tuples(st.just("missing"), st.integers(1, 2), st.just(0)),
)


@st.composite
def series(draw):
    """Stretches that rise, fall, stay, shake, leap or are missing, joined end to end."""
    figures, level = [], 500
    for kind, length, size in draw(st.lists(STRETCHES, min_size=2, max_size=5)):
        start = level
        for step in range(length):
            level += {"rise": size, "fall": -size}.get(kind, 0)
            shake = {"shake": size if step % 2 else -size, "level": size, "leap": size}.get(kind, 0)
            figures.append(None if kind == "missing" else start + shake if shake else level)
    return [None if figure is None else Decimal(figure).scaleb(-1) for figure in figures]


def marks(chart):
    """All that was found, for each place."""
    return [{(one.rule, one.high, one.first, one.last) for one in point.signals} for point in chart.points]


def upside_down(found):
    return [{(rule, not high, first, last) for rule, high, first, last in one} for one in found]


def backwards(found):
    end = len(found) - 1
    return [
        {(rule, high is not (rule is Rule.TREND), end - last, end - first) for rule, high, first, last in one}
        for one in reversed(found)
    ]


@given(series(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_symmetries(figures, screened):
    """Upside down, backwards and moved up by a constant: the marks turn with the chart, or stay."""
    asked = Asked(setup=Setup(screened=screened, fewest=2))
    flipped = [None if figure is None else 200 - figure for figure in figures]
    moved = [None if figure is None else figure + Decimal("0.3") for figure in figures]
    straight = xmr_chart(figures, HIGHER, asked)
    assert marks(xmr_chart(flipped, LOWER, asked)) == upside_down(marks(straight))
    assert [point.variation for point in xmr_chart(flipped, LOWER, asked).points] == [
        point.variation for point in straight.points
    ]
    assert marks(xmr_chart(figures[::-1], HIGHER, asked)) == backwards(marks(straight))
    assert marks(xmr_chart(moved, HIGHER, asked)) == marks(straight)


@given(series(), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_symmetries_with_a_rebase(figures, at):
    """A rebase read backwards begins where it ended."""
    at = min(at, len(figures) - 1)
    straight = xmr_chart(figures, HIGHER, Asked(rebases=[Rebase(at, "Moved.")], setup=ANY_LENGTH))
    turned = Asked(rebases=[Rebase(len(figures) - at, "Moved.")], setup=ANY_LENGTH)
    assert marks(xmr_chart(figures[::-1], HIGHER, turned)) == backwards(marks(straight))


@given(series(), st.integers(0, 40))
@settings(max_examples=100, deadline=None)
def test_a_gap_makes_no_run(figures, gap):
    """Taking a figure away leaves that place bare, and no trend is found that was not part of one before."""
    gap = min(gap, len(figures) - 1)
    gapped = xmr_chart([*figures[:gap], None, *figures[gap + 1 :]], HIGHER, Asked(setup=ANY_LENGTH))
    if not gapped.points:
        return
    assert not gapped.points[gap].signals
    whole = marks(xmr_chart(figures, HIGHER, Asked(setup=ANY_LENGTH)))
    for place, found_there in enumerate(marks(gapped)):
        for rule, high, first, last in found_there:
            assert not first <= gap <= last
            if rule is Rule.TREND and whole[place]:
                assert any(one[0] is Rule.TREND and one[1] == high for one in whole[place])


def test_the_draws_are_not_dull():
    """The stretches hold every rule, and turning points: without them the symmetries would prove nothing."""
    seen = Counter()

    @given(series())
    @settings(max_examples=100, deadline=None, derandomize=True, database=None)
    def count(figures):
        points = xmr_chart(figures, HIGHER, Asked(setup=ANY_LENGTH)).points
        seen.update({signal.rule for point in points for signal in point.signals})
        seen["turning"] += any(point.variation is Variation.TURNING for point in points)
        seen["both"] += any(len({one.high for one in point.signals if one.rule is Rule.TREND}) == 2 for point in points)
        seen["missing"] += any(point.amount is None for point in points)

    count()
    assert all(seen[rule] >= 5 for rule in Rule), seen
    assert seen["turning"] >= 1
    assert seen["missing"] >= 20


def test_a_turning_point_belongs_to_both():
    """plotthedots issues 167 and 200: a fall of seven counts as a rise does, and the top is of both."""
    chart = xmr_chart([4, 10, 4, 10, 4, 10, 4, 5, 6, 7, 8, 9, 10, 11, 10, 9, 8, 7, 6, 5], HIGHER)
    assert [signal.high for signal in chart.points[13].leading] == [True, False]
    assert chart.points[13].variation is Variation.TURNING
    assert chart.points[6].variation is Variation.IMPROVING
    assert chart.variation.kind is Variation.CONCERNING
    assert chart.variation.sentence == "7 figures running have fallen, which is worse."


@pytest.mark.parametrize(
    ("figures", "polarity", "kind", "high", "sentence"),
    [
        (
            CALM,
            HIGHER,
            Variation.COMMON,
            None,
            "Nothing beyond chance: while nothing changes, figures are expected between 6.1 and 16.7.",
        ),
        ([*CALM, 30], LOWER, Variation.CONCERNING, True, "30 is above the upper limit of 21, which is worse."),
        ([*CALM, 30], HIGHER, Variation.IMPROVING, True, "30 is above the upper limit of 21, which is better."),
        (
            [*CALM, 30],
            NEUTRAL,
            Variation.NEITHER,
            True,
            "30 is above the upper limit of 21, which is neither better nor worse.",
        ),
        (
            [*CALM, 9, 9.5, 10, 9, 9.5, 10, 9],
            LOWER,
            Variation.IMPROVING,
            False,
            "7 figures running lie below the average of 10.76, which is better.",
        ),
        (
            [*CALM[:8], *CALM[:8], 16, 16],
            HIGHER,
            Variation.IMPROVING,
            True,
            "Two of three figures running lie near the upper limit, which is better.",
        ),
        (
            [*CALM[:9], None],
            HIGHER,
            Variation.COMMON,
            None,
            "Nothing beyond chance: while nothing changes, figures are expected between 6.0 and 16.7, "
            "by trial limits from 9 figures only. The newest period has no figure.",
        ),
        ([5, 5, 5, 5, 5, 6, 4, 5, 5, 5, 5, 9], WITHIN, Variation.CONCERNING, True, None),
        ([9, 8.5, 9, 8, 9, 8.5, 9, 8, 9, 8.5, 9, 8, 5], WITHIN, Variation.IMPROVING, False, None),
        ([13, 12, 11, 10, 9, 8, 7, 6, 5], WITHIN, Variation.IMPROVING, False, None),
        ([5.9, 5.5, 5.1, 4.9, 4.6, 4.3, 4.2, 4.1], WITHIN, Variation.NEITHER, False, None),
    ],
)
def test_verdicts(figures, polarity, kind, high, sentence):
    """A verdict, its side, and its words."""
    verdict = xmr_chart(figures, polarity).variation
    assert (verdict.kind, verdict.high) == (kind, high)
    if sentence:
        assert verdict.sentence == sentence


@pytest.mark.parametrize(
    ("figures", "polarity", "target", "kind", "sentence"),
    [
        (CALM, HIGHER, 6, Assurance.MEETS, "so the target will be met."),
        (CALM, HIGHER, 17, Assurance.MISSES, "so the target will be missed."),
        (CALM, LOWER, 6, Assurance.MISSES, "so the target will be missed."),
        (CALM, LOWER, 17, Assurance.MEETS, "so the target will be met."),
        (CALM, LOWER, 11, Assurance.HIT_AND_MISS, "so chance decides whether the target is met."),
        (CALM[:9], LOWER, 17, Assurance.MEETS, "by trial limits from 9 figures only."),
        (CALM, LOWER, None, Assurance.NO_TARGET, "There is no target."),
        (CALM, NEUTRAL, 11, Assurance.NO_DIRECTION, "No direction is better."),
        (CALM, WITHIN, None, Assurance.MISSES, "so the target will be missed."),
        ([5, 5, 5, 5, 5, 5.1] * 2, WITHIN, None, Assurance.MEETS, "so the target will be met."),
        ([5, 6] * 6, WITHIN, None, Assurance.HIT_AND_MISS, "so chance decides whether the target is met."),
        ([5] * 12, HIGHER, 4, Assurance.CANNOT_JUDGE, "The 12 figures do not vary enough for limits to be drawn."),
    ],
)
def test_assurance(figures, polarity, target, kind, sentence):
    """The wanted range is the target where there is one."""
    verdict = xmr_chart(figures, polarity, Asked(target=target)).assurance
    assert verdict.kind is kind
    assert verdict.sentence.endswith(sentence)


def test_a_target_on_a_limit_is_within_the_reach_of_chance():
    """And so neither surely met nor surely missed."""
    limits = xmr_chart(CALM, HIGHER).variation.limits
    for target in (limits.lower, limits.upper):
        for polarity in (HIGHER, LOWER):
            assert xmr_chart(CALM, polarity, Asked(target=target)).assurance.kind is Assurance.HIT_AND_MISS


@pytest.mark.parametrize(
    ("figures", "asked", "sentence"),
    [
        ([], Asked(), "There are no figures."),
        ([None, None], Asked(), "There are no figures."),
        ([4], Asked(), "There is 1 of the 8 figures that limits take."),
        ([4, 5, 4, None, 5, 6, 4, 5], Asked(), "There are 7 of the 8 figures that limits take."),
        ([4] * 9, Asked(), "The 9 figures do not vary enough for limits to be drawn."),
        ([0.1] * 9, Asked(), "The 9 figures do not vary enough for limits to be drawn."),
        ([4, None] * 8, Asked(), "The 8 figures do not vary enough for limits to be drawn."),
        (
            [1, 1, 1, 1, 1, 1, 1, 2],
            Asked(setup=Setup(screened=True)),
            "The 8 figures do not vary enough for limits to be drawn.",
        ),
        ([*CALM, float("inf")], Asked(), "Figure 15 is infinite."),
        ([float("nan"), *CALM], Asked(), "Figure 1 is not a number."),
        ([*CALM, 10**40], Asked(), f"Figure 15, {10**40}, is beyond any figure that can be judged."),
        ([*CALM, Decimal("1e-900")], Asked(), "Figure 15, 1E-900, is beyond any figure that can be judged."),
        ([*CALM, -1], Asked(lowest=0), "Figure 15 is -1, but the lowest possible is 0."),
        ([*CALM, 101], Asked(highest=100), "Figure 15 is 101, but the highest possible is 100."),
        (CALM, Asked(target=float("inf")), "The target is infinite."),
        (CALM, Asked(rebases=[Rebase(3, " ")]), "Limits are drawn anew only with a reason, and none is given."),
        (CALM, Asked(rebases=[Rebase(14, "Moved.")]), "Limits cannot be drawn anew from figure 15: there are 14."),
        (CALM, Asked(rebases=[Rebase(5, "Moved.")] * 2), "Limits are drawn anew twice from the same figure."),
        (CALM, Asked(rebases=[Rebase(12, "Moved.")]), "There are 2 of the 8 figures that limits take."),
        (CALM, Asked(setup=Setup(fixed_after=-3)), "There are no of the 8 figures that limits take."),
        (
            CALM,
            Asked(basis=TimeBasis.YTD_SUM),
            "These figures add up from 1 April and so rise by themselves: chart each period on its own.",
        ),
        (
            CALM,
            Asked(basis=TimeBasis.ROLLING),
            "Figures over the last twelve months overlap, which hides chance: chart each period on its own.",
        ),
    ],
)
def test_what_cannot_be_judged(figures, asked, sentence):
    """Says why, and makes no signal."""
    chart = xmr_chart(figures, HIGHER, asked if asked.target else Asked(**{**fields(asked), "target": 11}))
    assert (chart.variation.kind, chart.variation.sentence) == (Variation.CANNOT_JUDGE, sentence)
    assert chart.assurance.kind is Assurance.CANNOT_JUDGE


def fields(asked):
    return {name: getattr(asked, name) for name in Asked.__dataclass_fields__}


ANY_NUMBER = st.one_of(st.none(), st.floats(), st.integers(), st.decimals(), st.sampled_from([0, -0.0, 5e-324, 1e308]))


@given(st.lists(ANY_NUMBER, max_size=14), st.sampled_from([HIGHER, NEUTRAL, WITHIN]), ANY_NUMBER)
@settings(max_examples=150, deadline=None)
def test_never_an_exception(figures, polarity, target):
    """Whatever the figures are, there is a sentence."""
    chart = xmr_chart(figures, polarity, Asked(target=target, setup=ANY_LENGTH))
    assert chart.variation.sentence.endswith(".")
    assert chart.assurance.sentence.endswith(".")
    pairs = list(zip(figures, reversed(figures), strict=True))
    counted = [None if None in pair else pair for pair in pairs]
    for make in (p_chart, u_chart):
        assert make(counted, polarity, Asked(target=target, setup=ANY_LENGTH)).variation.sentence.endswith(".")


def test_a_rebase_draws_limits_anew_with_its_reason():
    """Moving ranges do not cross it, and a run ends at it."""
    figures = [*CALM, *(figure + 40 for figure in CALM)]
    assert xmr_chart(figures, HIGHER).variation.kind is Variation.IMPROVING
    chart = xmr_chart(figures, HIGHER, Asked(rebases=[Rebase(14, "A second team.")]))
    assert chart.variation.kind is Variation.COMMON
    assert [(stretch.first, stretch.last, stretch.because) for stretch in chart.stretches] == [
        (0, 13, ""),
        (14, 27, "A second team."),
    ]
    assert chart.points[27].limits.centre - chart.points[0].limits.centre == 40
    assert not any(point.signals for point in chart.points)
    late = xmr_chart([*figures[:14], *figures[14:], 90], HIGHER, Asked(rebases=[Rebase(14, "A second team.")]))
    assert late.points[28].signals[0].first == 28


def test_limits_are_drawn_within_what_is_possible_and_judged_as_they_are():
    """Never below nothing, in a picture."""
    limits = xmr_chart([0, 2, 1, 0, 3, 1, 0, 2], HIGHER).variation.limits
    assert limits.lower < 0
    assert limits.drawn(Decimal(0), None).lower == 0
    assert limits.drawn(None, Decimal(2)).upper == 2
    assert limits.drawn(None, None) == limits


def test_words_of_figures():
    """As the council writes them, and with decimals enough to tell a figure from a limit."""
    percent = Asked(notation=Notation(percent=True))
    assert "30% is above the upper limit of 21%" in xmr_chart([*CALM, 30], LOWER, percent).variation.sentence
    upper = xmr_chart(CALM, LOWER, Asked(setup=Setup(fixed_after=14))).variation.limits.upper
    close = xmr_chart([*CALM, upper + Decimal("0.004")], LOWER, Asked(setup=Setup(fixed_after=14), notation=Notation()))
    assert close.variation.sentence == "16.8 is above the upper limit of 16.7, which is worse."


# Montgomery, Introduction to Statistical Quality Control: orange juice tins (table 7.1) and shipments (table 7.10).
TINS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
SHIPMENTS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]


def lines(chart):
    limits = chart.variation.limits
    return [round(float(line), 4) for line in (limits.lower, limits.centre, limits.upper)]


def test_p_chart_of_a_textbook():
    """Centre 0.2313, limits 0.0524 and 0.4102, and samples 15 and 23 outside."""
    chart = p_chart([(count, 50) for count in TINS], LOWER, per=1)
    assert lines(chart) == [0.0524, 0.2313, 0.4102]
    outside = [point.place + 1 for point in chart.points if any(one.rule is Rule.OUTSIDE for one in point.signals)]
    assert outside == [15, 23]


def test_u_chart_of_a_textbook():
    """Centre 0.0740, limits -0.0414, which is drawn as nothing, and 0.1894; no sample outside."""
    chart = u_chart([(count, 50) for count in SHIPMENTS], LOWER)
    assert lines(chart) == [-0.0414, 0.074, 0.1894]
    assert not any(one.rule is Rule.OUTSIDE for point in chart.points for one in point.signals)


def test_limits_of_shares_widen_with_fewer_people():
    """80% of 10 is chance where 80% of 1,000 is not; the target is in the same percentages."""
    counts = [(60, 100), (58, 100), (62, 100), (59, 100), (61, 100), (60, 100), (58, 100), (62, 100)]
    few = p_chart([*counts, (8, 10)], HIGHER, Asked(target=80))
    many = p_chart([*counts, (800, 1000)], HIGHER, Asked(target=80, setup=Setup(fixed_after=8)))
    assert few.variation.kind is Variation.COMMON
    assert many.variation.sentence == (
        "80.0% is above the upper limit of 64.6%, which is better, by trial limits from 8 figures only."
    )
    assert many.assurance.kind is Assurance.MISSES
    assert few.assurance.kind is Assurance.HIT_AND_MISS


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([9, 10, 90])), min_size=2, max_size=25))
@settings(max_examples=60, deadline=None)
def test_symmetries_of_shares(counts):
    """Those who are not counted give the chart upside down, and the same backwards."""
    asked = Asked(setup=ANY_LENGTH)
    straight = marks(p_chart(counts, HIGHER, asked))
    assert marks(p_chart([(out_of - count, out_of) for count, out_of in counts], LOWER, asked)) == upside_down(straight)
    assert marks(p_chart(counts[::-1], HIGHER, asked)) == backwards(straight)
    assert marks(u_chart(counts[::-1], HIGHER, asked)) == backwards(marks(u_chart(counts, HIGHER, asked)))


@pytest.mark.parametrize(
    ("pair", "sentence"),
    [
        ((11, 10), "Figure 9 is 11 of 10: more were counted than there are."),
        ((1, 0), "Figure 9 is 1 of 0: more were counted than there are."),
        ((-1, 10), "Figure 9 is -1 of 10: a count cannot be negative."),
        ((1, -10), "Figure 9 is 1 of -10: a count cannot be negative."),
        ((2.5, 10), "Figure 9 is 2.5 of 10: only whole numbers are counts."),
        ((1, float("inf")), "Figure 9 is infinite."),
    ],
)
def test_counts_that_cannot_be_judged(pair, sentence):
    """More counted than there are is a fault in the data, never 100%."""
    verdict = p_chart([(5, 10), (6, 10)] * 4 + [pair], HIGHER).variation
    assert (verdict.kind, verdict.sentence) == (Variation.CANNOT_JUDGE, sentence)


def test_counts_without_variation_or_people():
    """None of none is no figure; nobody at all, or everybody, leaves nothing to draw limits from."""
    assert p_chart([(5, 10), (6, 10)] * 4 + [(0, 0)], HIGHER).points[8].amount is None
    assert p_chart([(0, 0)] * 9, HIGHER).variation.sentence == "There are no figures."
    for make, count in ((p_chart, 0), (p_chart, 10), (u_chart, 0)):
        words = make([(count, 10)] * 9, HIGHER).variation.sentence
        assert words == "The 9 figures do not vary enough for limits to be drawn."
    assert u_chart([(5, 10)] * 9, HIGHER, per=0).variation.sentence == "A rate per 0 means nothing."


@pytest.mark.parametrize(("read", "counts"), [(spc_limits.p, TINS * 2), (spc_limits.u, [*SHIPMENTS, 9, 0, 20, 7])])
def test_figures_are_read_against_the_lines_that_are_drawn(read, counts):
    """Exact arithmetic with squares and the printed lines tell the same, with a denominator for each."""
    pairs = [(count, Fraction(30 + place)) for place, count in enumerate(counts)]
    readings = read(pairs, len(pairs), 100)
    for (count, out_of), reading in zip(pairs, readings, strict=True):
        share, lines = float(100 * count / out_of), reading.limits
        assert reading.outside is not (float(lines.lower) <= share <= float(lines.upper))
        assert reading.near is (not reading.outside and not float(lines.near_lower) <= share <= float(lines.near_upper))
        assert reading.side == (share > lines.centre) - (share < lines.centre)
    assert {(reading.outside, reading.near) for reading in readings} == {(True, False), (False, True), (False, False)}
