"""The period a file truly covers, worked out from how many events of each kind ended in each month.

Councils' stated reporting periods are often wrong, so the national programs derive their own. Both published versions
are here. Months are counted by the day an event *ended*: requests, assessments and reviews are submitted when
completed, and a service that began years ago says nothing about the months a file holds. Version 2 is silent about
which date it counts; it is given the same one, because counted by start the long-running services would stretch a file
far into the past.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from .methods import Method

EVENT_TYPES = ("Request", "Assessment", "Service", "Review")
EVENT_TYPES_V2 = ("Request", "Assessment", "Service")  # reviews are ignored
CITY_OF_LONDON = "714"
ISLES_OF_SCILLY = "906"
FIRST_MONTH_V2 = date(2020, 4, 1)
SMALL_FILE = 100  # ended events
PERCENT_OF_FILE = 2
EVENTS_A_MONTH_V2 = 10
PERCENT_OF_MEDIAN_MONTH_V2 = 20
PERCENT_OF_MEDIAN_TYPE_V2 = 5

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many events of one type started and ended in a month of one council's rows. `month` is its first day."""

    event: str
    month: date
    started: int
    ended: int


@dataclass(frozen=True, slots=True)
class MonthVerdict:
    """Whether a month qualified as covered, for one event type (v2) or all together (None), and why not."""

    month: date
    event: str | None
    events: int
    qualifies: bool
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a file covers, both days included, or None; with the version that said so and its working."""

    span: Span | None
    version: str
    words: str
    months: tuple[MonthVerdict, ...] = ()
    bridged: tuple[date, ...] = ()

    def holds(self, start: date, end: date) -> bool:
        """Whether the whole of a period is covered."""
        return self.span is not None and self.span[0] <= start and self.span[1] >= end


def month_counts(months: Iterable[Mapping[str, Any]], *codes: str) -> list[MonthCount]:
    """One council's counts, under any of its codes, from the "months" of a submission's report."""
    return [
        MonthCount(str(one["event"]), _month(str(one["month"])), int(one["started"]), int(one["ended"]))
        for one in months
        if str(one["area"]) in codes
    ]


def coverage(method: Method, area: str, months: Iterable[MonthCount], received: date, claimed: Span | None) -> Coverage:
    """What a file received on a day covers under a method. `claimed` is the reporting period the file states."""
    if method.coverage == "stated":
        return _stated(claimed, "stated", "")
    if method.coverage == "v2":
        return covered_v2(area, months, received, claimed)
    return covered_v1(months, received, claimed, small_files_as_stated=method.small_files == "stated period")


def covered_v1(
    months: Iterable[MonthCount], received: date, claimed: Span | None, *, small_files_as_stated: bool = False
) -> Coverage:
    """Version 1: from the first to the last month with 2% of the events and all but one of the types."""
    ended: dict[date, int] = defaultdict(int)
    types: dict[date, set[str]] = defaultdict(set)
    for one in months:
        if one.ended and one.month < received.replace(day=1):
            ended[one.month] += one.ended
            if one.event in EVENT_TYPES:
                types[one.month].add(one.event)
    total = sum(ended.values())
    if total < SMALL_FILE and small_files_as_stated:
        return _stated(claimed, "v1", f"Fewer than {SMALL_FILE} events ended before the month of loading. ")
    if total < SMALL_FILE:
        verdicts = [MonthVerdict(month, None, ended[month], True, "a file this small") for month in sorted(ended)]
        start = f"Fewer than {SMALL_FILE} events ended before the month of loading, so every month with one counts"
        return _from_first_to_last(verdicts, "v1", start)
    fullest = max(len(types[month]) for month in ended)
    verdicts = [_verdict_v1(month, ended[month], total, len(types[month]), fullest) for month in sorted(ended)]
    return _from_first_to_last(verdicts, "v1", f"{total:,} events ended before the month of loading")


def _verdict_v1(month: date, events: int, total: int, types: int, fullest: int) -> MonthVerdict:
    faults = []
    if 100 * events < PERCENT_OF_FILE * total:
        faults.append(f"fewer than {PERCENT_OF_FILE}% of the file’s events")
    if types < fullest - 1:
        faults.append(f"{types} of {fullest} event types")
    return MonthVerdict(month, None, events, not faults, " and ".join(faults) or "enough events and types")


def covered_v2(area: str, months: Iterable[MonthCount], received: date, claimed: Span | None) -> Coverage:
    """Version 2: the overlap of each type's latest unbroken run of full months; single gaps are bridged."""
    if area == ISLES_OF_SCILLY:
        return _stated(claimed, "v2", "The Isles of Scilly go by the stated period. ")
    ended: dict[str, dict[date, int]] = {}
    for one in months:
        if one.event in EVENT_TYPES_V2 and one.ended and FIRST_MONTH_V2 <= one.month < received.replace(day=1):
            of_type = ended.setdefault(one.event, defaultdict(int))
            of_type[one.month] += one.ended
    totals = {event: sum(of_type.values()) for event, of_type in ended.items()}
    verdicts: list[MonthVerdict] = []
    bridged: set[date] = set()
    runs: list[Span | None] = []
    for event in EVENT_TYPES_V2:
        if event not in totals or 100 * totals[event] < PERCENT_OF_MEDIAN_TYPE_V2 * median(totals.values()):
            continue  # too rare a type to judge months by
        of_type_verdicts = _verdicts_v2(area, event, ended[event])
        verdicts += of_type_verdicts
        run, gaps = _latest_run([one.month for one in of_type_verdicts if one.qualifies])
        runs.append(run)
        bridged.update(gaps)
    span = _overlap(runs)
    words = _covers(span) if span else "The months in which every event type is complete do not overlap"
    if bridged:
        words += f". Bridged over single weak months: {', '.join(f'{month:%B %Y}' for month in sorted(bridged))}"
    return Coverage(span, "v2", words + ".", tuple(verdicts), tuple(sorted(bridged)))


