"""Turn irregular rows into a regular temporary CSV that DuckDB reads: the row's number, then a value per heading."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .headings import Header
from .records import KEPT, UNCLOSED, Records, SetAside
from .refusals import UnreadableFile

# DuckDB is not sure of line breaks within values, so the temporary file has others in their place: two code points that
# stand for no character, and never will.
STAND_INS = {"\n": "\ufdd0", "\r": "\ufdd1"}
_TRANSLATION = str.maketrans(STAND_INS)
BLANKS = " \t\r\n\u00a0"  # what counts as white space
MOST_SET_ASIDE = 50_000  # rows; a file with more is not a file with some bad rows


@dataclass(slots=True)
class Tidied:
    """What tidying found: rows written, rows filled up with blanks, rows set aside, blank rows between others."""

    rows: int = 0
    padded: int = 0
    blank: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    is_cut_off: bool = False
    has_line_breaks: bool = False


@dataclass(slots=True)
class Tidier:
    """Writes the rows of a file called `name` that fit its header, and keeps the others back."""

    name: str
    header: Header
    tidied: Tidied = field(default_factory=Tidied)

    def write_records(self, records: Records, out: Path) -> Tidied:
        """The rows of a text file after the header, which `records` has not passed yet."""
        self._write(((row, values, why, None) for row, values, why in records), out, records)
        return self.tidied

    def write_rows(self, rows: Iterable[tuple[int, list[str]]], out: Path) -> Tidied:
        """The rows of a sheet, with their numbers."""
        self._write(((row, values, "", values) for row, values in rows), out, None)
        return self.tidied

    def _write(
        self,
        rows: Iterable[tuple[int, list[str], str, Sequence[str] | None]],
        out: Path,
        records: Records | None,
    ) -> None:
        header, tidied = self.header, self.tidied
        width, blank_places = header.width, header.blank_places
        pending = 0
        with out.open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file, lineterminator="\n").writerow
            for row, values, why, sheet_row in rows:
                if row <= header.row:
                    continue
                count = len(values)
                if not why and is_blank(values):
                    pending += 1
                    continue
                tidied.blank += pending
                pending = 0
                if not why and (count != width or blank_places):
                    why = self._fit(values, records)
                if why is UNCLOSED and records is not None and records.is_cut_off:
                    why = self._cut_off()
                if why:
                    text = "\t".join(sheet_row)[:KEPT] if sheet_row is not None else records.text if records else ""
                    self._set_aside(SetAside(row, why, text))
                    continue
                if blank_places:
                    values = [values[place] for place in header.places]
                if records is None or records.has_line_breaks:
                    values = self._on_one_line(values)
                write((row, *values))
                tidied.rows += 1

    def _on_one_line(self, values: list[str]) -> list[str]:
        if not any("\n" in value or "\r" in value for value in values):
            return values
        self.tidied.has_line_breaks = True
        return [value.translate(_TRANSLATION) for value in values]

    def _fit(self, values: list[str], records: Records | None) -> str:
        """Bring a row to the header's width; or say why it cannot be."""
        width, count = self.header.width, len(values)
        if count > width:
            if any(value.strip() for value in values[width:]):
                return self._surplus(values)
            del values[width:]
        elif count < width:
            if records is not None and records.is_cut_off:
                return self._cut_off()
            if count == 1 and width > 2 and records is not None:
                return (
                    f"This row is one value under {width} headings: a note under the table, or a piece of a longer "
                    "text that lacks its quotation marks."
                )
            values += [""] * (width - count)
            self.tidied.padded += records is not None  # a sheet just has no cells there
        beneath = [place for place in self.header.blank_places if values[place].strip()]
        if beneath:
            return f"This row has a value in column {beneath[0] + 1}, which has no heading. Give the column a heading."
        return ""

    def _cut_off(self) -> str:
        self.tidied.is_cut_off = True
        return (
            "The file ends in the middle of this row, so it may have been cut off. Export it again and compare the "
            "number of rows."
        )

    def _surplus(self, values: list[str]) -> str:
        last = max(place for place, value in enumerate(values) if value.strip()) + 1
        return (
            f"This row has {last:,} values under {self.header.width} headings: a value that holds the separator may "
            "lack its quotation marks, or a column its heading."
        )

    def _set_aside(self, row: SetAside) -> None:
        found = self.tidied.set_aside
        found.append(row)
        if len(found) > MOST_SET_ASIDE:
            refuse_all(self.name, found, f"More than {MOST_SET_ASIDE:,} rows cannot be read")


def refuse_all(name: str, found: Sequence[SetAside], what: str) -> None:
    """Refuse a file for the rows of it that cannot be read, with an example of each reason."""
    first: dict[str, int] = {}
    for row in found:
        first.setdefault(row.why, row.row)
    raise UnreadableFile([f"{name}: {what}.", *(f"{name}, row {row}: {why}" for why, row in list(first.items())[:5])])


def is_blank(values: Sequence[str]) -> bool:
    """Whether a row holds nothing but blanks."""
    return not any(value.strip(BLANKS) and value != "NULL" for value in values)
