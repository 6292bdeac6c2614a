"""What a person owes in the rounds that are open: their own entries one by one, and in one line what waits for them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from django.urls import reverse

from outturn.plans.roles import Person
from outturn.plans.round import DUE_BY
from outturn.plans.states import OUT, Allowed, Move, State, may_move, next_move

from .models import Entry, Round
from .owed import Owed
from .reading import Standing, read_entries

SIGNING = [move for move in DUE_BY if move is not Move.SUBMIT]


def owed_in_rounds(person: Person, today: date) -> Iterator[Owed]:
    """Every round that is not over, in a constant number of queries."""
    councils = {grant.council for grant in person.grants}
    if not councils:
        return
    entries = Entry.objects.exclude(state__in=OUT)
    if "" not in councils:
        entries = entries.filter(round__council__slug__in=councils)
    found = read_entries(entries.order_by("round", "order"))
    for _, group in groupby(found, lambda one: one.stored.round_id):
        standings = list(group)
        yield from _to_write(person, standings, today)
        yield from _to_sign(person, standings, today)


def waiting_for(person: Person, entries: Iterable[Standing], move: Move) -> list[Standing]:
    """The entries for which it is this person's turn to make a move."""
    return [
        one for one in entries
        if next_move(one.data) is move and isinstance(may_move(one.data, move, person), Allowed)
    ]  # fmt: skip


def _to_write(person: Person, entries: Sequence[Standing], today: date) -> Iterator[Owed]:
    due = _due(entries[0].stored.round, Move.SUBMIT)
    for one in entries:
        if next_move(one.data) is Move.SUBMIT and person.acts_for(one.data.council, one.data.owner):
            returned = f"Returned: {one.stored.note}" if one.state is State.RETURNED and one.stored.note else ""
            because = returned or " ".join(one.data.owing) or "All is written. Submit it."
            title = f"{one.stored.title}, {one.stored.round.period.words}"
            kind = "figure and commentary" if one.stored.indicator else "progress of a priority"
            yield Owed(kind, title, due, one.href, due < today, because, one.data.council)


def _to_sign(person: Person, entries: Sequence[Standing], today: date) -> Iterator[Owed]:
    round = entries[0].stored.round
    for move in SIGNING:
        if waiting := waiting_for(person, entries, move):
            due = _due(round, move)
            many = f"{len(waiting)} {'entry' if len(waiting) == 1 else 'entries'}"
            href = reverse("round-sign", args=[round.council.slug, round.address, slug_of(move)])
            because = "It waits for you." if len(waiting) == 1 else "They wait for you."
            yield Owed(
                move.value, f"{many}, {round.period.words}", due, href, due < today, because, round.council.slug
            )


def _due(round: Round, move: Move) -> date:
    return round.calendar[DUE_BY[move]]


def slug_of(move: Move) -> str:
    """A move in an address: agree-director."""
    return move.name.lower().replace("_", "-")
