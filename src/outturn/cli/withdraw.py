"""`outturn withdraw`: take a submission out of every figure, and keep it."""

import argparse

from .looking import note_deed
from .report import Report
from .submit import account_name


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Withdraw one submission with its reason."""
    from outturn import pipeline

    chosen.workspace.about()
    submission = pipeline.find_submission(chosen.workspace, chosen.submission, pipeline.RETURNS)
    pipeline.withdraw(chosen.workspace, submission, by=chosen.by or account_name(), because=chosen.because)
    note_deed(chosen, "withdrawn", "submission", submission.id, submission.file, because=chosen.because)
    report.say(f"{submission.file} ({submission.id}) is withdrawn: figures no longer use it. The file is kept.")
    report.give({"withdrawn": submission.id, "because": chosen.because})
