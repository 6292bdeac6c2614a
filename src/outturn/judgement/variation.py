"""Variation over time: chance, or a special cause; and whether a target is met whatever chance does.

`xmr_chart` takes figures, oldest first, with None where one is missing; `p_chart` and `u_chart` take a count and its
denominator. Each gives a chart that holds every figure with its limits and signals, and two verdicts. Nothing raises
over bad figures: a verdict says why it cannot judge.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import partial

from ..terms.basis import TimeBasis
from ..terms.polarity import Better, Polarity
from ..terms.value import Notation
from . import spc_limits
from .spc_figures import CannotJudge, Number, counted, exact, finite
from .spc_limits import Limits, Reading
from .spc_rules import Rule, Signal, leading, signals

FEWEST = 8  # figures; with fewer there are no limits
FEWEST_FOR_FULL = 12  # figures; with fewer the limits are trial limits
MOST_DECIMALS = 4


class Variation(StrEnum):
    """The icon of the newest figure, or the mark of any figure."""

    IMPROVING = "special cause, improving"
    CONCERNING = "special cause, concerning"
    NEITHER = "special cause, neither better nor worse"
    TURNING = "special cause, turning"
    COMMON = "common cause"
    CANNOT_JUDGE = "cannot judge"


class Assurance(StrEnum):
    """Whether the target lies beyond the reach of chance. It says nothing about one figure."""

    MEETS = "meets the target whatever chance does"
    MISSES = "misses the target whatever chance does"
    HIT_AND_MISS = "hit and miss"
    NO_TARGET = "no target"
    NO_DIRECTION = "no direction is better"
    CANNOT_JUDGE = "cannot judge"


@dataclass(frozen=True, slots=True)
class Rebase:
    """Limits are drawn anew from the figure at this place, counted from 0."""

    at: int
    because: str


@dataclass(frozen=True, slots=True)
class Setup:
    """The choices behind a chart.

    Moving ranges are not screened unless asked: with small counts that takes away the only variation there is.
    `fixed_after` draws the limits from that many of the first figures after each rebase.
    """

    screened: bool = False
    fixed_after: int | None = None
    fewest: int = FEWEST
    fewest_for_full: int = FEWEST_FOR_FULL


@dataclass(frozen=True, slots=True)
class Point:
    """One figure, or a gap, with its limits and every rule that it is part of."""

    place: int
    amount: Decimal | None
    limits: Limits | None = None
    signals: tuple[Signal, ...] = ()
    variation: Variation = Variation.CANNOT_JUDGE

    @property
    def leading(self) -> tuple[Signal, ...]:
        """The signals that give it its mark: one, at a turning point two, or none."""
        return leading(self.signals)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The places between two rebases, why the first was made, and why there are no limits if there are none."""

    first: int
    last: int
    because: str
    figures: int
    trial: bool
    no_limits: str


@dataclass(frozen=True, slots=True)
class VariationVerdict:
    """What the newest figure says. `high` is the side or the way of the signal, `place` that of the figure."""

    kind: Variation
    sentence: str
    rule: Rule | None = None
    high: bool | None = None
    place: int | None = None
    amount: Decimal | None = None
    limits: Limits | None = None
    figures: int = 0
    trial: bool = False


@dataclass(frozen=True, slots=True)
class AssuranceVerdict:
    """What the limits say of the target; with a wanted range, that is the target."""

    kind: Assurance
    sentence: str
    target: Decimal | None = None
    polarity: Polarity | None = None
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn and what is said of it."""

    method: str
    setup: Setup
    variation: VariationVerdict
    assurance: AssuranceVerdict
    points: tuple[Point, ...] = ()
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What every chart may be asked for beside its figures: the target is in the figures' own units."""

    target: Number | None = None
    rebases: Sequence[Rebase] = ()
    basis: TimeBasis | None = None
    lowest: Number | None = None
    highest: Number | None = None
    notation: Notation | None = None
    setup: Setup = field(default_factory=Setup)


