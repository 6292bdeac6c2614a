"""`outturn worklist`: the rows of a submission that need work, for those who correct them."""

import argparse

from .looking import note_look
from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Show a page of the worklist, or write all of it as CSV or XLSX."""
    from outturn import pipeline

    chosen.workspace.about()
    submission = pipeline.find_submission(chosen.workspace, chosen.submission, pipeline.RETURNS)
    worklist = pipeline.worklist_of(chosen.workspace, submission).chosen(
        rule=chosen.rule, column=chosen.column, severity=chosen.severity
    )
    note_look(chosen, "submission", submission.id, submission.file, rule=chosen.rule, field=chosen.column)
    if chosen.out:
        written = worklist.write(chosen.out)
        report.say(f"{written:,} entries in {chosen.out}. It names people: keep it safe.")
        report.give({"total": written, "out": str(chosen.out)})
        return
    total = worklist.count()
    entries = list(worklist.entries(chosen.start, chosen.count))
    for one in entries:
        report.say(f"row {one.row or '-'}, {one.heading or 'whole file'}: {one.words} {one.do}")
    after = chosen.start + len(entries)
    report.say(f"{len(entries):,} of {total:,} shown; --from {after} goes on, --out FILE.xlsx writes all of them.")
    report.give({
        "total": total,
        "rows": [
            {
                "row": one.row, "heading": one.heading, "rule": one.rule, "severity": one.severity, "words": one.words,
                "do": one.do, "value": one.value, "event": one.event, "reference": one.reference, "person": one.person,
            }
            for one in entries
        ],
    })  # fmt: skip
