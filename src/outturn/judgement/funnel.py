"""Which of many areas stand out by more than chance, given their size: funnel limits, with over-dispersion or without.

Councils differ by more than chance for many reasons, so limits for chance alone flag most of them. The limits here are
therefore widened, unless told otherwise, by the variance between areas (tau squared), as Spiegelhalter (2005) puts it:
the additive model, on z scores of which the outermost tenth at either end is pulled in or left out. The figures are
compared on a `Scale` that makes them vary alike: the arcsine of their root for shares, the root for ratios and rates.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import asin, exp, fsum, log, pi, sin, sqrt

from ..results.interval import LEVEL, normal, of_count
from ..terms.polarity import Polarity
from .comparison import Kind, kind_of
from .uncertainty import Inputs, Number, cannot, count_fault, percent, share_fault, size_fault, write

OUTER = 0.998
OUTERMOST = 0.1
FEWEST_AREAS = 10
"""With fewer areas the outermost tenth is nobody, and the variance between areas is a guess."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area's count, and what it is out of: people for a share or rate, events expected for a ratio."""

    name: str
    count: Number | None
    out_of: Number | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an area stands; `beyond` is the widest level whose limits it lies outside of."""

    area: Area
    kind: Kind
    rule: str
    inputs: Inputs
    sentence: str
    value: float | None = None
    beyond: float | None = None
    inner: tuple[float, float] | None = None
    outer: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """All the places, what they were compared with, and how much more than by chance the areas differ."""

    rule: str
    inputs: Inputs
    sentence: str
    places: tuple[Place, ...]
    baseline: float | None = None
    dispersion: float | None = None
    between: float | None = None
    """Tau squared: the variance between areas, on the scale they are compared on."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where figures vary alike whatever their height: the way there and back, and the spread of a figure of a size."""

    there: Callable[[float], float]
    back: Callable[[float], float]
    spread: Callable[[float], float]
    leaves_out: bool = False
    """Whether the outermost tenths are left out of the reckoning, rather than pulled in."""


# Beyond its ends the sine would turn back, and draw a limit inside the funnel.
ARCSINE = Scale(
    lambda share: asin(sqrt(share)), lambda angle: sin(min(max(angle, 0.0), pi / 2)) ** 2, lambda n: 1 / (2 * sqrt(n))
)
ROOT = Scale(sqrt, lambda root: max(root, 0.0) ** 2, lambda expected: 1 / (2 * sqrt(expected)))
"""As the Care Quality Commission has it."""
LOGARITHM = Scale(log, exp, lambda expected: 1 / sqrt(expected), leaves_out=True)
"""As the Summary Hospital-level Mortality Indicator has it. An observed zero has no logarithm, and no place."""

Limits = Callable[[Area, float], tuple[float, float]]
"""The limits of an area at a level."""


def of_shares(
    areas: Iterable[Area], polarity: Polarity, per: int = 100, *, adjusted: bool = True, places: int = 1
) -> Funnel:
    """A funnel of shares about their pooled share; `adjusted` allows for over-dispersion."""
    rule = "Funnel of shares, allowing for over-dispersion" if adjusted else "Funnel of shares, chance alone"
    rows = tuple(areas)
    good = [area for area in rows if not _share_trouble(area)]
    count, people = sum(_number(area.count) for area in good), sum(_number(area.out_of) for area in good)
    start = Funnel(rule, _inputs(rows, per, polarity), "", ())
    fault = _too_few(good, adjusted) or (
        "the count is zero everywhere" if not count else "everybody is counted everywhere" if count == people else ""
    )
    if fault:
        return _refused(start, rows, fault)
    middle = count / people
    if not adjusted:

        def by_chance(area: Area, level: float) -> tuple[float, float]:
            reach = normal(level) * sqrt(middle * (1 - middle) / _number(area.out_of))
            return per * max(0.0, middle - reach), per * min(1.0, middle + reach)

        return _placed(replace(start, baseline=per * middle), rows, good, by_chance, polarity, per, places)
    found = replace(start, baseline=per * middle)
    return _widened(found, rows, good, lambda area: _number(area.out_of), middle, ARCSINE, polarity, per, places)


