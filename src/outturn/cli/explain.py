"""`outturn explain`: a measure's definition in plain English, with its sources."""

import argparse
import textwrap

from .report import Report

WIDTH = 100


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Say what a measure means and how it is worked out, step by step, under a method."""
    from outturn.explaining import explanation

    found = explanation(chosen.code, chosen.method, chosen.reading)
    for heading, lines in found.sections:
        report.say(f"\n{heading}" if heading else "")
        for line in lines:
            report.say(textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    "))
    report.give(found.as_data())
