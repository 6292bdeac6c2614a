"""`outturn synthesise`: the returns of a made-up council, written to a folder."""

import argparse
import time
from collections.abc import Callable

from .report import Report

EVERY = 2.0  # seconds between two lines of progress


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Write the files and say what was made."""
    from outturn.synthesis.council import synthesise

    began = time.perf_counter()
    made = synthesise(
        chosen.out, people=chosen.people, seed=chosen.seed, quarters=chosen.quarters, faults=chosen.faults,
        area=chosen.area, progress=saying(report),
    )  # fmt: skip
    for file in made.files:
        report.say(f"{file.file}  {file.rows:>12,} rows, Release {file.release}, received {file.received}")
    faults = f", with {made.faults:,} planted faults listed in faults.csv" if chosen.faults else ""
    report.say(
        f"{made.people:,} people who never lived, in {made.rows:,} rows of {len(made.files)} submissions{faults}: "
        f"{made.folder} ({time.perf_counter() - began:.1f} s)."
    )
    report.give(
        {
            "folder": str(made.folder), "area": made.area, "people": made.people, "seed": made.seed,
            "rows": made.rows, "planted": made.faults,
            "files": [
                {"file": file.file, "received": str(file.received), "rows": file.rows, "release": file.release}
                for file in made.files
            ],
            "faults": [],
        }
    )  # fmt: skip


def saying(report: Report) -> Callable[[str, float], None]:
    """Progress as a line now and then."""
    last = time.monotonic()

    def progress(words: str, share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            report.say(f"{share:4.0%}  {words}")
            last = time.monotonic()

    return progress
