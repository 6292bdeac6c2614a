"""`outturn cohort`: the cases behind a figure. It names people, and each look is written down."""

import argparse
import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from outturn.workspace import Refusal

from .asking import question
from .looking import note_look
from .report import Report
from .submit import account_name

SHOWN = 20
STANDINGS: dict[str, Callable[[dict[str, Any]], bool]] = {  # what --only takes
    "counted": lambda row: bool(row["counted"]),
    "not-counted": lambda row: bool(row["included"] and not row["counted"]),
    "left-out": lambda row: not row["included"] and not row["counted"],
}


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Show the first units behind a measure's figures, or write all of them as CSV."""
    from outturn import measuring

    chosen.workspace.about()
    rows = measuring.cohort(chosen.workspace, question(chosen, [chosen.code]), by=chosen.by or account_name())
    total = len(rows)
    if chosen.person:
        rows = [row for row in rows if row["person"] in (chosen.person, f"{row['la_code']}_{chosen.person.upper()}")]
    if chosen.part:
        rows = [row for row in rows if row["part"] == chosen.part]
    if chosen.only:
        rows = [row for row in rows if STANDINGS[chosen.only](row)]
    code = chosen.code.upper()
    note_look(chosen, "cases", code, f"Cases behind {code}", rows=len(rows), one_person=bool(chosen.person))
    if chosen.out:
        write_rows(chosen.out, [{"measure": code, **row} for row in rows])
        report.say(f"{len(rows):,} cases in {chosen.out}. It names people: keep it safe.")
        report.give({"total": total, "shown": len(rows), "out": str(chosen.out)})
        return
    page = rows[chosen.start : chosen.start + chosen.count]
    for row in page:
        what = "counted" if row["counted"] else "in the denominator" if row["included"] else "not in it"
        when = " to ".join(str(day) for day in (row["start_date"], row["end_date"]) if day)
        part = f" {row['part']}" if row["part"] else ""
        report.say(f"{row['person']}{part}  {when}  {what}: {row['step']}")
    report.say(f"{len(page):,} of {len(rows):,} shown; --out FILE.csv writes all of them.")
    report.give({"total": total, "shown": len(rows), "rows": [_plain(row) for row in page]})


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    """Rows as CSV that a spreadsheet opens safely. Raises Refusal where the file cannot be written."""
    from outturn.returns.worklist import harmless

    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(rows[0] if rows else ["no cases"])
            writer.writerows([harmless(cell) for cell in row.values()] for row in rows)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}. Name another file.") from error


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(cell) if isinstance(cell, date) else cell for name, cell in row.items()}
