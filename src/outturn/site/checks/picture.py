"""What the checks look at, from the database."""

from collections.abc import Iterable
from datetime import date

from outturn.catalogue.library import national_folders
from outturn.sense.picture import Picture, Series
from outturn.site.councils.definitions import catalogue
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result
from outturn.site.indicators.reading import counts_of, definition_of, targets_of, values_of
from outturn.site.plans.reading import read_plan
from outturn.site.rounds.visible import PUBLIC, Reader, seen_by
from outturn.site.scorecards.reading import read_scorecard
from outturn.site.trail.memory import remembered
from outturn.terms.basis import TimeBasis


@remembered
def picture_of(council: Council, today: date, reader: Reader = PUBLIC) -> Picture:
    """Everything of a council that a reader sees, in as many queries as its documents need."""
    return Picture(
        council=council.data(),
        catalogue=_definitions(council),
        series={one.slug: one for one in _series(council, reader)},
        plans=[read_plan(plan, reader) for plan in council.plans.all()],
        scorecards=[read_scorecard(card, reader) for card in council.scorecards.all()],
        today=today,
    )


def _definitions(council: Council):
    """The national frameworks and the council's own, never another council's."""
    ours = {path.name for path in national_folders()} | {council.slug}
    return {key: definition for key, definition in catalogue().indicators.items() if key.framework in ours}


def _series(council: Council, reader: Reader) -> Iterable[Series]:
    indicators = list(council.indicators.order_by("slug"))
    keys = [indicator.id for indicator in indicators]
    rows = seen_by(council, reader).results(Result.objects.filter(indicator__in=keys), keys)
    results, counts, targets = values_of(rows), counts_of(rows), targets_of(keys)
    for indicator in indicators:
        yield Series(
            indicator.slug,
            definition_of(indicator.framework, indicator.code),
            TimeBasis.read(indicator.basis),
            indicator.title,
            results[indicator.id],
            targets[indicator.id],
            counts[indicator.id],
        )
