"""The recent trend of a yearly figure: whether its latest five years rise or fall by more than chance would.

The method of Fingertips (DHSC): a straight line through five yearly figures, each weighted by how sure it is, tested at
99.8%, that keeps its sign whichever year is left out. Years without limits are passed over, as there, and so is a gap.
Data never raise here: where no trend can be calculated the sentence says why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from ..catalogue.indicator import Break
from ..terms.period import Period, PeriodKind
from ..terms.polarity import Better, Polarity
from ..terms.unit import Unit
from . import uncertainty
from .uncertainty import SMALLEST, Number, number_fault

YEARS = 5
SIGNIFICANT = 9.54953570608324
"""The 99.8% point of chi-squared with one degree of freedom."""
ROUNDING = 1e-9
"""Of the slope; less is a level line. Fingertips takes that for a rising one, which is not so upside down."""
LIMITS_APART = 3.92
"""Standard errors between the two 95% limits."""
YEARLY = (PeriodKind.YEAR, PeriodKind.SURVEY)


class Measured(Enum):
    """What kind of figure it is, and whether its limits are those of chance alone, as the test takes them to be."""

    SHARE = ("a share of people", True)
    RATE = ("a crude rate", True)
    STANDARDISED_RATE = ("a directly standardised rate", True)
    OTHER = ("neither a share, nor a crude or directly standardised rate", False)

    def __init__(self, words: str, can_be_tested: bool) -> None:
        self.words = words
        self.can_be_tested = can_be_tested

    @classmethod
    def by(cls, unit: Unit) -> "Measured":
        """What a figure worked out from counts is, by its unit."""
        return {Unit.PERCENT: cls.SHARE, Unit.PER_100K: cls.RATE}.get(unit, cls.OTHER)


class Marker(StrEnum):
    """The answers."""

    INCREASING = "increasing"
    DECREASING = "decreasing"
    NO_CHANGE = "no significant change"
    CANNOT_BE_CALCULATED = "cannot be calculated"


@dataclass(frozen=True, slots=True)
class Yearly:
    """One year's figure with its 95% limits, and its counts where they are known."""

    period: Period
    value: Number | None
    low: Number | None
    high: Number | None
    count: Number | None = None
    out_of: Number | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend with its rule, the years it rests on, and a sentence; `better` is None where that cannot be said."""

    rule: str
    inputs: tuple[Yearly, ...]
    marker: Marker
    sentence: str
    better: bool | None = None
    slope: float | None = None  # a year, in the unit of the figure
    chi_squared: float | None = None


RULE = "Recent trend over five years at 99.8%, as in Fingertips"


def of_counts(counts: Mapping[Period, tuple[Number, Number]], unit: Unit) -> list[Yearly]:
    """Yearly figures with their limits, from numerators and denominators; none where the unit is no share or rate."""
    judge = {Unit.PERCENT: uncertainty.proportion, Unit.PER_100K: uncertainty.rate}.get(unit)
    found = [(period, pair, judge(*pair)) for period, pair in counts.items()] if judge else []
    return [Yearly(period, each.value, each.low, each.high, *pair) for period, pair, each in found]


def recent_trend(
    years: Iterable[Yearly], polarity: Polarity, measured: Measured, breaks: Sequence[Break] = ()
) -> Trend:
    """Judge the latest five years that have limits, none of them before a change of definition."""
    usable, fault = _usable(years, measured, breaks)

    def answer(marker: Marker, said: str, *figures: float, better: bool | None = None) -> Trend:
        return Trend(RULE, tuple(usable), marker, f"{said[0].upper()}{said[1:]}.", better, *figures)

    if fault:
        return answer(Marker.CANNOT_BE_CALCULATED, f"a trend cannot be calculated, because {fault}")
    values = [float(year.value or 0) for year in usable]
    weights = [(LIMITS_APART / (float(year.high or 0) - float(year.low or 0))) ** 2 for year in usable]
    slope, precision = _slope(values, weights)
    chi_squared = slope * slope * precision
    since = f"over the {YEARS} years from {usable[0].period.words} to {usable[-1].period.words}"
    if not chi_squared > SIGNIFICANT:
        return answer(Marker.NO_CHANGE, f"no significant change {since}", slope, chi_squared)
    without = [_slope(values[:at] + values[at + 1 :], weights, at)[0] for at in range(YEARS)]
    if any(each / slope < ROUNDING for each in without):
        said = f"no significant change {since}: the trend would be gone if one of them were left out"
        return answer(Marker.NO_CHANGE, said, slope, chi_squared)
    marker = Marker.INCREASING if slope > 0 else Marker.DECREASING
    better = {Better.HIGHER: slope > 0, Better.LOWER: slope < 0}.get(polarity.better)
    getting = "" if better is None else f" and getting {'better' if better else 'worse'}"
    return answer(marker, f"{marker}{getting} {since}", slope, chi_squared, better=better)


def _usable(years: Iterable[Yearly], measured: Measured, breaks: Sequence[Break]) -> tuple[list[Yearly], str]:
    """The five years to be judged, and why they cannot be."""
    ordered = sorted((year for year in years if year.period.kind in YEARLY), key=lambda year: year.period.end)
    since = max((found.period.start for found in breaks if ordered and found.period.start <= ordered[-1].period.end),
                default=None)  # fmt: skip
    current = [year for year in ordered if since is None or year.period.start >= since]
    usable = [year for year in current if not _fault(year)][-YEARS:]
    if not measured.can_be_tested:
        return usable, f"it is {measured.words}"
    if len(usable) < YEARS:
        changed = " since its definition changed" if len(current) < len(ordered) else ""
        there = {0: "is none", 1: "is one"}.get(len(usable), f"are {len(usable)}")
        return usable, f"it takes {YEARS} yearly figures with limits, and there {there}{changed}"
    if full := next((year for year in usable if year.count is not None and year.count == year.out_of), None):
        return usable, f"in {full.period.words} all were counted, which leaves nothing to chance"
    return usable, ""


def _fault(year: Yearly) -> str:
    for name, number in (("the figure", year.value), ("its lower limit", year.low), ("its upper limit", year.high)):
        if fault := number_fault(name, number):
            return fault
    return "" if float(year.high or 0) - float(year.low or 0) >= SMALLEST else "its limits are not apart"


def _slope(values: Sequence[float], weights: Sequence[float], without: int = YEARS) -> tuple[float, float]:
    """The weighted slope on years counted 1 to 5, and one over its variance."""
    times = [at for at in range(1, YEARS + 1) if at != without + 1]
    kept = [weights[at - 1] for at in times]
    total = sum(kept)
    middle = sum(w * t for w, t in zip(kept, times, strict=True)) / total
    precision = sum(w * (t - middle) ** 2 for w, t in zip(kept, times, strict=True))
    slope = sum(w * (t - middle) * v for w, t, v in zip(kept, times, values, strict=True)) / precision
    return slope, precision
