"""Excel workbooks (.xlsx): find the sheet that holds the return, and its rows as text, one at a time.

openpyxl reads them, row by row. What may be dangerous in them is refused before it opens them.
"""

import errno
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from .headings import LOOKED_AT, HeadingOf, fits
from .refusals import UnreadableFile, listed, shown

LARGEST = 8_000_000_000  # bytes of one part unpacked: a full sheet of a million rows and 60 columns has 5
LARGEST_STRINGS = 500_000_000  # bytes of the texts that cells share, which are held in memory
LARGEST_WHOLE = 100_000_000  # bytes of a part that is held in memory as a tree
HELD_WHOLE = re.compile(r"(xl/styles|xl/workbook|docProps/.*|\[Content_Types\])\.xml|.*\.rels", re.IGNORECASE)
MOST_TIMES = 400  # how much smaller a large part may be packed; real sheets reach 60
MOST_ROWS = 1_048_576  # those that Excel knows
PROLOG = 65_536  # bytes within which a part's first element must begin
HALF_SECOND = timedelta(seconds=0.5)
NOT_DIGITS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # what a number format adds around the digits
# What zipfile, ElementTree (whose ParseError is a SyntaxError) and openpyxl raise over what is not as it should be.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    ArithmeticError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a workbook that holds the return."""

    title: str
    first_rows: list[tuple[int, list[str]]]
    notes: tuple[str, ...]
    rows: Callable[[Callable[[float], None]], Iterator[tuple[int, list[str]]]]


@contextmanager
def find_sheet(file: Path, heading_of: HeadingOf, essential: Collection[str]) -> Iterator[Sheet]:
    """Open a workbook at the sheet whose first rows show the most known headings.

    Raises UnreadableFile where its structure is damaged, also while rows are being read.
    """
    with file.open("rb") as opened, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"openpyxl\.")  # of what it leaves out: looks, drop-down lists, …
        sheets = _sheets(file, opened)
        last_rows = [sheet.max_row or MOST_ROWS for sheet in sheets]  # as the workbook has it, for progress only
        firsts = [list(islice(_rows(file, sheet), LOOKED_AT)) for sheet in sheets]
        scores = [max((fits(row, heading_of, essential) for _, row in rows), default=0) for rows in firsts]
        # A visible sheet before a hidden one, one with rows before one without, and the first of equals.
        chosen = max(
            range(len(sheets)),
            key=lambda place: (scores[place], not _is_hidden(sheets[place]), bool(firsts[place]), -place),
        )
        sheet, last_row = sheets[chosen], last_rows[chosen]
        with closing(sheet.parent):
            yield Sheet(
                f"{file.name}, sheet {shown(sheet.title)}",
                firsts[chosen],
                tuple(_notes(sheets, scores, chosen)),
                lambda progress: _rows(file, sheet, lambda row: progress(min(row / last_row, 1.0))),
            )


def _damaged(file: Path) -> UnreadableFile:
    return UnreadableFile(
        [
            f"{file.name} is damaged: it begins as an Excel workbook and cannot be read to its end. Open it in Excel, "
            "save it again as .xlsx or as “CSV UTF-8”, and submit that."
        ]
    )


def _is_hidden(sheet: Any) -> bool:
    return bool(sheet.sheet_state != "visible")


def _notes(sheets: list[Any], scores: list[int], chosen: int) -> Iterator[str]:
    sheet = sheets[chosen]
    if len(sheets) > 1:
        hidden = ", which is hidden" if _is_hidden(sheet) else ""
        yield f"The workbook has {len(sheets)} sheets; {shown(sheet.title)}{hidden} was read."
    also = [shown(sheets[place].title) for place, score in enumerate(scores) if score and place != chosen]
    if also:
        yield f"Rows under the headings of this return stand in other sheets too and were not read: {listed(also)}."
    hidden_others = [shown(other.title) for other in sheets if other is not sheet and _is_hidden(other)]
    if hidden_others:
        yield f"Hidden sheets were not read: {listed(hidden_others)}."


# Opening


