"""What a figure is likely to be at the end of the year, with how sure that is and how far off such estimates have been.

Which way is taken is settled by what the figure is:
- what adds up from 1 April (sums, counts in a period, admissions per 100,000, averages of counts): by the course of up
  to five complete past years, with two even ones counted in; without past years, straight on;
- a percentage or score of the year so far: as it stands, with part of the change that past years saw after;
- a position on a day, a percentage or score of a month or quarter: the damped trend, and as it stands where there are
  too few figures to replay it; a rolling year the same;
- an annual figure or one that is itself a forecast: none.

Intervals come from replaying the same way on the series' own past, and for counts of people are at least those of
chance. Where one figure is all there is, a range as wide as such estimates were off elsewhere stands in, and says so.
`benchmarks/backtest.py` tried all of it on the years held back; `backtest.csv` is its table. Data never raise here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, exp, hypot, log

from ..catalogue.indicator import Break
from ..terms.basis import TimeBasis
from ..terms.period import Period, PeriodKind
from ..terms.unit import Unit
from ..terms.value import Figure, Flag, Notation, Value
from .past_error import ANY, LARGEST, POSITION, ROLLING, SHARE, SUM, PastError, past_error, size_of
from .projection import YEAR, Course, Projection, adding_up, by_chance, position, share_so_far
from .rag import number
from .uncertainty import MOST_COUNTED
from .year_so_far import courses_of, even_run, months_gone

Pair = tuple[Decimal, Decimal]
Inputs = tuple[tuple[str, object], ...]

STRAIGHT, COURSE = "straight line", "course of past years"
STANDS, CHANGED = "as it stands", "as it stands, with the usual change"
FIRST_ESTIMATE = 2  # months gone; one says too little
MOST_YEARS = 5


@dataclass(frozen=True, slots=True)
class Forecast:
    """A year-end estimate with its rule, what it was made from, and a sentence; no `estimate` where none can be made.

    `is_range` says that the limits are no interval of the series' own, but how far such estimates were off elsewhere.
    """

    rule: str
    inputs: Inputs
    sentence: str
    estimate: float | None = None
    low80: float | None = None
    high80: float | None = None
    low95: float | None = None
    high95: float | None = None
    months_used: float | None = None
    years_used: int = 0
    is_range: bool = False
    by_days: float | None = None  # the straight line over days instead of months
    past_error: PastError | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A projection with how it was made: its rule, how many past years it looked at, and chance where it is chance."""

    rule: str
    kind: str
    projection: Projection
    years: int = 0
    chance: tuple[int, float, float] | None = None  # counted so far, the usual share, and what one more is worth
    floor: float | None = None
    ceiling: float | None = None
    by_days: float | None = None


def year_end(
    results: Mapping[Period, Value],
    basis: TimeBasis,
    unit: Unit,
    counts: Mapping[Period, Pair] | None = None,
    breaks: Sequence[Break] = (),
    period: Period | None = None,
) -> Forecast:
    """Estimate the year's figure as seen from `period`, by default the newest, with results of this and earlier years.

    On the basis of a year-to-date sum or average, a month's or quarter's result is that of the year so far. `counts`
    are numerators and denominators, which tell how far chance moves a rate. Forecasts among the results are left out.
    """
    known = {
        each: value
        for each, value in results.items()
        if isinstance(value, Figure) and Flag.FORECAST not in value.flags and number(value.amount) is not None
    }
    at = period or max(known, key=lambda each: (each.end, each.start), default=None)
    inputs: Inputs = (("basis", basis.wording), ("unit", unit.wording), ("period", at.code if at else None))
    fault = _refused(known, basis, unit, breaks, at)
    if fault or at is None:
        return Forecast("none", inputs, f"No estimate for the year's end: {fault}.")
    since = max((found.period.start for found in breaks if found.period.start <= at.end), default=None)
    known = {
        each: value for each, value in known.items() if each.end <= at.end and (since is None or each.start >= since)
    }
    inputs = (*inputs, ("results", tuple(known.items())))
    made = _made(known, basis, unit, counts or {}, at)
    if isinstance(made, str):
        return Forecast("none", inputs, f"No estimate for the year's end: {made}.")
    return _told(made, inputs, known[at], unit, at)


