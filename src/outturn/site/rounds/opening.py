"""Opens a round: an entry for every measure and priority of the year's scorecards, and for what its plans list."""

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
    entries = [*_indicators(round), *_priorities(round)]
    there = set(round.entries.values_list("name", flat=True))
    new = [entry for entry in entries if entry.name not in there]
    for order, entry in enumerate(new, len(there) + 1):
        entry.order = order
    Entry.objects.bulk_create(new)
    return len(new)


def _indicators(round: Round) -> Iterator[Entry]:
    year = round.period.financial_year
    listings = PlanIndicator.objects.filter(plan__council=round.council, plan__year=year.code, include=True)
    listed = {each.indicator_id: each for each in listings.select_related("plan", "indicator").order_by("-order")}
    lines = MeasureLine.objects.filter(
        priority__block__scorecard__council=round.council, priority__block__scorecard__year=year.code
    ).select_related("indicator", "priority__block__scorecard").order_by("-priority__number", "-order")
    measured = {line.indicator_id: line for line in lines}
    found = {each.indicator.slug: each.indicator for each in (*listed.values(), *measured.values())}
    for slug, indicator in sorted(found.items()):
        listing, line = listed.get(indicator.pk), measured.get(indicator.pk)
        if line or not _once_a_year(indicator) or round.period.quarter_number == LAST:
            yield Entry(
                round=round, name=slug, indicator=indicator, owners=listing.owner if listing else "",
                plan=listing.plan if listing else None,
                scorecard=None if listing else line.priority.block.scorecard,
                period=round.quarter if line or not _once_a_year(indicator) else year.code,
            )  # fmt: skip


def _once_a_year(indicator: Indicator) -> bool:
    return TimeBasis.read(indicator.basis) is TimeBasis.ANNUAL


def _priorities(round: Round) -> Iterator[Entry]:
    """What was written already for the quarter is where the entry begins. Whose it is: the owners of its measures."""
    cards = {"block__scorecard__council": round.council, "block__scorecard__year": round.period.financial_year.code}
    priorities = Priority.objects.filter(**cards).select_related("block__scorecard")
    reports = QuarterReport.objects.filter(priority__in=priorities, quarter=round.quarter)
    said = {report.priority_id: report for report in reports}
    owners = _owners(round, priorities)
    for priority in priorities.order_by("block__scorecard__slug", "number"):
        card, report = priority.block.scorecard, said.get(priority.pk)
        yield Entry(
            round=round, name=slugify(f"{card.slug} {priority.number}"), priority=priority, scorecard=card,
            owners=owners.get(priority.pk, ""), status=report.status if report else "",
            happened=report.progress if report else "",
        )  # fmt: skip


def _owners(round: Round, priorities: Iterable[Priority]) -> dict[int, str]:
    lines = MeasureLine.objects.filter(
        priority__in=priorities, indicator__listed__plan__council=round.council,
        indicator__listed__plan__year=round.period.financial_year.code,
    ).exclude(indicator__listed__owner="")  # fmt: skip
    found: dict[int, str] = {}
    for key, owner in lines.order_by("order").values_list("priority_id", "indicator__listed__owner"):
        if owner not in (there := found.get(key, "").splitlines()):
            found[key] = "\n".join([*there, owner])
    return found
