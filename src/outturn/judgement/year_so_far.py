"""Where a year stands: its running totals by months gone, and the latest figures in even steps."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from ..terms.basis import TimeBasis
from ..terms.period import YEAR_START_MONTH, Period, PeriodKind
from ..terms.value import Figure

RUNNING = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.TO_DATE, PeriodKind.YEAR)
STEPS = (1, 3, 6, 12)  # months between figures


def months_gone(period: Period) -> float:
    """Months of the financial year gone by the period's last day; a month that is not over counts by its days."""
    return _gone(period.end)


@lru_cache(4096)
def _gone(day: date) -> float:
    days = Period.month(day.year, day.month).end.day
    return (day.month - YEAR_START_MONTH) % 12 + day.day / days


def even_run(known: Mapping[Period, Figure], at: Period) -> tuple[list[float], int]:
    """The figures up to that of `at` in even steps without a gap, and the months of a step."""
    by_month = {each.end.year * 12 + each.end.month: value for each, value in known.items() if each.kind is at.kind}
    last = at.end.year * 12 + at.end.month
    step = next((gap for gap in STEPS if last - gap in by_month), 12)
    months = [last]
    while months[-1] - step in by_month:
        months.append(months[-1] - step)
    return [float(by_month[month].amount) for month in reversed(months)], step


def courses_of(
    known: Mapping[Period, Figure], basis: TimeBasis, at: Period, averaged: bool
) -> dict[int, dict[float, Decimal]]:
    """Each year's running totals by months gone; an average of counts as its part of the year's average."""
    courses: dict[int, dict[float, Decimal]] = {}
    parts: dict[Period, Decimal] = {}
    for period, value in known.items():
        if period.kind not in RUNNING:
            continue
        amount, gone = value.amount, months_gone(period)
        if basis is TimeBasis.IN_PERIOD and period.kind is not PeriodKind.YEAR:
            parts[period] = amount
        else:
            courses.setdefault(period.first_year, {})[gone] = amount * Decimal(gone) / 12 if averaged else amount
    for period, total in _added_up(parts, at.kind):
        courses.setdefault(period.first_year, {})[months_gone(period)] = total
    return courses


def _added_up(parts: Mapping[Period, Decimal], kind: PeriodKind) -> Iterator[tuple[Period, Decimal]]:
    """Running totals of months or quarters from each 1 April, until one is missing."""
    for first in [period for period in parts if period.kind is kind and period.start == period.financial_year.start]:
        period, total = first, Decimal(0)
        while period in parts and period.first_year == first.first_year:
            total += parts[period]
            yield period, total
            period = period.next()
