"""Comparators kept: what was published of every area, told by file, so that pages read it without the rows.

They lie in the file of the results. A file that is withdrawn takes its figures with it.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from outturn.records.beside import COUNCIL, ENGLAND, EVERYBODY, REGION, TYPE, Beside

from .store import opened, written

__all__ = ["COUNCIL", "ENGLAND", "EVERYBODY", "REGION", "TYPE", "Beside", "Comparators", "Origin", "Told"]

NAMES = [field.name for field in fields(Beside)]
NUMBERS = ("numerator", "denominator", "value", "margin")
TABLES = f"""
CREATE TABLE IF NOT EXISTS beside_files (submission TEXT PRIMARY KEY, file TEXT, by TEXT, received TEXT);
CREATE TABLE IF NOT EXISTS beside (submission TEXT NOT NULL, {", ".join(f"{name} TEXT" for name in NAMES)});
CREATE INDEX IF NOT EXISTS beside_about ON beside (framework, code, breakdown);
"""
Key = tuple[str, str]
"""Framework and code. Never the code alone: codes were used again for other measures."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a figure is from; `by` is who published it, empty where that was not said."""

    submission: str
    file: str
    by: str
    received: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A published figure with the file it is from."""

    figure: Beside
    origin: Origin


class Comparators:
    """The comparators of a workspace, in the file `path` of its results."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def missing(self, submissions: Iterable[str]) -> list[str]:
        """Which of some submissions were not told."""
        with self._open() as database:
            there = {one for (one,) in database.execute("SELECT submission FROM beside_files")}
        return [one for one in submissions if one not in there]

    def tell(self, origin: Origin, figures: Iterable[Beside]) -> None:
        """Keep the figures of a file, in the place of any told of it before."""
        rows = [(origin.submission, *map(_text, asdict(one).values())) for one in figures]
        with self._open() as database:
            _forget(database, [origin.submission])
            database.execute(
                "INSERT INTO beside_files VALUES (?, ?, ?, ?)",
                (origin.submission, origin.file, origin.by, origin.received.isoformat()),
            )
            database.executemany(f"INSERT INTO beside VALUES (?{', ?' * len(NAMES)})", rows)

    def keep_only(self, submissions: Collection[str]) -> None:
        """Forget the figures of every file but these."""
        if self.path.exists():
            with self._open() as database:
                told = [one for (one,) in database.execute("SELECT submission FROM beside_files")]
                _forget(database, [one for one in told if one not in submissions])

    def of(
        self, keys: Collection[Key], breakdown: str = EVERYBODY, areas: Sequence[str] = (),
        until: datetime | None = None,
    ) -> dict[Key, list[Told]]:  # fmt: skip
        """What is published of some measures, in one question; of some areas (by code) or of all.

        Of several files that have a figure, or its marker, the one received last gives it whole; of those received
        by a moment, where one is given.
        """
        found: dict[Key, dict[tuple[str, str], Told]] = {key: {} for key in keys}
        if not (keys and self.path.exists()):
            return {key: [] for key in keys}
        asked = ", ".join(["(?, ?)"] * len(found))
        among = f"AND b.area IN ({', '.join('?' * len(areas))}) " if areas else ""
        with self._open() as database:
            rows = database.execute(
                f"SELECT f.submission, f.file, f.by, f.received, {', '.join(f'b.{name}' for name in NAMES)} "
                "FROM beside b JOIN beside_files f USING (submission) "
                f"WHERE (b.framework, b.code) IN (VALUES {asked}) AND b.breakdown = ? {among}"
                "AND f.received <= ? "
                "ORDER BY f.received DESC, f.rowid DESC, b.rowid",
                (*(part for key in found for part in key), breakdown, *areas, written(until)),
            ).fetchall()
        origins: dict[str, Origin] = {}
        for submission, file, by, received, *rest in rows:
            if submission not in origins:
                origins[submission] = Origin(submission, file, by, datetime.fromisoformat(received))
            one = _beside(rest)
            found[one.framework, one.code].setdefault((one.period, one.area), Told(one, origins[submission]))
        return {key: list(told.values()) for key, told in found.items()}

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, TABLES)


def _forget(database: sqlite3.Connection, submissions: Collection[str]) -> None:
    for table in ("beside", "beside_files"):
        database.executemany(f"DELETE FROM {table} WHERE submission = ?", [(one,) for one in submissions])


def _text(value: str | Decimal | None) -> str | None:
    return None if value is None else str(value)


def _beside(values: Sequence[str | None]) -> Beside:
    data: dict[str, Any] = dict(zip(NAMES, values, strict=True))
    return Beside(**{**data, **{name: Decimal(data[name]) for name in NUMBERS if data[name] is not None}})
