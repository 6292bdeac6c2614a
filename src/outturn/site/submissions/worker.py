"""Runs Outturn's own commands as other processes: the database of rows is never opened in the one that serves pages.

Whatever a command prints beyond its JSON is dropped, since a traceback may quote a row.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

RETURN = "cld"
PATIENCE = 120  # seconds for a page of the worklist or a withdrawal
LONG_PATIENCE = 900  # for a whole worklist as a file


class CommandFailed(Exception):
    """A command did not do its work. The message is a sentence for the page."""


def submit_command(file: Path, *, by: str, received: str, area: str, progress: Path) -> list[str]:
    """The command that checks and stores a file, telling how far it is in another."""
    options = [f"--by={by}", f"--received={received}", f"--progress-file={progress}"]
    return command("submit", RETURN, str(file), "--json", "--brief", *options, *([f"--area={area}"] if area else []))


def measure_command(area: str, codes: Sequence[str], periods: Sequence[str], as_of: date | None = None) -> list[str]:
    """The command that works figures out, as known now or on a day, and keeps them for pages to read."""
    known = [f"--as-of={as_of}"] if as_of else []
    asked = [f"--area={area}", *known, *(f"--period={period}" for period in periods)]
    return command("measure", *codes, "--json", *asked)


def command(name: str, *arguments: str) -> list[str]:
    """One of Outturn's commands on this workspace."""
    return [sys.executable, "-m", "outturn", name, *arguments, "--workspace", str(settings.WORKSPACE.folder)]


def surroundings() -> dict[str, str]:
    """This process's environment; a command writes UTF-8 whatever the machine's own choice is.

    It leaves writing down who looked at what to the page that runs it.
    """
    return {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1", "OUTTURN_ASKED_BY_SITE": "1"}


def worklist_page(
    submission: str, *, rule: str = "", column: str = "", severity: str = "", start: int = 0, count: int = 50
) -> dict[str, Any]:
    """`total` and `rows` of the worklist, of which `start` are passed over. The rows hold people's own values."""
    answer = _run(
        "worklist", submission, "--json", "--from", str(start), "--count", str(count),
        *_narrowed(rule, column, severity), patience=PATIENCE,
    )
    if not isinstance(answer.get("rows"), list) or not isinstance(answer.get("total"), int):
        raise CommandFailed("The list could not be read. Tell whoever runs Outturn for you the time and the address.")
    return answer


def write_worklist(submission: str, file: Path) -> None:
    """The whole worklist as the file's ending says, CSV or XLSX."""
    _run("worklist", submission, "--json", "--out", str(file), patience=LONG_PATIENCE)
    if not file.is_file():
        raise CommandFailed("The list was not written. Try again in a minute.")


def cases_page(
    area: str, code: str, period: str, *, part: str = "", only: str = "", by: str, start: int = 0, count: int = 50
) -> dict[str, Any]:
    """`shown` (how many there are) and `rows` of the cases behind a figure, of which `start` are passed over."""
    answer = _run(
        "cohort", code, "--json", "--from", str(start), "--count", str(count),
        *_cases(area, period, part, only, by), patience=PATIENCE,
    )
    if not isinstance(answer.get("rows"), list) or not isinstance(answer.get("shown"), int):
        raise CommandFailed("The list could not be read. Tell whoever runs Outturn for you the time and the address.")
    return answer


def write_cases(
    area: str, code: str, period: str, file: Path, *, part: str = "", only: str = "", by: str
) -> int:
    """All of the cases as CSV; how many they are."""
    answer = _run("cohort", code, "--json", f"--out={file}", *_cases(area, period, part, only, by),
                  patience=LONG_PATIENCE)  # fmt: skip
    if not file.is_file():
        raise CommandFailed("The list was not written. Try again in a minute.")
    return int(answer.get("shown") or 0)


def _cases(area: str, period: str, part: str, only: str, by: str) -> list[str]:
    narrowed = {"--part": part, "--only": only}
    chosen = [f"{name}={value}" for name, value in narrowed.items() if value]
    return [f"--area={area}", f"--period={period}", f"--by={by}", *chosen]


def withdraw(submission: str, *, because: str, by: str) -> None:
    """Say that a submission is not to be used."""
    # "=" keeps a reason that begins with a dash from being read as an option
    _run("withdraw", submission, "--json", f"--because={because}", f"--by={by}", patience=PATIENCE)


def _narrowed(rule: str, column: str, severity: str) -> list[str]:
    chosen = {"--rule": rule, "--column": column, "--severity": severity}
    return [f"{name}={value}" for name, value in chosen.items() if value]


def _run(name: str, *arguments: str, patience: int) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603
            command(name, *arguments), env=surroundings(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, timeout=patience, check=False,
        )
    except subprocess.TimeoutExpired:
        raise CommandFailed(f"This took longer than {patience} seconds and was stopped. Try again later.") from None
    answer = read_answer(done.stdout)
    if done.returncode != 0:
        raise CommandFailed(" ".join(faults_of(answer)) or "Outturn could not do that. Try again in a minute.")
    return answer


def read_answer(text: bytes) -> dict[str, Any]:
    """The JSON object that a command printed, or an empty one."""
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def faults_of(answer: dict[str, Any]) -> Sequence[str]:
    """The sentences of a refusal."""
    faults = answer.get("faults")
    rows = faults if isinstance(faults, list) else []
    return [str(row.get("words", "")) if isinstance(row, dict) else str(row) for row in rows]
