"""What a figure that is still being recorded is likely to settle at, by how earlier ones grew after their first count.

The input is one table of counts: for each period, how many were known so many months after its end (`triangle` makes it
from submissions). How much a count grows with age is a ratio of sums over all periods (the chain ladder). The interval
is Student's t on the logarithm of what settled periods grew by from this age, and at least as wide as chance makes it.
A count is settled at the age from which earlier ones changed by less than 1% in all; until then no status should be
shown as final. Data never raise here: with too short a history the sentence says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import exp, log, sqrt
from statistics import stdev
from typing import NamedTuple

from scipy.special import stdtrit

from ..results.interval import LEVEL, normal
from ..terms.period import Period
from .projection import FURTHEST, by_chance
from .uncertainty import Number, count_fault, write

Triangle = Mapping[Period, Mapping[int, Number]]
"""Counts by period and age: whole months from the period's end to when they were known."""
Inputs = tuple[tuple[str, object], ...]

SETTLED_WITHIN = 0.01
FEWEST = 3  # settled periods to go by
RULE = "Growth with age of earlier periods (chain ladder), 95% interval by Student's t and at least chance"


@dataclass(frozen=True, slots=True)
class Nowcast:
    """What a figure is expected to settle at, with its rule, inputs and a sentence.

    `settled` is None, and there is no estimate, where the history cannot tell.
    """

    rule: str
    inputs: Inputs
    sentence: str
    settled: bool | None = None
    so_far: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    complete: float | None = None  # the share of the settled figure that is there by this age
    settles_after: int | None = None  # months


def triangle(rows: Iterable[tuple[Period, date, Number]]) -> dict[Period, dict[int, Number]]:
    """Counts by age, from what each submission said on its date; of several in one month the last. Earlier dates than
    the period's end are left out.
    """
    table: dict[Period, dict[int, Number]] = {}
    for period, known_on, count in sorted(rows, key=lambda row: row[1]):
        if known_on > period.end:
            months = (known_on.year - period.end.year) * 12 + known_on.month - period.end.month
            month_end = Period.month(known_on.year, known_on.month).end
            whole = known_on.day >= period.end.day or known_on == month_end
            table.setdefault(period, {})[months if whole else months - 1] = count
    return table


def nowcast(table: Triangle, period: Period | None = None) -> Nowcast:
    """What the count of a period, by default the newest, is expected to settle at."""
    inputs: Inputs = (("period", period.code if period else "the newest"), ("counts", table))
    seen = _seen(table, period)
    if isinstance(seen, str):
        return _cannot(inputs, seen)
    if seen.settled:
        return _settled(inputs, seen.so_far, seen.settles_after, write(seen.so_far, 0))
    grew = list(seen.grew.values())
    if len(grew) < FEWEST:
        return _cannot(inputs, _too_few(len(grew)))
    estimate = seen.so_far / seen.complete
    stretch = exp(min(_reach([log((final + 0.5) / (early + 0.5)) for early, final in grew]), FURTHEST))
    chance = by_chance(int(seen.so_far), seen.complete, LEVEL)
    low, high = min(estimate / stretch, chance[0], estimate), max(estimate * stretch, chance[1], estimate)
    low = low if seen.shrinks else max(low, seen.so_far)
    figures = Figures(seen.so_far, estimate, low, high)
    return _expected(inputs, figures, 0, seen.complete, seen.settles_after, len(grew))


def nowcast_share(counts: Triangle, out_of: Triangle, period: Period | None = None, per: int = 100) -> Nowcast:
    """What a share is expected to settle at, from both of its counts; it is settled when both are."""
    inputs: Inputs = (("period", period.code if period else "the newest"), ("counts", counts), ("out of", out_of))
    above, below = _seen(counts, period), _seen(out_of, period)
    if isinstance(above, str) or isinstance(below, str):
        return _cannot(inputs, above if isinstance(above, str) else str(below))
    if not below.so_far or above.so_far > below.so_far:
        fault = "the count is above the number it is out of" if below.so_far else "the number it is out of is zero"
        return _cannot(inputs, fault)
    so_far, settles_after = above.so_far / below.so_far, max(above.settles_after, below.settles_after)
    if above.settled and below.settled:
        return _settled(inputs, per * so_far, settles_after, write(per * so_far, 1))
    moved = [
        above.grew[each][1] / below.grew[each][1] - above.grew[each][0] / below.grew[each][0]
        for each in above.grew.keys() & below.grew.keys() if below.grew[each][0] and below.grew[each][1]
    ]  # fmt: skip
    if len(moved) < FEWEST:
        return _cannot(inputs, _too_few(len(moved)))
    final = below.so_far / below.complete
    share = min(above.so_far / above.complete / final, 1.0)
    by_chance_alone = normal(LEVEL) * sqrt(share * (1 - share) * max(1 - below.complete, 0.0) / final)
    reach = max(_reach(moved), by_chance_alone)
    figures = Figures(*(per * each for each in (so_far, share, max(share - reach, 0.0), min(share + reach, 1.0))))
    return _expected(inputs, figures, 1, below.complete, settles_after, len(moved))


