"""What kind of file arrived, by its first bytes: text, a workbook, or something that holds no table for us."""

import re
import zipfile
from pathlib import Path

from .refusals import UnreadableFile, counted

SAVE_AS = "Open it in Excel, save it as “CSV UTF-8” or as an Excel workbook (.xlsx), and submit that."
EXPORT = "Export the return as CSV or as an Excel workbook (.xlsx), and submit that."
CHUNK = 4_000_000  # bytes
_SIGNATURES = (
    (b"%PDF", "is a PDF", EXPORT),
    (b"\x1f\x8b", "is compressed (gzip)", "Unpack it and submit the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive", "Unpack it and submit the file inside."),
    (b"Rar!", "is a RAR archive", "Unpack it and submit the file inside."),
    (b"BZh", "is compressed (bzip2)", "Unpack it and submit the file inside."),
    (b"\xfd7zXZ", "is compressed (xz)", "Unpack it and submit the file inside."),
    (b"PAR1", "is a Parquet file", EXPORT),
    (b"\x89PNG", "is a picture", EXPORT),
    (b"\xff\xd8\xff", "is a picture", EXPORT),
    (b"GIF8", "is a picture", EXPORT),
    (b"II*\0", "is a picture", EXPORT),
    (b"MZ", "is a program", EXPORT),
    (b"SQLite format 3", "is a database (SQLite)", EXPORT),
    (b"\0\1\0\0Standard ", "is a database (Access)", EXPORT),
    (b"{\\rtf", "is a text document (RTF)", EXPORT),
)
_IN_A_ZIP = (
    ("word/", "is a Word document", EXPORT),
    ("ppt/", "is a PowerPoint presentation", EXPORT),
    ("xl/workbook.bin", "is a binary Excel workbook (.xlsb)", SAVE_AS),
    ("content.xml", "is an OpenDocument file (.ods)", SAVE_AS),
    ("META-INF/", "is a program package", EXPORT),
)
_HTML = re.compile(rb"\s*(<!doctype html|<html|<head|<table|<body|<meta)", re.IGNORECASE)
_JSON = re.compile(rb'\s*(\{\s*["}]|\[\s*[\[{"])')


def is_workbook(file: Path, head: bytes) -> bool:
    """Whether a file is an Excel workbook (.xlsx). Raises UnreadableFile where it is neither that nor text."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_is_workbook(file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile([_ole(file)])
    plain = head.removeprefix(b"\xef\xbb\xbf")
    for signature, what, do in _SIGNATURES:
        if plain.startswith(signature):
            raise UnreadableFile([f"{file.name} {what}, not a table. {do}"])
    if _HTML.match(plain):
        raise UnreadableFile([f"{file.name} is a web page (HTML), whatever its name says. {SAVE_AS}"])
    if re.match(rb"\s*<\?xml", plain):
        raise UnreadableFile([f"{file.name} is XML, not a table. {SAVE_AS}"])
    if _JSON.match(plain):
        raise UnreadableFile([f"{file.name} is JSON, not a table. {EXPORT}"])
    return False


def _zip_is_workbook(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise UnreadableFile([f"{file.name} is damaged or cut off: {DAMAGED_ZIP}"]) from error
    if "xl/workbook.xml" in names:
        return True
    for part, what, do in _IN_A_ZIP:
        if any(name.startswith(part) for name in names):
            raise UnreadableFile([f"{file.name} {what}, not a table. {do}"])
    inside = counted(len(names), "file")
    raise UnreadableFile([f"{file.name} is a zip archive of {inside}. Unpack it and submit the file inside."])


DAMAGED_ZIP = "its start is that of a workbook or zip archive, and its list of contents cannot be read. Send it again."


def _ole(file: Path) -> str:
    """The old binary container: a workbook with a password, or a workbook of before 2007."""
    mark = "EncryptedPackage".encode("utf-16-le")
    tail = b""
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            if mark in tail + chunk:
                return (
                    f"{file.name} is protected with a password. Open it in Excel, take the password off "
                    "(File, Info, Protect Workbook), save it, and submit that."
                )
            tail = chunk[-len(mark) :]
    return f"{file.name} is an old Excel workbook (.xls) or another Office file of before 2007. {SAVE_AS}"
