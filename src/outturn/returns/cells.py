"""The cells of a sheet in an Excel workbook, as text: what Office Open XML says of strings, numbers and dates.

Numbers are given plainly (15 digits, as Excel keeps them; no exponent, no ".0"), dates as 2025-03-31, formulas by the
value last computed, errors by their sign (#N/A).
"""

import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import IO
from xml.parsers import expat

PIECE = 262_144  # bytes of XML parsed at a time
WIDEST = 16_384  # columns that Excel knows
DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])  # those Excel numbers itself
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
NOT_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
Attributes = dict[str, str]


class Form(Enum):
    """How a number is shown, as far as that changes what it is."""

    NUMBER = "number"
    DATE = "date"
    ZEROS = "zeros"


@dataclass(frozen=True, slots=True)
class Style:
    """The form of a cell's number; `digits` is the width of one that is filled up with noughts (00123)."""

    form: Form
    digits: int = 0


PLAIN = Style(Form.NUMBER)


@dataclass(slots=True)
class Strings:
    """The shared strings of a workbook, end to end: a list of millions of texts would take five times the memory."""

    text: bytearray = field(default_factory=bytearray)
    ends: "array[int]" = field(default_factory=lambda: array("Q", [0]))

    def add(self, text: str) -> None:
        """Add the next string."""
        self.text += text.encode("utf-8", "replace")
        self.ends.append(len(self.text))

    def __getitem__(self, place: int) -> str:
        return self.text[self.ends[place] : self.ends[place + 1]].decode()


def parse(xml: bytes, on_start: Mapping[str, Callable[[Attributes], None]]) -> None:
    """Call a function with the attributes of each element of a name, whatever its prefix."""
    parser = _parser()

    def start(name: str, attributes: Attributes) -> None:
        call = on_start.get(name.rpartition(":")[2])
        if call:
            call(attributes)

    parser.StartElementHandler = start
    parser.Parse(xml, True)


def _parser() -> expat.XMLParserType:
    """A parser that takes no document type, by which entities could be made to grow without end."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*declared: object) -> None:
        raise ValueError("a document type")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def read_styles(xml: bytes) -> list[Style]:
    """The styles that cells refer to by number."""
    codes: dict[int, str] = {}
    found: list[Style] = []
    is_cell = False

    def number_format(attributes: Attributes) -> None:
        codes[int(attributes["numFmtId"])] = attributes["formatCode"]

    def cells(attributes: Attributes) -> None:
        nonlocal is_cell
        is_cell = True

    def other(attributes: Attributes) -> None:
        nonlocal is_cell
        is_cell = False

    def style(attributes: Attributes) -> None:
        if is_cell:
            number = int(attributes.get("numFmtId", "0"))
            found.append(_style(number, codes.get(number, "")))

    parse(xml, {"numFmt": number_format, "cellXfs": cells, "cellStyleXfs": other, "cellStyles": other, "xf": style})
    return found


def _style(number: int, code: str) -> Style:
    first = NOT_LETTERS.sub("", code).split(";")[0]
    if number in DATE_FORMATS or (re.search(r"[dmyhs]", first, re.IGNORECASE) and "general" not in first.lower()):
        return Style(Form.DATE)
    return Style(Form.ZEROS, len(first)) if re.fullmatch(r"0{2,20}", first) else PLAIN


def read_strings(opened: IO[bytes]) -> Strings:
    """The shared strings. Rich text loses its looks; what is only there to be pronounced is left out."""
    strings = Strings()
    words: list[str] = []
    is_text, spoken = False, 0
    parser = _parser()

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_text, spoken
        name = name.rpartition(":")[2]
        is_text = name == "t" and not spoken
        spoken += name == "rPh"

    def end(name: str) -> None:
        nonlocal is_text, spoken
        name = name.rpartition(":")[2]
        is_text = False
        spoken -= name == "rPh"
        if name == "si":
            strings.add(unescaped("".join(words)))
            words.clear()

    def text(data: str) -> None:
        if is_text:
            words.append(data)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    while piece := opened.read(PIECE):
        parser.Parse(piece)
    parser.Parse(b"", True)
    return strings


def unescaped(text: str) -> str:
    """Text with the characters that XML cannot hold, which Excel writes as _x000D_. A NUL stands for no text."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\0", "").encode("utf-8", "replace").decode()


