"""A served workspace for the benchmarks, as a person would have it: `outturn serve` in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

OUTTURN = [sys.executable, "-m", "outturn"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(workspace: Path, port: int) -> subprocess.Popen:
    command = [*OUTTURN, "serve", "--workspace", str(workspace), "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


@contextmanager
def served(server: subprocess.Popen) -> Iterator[subprocess.Popen]:
    """The server, stopped at the end."""
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, server: subprocess.Popen, seconds: float = 20) -> None:
    """Return when the address answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urlopen(address).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{address} does not answer.")


def memory_mb(process: int) -> float | None:
    """Resident memory of a process, where the system or psutil tells."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
    except (OSError, StopIteration):
        pass
    try:
        import psutil
    except ImportError:
        return None
    return psutil.Process(process).memory_info().rss / 1024 / 1024
