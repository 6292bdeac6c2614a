"""What the trail says, for the reader: kinds, fields and their contents."""

from datetime import date
from typing import Any

from django.utils import timezone

from outturn.terms.period import Period, UnreadablePeriod, write_date

from .models import Change

KIND_WORDS = {
    "demographic": "population fact", "entry": "entry in a round", "judging": "how results are judged",
    "expectation": "expected effect", "listing": "indicator in a plan", "review": "review of a risk",
    "risk rules": "how risks are scored", "reply": "reply to a request", "report": "quarter report",
    "word": "word on a status",
}  # fmt: skip
LABELS = {
    "about": "What it concerns", "absence": "Why there is no figure", "as_of": "Data as at",
    "asked_by": "Who asked", "because": "Reason", "by": "Written by", "cabinet_member": "Cabinet member",
    "closed_because": "Why it was closed", "closed_by": "Closed on their behalf by", "code": "Definition",
    "first_due": "Answer due", "include": "Included in reports", "indicators": "Linked indicators",
    "measure_heading": "Heading of the measures", "mitigations": "What is being done",
    "no_measure": "Printed where there is no measure", "now": "Figure now", "on": "Date",
    "owners": "Accountable officers", "part_of": "Part of", "printed": "Value",
    "printed_basis": "Time basis as printed", "printed_code": "Code as printed", "printed_date": "By when",
    "printed_last_updated": "Last updated, as printed", "printed_polarity": "Polarity as printed",
    "projected": "Figure expected", "rag": "Status", "risks": "Linked risks", "shows": "Columns it prints",
    "taken_back_because": "Reason for taking it back", "theme": "Priority theme",
    "waits_for": "Cannot be done before", "was": "Dates it had before", "words": "What was found",
}  # fmt: skip
"""Where a field's name with a capital will not do."""

DATES = {
    "due", "next_review", "date", "as_of", "last_updated", "since", "until", "asked_on", "first_due", "closed_on", "on",
}  # fmt: skip
PERIODS = {"period", "quarter", "year"}


def kind_words(kind: str) -> str:
    """A kind of thing, for the reader."""
    return KIND_WORDS.get(kind, kind).capitalize()


def when(change: Change) -> str:
    """The day and the time on the wall."""
    at = timezone.localtime(change.at)
    return f"{write_date(at)} at {at:%H:%M}"


def fields(change: Change, *, hidden: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    """Each field that differs with its label, before and after."""
    names = {**change.before, **change.after}.keys() - hidden
    every = (
        (label(name), shown(name, change.before.get(name)), shown(name, change.after.get(name)))
        for name in sorted(names, key=label)  # PostgreSQL keeps no order of its own
    )
    return [(words, before, after) for words, before, after in every if before != after]


def label(name: str) -> str:
    """A field's name, for the reader."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def shown(name: str, value: Any) -> str:
    """A field's content, for the reader; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    try:
        if name in DATES:
            return write_date(date.fromisoformat(value))
        if name in PERIODS and value:
            return Period.read(value).words
    except (ValueError, TypeError, UnreadablePeriod):
        pass  # kept from before the field held such a thing; shown as it is
    return str(value)
