"""Every measure for a year: a council, and an England of 153 councils with 20 million submitted events.

    python benchmarks/measures.py [--councils 153] [--people 16200] [--keep FOLDER] [--whole-only]

First a council of 200,000 events in 12 submissions, then England: one made-up council of 8 submissions, stored once and
copied under other codes. Every figure is that of `outturn measure` in a process of its own, with its peak memory. Then
`measures_alone.py` (which needs pandas) sets each measure beside pandas and beside reading its columns.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal
from outturn.records.store import Records
from outturn.workspace import Workspace

FIRST_CODE = 300  # no council has three digits from here
YEAR = "2025-26"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--councils", type=int, default=153)
    parser.add_argument("--people", type=int, default=16_200)
    parser.add_argument("--keep", type=Path, help="make the workspaces in this folder, or use those that are there")
    parser.add_argument("--whole-only", action="store_true", help="leave out measures_alone.py")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outturn-benchmark-") as place:
        folder = chosen.keep or Path(place)
        council = stored(folder / "council", people=21_000, quarters=12)
        told("a council, from stored submissions", council, afresh=True)
        told("a council, from prepared tables", council)
        nation = folder / "england"
        if not nation.exists():
            england(stored(folder / "one", people=chosen.people, quarters=8), nation, chosen.councils)
        told(f"{chosen.councils} councils, from stored submissions", nation, afresh=True)
        told(f"{chosen.councils} councils, from prepared tables", nation)
        resubmitted(nation, folder / "one")
        told("one council's new submission, that council", nation, "--area", str(FIRST_CODE), keep_counts=True)
        told("all councils after it", nation, keep_counts=True)
        told("the same question again", nation, keep_counts=True)
        if not chosen.whole_only:
            script = Path(__file__).with_name("measures_alone.py")
            more = ["--from", folder / "one", "--keep", folder / "alone"]
            subprocess.run([sys.executable, script, *more], check=True)


def stored(folder: Path, *, people: int, quarters: int) -> Path:
    """A workspace with one council's submissions."""
    if folder.exists():
        return folder
    made = folder.with_suffix(".files")
    run("synthesise", "--people", str(people), "--quarters", str(quarters), "--out", str(made))
    run("submit", "cld", str(made), "--brief", "--workspace", str(folder))
    run("submit", "population", str(made / "population.csv"), "--workspace", str(folder))
    return folder


def england(one: Path, folder: Path, councils: int) -> None:
    """The submissions of one council, copied under as many codes, as one workspace."""
    source, workspace = Records(Workspace(one).records), Workspace(folder)
    folder.mkdir(parents=True)
    workspace.mark()
    with open_duckdb(folder / "spill") as connection:
        for number, submission in enumerate(source.submissions("cld")):
            for council in range(councils):
                sequence = number * councils + council + 1
                copy_under(connection, submission, workspace, str(FIRST_CODE + council), sequence)


def copy_under(connection, submission, workspace: Workspace, code: str, sequence: int) -> None:  # type: ignore[no-untyped-def]
    """One submission, as if another council had sent it."""
    name = f"{sequence:016x}"
    folder = workspace.records / "cld" / name
    folder.mkdir(parents=True)
    connection.execute(
        f"COPY (SELECT * REPLACE ({literal(code)} AS area, {literal(code)} AS la_code) "
        f"FROM read_parquet({literal(submission.rows_file)})) TO {literal(folder / 'rows.parquet')} (FORMAT parquet)"
    )
    (folder / "complaints.parquet").write_bytes(submission.complaints_file.read_bytes())
    (folder / "set-aside.jsonl").touch()
    [old] = submission.areas
    report = json.loads((submission.folder / "report.json").read_text("utf-8"))
    report["areas"] = {code: report["areas"][old]}
    for month in report["months"]:
        month["area"] = code
    (folder / "report.json").write_text(json.dumps(report), "utf-8")
    (folder / "months.json").write_text(json.dumps(report["months"]), "utf-8")
    manifest = {**submission.manifest, "id": name, "areas": {code: submission.areas[old]}, "sequence": sequence}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def resubmitted(nation: Path, one: Path) -> None:
    """The first council sends its last quarter once more, a day later."""
    workspace = Workspace(nation)
    last = Records(Workspace(one).records).submissions("cld")[-1]
    sequence = Records(workspace.records).submissions("cld")[-1].sequence + 1
    with open_duckdb(nation / "spill") as connection:
        copy_under(connection, last, workspace, str(FIRST_CODE), sequence)
    path = workspace.records / "cld" / f"{sequence:016x}" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**manifest, "received": manifest["received"].replace("T00", "T12")}), "utf-8")


def told(what: str, workspace: Path, *more: str, afresh: bool = False, keep_counts: bool = False) -> None:
    """Ask for every measure of a year, and print seconds, peak memory and how many figures came."""
    if afresh:
        shutil.rmtree(workspace / "records" / "prepared", ignore_errors=True)
    if not keep_counts:
        for path in workspace.glob("results.sqlite3*"):
            path.unlink()
    seconds, memory, answer = run("measure", "--year", YEAR, "--json", "--workspace", str(workspace), *more)
    print(f"{what}: {seconds:.2f} s, {memory:,.0f} MB, {len(json.loads(answer)):,} figures", flush=True)


def run(*arguments: str) -> tuple[float, float, str]:
    """A command's seconds, peak memory in MB, and answer."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([sys.executable, "-m", "outturn", *arguments], stdout=out, stderr=subprocess.PIPE)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        assert status == 0, process.stderr.read().decode()[-2000:] if process.stderr else ""
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, out.read().decode()


if __name__ == "__main__":
    main()
