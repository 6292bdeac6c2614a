"""`outturn rehearse`: whether the checks report every planted fault, and nothing else."""

import argparse
from typing import TYPE_CHECKING, Any

from .report import Report
from .synthesise import saying

if TYPE_CHECKING:
    from outturn.synthesis.rehearsal import Fault, Rehearsal

SHOWN = 20  # faults listed to people; all are in the JSON


def run(chosen: argparse.Namespace, report: Report) -> int:
    """Make up a council, check it, compare. 1 where the checks fell short."""
    from outturn.synthesis.rehearsal import rehearse

    outcome = rehearse(
        people=chosen.people, seed=chosen.seed, faults=chosen.faults, quarters=chosen.quarters, progress=saying(report)
    )
    _say(outcome, report)
    report.give(_as_json(outcome))
    return int(not outcome.is_perfect)


def _say(outcome: "Rehearsal", report: Report) -> None:
    report.say(f"{'rule':40} {'planted':>8} {'reported':>9} {'missed':>7} {'not planted':>12}")
    for rule in outcome.rules:
        report.say(f"{rule.rule:40} {rule.planted:8,} {rule.reported:9,} {rule.missed:7,} {rule.extra:12,}")
    for title, faults in (("Planted and not reported", outcome.missed), ("Reported and not planted", outcome.extra)):
        for fault in faults[:SHOWN]:
            report.say(f"{title}: {_words(fault)}")
        if len(faults) > SHOWN:
            report.say(f"{title}: {len(faults) - SHOWN:,} more; --json lists them all.")
    if outcome.planted and outcome.never_planted:
        rules = ", ".join(outcome.never_planted)
        report.say(f"Rules that had no fault this time: {rules}. Ask for more people, or more with --faults.")
    reported = outcome.planted - len(outcome.missed)
    report.say(
        f"{outcome.planted:,} faults planted in {outcome.rows:,} rows: {reported:,} reported, "
        f"{len(outcome.missed):,} missed; {len(outcome.extra):,} complaints of what was not planted."
    )


def _words(fault: "Fault") -> str:
    file, row, heading, rule = fault
    return f"{file}, {f'row {row}' if row else 'the whole file'}{f', “{heading}”' if heading else ''}: {rule}"


def _as_json(outcome: "Rehearsal") -> dict[str, Any]:
    return {
        "perfect": outcome.is_perfect, "rows": outcome.rows, "planted": outcome.planted,
        "rules": [
            {
                "rule": rule.rule, "planted": rule.planted, "reported": rule.reported, "missed": rule.missed,
                "extra": rule.extra,
            }
            for rule in outcome.rules
        ],
        "missed": [_fault(fault) for fault in outcome.missed], "extra": [_fault(fault) for fault in outcome.extra],
        "never_planted": list(outcome.never_planted), "faults": [],
    }  # fmt: skip


def _fault(fault: "Fault") -> dict[str, str | int | None]:
    return dict(zip(("file", "row", "column", "rule"), fault, strict=True))
