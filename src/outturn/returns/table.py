"""Small returns: a table of a few columns, read as any return is, every cell typed and every fault told.

What is kept lies under the names that Client Level Data use: rows, complaints, rows set aside, and a report of totals.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal, name

from .checking import COMPLAINTS, REPORT, ROWS, SET_ASIDE, Checked, Progress, write_set_aside
from .layout import heading_key
from .reading import Reading, read_return, rows_as_read
from .refusals import UnreadableFile, counted, listed
from .tidying import BLANKS
from .worklist import Entry, own_engine, write_entries

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BLANK, UNREADABLE = "blank", "unreadable"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` is SQL that makes the typed value of `{text}`, or NULL where it is not what it `should` be.

    A file must have a `needed` column, and each row a value in a `filled` one. `also`: other headings.
    """

    name: str
    heading: str
    should: str
    value: str = "{text}"
    also: tuple[str, ...] = ()
    needed: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What may be wrong with a row of readable cells: SQL about the typed columns, and what to say of it."""

    id: str
    column: str
    condition: str
    words: str
    do: str


@dataclass(frozen=True, slots=True)
class Table:
    """A small return. `rows` is SQL for what is stored of each typed row; `area` the column that names the council.

    `is_strict`: a file with any fault is refused. `one_of`: of these columns a file must have one. `figures`: columns
    that the report gives of every row, in a return that names nobody.
    """

    name: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    area: str
    rows: str = "*"
    is_strict: bool = False
    one_of: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()

    def heading_of(self, heading: str) -> str | None:
        """Our heading for a heading as received."""
        key = heading_key(heading)
        for column in self.columns:
            if key in map(heading_key, (column.heading, *column.also)):
                return column.heading
        return None

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def words(self, rule: str, column: Column) -> tuple[str, str]:
        """What is wrong where a rule complains of a column, and what to do."""
        if rule == BLANK:
            return f"{column.heading} is blank.", f"Give {column.should}."
        if rule == UNREADABLE:
            do = "Correct it." if column.filled else "Correct it, or leave it blank."
            return f"{column.heading} is not {column.should}.", do
        check = next(check for check in self.checks if check.id == rule)
        return check.words, check.do


@dataclass(frozen=True)
class TableWorklist:
    """The complaints of one checked file, in the order of the rows. Of the rows' values it shows none."""

    complaints: Path
    table: Table
    rule: str | None = None
    column: str | None = None
    severity: str | None = None

    def chosen(self, *, rule: str | None, column: str | None, severity: str | None) -> "TableWorklist":
        """As `Worklist.chosen`. Every complaint of a small return is an error."""
        return replace(self, rule=rule, column=column, severity=severity)

    def count(self) -> int:
        """How many complaints were chosen."""
        return len(self._chosen())

    def entries(self, start: int = 0, count: int | None = None) -> Iterator[Entry]:
        """Complaints from the `start`th on, `count` of them or all."""
        for row, rule, of in self._chosen()[start : None if count is None else start + count]:
            column = self.table.column(of)
            words, do = self.table.words(rule, column)
            yield Entry(row, column.heading, rule, "error", words, do, "", "", "", "")

    def write(self, out: Path) -> int:
        """As `Worklist.write`."""
        return write_entries(self.entries(), out)

    def _chosen(self) -> list[tuple[int, str, str]]:
        if self.severity not in (None, "error"):
            return []
        with own_engine() as connection:
            found: list[tuple[int, str, str]] = connection.execute(
                f'SELECT "row", rule, "column" FROM read_parquet({literal(self.complaints)}) ORDER BY ALL'
            ).fetchall()
        return [one for one in found if self.rule in (None, one[1]) and self.column in (None, one[2])]


def check_table(table: Table, file: Path, folder: Path, *, progress: Progress = lambda share, words: None) -> Checked:
    """Read and check `file`, leaving rows, complaints, rows set aside and report in `folder`, which must exist.

    Raises UnreadableFile with every reason, in a strict table with every fault.
    """
    raw = folder / "raw.parquet"
    with open_duckdb(folder) as connection:
        progress(0.0, "Reading")
        reading = read_return(
            file, table.heading_of, connection, raw, essential={one.heading for one in table.columns if one.needed},
            progress=lambda share: progress(0.7 * share, "Reading"),
        )  # fmt: skip
        _refuse_without(table, reading)
        progress(0.7, "Checking")
        _type(connection, table, reading, raw)
        connection.execute(f"COPY (SELECT {table.rows} FROM typed) TO {literal(folder / ROWS)} (FORMAT parquet)")
        complaints = " UNION ALL ".join(_complaints(table))
        connection.execute(
            f"COPY (SELECT * FROM ({complaints}) ORDER BY ALL) TO {literal(folder / COMPLAINTS)} (FORMAT parquet)"
        )
        if table.is_strict:
            _refuse_faulty(table, reading, folder)
        report = _report(connection, table, reading, folder)
    raw.unlink()
    write_set_aside(reading, folder / SET_ASIDE)
    (folder / REPORT).write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")
    return Checked(folder, reading, report)


