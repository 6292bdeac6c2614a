"""What the checks look at, from the database."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from outturn.catalogue.library import national_folders
from outturn.sense.picture import Picture, Series
from outturn.site.councils.definitions import catalogue
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result, Target
from outturn.site.indicators.reading import definition_of, values_by_indicator
from outturn.site.plans.reading import read_plan
from outturn.site.scorecards.reading import read_scorecard
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period

Counts = dict[Period, tuple[Decimal, Decimal]]


def picture_of(council: Council, today: date) -> Picture:
    """Everything of a council, in as many queries as its documents need, however many indicators it has."""
    return Picture(
        council=council.data(),
        catalogue=_definitions(council),
        series={one.slug: one for one in _series(council)},
        plans=[read_plan(plan) for plan in council.plans.all()],
        scorecards=[read_scorecard(card) for card in council.scorecards.all()],
        today=today,
    )


def _definitions(council: Council):
    """The national frameworks and the council's own, never another council's."""
    ours = {path.name for path in national_folders()} | {council.slug}
    return {key: definition for key, definition in catalogue().indicators.items() if key.framework in ours}


def _series(council: Council) -> Iterable[Series]:
    indicators = list(council.indicators.order_by("slug"))
    keys = [indicator.id for indicator in indicators]
    results, targets = values_by_indicator(Result, keys), values_by_indicator(Target, keys)
    counts = _counts(keys)
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


def _counts(keys: Iterable[int]) -> dict[int, Counts]:
    """Numerator and denominator of the results where both are known."""
    found: dict[int, Counts] = defaultdict(dict)
    known = Result.objects.filter(indicator_id__in=keys, numerator__isnull=False, denominator__isnull=False)
    for key, period, numerator, denominator in known.values_list("indicator_id", "period", "numerator", "denominator"):
        found[key][Period.read(period)] = numerator, denominator
    return found
