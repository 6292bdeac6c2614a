"""How fast pages come while ten people ask at once, each for the next page as soon as the last has come.

    python benchmarks/pages.py --workspace DIR [--seconds 10] [--people 10] [/york/plans/2018-19/ …]

Without addresses it takes those that the front page and the councils' pages link to, one of each kind.
"""

import argparse
import http.client
import re
import threading
import time
from collections import Counter
from html import unescape
from pathlib import Path
from statistics import median, quantiles

from serving import free_port, memory_mb, served, start_server, wait_for

LINK = re.compile(r'href="(/[^"#?]*)"')


def main() -> None:
    """Measure each page, and print a row for it."""
    chosen = arguments()
    port = free_port()
    with served(start_server(chosen.workspace, port)) as server:
        wait_for(f"http://127.0.0.1:{port}/", server)
        paths = chosen.paths or find_paths(port)
        memory = memory_mb(server.pid)
        print(f"{chosen.people} people, {chosen.seconds:g} s a page")
        print(f"{'page':60} {'pages/s':>8} {'median ms':>10} {'95% ms':>8} {'KB':>6}  not 200")
        for path in paths:
            measure(port, path, chosen.people, chosen.seconds)
        after = memory_mb(server.pid)
        if memory and after:
            print(f"Memory of the server: {memory:.0f} MB before, {after:.0f} MB after.")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure pages of a served workspace.")
    parser.add_argument("--workspace", type=Path, default=Path("outturn-workspace"))
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("paths", nargs="*", help="addresses such as /york/")
    return parser.parse_args()


def find_paths(port: int) -> list[str]:
    """The first address of each kind that can be reached from the front page."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    found, waiting = {"/": "/"}, ["/"]
    while waiting:
        status, body = fetch(connection, waiting.pop(0))
        for link in LINK.findall(body.decode("utf-8", "replace")) if status == 200 else ():
            path = unescape(link)
            if kind(path) not in found and not path.startswith(("/static/", "/sign-")):
                found[kind(path)] = path
                if not path.endswith(".pdf"):
                    waiting.append(path)
    connection.close()
    return list(found.values())


def kind(path: str) -> str:
    """The shape of an address: names of pages stay, names of things go, as in */plans/*/actions/*."""
    parts = path.strip("/").split("/")
    return path if len(parts) == 1 else "/".join(part if index % 2 else "*" for index, part in enumerate(parts))


def measure(port: int, path: str, people: int, seconds: float) -> None:
    times: list[float] = []
    statuses: Counter[int] = Counter()
    sizes: list[int] = []
    until = time.perf_counter() + seconds

    def person() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < until:
            began = time.perf_counter()
            status, body = fetch(connection, path)
            times.append((time.perf_counter() - began) * 1000)  # appending is atomic
            statuses[status] += 1
            sizes.append(len(body))
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=person) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(times) / (time.perf_counter() - began)
    worst = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    wrong = sum(count for status, count in statuses.items() if status != 200)
    size = median(sizes) / 1024
    print(f"{path:60} {rate:8.1f} {median(times):10.1f} {worst:8.1f} {size:6.0f}  {wrong or ''}", flush=True)


def fetch(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read()


if __name__ == "__main__":
    main()
