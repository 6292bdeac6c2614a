"""The thread that checks what was sent, one file after another, by running `outturn submit` for each.

A job is claimed by an update that only one can win, and held by a sign of life every few seconds. A job whose holder
has fallen silent is anybody's again, so that neither a killed server nor a second one does harm: the command stores by
content, and storing the same file twice changes nothing.
"""

import json
import logging
import re
import secrets
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.db import close_old_connections, connection
from django.utils import timezone

from . import computing, uploads, worker
from .models import OPEN, Job

LOG = logging.getLogger(__name__)
WAKE = threading.Event()  # set when a job was added, so that it begins at once

PAUSE = 3.0  # seconds between two looks at the table; another server may have added a job
STEP = 0.2  # between two looks at the process
BEAT = 2.0  # between two signs of life
LEASE = 15.0  # of silence after which a job is given up by its holder
MOST_TRIES = 3  # a file that brings the server down must not do so for ever
KEPT_DAYS = 90  # that a finished job is listed
MOST_FAULTS, LONGEST_FAULT = 50, 1_000
MOST_READ = 1_000_000  # bytes of a command's answer

FRAME = re.compile(r'^ *File "([^"]*)", line (\d+), in (\w+)')
ERROR_NAME = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Refusal))(?::|$)")

NO_FIGURES = "The figures could not be worked out because of a fault in Outturn. Tell whoever runs it for you."

Command = Callable[..., list[str]]


class Stopped(Exception):
    """The runner is to end before its work is done."""


class Runner:
    """Takes the oldest waiting job, again and again, until stopped."""

    def __init__(
        self, command: Command = worker.submit_command, *, lease: float = LEASE, beat: float = BEAT,
        chores: Sequence[Callable[[], None]] = (),
    ) -> None:
        self.name = secrets.token_hex(8)
        self._command, self._lease, self._beat = command, lease, beat
        self._chores = chores  # looked at whenever there is nothing to check
        self._computed: object = None  # the stamp of what the figures were last worked out from
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="submissions", daemon=True)

    def start(self) -> None:
        """Begin in a thread."""
        self._thread.start()

    def stop(self, patience: float = 10) -> None:
        """End soon: a job that is running goes back to waiting."""
        self._stopped.set()
        WAKE.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _work(self) -> None:
        tidied = False
        while not self._stopped.is_set():
            WAKE.clear()
            busy = False
            try:
                close_old_connections()
                if not tidied:
                    tidy()
                    tidied = True
                busy = self.run_next()
                if not busy:
                    self._refresh()
                    for chore in self._chores:
                        chore()
            except Exception:  # a database that is away for a moment must not end the runner
                LOG.exception("The runner of submissions met a fault and goes on")
            if not busy:
                WAKE.wait(PAUSE)
        connection.close()

    def run_next(self) -> bool:
        """Run the oldest job that waits, if any. Says whether there was one."""
        self.release_silent()
        for pk in Job.objects.filter(state=Job.State.WAITING).order_by("id").values_list("id", flat=True)[:5]:
            if job := self.claim(pk):
                self._run(job)
                return True
        return False

    def _refresh(self) -> None:
        """Work out the figures that pages show, where anything has happened since."""
        stamp = computing.stamp()
        if stamp != self._computed:
            with suppress(Stopped):
                computing.refresh(self._measure)
                self._computed = stamp

    def _measure(self, wanted: computing.Wanted) -> list[str]:
        """Have another process work figures out; the reasons where it could not."""
        periods = [period.code for period in wanted.periods]
        command = worker.measure_command(wanted.area, wanted.codes, periods, wanted.as_of)
        with subprocess.Popen(  # noqa: S603
            command, env=worker.surroundings(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            printed = None
            while printed is None:
                with suppress(subprocess.TimeoutExpired):
                    printed, _ = process.communicate(timeout=STEP)
                if printed is None and self._stopped.is_set():
                    process.kill()
                    raise Stopped
        if process.returncode == 0:
            return []
        LOG.error("outturn measure for %s ended with %s", wanted.area, process.returncode)
        return list(worker.faults_of(worker.read_answer(printed))) or [NO_FIGURES]

    def claim(self, pk: int) -> Job | None:
        """Make a waiting job this runner's own, unless another was quicker."""
        waiting = Job.objects.filter(pk=pk, state=Job.State.WAITING)
        won = waiting.update(
            state=Job.State.RUNNING, runner=self.name, seen_alive=timezone.now(), percent=0, stage="Starting"
        )
        return Job.objects.get(pk=pk) if won else None

    def release_silent(self) -> None:
        """Set jobs waiting again whose holder gives no sign of life, or end those that were tried too often."""
        latest = timezone.now() - timedelta(seconds=self._lease)
        for job in Job.objects.filter(state=Job.State.RUNNING, seen_alive__lt=latest):
            held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, runner=job.runner, seen_alive__lt=latest)
            if job.tries + 1 < MOST_TRIES:
                held.update(state=Job.State.WAITING, runner="", percent=0, stage="", tries=job.tries + 1)
            else:
                words = f"The server stopped {MOST_TRIES} times while it checked this file, so it was not tried again."
                held.update(
                    state=Job.State.FAILED, runner="", ended_at=timezone.now(), tries=job.tries + 1,
                    result={"faults": [f"{words} Tell whoever runs Outturn for you, or try again."]},
                )

    def _run(self, job: Job) -> None:
        file = uploads.folder() / job.place
        if not file.is_file():
            self._end(job, Job.State.FAILED, {"faults": ["The file is no longer there. Send it again."]})
            return
        progress, printed, errors = (file.parent / f".{name}" for name in ("progress.json", "printed.json", "errors"))
        command = self._command(file, by=job.by, received=job.received, area=job.area, progress=progress)
        with printed.open("wb") as answer, errors.open("wb") as told:
            code = self._watch(job, command, progress, answer, told)
        if code is None:
            return
        self._conclude(job, code, read_printed(printed), errors)

    def _watch(
        self, job: Job, command: list[str], progress: Path, answer: IO[bytes], told: IO[bytes]
    ) -> int | None:
        """The command's exit code, or None where the job is no longer ours to end."""
        process = subprocess.Popen(  # noqa: S603
            command, env=worker.surroundings(), stdin=subprocess.DEVNULL, stdout=answer, stderr=told
        )
        last_beat = 0.0
        try:
            while process.poll() is None:
                if self._stopped.is_set():
                    self._held(job).update(state=Job.State.WAITING, runner="", percent=0, stage="")
                    return None
                if time.monotonic() - last_beat >= self._beat:
                    last_beat = time.monotonic()
                    if not self._held(job).update(seen_alive=timezone.now(), **read_progress(progress)):
                        return None  # silent for too long, as after a laptop's sleep: another has it now
                with suppress(subprocess.TimeoutExpired):
                    process.wait(STEP)
            return process.returncode
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _held(self, job: Job) -> Any:
        return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, runner=self.name)

    def _conclude(self, job: Job, code: int, answer: dict[str, Any], errors: Path) -> None:
        if code == 0 and (result := stored(answer)).get("id"):
            if job.tries:  # what was stored before is what this job's own first try stored
                result["status"] = "stored"
            self._end(job, Job.State.DONE, result)
        elif code == 1 and (faults := [words[:LONGEST_FAULT] for words in worker.faults_of(answer) if words]):
            more = max(0, len(faults) - MOST_FAULTS)
            self._end(job, Job.State.REFUSED, {"faults": faults[:MOST_FAULTS], "more": more})
        else:
            LOG.error("Job %s: outturn submit ended with %s. %s", job.pk, code, _where(errors))
            self._end(job, Job.State.FAILED, {"faults": [crash_words(code)]})

    def _end(self, job: Job, state: str, result: dict[str, Any]) -> None:
        ended = self._held(job).update(
            state=state, result=result, percent=100 if state == Job.State.DONE else job.percent, stage="",
            runner="", ended_at=timezone.now(),
        )
        if ended and state != Job.State.FAILED:  # a failed one may be tried again
            uploads.discard(job.place)


