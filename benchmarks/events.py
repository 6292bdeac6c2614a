"""Joined events of twelve quarterly submissions: made the first time, after one more submission, and asked for again.

    python benchmarks/events.py [--people 60000]

About 1.8 rows a person and submission.
"""

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

from outturn import pipeline
from outturn.records.events import prepare
from outturn.records.methods import method
from outturn.records.store import Records
from outturn.synthesis.council import synthesise
from outturn.workspace import Workspace

AREAS = ("950", "951")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outturn-benchmark-") as place:
        workspace = Workspace(Path(place) / "workspace")
        workspace.folder.mkdir()
        workspace.mark()
        waiting = []
        for area in AREAS:
            made = synthesise(Path(place) / area, people=chosen.people, seed=1, quarters=12, area=area)
            *first, last = pipeline.dated_files([made.folder], None)
            store(workspace, first)
            waiting.append(last)
        made_again(workspace, "the first time, eleven submissions")
        store(workspace, waiting[:1])
        made_again(workspace, "after the twelfth of council 950")
        made_again(workspace, "asked for again")


def store(workspace: Workspace, files: list[tuple[Path, object]]) -> None:
    """Check and store files."""
    for file, received in files:
        with pipeline.submitted(workspace, file, received=received, by="benchmark") as outcome:  # type: ignore[arg-type]
            assert outcome.submission, outcome.reasons


def made_again(workspace: Workspace, when: str) -> None:
    """Prepare both councils' events and print how long it took and how much was made."""
    records = Records(workspace.records)
    for area in AREAS:
        began = time.perf_counter()
        found = prepare(
            records.submissions("cld"), area, method("DHSC-2526"), as_of=date(2026, 11, 25),
            store=records.prepared / "cld",
        )  # fmt: skip
        seconds = time.perf_counter() - began
        print(f"{when}: council {area} in {seconds:.2f} s; {found.built} pieces made, {found.reused} kept")


if __name__ == "__main__":
    main()
