"""Arithmetic for the pages: what a report says of rules, fields and months, and how two reports differ. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import reading
from .reading import Report

PARTS = ("valid", "release_1", "blank", "missing", "invalid")
"""What a field can hold where it applies, in the order of the bars."""

MONTHS_SHOWN = 24
SAME = 0.05  # percentage points: a smaller change prints as none


@dataclass(frozen=True)
class RuleLine:
    """What one rule found in one column."""

    rule: str
    column: str | None
    severity: str
    rows: int
    title: str
    heading: str
    sentence: str
    do: str
    why: str

    @property
    def key(self) -> tuple[str, str | None]:
        """What tells it from the others."""
        return self.rule, self.column

    @property
    def is_of_file(self) -> bool:
        """Whether it is said of the whole file, so that there are no rows to list."""
        return not self.column


def rule_lines(report: Report) -> list[RuleLine]:
    """Worst first: errors, warnings, notes, each by the number of rows."""
    lines = []
    for entry in report.rules:
        words, column = reading.rule_words(entry["rule"]), entry.get("column")
        lines.append(
            RuleLine(
                entry["rule"], column, entry["severity"], int(entry["rows"]), words.title,
                reading.field_words(column).heading, words.sentence, words.do, words.why,
            )
        )
    return sorted(lines, key=lambda line: (_place(line.severity), -line.rows, line.title, line.heading))


def _place(severity: str) -> int:
    return reading.SEVERITIES.index(severity) if severity in reading.SEVERITIES else len(reading.SEVERITIES)


@dataclass(frozen=True)
class FieldLine:
    """How one field was filled in, over one event type or all."""

    field: str
    heading: str
    module: str
    valid: int = 0
    release_1: int = 0
    blank: int = 0
    missing: int = 0
    invalid: int = 0
    not_applicable: int = 0

    @property
    def applies(self) -> int:
        """Rows to which the field applies."""
        return sum(getattr(self, part) for part in PARTS)

    @property
    def wrong(self) -> int:
        """Rows in which it is missing or invalid."""
        return self.missing + self.invalid

    @property
    def share_wrong(self) -> float:
        """Percent of the rows to which it applies."""
        return percent(self.wrong, self.applies)


def percent(part: int, whole: int) -> float:
    """A part of a whole in percent; nought of nothing."""
    return 100 * part / whole if whole else 0.0


def field_lines(report: Report, event: str = "") -> list[FieldLine]:
    """Every field in the order of the layout, over one event type, or over all."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in report.fields:
        if not event or entry.get("event") == event:
            sums[entry["field"]].update({part: int(entry.get(part) or 0) for part in (*PARTS, "not_applicable")})
    order = {name: place for place, name in enumerate(reading.field_order())}
    names = sorted(sums, key=lambda name: order.get(name, len(order)))
    return [_field_line(name, sums[name]) for name in names]


def _field_line(name: str, counts: Mapping[str, int]) -> FieldLine:
    words = reading.field_words(name)
    return FieldLine(name, words.heading, words.module, **{part: counts[part] for part in (*PARTS, "not_applicable")})


def modules(lines: Sequence[FieldLine]) -> list[tuple[str, list[FieldLine]]]:
    """The lines under the layout's own parts."""
    found: dict[str, list[FieldLine]] = {}
    for line in lines:
        found.setdefault(line.module, []).append(line)
    return list(found.items())


@dataclass(frozen=True)
class MonthLine:
    """Events that started and ended in a month, by event type."""

    month: str  # 2025-04
    started: Mapping[str, int]
    ended: Mapping[str, int]


@dataclass(frozen=True)
class Months:
    """The newest months, and how much lies before them."""

    lines: tuple[MonthLine, ...]
    events: tuple[str, ...]
    earlier_started: int
    earlier_ended: int


def months_of(report: Report, most: int = MONTHS_SHOWN) -> Months:
    """Started and ended by month and event type, all councils of the file together. Months without any are nought."""
    started: dict[str, Counter[str]] = defaultdict(Counter)
    ended: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in report.months:
        started[entry["month"]][entry["event"]] += int(entry.get("started") or 0)
        ended[entry["month"]][entry["event"]] += int(entry.get("ended") or 0)
    known = sorted({*started, *ended})
    shown = _run_up_to(known[-1], most) if known else []
    first = shown[0] if shown else ""
    shown = [month for month in shown if month >= known[0]]
    names = {event for month in shown for event in (*started[month], *ended[month])}
    return Months(
        tuple(MonthLine(month, started[month], ended[month]) for month in shown),
        tuple(event for event in reading.EVENTS if event in names),
        sum(sum(started[month].values()) for month in known if month < first),
        sum(sum(ended[month].values()) for month in known if month < first),
    )


def _run_up_to(last: str, count: int) -> list[str]:
    year, month = (int(part) for part in last.split("-"))
    ends = year * 12 + month - 1
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(ends - count + 1, ends + 1)]


# Two submissions side by side


