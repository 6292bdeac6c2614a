"""Lists of what was asked, a page for each request, and what is outstanding when a meeting comes round again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from outturn.plans.requests import Asker, Request, RequestKind, Standing
from outturn.plans.roles import Deed
from outturn.site.councils.models import Council
from outturn.site.councils.views import find_council
from outturn.site.editing import read_sensible_date
from outturn.site.people.access import needs, person_of
from outturn.site.tables import Filter, Table
from outturn.site.trail import clock
from outturn.terms.period import write_date

from .access import may_answer, may_raise, why_not_close
from .reading import Thing, outstanding, read_requests, things_of


@dataclass(frozen=True, slots=True)
class Row:
    """A request in a list."""

    request: Request
    standing: Standing
    href: str
    things: list[Thing]


FILTERS = (
    Filter("standing", "How it stands", "standing", "All", list(Standing)),
    Filter("by", "Who asked", "request.asked_by", "Everybody", list(Asker), {one: one.capitalize() for one in Asker}),
    Filter(
        "kind", "What is wanted", "request.kind", "Anything", list(RequestKind),
        {one: one.capitalize() for one in RequestKind},
    ),
    Filter("owner", "Who owes the answer", "request.owner", "Everybody"),
)
SORTS = {
    "number": lambda row: row.request.number,
    "asked": lambda row: row.request.asked_on,
    "due": lambda row: row.request.due,
}


def rows_of(council: Council, requests: Iterable[Request], on: date) -> list[Row]:
    """Requests as they stand on a day, with what they concern."""
    things = things_of(council)
    return [
        Row(
            one, one.standing(on), reverse("request", args=[council.slug, one.number]),
            [things[about] for about in one.about if about in things],
        )
        for one in requests
    ]


@require_safe
@needs(Deed.READ_AGREED)
def requests(request: HttpRequest, council: str) -> HttpResponse:
    """Everything ever asked, what presses most first."""
    stored, today = find_council(council), clock.today()
    rows = rows_of(stored, read_requests(stored), today)
    rows.sort(key=lambda row: (list(Standing).index(row.standing), row.request.due, row.request.number))
    context = {
        "council": stored.data(),
        "table": Table(rows, request, filters=FILTERS, sorts=SORTS),
        "counts": [(standing, sum(row.standing is standing for row in rows)) for standing in Standing],
        "may_raise": may_raise(person_of(request), council),
    }
    return render(request, "requests/list.html", context)


@require_safe
@needs(Deed.READ_AGREED)
def outstanding_page(request: HttpRequest, council: str) -> HttpResponse:
    """What a pack or an agenda must show again: everything from before a day, whoever asked it."""
    stored, asked = find_council(council), request.GET.get("on", "").strip()[:40]
    on, fault = clock.today(), ""
    try:
        on = read_sensible_date(asked) if asked else on
    except ValueError as error:
        fault = str(error)
    rows = [] if fault else rows_of(stored, outstanding(stored, on), on)
    groups = [(who, [row for row in rows if row.request.asked_by is who]) for who in Asker]
    context = {
        "council": stored.data(), "on": write_date(on), "asked": asked or write_date(on), "fault": fault,
        "groups": [group for group in groups if group[1]],
    }
    return render(request, "requests/outstanding.html", context, status=400 if fault else 200)


@require_safe
@needs(Deed.READ_AGREED)
def request_page(request: HttpRequest, council: str, number: int) -> HttpResponse:
    """One request: the question in its words, what it concerns, and all that was said since."""
    stored, today = find_council(council), clock.today()
    found = [one for one in read_requests(stored) if one.number == number]
    if not found:
        raise Http404(f"{stored.name} has no request {number}.")
    [row] = rows_of(stored, found, today)
    person = person_of(request)
    may = {
        "raise": may_raise(person, council),
        "answer": may_answer(person, council, row.request.owner),
        "close": not why_not_close(person, council, row.request),
    }
    query = urlencode({"kind": "request", "subject": str(number)})
    context = {
        "council": stored.data(), "row": row, "asked": row.request, "may": may,
        "history": f"{reverse('changes', args=[council])}?{query}",
    }
    return render(request, "requests/request.html", context)
