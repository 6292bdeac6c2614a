"""Marks beside the things and figures that findings are about, for those who prepare what is found."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from django.http import HttpRequest

from outturn.sense.finding import Severity
from outturn.site.councils.models import Council
from outturn.site.people.access import reads_drafts
from outturn.site.rounds.visible import reader_of

from .reading import Found, Row, found_now


@dataclass(frozen=True, slots=True)
class Mark:
    """How many findings there are on a thing or figure, the gravest of them, and where to read them."""

    count: int
    severity: Severity
    href: str


class Marks:
    """A council's open findings, looked up when a page first asks for them."""

    def __init__(self, council: str, request: HttpRequest) -> None:
        self.council, self.request = council, request

    @cached_property
    def _found(self) -> Found:
        council = Council.objects.get(slug=self.council)
        return found_now(council, reader_of(self.request, council))

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._found.open)

    def on(self, href: str, period: str = "") -> list[Row]:
        """Those about the thing whose page that is, or about its figure for a period, named in words."""
        rows = self._found.by_address.get(unquote(href), [])
        return [row for row in rows if period in row.periods] if period else rows

    def at(self, href: str, period: str = "") -> Mark | None:
        """What to print beside a thing or a figure."""
        rows = self.on(href, period)
        return Mark(len(rows), rows[0].severity, f"{href}#checks") if rows else None


def marks(request: HttpRequest) -> dict[str, Marks | None]:
    """Context processor: `marks` on the pages below a council; none for those who read no drafts."""
    match = request.resolver_match
    council = match.kwargs.get("council") if match else None
    allowed = council and reads_drafts(request)
    return {"marks": Marks(council, request) if allowed else None}
