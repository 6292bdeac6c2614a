"""Which way an indicator is going, by a named rule, in words that say better or worse and not up or down.

Councils' rules are data (`RULES`). Data never raise here: not enough results, no clear movement and no direction
wanted are three answers, and where two results cannot be compared the sentence says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import Enum, StrEnum
from itertools import pairwise
from math import sqrt

from ..catalogue.indicator import Break
from ..terms.basis import TimeBasis
from ..terms.period import Period, PeriodKind
from ..terms.polarity import Better, Polarity
from ..terms.value import Absence, Figure, Missing, Value
from .rag import EXACT, NOTHING, Tolerance, number, write

Inputs = tuple[tuple[str, object], ...]
Point = tuple[Period, Figure]
ANY_CHANGE = Tolerance()


class Way(StrEnum):
    """The answers. The last five are kept apart because readers act on them differently."""

    BETTER = "better"
    WORSE = "worse"
    NO_CLEAR_MOVEMENT = "no clear movement"
    NO_DIRECTION_WANTED = "no direction wanted"
    NOT_ENOUGH = "not enough results"
    NOT_COMPARABLE = "not comparable"
    UNUSABLE = "cannot be judged"


class Against(Enum):
    """What the newest result is held against, with how many results that takes."""

    LAST_PERIOD = ("the result before", 2)
    SAME_LAST_YEAR = ("the same period last year", 2)
    LATEST_THREE = ("the latest three results", 3)
    TREND = ("the trend over all results", 5)

    def __init__(self, words: str, takes: int) -> None:
        self.words = words
        self.takes = takes


@dataclass(frozen=True, slots=True)
class DirectionRule:
    """How one council gives a direction of travel. A change smaller than the tolerance is no clear movement.

    A trend has `chance` instead: how often results that go nowhere would give a trend as strong.
    """

    name: str
    against: Against
    tolerance: Tolerance = ANY_CHANGE
    days_comparable: bool = True
    chance: float = 0.05
    note: str = ""

    @property
    def sentence(self) -> str:
        """The rule for the reader."""
        if self.against is Against.TREND:
            rarely = f"less than {self.chance * 100:g}% of the time"
            return f"By {self.against.words}, if chance gives one as strong {rarely}."
        least = f"a change of {self.tolerance.words} or more" if self.tolerance.size else "any change"
        if self.against.takes > 2:
            return f"By {self.against.words}, if every step goes one way; {least} counts."
        return f"Against {self.against.words}; {least} counts."


YORK = DirectionRule(
    "York", Against.LATEST_THREE,
    note="That three results decide is published. That all must move one way is our reading.",
)  # fmt: skip
HAVERING_SHORT_TERM = DirectionRule("Havering, short term", Against.LAST_PERIOD)
HAVERING_LONG_TERM = DirectionRule("Havering, long term", Against.SAME_LAST_YEAR)
EAST_SUSSEX = DirectionRule(
    "East Sussex", Against.SAME_LAST_YEAR,
    note="Its own rule also counts a result that stays at its maximum as improved.",
)  # fmt: skip
DARLINGTON = DirectionRule("Darlington", Against.SAME_LAST_YEAR, days_comparable=False)
ROTHERHAM = DirectionRule("Rotherham", Against.LAST_PERIOD, note="Since when, and what is stable, were not found.")
TREND = DirectionRule(
    "Trend", Against.TREND, note="Least squares with a t-test, after Kent's regression; the 5% is ours."
)
RULES = (YORK, HAVERING_SHORT_TERM, HAVERING_LONG_TERM, EAST_SUSSEX, DARLINGTON, ROTHERHAM, TREND)


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction with its rule, the results it was computed from, and a sentence."""

    rule: DirectionRule
    inputs: Inputs
    way: Way
    sentence: str

    @property
    def better(self) -> bool | None:
        """True for better, False for worse, None where neither can be said."""
        return {Way.BETTER: True, Way.WORSE: False}.get(self.way)