def of_rates(
    areas: Iterable[Area], polarity: Polarity, per: int = 100_000, *, adjusted: bool = True, places: int = 1
) -> Funnel:
    """A funnel of rates about their pooled rate, as the ratio of events to those expected at the pooled rate.

    Unadjusted, an area stands out when the pooled rate lies outside the exact or Byar's limits of its own rate; its
    limits are then those of its rate, not of the funnel.
    """
    rule = "Funnel of rates, allowing for over-dispersion" if adjusted else "Funnel of rates, chance alone"
    rows = tuple(areas)
    good = [area for area in rows if not _rate_trouble(area)]
    count, people = sum(_number(area.count) for area in good), fsum(_number(area.out_of) for area in good)
    start = Funnel(rule, _inputs(rows, per, polarity), "", ())
    fault = _too_few(good, adjusted) or ("" if count else "the count is zero everywhere")
    if fault:
        return _refused(start, rows, fault)
    middle = count / people
    if not adjusted:

        def mirrored(area: Area, level: float) -> tuple[float, float]:
            low, high = of_count(int(_number(area.count)), level)
            value, size = per * _number(area.count) / _number(area.out_of), per / _number(area.out_of)
            # The rate is beyond its funnel limit exactly where the pooled rate is beyond the rate's own limit.
            baseline = per * middle
            return value + baseline - high * size, value + baseline - low * size

        return _placed(replace(start, baseline=per * middle), rows, good, mirrored, polarity, per, places)
    found = replace(start, baseline=per * middle)
    return _widened(found, rows, good, lambda area: middle * _number(area.out_of), 1.0, ROOT, polarity, per, places)


def of_ratios(
    areas: Iterable[Area], polarity: Polarity, per: int = 100, *, scale: Scale = ROOT, places: int = 1
) -> Funnel:
    """A funnel of ratios, events observed over events expected (`out_of`), about one for each that is expected."""
    rows = tuple(areas)
    start = Funnel("Funnel of ratios, allowing for over-dispersion", _inputs(rows, per, polarity), "", (), per)
    good = [area for area in rows if not _rate_trouble(area) and (area.count or scale is not LOGARITHM)]
    if fault := _too_few(good, adjusted=True):
        return _refused(replace(start, baseline=None), rows, fault)
    return _widened(start, rows, good, lambda area: _number(area.out_of), 1.0, scale, polarity, per, places)


def dispersed(scores: Sequence[float], spreads: Sequence[float], leaves_out: bool = False) -> tuple[float, float]:
    """How many times more than by chance areas vary (phi), and the variance between them that explains it."""
    if leaves_out:
        kept = _inner(scores)
        scores, spreads = [scores[at] for at in kept], [spreads[at] for at in kept]
    else:
        low, high = quantile(scores, OUTERMOST), quantile(scores, 1 - OUTERMOST)
        scores = [min(max(score, low), high) for score in scores]
    size = len(scores)
    dispersion = fsum(score**2 for score in scores) / size
    weights = [1 / spread**2 for spread in spreads]
    total = fsum(weights)
    room = total - fsum(weight**2 for weight in weights) / total
    return dispersion, max(0.0, (size * dispersion - (size - 1)) / room)


def _inner(scores: Sequence[float]) -> list[int]:
    """The places of scores in neither the lowest nor the highest of ten groups by rank; equals share a rank."""
    ordered, groups = sorted(scores), round(1 / OUTERMOST)
    ranks = [(bisect_left(ordered, score) + bisect_right(ordered, score) + 1) / 2 for score in scores]
    return [at for at, rank in enumerate(ranks) if 1 <= rank * groups / (len(scores) + 1) < groups - 1]


