"""`outturn serve`: the site on an existing workspace."""

import argparse
import errno
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from outturn.workspace import Refusal

from .report import Report

LOCAL = ("127.0.0.1", "localhost", "::1")
THREADS = 3  # one core does the work: more threads only wait for each other (benchmarks/README.md)


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Serve until stopped."""
    check_port(chosen.host, chosen.port)
    from .database import open_workspace

    open_workspace(chosen.workspace)
    server = _server(chosen.host, chosen.port)
    address = _address(chosen.host, server.effective_port)
    if not os.environ.get("OUTTURN_ALLOWED_HOSTS"):  # nobody reaches it but from here
        os.environ.setdefault("OUTTURN_ADDRESS", address)
    report.say(f"Outturn is at {address} (stop with Ctrl+C).")
    _say_who_can_reach(chosen.host, report)
    report.give({"address": address, "workspace": str(chosen.workspace.folder)})
    with _checking_submissions():
        server.run()


@contextmanager
def _checking_submissions() -> Iterator[None]:
    """Check what is sent to the site, and send notices, in a thread of its own, for as long as the site is served."""
    from outturn.site.notices.sending import Daily
    from outturn.site.submissions.runner import Runner

    runner = Runner(chores=[Daily().look_in])
    runner.start()
    try:
        yield
    finally:
        runner.stop()


def serve_anew(chosen: argparse.Namespace) -> None:
    """Serve in a new process: this one's Django belongs to the folder that a workspace was made in."""
    command = [
        sys.executable, "-m", "outturn", "serve", "--workspace", str(chosen.workspace.folder),
        "--host", chosen.host, "--port", str(chosen.port), *(["--json"] if chosen.json else []),
    ]
    sys.stdout.flush()
    if sys.platform == "win32":  # its exec returns to the prompt while the site still runs
        raise SystemExit(subprocess.call(command))  # noqa: S603
    os.execv(sys.executable, command)  # noqa: S606


def check_port(host: str, port: int) -> None:
    """Raise Refusal where we could not listen, before any longer work begins."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # elsewhere this would allow a port in use
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise _refusal(host, port, error) from error


def _server(host: str, port: int) -> Any:
    from waitress import create_server

    from outturn.site import settings
    from outturn.site.submissions import receiving, uploads
    from outturn.site.wsgi import application

    tempfile.tempdir = str(uploads.folder())  # where a request is kept as it comes in: /tmp may be small, or memory
    try:
        server = create_server(
            application, host=host, port=port, threads=THREADS, ident=None,
            max_request_body_size=receiving.LARGEST_REQUEST, url_scheme="https" if settings.HTTPS else "http",
        )
    except OSError as error:
        raise _refusal(host, port, error) from error
    receiving.prepare(server)
    return server


def _refusal(host: str, port: int, error: OSError) -> Refusal:
    another = f"Try another: --port {port + 1 if 1024 <= port < 65535 else 8001}"
    if error.errno == errno.EADDRINUSE:
        return Refusal(f"Port {port} on {host} is in use by another program, perhaps another Outturn. {another}")
    if error.errno == errno.EACCES:
        return Refusal(f"You may not listen on port {port}. {another}")
    return Refusal(f"Outturn cannot listen on {host}, port {port}: {error.strerror or error}. Check --host.")


def _address(host: str, port: int) -> str:
    name = {"0.0.0.0": "localhost", "::": "localhost", "::1": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://{name}:{port}/"


def _say_who_can_reach(host: str, report: Report) -> None:
    if host not in LOCAL and not os.environ.get("OUTTURN_ALLOWED_HOSTS"):
        report.say(
            "Other computers are refused until OUTTURN_ALLOWED_HOSTS names the addresses people will type, "
            "such as OUTTURN_ALLOWED_HOSTS=outturn.example.gov.uk"
        )
