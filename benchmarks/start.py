"""How long the first minutes take: help, building the example workspace, and from `serve` to the first page.

    python benchmarks/start.py [RUNS]
"""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from serving import OUTTURN, free_port, served, start_server


def main(runs: int = 5) -> None:
    """Print the median of some runs of each, in seconds."""
    print(f"{'What':44} {'median s':>9} {'worst s':>9}   ({runs} runs)")
    show("outturn --help", [timed_help() for _ in range(runs)])
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / str(number) for number in range(runs)]
        show("outturn demo --no-serve, nothing there yet", [timed_demo(place) for place in places])
        show("outturn demo --no-serve, there already", [timed_demo(places[0]) for _ in range(runs)])
        show("outturn serve, to the first page", [timed_serve(places[0]) for _ in range(runs)])


def show(what: str, seconds: list[float]) -> None:
    print(f"{what:44} {median(seconds):9.2f} {max(seconds):9.2f}", flush=True)


def timed_help() -> float:
    began = time.perf_counter()
    subprocess.run([*OUTTURN, "--help"], check=True, capture_output=True)
    return time.perf_counter() - began


def timed_demo(place: Path) -> float:
    began = time.perf_counter()
    subprocess.run([*OUTTURN, "demo", "--no-serve", "--workspace", str(place)], check=True, capture_output=True)
    return time.perf_counter() - began


def timed_serve(place: Path) -> float:
    port = free_port()
    began = time.perf_counter()
    with served(start_server(place, port)):
        while not answers(f"http://127.0.0.1:{port}/"):
            time.sleep(0.005)
        return time.perf_counter() - began


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address) as page:
            return page.status == 200
    except urllib.error.HTTPError:
        raise
    except OSError:
        return False


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
