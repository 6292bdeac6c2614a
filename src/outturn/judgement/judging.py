"""What is said of an indicator's figures by its council's rules: the one road from a series to its verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from ..catalogue.indicator import Break, Indicator
from ..terms.basis import TimeBasis
from ..terms.period import Period, PeriodKind
from ..terms.polarity import Better, Polarity
from ..terms.unit import Unit
from ..terms.value import SCALES, Figure, Notation, Value
from . import comparison, uncertainty
from .direction import Against, Direction, DirectionRule, direction
from .forecast import Forecast, year_end
from .rag import Expected, Shape, Status, expected, status
from .settings import Chosen
from .trend import YEARLY, Measured, Trend, of_counts, recent_trend
from .variation import Asked, Chart, Rebase, p_chart, u_chart, xmr_chart

Pair = tuple[Decimal, Decimal]
"""Numerator and denominator."""

MOST_CHARTED = 40  # figures; a chart of more says nothing more of today
PERS = {Unit.PERCENT: 100, Unit.PER_100K: 100_000}
IN_TURN = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
DIRECTIONS = tuple(
    DirectionRule(f"Against {against.words}", against)
    for against in (Against.LAST_PERIOD, Against.SAME_LAST_YEAR, Against.LATEST_THREE, Against.TREND)
)


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of an indicator: results and targets by period, and counts where they are known.

    On the basis of a year-to-date sum, a quarter's result is what has come together since 1 April.
    """

    definition: Indicator
    basis: TimeBasis
    results: Mapping[Period, Value]
    targets: Mapping[Period, Value] = field(default_factory=dict)
    counts: Mapping[Period, Pair] = field(default_factory=dict)

    @property
    def polarity(self) -> Polarity:
        return self.definition.polarity

    @property
    def unit(self) -> Unit:
        return self.definition.unit

    @property
    def breaks(self) -> Sequence[Break]:
        return self.definition.breaks

    def newest(self) -> Period | None:
        """The period of the newest figure."""
        there = [period for period, value in self.results.items() if isinstance(value, Figure)]
        return max(there, key=lambda period: (period.end, period.start), default=None)

    def until(self, period: Period) -> "Known":
        """As it stood when that period was the newest."""
        return replace(
            self, results={each: value for each, value in self.results.items() if each.end <= period.end}
        )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is said of the figure for one period, each with its rule, its inputs and a sentence."""

    period: Period
    value: Value | None
    due: Expected
    status: Status
    direction: Direction  # by the council's rule
    directions: tuple[Direction, ...]  # by each of the usual ones
    interval: uncertainty.Interval | None  # None where numerator and denominator are not known
    change: comparison.Comparison | None  # against the same period last year, or else the one before
    change_since: Period | None
    trend: Trend | None  # over the latest five years, of a yearly share or rate with known counts


def judged(known: Known, chosen: Chosen, at: Period | None = None) -> Verdicts | None:
    """The verdicts on the figure for a period, by what was known then; by default the newest. None without figures."""
    period = at or known.newest()
    if period is None:
        return None
    then = known.until(period)
    value = then.results.get(period)
    due = target_for(then, chosen, period)
    earlier = then.results.get(period.same_last_year())
    since, change = _change(then, period)
    return Verdicts(
        period, value, due, status(value, _aim(then, period, due), then.polarity, chosen.status, earlier),
        _direction(then, chosen.direction), tuple(_direction(then, rule) for rule in DIRECTIONS),
        _interval(then, period), change, since, _trend(then, period),
    )  # fmt: skip


def target_for(known: Known, chosen: Chosen, period: Period) -> Expected:
    """What is due by the end of a period: the target given for it, or the part of its year's that is due by then."""
    given = known.targets.get(period)
    if given is not None and period.kind is not PeriodKind.YEAR:
        return expected(given, period, known.basis, known.unit, Shape.GIVEN, milestones={period: given})
    shape = chosen.shape if period not in chosen.milestones else Shape.GIVEN
    return expected(
        known.targets.get(period.financial_year), period, known.basis, known.unit, shape,
        last_year=known.results, milestones=chosen.milestones,
    )  # fmt: skip


def _aim(known: Known, period: Period, due: Expected) -> Value | Decimal | None:
    """What is due, written as the target is that it comes from."""
    target = known.targets.get(period) or known.targets.get(period.financial_year)
    if due.amount is None or not isinstance(target, Figure):
        return due.amount
    scaled = due.amount / SCALES[target.notation.scale]
    needed = next((places for places in (0, 1) if scaled == round(scaled, places)), 2)
    notation = replace(target.notation, decimals=max(target.notation.decimals, needed))
    return Figure(due.amount, notation)


def _direction(known: Known, rule: DirectionRule) -> Direction:
    return direction(known.results, known.polarity, rule, known.breaks, known.basis)


def _interval(known: Known, period: Period) -> uncertainty.Interval | None:
    """How far chance alone could have moved the figure, where it is a share or a rate of known counts."""
    pair, per = known.counts.get(period), PERS.get(known.unit)
    if pair is None or per is None:
        return None
    places = known.definition.decimals if known.definition.decimals is not None else 1
    judge = uncertainty.proportion if known.unit is Unit.PERCENT else uncertainty.rate
    return judge(*pair, per, places=places)


def _trend(known: Known, period: Period) -> Trend | None:
    counts = {each: pair for each, pair in known.counts.items() if each.kind in YEARLY and each.end <= period.end}
    if period.kind not in YEARLY or not counts or known.unit not in PERS:
        return None
    return recent_trend(of_counts(counts, known.unit), known.polarity, Measured.by(known.unit), known.breaks)


