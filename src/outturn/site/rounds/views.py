"""A council's rounds, the board of one, each entry, signing many at once, and what a person owes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outturn.plans.roles import Deed
from outturn.plans.round import DUE_BY
from outturn.plans.states import Move, NotAllowed, Reason, State
from outturn.site.councils.views import find_council
from outturn.site.editing import LONGEST_TEXT, tidy
from outturn.site.people.access import needs, person_of
from outturn.site.tables import Filter, Table
from outturn.site.trail import clock
from outturn.terms.period import Period

from . import moving
from .computed import as_typed, told_for
from .models import Round
from .opening import refill
from .owed import owed_by
from .owing import slug_of, waiting_for
from .page import entry_page, summaries
from .progress import board_of
from .reading import Standing, entries_of, find_entry, find_round, may_read

MOVES = {slug_of(move): move for move in Move}
VERBS = {Move.CHECK: "Check", Move.PUBLISH: "Publish", Move.PUBLISH_AGAIN: "Publish"}


@require_safe
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """All that the person owes, in every council, what is overdue first."""
    owed = owed_by(person_of(request))
    context = {"overdue": [one for one in owed if one.overdue], "ahead": [one for one in owed if not one.overdue]}
    return render(request, "rounds/my_work.html", context)


@require_safe
@needs(Deed.READ_AGREED)
def rounds(request: HttpRequest, council: str) -> HttpResponse:
    """Every round, newest first, and the quarters for which one can be opened."""
    stored = find_council(council)
    there = list(stored.rounds.select_related("council"))
    today = clock.today()
    known = {each.quarter for each in there}
    newest = Period.quarter(Period.snapshot(today).first_year, Period.snapshot(today).quarter_number)
    quarters = [each for each in (newest.previous(), newest) if each.code not in known]
    context = {
        "council": stored.data(), "rounds": there, "today": today,
        "may_open": person_of(request).may(Deed.SET_UP, council),
        "quarters": [(each.words, Round(quarter=each.code).address) for each in quarters],
    }  # fmt: skip
    return render(request, "rounds/rounds.html", context)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """An entry on the board."""

    one: Standing
    state: State
    owners: tuple[str, ...]
    summary: Any


STATES = list(State)
FILTERS = (
    Filter("state", "State", "state", "Any", STATES),
    Filter("owner", "Owner", "owners", "All owners", none="Nobody"),
)


@require_safe
@needs(Deed.READ_AGREED)
def board(request: HttpRequest, council: str, round: str) -> HttpResponse:
    """A round: its dates, how far it is by step and by owner, and its entries."""
    stored, person = find_round(council, round), person_of(request)
    every = entries_of(stored)
    readable = [one for one in every if may_read(person, one)]
    shown = summaries(stored, readable)
    rows = [BoardRow(one, one.state, tuple(one.data.owner), shown[one.stored.pk]) for one in readable]
    context = {
        "council": stored.council.data(), "round": stored, "today": clock.today(),
        "board": board_of(stored, every, clock.today()),
        "table": Table(rows, request, filters=FILTERS), "hidden": len(every) - len(readable),
        "waiting": [(move, slug, len(found)) for slug, move in MOVES.items()
                    if move in DUE_BY and move is not Move.SUBMIT and (found := waiting_for(person, every, move))],
        "may_set_up": person.may(Deed.SET_UP, council),
    }  # fmt: skip
    return render(request, "rounds/board.html", context)


@require_POST
@needs(Deed.SET_UP)
def fill(request: HttpRequest, council: str, round: str) -> HttpResponse:
    """Give the round entries for what plans and scorecards list since it was opened."""
    stored = find_round(council, round)
    count = refill(stored, by=person_of(request).account)
    messages.success(request, f"{count} {'entry' if count == 1 else 'entries'} added." if count else
                     "Nothing was missing: every measure, priority and listed indicator has its entry.")  # fmt: skip
    return redirect("round", council, round)


@require_safe
@login_required
def entry(request: HttpRequest, council: str, round: str, name: str) -> HttpResponse:
    """One entry: what it says, how it is judged, where it stands, and what this person may do."""
    one = _readable(request, council, round, name)
    return render(request, "rounds/entry.html", entry_page(one, person_of(request)))


def _readable(request: HttpRequest, council: str, round: str, name: str) -> Standing:
    one, person = find_entry(council, round, name), person_of(request)
    if not may_read(person, one):
        raise PermissionDenied(person.why_not(Deed.READ_DRAFTS, *one.place))
    return one


@require_POST
@login_required
def move(request: HttpRequest, council: str, round: str, name: str) -> HttpResponse:
    """Make a move, or say why not."""
    one = _readable(request, council, round, name)
    sent = tidy(request.POST)
    wanted = MOVES.get(sent.get("move", ""))
    if wanted is None or wanted is Move.CHANGE:
        raise Http404("There is no such move.")
    reason = next((each for each in Reason if each.name == sent.get("reason")), None)
    note = sent.get("note", "").strip()
    try:
        if len(note) > LONGEST_TEXT:
            raise NotAllowed(f"The note has {len(note):,} characters. Shorten it to {LONGEST_TEXT:,}.")
        moving.make_move(one.stored, wanted, person_of(request), note=note, reason=reason, seen=sent.get("seen", ""))
    except NotAllowed as refused:
        context = entry_page(one, person_of(request)) | {"refusal": str(refused), "asked": wanted, "note": note}
        return render(request, "rounds/entry.html", context, status=409)
    messages.success(request, f"{one.stored.title}: {wanted.value}. Done.")
    return redirect(one.href)


@require_POST
@login_required
def confirm(request: HttpRequest, council: str, round: str, name: str) -> HttpResponse:
    """Stand by the figure that is there, or take over the one worked out from records."""
    one = _readable(request, council, round, name)
    seen = request.POST.get("seen", "")
    try:
        if request.POST.get("take"):
            told = told_for(one)
            if not told or told.is_missing:
                raise NotAllowed("There is no figure from records to take over.")
            said = {"reason": "Taken over from the records.", "seen": seen, **as_typed(told)}
            moving.take_figure(one.stored, person_of(request), **said)
        else:
            moving.confirm(one.stored, person_of(request), seen=seen)
    except NotAllowed as refused:
        context = entry_page(one, person_of(request)) | {"refusal": str(refused)}
        return render(request, "rounds/entry.html", context, status=409)
    messages.success(request, "The figure is confirmed.")
    return redirect(one.href)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: HttpRequest, council: str, round: str, move: str) -> HttpResponse:
    """All that waits for one move by this person, to be signed together."""
    stored, person = find_round(council, round), person_of(request)
    wanted = MOVES.get(move)
    if wanted not in DUE_BY or wanted is Move.SUBMIT:
        raise Http404("There is no such move.")
    waiting = [one for one in waiting_for(person, entries_of(stored), wanted) if may_read(person, one)]
    refusal = ""
    if request.method == "POST":
        chosen = [one for one in waiting if one.stored.name in request.POST.getlist("entry")]
        try:
            if not chosen:
                raise NotAllowed("Nothing was chosen. Tick the entries to sign.")
            seen = {one.stored.pk: request.POST.get(f"seen-{one.stored.name}", "") for one in chosen}
            moving.move_all([one.stored for one in chosen], wanted, person, seen=seen)
        except NotAllowed as refused:
            refusal = str(refused)
        else:
            many = f"{len(chosen)} {'entry' if len(chosen) == 1 else 'entries'}"
            messages.success(request, f"{many}: {wanted.value}. Done.")
            return redirect(reverse("round", args=[council, round]))
    shown = summaries(stored, waiting)
    context = {
        "council": stored.council.data(), "round": stored, "move": wanted, "refusal": refusal,
        "verb": VERBS.get(wanted, "Agree"),
        "rows": [(one, shown[one.stored.pk]) for one in waiting],
    }  # fmt: skip
    return render(request, "rounds/sign.html", context, status=409 if refusal else 200)