class Figures(NamedTuple):
    """A figure so far, what it is expected to settle at, and the limits of that."""

    so_far: float
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """The count in question, with what the table says of counts its age; `grew` has each settled one, then and now."""

    so_far: float
    age: int
    settles_after: int
    complete: float
    shrinks: bool
    grew: Mapping[Period, tuple[float, float]]

    @property
    def settled(self) -> bool:
        return self.age >= self.settles_after


def _seen(table: Triangle, period: Period | None) -> _Seen | str:
    """The count of a period and the history of the others, or why neither tells."""
    counts = {}
    for each, by_age in table.items():
        usable = {age: float(count) for age, count in by_age.items() if age >= 0 and not count_fault("", count)}
        if usable:
            counts[each] = dict(sorted(usable.items()))
    at = period or max(counts, key=lambda each: (each.end, each.start), default=None)
    if at is None or at not in counts:
        return f"there is no count{f' for {at.words}' if at else ''} that can be reckoned with"
    complete = _completeness(counts)
    if not complete:
        return "no earlier counts were seen twice"
    oldest = max(complete)
    settles_after = next(age for age in complete if all(_near(complete[later]) for later in complete if later >= age))
    if settles_after == oldest:
        return f"counts were still changing when last seen, {oldest} month{'s'[: oldest != 1]} after their period"
    age, so_far = max(counts[at].items())
    if age < min(complete):
        return f"no earlier count was anything {age} months after its period and seen again at the next count"
    grew = {
        each: (by_age[age], by_age[max(by_age)])
        for each, by_age in counts.items() if age in by_age and max(by_age) >= settles_after
    }  # fmt: skip
    shrinks = any(later < earlier for by_age in counts.values() for earlier, later in pairwise(by_age.values()))
    return _Seen(so_far, age, settles_after, complete.get(age, 1.0), shrinks, grew)


def _completeness(counts: Mapping[Period, Mapping[int, float]]) -> dict[int, float]:
    """What share of the count that they come to in the end is there by each age: ratios of sums, chained.

    From each age to the next at which counts were seen: a month where files come monthly, three where quarterly.
    """
    ages = sorted({age for by_age in counts.values() for age in by_age}, reverse=True)
    complete = {ages[0]: 1.0}
    for next_age, age in pairwise(ages):
        pairs = [(by_age[age], by_age[next_age]) for by_age in counts.values() if age in by_age and next_age in by_age]
        earlier, later = sum(early for early, _ in pairs), sum(late for _, late in pairs)
        if not earlier or not later:
            break  # of younger counts nothing is known
        complete[age] = complete[next_age] * earlier / later
    return dict(sorted(complete.items())) if len(complete) > 1 else {}


def _near(complete: float) -> bool:
    return abs(complete - 1) <= SETTLED_WITHIN


def _reach(values: Sequence[float]) -> float:
    """How far a further value may be from their mean, with as much certainty as the interval is to have."""
    return float(stdtrit(len(values) - 1, 0.5 + LEVEL / 2)) * stdev(values) * sqrt(1 + 1 / len(values))


def _too_few(there: int) -> str:
    found = {0: "is none", 1: "is one"}.get(there, f"are {there}")
    return f"it takes {FEWEST} earlier periods that were seen at this age and have settled, and there {found}"


def _cannot(inputs: Inputs, fault: str) -> Nowcast:
    return Nowcast(RULE, inputs, f"Cannot say what it will settle at: {fault}.")


def _settled(inputs: Inputs, so_far: float, settles_after: int, written: str) -> Nowcast:
    sentence = f"{written}, settled: figures change by less than 1% from {settles_after} months after their period."
    return Nowcast(RULE, inputs, sentence, True, so_far, so_far, so_far, so_far, 1.0, settles_after)


def _expected(
    inputs: Inputs, figures: Figures, places: int, complete: float, settles_after: int, went_by: int
) -> Nowcast:
    so_far, estimate, low, high = (write(figure, places) for figure in figures)
    sentence = (
        f"So far {so_far}, expected to settle at {estimate} ({low} to {high}) within {settles_after} months of the "
        f"period's end, going by {went_by} earlier periods at the same age."
    )
    return Nowcast(RULE, inputs, sentence, False, *figures, complete, settles_after)
