"""What the checks find in a council, and what of it was dismissed. Worked out anew when the council or day changes."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from django.urls import reverse
from django.utils import timezone

from outturn.sense.checking import findings
from outturn.sense.finding import Finding, Severity, Subject
from outturn.sense.rule import RULES, Rule
from outturn.site.councils.models import Council
from outturn.site.rounds.visible import PUBLIC, Reader
from outturn.site.trail import clock
from outturn.site.trail.memory import remembered
from outturn.terms.period import Period, write_date

from .models import Dismissal
from .picture import picture_of

PAGES = {"scorecard": "scorecard-latest", "catalogue": "definition"}
"""The page of a subject, where it is not called as its kind is."""


@dataclass(frozen=True, slots=True)
class Said:
    """Why a finding may stand, by whom and when."""

    number: int
    key: str  # of the finding
    words: str  # what it said then
    because: str
    by: str
    on: date

    @property
    def when(self) -> str:
        """The day, in words."""
        return write_date(self.on)


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as pages print it."""

    finding: Finding
    rule: Rule
    mark: str  # names it in addresses
    href: str
    also: tuple[tuple[str, str], ...]  # words and address of what else it is about
    periods: tuple[str, ...]  # in words
    dismissed: bool
    said: Said | None  # why it was dismissed; of an open one, why one like it was

    @property
    def severity(self) -> Severity:
        return self.finding.severity

    @property
    def kind(self) -> str:
        return self.finding.subject.kind


class Found:
    """Everything found, gravest first. It does not work where a rule failed, and nothing can be said."""

    def __init__(self, rows: Sequence[Row], works: bool = True) -> None:
        self.rows = rows
        self.works = works
        self.open = [row for row in rows if not row.dismissed]
        self.dismissed = [row for row in rows if row.dismissed]
        self.by_address: dict[str, list[Row]] = defaultdict(list)
        """The open ones by the pages they are about, without %20 and the like, since not all are written alike."""
        for row in self.open:
            for href in {unquote(href) for href in (row.href, *(href for _, href in row.also))}:
                self.by_address[href].append(row)

    def named(self, mark: str) -> Row | None:
        """The open finding of that name."""
        return next((row for row in self.open if row.mark == mark), None)


def found_now(council: Council, reader: Reader = PUBLIC) -> Found:
    """What the checks find today in what a reader sees.

    A rule that fails is our mistake, and must not take other pages with it.
    """
    return _found_on(council, clock.today(), reader)


@remembered
def _found_on(council: Council, today: date, reader: Reader) -> Found:
    try:
        return found_in(council, today, reader)
    except Exception:
        logging.getLogger(__name__).exception("The checks failed.")
        return Found([], works=False)


def found_in(council: Council, today: date, reader: Reader = PUBLIC) -> Found:
    """What the checks find on a day. Raises what a rule raises."""
    found = findings(picture_of(council, today, reader))
    holding = {one.key: _said(one) for one in council.dismissals.filter(taken_back_at=None)}
    keys = {one.key for one in found}
    lapsed = {_place(said): said for said in reversed(holding.values()) if said.key not in keys}  # the newest prevails
    return Found([_row(council.slug, one, holding.get(one.key), lapsed.get(_place(one))) for one in found])


def _said(stored: Dismissal) -> Said:
    on = timezone.localdate(stored.at)
    return Said(stored.pk, stored.key, stored.words, stored.because, stored.by, on)


def _place(of: Finding | Said) -> str:
    """The rule and the thing, whatever is said."""
    return of.key.rpartition(":")[0]


def _row(council: str, finding: Finding, dismissed: Said | None, lapsed: Said | None) -> Row:
    return Row(
        finding,
        RULES[finding.rule],
        hashlib.sha256(finding.key.encode()).hexdigest()[:16],
        _address(council, finding.subject),
        tuple((one.words, _address(council, one)) for one in finding.also),
        tuple(Period.read(code).words for code in finding.periods),
        bool(dismissed),
        dismissed or lapsed,
    )


def _address(council: str, subject: Subject) -> str:
    """The page of what a finding is about."""
    above = [] if subject.kind == "catalogue" else [council]
    return reverse(PAGES.get(subject.kind, subject.kind), args=[*above, *subject.place])