def _refused(
    known: Mapping[Period, Figure], basis: TimeBasis, unit: Unit, breaks: Sequence[Break], at: Period | None
) -> str:
    if basis is TimeBasis.FORECAST:
        return "the figure is a forecast already"
    if unit is Unit.YES_NO:
        return "yes or no cannot be carried forward"
    if at is None or at not in known:
        return f"there is no figure{f' for {at.words}' if at else ''} that can be reckoned with"
    if basis is TimeBasis.ANNUAL or at.kind is PeriodKind.SURVEY:
        return "there is one figure a year, and nothing during the year to go by"
    for found in breaks:
        if at.financial_year.start <= found.period.start <= at.end:
            return f"the definition changed from {found.period.words}. {found.because.rstrip('.')}"
    gone = months_gone(at)
    if gone < FIRST_ESTIMATE:
        return f"one is made after {FIRST_ESTIMATE} months, and {write_months(gone)} of the year have gone"
    return ""


def write_months(months: float) -> str:
    """As a sentence says it: 6, or 7.5."""
    return f"{months:.1f}".removesuffix(".0")


def _made(
    known: Mapping[Period, Figure], basis: TimeBasis, unit: Unit, counts: Mapping[Period, Pair], at: Period
) -> _Made | str:
    """The projection, or why there is none."""
    adds = unit.is_additive or unit is Unit.PER_100K
    if basis in (TimeBasis.YTD_SUM, TimeBasis.YTD_AVERAGE) or (basis is TimeBasis.IN_PERIOD and unit.is_additive):
        courses = courses_of(known, basis, at, averaged=basis is TimeBasis.YTD_AVERAGE and adds)
        own = courses.pop(at.first_year, {})
        gone = months_gone(at)
        if gone not in own:
            return "a part of the year so far is missing, so it cannot be added up"
        complete = [course for _, course in sorted(courses.items()) if gone in course and YEAR in course]
        past = complete[-MOST_YEARS:] if gone < YEAR else []
        return _of_sum(own, past, basis, unit, counts.get(at), at) if adds else _of_share(own, past, unit, at)
    return _of_position(known, basis, unit, at)


def _of_sum(
    own: Course, past: Sequence[Course], basis: TimeBasis, unit: Unit, pair: Pair | None, at: Period
) -> _Made:
    gone, negative = months_gone(at), any(min(course.values()) < 0 for course in (own, *past))
    past = [] if negative else [course for course in past if course[YEAR] > 0]
    projection = adding_up(own, past, gone)
    so_far = float(own[gone])
    share = so_far / projection.estimate if projection.estimate else gone / YEAR
    by_days = None
    if not past:
        year = at.financial_year
        by_days = so_far * ((year.end - year.start).days + 1) / ((at.end - year.start).days + 1)
    return _Made(
        COURSE if past else STRAIGHT, SUM, projection, len(past),
        _chance(own[gone], basis, unit, pair, share), None if negative else so_far, by_days=by_days,
    )  # fmt: skip


def _chance(
    so_far: Decimal, basis: TimeBasis, unit: Unit, pair: Pair | None, share: float
) -> tuple[int, float, float] | None:
    """For counts of people, and rates of people who are known in number."""
    if basis is TimeBasis.YTD_AVERAGE or not 0 < share <= 1:
        return None
    people = so_far if unit is Unit.COUNT else number(pair[0]) if unit is Unit.PER_100K and pair else None
    if people is None or people % 1 or not 0 <= people <= MOST_COUNTED:
        return None
    return int(people), share, float(so_far / people) if people else 1.0


def _of_share(own: Course, past: Sequence[Course], unit: Unit, at: Period) -> _Made:
    projection = share_so_far(own, past, months_gone(at))
    negative = any(min(course.values()) < 0 for course in (own, *past))
    ceiling = 100.0 if unit is Unit.PERCENT and max(max(course.values()) for course in (own, *past)) <= 100 else None
    rule = CHANGED if past else STANDS
    return _Made(rule, SHARE, projection, len(past), floor=None if negative else 0.0, ceiling=ceiling)


def _of_position(known: Mapping[Period, Figure], basis: TimeBasis, unit: Unit, at: Period) -> _Made:
    values, step = even_run(known, at)
    ahead = ceil((YEAR - months_gone(at)) / step)
    rolling = basis is TimeBasis.ROLLING
    rule, projection = position(values, ahead, rolling) if ahead else (STANDS, Projection(values[-1], 0.0))
    ceiling = 100.0 if unit is Unit.PERCENT and max(values) <= 100 else None
    return _Made(
        rule, ROLLING if rolling else POSITION, projection,
        floor=0.0 if min(values) >= 0 else None, ceiling=ceiling,
    )  # fmt: skip


# Words


