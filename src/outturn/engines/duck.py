"""DuckDB, opened the one way we use it. Nothing else imports duckdb, and this does so only when asked.

`EngineError` is DuckDB's own base error, `BadInput` its complaint about text it was told to read.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
