"""Adds rows to the trail, one at a time, and keeps its head outside the database."""

import json
import logging
import secrets
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from .chain import CONTENT, Head, digest_of, stamp
from .models import Change, Pending
from .triggers import tracked

LOG = logging.getLogger(__name__)
TURN = 7_116_853  # the number of the advisory lock; any will do, but always the same
AT_ONCE = 2_000


def keep(change: Change) -> Change:
    """Write a row at the end of the chain, with how the rows written since the last one are put back.

    Whoever writes waits until the one before has committed, so keep the change last in its transaction.
    """
    with transaction.atomic():
        _wait_for_turn()
        last = head()
        change.id, change.prior = last.row + 1, last.digest
        change.at = timezone.now()
        change.undo = _undo()
        change.digest = digest_of({name: getattr(change, name) for name in CONTENT})
        change.save(force_insert=True)
        transaction.on_commit(tell_head)
    return change


def _wait_for_turn() -> None:
    """In SQLite, whoever has begun to write is alone already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _undo() -> list[list[Any]]:
    """How each row written is put back, in order: its table and key, and unless it was new, what it held."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Pending._meta.db_table} RETURNING id, place, old, new")  # noqa: S608
        rows = sorted(cursor.fetchall())
    return [put_back(place, *(_read(text) if text else None for text in (old, new))) for _, place, old, new in rows]


def put_back(place: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> list[Any]:
    """One row's entry: [table, key] if it was added, and with the old cells of it if it was changed or removed."""
    key = (old or new or {})[keys()[place]]
    if old is None:
        return [place, key]
    return [place, key, old if new is None else {name: cell for name, cell in old.items() if cell != new.get(name)}]


@cache
def keys() -> dict[str, str]:
    """The column that holds each table's key."""
    return {model._meta.db_table: model._meta.pk.column for model in tracked()}


def _read(text: str) -> dict[str, Any]:
    """A row as the database tells it: a decimal column to its last digit, numbers within JSON as they are."""
    row = json.loads(text, parse_float=Decimal)
    return {name: str(cell) if isinstance(cell, Decimal) else json.loads(json.dumps(cell, default=float))
            for name, cell in row.items()}  # fmt: skip


# The head


def head() -> Head:
    """The last row."""
    row = Change.objects.order_by("-id").values_list("id", "digest", "at").first()
    return Head(row[0], row[1], stamp(row[2])) if row else Head()


def head_file() -> Path:
    """Where the head is kept outside the database."""
    return Path(settings.WORKSPACE.folder) / "trail-head.json"


def export_file() -> Path:
    """Where the head that was last exported is kept."""
    return Path(settings.WORKSPACE.folder) / "trail-exported.json"


def tell_head() -> None:
    """Write the head down beside the database, again for as long as others move it meanwhile.

    Whoever writes last has looked afterwards, so the file is never left behind the table.
    """
    told = None
    while (now := head()) != told:
        _write(head_file(), now)
        told = now


def begin(**_: Any) -> None:
    """Keep the head of a trail that has just been made or chained."""
    if not head_file().exists() and Change._meta.db_table in connection.introspection.table_names():
        tell_head()


def tell_export() -> None:
    """Write down the head that leaves with an export."""
    _write(export_file(), head())


def _write(path: Path, now: Head) -> None:
    if not _is_of_workspace():
        return
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        beside.write_text(json.dumps({"row": now.row, "digest": now.digest, "at": now.at}) + "\n", "utf-8")
        beside.replace(path)
    except OSError as error:
        LOG.warning("The head of the trail could not be written to %s: %s", path, error.strerror)


def _is_of_workspace() -> bool:
    """Whether the database in use is the workspace's own, and not that of a test."""
    workspace, name = settings.WORKSPACE, str(connection.settings_dict["NAME"])
    return workspace.folder.is_dir() and (connection.vendor != "sqlite" or name == str(workspace.database))


def read_head(path: Path) -> Head | None:
    """What was written down there, if it can be read."""
    try:
        return Head(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def rows() -> Iterator[dict[str, Any]]:
    """Every row in order, as `chain` has them."""
    return Change.objects.order_by("id").values(*CONTENT, "digest").iterator(AT_ONCE)
