"""The figure that the records give for an entry, to stand beside the typed one or to be taken over."""

from datetime import datetime
from typing import Any

from outturn.site.indicators.judged import value_of
from outturn.site.indicators.reading import definition_of
from outturn.site.indicators.worked_out import Told, figures, headlines, source_of
from outturn.terms.basis import TimeBasis

from .reading import Standing


def told_for(one: Standing) -> Told | None:
    """The one figure from records for an entry, where there is one."""
    indicator = one.stored.indicator
    if not indicator:
        return None
    basis = TimeBasis.read(indicator.basis)
    source = source_of(definition_of(indicator.framework, indicator.code), basis)
    if not source:
        return None
    quarter = one.stored.round.period
    found = figures(one.stored.round.council, [source], [quarter], to_staff=True)
    told = headlines(found.of(source, basis.period_for(quarter)))
    return told[0] if len(told) == 1 else None


def as_typed(told: Told) -> dict[str, Any]:
    """A figure from records as it would be typed: its value, numerator, denominator, day and source."""
    as_of = datetime.fromisoformat(told.data["as_of"]).date()
    return {
        "value": value_of(told), "numerator": told.counted if told.out_of else None, "denominator": told.out_of,
        "as_of": as_of, "source": told.origin,
    }  # fmt: skip