def direction(
    results: Mapping[Period, Value],
    polarity: Polarity,
    rule: DirectionRule,
    breaks: Sequence[Break] = (),
    basis: TimeBasis | None = None,
) -> Direction:
    """Judge where the newest result has come from.

    Results of other kinds of period than the newest, and missing ones, are passed over, never taken as zero. A
    direction published earlier may have been right for the results of its day: keep it with those.
    """
    points = _window(results, rule)
    inputs: Inputs = (("polarity", polarity), ("results", tuple(points)))

    def answer(way: Way, said: str) -> Direction:
        return Direction(rule, inputs, way, f"{way[0].upper()}{way[1:]}: {said}.")

    if polarity.better is Better.NEUTRAL:
        return answer(Way.NO_DIRECTION_WANTED, "neither more nor less is better")
    if _said_incomparable(results, points, rule):
        return answer(Way.NOT_COMPARABLE, f"so it says in place of the figure a year before {points[-1][0].words}")
    if len(points) < rule.against.takes:
        return answer(Way.NOT_ENOUGH, _too_few(points, rule))
    if reason := _incomparable(points, rule, breaks, basis):
        return answer(Way.NOT_COMPARABLE, reason)
    amounts = [amount for _, value in points if (amount := number(value)) is not None]
    if len(amounts) < len(points):
        return answer(Way.UNUSABLE, "a result is not a number that can be reckoned with")
    if polarity.better is Better.WITHIN and (polarity.low is None or polarity.high is None):
        return answer(Way.UNUSABLE, "the wanted range has no ends")
    with localcontext(EXACT):
        gains = [-(polarity.distance(amount) or NOTHING) for amount in amounts]
        if rule.against is Against.TREND:
            return answer(*_by_trend(points, gains, polarity, rule))
        limits = [limit for amount in amounts[:-1] if (limit := rule.tolerance.of(amount)) is not None]
        if len(limits) < len(points) - 1:
            said = "a share of an earlier result of zero is nothing: give a tolerance in its own unit"
            return answer(Way.UNUSABLE, said)
        return answer(*_by_steps(points, gains, limits, polarity, rule))


def _window(results: Mapping[Period, Value], rule: DirectionRule) -> list[Point]:
    """The results that the rule looks at, oldest first."""
    points = [(period, value) for period, value in results.items() if isinstance(value, Figure)]
    points.sort(key=lambda point: (point[0].end, point[0].start))
    if not points:
        return []
    newest = points[-1][0]
    if rule.against is Against.SAME_LAST_YEAR:
        before = newest.same_last_year()
        earlier = results.get(before)
        return [*([(before, earlier)] if isinstance(earlier, Figure) else []), points[-1]]
    points = [point for point in points if point[0].kind is newest.kind]
    return points if rule.against is Against.TREND else points[-rule.against.takes :]


def _said_incomparable(results: Mapping[Period, Value], points: Sequence[Point], rule: DirectionRule) -> bool:
    if rule.against is not Against.SAME_LAST_YEAR or not points:
        return False
    before = results.get(points[-1][0].same_last_year())
    return isinstance(before, Missing) and before.absence is Absence.NOT_COMPARABLE


def _too_few(points: Sequence[Point], rule: DirectionRule) -> str:
    if rule.against is Against.SAME_LAST_YEAR and points:
        return f"there is no figure for {points[-1][0].same_last_year().words} to hold {points[-1][0].words} against"
    there = {0: "is none", 1: "is one"}.get(len(points), f"are {len(points)}")
    return f"it takes {rule.against.takes}, and there {there}"


def _incomparable(
    points: Sequence[Point], rule: DirectionRule, breaks: Sequence[Break], basis: TimeBasis | None
) -> str:
    """Why the results cannot be held against one another, or nothing."""
    first, last = points[0][0], points[-1][0]
    for found in breaks:
        if first.start < found.period.start <= last.end:
            because = found.because.rstrip(".")
            return f"{last.words} with {first.words}, because of a change from {found.period.words}. {because}"
    if not rule.days_comparable and (basis is TimeBasis.SNAPSHOT or last.kind is PeriodKind.SNAPSHOT):
        return "the rule does not compare positions on a day"
    running = basis is TimeBasis.YTD_SUM or last.kind is PeriodKind.TO_DATE
    if running and len({_day_of_year(period) for period, _ in points}) > 1:
        return "the figures add up from 1 April, so only the same part of the year before compares"
    return ""