def _change(known: Known, period: Period) -> tuple[Period | None, comparison.Comparison | None]:
    """Whether it differs by more than chance from the same period last year, or else from the one before.

    Only where the counts behind both are known, the definition did not change between them, and the two do not overlap.
    """
    after = known.counts.get(period)
    if after is None or known.unit not in PERS:
        return None, None
    for since in (period.same_last_year(), period.previous()):
        before = known.counts.get(since)
        overlaps = known.basis in (TimeBasis.ROLLING, TimeBasis.YTD_SUM) and since != period.same_last_year()
        if before is None or overlaps or known.definition.broken_between(since, period):
            continue
        if known.unit is Unit.PERCENT:
            return since, comparison.shares(before, after, known.polarity)
        return since, comparison.rates(before, after, known.polarity)
    return None, None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is expected by the end of the year, and whether that would meet the year's target, if it has one."""

    forecast: Forecast
    status: Status | None


def ahead(known: Known, chosen: Chosen, at: Period | None = None) -> Ahead:
    """Look ahead from a period, by default the newest with a figure."""
    period = at or known.newest()
    forecast = year_end(known.results, known.basis, known.unit, known.counts, known.breaks, period)
    target = known.targets.get(period.financial_year) if period else None
    if forecast.estimate is None or target is None or period is None or period.end == period.financial_year.end:
        return Ahead(forecast, None)
    return Ahead(forecast, status(_as_printed(forecast.estimate, target), target, known.polarity, chosen.status))


def _as_printed(estimate: float, target: Value) -> Value:
    """The estimate as a figure of the target's kind, so that the two are written alike."""
    if not isinstance(target, Figure):
        return target
    amount = Decimal(repr(estimate)).quantize(Decimal(1).scaleb(-target.notation.decimals), ROUND_HALF_UP)
    return Figure(amount, target.notation)


# Variation over time


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart over time with the period of each figure; on its own where figures of a sum were taken apart."""

    chart: Chart
    periods: tuple[Period, ...]
    apart: bool = False  # each period by itself, of figures that add up from 1 April


def charted(known: Known, chosen: Chosen) -> Charted:
    """The series as a chart with limits: of shares and rates by their counts where all are known, else XmR.

    Figures that add up from 1 April are charted by what each period added. A period without a figure is a gap.
    """
    periods = in_turn(known)
    apart = known.basis is TimeBasis.YTD_SUM and known.unit.is_additive and len(periods) > 1
    asked = Asked(
        target=_charted_target(known, chosen, periods, apart), rebases=tuple(_rebases(chosen, periods)),
        basis=None if apart else known.basis, lowest=None, notation=_notation(known, periods),
    )  # fmt: skip
    pairs = [known.counts.get(period) for period in periods]
    by_counts = known.basis is TimeBasis.IN_PERIOD and known.unit in PERS and periods and None not in pairs
    if by_counts:
        chart = p_chart if known.unit is Unit.PERCENT else u_chart
        return Charted(chart(pairs, known.polarity, asked, PERS[known.unit]), periods)
    amounts = each_alone(known, periods) if apart else [_amount(known.results.get(period)) for period in periods]
    return Charted(xmr_chart(amounts, known.polarity, asked), periods, apart)


def _rebases(chosen: Chosen, periods: Sequence[Period]) -> Iterator[Rebase]:
    """Those that fall among the periods: limits from the first figure on are drawn there anyway."""
    for rebase in chosen.rebases:
        place = next((place for place, each in enumerate(periods) if each.start >= rebase.period.start), 0)
        if place:
            yield Rebase(place, rebase.because)


def in_turn(known: Known, *, across_breaks: bool = False) -> tuple[Period, ...]:
    """Every period of the newest figure's kind since the first figure or the last break, gaps included."""
    newest = known.newest()
    if newest is None or newest.kind not in IN_TURN:
        return ()
    kind = [period for period, value in known.results.items()
            if period.kind is newest.kind and isinstance(value, Figure)]  # fmt: skip
    breaks = () if across_breaks else known.breaks
    broken = max((found.period.start for found in breaks if found.period.start <= newest.end), default=None)
    first = min((period for period in kind if broken is None or period.start >= broken), key=lambda each: each.start)
    periods = [newest]
    while periods[0].start > first.start and len(periods) < MOST_CHARTED:
        periods.insert(0, periods[0].previous())
    return tuple(periods)


def _amount(value: Value | None) -> Decimal | None:
    return value.amount if isinstance(value, Figure) else None


def each_alone(known: Known, periods: Sequence[Period]) -> list[Decimal | None]:
    """What each period added to a sum from 1 April; not known where the one before it is not."""
    found: list[Decimal | None] = []
    so_far: Decimal | None = None
    for period in periods:
        total = _amount(known.results.get(period))
        if period.start == period.financial_year.start:
            so_far = Decimal(0)
        found.append(None if total is None or so_far is None else total - so_far)
        so_far = total
    return found


def _charted_target(known: Known, chosen: Chosen, periods: Sequence[Period], apart: bool) -> Decimal | None:
    if not periods or known.polarity.better in (Better.NEUTRAL, Better.WITHIN):
        return None
    if apart:
        whole = _amount(known.targets.get(periods[-1].financial_year))
        parts = {PeriodKind.QUARTER: 4, PeriodKind.MONTH: 12}.get(periods[-1].kind, 1)
        return None if whole is None or chosen.shape is not Shape.STRAIGHT else whole / parts
    return target_for(known, chosen, periods[-1]).amount


def _notation(known: Known, periods: Sequence[Period]) -> Notation | None:
    value = known.results.get(periods[-1]) if periods else None
    return replace(value.notation, words="") if isinstance(value, Figure) else None
