"""Figures that are still being recorded: what each is expected to settle at, by how earlier ones grew."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from outturn import measuring
from outturn.judgement.nowcast import Nowcast, nowcast, nowcast_share, triangle
from outturn.site.councils.models import Council
from outturn.site.trail import clock
from outturn.terms.period import Period

from .worked_out import Source, Told, headlines

Row = tuple[Period, date, int]
ByDay = Mapping[str, Sequence[Mapping[str, Any]]]  # what was told of one period, by the day it was known on


def late(council: Council, sources: Mapping[str, Source], quarters: Sequence[Period]) -> dict[str, Nowcast]:
    """For each indicator by its slug, what its newest figure from records is expected to settle at; in one question.

    Only of counts of people and shares of them: how amounts and medians grow says little.
    """
    periods = {slug: _periods(source, quarters) for slug, source in sources.items()}
    asked = sorted({period.code for each in periods.values() for period in each})
    codes = sorted({source.code for source in sources.values()})
    known = measuring.told_over_time(settings.WORKSPACE, council.area, codes, asked, clock.told_until())
    found = {
        slug: _settling(source, [(each, known.get((source.code, each.code), {})) for each in periods[slug]])
        for slug, source in sources.items()
    }  # fmt: skip
    return {slug: one for slug, one in found.items() if one}


def _periods(source: Source, quarters: Iterable[Period]) -> list[Period]:
    return [period for quarter in quarters if (period := source.basis.period_for(quarter))]


def _settling(source: Source, known: Sequence[tuple[Period, ByDay]]) -> Nowcast | None:
    above: list[Row] = []
    below: list[Row] = []
    unit = ""
    for period, by_day in known:
        for day, results in by_day.items():
            told = headlines(Told(one) for one in results if one["part"] == source.part)
            if len(told) == 1 and not told[0].is_missing and told[0].counted is not None:
                unit = told[0].data["unit"]
                above.append((period, date.fromisoformat(day), told[0].counted))
                if told[0].out_of:
                    below.append((period, date.fromisoformat(day), told[0].out_of))
    if unit == "%" and len(below) == len(above):
        return nowcast_share(triangle(above), triangle(below))
    return nowcast(triangle(above)) if unit in ("number", "per 100,000") else None
