"""`outturn upgrade`: brings a workspace made by an older Outturn up to date, after copying its database."""

import argparse
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from outturn import __version__
from outturn.workspace import Refusal, Workspace

from .database import check_present, compare_migrations, migrate, start_django, telling_database
from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Copy, then migrate. A workspace that is up to date is left as it is."""
    from outturn import pipeline

    workspace: Workspace = chosen.workspace
    made_by = workspace.about()["outturn"]
    workspace.check_writable()
    start_django(workspace)
    with telling_database():
        check_present(workspace)
        unknown, missing = compare_migrations()
        if unknown:
            raise Refusal(
                f"The workspace {workspace.folder} was made by a newer Outturn ({made_by}; this is {__version__}). "
                "It cannot be taken back. Install that version or a later one."
            )
        backup = _copy(workspace, report) if missing and not chosen.no_backup else None
        if missing:
            with report.step("Bringing the tables up to date"):
                migrate()
    workspace.mark()
    pipeline.tell_comparators(workspace)
    report.say(f"The workspace {workspace.folder} is up to date.")
    report.give({"upgraded": bool(missing), "backup": str(backup) if backup else None})


def _copy(workspace: Workspace, report: Report) -> Path:
    from django.db import connection

    if connection.vendor != "sqlite":
        raise Refusal(
            "Outturn does not copy a PostgreSQL database. Make a copy with pg_dump, then run "
            "“outturn upgrade --no-backup” with the same --workspace."
        )
    workspace.backups.mkdir(exist_ok=True)
    copy = workspace.backups / f"outturn-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.sqlite3"
    copy.touch(mode=0o600)
    with (
        report.step(f"Copying the database to {copy}"),
        closing(sqlite3.connect(workspace.database)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    return copy