NOT_FOR_CHARTS: Mapping[TimeBasis, str] = {
    TimeBasis.YTD_SUM: "These figures add up from 1 April and so rise by themselves: chart each period on its own.",
    TimeBasis.YTD_AVERAGE: "Averages of the year so far overlap: chart each period on its own.",
    TimeBasis.ROLLING: "Figures over the last twelve months overlap, which hides chance: chart each period on its own.",
    TimeBasis.FORECAST: "Forecasts are not results, and are not charted with limits.",
}

Read = Callable[[int, int, int], list[Reading | None] | None]


def xmr_chart(figures: Sequence[Number | None], polarity: Polarity, asked: Asked = Asked()) -> Chart:
    """Judge a series of figures of any kind by the moving ranges between them."""

    def judge() -> Chart:
        amounts = [exact(figure, place, asked.lowest, asked.highest) for place, figure in enumerate(figures)]

        def read(first: int, last: int, base: int) -> list[Reading | None] | None:
            return spc_limits.xmr(amounts[first : last + 1], base, asked.setup.screened)

        return _chart("XmR", amounts, read, polarity, asked)

    return _judged("XmR", judge, asked)


def p_chart(
    counts: Sequence[tuple[Number, Number] | None],
    polarity: Polarity,
    asked: Asked = Asked(),
    per: int = 100,
) -> Chart:
    """Judge a series of shares: so many people out of so many. Amounts and target are per 100, or `per`."""
    return _judged("p", partial(_counted_chart, "p", counts, polarity, asked, per), asked)


def u_chart(
    counts: Sequence[tuple[Number, Number] | None],
    polarity: Polarity,
    asked: Asked = Asked(),
    per: int = 1,
) -> Chart:
    """Judge a series of rates: so many independent events for so much. Amounts and target are per `per` of it."""
    return _judged("u", partial(_counted_chart, "u", counts, polarity, asked, per), asked)


def _counted_chart(
    method: str, counts: Sequence[tuple[Number, Number] | None], polarity: Polarity, asked: Asked, per: int
) -> Chart:
    if per < 1:
        raise CannotJudge(f"A rate per {per} means nothing.")
    pairs = [counted(pair, place, method) for place, pair in enumerate(counts)]
    shares = [None if pair is None else spc_limits.share(*pair, per) for pair in pairs]
    limits_of = spc_limits.p if method == "p" else spc_limits.u

    def read(first: int, last: int, base: int) -> list[Reading | None] | None:
        return limits_of(pairs[first : last + 1], base, per)

    notation = asked.notation or Notation(decimals=1, percent=method == "p" and per == 100)
    return _chart(method, shares, read, polarity, replace(asked, notation=notation))


def _judged(method: str, judge: Callable[[], Chart], asked: Asked) -> Chart:
    try:
        return judge()
    except CannotJudge as why:
        return Chart(
            method,
            asked.setup,
            VariationVerdict(Variation.CANNOT_JUDGE, str(why)),
            AssuranceVerdict(Assurance.CANNOT_JUDGE, str(why)),
        )


def _chart(method: str, figures: list[Decimal | None], read: Read, polarity: Polarity, asked: Asked) -> Chart:
    if asked.basis is not None and asked.basis in NOT_FOR_CHARTS:
        raise CannotJudge(NOT_FOR_CHARTS[asked.basis])
    if not any(figure is not None for figure in figures):
        raise CannotJudge("There are no figures.")
    asked = replace(asked, notation=asked.notation or Notation(decimals=_decimals(figures)))
    target = None if asked.target is None else finite(asked.target, "The target")
    points: list[Point] = []
    stretches: list[Stretch] = []
    for first, last, because in _stretches(len(figures), asked.rebases):
        stretch, of_stretch = _stretch(first, last, because, figures, read, polarity, asked)
        stretches.append(stretch)
        points.extend(of_stretch)
    newest = max(point.place for point in points if point.amount is not None)
    (stretch,) = (one for one in stretches if one.first <= newest <= one.last)
    variation = _variation(points, newest, stretch, asked)
    assurance = _assurance(points[newest].limits, stretch, target, polarity, asked)
    return Chart(method, asked.setup, variation, assurance, tuple(points), tuple(stretches))


