"""Which rows of the trail a reader may see, and which of these were asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Min, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from outturn.plans.roles import Deed, Person
from outturn.terms.period import read_date

from .clock import past
from .models import Change

BELOW = {
    "plan": (
        "section", "resource", "demographic", "listing", "action", "milestone", "update", "expectation", "risk",
        "review",
    ),
    "action": ("milestone", "update", "expectation", "dismissal"),
    "milestone": ("update",),
    "scorecard": ("block", "priority", "report", "measure"),
    "risk": ("review", "dismissal"),
    "priority": ("report", "measure", "dismissal", "entry"),
    "indicator": ("result", "target", "word", "judging", "dismissal", "entry", "commentary"),
    "request": ("reply",),
}
"""A plan and a scorecard of one year share their address's last part, so what is below a thing is known by kind too."""

PUBLISHED = (
    "council", "plan", "section", "resource", "demographic", "listing", "action", "milestone", "update", "expectation",
    "risk", "risk rules", "scorecard", "block", "priority", "measure", "indicator", "target", "judging",
)  # fmt: skip
FIGURES = ("result", "report", "word")
"""Published as they were typed until the council opens its first round; from then on only when they are agreed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked for; empty for all."""

    kind: str = ""
    by: str = ""
    subject: str = ""
    words: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], *, names: bool) -> "Asked":
        """From an address. Whoever may not know the names of accounts may not try them out either."""
        found = {field.name: query.get(field.name, "").replace("\x00", "").strip()[:200] for field in fields(cls)}
        return cls(**{**found, "by": found["by"] if names else ""})

    def carried(self, *without: str) -> dict[str, str]:
        """For another address, what is asked for here."""
        return {field.name: words for field in fields(self)
                if field.name not in without and (words := getattr(self, field.name))}  # fmt: skip

    @property
    def faults(self) -> list[str]:
        """The dates that cannot be read, as sentences."""
        return [f"“{text[:40]}” is not a date. Write it as 1 October 2026." for text in (self.since, self.until)
                if text and not _day(text)]  # fmt: skip

    def of(self, changes: QuerySet[Change], *, names: bool) -> QuerySet[Change]:
        """Those asked for, among some."""
        if self.subject:
            changes = changes.filter(Q(subject=self.subject) | Q(subject__startswith=f"{self.subject}/"))
        if self.kind:
            changes = changes.filter(kind__in=[self.kind, *BELOW.get(self.kind, ())] if self.subject else [self.kind])
        if self.by:
            changes = changes.filter(by=self.by)
        if day := _day(self.since):
            changes = changes.filter(at__gte=_start_of(day))
        if day := _day(self.until):
            changes = changes.filter(at__lt=_start_of(day + timedelta(days=1)))
        return _with_words(changes, self.words, names=names) if self.words else changes


def _day(text: str) -> date | None:
    try:
        day = read_date(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9999 else None


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _with_words(changes: QuerySet[Change], words: str, *, names: bool) -> QuerySet[Change]:
    """The words stand in the title, the reason, or what was there before or after."""
    plain = Q(title__icontains=words) | Q(reason__icontains=words) | Q(subject__icontains=words)
    if not names:  # an author's account stands in the fields
        return changes.filter(plain)
    in_json = json.dumps(words, ensure_ascii=connection.vendor == "sqlite")[1:-1]
    texts = {f"{name}_text": Cast(F(name), TextField()) for name in ("before", "after")}
    return changes.alias(**texts).filter(plain | Q(before_text__icontains=in_json) | Q(after_text__icontains=in_json))


def visible(person: Person, council: str) -> QuerySet[Change]:
    """What somebody may see of a council's changes: drafts only those who read drafts."""
    changes = Change.objects.filter(council=council).defer("undo")
    if moment := past():
        changes = changes.filter(id__lte=moment.change)
    if person.may_somewhere(Deed.READ_DRAFTS, council):
        return changes
    first_round: Any = Change.objects.filter(council=council, kind="round").aggregate(id=Min("id"))["id"]
    figures = Q(kind__in=FIGURES, **({"id__lt": first_round} if first_round else {}))
    return changes.filter(Q(kind__in=PUBLISHED) | figures)
