"""PostgreSQL 14 or later as the engine that measures run on. All it makes is temporary and goes with the connection.

Parquet is read by DuckDB and copied over, so the server needs no access to our files, and we no right but to make
temporary tables. Steps become tables of their own with statistics: without them the planner takes a step for a handful
of rows, and joins in nested loops that last for minutes.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .duck import open_duckdb
from .engine import EngineUnavailable, Step
from .sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OLDEST = 14  # the first whose server stops a query when its client has gone
TYPES = {"VARCHAR": 'text COLLATE "C"', "DOUBLE": "double precision", "UBIGINT": "numeric(20)", "TINYINT": "smallint"}
SETTINGS = {
    "search_path": "pg_temp, pg_catalog",  # a relation that is missing must not be found among the council's own
    "client_connection_check_interval": "2s",  # a query ends soon after the program that asked for it
    "temp_buffers": "128MB",
    "work_mem": "128MB",
    "jit": "off",
    "client_min_messages": "error",
}
DAYS_BETWEEN = (
    "CREATE FUNCTION pg_temp.days_between(earlier date, later date) RETURNS integer "
    "LANGUAGE sql IMMUTABLE AS 'SELECT later - earlier'"
)
FUNCTION = re.compile(r"(?<![.\w])days_between\s*\(")
AT_ONCE = 20_000  # rows copied in one go


class PostgresEngine:
    """A connection to a PostgreSQL database, by an address such as postgresql://user:password@host:5432/name.

    No query lasts longer than `longest`; after that, and on an interruption, the server stops it too. Raises
    EngineUnavailable where there is no such server, and TimeoutError.
    """

    name = "postgres"

    def __init__(self, address: str, *, longest: timedelta = timedelta(hours=2)) -> None:
        try:
            import psycopg
        except ImportError:
            raise EngineUnavailable("PostgreSQL needs its driver. Run: pip install 'outturn[postgres]'") from None
        self.longest = longest
        try:
            self.connection = psycopg.connect(
                address, autocommit=True, prepare_threshold=None, application_name="outturn", connect_timeout=10
            )
        except psycopg.Error as error:
            raise EngineUnavailable(
                f"PostgreSQL at {_without_password(address)} cannot be used: {str(error).strip()}\n"
                "Check that it is running, and that the address is written postgresql://user:password@host:5432/name."
            ) from None
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        if self.connection.info.server_version < OLDEST * 10_000:
            raise EngineUnavailable(f"PostgreSQL {OLDEST} or later is needed. Ask for a newer server.")
        settings = {**SETTINGS, "statement_timeout": f"{int(self.longest.total_seconds() * 1000)}"}
        for setting, value in settings.items():
            self.connection.execute("SELECT set_config(%s, %s, false)", (setting, value))
        self._do(DAYS_BETWEEN)

    def __enter__(self) -> "PostgresEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load(self, name: str, files: Sequence[Path]) -> None:
        """A relation from Parquet files of one shape."""
        found = f"read_parquet([{', '.join(literal(file) for file in files)}])"
        with tempfile.TemporaryDirectory() as spill, open_duckdb(Path(spill)) as reader:
            columns = {
                str(column): str(kind) for column, kind, *_ in reader.execute(f"DESCRIBE FROM {found}").fetchall()
            }
            self._make(name, columns)
            with self.connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN".encode()) as copy:
                for lines in _lines(reader, found, columns):
                    copy.write(lines)
        self._do(f"ANALYZE {name}")

    def rows(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """A small relation from rows."""
        self._make(name, columns)
        with self.connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
        self._do(f"ANALYZE {name}")

    def table(self, name: str, steps: Sequence[Step], select: str) -> None:
        """Make a relation and keep it."""
        with self._stepped(steps):
            self._table(name, select)

    def query(self, steps: Sequence[Step], select: str) -> list[tuple[Any, ...]]:
        """The rows of a select that may read the steps."""
        with self._stepped(steps):
            return [tuple(map(_plain, row)) for row in self._do(select, fetch=True)]

    def drop(self, name: str) -> None:
        """Forget a relation."""
        self._do(f"DROP TABLE IF EXISTS pg_temp.{name}")

    def close(self) -> None:
        """Leave nothing behind, from this moment: the server itself clears up only some time after we have gone."""
        import psycopg

        with suppress(psycopg.Error):  # a broken connection has nothing to discard
            self.connection.execute("DISCARD TEMP")
        self.connection.close()

    @contextmanager
    def _stepped(self, steps: Sequence[Step]) -> Iterator[None]:
        """The steps as tables for the time being."""
        try:
            for name, select in steps:
                self._table(name, select)
            yield
        finally:
            if not self.connection.closed:
                for name, _ in steps:
                    self.drop(name)

    def _table(self, name: str, select: str) -> None:
        self.drop(name)
        self._do(f"CREATE TEMPORARY TABLE {name} AS\n{select}")
        self._do(f"ANALYZE {name}")

    def _make(self, name: str, columns: Mapping[str, str]) -> None:
        self.drop(name)
        made = ", ".join(f"{column} {TYPES.get(kind, kind)}" for column, kind in columns.items())
        self._do(f"CREATE TEMPORARY TABLE {name} ({made})")

    def _do(self, sql: str, *, fetch: bool = False) -> list[tuple[Any, ...]]:
        from psycopg.errors import QueryCanceled

        text = FUNCTION.sub("pg_temp.days_between(", sql)  # a temporary function is found by its full name only
        try:
            cursor = self.connection.execute(text.encode())
        except QueryCanceled as error:
            raise TimeoutError(
                f"PostgreSQL stopped a query: {str(error).strip()}. The longest that one may last is {self.longest}."
            ) from None
        return cursor.fetchall() if fetch else []


def _lines(reader: "DuckDBPyConnection", found: str, columns: Mapping[str, str]) -> Iterator[bytes]:
    """Rows as PostgreSQL's COPY takes them: cells between tabs, \\N for NULL."""
    cells = ", ".join(f"coalesce({_cell(column, kind)}, '\\N')" for column, kind in columns.items())
    rows = reader.execute(f"SELECT concat_ws(chr(9), {cells}) FROM {found}")
    while some := rows.fetchmany(AT_ONCE):
        yield "".join(f"{line}\n" for (line,) in some).encode()


def _cell(column: str, kind: str) -> str:
    text = f"CAST({column} AS VARCHAR)"
    if kind == "VARCHAR":
        for found, written in ((r"'\'", r"'\\'"), ("chr(9)", r"'\t'"), ("chr(10)", r"'\n'"), ("chr(13)", r"'\r'")):
            text = f"replace({text}, {found}, {written})"
    return text


def _plain(cell: Any) -> Any:
    """A whole number as int: sums of bigint come as Decimal."""
    from decimal import Decimal

    return int(cell) if isinstance(cell, Decimal) and cell == cell.to_integral_value() else cell


def _without_password(address: str) -> str:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(address)
    except ProgrammingError:
        return "that address"
    return f"{parts.get('host', 'this machine')}/{parts.get('dbname', '')}"
