"""A council's requests read back as plain data, and the things they concern by name and address."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.urls import reverse

from outturn.plans.requests import About, Asker, Closing, Reply, Request, RequestKind, in_order, outstanding_of
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator
from outturn.site.plans.models import Action, Risk
from outturn.site.scorecards.models import Priority
from outturn.site.trail.memory import remembered

from . import models


class Thing(NamedTuple):
    """What a request may concern, for the reader."""

    words: str
    href: str


@remembered
def read_requests(council: Council) -> tuple[Request, ...]:
    """Everything ever asked, in the order it was noted."""
    of_council = {"request__council": council}
    links: dict[int, list[About]] = defaultdict(list)
    for key, kind, place in models.Link.objects.filter(**of_council).values_list("request_id", "kind", "place"):
        links[key].append(About(kind, place))
    replies: dict[int, list[Reply]] = defaultdict(list)
    fields = "request_id", "on", "text", "by", "due", "order"
    for key, *values in models.Reply.objects.filter(**of_council).values_list(*fields):
        replies[key].append(Reply(*values))
    return tuple(request_data(one, links[one.pk], replies[one.pk]) for one in council.requests.all())


def request_data(stored: models.Request, about: Iterable[About], replies: Iterable[Reply]) -> Request:
    """A stored request as plain data."""
    closing = Closing(stored.closed_on, stored.closed_because, stored.closed_by) if stored.closed_on else None
    return Request(
        stored.number, Asker(stored.asked_by), stored.meeting, stored.asked_on, RequestKind(stored.kind),
        stored.question, stored.owner, stored.first_due, tuple(about), in_order(replies), closing,
    )


def read_request(stored: models.Request) -> Request:
    """One of them, as stored now."""
    about = [About(*row) for row in stored.links.values_list("kind", "place")]
    replies = [Reply(*row) for row in stored.replies.values_list("on", "text", "by", "due", "order")]
    return request_data(stored, about, replies)


def outstanding(council: Council, on: date) -> list[Request]:
    """What a pack of that day must show: asked before it and not closed before it, what presses most first."""
    return outstanding_of(read_requests(council), on)


@remembered
def things_of(council: Council) -> dict[About, Thing]:
    """Everything that a request may concern."""
    return dict(_things(council))


def _things(council: Council) -> Iterator[tuple[About, Thing]]:
    for slug, code, title, basis in Indicator.objects.filter(council=council).values_list(
        "slug", "code", "title", "basis"
    ):
        href = reverse("indicator", args=[council.slug, slug])
        yield About("indicator", slug), Thing(f"{code} {title} ({basis})", href)
    for slug, year, number, title in Priority.objects.filter(block__scorecard__council=council).values_list(
        "block__scorecard__slug", "block__scorecard__year", "number", "title"
    ):
        href = reverse("priority", args=[council.slug, slug, number])
        yield About("priority", f"{slug}/{number}"), Thing(f"{title} ({year.replace('-', '/')})", href)
    for kind, model, title in (("action", Action, "text"), ("risk", Risk, "title")):
        for slug, reference, words in model.objects.filter(plan__council=council).values_list(
            "plan__slug", "reference", title
        ):
            href = reverse(kind, args=[council.slug, slug, reference])
            yield About(kind, f"{slug}/{reference}"), Thing(f"{reference} {words}", href)


def store_requests(council: Council, requests: Iterable[Request]) -> None:
    """Keep what a council's files say was asked."""
    for one in requests:
        closed = one.closing and {
            "closed_on": one.closing.on, "closed_because": one.closing.because, "closed_by": one.closing.post
        }  # fmt: skip
        stored = models.Request.objects.create(
            council=council, number=one.number, asked_by=one.asked_by, meeting=one.meeting, asked_on=one.asked_on,
            kind=one.kind, question=one.question, owner=one.owner, first_due=one.first_due, **closed or {},
        )
        link(stored, one.about)
        models.Reply.objects.bulk_create(
            models.Reply(request=stored, order=each.number, on=each.on, text=each.text, by=each.by, due=each.due)
            for each in one.replies
        )


def link(stored: models.Request, about: Iterable[About]) -> None:
    """Say what a request concerns, in place of what it said before."""
    stored.links.all().delete()
    models.Link.objects.bulk_create(models.Link(request=stored, kind=each.kind, place=each.place) for each in about)


def of_kind(things: dict[About, Thing], kind: str) -> list[tuple[str, str]]:
    """The choices of one kind."""
    return [(about.place, thing.words) for about, thing in things.items() if about.kind == kind]