def _stretches(length: int, rebases: Sequence[Rebase]) -> list[tuple[int, int, str]]:
    places = [rebase.at for rebase in rebases]
    for rebase in rebases:
        if not rebase.because.strip():
            raise CannotJudge("Limits are drawn anew only with a reason, and none is given.")
        if not 0 < rebase.at < length:
            raise CannotJudge(f"Limits cannot be drawn anew from figure {rebase.at + 1}: there are {length}.")
    if len(set(places)) < len(places):
        raise CannotJudge("Limits are drawn anew twice from the same figure.")
    ordered = [Rebase(0, ""), *sorted(rebases, key=lambda rebase: rebase.at)]
    ends = [*(rebase.at - 1 for rebase in ordered[1:]), length - 1]
    return [(rebase.at, end, rebase.because) for rebase, end in zip(ordered, ends, strict=True)]


def _stretch(
    first: int, last: int, because: str, figures: list[Decimal | None], read: Read, polarity: Polarity, asked: Asked
) -> tuple[Stretch, list[Point]]:
    own = figures[first : last + 1]
    base = len(own) if asked.setup.fixed_after is None else asked.setup.fixed_after
    count = sum(figure is not None for figure in own[: max(base, 0)])
    bare = [Point(first + place, amount) for place, amount in enumerate(own)]
    if count < max(asked.setup.fewest, 1):
        fewest = asked.setup.fewest
        why = f"There {'is' if count == 1 else 'are'} {count or 'no'} of the {fewest} figures that limits take."
        return Stretch(first, last, because, count, False, why), bare
    readings = read(first, last, base)
    if readings is None:
        why = f"The {count} figures do not vary enough for limits to be drawn."
        return Stretch(first, last, because, count, False, why), bare
    marks = signals(own, readings)
    if first:
        marks = [
            tuple(replace(signal, first=signal.first + first, last=signal.last + first) for signal in of_figure)
            for of_figure in marks
        ]
    points = [
        Point(
            first + place,
            own[place],
            reading.limits,
            marks[place],
            _mark(first + place, reading, marks[place], figures, polarity),
        )
        if reading
        else bare[place]
        for place, reading in enumerate(readings)
    ]
    return Stretch(first, last, because, count, count < asked.setup.fewest_for_full, ""), points


def _mark(
    place: int, reading: Reading, of_figure: tuple[Signal, ...], figures: list[Decimal | None], polarity: Polarity
) -> Variation:
    marks = {_mark_of_signal(place, reading, signal, figures, polarity) for signal in leading(of_figure)}
    if len(marks) > 1:
        return Variation.TURNING
    return marks.pop() if marks else Variation.COMMON


def _mark_of_signal(
    place: int, reading: Reading, signal: Signal, figures: list[Decimal | None], polarity: Polarity
) -> Variation:
    """Better or worse: a trend by its two ends, anything else by the figure against the centre."""
    if polarity.better in (Better.HIGHER, Better.LOWER):
        return Variation.IMPROVING if signal.high is (polarity.better is Better.HIGHER) else Variation.CONCERNING
    start, end = figures[signal.first], figures[signal.last]
    if signal.rule is not Rule.TREND or start is None or end is None:
        start, end = reading.limits.centre, figures[place] or Decimal(0)
    was, now = polarity.distance(start), polarity.distance(end)
    if was is None or now is None or was == now:
        return Variation.NEITHER
    return Variation.IMPROVING if now < was else Variation.CONCERNING


def _variation(points: list[Point], newest: int, stretch: Stretch, asked: Asked) -> VariationVerdict:
    point = points[newest]
    if point.limits is None or point.amount is None:
        return VariationVerdict(
            Variation.CANNOT_JUDGE, stretch.no_limits, place=newest, amount=point.amount, figures=stretch.figures
        )
    signal = point.leading[0] if point.signals else None  # the newest figure is no turning point
    gap = len(points) - 1 - newest
    late = f" The newest {'period has' if gap == 1 else f'{gap} periods have'} no figure." if gap else ""
    trial = f", by trial limits from {stretch.figures} figures only" if stretch.trial else ""
    return VariationVerdict(
        point.variation,
        f"{_told(point, signal, point.amount, point.limits, asked)}{trial}.{late}",
        signal.rule if signal else None,
        signal.high if signal else None,
        newest,
        point.amount,
        point.limits,
        stretch.figures,
        stretch.trial,
    )


