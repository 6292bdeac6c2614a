"""DuckDB, opened the one way we use it: as a connection, or as the engine that measures run on.

Nothing else imports duckdb, and this does so only when asked.

`EngineError` is DuckDB's own base error, `BadInput` its complaint about text it was told to read.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .engine import Step, with_steps
from .sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_ERRORS = {"EngineError": "Error", "BadInput": "InvalidInputException"}


def __getattr__(name: str) -> Any:
    if name not in _ERRORS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import duckdb

    return getattr(duckdb, _ERRORS[name])


def open_duckdb(spill: Path, *, memory: str = "700MB", threads: int | None = None) -> "DuckDBPyConnection":
    """An in-memory database that writes to the folder `spill` what does not fit in `memory` (DuckDB's words: "2GB").

    Rows keep their order, and DuckDB fetches no extensions.
    """
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(spill),
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        settings["threads"] = threads
    return duckdb.connect(":memory:", config=settings)


@cache
def engine_version() -> str:
    """DuckDB's version, for what depends on it. Does not load it."""
    return version("duckdb")


class DuckEngine:
    """The engine that needs nothing installed. Spills to the folder `spill`, which it removes in the end."""

    name = "duckdb"

    def __init__(self, spill: Path, *, memory: str = "2GB", threads: int | None = None) -> None:
        self.spill = spill
        self.connection = open_duckdb(spill, memory=memory, threads=threads)
        self.connection.execute("SET preserve_insertion_order = false")
        self.connection.execute("CREATE TEMP MACRO days_between(earlier, later) AS date_diff('day', earlier, later)")

    def __enter__(self) -> "DuckEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, name: str, files: Sequence[Path]) -> None:
        """A relation from Parquet files of one shape."""
        found = ", ".join(literal(file) for file in files)
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{found}])")

    def rows(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """A small relation from rows."""
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
        )
        found = [list(row) for row in rows]
        if found:
            self.connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", found)

    def table(self, name: str, steps: Sequence[Step], select: str) -> None:
        """Make a relation and keep it."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {with_steps(steps, select)}")

    def query(self, steps: Sequence[Step], select: str) -> list[tuple[Any, ...]]:
        """The rows of a select that may read the steps."""
        return self.connection.execute(with_steps(steps, select)).fetchall()

    def drop(self, name: str) -> None:
        """Forget a relation."""
        for kind in ("VIEW", "TABLE"):
            try:
                self.connection.execute(f"DROP {kind} IF EXISTS {name}")
            except _error("CatalogException"):
                continue  # it is of the other kind

    def close(self) -> None:
        """Close, and remove what was spilled."""
        self.connection.close()
        shutil.rmtree(self.spill, ignore_errors=True)


def _error(name: str) -> type[Exception]:
    import duckdb

    found: type[Exception] = getattr(duckdb, name)
    return found
