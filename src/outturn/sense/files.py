"""A picture from a council's text files, before they are loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from ..catalogue.indicator import Indicator, Key
from ..plans.council import CouncilFiles
from ..plans.scorecard import MeasureLine
from ..plans.service_plan import IndicatorRow
from ..terms.period import Period
from ..terms.value import Value
from .picture import Picture, Series

Targets = Mapping[Period, Value]


def picture_of(files: CouncilFiles, catalogue: Mapping[Key, Indicator], today: date) -> Picture:
    """What the files say; where two documents print a result, the first stands, as when they are loaded."""
    series: dict[str, Series] = {}
    for row, targets in _rows(files):
        definition = catalogue[Key(row.framework, row.code)]
        kept = series.get(row.slug) or Series(row.slug, definition, row.basis, row.title, {})
        series[row.slug] = Series(
            row.slug, definition, row.basis, kept.title, {**row.results, **kept.results}, {**targets, **kept.targets}
        )
    for past in files.history:
        kept = series.get(past.slug) or Series(
            past.slug, catalogue[Key(past.framework, past.code)], past.basis, past.title, {}
        )
        series[past.slug] = replace(
            kept, results={**past.results, **kept.results}, targets={**past.targets, **kept.targets},
            counts=past.counts,
        )  # fmt: skip
    return Picture(files.council, catalogue, series, files.plans, files.scorecards, today)


def _rows(files: CouncilFiles) -> Iterator[tuple[IndicatorRow | MeasureLine, Targets]]:
    """Each listing of an indicator with its targets: plans before scorecards."""
    for plan in files.plans:
        for row in plan.indicators:
            yield row, row.targets
    for card in files.scorecards:
        for priority in card.priorities:
            for line in priority.measures:
                yield line, {card.year: line.target} if line.target else {}
