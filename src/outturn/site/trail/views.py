"""The history of changes: who changed what, when, from what to what, and why."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from outturn.site.councils.views import find_council
from outturn.terms.period import Period, UnreadablePeriod, write_date

from .models import Change

ON_A_PAGE = 50
ANONYMOUS = "a member of staff"
BELOW = {
    "plan": ("section", "resource", "demographic", "listing", "action", "milestone", "update", "risk"),
    "action": ("milestone", "update", "dismissal"),
    "milestone": ("update",),
    "scorecard": ("block", "priority", "report", "measure"),
    "risk": ("dismissal",),
    "priority": ("report", "measure", "dismissal"),
    "indicator": ("result", "target", "word", "judging", "dismissal"),
    "request": ("reply",),
}
"""A plan and a scorecard of one year share their address's last part, so what is below a thing is known by kind too."""

INTERNAL = ("dismissal", "request", "reply")  # what the checks find, and what is asked: for those who prepare
KIND_WORDS = {
    "demographic": "population fact", "judging": "how results are judged", "listing": "indicator in a plan",
    "reply": "reply to a request", "report": "quarter report", "word": "word on a status",
}
LABELS = {
    "about": "What it concerns", "absence": "Why there is no figure", "as_of": "Data as at", "asked_by": "Who asked",
    "because": "Reason", "by": "Written by", "cabinet_member": "Cabinet member",
    "closed_because": "Why it was closed", "closed_by": "Closed on their behalf by", "code": "Definition",
    "first_due": "Answer due", "include": "Included in reports", "indicators": "Linked indicators",
    "measure_heading": "Heading of the measures", "mitigations": "What is being done",
    "no_measure": "Printed where there is no measure", "now": "Figure now", "on": "Date",
    "owners": "Accountable officers", "part_of": "Part of", "printed": "Value",
    "printed_basis": "Time basis as printed", "printed_code": "Code as printed", "printed_date": "By when",
    "printed_last_updated": "Last updated, as printed", "printed_polarity": "Polarity as printed",
    "projected": "Figure expected", "rag": "Status", "risks": "Linked risks", "shows": "Columns it prints",
    "taken_back_because": "Reason for taking it back", "theme": "Priority theme", "words": "What was found",
}
"""Where a field's name with a capital will not do."""

DATES = {
    "due", "next_review", "date", "as_of", "last_updated", "since", "until", "asked_on", "first_due", "closed_on", "on",
}  # fmt: skip
PERIODS = {"period", "quarter", "year"}


@require_safe
def changes(request: HttpRequest, council: str) -> HttpResponse:
    """Newest first. A subject brings what is below it. Visitors are not told the names of accounts."""
    stored = find_council(council)
    staff = request.user.is_authenticated
    names = ("kind", "subject", "by") if staff else ("kind", "subject")
    chosen = {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in names}
    every = Change.objects.filter(council=stored.slug)
    if not staff:
        every = every.exclude(kind__in=INTERNAL)
    page = Paginator(_wanted(every, **chosen), ON_A_PAGE).get_page(request.GET.get("page"))
    here = reverse("changes", args=[stored.slug])
    carried = {name: words for name, words in chosen.items() if words}
    context = {
        "council": stored.data(),
        "page": page,
        "rows": [_row(change, staff) for change in page],
        "groups": _groups(every, chosen),
        "subject": chosen["subject"],
        "action": here,
        "href": f"{here}?{urlencode(carried)}{'&' if carried else ''}page=",
    }
    return render(request, "trail/changes.html", context)


def _wanted(every: QuerySet[Change], kind: str, subject: str, by: str = "") -> QuerySet[Change]:
    if subject:
        every = every.filter(Q(subject=subject) | Q(subject__startswith=f"{subject}/"))
    if kind:
        every = every.filter(kind__in=[kind, *BELOW.get(kind, ())] if subject else [kind])
    return every.filter(by=by) if by else every


def _groups(every: QuerySet[Change], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """A choice for each filter but the subject, with what was asked for even where nothing has it."""
    filters = {"kind": ("What", "Everything", kind_words), "by": ("Who", "Everybody", str)}
    groups = []
    for name, (label, everything, words) in filters.items():
        if name in chosen:
            found = {*every.order_by().values_list(name, flat=True).distinct(), chosen[name]} - {""}
            options = [("", everything), *((value, words(value)) for value in sorted(found))]
            groups.append({"name": name, "label": label, "chosen": chosen[name], "options": options})
    return groups


def kind_words(kind: str) -> str:
    """A kind of thing, for the reader."""
    return KIND_WORDS.get(kind, kind).capitalize()


def _row(change: Change, staff: bool) -> dict[str, Any]:
    at = timezone.localtime(change.at)
    hidden = set() if staff else {"by"}  # the author of a progress note is an account too
    names = {**change.before, **change.after}.keys() - hidden
    return {
        "number": change.pk,
        "who": change.by if staff else ANONYMOUS,
        "when": f"{write_date(at)} at {at:%H:%M}",
        "verb": change.verb,
        "kind": kind_words(change.kind),
        "title": change.title,
        "reason": change.reason,
        "fields": [
            (label(name), shown(name, change.before.get(name)), shown(name, change.after.get(name)))
            for name in sorted(names, key=label)  # PostgreSQL keeps no order of its own
            if shown(name, change.before.get(name)) != shown(name, change.after.get(name))
        ],
    }


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
