"""What was asked about a thing, at the foot of that thing's page, for those who are signed in."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse

from outturn.plans.requests import About
from outturn.plans.roles import Deed
from outturn.site.councils.models import Council
from outturn.site.people.access import person_of
from outturn.site.trail import clock

from .access import may_raise
from .reading import read_requests
from .views import Row, rows_of

PLACES = {"indicator": ("slug",), "priority": ("card", "number"), "action": ("plan", "reference"),
          "risk": ("plan", "reference")}  # fmt: skip
"""What the addresses of the pages of things hold, by the pages' names, which are the things' kinds."""


@dataclass
class AskedHere:
    """The requests about one thing, looked up when its page shows them."""

    council: str
    about: About
    may_raise: bool

    @cached_property
    def rows(self) -> list[Row]:
        """Those there are, in the order they were asked."""
        council = Council.objects.filter(slug=self.council).first()
        found = [one for one in read_requests(council) if self.about in one.about] if council else []
        return rows_of(council, found, clock.today())

    @property
    def add_href(self) -> str | bool:
        """Where to note another, for those who may."""
        return self.may_raise and reverse("request-add-about", args=[self.council, self.about.kind, self.about.place])


def asked_here(request: HttpRequest) -> dict[str, AskedHere | None]:
    """Context processor: `asked_here` on the page of an indicator, priority, action or risk."""
    match = request.resolver_match
    if not (match and match.url_name in PLACES):
        return {"asked_here": None}
    council, person = match.kwargs["council"], person_of(request)
    if not person.may_somewhere(Deed.READ_AGREED, council):
        return {"asked_here": None}
    place = "/".join(str(match.kwargs[part]) for part in PLACES[match.url_name])
    return {"asked_here": AskedHere(council, About(match.url_name, place), may_raise(person, council))}
