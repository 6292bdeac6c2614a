"""What the pages of a round print of its entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from outturn.plans.roles import Deed, Person
from outturn.plans.states import Allowed, Asks, Move, Reason, Refused, may_move, next_move
from outturn.site.checks.reading import Row, found_now
from outturn.site.indicators.judged import Judged, series_of
from outturn.site.trail import clock
from outturn.site.trail.models import Change
from outturn.terms.status import Rag

from .computed import told_for
from .content import WORDS, text_of
from .models import Entry, Round
from .owing import slug_of
from .reading import Standing
from .remarks import remarks
from .visible import INSIDE

MOST_CHANGES = 50
KINDS = ("entry", "commentary", "figure", "result")


@dataclass(frozen=True, slots=True)
class Summary:
    """An entry in a table: its figure judged, or its status, and how its words begin."""

    judged: Judged | None
    status: Rag | None
    words: str


def summaries(round: Round, entries: Iterable[Standing]) -> dict[int, Summary]:
    """By entry, in a constant number of queries."""
    today = clock.today()
    series = series_of(round.council, today, INSIDE, to_staff=True)
    found = {}
    for one in entries:
        indicator = one.stored.indicator
        judged = series[indicator.slug].judged_for(round.period, today) if indicator else None
        status = Rag(one.content["status"]) if one.content["status"] else None
        found[one.stored.pk] = Summary(judged, status, " ".join(text_of(one.content).split()))
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that this person can make here."""

    move: Move
    slug: str
    asks: str  # note, reason or nothing
    is_next: bool


def entry_page(one: Standing, person: Person) -> dict[str, Any]:
    """Everything on an entry's page, for this person."""
    entry, council = one.stored, one.stored.round.council
    answers = [(move, may_move(one.data, move, person)) for move in Move if move is not Move.CHANGE]
    reads_drafts = person.may(Deed.READ_DRAFTS, *one.place)
    content = one.content if reads_drafts or not one.published else one.published
    may_change = isinstance(may_move(one.data, Move.CHANGE, person), Allowed)
    return {
        "council": council.data(), "round": entry.round, "one": one, "entry": entry, "content": content,
        "words": [(Entry._meta.get_field(name).verbose_name, content[name]) for name in _shown(reads_drafts)],
        "summary": summaries(entry.round, [one])[entry.pk],
        "told": told_for(one) if reads_drafts else None,
        "may_change": may_change,
        "may_type": may_change and bool(entry.indicator) and person.may(Deed.EDIT_FIGURE, *one.place),
        "may_set_up": person.may(Deed.SET_UP, council.slug),
        "offers": sorted(
            (_offer(one, move, answer.row.asks) for move, answer in answers if isinstance(answer, Allowed)),
            key=lambda offer: not offer.is_next,
        ),
        "refused": [
            (move, answer.sentence) for move, answer in answers if isinstance(answer, Refused) and not answer.pointless
        ],
        "reasons": list(Reason), "reads_drafts": reads_drafts,
        "remarks": remarks(one) if reads_drafts else [],
        "checks": _checks(one) if reads_drafts else [],
        "changed": one.changed if reads_drafts else [],
        "history": _history(one) if person.may(Deed.SEE_TRAIL, *one.place) else [],
        "of": _of(one),
    }  # fmt: skip


def _shown(reads_drafts: bool) -> Sequence[str]:
    return WORDS if reads_drafts else WORDS[:-1]


def _offer(one: Standing, move: Move, asks: Asks) -> Offer:
    kinds = {Asks.NOTHING: "", Asks.NOTE: "note", Asks.REASON: "reason"}
    return Offer(move, slug_of(move), kinds[asks], move is next_move(one.data))


def _of(one: Standing) -> str:
    """The page of what it is about."""
    entry, council = one.stored, one.stored.round.council.slug
    if entry.indicator:
        return reverse("indicator", args=[council, entry.indicator.slug])
    return reverse("priority", args=[council, entry.scorecard.slug, entry.priority.number])


def _checks(one: Standing) -> list[Row]:
    """What the checks find in an indicator's figure for the quarter. Those on words come as remarks."""
    if not one.stored.indicator:
        return []
    rows = found_now(one.stored.round.council, INSIDE).by_address.get(_of(one), [])
    quarter = one.stored.round.period.words
    return [row for row in rows if row.kind == "indicator" and quarter in row.periods]


def _history(one: Standing) -> list[Change]:
    """What was done with it, newest first."""
    entry = one.stored
    figures = {f"{entry.indicator.slug}/{code}" for code in one.content["figures"]} if entry.indicator else set()
    changes = Change.objects.filter(council=entry.round.council.slug, kind__in=KINDS)
    return list(changes.filter(subject__in={entry.subject, *figures}).order_by("-id")[:MOST_CHANGES])


