"""The database as it was after any change: what is there now, with every later change undone, newest first.

It is a file of its own that is only read. What was true after a change stays so, and so each is made once and kept for
as long as there is room.
"""

import atexit
import shutil
import sqlite3
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from outturn.terms.period import read_date, write_date

from .clock import Past
from .keeping import keys, put_back
from .models import Change, Pending
from .triggers import tracked

ALIAS = "past"
MOST_KEPT = 6

Tables = dict[str, dict[Any, dict[str, Any]]]  # rows by table and key, cells by column


class NotThen(Exception):
    """That moment cannot be shown. The message is a sentence for the page."""


def find(asked: str) -> Past:
    """The moment that was asked for: the end of a day, a time, or the number of a change. Raises NotThen."""
    if asked.isdecimal() and len(asked) <= 18:
        change = Change.objects.filter(id=int(asked)).values_list("id", "at").first()
        if not change:
            raise NotThen(f"There is no change {asked}.")
        number, at = change
    else:
        at = read_moment(asked)
        number = Change.objects.filter(at__lte=at).order_by("-id").values_list("id", flat=True).first() or 0
    _refuse_unkept(number)
    return Past(number, at, asked, _database(number))


def read_moment(asked: str) -> datetime:
    """A day, of which the end is meant, or a time. Raises NotThen."""
    try:
        at = datetime.fromisoformat(asked.replace(" ", "+")) if "T" in asked else _end_of(read_date(asked))
    except (ValueError, OverflowError):
        raise NotThen(f"“{asked[:40]}” is not a date. Write it as 1 October 2026 or 2026-10-01.") from None
    at = at if timezone.is_aware(at) else timezone.make_aware(at)
    if timezone.localdate(at) > timezone.localdate():
        raise NotThen(f"{write_date(timezone.localdate(at))} is yet to come.")
    return at


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) - timedelta(microseconds=1)


def _refuse_unkept(number: int) -> None:
    """What was there is known only since every change says how it is undone, and since the first one of all."""
    unkept = Change.objects.filter(undo__isnull=True).order_by("-id").values_list("id", "at").first()
    first = unkept or Change.objects.order_by("id").values_list("id", "at").first()
    if first and number < first[0]:
        since = timezone.localtime(first[1])
        raise NotThen(f"Pages cannot be shown as they were before {write_date(since)} at {since:%H:%M}.")


# The files

_kept: OrderedDict[int, Path] = OrderedDict()
_making = threading.Lock()


def _database(number: int) -> Path:
    with _making:
        if number in _kept:
            _kept.move_to_end(number)
        else:
            _kept[number] = _made(number)
            while len(_kept) > MOST_KEPT:
                _remove(_kept.popitem(last=False)[1])
        return _kept[number]


@atexit.register
def forget() -> None:
    """Drop every file, as tests must, whose databases come and go, and a server when it ends."""
    with _making:
        while _kept:
            _remove(_kept.popitem()[1])


def _remove(file: Path) -> None:
    shutil.rmtree(file.parent, ignore_errors=True)  # whoever has it open can still read it


def _made(number: int) -> Path:
    file = Path(tempfile.mkdtemp(prefix="outturn-past-")) / "past.sqlite3"
    with _reading():
        tables = _tables_after(number)
    target = _connection(str(file))
    with closing(sqlite3.connect(file)) as raw, raw:
        for model in tracked():
            for statement in _definition(model, target):
                raw.execute(statement)
            _fill(raw, model, tables[model._meta.db_table].values(), target)
    return file


@contextmanager
def _reading() -> Iterator[None]:
    """All that is read is of one moment, and nobody waits for it."""
    if connection.in_atomic_block:
        yield
        return
    how = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN{how}")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _tables_after(number: int) -> Tables:
    tables = {model._meta.db_table: _rows(model) for model in tracked()}
    written = Pending.objects.order_by("-id").values_list("place", "old", "new")
    _undo(tables, (put_back(*row) for row in written))  # not in any change yet
    for later in Change.objects.filter(id__gt=number).order_by("-id").values_list("undo", flat=True).iterator():
        _undo(tables, reversed(later or []))
    return tables


def _rows(model: type[models.Model]) -> dict[Any, dict[str, Any]]:
    columns = [field.column for field in model._meta.concrete_fields]
    rows = model._base_manager.using(DEFAULT_DB_ALIAS).order_by().values_list(
        *(field.attname for field in model._meta.concrete_fields)
    )  # fmt: skip
    key = columns.index(keys()[model._meta.db_table])
    return {row[key]: dict(zip(columns, row, strict=True)) for row in rows.iterator()}


def _undo(tables: Tables, entries: Iterable[list[Any]]) -> None:
    for place, key, *old in entries:
        rows = tables.get(place, {})  # a table that is no more has no page either
        if old:
            rows[key] = {**rows.get(key, {}), **old[0]}
        else:
            rows.pop(key, None)


def _definition(model: type[models.Model], target: DatabaseWrapper) -> Iterator[str]:
    """The table, and an index for each link out of it; nothing that refuses a row."""
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = (
        f'"{field.column}" {field.db_type(target)}{" PRIMARY KEY" if field.primary_key else ""}' for field in fields
    )
    yield f'CREATE TABLE "{table}" ({", ".join(columns)})'
    for field in fields:
        if field.is_relation:
            yield f'CREATE INDEX "{table}_{field.column}" ON "{table}" ("{field.column}")'


def _fill(raw: sqlite3.Connection, model: type[models.Model], rows: Iterable[dict[str, Any]], target: Any) -> None:
    fields = model._meta.concrete_fields
    marks = ", ".join("?" * len(fields))
    ways = [_reader(field, target) for field in fields]
    raw.executemany(
        f'INSERT INTO "{model._meta.db_table}" VALUES ({marks})',  # noqa: S608
        ([way(row) for way in ways] for row in rows),
    )


def _reader(field: models.Field, target: DatabaseWrapper) -> Callable[[dict[str, Any]], Any]:
    """From a cell, as it is now or as the trail has it, to what SQLite keeps."""

    def read(row: dict[str, Any]) -> Any:
        value = field.to_python(row[field.column]) if field.column in row else field.get_default()
        if isinstance(value, datetime) and timezone.is_naive(value):
            value = value.replace(tzinfo=UTC)
        return field.get_db_prep_save(value, target)

    return read


# The connection


@contextmanager
def opened(file: Path) -> Iterator[None]:
    """Let this thread read a file by the name ALIAS."""
    connections[ALIAS] = _connection(f"file:{file}?mode=ro&immutable=1")
    try:
        yield
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]


def _connection(name: str) -> DatabaseWrapper:
    place = {"ENGINE": "django.db.backends.sqlite3", "NAME": name}
    return DatabaseWrapper(connections.configure_settings({DEFAULT_DB_ALIAS: {}, ALIAS: place})[ALIAS], ALIAS)