@dataclass(slots=True)
class CellReader:
    """Turns what a cell holds into text."""

    strings: Strings
    styles: list[Style]
    starts_1904: bool = False
    _dates: dict[str, str] = field(default_factory=dict)

    def read(self, kind: str, style: str, value: str) -> str:
        """The text of a cell of a kind (attribute t), style (attribute s) and value as the XML has it."""
        if kind == "s":
            return self.strings[int(value)]
        if kind in ("n", ""):
            shape = self.styles[int(style)] if style and self.styles else PLAIN
            if shape.form is Form.DATE:
                return self._date(value)
            number = value if value.isdecimal() else plain_number(value)
            return number.zfill(shape.digits) if shape.form is Form.ZEROS else number
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        return unescaped(value)

    def _date(self, serial: str) -> str:
        found = self._dates.get(serial)
        if found is None:
            found = date_text(serial, self.starts_1904)
            if len(self._dates) < 200_000:
                self._dates[serial] = found
        return found


def plain_number(text: str) -> str:
    """A number without exponent and needless noughts: 1.5E-2 is 0.015 and 12.0 is 12."""
    plain = format(Decimal(f"{float(text):.15g}"), "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def date_text(serial: str, starts_1904: bool) -> str:
    """The date, or date and time, of a day number; the number itself where Excel has no date for it."""
    number = float(serial) + (1462 if starts_1904 else 0)
    if not 0 <= number < 2_958_466:
        return plain_number(serial)
    # Excel takes 1900 for a leap year, so its first 60 days are numbered one too low.
    first = datetime(1899, 12, 31 if number < 60 else 30)  # noqa: DTZ001 a date of the calendar, in no zone
    moment = first + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d") if moment.time() == moment.min.time() else moment.strftime("%Y-%m-%d %H:%M:%S")


def sheet_rows(
    opened: IO[bytes], reader: CellReader, done: Callable[[int], None] = lambda count: None
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that hold anything, with their numbers. `done` is told the bytes of XML passed."""
    rows: list[tuple[int, list[str]]] = []
    columns: dict[str, int] = {}
    values: list[str] = []
    words: list[str] = []
    row, place, kind, style = 0, 0, "", ""
    is_value, spoken = False, 0
    read = reader.read
    parser = _parser()

    def start(name: str, attributes: Attributes) -> None:
        nonlocal row, place, kind, style, is_value, values, spoken
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            kind, style = attributes.get("t", ""), attributes.get("s", "")
            reference = attributes.get("r")
            if reference:
                letters = reference.rstrip("0123456789")
                found = columns.get(letters)
                if found is None:
                    found = columns[letters] = _column(letters)
                place = found
        elif name == "v" or name == "t":
            is_value = not spoken
        elif name == "row":
            row = int(attributes.get("r", row + 1))
            place, values = 0, []
        elif name == "rPh":
            spoken += 1

    def end(name: str) -> None:
        nonlocal place, is_value, spoken
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            if words:
                while len(values) < place:
                    values.append("")
                values.append(read(kind, style, "".join(words)))
                words.clear()
            place += 1
        elif name == "v" or name == "t":
            is_value = False
        elif name == "row":
            if values:
                rows.append((row, values))
        elif name == "rPh":
            spoken -= 1

    def text(data: str) -> None:
        if is_value:
            words.append(data)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    count = 0
    while piece := opened.read(PIECE):
        parser.Parse(piece)
        yield from rows
        rows.clear()
        count += len(piece)
        done(count)
    parser.Parse(b"", True)
    yield from rows


def _column(letters: str) -> int:
    """The place of a column, from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    if not 0 < number <= WIDEST:
        raise ValueError("a column that Excel does not have")
    return number - 1