MEANING = {
    Variation.IMPROVING: ", which is better",
    Variation.CONCERNING: ", which is worse",
    Variation.NEITHER: ", which is neither better nor worse",
}


def _told(point: Point, signal: Signal | None, amount: Decimal, limits: Limits, asked: Asked) -> str:
    if signal is None:
        low, high = (_written(line, asked) for line in (limits.lower, limits.upper))
        return f"Nothing beyond chance: while nothing changes, figures are expected between {low} and {high}"
    meaning = MEANING.get(point.variation, "")
    side = "above" if signal.high else "below"
    run = signal.last - signal.first + 1
    if signal.rule is Rule.OUTSIDE:
        limit = limits.upper if signal.high else limits.lower
        name = "upper" if signal.high else "lower"
        figure, line = _beside(amount, limit, asked)
        return f"{figure} is {side} the {name} limit of {line}{meaning}"
    if signal.rule is Rule.TREND:
        return f"{run} figures running have {'risen' if signal.high else 'fallen'}{meaning}"
    if signal.rule is Rule.SHIFT:
        return f"{run} figures running lie {side} the average of {_written(limits.centre, asked)}{meaning}"
    return f"Two of three figures running lie near the {'upper' if signal.high else 'lower'} limit{meaning}"


def _assurance(
    limits: Limits | None, stretch: Stretch, target: Decimal | None, polarity: Polarity, asked: Asked
) -> AssuranceVerdict:
    if polarity.better is Better.NEUTRAL:
        return AssuranceVerdict(Assurance.NO_DIRECTION, "No direction is better.", target, polarity, limits)
    low, high = polarity.low, polarity.high
    if polarity.better is Better.HIGHER:
        low, high = target, None
    elif polarity.better is Better.LOWER:
        low, high = None, target
    if low is None and high is None:
        return AssuranceVerdict(Assurance.NO_TARGET, "There is no target.", target, polarity, limits)
    if limits is None:
        return AssuranceVerdict(Assurance.CANNOT_JUDGE, stretch.no_limits, target, polarity)
    kind = _reach(limits, low, high)
    between = f"between {_written(limits.lower, asked)} and {_written(limits.upper, asked)}"
    outcome = {
        Assurance.MEETS: "so the target will be met",
        Assurance.MISSES: "so the target will be missed",
        Assurance.HIT_AND_MISS: "so chance decides whether the target is met",
    }[kind]
    trial = f", by trial limits from {stretch.figures} figures only" if stretch.trial else ""
    sentence = f"While nothing changes, figures are expected {between}, {outcome}{trial}."
    return AssuranceVerdict(kind, sentence, target, polarity, limits)


def _reach(limits: Limits, low: Decimal | None, high: Decimal | None) -> Assurance:
    """A target exactly on a limit is within the reach of chance."""
    if (low is not None and limits.upper < low) or (high is not None and limits.lower > high):
        return Assurance.MISSES
    if (low is None or limits.lower > low) and (high is None or limits.upper < high):
        return Assurance.MEETS
    return Assurance.HIT_AND_MISS


def _written(amount: Decimal, asked: Asked, further: int = 1) -> str:
    """With one more decimal than figures have, as limits lie between figures."""
    notation = asked.notation or Notation()
    return replace(notation, decimals=notation.decimals + further).write(amount)


def _beside(amount: Decimal, limit: Decimal, asked: Asked) -> tuple[str, str]:
    """A figure and the limit that it lies beyond, with decimals enough to tell them apart."""
    pairs = [(_written(amount, asked, further), _written(limit, asked, further)) for further in range(MOST_DECIMALS)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[-1])


def _decimals(figures: Sequence[Decimal | None]) -> int:
    """How many decimals the figures are written with, as far as a reader wants any."""
    written = (-int(figure.normalize(spc_limits.EXACT).as_tuple().exponent) for figure in figures if figure)
    return min(max([0, *written]), MOST_DECIMALS)
