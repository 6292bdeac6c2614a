"""`?as-at=` shows any page of a council as it was: to those who read drafts, and for reading only.

The page is made by its own view, from the database of that moment. Afterwards its links are led to the same moment.
"""

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import urlencode

from outturn.plans.roles import Deed
from outturn.site.people.access import person_of
from outturn.terms.period import write_date

from .clock import Past, going_to, past
from .past import ALIAS, NotThen, find, opened
from .triggers import is_tracked, tracked

ASKED = "as-at"
SAFE = ("GET", "HEAD")
WITHOUT_TABLES = {"methods"}  # apps whose pages are the same at any time
BESIDE = {"outturn.site.indicators.cases", "outturn.site.trail.files"}  # pages of now in apps that have a past
LINK = re.compile(r'(<a (?!data-now)[^>]*?\bhref=")([/?][^"#]*)')
FORM = re.compile(r"<form\b[^>]*>")
LEAVING = ("/sign-", "/static/", "/account/", "//")


class Router:
    """Sends what is read of tracked tables to the moment's own database."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        if not past():
            return None
        return ALIAS if is_tracked(model) else "default"

    db_for_write = db_for_read

    def allow_relation(self, *things: Any, **hints: Any) -> bool | None:
        return True if past() else None


def time_travel(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. Comes last, so that the view alone is in the past: who asks is known from the present."""

    def respond(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get(ASKED, "").strip()
        if ASKED not in request.GET:
            return get_response(request)
        request.GET = _without(request.GET)  # so that no page needs to know
        request.META["QUERY_STRING"] = request.GET.urlencode()
        if not asked:
            return get_response(request)
        try:
            moment = _moment(request, asked)
        except NotThen as refusal:
            return _refused(request, str(refusal))
        with going_to(moment), opened(moment.database):
            response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            response.content = lead_on(response.content.decode(), asked).encode()
        return response

    return respond


def _without(query: QueryDict) -> QueryDict:
    found = query.copy()
    del found[ASKED]
    return found


def _moment(request: HttpRequest, asked: str) -> Past:
    """Raises NotThen with the sentence where it cannot or may not be shown."""
    if request.method not in SAFE:
        raise NotThen("This page shows the past, which cannot be changed. Nothing was saved.")
    try:
        match = resolve(request.path_info)
    except Http404:
        raise NotThen("There is no page at this address.") from None
    person, council = person_of(request), match.kwargs.get("council", "")
    if not person.may_somewhere(Deed.READ_DRAFTS, council):
        raise NotThen(person.why_not(Deed.READ_DRAFTS, council))
    module = match.func.__module__
    app = module.split(".")[2]
    if module.endswith(".editing"):
        raise NotThen("The past cannot be changed, so this form is of the present only.")
    if module in BESIDE or app not in _apps() or (app == "trail" and not council):
        raise NotThen("This page shows only how things are now.")
    return find(asked)


def _apps() -> set[str]:
    return {model._meta.app_label for model in tracked()} | WITHOUT_TABLES | {"trail"}


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    context = {
        "status": 400, "heading": "This cannot be shown as it was", "words": words,
        "next_step": "Choose another date at the foot of a page, or see things as they are now.",
        "now": request.get_full_path(),
    }  # fmt: skip
    return render(request, "error.html", context, status=400)


def lead_on(html: str, asked: str) -> str:
    """Every link and form of a page, led to the same moment; signing out is of the present."""
    pair = escape(urlencode({ASKED: asked}))
    field = f'<input type="hidden" name="{ASKED}" value="{escape(asked)}">'

    def link(found: re.Match[str]) -> str:
        start, address = found.groups()
        if address.startswith(LEAVING):
            return found[0]
        return f"{start}{address}{'&amp;' if '?' in address else '?'}{pair}"

    def form(found: re.Match[str]) -> str:
        tag = found[0]
        if 'method="post"' not in tag.lower():
            return tag if "data-when" in tag else tag + field
        action = re.search(r'action="([^"]*)"', tag)
        if not action or action[1].startswith(LEAVING):
            return tag
        joint = "&amp;" if "?" in action[1] else "?"
        return tag.replace(action[0], f'action="{action[1]}{joint}{pair}"')

    return FORM.sub(form, LINK.sub(link, html))


def when(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `when` the page is of, if not of now, and whether to offer another moment."""
    match, moment = request.resolver_match, past()
    council = match.kwargs.get("council", "") if match else ""
    offered = bool(council) and person_of(request).may_somewhere(Deed.READ_DRAFTS, council)
    return {"when": _words(moment, request) if moment else None, "may_travel": offered}


def _words(moment: Past, request: HttpRequest) -> dict[str, str]:
    at = timezone.localtime(moment.at)
    words = write_date(at) if (at.hour, at.minute) == (23, 59) else f"{write_date(at)} at {at:%H:%M}"
    change = f", after change {moment.change:,}" if moment.asked.isdecimal() else ""
    return {"words": f"{words}{change}", "now": request.get_full_path()}