def quantile(values: Sequence[float], share: float) -> float:
    """As R's default has it (type 7): between the two nearest values, in proportion."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * share
    below = min(int(at), len(ordered) - 2)
    return ordered[below] + (at - below) * (ordered[below + 1] - ordered[below])


def _widened(
    funnel: Funnel, rows: tuple[Area, ...], good: list[Area], size: Callable[[Area], float], target: float,
    scale: Scale, polarity: Polarity, per: int, places: int,
) -> Funnel:  # fmt: skip
    """Limits about `target`, of figures that are counts over `size`, on `scale`; the baseline is what is printed."""
    centre, factor = scale.there(target), (funnel.baseline or 0.0) / target
    spreads = [scale.spread(size(area)) for area in good]
    scores = [
        (scale.there(_number(area.count) / size(area)) - centre) / spread
        for area, spread in zip(good, spreads, strict=True)
    ]
    dispersion, between = dispersed(scores, spreads, scale.leaves_out)

    def limits(area: Area, level: float) -> tuple[float, float]:
        reach = normal(level) * sqrt(scale.spread(size(area)) ** 2 + between)
        return factor * scale.back(centre - reach), factor * scale.back(centre + reach)

    found = replace(funnel, dispersion=dispersion, between=between)
    return _placed(found, rows, good, limits, polarity, per, places)


def _placed(
    funnel: Funnel, rows: tuple[Area, ...], good: list[Area], limits: Limits, polarity: Polarity, per: int, places: int
) -> Funnel:
    judged = {id(area): _place(funnel, area, limits, polarity, per, places) for area in good}
    why = "nothing was observed, and nothing has no logarithm"
    placed = tuple(judged.get(id(area)) or _unplaced(funnel, area, _trouble(funnel, area) or why) for area in rows)
    out = sum(place.beyond is not None for place in placed)
    written = write(funnel.baseline or 0.0, places)
    lie = "lies" if out == 1 else "lie"
    sentence = f"{out} of {len(good)} areas {lie} outside the {percent(LEVEL)} limits about {written}."
    if funnel.dispersion is not None and funnel.between:
        times = write(funnel.dispersion, 1)
        sentence = f"{sentence[:-1]}, which allow for a variance {times} times that of chance."
    return replace(funnel, places=placed, sentence=sentence)


def _place(funnel: Funnel, area: Area, limits: Limits, polarity: Polarity, per: int, places: int) -> Place:
    value, baseline = per * _number(area.count) / _number(area.out_of), funnel.baseline or 0.0
    inner, outer = limits(area, LEVEL), limits(area, OUTER)
    beyond = next((level for level, (low, high) in ((OUTER, outer), (LEVEL, inner)) if not low <= value <= high), None)
    kind = Kind.SIMILAR if beyond is None else kind_of(baseline, value, polarity)
    reached = outer if beyond == OUTER else inner
    side = "outside" if beyond else "inside"
    sentence = (
        f"{write(value, places)} lies {side} the {percent(beyond or LEVEL)} limits for an area of its size, "
        f"{write(reached[0], places)} to {write(reached[1], places)}."
    )
    if beyond:
        sentence = f"{kind.value.capitalize()} than {write(baseline, places)}: {sentence}"
    return Place(area, kind, funnel.rule, funnel.inputs[1:], sentence, value, beyond, inner, outer)


def _refused(funnel: Funnel, rows: tuple[Area, ...], fault: str) -> Funnel:
    placed = tuple(_unplaced(funnel, area, _trouble(funnel, area) or fault) for area in rows)
    return replace(funnel, sentence=cannot(fault), places=placed)


def _unplaced(funnel: Funnel, area: Area, fault: str) -> Place:
    return Place(area, Kind.CANNOT_TELL, funnel.rule, funnel.inputs[1:], cannot(fault))


def _trouble(funnel: Funnel, area: Area) -> str:
    return _share_trouble(area) if "shares" in funnel.rule else _rate_trouble(area)


def _share_trouble(area: Area) -> str:
    return share_fault(area.count, area.out_of)


def _rate_trouble(area: Area) -> str:
    return count_fault("the count", area.count) or size_fault("the population", area.out_of)


def _too_few(good: list[Area], adjusted: bool) -> str:
    fewest = FEWEST_AREAS if adjusted else 2
    return f"a funnel takes {fewest} areas, and {len(good)} can be used" if len(good) < fewest else ""


def _number(number: Number | None) -> float:
    return float(number or 0)


def _inputs(rows: tuple[Area, ...], per: int, polarity: Polarity) -> Inputs:
    return (("areas", rows), ("per", per), ("polarity", polarity.wording))
