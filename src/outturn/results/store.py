"""Results kept: counts, so that nothing is counted twice, and every figure told, so that yesterday's can be told again.

One SQLite file in the workspace. Rows are added and never changed. Comparators lie in it too: see `comparators`.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from outturn.measures.running import Count

from .result import Result

TABLES = """
CREATE TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY, counts TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (
    id INTEGER PRIMARY KEY, area TEXT NOT NULL, measure TEXT NOT NULL, period TEXT NOT NULL, method TEXT NOT NULL,
    reading TEXT NOT NULL, groups TEXT NOT NULL, as_of TEXT NOT NULL, told_at TEXT NOT NULL, results TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS told_about ON told (area, measure, period);
CREATE TABLE IF NOT EXISTS looked (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL, area TEXT NOT NULL, measure TEXT NOT NULL,
    period TEXT NOT NULL, rows INTEGER NOT NULL
);
"""
MANY = 500  # keys in one question


class Results:
    """The results of a workspace, in the file `path`, which is made when something is first kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    # Counts, by a key that names everything they were made from

    def counts(self, keys: Sequence[str]) -> dict[str, list[Count]]:
        """The counts that are there, of those asked for."""
        found: dict[str, list[Count]] = {}
        if not self.path.exists():
            return found
        with self._open() as database:
            for first in range(0, len(keys), MANY):
                some = keys[first : first + MANY]
                marks = ", ".join("?" * len(some))
                for key, text in database.execute(f"SELECT key, counts FROM counted WHERE key IN ({marks})", some):
                    found[key] = [_count(one) for one in json.loads(text)]
        return found

    def keep_counts(self, counts: Mapping[str, Iterable[Count]]) -> None:
        """Keep counts under their keys."""
        rows = [(key, json.dumps([_data(one) for one in found])) for key, found in counts.items()]
        with self._open() as database:
            database.executemany("INSERT OR IGNORE INTO counted VALUES (?, ?)", rows)

    # What was told

    def tell(self, results: Iterable[Result], groups: str, at: datetime) -> None:
        """Keep what is told now, but for what was told before in the same words."""
        together: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for one in results:
            key: tuple[str, ...] = (
                one.area,
                one.measure,
                one.period,
                one.method,
                one.reading,
                groups,
                one.as_of.isoformat(),
            )
            together.setdefault(key, []).append(one.as_data())
        with self._open() as database:
            for about, found in together.items():
                text = json.dumps(found, ensure_ascii=False)
                last = database.execute(
                    "SELECT as_of, results FROM told WHERE area = ? AND measure = ? AND period = ? AND method = ? "
                    "AND reading = ? AND groups = ? ORDER BY id DESC LIMIT 1", about[:-1],
                ).fetchone()  # fmt: skip
                if last != (about[-1], text):
                    database.execute(
                        "INSERT INTO told (area, measure, period, method, reading, groups, as_of, told_at, results) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*about, at.isoformat(timespec="seconds"), text),
                    )  # fmt: skip

    def version(self) -> tuple[int | None, ...]:
        """Changes with anything that is told or released, and with any file of what was published elsewhere."""
        if not self.path.exists():
            return ()
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            kept = [table for table in ("told", "released", "beside_files") if table in there]
            rows = [database.execute(f"SELECT count(*), max(rowid) FROM {table}").fetchone() for table in kept]
        return tuple(number for row in rows for number in row)

    def latest(self, area: str, measure: str | None = None) -> list[dict[str, Any]]:
        """What was last told of an area, as data: for each measure, period, method and reading its own groups."""
        if not self.path.exists():
            return []
        with self._open() as database:
            rows = database.execute(
                "SELECT results FROM told WHERE id IN (SELECT max(id) FROM told WHERE area = ? AND groups = '' "
                "AND (? IS NULL OR measure = ?) GROUP BY measure, period, method, reading) ORDER BY measure, period",
                (area, measure, measure),
            ).fetchall()
        return [one for (text,) in rows for one in json.loads(text)]

    def current(
        self, area: str, measures: Sequence[str], periods: Sequence[str], method: str, reading: str,
        until: datetime | None = None,
    ) -> dict[tuple[str, str], list[dict[str, Any]]]:  # fmt: skip
        """What was last told of some measures and periods under one method, by measure and period; in one question.

        `until`: as it was at that moment.
        """
        if not (self.path.exists() and measures and periods):
            return {}
        marks = ", ".join("?" * len(measures)), ", ".join("?" * len(periods))
        with self._open() as database:
            rows = database.execute(
                "SELECT measure, period, results FROM told WHERE id IN (SELECT max(id) FROM told WHERE area = ? "
                f"AND measure IN ({marks[0]}) AND period IN ({marks[1]}) AND groups = '' AND method = ? "
                "AND reading = ? AND told_at <= ? GROUP BY measure, period)",
                (area, *measures, *periods, method, reading, written(until)),
            ).fetchall()  # fmt: skip
        return {(measure, period): json.loads(text) for measure, period, text in rows}

    def history(
        self, area: str, measures: Sequence[str], periods: Sequence[str], method: str, reading: str,
        until: datetime | None = None,
    ) -> dict[tuple[str, str], dict[str, list[dict[str, Any]]]]:  # fmt: skip
        """The same as known on each day that anything was told of: by measure and period, then by that day."""
        if not (self.path.exists() and measures and periods):
            return {}
        marks = ", ".join("?" * len(measures)), ", ".join("?" * len(periods))
        with self._open() as database:
            rows = database.execute(
                f"SELECT measure, period, as_of, results FROM told WHERE area = ? AND measure IN ({marks[0]}) "
                f"AND period IN ({marks[1]}) AND (groups = '' OR groups GLOB 'as of ????-??-??') AND method = ? "
                "AND reading = ? AND told_at <= ? ORDER BY id",
                (area, *measures, *periods, method, reading, written(until)),
            ).fetchall()  # fmt: skip
        found: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
        for measure, period, as_of, text in rows:
            found.setdefault((measure, period), {})[as_of[:10]] = json.loads(text)
        return found

    # Who looked at lists of people

    def note_look(self, *, at: datetime, by: str, area: str, measure: str, period: str, rows: int) -> None:
        """Somebody was shown the people behind a figure."""
        with self._open() as database:
            database.execute(
                "INSERT INTO looked (at, by, area, measure, period, rows) VALUES (?, ?, ?, ?, ?, ?)",
                (at.isoformat(timespec="seconds"), by, area, measure, period, rows),
            )

    def looks(self) -> list[dict[str, Any]]:
        """Every look at a list of people, the newest first."""
        if not self.path.exists():
            return []
        with self._open() as database:
            rows = database.execute("SELECT at, by, area, measure, period, rows FROM looked ORDER BY id DESC")
            return [dict(zip(("at", "by", "area", "measure", "period", "rows"), row, strict=True)) for row in rows]

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, TABLES)


def written(until: datetime | None) -> str:
    """A moment as rows have it; without one, a moment after all of them."""
    return until.isoformat(timespec="seconds") if until else "9999"


@contextmanager
def opened(path: Path, tables: str) -> Iterator[sqlite3.Connection]:
    """The database at a path with these tables in it, made where they are not there; kept if the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(tables)
        with database:
            yield database


def _data(count: Count) -> dict[str, Any]:
    return {name: getattr(count, name) for name in Count.__slots__}


def _count(data: dict[str, Any]) -> Count:
    amounts = Counter({int(amount): times for amount, times in data.pop("amounts").items()})
    return Count(**{**data, "amounts": amounts, "side_counts": Counter(data["side_counts"])})
