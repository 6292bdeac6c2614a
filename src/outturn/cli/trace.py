"""`outturn trace`: why one row of a file is, or is not, among the events that figures are made from."""

import argparse
from datetime import datetime

from outturn.workspace import Refusal

from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Walk the road from file to events for one row, and say at every step what became of it."""
    from outturn import pipeline
    from outturn.records.methods import UnknownMethod, method
    from outturn.records.store import Records
    from outturn.records.trace import trace_row

    chosen.workspace.about()
    try:
        way = method(chosen.method, chosen.reading)
    except UnknownMethod as error:
        raise Refusal(str(error)) from error
    as_of = chosen.as_of or datetime.now().date()  # noqa: DTZ005 (the day here, as for `received`)
    found = trace_row(
        Records(chosen.workspace.records), chosen.row, way, as_of=as_of,
        layout=pipeline.layout(chosen.workspace), rules=pipeline.rules(chosen.workspace),
    )  # fmt: skip
    for step in found.steps:
        report.say(f"{step.step + ':':<12} {step.words}")
    report.give(found.as_data())
