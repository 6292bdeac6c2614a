"""The history of changes: who changed what, when, from what to what, and why."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from outturn.plans.roles import Deed
from outturn.site.councils.models import Council
from outturn.site.people.access import person_of

from . import words
from .models import Change
from .narrowing import Asked, visible

ON_A_PAGE = 50
ANONYMOUS = "a member of staff"


@require_safe
def changes(request: HttpRequest, council: str) -> HttpResponse:
    """A council's changes, newest first. A subject brings what is below it. Not everybody is told the accounts."""
    context = {
        "council": get_object_or_404(Council, slug=council).data(), **_listed(request, council),
        "whole": person_of(request).may(Deed.SEE_EVERY_TRAIL, ""),
    }  # fmt: skip
    return render(request, "trail/changes.html", context)


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Everything in the workspace: sign-ins, looks at lists of people and exports too."""
    demand_all(request)
    return render(request, "trail/changes.html", _listed(request, ""))


def demand_all(request: HttpRequest) -> None:
    """Raise PermissionDenied unless they may see the trail of every council."""
    person = person_of(request)
    if not person.may(Deed.SEE_EVERY_TRAIL, ""):
        raise PermissionDenied(person.why_not(Deed.SEE_EVERY_TRAIL, ""))


def rows_for(request: HttpRequest, council: str) -> QuerySet[Change]:
    """What they may see of a council, or of everything."""
    return visible(person_of(request), council) if council else Change.objects.defer("undo")


def told_names(request: HttpRequest, council: str) -> bool:
    """Whether they are told who it was."""
    return person_of(request).may_somewhere(Deed.SEE_TRAIL, council)


def _listed(request: HttpRequest, council: str) -> dict[str, Any]:
    every, names = rows_for(request, council), told_names(request, council)
    asked = Asked.read(request.GET, names=names)
    page = Paginator(asked.of(every, names=names), ON_A_PAGE).get_page(request.GET.get("page"))
    carried = asked.carried()
    here = reverse("changes", args=[council]) if council else reverse("trail")
    return {
        "page": page,
        "rows": [_row(change, names=names) for change in page],
        "groups": _groups(every, asked, names=names),
        "asked": asked,
        "names": names,
        "export": here + "export/" if names else "",
        "carried": list(carried.items()),
        "action": here,
        "href": f"{here}?{urlencode(carried)}{'&' if carried else ''}page=",
    }


def _groups(every: QuerySet[Change], asked: Asked, *, names: bool) -> list[dict[str, Any]]:
    """A choice for each filter with few answers, with what was asked for even where nothing has it."""
    filters = [("kind", "What", "Everything", asked.kind, words.kind_words)]
    filters += [("by", "Who", "Everybody", asked.by, str)] if names else []
    groups = []
    for name, label, everything, chosen, worded in filters:
        found = {*every.order_by().values_list(name, flat=True).distinct(), chosen} - {""}
        options = [("", everything), *((value, worded(value)) for value in sorted(found))]
        groups.append({"name": name, "label": label, "chosen": chosen, "options": options})
    return groups


def _row(change: Change, *, names: bool) -> dict[str, Any]:
    hidden = frozenset() if names else frozenset({"by"})  # the author of a progress note is an account too
    return {
        "number": change.pk,
        "href": _address(change),
        "who": change.by if names else ANONYMOUS,
        "when": words.when(change),
        "verb": change.verb,
        "kind": words.kind_words(change.kind),
        "subject": change.subject,
        "title": change.title,
        "reason": change.reason,
        "fields": words.fields(change, hidden=hidden),
    }


def _address(change: Change) -> str:
    of_council = change.council and ":" not in change.council
    return reverse("change", args=[change.council, change.pk]) if of_council else reverse("trail-row", args=[change.pk])


@require_safe
def change(request: HttpRequest, council: str, number: int) -> HttpResponse:
    """One change, with what it was before and after, and the way to the pages of then."""
    found = get_object_or_404(visible(person_of(request), council), pk=number)
    around = {
        name: f"{reverse('council', args=[council])}?as-at={place}"
        for name, place in (("before", number - 1), ("after", number))
    }
    context = {"council": get_object_or_404(Council, slug=council).data(), "around": around}
    return _one(request, found, council, context)


@require_safe
def trail_row(request: HttpRequest, number: int) -> HttpResponse:
    """One row that belongs to no council."""
    demand_all(request)
    return _one(request, get_object_or_404(Change.objects.defer("undo"), pk=number), "", {})


def _one(request: HttpRequest, found: Change, council: str, context: dict[str, Any]) -> HttpResponse:
    names = told_names(request, council)
    above = ("Changes", reverse("changes", args=[council])) if council else ("Trail", reverse("trail"))
    of_same = f"{above[1]}?{urlencode({'kind': found.kind, 'subject': found.subject})}"
    context |= {
        "row": _row(found, names=names), "change": found, "names": names, "crumbs": [above], "of_same": of_same,
    }  # fmt: skip
    return render(request, "trail/change.html", context)
