"""Pages on which a request is noted, answered, asked again and closed."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from outturn.plans.requests import About
from outturn.site.councils.models import Council
from outturn.site.editing import Page, after_last, editor

from .forms import AgainForm, AnswerForm, CloseForm, RequestForm
from .models import Reply, Request
from .reading import things_of


@editor
def add_request(council: Council, kind: str = "", place: str = "") -> Page:
    """A new request, begun from the page of what it concerns or from none."""
    request = Request(council=council, number=after_last(council.requests, "number"))
    about = About(kind, place)
    if kind and about not in things_of(council):
        raise Http404(f"{council.name} has no {kind} {place}.")
    request.about = [about] if kind else []
    return RequestForm, request


@editor
def edit_request(council: Council, number: int) -> Page:
    """What was asked, of whom and by when."""
    return RequestForm, _request(council, number)


@editor
def add_answer(council: Council, number: int) -> Page:
    """An answer to whoever asked."""
    return AnswerForm, _reply(council, number)


@editor
def ask_again(council: Council, number: int) -> Page:
    """Whoever asked is not content."""
    return AgainForm, _reply(council, number)


@editor
def edit_reply(council: Council, number: int, order: int) -> Page:
    """An answer, or the question asked again, as it was noted before."""
    reply = get_object_or_404(Reply.objects.select_related("request"), request=_request(council, number), order=order)
    return AgainForm if reply.due else AnswerForm, reply


@editor
def close(council: Council, number: int) -> Page:
    """Whoever asked is content."""
    request = _request(council, number)
    if request.closed_on:
        raise Http404(f"Request {number} is closed already. If more is wanted, ask again on its page.")
    return CloseForm, request


def _request(council: Council, number: int) -> Request:
    return get_object_or_404(Request, council=council, number=number)


def _reply(council: Council, number: int) -> Reply:
    request = _request(council, number)
    return Reply(request=request, order=after_last(request.replies))
