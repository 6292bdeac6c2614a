"""The arithmetic of looking ahead to the end of a year, each way with how far off it has been on the series' own past.

Numbers in, numbers out; `forecast` chooses the way and finds the words. A course is one year's running totals by months
gone since 1 April, whole year included. Every way but chance is replayed on what came before, and that is the error.
The weights here were chosen by `benchmarks/backtest.py`, on the figures on which it prints how often intervals held.

Tried there and not taken: the usual share as it is (after 6 months half of large counts were off by 2.8% and more, as
with even years counted in, but after 2 months by 4.8% instead of 3.8%); the rest of last year (3.8% and 6.0%); the
range of past years' shares (held 36 in 100 figures); a position as a year ago (7.8% off, the damped trend 6.8%).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, exp, inf, sqrt

from scipy.special import betainc, btdtrib, stdtrit

Course = Mapping[float, Decimal]

YEAR = 12.0
EVEN_YEARS = 2
"""Even years counted in with those past: with none of its own a year runs straight, with many as they did."""
FREEDOM_OF_A_YEAR = 1.5
"""Degrees of freedom that one past year is worth. Its months move together, so not eleven."""
SUMS_MOVE, SHARES_MOVE = 2, 3
"""How much further the rest of a year strays than its months so far show, which hide its seasons."""
FEWEST_STEPS, FEWEST_REPLAYS = 4, 6
DAMPING = 0.9
POSITION_WEIGHTS, ROLLING_WEIGHTS = (0.3, 0.1), (1.0, 0.2)
"""Of the newest figure in the level, and of the newest change in the trend. A rolling year is smooth already."""
FURTHEST = 12.0  # on the scale of logarithms; further off nothing is said


@dataclass(frozen=True, slots=True)
class Projection:
    """An estimate with its standard error: a share of it where `relative`; None where nothing is known of it."""

    estimate: float
    error: float | None = None
    freedom: float = inf
    relative: bool = False

    def limits(self, level: float) -> tuple[float, float] | None:
        """The interval that should hold the figure in this share of cases."""
        if self.error is None:
            return None
        reach = float(stdtrit(self.freedom, 0.5 + level / 2)) * self.error if self.error else 0.0
        if self.relative:
            stretch = exp(min(reach, FURTHEST))
            return self.estimate / stretch, self.estimate * stretch
        return self.estimate - reach, self.estimate + reach


def by_chance(so_far: int, share: float, level: float) -> tuple[int, int]:
    """Year-end counts of people who come one by one, when this share of a year's has come: its quantiles.

    What is still to come is negative binomial with size x + ½ and probability `share` (Poisson, Jeffreys' prior).
    """
    tail = (1 - level) / 2
    return so_far + _still_to_come(tail, so_far + 0.5, share), so_far + _still_to_come(1 - tail, so_far + 0.5, share)


def _still_to_come(quantile: float, size: float, share: float) -> int:
    """The least number that is reached with at least this probability."""
    if share >= 1:
        return 0
    count = max(0, ceil(float(btdtrib(size, quantile, share))) - 1)
    while count and betainc(size, count, share) >= quantile:
        count -= 1
    while betainc(size, count + 1, share) < quantile:
        count += 1
    return count


def usual_share(past: Sequence[Course], months: float) -> Fraction | None:
    """How much of past years' totals had come after so many months: a ratio of sums. None where none knows."""
    known = [(course[months], course[YEAR]) for course in past if months in course]
    return Fraction(sum(part for part, _ in known)) / Fraction(sum(whole for _, whole in known)) if known else None


def tempered_share(past: Sequence[Course], months: float) -> Fraction:
    """The usual share, with even years counted in beside the past ones."""
    share, years = usual_share(past, months), sum(months in course for course in past)
    even = Fraction(months) / 12
    return even if share is None else (years * share + EVEN_YEARS * even) / (years + EVEN_YEARS)


def adding_up(own: Course, past: Sequence[Course], months: float) -> Projection:
    """A sum since 1 April, by the course of past years, or straight on where there are none."""
    share = tempered_share(past, months)
    estimate = float(Fraction(own[months]) / share)
    odds = float((1 - share) / share)
    if past:
        freedom = FREEDOM_OF_A_YEAR * len(past)
        return Projection(estimate, sqrt(_replayed_shares(past) * odds), freedom, relative=True)
    varied = _own_variance(own, months)
    if varied is None:
        return Projection(estimate)
    variance, steps = varied
    error = SUMS_MOVE * sqrt(variance * odds)
    if min(own.values()) < 0 or not estimate:
        return Projection(estimate, error, steps - 1)
    return Projection(estimate, error / estimate, steps - 1, relative=True)


def _replayed_shares(past: Sequence[Course]) -> float:
    """How far each past year's shares were from those of the others, squared, in units of share times what is left.

    A share that wanders by chance strays most in the middle of a year; the unit takes that out, and months are pooled.
    """
    courses = [{months: float(so_far) for months, so_far in course.items()} for course in past]
    sums: dict[float, tuple[float, float, int]] = {}
    for course in courses:
        for months, so_far in course.items():
            come, total, years = sums.get(months, (0.0, 0.0, 0))
            sums[months] = come + so_far, total + course[YEAR], years + 1
    return sum(_replayed(course, sums) for course in courses) / len(courses)


def _replayed(course: Mapping[float, float], sums: Mapping[float, tuple[float, float, int]]) -> float:
    whole, strayed = course[YEAR], []
    for months, so_far in course.items():
        if months < YEAR:
            come, total, years = sums[months]
            even, others, left = months / YEAR, years - 1, total - whole
            usual = (come - so_far) / left if others and left > 0 else even
            share = (others * usual + EVEN_YEARS * even) / (others + EVEN_YEARS)
            strayed.append((so_far / whole - share) ** 2 / (share * (1 - share)) if 0 < share < 1 else 1.0)
    return sum(strayed) / len(strayed)


def _own_variance(own: Course, months: float) -> tuple[float, int] | None:
    """The variance of a year's total by what each step so far has added, and the steps; None for few or uneven ones."""
    marks = sorted(mark for mark in own if mark <= months)
    steps = round(months / marks[0])
    if steps < FEWEST_STEPS or marks != [marks[0] * at for at in range(1, steps + 1)]:
        return None
    added = [float(own[marks[0]]), *(float(own[after] - own[before]) for before, after in pairwise(marks))]
    mean = sum(added) / steps
    variance = sum((each - mean) ** 2 for each in added) / (steps - 1)
    return variance * YEAR / marks[0], steps


def share_so_far(own: Course, past: Sequence[Course], months: float) -> Projection:
    """A percentage or an average of the year so far: as it stands, with part of the change that past years saw after.

    Courses here are of the figure itself, not of running totals.
    """
    odds = (YEAR - months) / months
    known = [course for course in past if months in course]
    if not past or not known:
        totals = {mark: value * Decimal(mark) / 12 for mark, value in own.items()}
        varied = _own_variance(totals, months)
        error, freedom = (SHARES_MOVE * sqrt(varied[0] * odds), varied[1] - 1.0) if varied else (None, inf)
        return Projection(float(own[months]), error, freedom)
    change = sum(float(course[YEAR] - course[months]) for course in known) / (len(known) + EVEN_YEARS)
    strayed = []
    for course in past:
        for mark in course:
            if mark < YEAR:
                others = [other for other in past if other is not course and mark in other]
                usual = sum(float(other[YEAR] - other[mark]) for other in others) / (len(others) + EVEN_YEARS)
                strayed.append((float(course[mark] - course[YEAR]) + usual) ** 2 * mark / (YEAR - mark))
    error = sqrt(sum(strayed) / len(strayed) * odds)
    return Projection(float(own[months]) + change, error, FREEDOM_OF_A_YEAR * len(past))


def persisting(values: Sequence[float], ahead: int, season: int = 1) -> Projection:
    """As it stands, or stood at the same time of the last season; with R's standard error (`forecast::snaive`)."""
    changes = [later - earlier for earlier, later in zip(values, values[season:], strict=False)]
    estimate = values[len(values) - season + (ahead - 1) % season]
    if not changes:
        return Projection(estimate)
    sigma = sqrt(sum(change * change for change in changes) / len(changes))
    return Projection(estimate, sigma * sqrt((ahead - 1) // season + 1), len(changes))


def damped_trend(values: Sequence[float], ahead: int, weights: tuple[float, float], overlapping: bool) -> Projection:
    """Holt's trend, each step ahead a tenth weaker; its error is that of the same estimate from earlier figures.

    It earns its place on rolling years: 2.5% off after 6 months where the figure as it stands is 3.1% off. Figures that
    overlap, as those do, say half as much about how far off it may be.
    """
    of_level, of_trend = weights
    reach = sum(DAMPING**step for step in range(1, ahead + 1))
    level, trend, estimates = values[0], 0.0, []
    for value in values:
        before, due = level, level + DAMPING * trend
        level = of_level * value + (1 - of_level) * due
        trend = of_trend * (level - before) + (1 - of_trend) * DAMPING * trend
        estimates.append(level + trend * reach)
    misses = [value - estimate for value, estimate in zip(values[ahead:], estimates, strict=False)]
    error = sqrt(sum(miss * miss for miss in misses) / len(misses))
    apart = (len(values) - 1) / ahead / (2 if overlapping else 1)
    return Projection(estimates[-1], error, max(1.0, apart))


def position(values: Sequence[float], ahead: int, overlapping: bool = False) -> tuple[str, Projection]:
    """A figure that does not add up, so many steps ahead: the damped trend where it can be replayed often enough."""
    if len(values) - ahead < FEWEST_REPLAYS:
        stands = persisting(values, ahead)
        drifting = stands.error and stands.error * sqrt(ahead)  # what overlaps moves on the way it went
        return "as it stands", replace(stands, error=drifting) if overlapping else stands
    weights = ROLLING_WEIGHTS if overlapping else POSITION_WEIGHTS
    return "damped trend", damped_trend(values, ahead, weights, overlapping)
