"""Which engine: by the name that people type."""

import difflib
from pathlib import Path

from .duck import DuckEngine
from .engine import Engine, EngineUnavailable
from .postgres import PostgresEngine
from .spark import SparkEngine

ENGINES = ("duckdb", "postgres", "spark")


def open_engine(name: str, address: str | None, spill: Path) -> Engine:
    """An engine, to be closed when done. `address` is that of a PostgreSQL database or a Spark; DuckDB needs none.

    Only DuckDB writes to the folder `spill`. Raises EngineUnavailable.
    """
    if name == "duckdb":
        return DuckEngine(spill)
    if name == "spark":
        return SparkEngine(address) if address else SparkEngine()
    if name == "postgres":
        if not address:
            raise EngineUnavailable(
                "PostgreSQL needs the address of a database, such as postgresql://user:password@host:5432/name."
            )
        return PostgresEngine(address)
    near = difflib.get_close_matches(name, ENGINES, 1)
    advice = f"Did you mean {near[0]}? " if near else ""
    raise EngineUnavailable(f"There is no engine {name}. {advice}The engines are {', '.join(ENGINES)}.")
