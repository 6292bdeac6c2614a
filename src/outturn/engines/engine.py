"""What every engine can do. The same SQL text runs on all of them; nothing above knows which one it is."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

Step = tuple[str, str]  # a relation's name and the select that makes it


class EngineUnavailable(Exception):
    """The engine cannot be used here. The message says what to install or start, and how."""


class Engine(Protocol):
    """A database for the length of one run. What is made in it is gone when it is closed."""

    name: str

    def load(self, name: str, files: Sequence[Path]) -> None:
        """A relation from Parquet files of one shape, such as the events of several councils."""

    def rows(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """A small relation from rows. `columns` gives each column's SQL type: VARCHAR, DATE, INTEGER or BIGINT."""

    def table(self, name: str, steps: Sequence[Step], select: str) -> None:
        """Make a relation from a select, and keep it: it is computed once however often it is read."""

    def query(self, steps: Sequence[Step], select: str) -> list[tuple[Any, ...]]:
        """The rows of a select that may read the steps, each of which may read those before it."""

    def drop(self, name: str) -> None:
        """Forget a relation, if it is there."""

    def close(self) -> None:
        """Leave nothing behind."""


def with_steps(steps: Sequence[Step], select: str) -> str:
    """Steps and a select as one statement."""
    if not steps:
        return select
    return "WITH\n" + ",\n".join(f"{name} AS (\n{text}\n)" for name, text in steps) + "\n" + select
