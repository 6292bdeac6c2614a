"""The folder that holds one installation's data: how to know it, make it all or nothing, and what lies where in it."""

import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from . import __version__

DEFAULT = "outturn-workspace"


class Refusal(Exception):
    """Something we will not or cannot do. The message says what, where and what next."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace, made or not."""

    folder: Path

    @property
    def marker(self) -> Path:
        """The file that says this folder is ours, and which version made it."""
        return self.folder / "workspace.json"

    @property
    def database(self) -> Path:
        """The SQLite database; unused where OUTTURN_DATABASE names another."""
        return self.folder / "outturn.sqlite3"

    @property
    def definitions(self) -> Path:
        """The councils' own definition files, a folder each."""
        return self.folder / "definitions"

    @property
    def records(self) -> Path:
        """The submissions: files as received, their cleaned rows, and what is prepared from them."""
        return self.folder / "records"

    @property
    def results(self) -> Path:
        """The results that were told, and the counts they rest on."""
        return self.folder / "results.sqlite3"

    @property
    def lists(self) -> Path:
        """The installation's own additions to value lists, a folder for each return."""
        return self.folder / "lists"

    @property
    def backups(self) -> Path:
        """Copies of the database made before an upgrade."""
        return self.folder / "backups"

    @property
    def outbox(self) -> Path:
        """E-mail as files, where no mail server is set."""
        return self.folder / "outbox"

    @property
    def demo_account(self) -> Path:
        """The name and password of the example account."""
        return self.folder / "demo-account.txt"

    @property
    def secret_key(self) -> Path:
        """The key that signs sessions."""
        return self.folder / "secret-key"

    @property
    def exists(self) -> bool:
        """Whether something is there that we must not overwrite."""
        try:
            return self.folder.exists() and not (self.folder.is_dir() and not any(self.folder.iterdir()))
        except OSError as error:
            raise _cannot(f"The workspace {self.folder} cannot be opened", error) from error

    def about(self) -> dict[str, Any]:
        """What the marker says. Raises Refusal where the folder is missing or not ours."""
        if not self.exists:
            raise Refusal(
                f"There is no workspace at {self.folder}. Run “outturn demo” for an example, "
                "“outturn load FOLDER” to begin your own, or name another with --workspace."
            )
        if not self.marker.is_file():
            raise Refusal(
                f"{self.folder} is not an Outturn workspace: it has no workspace.json. "
                "Nothing was changed. Name another folder with --workspace."
            )
        try:
            about = json.loads(self.marker.read_text("utf-8"))
        except OSError as error:
            raise _cannot(f"{self.marker} cannot be read", error) from error
        except ValueError:
            about = None
        if not isinstance(about, dict) or "outturn" not in about:
            raise Refusal(f"{self.marker} is damaged. Put the file back from a backup of the workspace.")
        return about

    def check_writable(self) -> None:
        """Raise Refusal where we could not store a change."""
        probe = self.folder / f".probe-{secrets.token_hex(4)}"
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise _cannot(f"The workspace {self.folder} cannot be written to", error) from error

    def mark(self) -> None:
        """Write that this version made the workspace, keeping the date it was first made."""
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        if self.marker.is_file():
            made_at = self.about().get("made_at", made_at)
        text = json.dumps({"outturn": __version__, "made_at": made_at}, indent=2) + "\n"
        beside = self.marker.with_suffix(".new")
        beside.write_text(text, "utf-8")
        beside.replace(self.marker)

    @contextmanager
    def making(self) -> Iterator["Workspace"]:
        """A workspace to fill, beside this one, that takes its place when the block ends well and vanishes otherwise.

        What a killed run left behind is cleared away first.
        """
        beside = Workspace(self.folder.with_name(self.folder.name + ".unfinished"))
        with _lock(self.folder), _telling(self.folder):
            _refuse_existing(self)
            shutil.rmtree(beside.folder, ignore_errors=True)
            beside.folder.mkdir(parents=True)
            try:
                beside._begin()
                yield beside
                beside.mark()
                if self.folder.exists():
                    self.folder.rmdir()  # empty; Windows cannot rename on to it
                beside.folder.rename(self.folder)
            except BaseException:
                shutil.rmtree(beside.folder, ignore_errors=True)
                raise

    def _begin(self) -> None:
        self.definitions.mkdir()
        write_secret(self.secret_key, secrets.token_urlsafe(50))


def from_environment() -> Workspace:
    """The workspace that OUTTURN_WORKSPACE names, or the default one."""
    return Workspace(Path(os.environ.get("OUTTURN_WORKSPACE") or DEFAULT).absolute())


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first moment on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _refuse_existing(workspace: Workspace) -> None:
    if workspace.exists:
        workspace.about()  # refuses a folder that is not ours in its own words
        raise Refusal(f"{workspace.folder} is a workspace already. Name another folder with --workspace.")


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Turn a failure of the disk into a sentence."""
    try:
        yield
    except OSError as error:
        raise _cannot(f"A workspace cannot be made at {folder}", error) from error


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Let one process at a time make a workspace here."""
    path = folder.with_name(folder.name + ".lock")
    busy = f"Another run of Outturn is making {folder} at this moment. Wait until it has finished, then try again."
    with _telling(folder):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with locked(path, busy):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file; an empty file does no harm
                path.unlink()


@contextmanager
def locked(path: Path, busy: str, *, wait: float = 0) -> Iterator[None]:
    """Hold a lock file while the block runs. The system lets go when a process dies.

    Raises Refusal with the words `busy` where another process still holds it after `wait` seconds.
    """
    give_up = time.monotonic() + wait
    with path.open("a") as file:
        while True:
            try:
                _take(file)
                break
            except OSError as error:
                if time.monotonic() >= give_up:
                    raise Refusal(busy) from error
                time.sleep(0.05)
        yield


def _take(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _cannot(what: str, error: OSError) -> Refusal:
    reason = (error.strerror or str(error)).lower()
    return Refusal(f"{what}: {reason}. Change who may write there, or name another folder with --workspace.")
