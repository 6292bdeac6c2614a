"""Excel workbooks (.xlsx): find the sheet that holds the return, and its rows as text, one at a time.

Libraries that read workbooks hold all cells in memory, or stream and take three times as long as this; we need no more
of a workbook than the values of its cells.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from xml.parsers import expat

from .cells import CellReader, Strings, Style, parse, read_strings, read_styles, sheet_rows
from .headings import LOOKED_AT, HeadingOf, fits
from .refusals import UnreadableFile, listed, shown

LARGEST = 8_000_000_000  # bytes of one part unpacked: a full sheet of a million rows and 60 columns has 5
MOST_TIMES = 400  # how much smaller a large part may be packed; real sheets reach 60
LARGEST_STRINGS = 2_000_000_000  # bytes
DAMAGE = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, KeyError, ValueError, IndexError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a workbook that holds the return."""

    title: str
    first_rows: list[tuple[int, list[str]]]
    notes: tuple[str, ...]
    rows: Callable[[Callable[[float], None]], Iterator[tuple[int, list[str]]]]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    is_hidden: bool
    part: str


@contextmanager
def find_sheet(file: Path, heading_of: HeadingOf, essential: Collection[str]) -> Iterator[Sheet]:
    """Open a workbook at the sheet whose first rows show the most known headings.

    Raises UnreadableFile where its structure is damaged, also while rows are being read.
    """
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGE as error:
        raise _damaged(file) from error
    with archive:
        entries, reader = _contents(file, archive)
        firsts = [list(islice(_rows(file, archive, entry, reader), LOOKED_AT)) for entry in entries]
        scores = [max((fits(row, heading_of, essential) for _, row in rows), default=0) for rows in firsts]
        # A visible sheet before a hidden one, one with rows before one without, and the first of equals.
        chosen = max(
            range(len(entries)),
            key=lambda place: (scores[place], not entries[place].is_hidden, bool(firsts[place]), -place),
        )
        entry = entries[chosen]
        yield Sheet(
            f"{file.name}, sheet {shown(entry.name)}",
            firsts[chosen],
            tuple(_notes(entries, scores, chosen)),
            lambda progress: _rows(file, archive, entry, reader, progress),
        )


def _damaged(file: Path) -> UnreadableFile:
    return UnreadableFile(
        [
            f"{file.name} is damaged: it begins as an Excel workbook and cannot be read to its end. Open it in Excel, "
            "save it again as .xlsx or as “CSV UTF-8”, and submit that."
        ]
    )


def _notes(entries: list[_Entry], scores: list[int], chosen: int) -> Iterator[str]:
    entry = entries[chosen]
    if len(entries) > 1:
        hidden = ", which is hidden" if entry.is_hidden else ""
        yield f"The workbook has {len(entries)} sheets; {shown(entry.name)}{hidden} was read."
    others = [other for place, other in enumerate(entries) if place != chosen]
    also = [shown(entries[place].name) for place, score in enumerate(scores) if score and place != chosen]
    if also:
        yield f"Rows under the headings of this return stand in other sheets too and were not read: {listed(also)}."
    if any(other.is_hidden for other in others):
        yield f"Hidden sheets were not read: {listed(shown(other.name) for other in others if other.is_hidden)}."


def _contents(file: Path, archive: zipfile.ZipFile) -> tuple[list[_Entry], CellReader]:
    """The sheets that have cells, and what is needed to read a cell."""
    try:
        for part in archive.infolist():
            _refuse_bomb(file, part)
        targets: dict[str, str] = {}
        parse(
            archive.read("xl/_rels/workbook.xml.rels"),
            {"Relationship": lambda found: targets.update({found["Id"]: _part(found["Target"])})},
        )
        entries: list[_Entry] = []
        starts_1904 = []

        def add(found: dict[str, str]) -> None:
            key = next((value for name, value in found.items() if name.endswith(":id")), "")
            entries.append(_Entry(found["name"], found.get("state", "visible") != "visible", targets.get(key, "")))

        def note_1904(found: dict[str, str]) -> None:
            starts_1904.append(found.get("date1904", "0") in ("1", "true"))

        parse(archive.read("xl/workbook.xml"), {"sheet": add, "workbookPr": note_1904})
        names = set(archive.namelist())
        strings, styles = Strings(), list[Style]()
        if "xl/sharedStrings.xml" in names:
            with archive.open("xl/sharedStrings.xml") as opened:
                strings = read_strings(opened)
        if "xl/styles.xml" in names:
            styles = read_styles(archive.read("xl/styles.xml"))
        sheets = [entry for entry in entries if entry.part in names and "worksheets/" in entry.part]
    except DAMAGE as error:
        raise _damaged(file) from error
    if not sheets:
        raise UnreadableFile([f"{file.name} has no sheet with cells. Export the return again and submit that."])
    return sheets, CellReader(strings, styles, any(starts_1904))


def _part(target: str) -> str:
    return target[1:] if target.startswith("/") else re.sub(r"^\./", "", f"xl/{target}")


def _refuse_bomb(file: Path, part: zipfile.ZipInfo) -> None:
    limit = LARGEST_STRINGS if part.filename == "xl/sharedStrings.xml" else LARGEST
    packed = max(part.compress_size, 1)
    if part.file_size > limit or (part.file_size > 50_000_000 and part.file_size / packed > MOST_TIMES):
        raise UnreadableFile(
            [
                f"{file.name} unpacks to far more than a return can hold ({part.file_size // 1_000_000:,} MB in one "
                "part). Delete empty formatted rows and columns, or save it as “CSV UTF-8” and submit that."
            ]
        )


def _rows(
    file: Path,
    archive: zipfile.ZipFile,
    entry: _Entry,
    reader: CellReader,
    progress: Callable[[float], None] = lambda share: None,
) -> Iterator[tuple[int, list[str]]]:
    try:
        size = max(archive.getinfo(entry.part).file_size, 1)
        with archive.open(entry.part) as opened:
            yield from sheet_rows(opened, reader, lambda done: progress(done / size))
    except DAMAGE as error:
        raise _damaged(file) from error
