"""One quick look at all bytes of a text file: its encoding, its line ends, and whether DuckDB can read it as it is."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .refusals import UnreadableFile

CHUNK = 4_000_000  # bytes
BOM = b"\xef\xbb\xbf"
UNMARKED = bytes(byte for byte in range(256) if byte not in b'"\r\n')  # all but quotation marks and line ends


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the bytes of a text file show.

    `is_utf8`: every byte is UTF-8. `line_end`: what ends a row, b"\\n" or b"\\r". `is_even`: no row is far too long,
    every quotation mark is closed and, where that is quickly told, rows all end the same way and have equally many
    separators. `rows`: how many there are if it is even, with the headings and blank lines between others.
    `has_line_breaks`: some stand within quotation marks.
    """

    is_utf8: bool
    line_end: bytes
    is_even: bool
    rows: int
    has_line_breaks: bool


def text_encoding(head: bytes) -> str:
    """The encoding by which to take a file apart: UTF-16, or bytes whose commas and line ends are those of ASCII."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head[:2000]
    nuls = start.count(0)
    if nuls > 0.3 * len(start):
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    return "bytes"


def text_chunks(file: Path, encoding: str, progress: Callable[[float], None] = lambda share: None) -> Iterator[bytes]:
    """The file piece by piece, without byte order mark; UTF-16 becomes UTF-8 on the way."""
    decoder = codecs.getincrementaldecoder(encoding)() if encoding != "bytes" else None
    size, done, is_first = file.stat().st_size, 0, True
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            done += len(chunk)
            if decoder:
                chunk = _as_utf8(file, decoder, chunk, done == size)
            yield chunk.removeprefix(BOM) if is_first else chunk
            is_first = False
            progress(done / size)


def _as_utf8(file: Path, decoder: codecs.IncrementalDecoder, chunk: bytes, is_last: bool) -> bytes:
    try:
        words = decoder.decode(chunk, is_last)
        if "\0" in words:
            raise UnreadableFile([_nul(file)])
        return words.encode()
    except UnicodeError as error:
        raise UnreadableFile(
            [
                f"{file.name} begins as Unicode text (UTF-16) and is damaged or cut off further down. "
                "Export it again as “CSV UTF-8” and submit that."
            ]
        ) from error


def _nul(file: Path) -> str:
    return (
        f"{file.name} holds NUL bytes, which no text has: it is another kind of file, or was damaged on its way. "
        "Export the return again as “CSV UTF-8” and submit that."
    )


def sniff(file: Path, separator: str, width: int, longest: int, progress: Callable[[float], None]) -> Sniffed:
    """Look at every byte of a file of rows of `width` values. Rows of more than `longest` bytes count as uneven.

    Raises UnreadableFile where the file holds NUL bytes.
    """
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    separators = quotes = returns = line_feeds = pairs = within = trailing = 0
    is_too_long, is_open, last = False, False, b""
    for chunk in text_chunks(file, "bytes", progress):
        if b"\0" in chunk:
            raise UnreadableFile([_nul(file)])
        if decoder and not (chunk.isascii() and decoder.getstate() == (b"", 0)):
            decoder = _still_utf8(decoder, chunk)
        marks = chunk.translate(None, UNMARKED)
        quotes += marks.count(b'"')
        line_feeds += marks.count(b"\n")
        inside, is_open = _line_feeds_within(marks, is_open)
        within += inside
        returns += marks.count(b"\r")
        if returns:
            pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
        if not quotes:
            separators += chunk.count(separator.encode())
        rest = chunk.rstrip(b"\r\n")
        trailing = chunk.count(b"\n", len(rest)) + (0 if rest else trailing)
        is_too_long = is_too_long or _has_gap(chunk, longest)
        last = chunk[-1:]
    rows = line_feeds - within - trailing + 1
    is_even = bool(line_feeds) and not is_open and not is_too_long
    if not quotes:
        is_even &= pairs in (0, line_feeds) and returns == pairs and separators == rows * (width - 1)
    is_utf8 = decoder is not None and decoder.getstate()[0] == b""
    return Sniffed(is_utf8, b"\n" if line_feeds else b"\r", is_even, rows, within > 0)


def _line_feeds_within(marks: bytes, is_open: bool) -> tuple[int, bool]:
    """How many line feeds stand within quotation marks, and whether the last of those is still open.

    A doubled quotation mark closes and opens again, which changes nothing.
    """
    pieces = marks.replace(b'""', b"").split(b'"')
    within = sum(piece.count(b"\n") for piece in pieces[not is_open :: 2])
    return within, is_open ^ (len(pieces) % 2 == 0)


def _still_utf8(decoder: codecs.IncrementalDecoder, chunk: bytes) -> codecs.IncrementalDecoder | None:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:
        return None
    return decoder


def _has_gap(chunk: bytes, longest: int) -> bool:
    """Whether `longest` bytes of a chunk may stand without a line end."""
    step = longest // 2
    return any(chunk.find(b"\n", place, place + step) < 0 for place in range(0, len(chunk) - step + 1, step))


def recode(lines: Iterable[bytes], out: Path) -> tuple[int, int] | None:
    """Write lines that are UTF-8 or else Windows-1252 as UTF-8: how many there were in Windows-1252, and in UTF-8
    beyond ASCII. None where some line is neither."""
    windows = utf8 = 0
    with out.open("wb") as file:
        for line in lines:
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    utf8 += 1
                except UnicodeDecodeError:
                    try:
                        line = line.decode("cp1252").encode()
                    except UnicodeDecodeError:
                        return None
                    windows += 1
            file.write(line)
    return windows, utf8
