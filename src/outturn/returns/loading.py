"""Let DuckDB read regular text into Parquet, and prove that it read all of it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from outturn.engines import duck
from outturn.engines.sql import literal, name

from .headings import Header
from .records import LONGEST
from .sniffing import Sniffed
from .tidying import BLANKS, STAND_INS, Tidied

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def load_text(
    connection: "DuckDBPyConnection", file: Path, out: Path, header: Header, separator: str, sniffed: Sniffed
) -> bool:
    """Let DuckDB read every row of a regular file. False where it is not regular after all."""
    columns = {place: name(column) for place, column in zip(header.places, header.columns, strict=True)}
    beneath = [name(f"blank {place}") for place in header.blank_places]
    # A value under a blank heading makes the reading fail as a row of another length does.
    stray = f" WHERE coalesce({', '.join(beneath)}, NULL) IS NULL OR error('stray')" if beneath else ""
    every = [(columns.get(place, name(f"blank {place}")), "VARCHAR") for place in range(header.width)]
    # DuckDB guesses where rows begin when it starts in the middle of a file, and line breaks within quotation marks
    # fool it; when it does not, it silently drops a last row that it finds incomplete. So what it reads is trusted only
    # where it finds as many rows as counting quotation marks does.
    source = _read_csv(file, separator, every, has_header=True, in_parallel=not sniffed.has_line_breaks)
    try:
        rows = _copy(connection, f"SELECT {', '.join(columns.values())} FROM {source}{stray}", out)
    except duck.BadInput:
        return False
    return sniffed.rows == 1 + rows


def rows_as_read(connection: "DuckDBPyConnection", out: Path) -> str:
    """SQL for the rows in `out`: an INTEGER `row`, and a VARCHAR column for each heading.

    Numbering rows while they are read would keep DuckDB on one core, so `load_text` leaves that to their places in the
    file. Rows of blanks have their number and are left out here.
    """
    source = f"read_parquet({literal(str(out))})"
    columns = [column for column, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()]
    if "row" in columns:
        return source
    some = ", ".join(f"nullif(trim({name(column)}, {literal(BLANKS)}), '')" for column in columns)
    numbered = f"read_parquet({literal(str(out))}, file_row_number = true)"
    return (
        f'(SELECT (file_row_number + 2)::INTEGER AS "row", * EXCLUDE (file_row_number) FROM {numbered} '
        f"WHERE coalesce({some}, NULL) IS NOT NULL)"
    )


def load_tidied(connection: "DuckDBPyConnection", out: Path, header: Header, write: Callable[[Path], Tidied]) -> Tidied:
    """Write a regular CSV beside `out`, and let DuckDB read that."""
    regular = out.with_name(out.name + ".csv")
    try:
        tidied = write(regular)
        columns = [('"row"', "INTEGER"), *((name(column), "VARCHAR") for column in header.columns)]
        selected = ['"row"', *(_with_line_breaks(column, tidied) for column in header.columns)]
        _copy(
            connection, f"SELECT {', '.join(selected)} FROM {_read_csv(regular, ',', columns, has_header=False)}", out
        )
    finally:
        regular.unlink(missing_ok=True)
    return tidied


def _with_line_breaks(column: str, tidied: Tidied) -> str:
    if not tidied.has_line_breaks:
        return name(column)
    return f"translate({name(column)}, {literal(''.join(STAND_INS.values()))}, chr(10) || chr(13)) AS {name(column)}"


def _read_csv(
    file: Path, separator: str, columns: Sequence[tuple[str, str]], *, has_header: bool, in_parallel: bool = True
) -> str:
    longest = LONGEST if has_header else 8 * LONGEST  # what tidying let pass may be longer as UTF-8
    struct = ", ".join(f"{column}: '{sql_type}'" for column, sql_type in columns)
    return (
        f"read_csv({literal(str(file))}, auto_detect=false, columns={{{struct}}}, delim={literal(separator)}, "
        f"quote='\"', escape='\"', header={str(has_header).lower()}, strict_mode=true, nullstr=['', 'NULL'], "
        f"parallel={str(in_parallel).lower()}, max_line_size={longest}, buffer_size={32 * LONGEST})"
    )


def _copy(connection: "DuckDBPyConnection", query: str, out: Path) -> int:
    # Small row groups: DuckDB holds one of each thread in memory, and 50 columns of text are wide.
    copy = f"COPY ({query}) TO {literal(str(out))} (FORMAT parquet, ROW_GROUP_SIZE 20480, WRITE_BLOOM_FILTER false)"
    found = connection.execute(copy).fetchone()
    return int(found[0]) if found else 0