def stored(answer: dict[str, Any]) -> dict[str, Any]:
    """What is kept of the answer: which submission it became, and counts."""
    rows = answer.get("submissions")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    return {key: first[key] for key in ("id", "status", "rows", "set_aside") if isinstance(first.get(key), str | int)}


def read_printed(file: Path) -> dict[str, Any]:
    """The answer of `outturn submit --json`, of which a long one is read from its end.

    Every complaint stands in it, a million of them for a bad file of a large council, and none of them is needed here:
    what is needed comes after them. The server must not hold the rest.
    """
    size = file.stat().st_size
    if size <= MOST_READ:
        return worker.read_answer(file.read_bytes())
    with file.open("rb") as printed:
        printed.seek(size - MOST_READ)
        end = printed.read()
    place = end.rfind(b'"submissions": [')
    return worker.read_answer(b"{" + end[place:]) if place >= 0 else {}


def crash_words(code: int) -> str:
    """A sentence for a command that ended as none of ours should."""
    if code < 0:
        why = "The check was stopped by the computer, perhaps for want of memory."
    else:
        why = "The check stopped because of a fault in Outturn."
    return f"{why} Nothing was stored. Try again; if it happens again, tell whoever runs Outturn for you."


def read_progress(file: Path) -> dict[str, Any]:
    """How far the command says it is; nothing where it has not said so yet."""
    try:
        told = json.loads(file.read_text("utf-8"))
        return {"percent": max(0, min(100, int(float(told["done"]) * 100))), "stage": str(told["words"])[:100]}
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return {}


def _where(errors: Path) -> str:
    """The kind of error and the places of a traceback, without its words: they may quote a row."""
    try:
        lines = errors.read_text("utf-8", "replace").splitlines()[-60:]
    except OSError:
        return ""
    frames = [f"{match[1]}, line {match[2]}, in {match[3]}" for line in lines if (match := FRAME.match(line))]
    kind = ERROR_NAME.match(lines[-1]) if lines else None
    return "; ".join([*(frames[-3:]), kind[1] if kind else "unknown"])


def tidy() -> None:
    """Forget jobs that ended long ago, and remove uploads that no job needs."""
    long_ago = timezone.now() - timedelta(days=KEPT_DAYS)
    for job in Job.objects.exclude(state__in=OPEN).filter(ended_at__lt=long_ago):
        uploads.discard(job.place)
        job.delete()
    needed = Job.objects.filter(state__in=[*OPEN, Job.State.FAILED]).values_list("place", flat=True)
    uploads.clear_rubbish({Path(place).parts[0] for place in needed if place})
