"""Writes into the trail what a command showed or did to records. Counts and choices, and never whom a list names."""

import argparse
import os
from typing import Any

from .database import open_workspace, telling_database
from .submit import account_name

BY_SITE = "OUTTURN_ASKED_BY_SITE"
"""Set where the site runs the command for somebody, and writes down the look itself."""


def note_look(chosen: argparse.Namespace, kind: str, subject: str, title: str, **facts: Any) -> None:
    """A list of people, before it is shown."""
    note_deed(chosen, "downloaded" if getattr(chosen, "out", None) else "seen", kind, subject, title, **facts)


def note_deed(
    chosen: argparse.Namespace, verb: str, kind: str, subject: str, title: str, because: str = "", **facts: Any
) -> None:
    """Something done. A workspace without a database, such as one of records only, has no trail."""
    workspace = chosen.workspace
    if os.environ.get(BY_SITE) or not (os.environ.get("OUTTURN_DATABASE") or workspace.database.is_file()):
        return
    open_workspace(workspace)
    with telling_database():
        from outturn.site.trail.actions import note_change

        note_change(
            by=(getattr(chosen, "by", None) or account_name())[:150], verb=verb, council="return:cld", kind=kind,
            subject=subject[:200], title=title, reason=because,
            after={name: fact for name, fact in facts.items() if fact},
        )  # fmt: skip
