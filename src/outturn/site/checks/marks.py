"""Marks beside the things and figures that findings are about, for those who are signed in."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from django.http import HttpRequest

from outturn.sense.finding import Severity
from outturn.site.councils.models import Council

from .reading import Found, Row, found_now


@dataclass(frozen=True, slots=True)
class Mark:
    """How many findings there are on a thing or figure, the gravest of them, and where to read them."""

    count: int
    severity: Severity
    href: str


class Marks:
    """A council's open findings, looked up when a page first asks for them."""

    def __init__(self, council: str) -> None:
        self.council = council

    @cached_property
    def _found(self) -> Found:
        return found_now(Council.objects.get(slug=self.council))

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
    """Context processor: `marks` on the pages below a council; none for visitors, who do not see the checks."""
    match = request.resolver_match
    council = match.kwargs.get("council") if match else None
    return {"marks": Marks(council) if council and request.user.is_authenticated else None}
