"""Read a return as it arrives, CSV or XLSX, into rows of text. Knows no return: headings and their names are given.

A regular file goes straight into DuckDB, after its text is written in UTF-8 where it came in another encoding. Anything
else (uneven or blank rows, titles above the headings, a workbook) passes row by row through `tidying` first. No file is
held in memory whole.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .headings import LOOKED_AT, Header, HeadingOf, find_header, fits
from .kinds import is_workbook
from .loading import load_text, load_tidied, rows_as_read
from .records import LONGEST, Records, SetAside, byte_lines
from .refusals import UnreadableFile, counted
from .sniffing import CHUNK, Sniffed, recode, sniff, text_chunks, text_encoding
from .tidying import Tidied, Tidier, refuse_all
from .workbooks import find_sheet

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Reading", "SetAside", "UnreadableFile", "read_return", "rows_as_read"]

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Reading:
    """How a file was read, and what was noticed.

    kind: csv or xlsx. encoding, delimiter: those of a CSV, in words, else empty. headings: as received, trimmed, blank
    ones left out; columns: their names, `unknown_1`, … where not known. header_row: its number. rows: those read.
    padded: rows shorter than the headings, read as ending in blanks. notes: whole sentences, without values.
    """

    kind: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    header_row: int
    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: int
    padded: int
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...]


def read_return(
    file: Path,
    heading_of: HeadingOf,
    connection: "DuckDBPyConnection",
    out: Path,
    *,
    essential: Collection[str],
    progress: Progress = lambda share: None,
) -> Reading:
    """Read a file into `out`, Parquet whose rows `rows_as_read` gives: an INTEGER `row`, and a text for each heading.

    `row` numbers rows as a spreadsheet does, headings included. Values are as received; blanks and the text NULL are
    NULL. `heading_of` gives the name of the column under a heading, or None; a file without a column for each name in
    `essential` is refused. `progress` is told the share done. Raises UnreadableFile with every reason.
    """
    try:
        head = _head(file)
        read = _read_workbook if is_workbook(file, head) else _read_text
        reading = read(file, head, heading_of, connection, out, essential, progress)
    except OSError as error:
        if error.filename is not None and Path(error.filename) == file:
            raise UnreadableFile([_not_opened(file, error)]) from error
        raise
    if not reading.rows:
        if reading.set_aside:
            refuse_all(file.name, reading.set_aside, "none of its rows can be read")
        raise UnreadableFile(
            [f"{file.name} holds headings and no rows. Export it with its rows, and check the period it was asked for."]
        )
    progress(1.0)
    return reading


def _head(file: Path) -> bytes:
    if file.is_dir():
        raise UnreadableFile([f"{file} is a folder. Name the file in it."])
    with file.open("rb") as opened:
        head = opened.read(CHUNK)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise UnreadableFile([f"{file.name} is empty. Export the return again and submit that."])
    return head


def _not_opened(file: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{file} does not exist. Check its name and folder."
    if isinstance(error, PermissionError):
        return f"{file} may not be read. Close it where it is open, or ask for permission to read it."
    return f"{file} cannot be read ({error.strerror}). Copy it to this computer and submit the copy."


# Text


def _read_text(
    file: Path,
    head: bytes,
    heading_of: HeadingOf,
    connection: "DuckDBPyConnection",
    out: Path,
    essential: Collection[str],
    progress: Progress,
) -> Reading:
    encoding = text_encoding(head)
    separator, first = _first_rows(file, encoding, heading_of, essential)
    header = find_header(file.name, first, heading_of, essential)
    sniffed = None
    if encoding == "bytes":
        sniffed = sniff(file, separator, header.width, LONGEST, lambda share: progress(0.1 * share))
    line_end = sniffed.line_end if sniffed else b"\n"
    if header.row == 1:
        done = _read_at_once(file, encoding, sniffed, header, separator, connection, out)
        if done:
            return _reading(header, done[0], separator, Tidied(_count(connection, out)), done[1])
    lines = byte_lines(text_chunks(file, encoding, lambda share: progress(0.1 + 0.5 * share)), line_end)
    records = Records(lines, separator, header.width)
    tidied = load_tidied(connection, out, header, lambda path: Tidier(file.name, header).write_records(records, path))
    words = "UTF-16" if encoding != "bytes" else "Windows-1252" if records.windows_lines else "UTF-8"
    notes = [
        *_encoding_note(records.windows_lines, records.utf8_lines if encoding == "bytes" else 0),
        *_quotes(records),
    ]
    return _reading(header, words, separator, tidied, notes)


def _read_at_once(
    file: Path,
    encoding: str,
    sniffed: Sniffed | None,
    header: Header,
    separator: str,
    connection: "DuckDBPyConnection",
    out: Path,
) -> tuple[str, list[str]] | None:
    """Let DuckDB read a regular file, after writing it in UTF-8 where it is not. Encoding and notes; or None."""
    if sniffed and (sniffed.is_utf8 or not sniffed.is_even):
        is_read = sniffed.is_even and load_text(connection, file, out, header, separator, sniffed)
        return ("UTF-8", []) if is_read else None
    recoded = out.with_name(out.name + ".txt")
    try:
        counts = recode(byte_lines(text_chunks(file, encoding), sniffed.line_end if sniffed else b"\n"), recoded)
        sniffed = sniffed or sniff(recoded, separator, header.width, LONGEST, lambda share: None)
        if not counts or not sniffed.is_even:
            return None
        is_read = load_text(connection, recoded, out, header, separator, sniffed)
    finally:
        recoded.unlink(missing_ok=True)
    if not is_read:
        return None
    return ("Windows-1252", list(_encoding_note(*counts))) if encoding == "bytes" else ("UTF-16", [])


def _count(connection: "DuckDBPyConnection", out: Path) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows_as_read(connection, out)}").fetchone()
    return int(found[0]) if found else 0


def _first_rows(
    file: Path, encoding: str, heading_of: HeadingOf, essential: Collection[str]
) -> tuple[str, list[tuple[int, list[str]]]]:
    """The separator by which the first rows show most known headings (or else most values), and those rows."""
    found = []
    for separator in SEPARATORS:
        with_end = b"".join(islice(text_chunks(file, encoding), 1))
        end = b"\n" if b"\n" in with_end else b"\r"
        records = Records(byte_lines([with_end], end), separator)
        rows = [(row, values) for row, values, _ in islice(records, LOOKED_AT)]
        score = max((fits(values, heading_of, essential) for _, values in rows), default=0)
        found.append((score, max((len(values) for _, values in rows), default=0), separator, rows))
    _, _, separator, rows = max(found, key=lambda one: one[:2])
    return separator, rows


def _encoding_note(windows_lines: int, utf8_lines: int) -> Iterator[str]:
    if windows_lines:
        mixed = f", and {counted(utf8_lines, 'line')} in UTF-8" if utf8_lines else ""
        yield f"The file holds {counted(windows_lines, 'line')} in the encoding Windows-1252{mixed}."


def _quotes(records: Records) -> Iterator[str]:
    if records.unclear_quotes:
        yield (
            f"In {counted(records.unclear_quotes, 'row')} quotation marks inside a value are not doubled; the values "
            "were read as far as that allows."
        )


# Workbooks


def _read_workbook(
    file: Path,
    head: bytes,
    heading_of: HeadingOf,
    connection: "DuckDBPyConnection",
    out: Path,
    essential: Collection[str],
    progress: Progress,
) -> Reading:
    with find_sheet(file, heading_of, essential) as sheet:
        header = find_header(sheet.title, sheet.first_rows, heading_of, essential)
        rows = sheet.rows(lambda share: progress(0.6 * share))
        tidied = load_tidied(connection, out, header, lambda path: Tidier(sheet.title, header).write_rows(rows, path))
        return _reading(header, "", "", tidied, sheet.notes)


# What is told


def _reading(header: Header, encoding: str, separator: str, tidied: Tidied, notes: Iterable[str]) -> Reading:
    told = [*notes, *_notes(header, tidied)]
    return Reading(
        kind="csv" if separator else "xlsx",
        encoding=encoding,
        delimiter=SEPARATORS.get(separator, ""),
        headings=header.headings,
        header_row=header.row,
        columns=header.columns,
        unknown=header.unknown,
        rows=tidied.rows,
        padded=tidied.padded,
        set_aside=tuple(tidied.set_aside),
        notes=tuple(told),
    )


def _notes(header: Header, tidied: Tidied) -> Iterator[str]:
    if header.row > 1:
        yield f"The headings stand in row {header.row}; what stands above them was passed over."
    if tidied.blank:
        was = "was" if tidied.blank == 1 else "were"
        yield f"{counted(tidied.blank, 'blank row')} between other rows {was} left out."
    if tidied.padded:
        was = "was" if tidied.padded == 1 else "were"
        yield f"{counted(tidied.padded, 'row')} had fewer values than headings and {was} read as ending in blanks."
    if tidied.is_cut_off:
        yield (
            "The file ends in the middle of a row, so more rows may be missing. Export it again and compare the number "
            "of rows."
        )