def _told(made: _Made, inputs: Inputs, now: Figure, unit: Unit, at: Period) -> Forecast:
    gone = months_gone(at)
    estimate = _within(made.projection.estimate, made)
    error = None if gone >= YEAR else _past_error(made, unit, gone)
    limits = {level: _limits(made, level) for level in (0.8, 0.95)}
    elsewhere = past_error(SUM, made.rule, made.years, LARGEST, gone) if limits[0.95] is None else None
    if elsewhere:
        for level, reach in ((0.8, elsewhere.reach80), (0.95, elsewhere.reach95)):
            limits[level] = _range(made, estimate, reach, level)
    write = _writer(now.notation)
    year = at.financial_year.words
    if gone >= YEAR:
        said = f"{write(estimate)} is the figure for {year}, which is over"
        limits = dict.fromkeys(limits, (estimate, estimate))
    else:
        spread = _spread(limits, bool(elsewhere), write)
        said = f"{write(estimate)} is expected by the end of {year}{spread}{_how(made, gone)}"
        if made.by_days is not None:
            said += f"; over days instead of months it would be {write(made.by_days)}"
    (low80, high80), (low95, high95) = (limits[level] or (None, None) for level in (0.8, 0.95))
    return Forecast(
        made.rule, inputs, f"{said}.", estimate, low80, high80, low95, high95, gone, made.years, bool(elsewhere),
        made.by_days, error,
    )  # fmt: skip


def _limits(made: _Made, level: float) -> tuple[float, float] | None:
    """Those of the projection, and at least those of chance; none where nothing shows how much the figures vary."""
    own, chance = made.projection.limits(level), _chance_limits(made, level)
    if own is None or not (made.projection.error or chance):
        return None
    low, high = (min(own[0], chance[0]), max(own[1], chance[1])) if chance else own
    return _within(low, made), _within(high, made)


def _range(made: _Made, estimate: float, reach: float, level: float) -> tuple[float, float]:
    """As far off as large counts were elsewhere, which is hardly by chance, with this one's own chance put to it."""
    low, high = _chance_limits(made, level) or (estimate, estimate)
    if estimate <= 0:
        return min(low, estimate * exp(reach)), max(high, estimate / exp(reach))
    down = hypot(reach, log(estimate / max(low, estimate / 100)))
    up = hypot(reach, log(max(high, estimate) / estimate))
    return _within(estimate / exp(down), made), _within(estimate * exp(up), made)


def _chance_limits(made: _Made, level: float) -> tuple[float, float] | None:
    if not made.chance:
        return None
    people, share, worth = made.chance
    low, high = by_chance(people, share, level)
    return low * worth, high * worth


def _within(amount: float, made: _Made) -> float:
    """No less than has come, and no more than there can be."""
    amount = amount if made.floor is None else max(amount, made.floor)
    return amount if made.ceiling is None else min(amount, made.ceiling)


def _writer(notation: Notation) -> Callable[[float], str]:
    plain = replace(notation, plus=False, grouped=True)
    return lambda amount: plain.write(Decimal(repr(amount)))


def _spread(limits: Mapping[float, tuple[float, float] | None], is_range: bool, write: Callable[[float], str]) -> str:
    if limits[0.95] is None or limits[0.8] is None:
        return ", with no interval, for nothing shows how much its figures vary,"
    (low80, high80), (low95, high95) = limits[0.8], limits[0.95]
    name, source = ("range", ", by how far off such estimates were elsewhere") if is_range else ("interval", "")
    limits95, limits80 = f"{write(low95)} to {write(high95)}", f"{write(low80)} to {write(high80)}"
    return f" (95% {name} {limits95}, 80% {name} {limits80}{source})"


def _how(made: _Made, gone: float) -> str:
    after = f"after {write_months(gone)} of 12 months"
    past = f"{made.years} past years" if made.years > 1 else "one past year"
    ways = {
        STRAIGHT: "by a straight line",
        COURSE: f"by the course of {past} and of two even years",
        STANDS: "as it stands",
        CHANGED: f"as it stands and changed after that in {past}",
    }
    return f" {after}, {ways.get(made.rule, 'by a damped trend')}"


def _past_error(made: _Made, unit: Unit, gone: float) -> PastError | None:
    """Of such figures as were tried: sums by their size, percentages of a year so far, positions that are counts."""
    if made.kind == SUM:
        size = size_of(made.projection.estimate) if made.chance else LARGEST
    elif (unit is Unit.PERCENT) is (made.kind == SHARE):
        size = ANY
    else:
        return None
    return past_error(made.kind, made.rule, made.years, size, gone)
