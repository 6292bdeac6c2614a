"""Files on their way in: received straight to the workspace's own disk, named safely, and cleared away afterwards."""

import errno
import re
import secrets
import shutil
import time
from collections.abc import Container
from pathlib import Path

from django.conf import settings
from django.core.files.move import file_move_safe
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
LONGEST_NAME = 120  # characters; file systems take 255 bytes, and a letter may be several
UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
LEFT_BEHIND = 24 * 60 * 60  # seconds after which an upload that no job names is rubbish
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
FULL = (
    "The disk that holds Outturn’s data is full, so the file was not kept. Ask whoever runs Outturn for you to make "
    "room, then send it again. Nothing else was changed."
)


class ToDiskHandler(TemporaryFileUploadHandler):
    """Every upload goes to the workspace's disk as it comes in, never into memory. A full disk ends it tidily."""

    def new_file(self, *args, **kwargs) -> None:
        """Begin a file in the uploads folder."""
        self._guarded(lambda: folder() and super(ToDiskHandler, self).new_file(*args, **kwargs))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece."""
        self._guarded(lambda: super(ToDiskHandler, self).receive_data_chunk(raw_data, start))

    def _guarded(self, act) -> None:
        try:
            act()
        except OSError as error:
            self.request.upload_fault = disk_words(error)
            if getattr(self, "file", None):
                self.file.close()
            raise StopUpload(connection_reset=False) from error


def disk_words(error: OSError) -> str:
    """Why a file could not be kept, for the page."""
    if error.errno in DISK_FULL:
        return FULL
    return "The file could not be written to Outturn’s disk. Tell whoever runs Outturn for you, then send it again."


def upload_fault(request: HttpRequest) -> str:
    """What went wrong while a request's files came in, or empty."""
    request.FILES  # noqa: B018  this is what brings them in, unless something asked for them before
    return getattr(request, "upload_fault", "")


def folder() -> Path:
    """Where uploads lie, made when first needed. Only its owner can read it: the files name people."""
    place = Path(settings.FILE_UPLOAD_TEMP_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(upload: UploadedFile) -> Path:
    """Move an upload to a place of its own, under its own name made safe, and give the path below `folder()`.

    Raises OSError.
    """
    place = folder() / f"sent-{secrets.token_hex(8)}"
    place.mkdir(mode=0o700)
    kept = place / clean_name(upload.name or "")
    try:
        file_move_safe(upload.temporary_file_path(), kept)
        kept.chmod(0o600)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return kept.relative_to(folder())


def clean_name(name: str) -> str:
    """A name that every system can hold and no shell, path or page can be led astray by."""
    name = UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending[:10]) if dot else (ending, "")
    stem = stem.strip(" .-")[:LONGEST_NAME].strip()
    name = (stem or "file") + ending.strip()
    return f"_{name}" if RESERVED.match(name) else name


def discard(place: str) -> None:
    """Remove an upload and the folder made for it."""
    first = Path(place).parts[:1]
    if first and first[0].startswith("sent-"):
        shutil.rmtree(folder() / first[0], ignore_errors=True)


def clear_rubbish(wanted: Container[str]) -> None:
    """Remove what a killed server left behind. `wanted`: the first parts of the paths that jobs still need."""
    oldest = time.time() - LEFT_BEHIND
    for entry in folder().iterdir():
        if entry.name in wanted or entry.stat().st_mtime > oldest:
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
