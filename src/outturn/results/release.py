"""The ledger of what was released to the public: two tables beside what was told, in the same file.

Rows are added and never changed, so that it can be seen what the public knew on any day.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from .edition import Entry, Key, Known, Memory, key_of, next_edition
from .store import written
from .tables import Quantity

TABLES = """
CREATE TABLE IF NOT EXISTS released (
    id INTEGER PRIMARY KEY, area TEXT NOT NULL, measure TEXT NOT NULL, period TEXT NOT NULL, at TEXT NOT NULL,
    figures TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS released_about ON released (area, measure, period);
CREATE TABLE IF NOT EXISTS derivable (
    id INTEGER PRIMARY KEY, area TEXT NOT NULL, at TEXT NOT NULL, sums TEXT NOT NULL
);
"""
NEWEST = (
    "SELECT measure, period, figures FROM released "
    "WHERE id IN (SELECT max(id) FROM released WHERE area = ? GROUP BY measure, period)"
)


class Ledger:
    """What was released, in the file of results at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(
        self, area: str, measures: Sequence[str], periods: Sequence[str], until: datetime | None = None
    ) -> dict[tuple[str, str], list[dict[str, Any]]]:
        """What the public sees, or saw at a moment, of some measures and periods by these; in one question."""
        if not (self.path.exists() and measures and periods):
            return {}
        marks = ", ".join("?" * len(measures)), ", ".join("?" * len(periods))
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'released'").fetchone():
                return {}  # a page that is read writes nothing
            rows = database.execute(
                "SELECT measure, period, figures FROM released WHERE id IN (SELECT max(id) FROM released "
                f"WHERE area = ? AND measure IN ({marks[0]}) AND period IN ({marks[1]}) AND at <= ? "
                "GROUP BY measure, period)", (area, *measures, *periods, written(until)),
            ).fetchall()
        return {(measure, period): [_entry(one).shown for one in json.loads(text)] for measure, period, text in rows}

    def release(self, area: str, results: Sequence[Mapping[str, Any]], at: datetime) -> list[dict[str, Any]]:
        """Release what may be known of an area's newest results, given as data; gives what the public sees of them.

        One edition at a time. Raises ValueError for a figure given twice, and then nothing is released.
        """
        now = at.isoformat(timespec="seconds")
        with self._writing() as database:
            texts = {(measure, period): text for measure, period, text in database.execute(NEWEST, (area,))}
            before = {key_of(entry.behind): entry for text in texts.values() for entry in map(_entry, json.loads(text))}
            row = database.execute(
                "SELECT sums FROM derivable WHERE area = ? ORDER BY id DESC LIMIT 1", (area,)
            ).fetchone()
            entries, memory = next_edition(before, _memory(json.loads(row[0])) if row else Memory(), results)
            for (measure, period), text in _by_table(entries).items():
                if texts.get((measure, period)) != text:
                    database.execute(
                        "INSERT INTO released (area, measure, period, at, figures) VALUES (?, ?, ?, ?, ?)",
                        (area, measure, period, now, text),
                    )
            if (text := _text_of(memory)) != (row[0] if row else None):
                database.execute("INSERT INTO derivable (area, at, sums) VALUES (?, ?, ?)", (area, now, text))
        return [entry.shown for key, entry in entries.items() if key in set(map(key_of, results))]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.executescript(TABLES)
            with database:
                database.execute("BEGIN IMMEDIATE")  # the next edition begins where this one ends
                yield database


def _by_table(entries: Mapping[Key, Entry]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for (measure, _, period, _), entry in entries.items():
        data = {name: getattr(entry, name) for name in entry.__slots__} | {"withheld": sorted(entry.withheld)}
        found.setdefault((measure, period), []).append(data)
    return {about: json.dumps(figures, ensure_ascii=False) for about, figures in found.items()}


def _entry(data: Mapping[str, Any]) -> Entry:
    return Entry(data["behind"], frozenset(data["withheld"]), data["kept"], data["instead"])


def _text_of(memory: Memory) -> str:
    """Sorted, so that the same is the same text."""
    plain = {known: json.dumps(_plain(known), ensure_ascii=False) for known in memory.sizes}
    order = sorted(memory.sizes, key=lambda known: plain[known])
    places = {known: place for place, known in enumerate(order)}
    sums = sorted(sorted([places[known], times] for known, times in one.items()) for one in memory.sums)
    return json.dumps({"quantities": [[*_plain(one), memory.sizes[one]] for one in order], "sums": sums})


def _plain(known: Known) -> list[Any]:
    (method, subject, start, after, cell, number), since = known
    return [method, subject, start, after, sorted(cell), number, since]


def _memory(data: Mapping[str, Any]) -> Memory:
    quantities: list[Known] = []
    memory = Memory()
    for method, (measure, part), start, after, cell, number, since, size in data["quantities"]:
        pairs = frozenset((dimension, value) for dimension, value in cell)
        quantities.append((Quantity(method, (measure, part), start, after, pairs, number), since))
        memory.sizes[quantities[-1]] = size
    memory.sums = [{quantities[place]: times for place, times in one} for one in data["sums"]]
    return memory
