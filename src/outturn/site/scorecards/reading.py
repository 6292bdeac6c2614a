"""Scorecards read back as the plain data they were loaded from, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable

from django.shortcuts import get_object_or_404

from outturn.plans.scorecard import Block, MeasureLine, Priority, QuarterReport, Scorecard
from outturn.site.indicators.models import Result
from outturn.site.indicators.reading import definition_of, targets_of, values_of
from outturn.site.plans.reading import lines
from outturn.site.rounds.visible import PUBLIC, Reader, Seen, seen_by
from outturn.site.trail.memory import remembered
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.status import Rag
from outturn.terms.value import Absence, Missing, Value

from . import models


def find_scorecard(council: str, slug: str) -> models.Scorecard:
    """The stored scorecard, or Http404."""
    return get_object_or_404(models.Scorecard.objects.select_related("council"), council__slug=council, slug=slug)


@remembered
def read_scorecard(stored: models.Scorecard, reader: Reader = PUBLIC) -> Scorecard:
    """The whole scorecard, every quarter, as a reader sees it."""
    year, seen = Period.read(stored.year), seen_by(stored.council, reader)
    measures = _measures(stored, year, seen)
    reports = _reports(stored)
    priorities: dict[int, list[Priority]] = defaultdict(list)
    for row in models.Priority.objects.filter(block__scorecard=stored):
        priorities[row.block_id].append(
            Priority(
                row.number, row.title, lines(row.portfolios), seen.reports(row.id, reports[row.id]),
                tuple(measures[row.id]), row.no_measure,
            )
        )
    blocks = tuple(
        Block(block.heading, block.kind, block.measure_heading, tuple(block.shows), tuple(priorities[block.id]))
        for block in stored.blocks.all()
    )
    return Scorecard(stored.slug, stored.title, stored.directorate, year, stored.source, blocks)


def _reports(stored: models.Scorecard) -> dict[int, list[QuarterReport]]:
    found: dict[int, list[QuarterReport]] = defaultdict(list)
    rows = models.QuarterReport.objects.filter(priority__block__scorecard=stored)
    for key, quarter, status, progress in rows.values_list("priority_id", "quarter", "status", "progress"):
        found[key].append(QuarterReport(Period.read(quarter), Rag(status) if status else None, progress))
    return found


def _measures(stored: models.Scorecard, year: Period, seen: Seen) -> dict[int, list[MeasureLine]]:
    found: dict[int, list[MeasureLine]] = defaultdict(list)
    rows = models.MeasureLine.objects.filter(priority__block__scorecard=stored).select_related("indicator")
    keys = [row.indicator_id for row in rows]
    quarters = year.quarters()
    printed = Result.objects.filter(indicator__in=keys, period__in=[quarter.code for quarter in quarters])
    results = seen.results(printed, keys)
    values, targets = values_of(results), targets_of(keys)
    notes = {(row.indicator_id, row.period): row.note for row in results if row.note}
    for row in rows:
        definition = definition_of(row.indicator.framework, row.indicator.code)
        found[row.priority_id].append(
            MeasureLine(
                slug=row.indicator.slug,
                framework=row.indicator.framework,
                code=row.indicator.code,
                title=row.title,
                basis=TimeBasis.read(row.indicator.basis),
                unit=definition.unit,
                polarity=definition.polarity,
                target=targets[row.indicator_id].get(year),
                results=_by_quarter(values[row.indicator_id], row.indicator.slug, quarters, seen),
                notes={q: notes[row.indicator_id, q.code] for q in quarters if (row.indicator_id, q.code) in notes},
            )
        )
    return found


def _by_quarter(values: dict[Period, Value], slug: str, quarters: Iterable[Period], seen: Seen) -> dict[Period, Value]:
    """What a measure prints. One kept back among others that are not is awaited, which is more than not yet due."""
    kept_back = {each: Missing(Absence.AWAITED) for each in quarters if seen.awaits(slug, each)}
    return {each: value for each in quarters if (value := values.get(each, kept_back.get(each))) is not None}
