"""Find the row of headings, and say everything that is wrong with it at once."""

import difflib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from .refusals import UnreadableFile, counted, listed, shown

LOOKED_AT = 20  # rows in which the headings may stand
ENOUGH = 5  # known headings that make a row of headings, where it has not half of the essential ones
MOST_COLUMNS = 2_000
HeadingOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headings. `places[i]` is where in a row (from 0) the value of `headings[i]` stands, and
    `columns[i]` its name; `width` counts the blank headings too, under which no value may stand."""

    row: int
    width: int
    places: tuple[int, ...]
    headings: tuple[str, ...]
    columns: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def blank_places(self) -> tuple[int, ...]:
        """The places of blank headings between others."""
        return tuple(sorted(set(range(self.width)) - set(self.places)))


def known(record: Sequence[str], heading_of: HeadingOf) -> set[str]:
    """The fields that the headings in a row name."""
    return {name for heading in record[:MOST_COLUMNS] if heading.strip() and (name := heading_of(_plain(heading)))}


def fits(record: Sequence[str], heading_of: HeadingOf, essential: Collection[str]) -> int:
    """How many known headings a row has; 0 where they are too few for a row of headings."""
    names = known(record, heading_of)
    enough = len(names) >= ENOUGH or 2 * len(names & set(essential)) >= max(1, len(essential))
    return len(names) if enough else 0


def find_header(
    name: str, records: Sequence[tuple[int, Sequence[str]]], heading_of: HeadingOf, essential: Collection[str]
) -> Header:
    """The header among the first rows, each with its number. `name` is what a sentence calls the file or sheet.

    Raises UnreadableFile with everything that is wrong with it.
    """
    filled = [(row, record) for row, record in records if any(value.strip() for value in record)]
    if not filled:
        raise UnreadableFile([f"{name} is empty. Export the return again and submit that."])
    score, row, record = max(
        ((fits(record, heading_of, essential), row, record) for row, record in filled), key=lambda found: found[0]
    )
    widest = max(len(_trimmed(record)) for _, record in filled)
    if widest > MOST_COLUMNS:
        raise UnreadableFile(
            [f"{name} has {widest:,} columns; at most {MOST_COLUMNS:,} can be read. Delete those that do not belong."]
        )
    if not score:
        raise UnreadableFile([_no_header(name, filled, essential)])
    header = _header(row, record, heading_of)
    problems = [*_duplicates(name, header, heading_of), *_missing(name, header, essential)]
    if problems:
        raise UnreadableFile(problems)
    return header


def _header(row: int, record: Sequence[str], heading_of: HeadingOf) -> Header:
    trimmed = _trimmed(record)
    places = tuple(place for place, heading in enumerate(trimmed) if heading)
    headings = tuple(trimmed[place] for place in places)
    columns: list[str] = []
    unknown: list[str] = []
    for heading in headings:
        name = heading_of(heading)
        if name is None:
            unknown.append(heading)
            name = f"unknown_{len(unknown)}"
        columns.append(name)
    return Header(row, len(trimmed), places, headings, tuple(columns), tuple(unknown))


def _plain(heading: str) -> str:
    return heading.strip().strip("\ufeff").strip()


def _trimmed(record: Iterable[str]) -> list[str]:
    """The headings without the blank ones at the end."""
    headings = [_plain(heading) for heading in record]
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _duplicates(name: str, header: Header, heading_of: HeadingOf) -> list[str]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for place, heading in zip(header.places, header.headings, strict=True):
        column = heading_of(heading)
        if column is not None:
            found[column].append(f"{shown(heading)} (column {place + 1})")
    return [
        f"{name}, row {header.row}: {' and '.join(headings)} are headings of one and the same field. "
        "Delete or rename the one that does not hold it."
        for headings in found.values()
        if len(headings) > 1
    ]


def _missing(name: str, header: Header, essential: Collection[str]) -> list[str]:
    keys = {re.sub(r"[^a-z0-9]", "", heading.lower()): heading for heading in header.unknown}
    problems = []
    for column in sorted(set(essential) - set(header.columns)):
        near = difflib.get_close_matches(re.sub(r"[^a-z0-9]", "", column.lower()), keys, n=1, cutoff=0.6)
        hint = f" The nearest heading is {shown(keys[near[0]])}: if that is it, rename it." if near else ""
        problems.append(
            f"{name}, row {header.row}: no column is headed “{column}”, without which rows cannot be used.{hint or ADD}"
        )
    return problems


ADD = " Add the column and submit the file again."


def _no_header(name: str, filled: Sequence[tuple[int, Sequence[str]]], essential: Collection[str]) -> str:
    """The sentence where no row has enough known headings. Quotes a row only where it must be one of headings."""
    row, record = max(filled[:5], key=lambda found: len(_trimmed(found[1])))
    headings = [heading for heading in _trimmed(record) if heading]
    expected = listed(f"“{column}”" for column in sorted(essential))
    what = f"{name}: none of the first {counted(len(filled), 'row')} has the headings of this return"
    if len(filled) == 1:
        what = f"{name}: its one row does not have the headings of this return"
    found = ""
    if _is_surely_headings(record, [other for number, other in filled if number > row]):
        found = f" Row {row} has {listed(map(shown, headings))}."
    elif len(headings) == 1:
        found = " Each row is one value: the values should be parted by commas, semicolons or tabs."
    return (
        f"{what} (expected among others: {expected}).{found} Check that this is the right file and that its row of "
        "headings was exported with it."
    )


def _is_surely_headings(record: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row without long numbers stands above rows that have them. Otherwise it may hold someone's data."""
    numbers = re.compile(r"\d{4}|\d[-/]\d")
    if not below or any(numbers.search(value) for value in record) or len(set(record)) < len(record):
        return False
    return any(any(numbers.search(value) for value in row) for row in below)