def stored_rows(table: Table, file: Path, spill: Path, where: str = "TRUE") -> list[dict[str, Any]]:
    """The typed rows of a checked file, each with its number as `row`; those that `where`, SQL about columns, takes.

    A column that a file was stored without, by an Outturn that did not keep it, is None.
    """
    names = ["row", *(column.name for column in table.columns)]
    with open_duckdb(spill) as connection:
        stored = f"read_parquet({literal(file)})"
        there = {column for column, *_ in connection.execute(f"DESCRIBE SELECT * FROM {stored}").fetchall()}
        columns = ", ".join(f'"{name}"' if name in there else f'NULL AS "{name}"' for name in names)
        rows = connection.execute(f'SELECT {columns} FROM {stored} WHERE {where} ORDER BY "row"').fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _type(connection: "DuckDBPyConnection", table: Table, reading: Reading, raw: Path) -> None:
    """A table `typed`: of each column its text as `NAME_text` and its value as `NAME`."""
    texts, values = [], []
    for column in table.columns:
        received = name(column.heading) if column.heading in reading.columns else "CAST(NULL AS VARCHAR)"
        texts.append(f"nullif(trim({received}, {literal(BLANKS)}), '') AS {column.name}_text")
        values.append(f"{column.value.replace('{text}', f'{column.name}_text')} AS {column.name}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE typed AS SELECT *, {', '.join(values)} "
        f'FROM (SELECT "row", {", ".join(texts)} FROM {rows_as_read(connection, raw)})'
    )


def _complaints(table: Table) -> Iterator[str]:
    """Queries that give row, rule and column of every fault."""
    for column in table.columns:
        about = f'{literal(column.name)} AS "column" FROM typed WHERE {column.name}_text'
        yield f'SELECT "row", {literal(UNREADABLE)} AS rule, {about} IS NOT NULL AND {column.name} IS NULL'
        if column.filled:
            yield f'SELECT "row", {literal(BLANK)}, {about} IS NULL'
    for check in table.checks:
        yield (
            f'SELECT "row", {literal(check.id)}, {literal(check.column)} '
            f"FROM (SELECT *, {check.condition} AS is_wrong FROM typed) WHERE is_wrong"
        )


def _refuse_without(table: Table, reading: Reading) -> None:
    headings = [table.column(one).heading for one in table.one_of]
    if headings and not set(headings) & set(reading.columns):
        either = " or ".join(f"“{heading}”" for heading in headings)
        raise UnreadableFile([f"No column is headed {either}, and one of them is needed. Add it and submit again."])


def _refuse_faulty(table: Table, reading: Reading, folder: Path) -> None:
    reasons = [f"Row {row.row}: {row.why}" for row in reading.set_aside]
    reasons += [f"Row {one.row}: {one.words} {one.do}" for one in TableWorklist(folder / COMPLAINTS, table).entries()]
    if reasons:
        raise UnreadableFile(reasons)


def _report(connection: "DuckDBPyConnection", table: Table, reading: Reading, folder: Path) -> dict[str, Any]:
    found = connection.execute(
        f'SELECT rule, "column", count(*) FROM read_parquet({literal(folder / COMPLAINTS)}) '
        "GROUP BY ALL ORDER BY 3 DESC, 1, 2"
    ).fetchall()
    figures = connection.execute(f"SELECT {', '.join(table.figures)} FROM typed").fetchall() if table.figures else []
    return {
        "rows": reading.rows,
        "set_aside": len(reading.set_aside),
        "areas": dict(
            connection.execute(
                f"SELECT coalesce({table.area}, ''), count(*) FROM typed GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000"
            ).fetchall()
        ),
        "notes": [*reading.notes, *_passed_over(reading.unknown)],
        "figures": [dict(zip(table.figures, row, strict=True)) for row in figures],
        "rules": [
            {
                "rule": rule, "column": column, "severity": "error", "rows": count,
                "words": table.words(rule, table.column(column))[0],
            }
            for rule, column, count in found
        ],
    }  # fmt: skip


def _passed_over(unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield f"{counted(len(unknown), 'column')} of other headings passed over: {listed(unknown)}."