def _sheets(file: Path, opened: IO[bytes]) -> list[Any]:
    """The sheets that have cells."""
    from openpyxl import load_workbook  # slow to import

    try:
        with zipfile.ZipFile(opened) as archive:
            for part in archive.infolist():
                _refuse_bomb(file, part)
                _refuse_declarations(archive, part)
        sheets: list[Any] = load_workbook(opened, read_only=True, data_only=True, keep_links=False).worksheets
    except DAMAGE as error:
        raise _damaged(file) from error
    except OSError as error:
        if error.errno in (None, errno.EINVAL):  # openpyxl's, over contents without a workbook; a part before the file
            raise _damaged(file) from error
        raise
    if not sheets:
        raise UnreadableFile(
            [
                f"{file.name} has no sheet with cells that can be read. Save it in Excel as “Excel Workbook (.xlsx)”, "
                "not as “Strict Open XML Spreadsheet”, and submit that."
            ]
        )
    return sheets


def _refuse_bomb(file: Path, part: zipfile.ZipInfo) -> None:
    limit = LARGEST_WHOLE if HELD_WHOLE.fullmatch(part.filename) else LARGEST
    limit = LARGEST_STRINGS if part.filename == "xl/sharedStrings.xml" else limit
    packed = max(part.compress_size, 1)
    if part.file_size > limit or (part.file_size > 50_000_000 and part.file_size / packed > MOST_TIMES):
        raise UnreadableFile(
            [
                f"{file.name} unpacks to far more than a return can hold ({part.file_size // 1_000_000:,} MB in one "
                "part). Delete empty formatted rows and columns, or save it as “CSV UTF-8” and submit that."
            ]
        )


def _refuse_declarations(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuse a document type, by which entities could be made to grow without end. It stands before all elements."""
    has_begun = False

    def refuse(*declared: object) -> None:
        raise ValueError("a document type")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal has_begun
        has_begun = True

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, begin
    with archive.open(part) as opened:
        start = opened.read(PROLOG)
    try:
        parser.Parse(start)
    except expat.ExpatError:  # no XML, such as a picture; or damaged, which reading it will show
        return
    if start and not has_begun:
        raise ValueError("no element")


# Cells


def _rows(file: Path, sheet: Any, done: Callable[[int], None] = lambda row: None) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with their numbers, without the blanks at their ends. `done` is told rows passed."""
    sheet.reset_dimensions()  # which many programs write wrongly
    try:
        for row, cells in enumerate(sheet.iter_rows(), 1):
            if row > MOST_ROWS:
                raise ValueError("a row that Excel does not have")
            if row % 1000 == 0:
                done(row)
            values = [_text(cell) for cell in cells]
            while values and not values[-1]:
                values.pop()
            if values:
                yield row, values
    except DAMAGE as error:
        raise _damaged(file) from error


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return unescaped(value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain_number(value).zfill(_digits(cell.number_format))
    return date_text(value)


def unescaped(text: str) -> str:
    """Text with the characters that XML cannot hold, which Excel writes as _x000D_. A NUL stands for no text."""
    from openpyxl.utils.escape import unescape

    return str(unescape(text)).replace("\0", "").encode("utf-8", "replace").decode()


def plain_number(number: float) -> str:
    """A number of 15 digits, as Excel keeps them, without exponent and needless noughts: 0.015, 12."""
    if isinstance(number, int):
        return str(number)
    plain = format(Decimal(f"{number:.15g}"), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


@lru_cache
def _digits(number_format: str) -> int:
    """The width up to which a number is filled with noughts: 5 by the format 00000, which shows 123 as 00123."""
    first = NOT_DIGITS.sub("", number_format).split(";")[0]
    return len(first) if re.fullmatch(r"0{2,20}", first) else 0


def date_text(moment: date | time | timedelta) -> str:
    """A date as 2025-03-31, with the time of day unless that is midnight; a time or length of time as 12:00:00."""
    if isinstance(moment, timedelta):
        minutes, seconds = divmod(round(moment.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if isinstance(moment, time):
        return (datetime.combine(date.min, moment) + HALF_SECOND).time().isoformat("seconds")
    if isinstance(moment, datetime):
        return (moment + HALF_SECOND).isoformat(" ", "seconds").removesuffix(" 00:00:00")
    return moment.isoformat()
