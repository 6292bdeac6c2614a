"""`outturn trace`: why one row of a file is, or is not, among the events that figures are made from."""

import argparse

from .looking import note_look
from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Walk the road from file to events for one row, and say at every step what became of it."""
    from outturn import pipeline

    chosen.workspace.about()
    found = pipeline.trace(
        chosen.workspace, chosen.row, method_name=chosen.method, reading=chosen.reading, as_of=chosen.as_of
    )
    file, _, row = chosen.row.rpartition(":")
    note_look(chosen, "submission", file, file, row=row)
    for step in found.steps:
        report.say(f"{step.step + ':':<12} {step.words}")
    report.give(found.as_data())
