"""What the checks look at, from the database."""

from collections.abc import Mapping
from datetime import date

from outturn.catalogue.library import national_folders
from outturn.sense.picture import Picture, Series
from outturn.site.councils.definitions import catalogue
from outturn.site.councils.models import Council
from outturn.site.indicators.judged import series_of
from outturn.site.plans.reading import read_plan
from outturn.site.rounds.visible import PUBLIC, Reader
from outturn.site.scorecards.reading import read_scorecard
from outturn.site.trail.memory import remembered


@remembered
def picture_of(council: Council, today: date, reader: Reader = PUBLIC) -> Picture:
    """Everything of a council that a reader sees, in as many queries as its documents need."""
    return Picture(
        council=council.data(),
        catalogue=_definitions(council),
        series=series_in(council, today, reader),
        plans=[read_plan(plan, reader) for plan in council.plans.all()],
        scorecards=[read_scorecard(card, reader) for card in council.scorecards.all()],
        today=today,
    )


def _definitions(council: Council):
    """The national frameworks and the council's own, never another council's."""
    ours = {path.name for path in national_folders()} | {council.slug}
    return {key: definition for key, definition in catalogue().indicators.items() if key.framework in ours}


@remembered
def series_in(council: Council, today: date, reader: Reader) -> Mapping[str, Series]:
    """Every indicator with what is known of it: as typed in, and where nothing was, as worked out from records."""
    known = series_of(council, today, reader, to_staff=True)
    found = {}
    for slug, title in council.indicators.order_by("slug").values_list("slug", "title"):
        one = known[slug].known
        found[slug] = Series(slug, one.definition, one.basis, title, one.results, one.targets, one.counts)
    return found
