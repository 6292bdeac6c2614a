"""`outturn measure`: figures from the stored records, with what they rest on."""

import argparse
from itertools import groupby
from typing import Any

from .asking import question
from .report import Report


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Work out every measure asked for, and say each figure in a line."""
    from outturn import measuring, questions

    chosen.workspace.about()
    said: set[str] = set()

    def progress(share: float, words: str) -> None:
        if words.split()[0] not in said and not report.as_json:
            said.add(words.split()[0])
            report.say(f"{words} …")

    results = measuring.measured(chosen.workspace, question(chosen, chosen.codes), progress)
    report.give([one.as_data() for one in results])
    if report.as_json:
        return
    for (measure, part), found in groupby(results, key=lambda one: (one.measure, one.part)):
        about = questions.find_measure(measure)
        title = about.parts.get(part, "") if part else about.title
        report.say(f"\n{measure}{f' {part}' if part else ''}: {title}")
        for one in found:
            report.say(f"  {_line(one)}")


def _line(one: Any) -> str:
    whom = ", ".join(one.breakdown.values()) or "total"
    if one.value is None:
        told = [one.because, *(one.notes if one.flags else ())]  # of a published absence also who published it
        return f"{one.area}  {one.period}  {whom}: none ({one.state}). {' '.join(told)}"
    parts = one.unit in ("%", "per 100,000")
    behind = f" ({one.numerator:,} of {one.denominator:,})" if parts and one.denominator else ""
    unit = "" if one.unit == "number" else f" {one.unit}"
    year_end = [] if one.year_end is None else [f"{one.year_end:,} by 31 March at this rate"]
    more = [*year_end, *one.flags, *(f"{number:,} {words}" for words, number in one.side_counts.items()), *one.notes]
    return f"{one.area}  {one.period}  {whom}: {one.value:,}{unit}{behind}{'; ' + '; '.join(more) if more else ''}"
