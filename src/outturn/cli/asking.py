"""What `measure`, `cohort` and `reconcile` are asked: arguments into a question."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from outturn.terms.period import Period, PeriodKind, UnreadablePeriod, read_year
from outturn.workspace import Refusal

if TYPE_CHECKING:
    from outturn.questions import Question

SERIES = {"month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "year to date": PeriodKind.TO_DATE,
          "rolling": PeriodKind.ROLLING, "snapshot": PeriodKind.SNAPSHOT}  # fmt: skip
MOST_PERIODS = 240


def question(chosen: argparse.Namespace, codes: list[str], *, needs_period: bool = True) -> "Question":
    """The question that the arguments ask. Raises Refusal."""
    from outturn.questions import Question

    says_when = needs_period or any((chosen.year, chosen.to, chosen.period))
    return Question(
        periods=periods(chosen) if says_when else (), codes=tuple(codes), areas=tuple(chosen.area or ()),
        method=chosen.method, reading=chosen.reading, as_of=chosen.as_of,
        by=tuple(getattr(chosen, "by_dimension", None) or ()),
        population_year=getattr(chosen, "population_year", None), engine=getattr(chosen, "engine", "duckdb"),
        address=getattr(chosen, "address", None),
    )  # fmt: skip


def periods(chosen: argparse.Namespace) -> tuple[Period, ...]:
    """--year is a financial year, with --to the part of it up to a day; --to alone twelve months; --period any other.

    With --each they are cut into a series: every month, quarter … that ends in them.
    """
    try:
        found = [Period.read(text) for text in chosen.period or ()]
        if chosen.year and chosen.to:
            found.append(_part_of(read_year(chosen.year), chosen.to))
        elif chosen.year:
            found.append(read_year(chosen.year))
        elif chosen.to:
            found.append(Period.rolling(chosen.to))
    except UnreadablePeriod as error:
        raise Refusal(str(error)) from error
    if not found:
        raise Refusal("Say for when: --year 2024-25, --to 2024-12-31 for twelve months, or --period “Q1 2024-25”.")
    if chosen.each:
        found = [part for period in found for part in _series(SERIES[chosen.each], period)]
    if len(found) > MOST_PERIODS:
        raise Refusal(f"That makes {len(found)} periods, and {MOST_PERIODS} can be asked for at once. Ask for fewer.")
    return tuple(dict.fromkeys(found))


def _part_of(year: Period, to: date) -> Period:
    if not year.start <= to <= year.end:
        raise UnreadablePeriod(f"{to} is not in {year.words}. Leave out --year for the twelve months to that day.")
    return year if to == year.end else Period.to_date(to)


def _series(kind: PeriodKind, within: Period) -> list[Period]:
    """The periods of a kind whose last day is in `within`."""
    month = Period.month(within.start.year, within.start.month)
    found = []
    while month.end <= within.end:
        if kind is PeriodKind.MONTH:
            found.append(month)
        elif kind is PeriodKind.TO_DATE:
            found.append(Period.to_date(month.end))
        elif kind is PeriodKind.ROLLING:
            found.append(Period.rolling(month.end))
        elif kind is PeriodKind.SNAPSHOT:
            found.append(Period.snapshot(month.end))
        elif month.end.month % 3 == 0:
            first = Period.snapshot(month.end)
            found.append(Period.quarter(first.first_year, first.quarter_number))
        month = month.next()
    return found
