"""Opens a round: an entry for every measure and priority of the year's scorecards, and for what its plans list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.text import slugify

from outturn.plans.round import Dates
from outturn.plans.states import State
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator
from outturn.site.plans.models import PlanIndicator
from outturn.site.scorecards.models import MeasureLine, Priority, QuarterReport
from outturn.site.trail.actions import note_change
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period

from .models import Entry, Round

LAST = 4


@transaction.atomic
def open_round(council: Council, quarter: Period, *, levels: Iterable[State], dates: Dates, by: str) -> Round:
    """Store the round with its entries, and its row in the trail."""
    new = Round.objects.create(
        council=council, quarter=quarter.code, levels=list(levels), opened_by=by,
        dates={step.value: day.isoformat() for step, day in dates.items()},
    )  # fmt: skip
    count = fill(new)
    note_change(
        by=by, verb="added", council=council.slug, kind="round", subject=quarter.code, title=f"Round {quarter.words}",
        after={"entries": count, "levels": ", ".join(new.levels), **new.dates},
    )
    return new


@transaction.atomic
def refill(round: Round, *, by: str) -> int:
    """Give an open round what was listed since, with its row in the trail; how many entries were added."""
    if count := fill(round):
        note_change(
            by=by, verb="changed", council=round.council.slug, kind="round", subject=round.quarter,
            title=f"Round {round.period.words}", after={"entries added": count},
        )
    return count


def fill(round: Round) -> int:
    """Give it the entries that it lacks; how many they were."""
    listed, lines = _listed(round), _lines(round)
    entries = [*_indicators(round, listed, lines), *_priorities(round, listed, lines)]
    there = set(round.entries.values_list("name", flat=True))
    new = [entry for entry in entries if entry.name not in there]
    for order, entry in enumerate(new, len(there) + 1):
        entry.order = order
    Entry.objects.bulk_create(new)
    return len(new)


class Listed:
    """How the year's plans list indicators. One that is listed on another time basis has the same owner."""

    def __init__(self, listings: Iterable[PlanIndicator]) -> None:
        self.included = [each for each in listings if each.include]
        self._exact = {each.indicator_id: each for each in listings}
        self._alike = {(each.indicator.framework, each.indicator.code): each for each in listings}

    def of(self, indicator: Indicator) -> PlanIndicator | None:
        """Its own listing, or else that of the same definition."""
        return self._exact.get(indicator.pk) or self._alike.get((indicator.framework, indicator.code))


def _listed(round: Round) -> Listed:
    year = round.period.financial_year.code
    listings = PlanIndicator.objects.filter(plan__council=round.council, plan__year=year)
    return Listed(list(listings.select_related("plan", "indicator").order_by("-order")))


def _lines(round: Round) -> list[MeasureLine]:
    cards = {"priority__block__scorecard__council": round.council}
    lines = MeasureLine.objects.filter(**cards, priority__block__scorecard__year=round.period.financial_year.code)
    return list(lines.select_related("indicator", "priority__block__scorecard"))


def _indicators(round: Round, listed: Listed, lines: Iterable[MeasureLine]) -> Iterator[Entry]:
    """What a plan lists once a year is asked for once a year, unless a scorecard prints it each quarter."""
    measured = {line.indicator_id: line for line in lines}
    found = {each.indicator.slug: each.indicator for each in (*listed.included, *lines)}
    for slug, indicator in sorted(found.items()):
        listing, line = listed.of(indicator), measured.get(indicator.pk)
        yearly = not line and TimeBasis.read(indicator.basis) is TimeBasis.ANNUAL
        if not yearly or round.period.quarter_number == LAST:
            yield Entry(
                round=round, name=slug, indicator=indicator, owners=listing.owner if listing else "",
                plan=listing.plan if listing else None,
                scorecard=line.priority.block.scorecard if line and not listing else None,
                period=round.period.financial_year.code if yearly else round.quarter,
            )  # fmt: skip


def _priorities(round: Round, listed: Listed, lines: Iterable[MeasureLine]) -> Iterator[Entry]:
    """Whose they are: the owners of their measures. What was written already is where an entry begins."""
    owners: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        if (listing := listed.of(line.indicator)) and listing.owner:
            owners[line.priority_id].append(listing.owner)
    year = round.period.financial_year.code
    priorities = Priority.objects.filter(block__scorecard__council=round.council, block__scorecard__year=year)
    reports = QuarterReport.objects.filter(priority__in=priorities, quarter=round.quarter)
    said = {report.priority_id: report for report in reports}
    for priority in priorities.select_related("block__scorecard").order_by("block__scorecard__slug", "number"):
        card, report = priority.block.scorecard, said.get(priority.pk)
        yield Entry(
            round=round, name=slugify(f"{card.slug} {priority.number}"), priority=priority, scorecard=card,
            owners="\n".join(dict.fromkeys(owners[priority.pk])), status=report.status if report else "",
            happened=report.progress if report else "",
        )  # fmt: skip
