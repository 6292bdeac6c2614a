"""Results as numbers of people, with every sum that holds among them: what somebody who subtracts has to work with.

A *quantity* is one number that figures give away, whatever they are called: the people counted in 2C are those of 65
and over in HOME-ADMISSIONS. A *sum* says that quantities, times 1 or -1, come to nought together. An *item* is what is
shown or withheld as one: a figure with all that it tells, or one of its side counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from outturn.terms.period import Period, UnreadablePeriod

from .links import ADD_OVER_TIME, ALL, AMOUNT, COUNTED, ON_THE_LAST_DAY, OTHERS, REST, SAME, Same, Subject
from .result import ALL_COUNCILS, PUBLISHED

SMALLEST = 5
"""The smallest number of people that is published, other than none: fewer than 5, which is what the department's
tables of 2024-25 and most official statistics take (domain decision 6.3(7) offers 5, or the department's rule of 6)."""

Cell = frozenset[tuple[str, str]]  # what sets a figure apart from the total, which is the empty one


class Quantity(NamedTuple):
    """One number of people, or an amount of theirs."""

    method: str
    subject: Subject
    start: int | str  # the first day, and the day after the last; both the code of a period that has no days
    after: int | str
    cell: Cell
    number: str  # COUNTED, REST, ALL, AMOUNT, or the name of a side count


Sum = Mapping[Quantity, int]


@dataclass(frozen=True, slots=True)
class Item:
    """What is shown or withheld as one: of the result at `place`, the figure itself or the side count of that name."""

    place: int
    side_count: str
    names: Mapping[str, Quantity]  # by what the result itself calls them
    numbers: Mapping[Quantity, int]
    secrets: frozenset[Quantity]  # those that are of too few people to be known
    order: tuple[Any, ...]  # the first is shown first


@dataclass(slots=True)
class Tables:
    """All quantities of some results, also those that nobody asked for and that follow from others."""

    items: list[Item]
    numbers: dict[Quantity, int] = field(default_factory=dict)
    secrets: set[Quantity] = field(default_factory=set)
    sums: list[Sum] = field(default_factory=list)


def is_small(number: int) -> bool:
    """Whether a number of people is too small to be shown. A negative one is a fault, and not shown either."""
    return number < SMALLEST and number != 0


def tables(results: Sequence[Mapping[str, Any]]) -> Tables:
    """The quantities, items and sums of results as data, of which each figure is given once.

    Raises ValueError for two figures of the same measure, part, area, period, method and breakdown.
    """
    _check_once(results)
    found = Tables([item for place, one in enumerate(results) for item in _items(place, one)])
    for item in found.items:
        found.secrets |= item.secrets
        for quantity, number in item.numbers.items():
            found.numbers.setdefault(quantity, number)
    found.sums += _wholes(found.items)
    _add_times(found)
    return found


def _check_once(results: Iterable[Mapping[str, Any]]) -> None:
    seen = set()
    for one in results:
        about = tuple(one[name] for name in ("measure", "part", "period", "method", "reading", "area"))
        key = (about, frozenset(one["breakdown"].items()))
        if key in seen:
            raise ValueError(f"There are two figures of {about} for {dict(one['breakdown'])}.")
        seen.add(key)


# Items


def _items(place: int, one: Mapping[str, Any]) -> Iterator[Item]:
    for side in ("", *one["side_counts"]):
        if numbers := of_people(one, side):
            yield _item(place, one, side, numbers)


def of_people(one: Mapping[str, Any], side: str = "") -> dict[str, int]:
    """The numbers that a figure gives away, or one of its side counts; none that was published elsewhere already.

    Of a rate only those counted matter, because populations are public.
    """
    if side:
        number = one["side_counts"].get(side)
        return {} if number is None else {f"side count {side}": number}
    if PUBLISHED in one.get("flags", ()):
        return {}
    numerator, denominator, units = one["numerator"], one["denominator"], one.get("units")
    if units is not None:  # a sum of amounts
        return {COUNTED: units, AMOUNT: numerator}
    if numerator is None:  # a median, or nothing
        return {} if denominator is None else {ALL: denominator}
    if denominator is None or one["unit"] == "per 100,000":
        return {COUNTED: numerator}
    if numerator > denominator:  # as in 2D 2, where they are not the same people
        return {COUNTED: numerator, ALL: denominator}
    return {COUNTED: numerator, ALL: denominator, REST: denominator - numerator}


def _too_few(numbers: Mapping[str, int]) -> set[str]:
    """Which of a figure's numbers are of too few people; an amount is, where the people are."""
    if AMOUNT in numbers:
        return set(numbers) if is_small(numbers[COUNTED]) else set()
    return {name for name, number in numbers.items() if is_small(number)}


def _item(place: int, one: Mapping[str, Any], side: str, numbers: Mapping[str, int]) -> Item:
    names, small = {name: _quantity(one, name) for name in numbers}, _too_few(numbers)
    most = max(number for name, number in numbers.items() if name != AMOUNT)
    depth = len(one["breakdown"])
    order = (bool(most), depth, -most, one["measure"], one["part"] or "", one["period"], one["area"], side,
             sorted(one["breakdown"].items()))  # fmt: skip
    return Item(
        place, side, names, {names[name]: number for name, number in numbers.items()},
        frozenset(names[name] for name in small), order,
    )  # fmt: skip


LINKS = {(link.subject, link.number): link for link in SAME}


def _quantity(one: Mapping[str, Any], number: str) -> Quantity:
    """The quantity by its one name."""
    subject = (one["measure"], one["part"])
    start, after = _days(one["period"])
    if subject in ON_THE_LAST_DAY and isinstance(after, int):
        start = after - 1
    area = [] if one["area"] == ALL_COUNCILS else [("area", str(one["area"]))]
    link = LINKS.get((subject, number), Same(subject, number, subject, number))
    cell = frozenset([*area, *one["breakdown"].items(), *link.where.items()])
    return Quantity(f"{one['method']} {one['reading']}", link.as_subject, start, after, cell, link.as_number)


@lru_cache(maxsize=1000)
def _days(code: str) -> tuple[int | str, int | str]:
    try:
        period = Period.read(code)
    except UnreadablePeriod:
        return code, code
    return period.start.toordinal(), period.end.toordinal() + 1


# Sums


def _wholes(items: Iterable[Item]) -> Iterator[Sum]:
    """Of each proportion: those counted and the rest are all."""
    for item in items:
        if len(item.numbers) == 3:
            counted, everyone, rest = item.numbers
            yield {counted: 1, rest: 1, everyone: -1}


def _add_lines(found: Tables) -> None:
    """Every total with the cells that differ from it in one dimension more, and whoever is in none of these."""
    lines: dict[tuple[Quantity, str], list[Quantity]] = defaultdict(list)
    for quantity in found.numbers:
        for pair in quantity.cell:
            total = quantity._replace(cell=quantity.cell - {pair})
            if total in found.numbers:
                lines[total, pair[0]].append(quantity)
    for (total, dimension), parts in lines.items():
        line = {total: -1, **dict.fromkeys(parts, 1)}
        left = found.numbers[total] - sum(found.numbers[part] for part in parts)
        if left <= -SMALLEST:  # the parts overlap, and add up to nothing
            continue
        if left > 0:
            others = total._replace(cell=total.cell | {(dimension, OTHERS)})
            _imply(found, others, left)
            line[others] = 1
        found.sums.append(line)


def _add_times(found: Tables) -> None:
    """Of what adds up over time, every period that others tell of.

    The days on which periods begin and end are points, and each number leads from one point to another. All that can
    be had by adding and subtracting are the numbers between two points that are joined by some way. First those are
    found whose period other figures have, as they stand in lines with these; then the sums, with what else is small
    and what lies between neighbouring points, since no number there is negative.
    """
    periods = {(quantity.start, quantity.after) for quantity in found.numbers}
    for between, way, _ in list(_ways(found.numbers)):
        if (between.start, between.after) in periods:
            _imply(found, between, _comes_to(found, way))
    _add_lines(found)
    for between, way, are_neighbours in list(_ways(found.numbers)):
        if are_neighbours or is_small(_comes_to(found, way)):
            _imply(found, between, _comes_to(found, way))
        if between in found.numbers and (one := _less(way, {between: 1})):
            found.sums.append(one)


def _ways(quantities: Iterable[Quantity]) -> Iterator[tuple[Quantity, Sum, bool]]:
    """Every number that can be had by way of others, with a way to it, and whether no other point lies in between."""
    series: dict[Quantity, list[Quantity]] = defaultdict(list)
    for quantity in quantities:
        if quantity.number in ADD_OVER_TIME.get(quantity.subject[0], ()) and isinstance(quantity.start, int):
            series[quantity._replace(start=0, after=0)].append(quantity)
    for name, those in series.items():
        for points in _points(those) if len(those) > 1 else ():
            neighbours = set(pairwise(sorted(points)))
            for start, after in combinations(sorted(points), 2):
                way = _less(points[after], points[start])
                yield name._replace(start=start, after=after), way, (start, after) in neighbours


def _points(series: Sequence[Quantity]) -> Iterator[dict[int, Sum]]:
    """The points that are joined with each other, each with the way to it from the first."""
    at: dict[int, list[tuple[int, int, Quantity]]] = defaultdict(list)
    for quantity in series:
        if isinstance(quantity.start, int) and isinstance(quantity.after, int):
            at[quantity.start].append((quantity.after, 1, quantity))
            at[quantity.after].append((quantity.start, -1, quantity))
    seen: set[int] = set()
    for first in sorted(at):
        if first in seen:
            continue
        found: dict[int, Sum] = {first: {}}
        joined = [first]
        for point in joined:  # which grows
            for end, sign, quantity in at[point]:
                if end not in found:
                    found[end] = {**found[point], quantity: sign}
                    joined.append(end)
        seen.update(found)
        yield found


def _less(one: Sum, other: Sum) -> dict[Quantity, int]:
    return {
        quantity: times for quantity in (*one, *other) if (times := one.get(quantity, 0) - other.get(quantity, 0))
    }


def _comes_to(found: Tables, way: Sum) -> int:
    return sum(sign * found.numbers[quantity] for quantity, sign in way.items())


def _imply(found: Tables, quantity: Quantity, number: int) -> None:
    """Take in a number that follows, unless it is there; a negative one shows that what it is from does not add up."""
    if number >= 0 and quantity not in found.numbers:
        found.numbers[quantity] = number
        if quantity.number != AMOUNT and is_small(number):  # how many people that amount is of is not known
            found.secrets.add(quantity)
