"""Measures on an engine: the shared tables, cohorts, and counts of cohorts. Integers only; nothing is divided here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from outturn.engines.engine import Engine, Step
from outturn.records.methods import Method
from outturn.terms.period import Period

from .definition import GENDERS, OF_PERSONS, Kind, Measure
from .library import Library, load_library
from .parameters import filled_in, parameters

FIXED = {"age_band", "gender"}  # dimensions whose values are always given
DATES = {"period": "VARCHAR", "period_start": "DATE", "period_end": "DATE"}


@dataclass(slots=True)
class Count:
    """What was counted for one figure. `amounts` holds each amount with how often it was counted, for a median."""

    period: str
    la_code: str
    part: str | None
    breakdown: dict[str, str]
    numerator: int = 0
    denominator: int = 0
    amount: int = 0
    amounts: Counter[int] = field(default_factory=Counter)
    side_counts: Counter[str] = field(default_factory=Counter)


class Run:
    """Measures over some periods under one method, on an engine that holds `events` and `persons`."""

    def __init__(
        self, engine: Engine, method: Method, periods: Sequence[Period], library: Library | None = None
    ) -> None:
        self.engine, self.periods = engine, list(periods)
        self.library = library or load_library()
        self.values = parameters(method, self.periods)
        self.made: set[str] = set()
        self.given: dict[str, list[Step]] = {}  # steps that a measure may read, by what it `needs`
        engine.rows("periods", DATES, [(period.code, period.start, period.end) for period in self.periods])

    def cohort(self, measure: Measure, where: str = "") -> list[dict[str, Any]]:
        """Every row of the cohort with the person's attributes: one per period and unit. `where` is SQL about `c`."""
        columns = [f"c.{name}" for name in measure.columns] + [f"p.{name}" for name in OF_PERSONS]
        rows = self._query(
            measure,
            f"SELECT {', '.join(columns)} FROM cohort c "
            f"LEFT JOIN persons p ON p.la_code = c.la_code AND p.person = c.person{f' WHERE {where}' if where else ''}",
        )
        return [dict(zip((*measure.columns, *OF_PERSONS), row, strict=True)) for row in rows]

    def counts(self, measure: Measure, areas: Iterable[str], by: Sequence[Sequence[str]] | None = None) -> list[Count]:
        """A count for each period, area, part and group, also where there is nothing to count.

        `by` names other groups than the measure's own; these are given for the values that occur.
        """
        groups = [tuple(group) for group in by] if by is not None else list(measure.groups)
        dimensions = tuple(dict.fromkeys(dimension for group in groups for dimension in group))
        found: dict[tuple[Any, ...], Count] = {}
        if by is None:
            for count in self.grid(measure, areas):
                found[_key(count.period, count.la_code, count.part, count.breakdown)] = count
        for values, tally in self._tallies(measure, dimensions):
            for group in groups:
                breakdown = {dimension: values[dimension] for dimension in group}
                if by is None and not _is_published(breakdown):
                    continue
                about = (values["period"], values["la_code"], values["part"], breakdown)
                key = _key(*about)
                if key not in found:
                    found[key] = Count(*about)
                _add(found[key], values, tally)
        return [count for count in found.values() if not _is_empty(count)]

    def people(self) -> list[tuple[str, str | None]]:
        """Every person of the events with each of the council's own numbers for them."""
        return self.engine.query([], "SELECT DISTINCT e.person, e.own_number FROM events e")

    def reached(self, measure: Measure, relations: Iterable[str], people: Iterable[str]) -> dict[str, set[str]]:
        """Which of some people have a row in each of a measure's steps and shared tables that are named."""
        self.engine.rows("asked_about", {"person": "VARCHAR"}, [(person,) for person in sorted(set(people))])
        select = "SELECT DISTINCT s.person FROM {} s JOIN asked_about a ON a.person = s.person"
        return {name: {row[0] for row in self._query(measure, select.format(name))} for name in relations}

    def _tallies(
        self, measure: Measure, dimensions: Sequence[str]
    ) -> Iterator[tuple[dict[str, Any], tuple[int, int, int, int]]]:
        """Rows of the cohort, included, counted and the sum of amounts, by everything that a figure needs."""
        of_persons = [name for name in dimensions if name in OF_PERSONS]
        names = ["period", "la_code", "part", "side", *dimensions]
        if measure.kind is Kind.MEDIAN:
            names.append("amount")
        columns = [f"{'p' if name in of_persons else 'c'}.{name}" for name in names]
        join = "LEFT JOIN persons p ON p.la_code = c.la_code AND p.person = c.person " if of_persons else ""
        rows = self._query(
            measure,
            f"SELECT {', '.join(columns)}, count(*), sum(c.included), sum(c.counted), "
            f"sum(CASE WHEN c.counted = 1 THEN c.amount ELSE 0 END) FROM cohort c {join}GROUP BY {', '.join(columns)}",
        )
        for row in rows:
            values = dict(zip(names, row, strict=False))
            values |= {name: values[name] or "Unknown" for name in dimensions}
            number, included, counted, amount = (int(cell or 0) for cell in row[len(names) :])
            yield values, (number, included, counted, amount)

    def grid(self, measure: Measure, areas: Iterable[str]) -> Iterator[Count]:
        """A nought for every figure that is published."""
        for area in areas:
            for period in self.periods:
                for part in measure.parts or [None]:
                    for group in measure.groups:
                        for breakdown in _combinations(group, measure.bands_of(part)):
                            yield Count(period.code, area, part, breakdown)

    def _query(self, measure: Measure, select: str) -> list[tuple[Any, ...]]:
        for table in self.library.tables_for(measure):
            if table.name not in self.made:
                *steps, last = self._filled(table.steps)
                self.engine.table(table.name, steps, last[1])
                self.made.add(table.name)
        return self.engine.query([*self.given.get(measure.needs, []), *self._filled(measure.steps)], select)

    def _filled(self, steps: Iterable[Any]) -> list[Step]:
        return [(step.name, filled_in(step.sql, self.values)) for step in steps]


def _key(period: str, la_code: str, part: str | None, breakdown: Mapping[str, str]) -> tuple[Any, ...]:
    return period, la_code, part, tuple(breakdown.items())


def _add(count: Count, values: Mapping[str, Any], tally: tuple[int, int, int, int]) -> None:
    number, included, counted, amount = tally
    count.denominator += included
    count.numerator += counted
    count.amount += amount
    if values.get("amount") is not None and counted:
        count.amounts[int(values["amount"])] += counted
    if values["side"] is not None:
        count.side_counts[values["side"]] += number


def _is_published(breakdown: Mapping[str, str]) -> bool:
    """Unknown ages, and other genders than two, are in totals only."""
    return breakdown.get("age_band") != "Unknown" and breakdown.get("gender", "Male") in GENDERS


def _is_empty(count: Count) -> bool:
    """A value that occurs only among what is not counted makes no figure."""
    return not (count.numerator or count.denominator or set(count.breakdown) <= FIXED)


def _combinations(group: Sequence[str], bands: Sequence[str]) -> Iterator[dict[str, str]]:
    """Every published combination of a group's values; none for dimensions whose values are not fixed."""
    fixed = {"age_band": bands, "gender": GENDERS}
    if any(dimension not in fixed for dimension in group):
        return
    found: list[dict[str, str]] = [{}]
    for dimension in group:
        found = [{**one, dimension: value} for one in found for value in fixed[dimension]]
    yield from found
