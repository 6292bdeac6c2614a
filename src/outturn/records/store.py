"""Accepted submissions on disk: addressed by content, immutable, and either wholly there or not there at all.

A submission is a folder named by the first 16 digits of its file's SHA-256. It is filled beside its place and renamed
into it, so a process killed at any moment leaves the old state or the new one. What happens to it later is a file of
its own: `withdrawn.json`. A purge takes the folder away and leaves an audit row in `purged/`.
"""

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from outturn.returns.checking import COMPLAINTS, MONTHS, REPORT, ROWS, SET_ASIDE
from outturn.workspace import Refusal, locked

MANIFEST, WITHDRAWN, RETENTION, RECEIVED = "manifest.json", "withdrawn.json", "retention.json", "received"
UNFINISHED, LEAVING, PURGED = ".unfinished-", ".leaving-", "purged"
BLOCK = 1 << 20
ID_DIGITS = 16
YOUNG = 60  # seconds


@dataclass(frozen=True)
class Submission:
    """One stored submission. `manifest` says who sent what when; `report` holds totals that name nobody."""

    folder: Path
    manifest: dict[str, Any]
    withdrawn: dict[str, Any] | None

    @property
    def id(self) -> str:
        """The first 16 digits of the SHA-256 of the file as received; where something was stated beside it, of both."""
        return str(self.manifest["id"])

    @property
    def file(self) -> str:
        """The file's name as received."""
        return str(self.manifest["file"])

    @property
    def received(self) -> datetime:
        """When the council sent it; decides which file is the latest."""
        return datetime.fromisoformat(self.manifest["received"])

    @property
    def sequence(self) -> int:
        """1, 2, 3 … in the order of storing; decides between files received at one moment."""
        return int(self.manifest["sequence"])

    @property
    def areas(self) -> dict[str, int]:
        """The councils whose rows it holds, with the number of rows."""
        return dict(self.manifest["areas"])

    @property
    def rows(self) -> int:
        """Rows read; those set aside are not among them."""
        return int(self.manifest["rows"])

    @property
    def set_aside(self) -> int:
        """Rows that could not be read as rows."""
        return int(self.manifest["set_aside"])

    @property
    def release(self) -> int:
        """The release of the specification in whose wording it mostly is."""
        return int(self.manifest["release"])

    @property
    def claimed(self) -> tuple[date, date] | None:
        """The reporting period that most rows state."""
        period = self.manifest.get("period", {}).get("claimed")
        return (date.fromisoformat(period[0]), date.fromisoformat(period[1])) if period else None

    @cached_property
    def report(self) -> dict[str, Any]:
        """The totals of report.json."""
        return dict(json.loads((self.folder / REPORT).read_text("utf-8")))

    @property
    def months(self) -> list[dict[str, Any]]:
        """Events by council, type and month: {"area", "event", "month", "started", "ended"}."""
        try:
            return list(json.loads((self.folder / MONTHS).read_text("utf-8")))
        except FileNotFoundError:  # stored before November 2026
            return list(self.report["months"])

    @property
    def rows_file(self) -> Path:
        """The cleaned rows."""
        return self.folder / ROWS

    @property
    def complaints_file(self) -> Path:
        """What the checks complained of: row, rule, column."""
        return self.folder / COMPLAINTS

    @property
    def received_file(self) -> Path:
        """The file, byte for byte as received."""
        return next(self.folder.glob(f"{RECEIVED}.*"))

    def rows_set_aside(self) -> Iterator[dict[str, Any]]:
        """The rows that could not be read as rows: {"row", "why", "text"}."""
        with (self.folder / SET_ASIDE).open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


