"""`outturn retention`: how long personal data are kept, what is due to go, and its purge."""

import argparse

from .looking import note_deed
from .report import Report
from .submit import account_name


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Set the rule, say what it would purge, or purge it."""
    from outturn import pipeline

    chosen.workspace.about()
    by = chosen.by or account_name()
    if chosen.keep_months is not None:
        pipeline.set_retention(chosen.workspace, chosen.keep_months, by=by)
        note_deed(chosen, "changed", "retention", "cld", "How long submissions are kept", months=chosen.keep_months)
    months = pipeline.retention(chosen.workspace)
    report.say(
        f"Submissions are kept for {months} months after they were received." if months
        else "No rule is set: submissions are kept until you set one with --keep-months N."
    )  # fmt: skip
    due = pipeline.due_for_purge(chosen.workspace)
    for one in due:
        if chosen.purge:
            because = f"The retention rule: kept for {months} months"
            pipeline.purge(chosen.workspace, one, by=by, because=because)
            note_deed(chosen, "purged", "submission", one.id, one.file, because=because)
        report.say(f"{'Purged' if chosen.purge else 'Due'}: {one.file} ({one.id}), received {one.received:%Y-%m-%d}")
    if not due:
        report.say("Nothing is due.")
    elif not chosen.purge:
        report.say("Nothing was changed. --purge erases what is due, for good; only the audit row stays.")
    report.give({"months": months, "due": [one.id for one in due], "purged": [one.id for one in due if chosen.purge]})
