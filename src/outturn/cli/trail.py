"""`outturn trail`: verifies that nobody altered the trail of changes, and writes it to a file."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outturn.workspace import Refusal

from .database import open_workspace, telling_database
from .report import Report
from .submit import account_name

if TYPE_CHECKING:
    from outturn.site.trail.chain import Head

BROKEN = 1


def run(chosen: argparse.Namespace, report: Report) -> int:
    """Export the trail, or verify it or a file that it was exported to."""
    open_workspace(chosen.workspace)
    with telling_database():
        return _export(chosen, report) if chosen.what == "export" else _verify(chosen, report)


def _export(chosen: argparse.Namespace, report: Report) -> int:
    from outturn.site.trail import files, keeping

    if not chosen.file:
        raise Refusal("Name the file to write: outturn trail export trail.jsonl, or trail.csv for a spreadsheet.")
    form = chosen.file.suffix.casefold().removeprefix(".")
    if form not in files.WRITERS:
        raise Refusal(f"{chosen.file} is neither .csv nor .jsonl. Name it trail.csv or trail.jsonl.")
    write, _ = files.WRITERS[form]
    try:
        with chosen.file.open("w", encoding="utf-8", newline="") as file:
            files.note_export(by=chosen.by or account_name(), council="", form=form)
            file.writelines(write(keeping.rows()))
    except OSError as error:
        raise Refusal(f"{chosen.file} cannot be written: {error.strerror}. Name another file.") from error
    head = keeping.head()
    report.say(f"{head.row:,} rows in {chosen.file}. To print in a committee pack:")
    _say_head(head, report)
    return 0


def _verify(chosen: argparse.Namespace, report: Report) -> int:
    from outturn.site.trail import files, keeping
    from outturn.site.trail.chain import Broken

    wanted = chosen.head or ""
    try:
        if chosen.file:
            last, met = _followed(_read(chosen.file, files), [], wanted)
        else:
            last, met = _followed(keeping.rows(), _outside(), wanted)
        if wanted and not met:
            raise Broken(last, f"no row of the trail has the digest {wanted}. It was printed from another trail.")
    except Broken as broken:
        words = f"The trail is broken. {broken}"
        file = str(chosen.file) if chosen.file else None
        report.refuse([{"file": file, "line": None, "row": broken.row, "words": words}], words)
        return BROKEN
    report.say(f"Every one of {last.row:,} rows is as it was written.")
    _say_head(last, report)
    return 0


def _outside() -> "list[Head]":
    """The heads kept outside the database. Raises Broken where the database is not guarded, or its head is gone."""
    from outturn.site.trail import keeping, triggers
    from outturn.site.trail.chain import Broken

    now = keeping.head()
    if gone := triggers.missing():
        raise Broken(now, f"the database no longer refuses to alter it: {', '.join(gone)} was taken away.")
    kept = keeping.read_head(keeping.head_file())
    if now.row and kept is None:
        words = (
            f"{keeping.head_file()} is missing or damaged, so rows taken away at the end would not be seen. Compare "
            "with the head in the last committee pack: outturn trail verify --head DIGEST"
        )
        raise Broken(now, words)
    return [head for head in (kept, keeping.read_head(keeping.export_file())) if head and head.row]


def _followed(rows: Any, outside: "list[Head]", wanted: str) -> "tuple[Head, bool]":
    """The head, and whether the one that was asked for was met on the way."""
    from outturn.site.trail.chain import Head, follow

    last, met = Head(), False
    for last in follow(rows, outside):
        met = met or (bool(wanted) and last.is_called(wanted))
    return last, met


def _read(path: Path, files: Any) -> Iterator[dict[str, Any]]:
    try:
        yield from files.read(path)
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(f"{path} is not an exported trail: {error}.") from error


def _say_head(head: "Head", report: Report) -> None:
    report.say(head.words)
    report.give({"rows": head.row, "head": head.digest, "words": head.words})
