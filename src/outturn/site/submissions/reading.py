"""What is known of submissions without opening a row: manifests and reports as plain data, and the words for them.

The one module of the site that asks the pipeline. Everything here is aggregate; lists of people come from `worker`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404

from outturn import pipeline
from outturn.workspace import Refusal

SEVERITIES = ("error", "warning", "note")
EVENTS = ("Request", "Assessment", "Service", "Review")
FILE_LEVEL = "Whole row or file"


@dataclass(frozen=True)
class Words:
    """What a rule says for people."""

    title: str
    severity: str
    sentence: str
    do: str
    why: str


@dataclass(frozen=True)
class FieldWords:
    """A column of the layout, for people."""

    heading: str
    module: str


@dataclass(frozen=True)
class Submission:
    """One submission, from its manifest."""

    id: str
    file: str
    received: datetime
    sequence: int
    by: str
    stored_at: datetime
    rows: int
    set_aside: int
    areas: Mapping[str, int]
    release: int | None
    claimed: tuple[date, date] | None
    withdrawn: Mapping[str, str] | None
    folder: Path
    size: int = 0
    covered: tuple[date, date] | None = None

    @cached_property
    def report(self) -> "Report":
        """Its quality report. Raises Http404 where the file is gone or damaged."""
        return Report(_report(self.folder / "report.json"))

    @property
    def state(self) -> str:
        """In use, or withdrawn."""
        return "Withdrawn" if self.withdrawn else "In use"


@dataclass(frozen=True)
class Report:
    """A quality report. Nothing in it belongs to one person."""

    data: Mapping[str, Any]

    @property
    def rows(self) -> int:
        """Rows that were read."""
        return int(self.data.get("rows") or 0)

    @property
    def rules(self) -> list[dict[str, Any]]:
        """One entry for each rule and column that found anything."""
        return list(self.data.get("rules") or [])

    @property
    def fields(self) -> list[dict[str, Any]]:
        """Counts for each field and event type."""
        return list(self.data.get("fields") or [])

    @property
    def months(self) -> list[dict[str, Any]]:
        """Events started and ended in each month."""
        return list(self.data.get("months") or [])

    def events(self) -> dict[str, int]:
        """Rows of each event type, in the layout's order, then what was neither."""
        found = {str(name): int(count) for name, count in (self.data.get("events") or {}).items()}
        names = [*EVENTS, *(name for name in found if name not in EVENTS)]
        return {name: found[name] for name in names if found.get(name)}

    def count(self, severity: str) -> int:
        """Complaints of a severity."""
        return sum(int(entry["rows"]) for entry in self.rules if entry["severity"] == severity)


def submissions() -> list[Submission]:
    """Every submission that is kept, newest first."""
    try:
        return [_submission(each) for each in reversed(pipeline.submissions(settings.WORKSPACE))]
    except Refusal as refusal:  # a damaged manifest
        raise Http404(str(refusal)) from None


def find_submission(id: str) -> Submission:
    """The submission with an id, or Http404."""
    try:
        return _submission(pipeline.find_submission(settings.WORKSPACE, id))
    except Refusal:
        raise Http404(
            "There is no such submission. It may have been purged, as the retention rule has it."
        ) from None


def before(chosen: Submission, every: list[Submission]) -> Submission | None:
    """The submission of the same council that came just before, withdrawn ones left out."""
    earlier = [each for each in every if each.sequence < chosen.sequence and is_comparable(chosen, each)]
    return max(earlier, key=lambda each: each.sequence, default=None)


def is_comparable(one: Submission, other: Submission) -> bool:
    """Whether two submissions are of one council, and the other is in use."""
    shared = set(one.areas) & set(other.areas)
    return other.id != one.id and not other.withdrawn and bool(shared or not one.areas or not other.areas)


def rule_words(id: str) -> Words:
    """A rule's words; its id where the catalogue has no such rule any more."""
    return _rules().get(id) or Words(id.replace("-", " ").capitalize(), "note", "", "", "")


def field_words(name: str | None) -> FieldWords:
    """A field's heading and part of the layout; its name where the layout has no such field."""
    if not name:
        return FieldWords(FILE_LEVEL, "")
    return _fields().get(name) or FieldWords(name.replace("_", " ").capitalize(), "")


def field_order() -> list[str]:
    """Field names in the order of the layout."""
    return list(_fields())


@lru_cache(maxsize=1)
def _rules() -> dict[str, Words]:
    return {
        rule.id: Words(rule.title, rule.severity, rule.sentence.replace("{header}", "the field"), rule.do, rule.why)
        for rule in pipeline.rules()
    }


@lru_cache(maxsize=1)
def _fields() -> dict[str, FieldWords]:
    return {each.name: FieldWords(each.header, each.module) for each in pipeline.layout().fields}


def _submission(stored: Any) -> Submission:
    manifest = stored.manifest
    period = manifest.get("period") or {}
    return Submission(
        id=stored.id, file=stored.file, received=stored.received, sequence=stored.sequence,
        by=str(manifest.get("by") or ""), stored_at=datetime.fromisoformat(manifest["stored_at"]), rows=stored.rows,
        set_aside=stored.set_aside, areas=stored.areas, release=manifest.get("release"), size=manifest["bytes"],
        claimed=_dates(period.get("claimed")), covered=_dates(period.get("covered")), folder=stored.folder,
        withdrawn=stored.withdrawn,
    )


def _dates(pair: Any) -> tuple[date, date] | None:
    return (date.fromisoformat(pair[0]), date.fromisoformat(pair[1])) if pair else None


@lru_cache(maxsize=128)
def _read(file: Path, changed: int) -> Mapping[str, Any]:
    found = json.loads(file.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError("not a report")
    return found


def _report(file: Path) -> Mapping[str, Any]:
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValueError):
        raise Http404(
            "The report of this submission is missing or damaged. Put the workspace’s records back from a backup."
        ) from None
