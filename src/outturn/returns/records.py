"""The rows of a text file that is not quite regular, one at a time: whatever stands in it costs one row at most.

Rows are lists of texts as Python's csv module reads them. Three things it would not survive are met here: a quotation
mark that is never closed (which swallows the rest of the file), a value of a hundred megabytes, and a mixture of
encodings.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LONGEST = 1_000_000  # bytes of one row
MOST_LINES = 1_000  # line breaks in one row
UNDECODED = "\ufdd2"  # stands for a byte that is in neither encoding; no text has this code point
KEPT = 2_000  # characters of a row that is set aside

csv.field_size_limit(LONGEST)  # for the whole process: the module knows no other way


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that was not read: its number, why in a sentence, and the start of it as received."""

    row: int
    why: str
    text: str


class _TooLong(Exception):
    pass


def byte_lines(chunks: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """Lines with their ends. Of a line longer than LONGEST no more than that and one byte is kept."""
    rest = b""
    for chunk in chunks:
        lines = (rest + chunk).split(end)
        rest = lines.pop()[: LONGEST + 1]
        for line in lines:
            yield (line if len(line) < LONGEST else line[:LONGEST]) + end
    if rest:
        yield rest


@dataclass(slots=True)
class Records:
    """The rows of a file, with `why` where a row must be set aside (else empty).

    `width` is the number of values under the headings once that is known. What was met on the way is counted in
    `unclear_quotes` and `windows_lines` (lines that are not UTF-8 and were read as Windows-1252).
    """

    lines: Iterator[bytes]
    separator: str
    width: int | None = None
    row: int = 0
    unclear_quotes: int = 0
    windows_lines: int = 0
    utf8_lines: int = 0
    _held: list[str] = field(default_factory=list)
    _back: deque[str] = field(default_factory=deque)
    _size: int = 0
    _meets_undecodable: bool = False

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        """Row number as a spreadsheet shows it, values, why. A blank row has no values."""
        reader = csv.reader(_Feed(self), delimiter=self.separator, strict=True)
        while True:
            self._held.clear()
            self._size = 0
            why = ""
            try:
                values = next(reader)
                if len(self._held) > 1 and self._swallowed(len(values)):
                    values, why = self._recover(UNCLOSED)
            except StopIteration:
                return
            except _TooLong:
                values, why = self._recover(TOO_LONG if len(self._held) == 1 else UNCLOSED)
            except csv.Error:
                values, why = self._recover(UNCLOSED)
            if self._meets_undecodable and not why and any(UNDECODED in line for line in self._held):
                why = UNDECODABLE
            self.row += 1
            yield self.row, values, why

    @property
    def text(self) -> str:
        """The start of the present row as received."""
        return "".join(line[:KEPT] for line in self._held[:KEPT])[:KEPT].rstrip("\r\n").replace(UNDECODED, "\ufffd")

    @property
    def has_line_breaks(self) -> bool:
        """Whether a value of the present row may hold a line break."""
        return len(self._held) > 1

    @property
    def is_cut_off(self) -> bool:
        """Whether the present row is the last one and lacks its line end."""
        return bool(self._held) and not self._held[-1].endswith(("\n", "\r"))

    def pull(self) -> str:
        """The next line, for the csv module."""
        line = self._back.popleft() if self._back else self._decoded(next(self.lines))
        self._held.append(line)
        self._size += len(line)
        if self._size > LONGEST or len(self._held) > MOST_LINES:
            raise _TooLong
        return line

    def _decoded(self, line: bytes) -> str:
        if line.isascii():
            return line.decode("ascii")
        try:
            text = line.decode("utf-8")
            self.utf8_lines += 1
        except UnicodeDecodeError:
            self.windows_lines += 1
            try:
                return line.decode("cp1252")
            except UnicodeDecodeError:
                self._meets_undecodable = True
                return line.decode("cp1252", "replace").replace("\ufffd", UNDECODED)
        return text

    def _swallowed(self, count: int) -> bool:
        """Whether a row of several lines is more likely one with a stray quotation mark and the whole rows after it."""
        return self.width is not None and count != self.width and len(self._split(self._held[1])) == self.width

    def _split(self, line: str) -> list[str]:
        """A line by itself, whatever its quotation marks do."""
        try:
            return next(csv.reader([line.replace("\r", " ")], delimiter=self.separator), [])
        except csv.Error:
            return []

    def _recover(self, why: str) -> tuple[list[str], str]:
        """Make what can be made of the first line held, and give the lines after it back."""
        first, *others = self._held
        if len(first) > LONGEST:
            self._keep(1)
            return [], TOO_LONG
        closed = first.rstrip("\r\n").replace("\r", " ") + "\n"
        rows = list(csv.reader([closed, "x\n"], delimiter=self.separator))
        if len(rows) == 2:
            self._keep(1)
            fits = len(rows[0]) == (self.width or len(rows[0]))
            self.unclear_quotes += fits and '"' in first
            return (rows[0], "") if fits else ([], why)
        place = next((place for place, line in enumerate(others, 1) if self._is_like_row(line)), 0)
        if place:
            self._keep(place)
        else:
            self._drop_until_row()
        return [], why

    def _drop_until_row(self) -> None:
        """Pass over the rest of a text whose end is not known."""
        del self._held[KEPT:]
        for line in self._rest():
            if self._is_like_row(line):
                self._back.appendleft(line)
                return

    def _rest(self) -> Iterator[str]:
        while self._back:
            yield self._back.popleft()
        for line in self.lines:
            yield self._decoded(line)

    def _keep(self, count: int) -> None:
        self._back.extendleft(reversed(self._held[count:]))
        del self._held[count:]

    def _is_like_row(self, line: str) -> bool:
        """Whether a line may begin a row: a line of a longer text has few separators."""
        if self.width is None:
            return True
        enough = min(self.width, max(2, (self.width + 1) // 2))
        return len(line) > LONGEST or (line.count(self.separator) >= enough - 1 and len(self._split(line)) >= enough)


@dataclass(slots=True)
class _Feed:
    """The lines of Records as the csv module takes them. An iterator survives an error; a generator does not."""

    records: Records

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        return self.records.pull()


UNCLOSED = (
    "A quotation mark in this row is never closed, or others in it are not doubled, so where its values end is not "
    "known. Correct the quotation marks, or export the file again."
)
TOO_LONG = (
    f"This row is longer than {LONGEST:,} characters. Something else than a value stands in it: correct it where the "
    "file was exported."
)
UNDECODABLE = "This row holds bytes that are neither UTF-8 nor Windows-1252 text. Export the file again as “CSV UTF-8”."
