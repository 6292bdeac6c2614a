"""How long a made-up council takes, and how much memory: each size in a process of its own, as a person would run it.

    python benchmarks/synthesis.py [--folder DIR] [10000 100000 1000000]

A million people fill 4.5 GB of the folder (default: the system's temporary one), which is emptied after each size.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = """
import resource, sys
from pathlib import Path
from outturn.synthesis.council import synthesise
made = synthesise(Path(sys.argv[2]), people=int(sys.argv[1]), seed=1)
print(made.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    """Measure each size, and print a row for it."""
    chosen = argparse.ArgumentParser()
    chosen.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    chosen.add_argument("--folder", type=Path)
    arguments = chosen.parse_args()
    print(f"{'people':>10} {'rows':>11} {'MB':>7} {'seconds':>8} {'processor s':>12} {'memory MB':>10}")
    for people in arguments.sizes:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as place:
            measure(people, Path(place) / "council")


def measure(people: int, out: Path) -> None:
    before, began = _processor_seconds(), time.perf_counter()
    command = [sys.executable, "-c", PROGRAM, str(people), str(out)]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seconds, used = time.perf_counter() - began, _processor_seconds() - before
    rows, memory = map(int, ran.stdout.split())
    size = sum(file.stat().st_size for file in out.iterdir()) / 1e6
    print(f"{people:10,} {rows:11,} {size:7,.0f} {seconds:8.1f} {used:12.1f} {memory / 1000:10,.0f}", flush=True)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