def _verdicts_v2(area: str, event: str, ended: Mapping[date, int]) -> list[MonthVerdict]:
    usual = median(ended.values())
    verdicts = []
    for month in sorted(ended):
        events = ended[month]
        why = "a full month"
        if events < EVENTS_A_MONTH_V2 and area != CITY_OF_LONDON:
            why = f"fewer than {EVENTS_A_MONTH_V2}"
        elif 100 * events < PERCENT_OF_MEDIAN_MONTH_V2 * usual:
            why = f"fewer than {PERCENT_OF_MEDIAN_MONTH_V2}% of this type’s usual month ({usual:g})"
        verdicts.append(MonthVerdict(month, event, events, why == "a full month", why))
    return verdicts


def _latest_run(full: list[date]) -> tuple[Span | None, list[date]]:
    """The latest unbroken run of months, first to last day, and the single months bridged in it."""
    if not full:
        return None, []
    first, gaps = full[-1], []
    for later, earlier in pairwise(reversed(full)):
        if _next_month(earlier) == later:
            first = earlier
        elif _next_month(_next_month(earlier)) == later:
            gaps.append(_next_month(earlier))
            first = earlier
        else:
            break
    return (first, _last_day(full[-1])), gaps


def _overlap(runs: list[Span | None]) -> Span | None:
    known = [run for run in runs if run]
    if not known or len(known) < len(runs):
        return None
    start, end = max(run[0] for run in known), min(run[1] for run in known)
    return (start, end) if start <= end else None


def _from_first_to_last(verdicts: list[MonthVerdict], version: str, opening: str) -> Coverage:
    full = [verdict.month for verdict in verdicts if verdict.qualifies]
    if not full:
        return Coverage(None, version, f"{opening}; no month is covered.", tuple(verdicts))
    span = (full[0], _last_day(full[-1]))
    return Coverage(span, version, f"{opening}. {_covers(span)}.", tuple(verdicts))


def _stated(claimed: Span | None, version: str, opening: str) -> Coverage:
    if claimed is None:
        return Coverage(None, version, f"{opening}The file states no reporting period.")
    return Coverage(claimed, version, f"{opening}The file states that it covers {_days(claimed)}.")


def _covers(span: Span) -> str:
    return f"It covers {_days(span)}"


def _days(span: Span) -> str:
    return f"{in_words(span[0])} to {in_words(span[1])}"


def in_words(day: date) -> str:
    """A day as people write it: 1 April 2024."""
    return f"{day.day} {day:%B %Y}"


def _month(text: str) -> date:
    return date.fromisoformat(f"{text[:7]}-01")


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _last_day(month: date) -> date:
    return _next_month(month) - timedelta(days=1)
