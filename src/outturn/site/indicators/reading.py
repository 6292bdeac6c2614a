"""Indicators read back as plain data, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from outturn.catalogue.indicator import Indicator as Definition
from outturn.catalogue.indicator import Key
from outturn.site.councils.definitions import catalogue
from outturn.terms.period import Period
from outturn.terms.value import Absence, Missing, Value, read_value

from .models import Result, Target


@lru_cache(4096)
def read_period(code: str) -> Period:
    """The period of a code. The same few come again and again."""
    return Period.read(code)


@lru_cache(16_384)
def stored_value(printed: str, absence: str) -> Value:
    """A value as `councils.actions.value_fields` stored it."""
    return Missing(Absence(absence), printed) if absence else read_value(printed, {})


def definition_of(framework: str, code: str) -> Definition:
    """The definition a stored indicator points at."""
    return catalogue().indicators[Key(framework, code)]


def targets_of(keys: Iterable[int]) -> dict[int, dict[Period, Value]]:
    """Targets of many indicators, oldest period first, in one query."""
    return values_of(Target.objects.filter(indicator_id__in=keys))


def values_of(rows: Iterable[Result] | Iterable[Target]) -> dict[int, dict[Period, Value]]:
    """Stored rows as values by indicator, oldest period first."""
    found: dict[int, dict[Period, Value]] = defaultdict(dict)
    for period, row in sorted(((read_period(row.period), row) for row in rows), key=lambda pair: pair[0].end):
        found[row.indicator_id][period] = stored_value(row.printed, row.absence)
    return found


def counts_of(rows: Iterable[Result]) -> dict[int, dict[Period, tuple[Decimal, Decimal]]]:
    """Numerator and denominator by indicator, of the results where both are known."""
    found: dict[int, dict[Period, tuple[Decimal, Decimal]]] = defaultdict(dict)
    for row in rows:
        if row.numerator is not None and row.denominator is not None:
            found[row.indicator_id][read_period(row.period)] = row.numerator, row.denominator
    return found