def _day_of_year(period: Period) -> tuple[int, int]:
    """Month and day, where the end of February is the same in every year."""
    end, last = period.end, Period.month(period.end.year, period.end.month).end
    return end.month, 31 if end == last else end.day


def _by_steps(
    points: Sequence[Point], gains: Sequence[Decimal], limits: Sequence[Decimal], polarity: Polarity,
    rule: DirectionRule,
) -> tuple[Way, str]:  # fmt: skip
    """Better or worse if every step is, and no smaller than the tolerance."""
    steps = [after - before for before, after in pairwise(gains)]
    story = _story(points)
    large = [abs(step) >= limit for step, limit in zip(steps, limits, strict=True)]
    wanted = polarity.sentence[0].lower() + polarity.sentence[1:].rstrip(".")
    if all(large) and all(step > 0 for step in steps):
        return Way.BETTER, f"{story}, and {wanted}"
    if all(large) and all(step < 0 for step in steps):
        return Way.WORSE, f"{story}, but {wanted}"
    if not any(steps):
        level = len({value.amount for _, value in points}) == 1
        return Way.NO_CLEAR_MOVEMENT, f"{story}, {'all the same' if level else f'none nearer to good; {wanted}'}"
    if min(steps) < 0 < max(steps):
        return Way.NO_CLEAR_MOVEMENT, f"{story}, which went both ways"
    if all(large):
        return Way.NO_CLEAR_MOVEMENT, f"{story}, which moved once only"
    return Way.NO_CLEAR_MOVEMENT, f"{story}, a change of less than {rule.tolerance.words} in a step"


def _story(points: Sequence[Point]) -> str:
    told = [f"{write(value)} in {period.words}" for period, value in points]
    return ", then ".join(told)


def _by_trend(
    points: Sequence[Point], gains: Sequence[Decimal], polarity: Polarity, rule: DirectionRule
) -> tuple[Way, str]:
    since = f"{len(points)} results from {points[0][0].words} to {points[-1][0].words}"
    found = fit(gains)
    wanted = polarity.sentence[0].lower() + polarity.sentence[1:].rstrip(".")
    if not found.slope:
        return Way.NO_CLEAR_MOVEMENT, f"{since} show no trend; {wanted}"
    chance = f"a trend as strong has a chance of {_percent(found.chance)} where nothing changes"
    if found.chance >= rule.chance:
        return Way.NO_CLEAR_MOVEMENT, f"{since} could be chance, since {chance}"
    return Way.BETTER if found.slope > 0 else Way.WORSE, f"{since} show a trend; {wanted}, and {chance}"


def _percent(chance: float) -> str:
    return "less than 0.1%" if chance < 0.001 else f"{chance * 100:.1f}%"


@dataclass(frozen=True, slots=True)
class Fit:
    """A straight line through results in their order: its slope, the standard error, t, and the chance of that t."""

    slope: float
    error: float
    t: float
    chance: float


def fit(values: Sequence[Decimal]) -> Fit:
    """Least squares on the order of three or more results, so that a gap in time is passed over."""
    count = len(values)
    places = [2 * at - (count - 1) for at in range(count)]  # twice the distance from the middle, and so whole
    with localcontext(EXACT):
        spread, total, square = sum(place**2 for place in places), sum(values), sum(value**2 for value in values)
        moment = sum(place * value for place, value in zip(places, values, strict=True))
        slope = float(2 * moment / spread)
        left = count * spread * square - spread * total**2 - count * moment**2
        error = 2 * sqrt(max(left, NOTHING) / (count * (count - 2))) / spread
    if not error:
        return Fit(slope, 0.0, 0.0, 0.0 if slope else 1.0)
    return Fit(slope, error, slope / error, two_sided(slope / error, count - 2))


def two_sided(t: float, freedom: int) -> float:
    """The chance of a Student's t as far from nothing."""
    from scipy.special import stdtr  # slow to import, and only trends need it

    return float(2 * stdtr(freedom, -abs(t)))