class Records:
    """The submissions of one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def submissions(self, return_name: str) -> list[Submission]:
        """Every stored submission of a return, in the order in which they were received."""
        folders = (self.folder / return_name).glob(f"*/{MANIFEST}")
        found = [_open(manifest.parent) for manifest in folders if not manifest.parent.name.startswith(".")]
        return sorted((one for one in found if one), key=lambda one: (one.received, one.sequence))

    def find(self, return_name: str, text: str, *others: str) -> Submission:
        """The submission with this id (or enough of its beginning), or with this file name; of `others` returns too.

        Raises Refusal where none or several fit, naming them.
        """
        stored = [one for name in (return_name, *others) for one in self.submissions(name)]
        found = [one for one in stored if len(text) >= 4 and one.id.startswith(text.lower())]
        found = found or [one for one in stored if one.file == text] or [
            one for one in stored if one.file.casefold() == Path(text).name.casefold()
        ]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(f"{one.id} (received {one.received:%d %B %Y})" for one in found)
            raise Refusal(f"“{text}” is the name of {len(found)} submissions. Give the id of one instead: {ids}.")
        names = ", ".join(one.file for one in stored[-5:]) or "none yet"
        raise Refusal(f"No submission is called “{text}”. The newest here: {names}. “outturn submissions” lists all.")

    def stored(self, return_name: str, submission_id: str) -> Submission | None:
        """The submission with this id, if it is stored."""
        return _open(self.folder / return_name / submission_id)

    @contextmanager
    def preparing(self, return_name: str) -> Iterator[Path]:
        """A folder to check a file in, gone when the block ends unless `keep` took it. Sweeps what killed runs left."""
        place = self.folder / return_name
        place.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        folder = place / f"{UNFINISHED}{secrets.token_hex(8)}"
        with locked(_hold(folder), "This folder is in use."):
            folder.mkdir()
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        _hold(folder).unlink(missing_ok=True)

    def keep(self, return_name: str, prepared: Path, manifest: dict[str, Any]) -> tuple[Submission, bool]:
        """Put a prepared folder in its place. False with the submission already there where the same file is stored.

        Adds to `manifest` its sequence. All files are on the disk before the rename that makes them the submission.
        """
        place = self.folder / return_name
        target = place / manifest["id"]
        with self._writing(return_name):
            there = _open(target)
            if there:
                return there, False
            manifest = {**manifest, "sequence": self._next(return_name)}
            (prepared / MANIFEST).write_text(_json(manifest), "utf-8")
            for path in prepared.iterdir():
                _to_disk(path)
            _to_disk(prepared)
            prepared.rename(target)
            _to_disk(place)
            kept = _open(target)
            assert kept is not None
            return kept, True

    def withdraw(self, submission: Submission, *, by: str, because: str, at: datetime) -> None:
        """Take a submission out of every figure, keeping it. Raises Refusal where it is withdrawn already."""
        with self._writing(submission.manifest["return"]):
            path = submission.folder / WITHDRAWN
            if path.exists():
                raise Refusal(f"{submission.file} is withdrawn already. Nothing was changed.")
            _write(path, {"by": by, "at": at.isoformat(timespec="seconds"), "because": because})

    def purge(self, submission: Submission, *, by: str, because: str, at: datetime) -> None:
        """Erase a submission's personal data for good, leaving who did it, when, why, and what it was."""
        return_name = submission.manifest["return"]
        with self._writing(return_name):
            audit = self.folder / return_name / PURGED
            audit.mkdir(exist_ok=True)
            _write(audit / f"{submission.id}-{submission.sequence}.json", {
                **submission.manifest, "withdrawn": submission.withdrawn,
                "purged": {"by": by, "at": at.isoformat(timespec="seconds"), "because": because},
            })  # fmt: skip
            shutil.rmtree(self.prepared / return_name, ignore_errors=True)  # made anew from what is left, when asked
            submission.folder.rename(submission.folder.with_name(f"{LEAVING}{submission.id}"))
            _sweep(self.folder / return_name)

    def purged(self, return_name: str) -> list[dict[str, Any]]:
        """The audit rows of what was purged, oldest first."""
        place = self.folder / return_name
        rows = [json.loads(path.read_text("utf-8")) for path in (place / PURGED).glob("*.json")]
        gone = [row for row in rows if not self._is_stored(return_name, row)]  # a purge may have been killed half-way
        return sorted(gone, key=lambda row: str(row["purged"]["at"]))

    def _is_stored(self, return_name: str, row: dict[str, Any]) -> bool:
        there = self.stored(return_name, row["id"])
        return there is not None and there.sequence == row["sequence"]

    @property
    def prepared(self) -> Path:
        """Tables made from the submissions, which can be made again at any time."""
        return self.folder / "prepared"

    @property
    def months_kept(self) -> int | None:
        """The retention rule: months after which a submission's personal data are erased. None: no rule was set."""
        path = self.folder / RETENTION
        return int(json.loads(path.read_text("utf-8"))["months"]) if path.exists() else None

    def keep_for(self, months: int, *, by: str, at: datetime) -> None:
        """Set the retention rule."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write(self.folder / RETENTION, {"months": months, "by": by, "at": at.isoformat(timespec="seconds")})

    @contextmanager
    def _writing(self, return_name: str) -> Iterator[None]:
        """Let one process at a time change what is stored."""
        with locked(self.folder / return_name / "lock", "Another run is storing a submission.", wait=60):
            yield

    def _next(self, return_name: str) -> int:
        """The next sequence number; one that a purged submission had is never given again."""
        used = [one.sequence for one in self.submissions(return_name)]
        used += [int(row["sequence"]) for row in self.purged(return_name)]
        return max(used, default=0) + 1


def identity(digest: str, stated: Mapping[str, str]) -> str:
    """The id of a file with this SHA-256, of which something may be stated that it does not say itself."""
    if stated:
        digest = hashlib.sha256(json.dumps([digest, sorted(stated.items())]).encode()).hexdigest()
    return digest[:ID_DIGITS]


def take_copy(file: Path, copy: Path) -> tuple[str, int]:
    """Copy a file byte for byte; gives the SHA-256 and the size of what was copied."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as source, copy.open("wb") as target:
        while block := source.read(BLOCK):
            digest.update(block)
            target.write(block)
            size += len(block)
    return digest.hexdigest(), size


def _open(folder: Path) -> Submission | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise Refusal(f"{folder / MANIFEST} is damaged. Put the folder back from a backup.") from error
    withdrawn = folder / WITHDRAWN
    return Submission(folder, manifest, json.loads(withdrawn.read_text("utf-8")) if withdrawn.exists() else None)


def _hold(folder: Path) -> Path:
    """The file whose lock says that a living process fills this folder. It stands beside: the folder gets renamed."""
    return folder.with_name(f"{folder.name}.lock")


def _sweep(place: Path) -> None:
    """Clear what killed runs left: folders that no living process fills, and purges that were not finished."""
    for hold in place.glob(f"{UNFINISHED}*.lock"):
        with suppress(Refusal, OSError):
            if time.time() - hold.stat().st_mtime < YOUNG:
                continue  # perhaps made a moment ago, and not yet locked
            with locked(hold, "This folder is in use."):
                shutil.rmtree(hold.with_suffix(""), ignore_errors=True)
            hold.unlink()
    for folder in place.glob(f"{LEAVING}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, content: dict[str, Any]) -> None:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    beside.write_text(_json(content), "utf-8")
    _to_disk(beside)
    beside.replace(path)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _to_disk(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, to the disk now."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