@dataclass(frozen=True)
class Change:
    """A count then and now. `better`: true, false, or none where it is neither."""

    label: str
    was: int
    now: int
    better: bool | None = None
    was_share: float | None = None
    now_share: float | None = None
    kind: str = ""  # new, gone or changed
    severity: str = ""
    heading: str = ""
    rule: str = ""
    column: str | None = None

    @property
    def words(self) -> str:
        """The change, in words that do not need a colour."""
        if self.kind == "new":
            return "New"
        if self.kind == "gone":
            return "Gone"
        if self.now == self.was:
            return "No change"
        more = self.now - self.was
        size = f"{abs(more):,} {'more' if more > 0 else 'fewer'}"
        if self.was_share is not None and self.now_share is not None:
            points = self.now_share - self.was_share
            if abs(points) < SAME:
                return f"{size}, about the same share"
            return f"{size}, {'worse' if points > 0 else 'better'} by {abs(points):.1f} points"
        return f"{size} ({more / self.was:+.1%})".replace("-", "−") if self.was else size


def totals(now: Report, was: Report) -> list[Change]:
    """Rows, people, set aside, and each event type. None of it is better or worse, but rows set aside are."""
    lines = [Change("Rows read", was.rows, now.rows)]
    if now.data.get("people") is not None and was.data.get("people") is not None:
        lines.append(Change("People", int(was.data["people"]), int(now.data["people"])))
    aside_was, aside_now = int(was.data.get("set_aside") or 0), int(now.data.get("set_aside") or 0)
    better = None if aside_was == aside_now else aside_now < aside_was
    lines.append(Change("Rows set aside", aside_was, aside_now, better))
    events_was, events_now = was.events(), now.events()
    for event in dict.fromkeys([*events_now, *events_was]):
        lines.append(Change(event_words(event), events_was.get(event, 0), events_now.get(event, 0)))
    return lines


def event_words(event: str) -> str:
    """An event type, for people."""
    plural = {"Request": "Requests", "Assessment": "Assessments", "Service": "Services", "Review": "Reviews"}
    return plural.get(event) or {"blank": "No event type"}.get(event, f"Event type: {event}")


def rule_changes(now: Report, was: Report) -> list[Change]:
    """Each rule and column that found anything in either; new and gone ones first, then by how much they moved."""
    old, new = ({line.key: line for line in rule_lines(report)} for report in (was, now))
    found = []
    for key in dict.fromkeys([*new, *old]):
        line = new.get(key) or old[key]
        count_was, count_now = (old[key].rows if key in old else 0), (new[key].rows if key in new else 0)
        shares = percent(count_was, was.rows), percent(count_now, now.rows)
        kind = "changed" if key in new and key in old else "new" if key in new else "gone"
        found.append(
            Change(
                line.title, count_was, count_now, _better(*shares) if kind == "changed" else kind == "gone",
                *shares, kind=kind, severity=line.severity, heading=line.heading, rule=line.rule, column=line.column,
            )
        )
    kinds = ("new", "changed", "gone")
    return sorted(found, key=lambda each: (_place(each.severity), kinds.index(each.kind), -abs(each.now - each.was)))


def field_changes(now: Report, was: Report) -> list[Change]:
    """Fields whose share of missing and invalid rows moved, most first."""
    old = {line.field: line for line in field_lines(was)}
    found = []
    for line in field_lines(now):
        before = old.get(line.field)
        if before and (line.wrong or before.wrong):
            shares = before.share_wrong, line.share_wrong
            found.append(Change(line.heading, before.wrong, line.wrong, _better(*shares), *shares, kind="changed"))
    return sorted(found, key=lambda each: -abs((each.now_share or 0) - (each.was_share or 0)))


def _better(was: float, now: float) -> bool | None:
    return None if abs(now - was) < SAME else now < was


def gist(changes: Iterable[Change]) -> dict[str, int]:
    """How many rules are new, gone, worse and better."""
    counts = Counter()
    for each in changes:
        if each.kind in ("new", "gone"):
            counts[each.kind] += 1
        elif each.better is not None:
            counts["better" if each.better else "worse"] += 1
    return {name: counts[name] for name in ("new", "worse", "better", "gone")}


def choices(lines: Iterable[RuleLine]) -> dict[str, list[tuple[str, str]]]:
    """What a worklist can be narrowed by, of what there is."""
    every = [line for line in lines if line.rows]
    found = {line.severity for line in every}
    return {
        "severity": [(name, f"{name.capitalize()}s") for name in reading.SEVERITIES if name in found],
        "rule": sorted({(line.rule, line.title) for line in every}, key=_by_words),
        "column": sorted({(line.column, line.heading) for line in every if line.column}, key=_by_words),
    }


def _by_words(pair: tuple[str, str]) -> str:
    return pair[1].casefold()


def expected(lines: Iterable[RuleLine], chosen: Mapping[str, Any]) -> int:
    """How many rows of the worklist a choice leaves, by the report."""
    return sum(
        line.rows for line in lines if all(not value or getattr(line, name) == value for name, value in chosen.items())
    )
