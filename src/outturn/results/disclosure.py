"""Results made safe for the public: small numbers are withheld, and what would give them away by subtraction.

It sees one measure, period and method at a time, with all their breakdowns and areas. What several measures, periods
or readings tell together about the same people stays for the publisher to judge.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from outturn.terms.value import Absence

from .result import ALL_COUNCILS, PUBLISHED

SMALLEST = 5
"""The smallest number of people that is published, other than none: fewer than 5, which is what the department's
tables of 2024-25 and most official statistics take (domain decision 6.3(7) offers 5, or the department's rule of 6)."""

BECAUSE = f"Withheld, because it is of fewer than {SMALLEST}, or because with other figures it would give that away."
WITHHELD = ("value", "numerator", "denominator", "units", "interval", "year_end")

Cell = frozenset[tuple[str, str]]  # what sets a figure apart from the total, which is the empty one
Line = tuple[Cell, Sequence[Cell]]  # a total and the cells that add up to it
Table = Mapping[Cell, Sequence[int]]  # the numbers of people that a figure gives away; each adds up along a line


def published(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Results as data with small numbers withheld; a side count that is withheld is None.

    All withheld figures give the same reason, so that nobody learns which of them are small. Give each figure once:
    raises ValueError for two of the same measure, part, area, period, method and breakdown.
    """
    tables: dict[tuple[Any, ...], dict[Cell, Mapping[str, Any]]] = defaultdict(dict)
    for one in results:
        if tables[_about(one)].setdefault(_cell(one), one) is not one:
            raise ValueError(f"There are two figures of {_about(one)} for {dict(one['breakdown'])}.")
    withheld = {
        about: _withheld({cell: numbers for cell, one in table.items() if (numbers := _of_people(one))})
        for about, table in tables.items()
    }
    sides = {
        (about, name): _withheld({cell: (one["side_counts"].get(name, 0),) for cell, one in table.items()})
        for about, table in tables.items()
        for name in {name for one in table.values() for name in one["side_counts"]}
    }
    found = []
    for one in results:
        about, cell = _about(one), _cell(one)
        data = dict(one) | {
            "side_counts": {
                name: None if cell in sides[about, name] else number for name, number in one["side_counts"].items()
            }
        }
        if cell in withheld[about]:
            data |= dict.fromkeys(WITHHELD) | {"state": Absence.SUPPRESSED.value, "because": BECAUSE}
        found.append(data)
    return found


def _about(one: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(one[name] for name in ("measure", "part", "period", "method", "reading"))


def _cell(one: Mapping[str, Any]) -> Cell:
    area = [] if one["area"] == ALL_COUNCILS else [("area", str(one["area"]))]
    return frozenset([*area, *one["breakdown"].items()])


def _of_people(one: Mapping[str, Any]) -> tuple[int, ...]:
    """The numbers of people that a figure gives away; none that was published elsewhere already."""
    if PUBLISHED in one.get("flags", ()):
        return ()
    numerator, denominator = one["numerator"], one["denominator"]
    if one.get("units") is not None:  # a sum of amounts
        return (one["units"],)
    if numerator is None:  # a median, or nothing
        return () if denominator is None else (denominator,)
    if denominator is None or one["unit"] == "per 100,000":  # a count, or out of a population, which is public
        return (numerator,)
    return numerator, denominator - numerator


def _withheld(table: Table) -> set[Cell]:
    """The small cells, and as many others as it takes that none of them can be had from what is left."""
    small = {cell for cell, numbers in table.items() if any(map(_is_small, numbers))}
    hidden = set(small)
    lines = list(_lines(table))
    while hidden:
        more = {another for line in lines if (another := _another(table, line, hidden)) is not None}
        if not more:
            given_away = derivable(lines, hidden)
            if not small & given_away:
                break
            more = {
                another
                for line in lines
                if given_away & {line[0], *line[1]}
                and (another := _next(table, line, hidden, range(len(table[line[0]])))) is not None
            }
        if not more:
            break
        hidden |= more
    return hidden


def _is_small(number: int) -> bool:
    return 0 < number < SMALLEST


def _lines(table: Table) -> Iterator[Line]:
    """Every total that is there, with the cells that differ from it in one dimension more."""
    parts: dict[tuple[Cell, str], list[Cell]] = defaultdict(list)
    for cell in table:
        for dimension, value in cell:
            parts[cell - {(dimension, value)}, dimension].append(cell)
    yield from ((total, cells) for (total, _), cells in parts.items() if total in table)


def _another(table: Table, line: Line, hidden: Collection[Cell]) -> Cell | None:
    """What else to withhold of a line whose total is given: each of those withheld must be able to be 5 or more."""
    total, cells = line
    if total in hidden:
        return None
    short = []
    for number in range(len(table[total])):
        those = [table[cell][number] for cell in cells if cell in hidden and table[cell][number]]
        if any(map(_is_small, those)) and (len(those) < 2 or sum(those) < len(those) - 1 + SMALLEST):
            short.append(number)
    return _next(table, line, hidden, short) if short else None


def _next(table: Table, line: Line, hidden: Collection[Cell], numbers: Iterable[int]) -> Cell | None:
    """The smallest cell of a line still given that has people, or else the total."""
    total, cells = line
    left = [
        (table[cell][number], sorted(cell), cell)
        for cell in cells if cell not in hidden for number in numbers if table[cell][number]
    ]  # fmt: skip
    if left:
        return min(left)[2]
    return None if total in hidden else total


def derivable(lines: Iterable[Line], hidden: Collection[Cell]) -> set[Cell]:
    """The hidden cells that follow from the given ones by adding and subtracting along lines.

    Each line is an equation in its hidden cells. Solved for as many as can be, an equation with one cell left gives it.
    """
    solved: dict[Cell, dict[Cell, Fraction]] = {}  # for each cell solved for, its equation
    for total, cells in lines:
        equation = {cell: Fraction(1) for cell in cells if cell in hidden}
        if total in hidden:
            equation[total] = Fraction(-1)
        for cell in [cell for cell in equation if cell in solved]:
            _subtract(equation, solved[cell], equation[cell])
        if not equation:
            continue
        chosen = next(iter(equation))
        scale = equation[chosen]
        equation = {cell: weight / scale for cell, weight in equation.items()}
        for other in solved.values():
            if chosen in other:
                _subtract(other, equation, other[chosen])
        solved[chosen] = equation
    return {cell for cell, equation in solved.items() if len(equation) == 1}


def _subtract(equation: dict[Cell, Fraction], other: Mapping[Cell, Fraction], times: Fraction) -> None:
    for cell, weight in other.items():
        left = equation.get(cell, Fraction(0)) - times * weight
        if left:
            equation[cell] = left
        else:
            equation.pop(cell, None)
