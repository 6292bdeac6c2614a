"""Indicators read back as plain data, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable

from outturn.catalogue.indicator import Indicator as Definition
from outturn.catalogue.indicator import Key
from outturn.site.councils.definitions import catalogue
from outturn.terms.period import Period
from outturn.terms.value import Absence, Missing, Value, read_value

from .models import Result, Target


def stored_value(printed: str, absence: str) -> Value:
    """A value as `councils.actions.value_fields` stored it."""
    return Missing(Absence(absence), printed) if absence else read_value(printed, {})


def definition_of(framework: str, code: str) -> Definition:
    """The definition a stored indicator points at."""
    return catalogue().indicators[Key(framework, code)]


def values_by_indicator(model: type[Result] | type[Target], keys: Iterable[int]) -> dict[int, dict[Period, Value]]:
    """Results or targets of many indicators, oldest period first, in one query."""
    found: dict[int, dict[Period, Value]] = defaultdict(dict)
    rows = model.objects.filter(indicator_id__in=keys).values_list("indicator_id", "period", "printed", "absence")
    read = ((key, Period.read(period), printed, absence) for key, period, printed, absence in rows)
    for key, period, printed, absence in sorted(read, key=lambda row: row[1].end):
        found[key][period] = stored_value(printed, absence)
    return found
