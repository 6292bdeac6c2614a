"""Checking and storing Client Level Data, against DuckDB's own copy of the same file to Parquet with the same types.

    python benchmarks/checking.py [--people 240000] [--runs 3] [--copies N]

Makes a council's last quarter (about 1.8 rows a person), measures DuckDB's copy and `outturn submit` in processes of
their own, and prints seconds, peak memory and their ratio. `--copies 24` repeats the rows into one file of 24 times the
size, with people and references of their own: from 240,000 people that is ten million rows.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal, name
from outturn.returns.cleaning import sql_type
from outturn.returns.layout import load_layout

COPY = """
import sys, duckdb
connection = duckdb.connect(config={"temp_directory": sys.argv[3]})
connection.execute(sys.argv[1])
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=240_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--copies", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="outturn-benchmark-") as place:
        folder = Path(place)
        make = ["synthesise", "--people", str(chosen.people), "--quarters", "1", "--out", str(folder / "made")]
        # In a process of its own: what this one holds would count as memory of those that it starts.
        subprocess.run([sys.executable, "-m", "outturn", *make, "--json"], check=True, capture_output=True)
        [made] = (folder / "made").glob("cld_*.csv")
        file = repeated(made, folder, chosen.copies)
        print(f"{file.stat().st_size / 1e6:,.0f} MB")
        theirs = measured("DuckDB's copy", chosen.runs, lambda number: copy_command(file, folder))
        ours = measured("outturn submit", chosen.runs, lambda number: submit_command(file, folder / f"w{number}"))
        print(f"ratio {ours / theirs:.1f}")


def repeated(file: Path, folder: Path, copies: int) -> Path:
    """The rows of a file several times over, each time about other people."""
    if copies == 1:
        return file
    out = folder / "repeated.csv"
    unlike = [name("LA Person Unique Identifier"), name("Event Reference")]
    changed = ", ".join(f"{column} || '-' || copy AS {column}" for column in unlike)
    with open_duckdb(folder, memory="3GB") as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(
            f"COPY (SELECT * EXCLUDE (copy) REPLACE ({changed}, NULL AS {name('NHS Number')}) FROM "
            f"read_csv({literal(file)}, all_varchar = true), range({copies}) AS copies(copy)) "
            f"TO {literal(out)} (HEADER)"
        )
    return out


def copy_command(file: Path, folder: Path) -> list[str]:
    """DuckDB alone, with the types that our cleaned columns have."""
    columns = ", ".join(f"{literal(field.header)}: '{sql_type(field)}'" for field in load_layout().fields)
    query = (
        f"COPY (FROM read_csv({literal(file)}, auto_detect = false, header = true, delim = ',', quote = '\"', "
        f"escape = '\"', columns = {{{columns}}})) TO {literal(folder / 'copy.parquet')} (FORMAT parquet)"
    )
    return [sys.executable, "-c", COPY, query, "", str(folder)]


def submit_command(file: Path, workspace: Path) -> list[str]:
    """The command as an analyst runs it, on a workspace that is there already."""
    workspace.mkdir(exist_ok=True)
    (workspace / "workspace.json").write_text(json.dumps({"outturn": "0"}))
    received = "2026-10-21"
    return [
        sys.executable, "-m", "outturn", "submit", "cld", str(file), "--brief", "--json", "--received", received,
        "--workspace", str(workspace),
    ]  # fmt: skip


def measured(what: str, runs: int, command: object) -> float:
    """The best time of some runs, in seconds, the whole process counted; prints each with its peak memory."""
    seconds = []
    for number in range(runs):
        arguments = command(number)  # type: ignore[operator]
        began = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - began)
        assert status == 0, what
        cpu = usage.ru_utime + usage.ru_stime
        print(f"{what}: {seconds[-1]:.2f} s, {usage.ru_maxrss / 1024:,.0f} MB, {cpu:.2f} s of CPU")
    return min(seconds)


if __name__ == "__main__":
    main()
