"""What a reader may see of a quarter that has a round: the one place that keeps unagreed figures from them.

Every reading function takes a `Reader`. Without one it reads as the public does. A quarter without a round, such as all
that went before the first, is seen as it stands by everybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from outturn.plans.roles import Deed, Person
from outturn.plans.scorecard import QuarterReport as Report
from outturn.plans.states import OUT
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result
from outturn.site.people.access import person_of
from outturn.site.plans.models import Plan
from outturn.site.scorecards.models import QuarterReport, Scorecard
from outturn.site.trail.memory import remembered
from outturn.terms.period import Period
from outturn.terms.status import Rag

from .content import Content, falls_in, read_period, results_from, text_of
from .models import Entry, Publication
from .reading import read_entries

Scope = tuple[str, str]  # service and plan


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose eyes. Two people with the same rights are the same reader, so what was read for one serves both."""

    everything: bool = False
    drafts: frozenset[Scope] = frozenset()  # of these also what nobody has agreed
    agreed: frozenset[Scope] = frozenset()  # of these also what was agreed and is not yet published


PUBLIC = Reader()
INSIDE = Reader(everything=True)
"""Whoever works with the council's own machine."""


def reader_of(request: HttpRequest, council: Council) -> Reader:
    """The reader behind a request."""
    return reader_for(person_of(request), council)


def reader_for(person: Person, council: Council) -> Reader:
    """The reader that a person is."""
    if not person.account:
        return PUBLIC
    if person.may(Deed.READ_DRAFTS, council.slug):
        return INSIDE
    scopes = _scopes(council)
    drafts, agreed = (
        frozenset(scope for scope in scopes if person.may(deed, council.slug, *scope))
        for deed in (Deed.READ_DRAFTS, Deed.READ_AGREED)
    )
    return Reader(drafts=drafts, agreed=agreed)


@remembered
def _scopes(council: Council) -> frozenset[Scope]:
    """What anything in the council can belong to."""
    cards = Scorecard.objects.filter(council=council).values_list("directorate", flat=True)
    plans = Plan.objects.filter(council=council).values_list("service", "slug")
    return frozenset({("", ""), *((directorate, "") for directorate in cards), *plans})


@dataclass(frozen=True, slots=True)
class Seen:
    """The quarters of a council that have rounds, and what a reader sees of them in place of what stands there."""

    quarters: frozenset[Period] = frozenset()
    indicators: Mapping[int, tuple[Result, ...]] = field(default_factory=dict)  # by indicator, seen
    words: Mapping[tuple[int, str], Content] = field(default_factory=dict)  # by indicator and quarter
    priorities: Mapping[tuple[int, str], Content] = field(default_factory=dict)  # by priority and quarter
    shown: frozenset[tuple[str, str]] = frozenset()  # slug of an indicator, and quarter
    ahead: frozenset[Period] = frozenset()  # quarters of which this reader sees what the public does not see yet
    drafts: bool = False  # sees figures as they stand

    def hides(self, period: Period) -> bool:
        """Whether what stands for a period is not for this reader, who sees what the entries say instead."""
        return not self.drafts and self.has_round(period)

    def has_round(self, period: Period) -> bool:
        """Whether a period ends in a quarter that has a round."""
        return any(falls_in(period, quarter) for quarter in self.quarters)

    def shows(self, slug: str, period: Period) -> bool:
        """Whether an indicator's figures for a period may be shown, wherever they come from."""
        return not self.hides(period) or any(
            (slug, quarter.code) in self.shown for quarter in self.quarters if falls_in(period, quarter)
        )

    def awaits(self, slug: str, quarter: Period) -> bool:
        """Whether an indicator's figures are kept back while others of the quarter can be seen."""
        kept_back = self.has_round(quarter) and not self.shows(slug, quarter)
        return kept_back and any(code == quarter.code for _, code in self.shown)

    def commentary(self, indicator: int) -> list[tuple[Period, str]]:
        """What was said of an indicator, newest quarter first."""
        said = [(read_period(code), text_of(one)) for (key, code), one in self.words.items() if key == indicator]
        return sorted((each for each in said if each[1]), key=lambda each: each[0].end, reverse=True)

    def results(self, rows: Iterable[Result], indicators: Iterable[int]) -> list[Result]:
        """The results of some indicators."""
        if self.drafts or not self.quarters:
            return list(rows)
        kept = [row for row in rows if not self.hides(read_period(row.period))]
        return kept + [row for key in indicators for row in self.indicators.get(key, ())]

    def reports(self, priority: int, stored: Iterable[Report]) -> tuple[Report, ...]:
        """What is said of a priority, quarter by quarter."""
        if not self.quarters:
            return tuple(stored)
        kept = {report.quarter: report for report in stored if report.quarter not in self.quarters}
        for (key, code), content in self.priorities.items():
            if key == priority:
                status = Rag(content["status"]) if content["status"] else None
                kept[read_period(code)] = Report(read_period(code), status, text_of(content))
        return tuple(sorted(kept.values(), key=lambda report: report.quarter.end))


@remembered
def seen_by(council: Council, reader: Reader) -> Seen:
    """What a reader sees of the council's rounds. One question to the database where there are none."""
    entries = Entry.objects.filter(round__council=council)
    quarters = frozenset(map(read_period, council.rounds.values_list("quarter", flat=True)))
    if not quarters:
        return Seen(drafts=reader.everything)
    contents = _contents(entries, reader)
    indicators: dict[int, list[Result]] = defaultdict(list)
    words, priorities, shown, ahead = {}, {}, set(), set()
    columns = "id", "indicator", "indicator__slug", "priority", "round__quarter"
    for key, indicator, slug, priority, code in entries.values_list(*columns):
        content, is_published = contents.get(key, (None, True))
        if not content:
            continue
        if not is_published:
            ahead.add(read_period(code))
        if indicator:
            indicators[indicator] += results_from(content, indicator)
            words[indicator, code] = content
            shown.add((slug, code))
        elif content["status"] or text_of(content):
            priorities[priority, code] = content
    frozen = {key: tuple(rows) for key, rows in indicators.items()}
    return Seen(quarters, frozen, words, priorities, frozenset(shown), frozenset(ahead), reader.everything)


def _contents(entries: QuerySet[Entry], reader: Reader) -> dict[int, tuple[Content, bool]]:
    """What is seen of each entry, and whether it is published; nothing of those that are not for this reader yet."""
    published = Publication.objects.filter(entry__in=entries).order_by("number").values_list("entry", "content")
    found: dict[int, tuple[Content, bool]] = {key: (content, True) for key, content in published}
    if reader != PUBLIC:
        for one in read_entries(entries.exclude(state__in=OUT)):
            scope = one.data.service, one.data.plan
            drafted = reader.everything or scope in reader.drafts
            if drafted or (one.data.is_agreed and scope in reader.agreed and not one.data.was_published):
                found[one.stored.pk] = one.content, False
    return found


def readable_reports() -> QuerySet[QuarterReport]:
    """Reports on priorities that everybody may read, for a search among them."""
    unpublished = Entry.objects.filter(
        priority=OuterRef("priority"), round__quarter=OuterRef("quarter"), publications=None
    )
    return QuarterReport.objects.exclude(Exists(unpublished))
