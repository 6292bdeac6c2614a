"""From text as received to typed values, with the text kept beside: one Parquet file in, one out.

For each field of the layout the result holds three columns at most:

* `name`: the value, typed. A date that is none, and a number that is none, is NULL; a coded value that is in no list is
  `Invalid and not mapped`. Coded values are in Release 2 wording.
* `name_raw`: the text as received, NULL where it is just what the value prints as. So a cell was blank where both are
  NULL, and held an unreadable date or number where only `name` is.
* `name_how`: for coded fields, how the wording was recognised (see `layout.classify`).

Beside the fields stand `row` (as a spreadsheet numbers it) and `area`, the council whose row it is.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from outturn.engines.sql import literal

from .layout import INVALID, Field, Layout, classify
from .loading import rows_as_read

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BLANKS = literal(" \t\r\n\u00a0")  # what counts as white space round a value
MOST_WORDINGS = 2_000  # distinct texts of one coded field that are looked up
DATE_FORMATS = (
    "%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y", "%d %b %Y", "%d-%b-%Y", "%d.%m.%Y",
)  # fmt: skip
FIRST_DATE, LAST_DATE = "DATE '1753-01-01'", "DATE '2199-12-31'"
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # Excel's day numbers for October 1954 and January 2119


def clean(connection: "DuckDBPyConnection", raw: Path, out: Path, layout: Layout, area: str | None) -> None:
    """Clean the rows of `raw` (column `row`, and a VARCHAR column for each field that the file has) into `out`.

    `area` is the council of rows that name none; without it they take the code that the file names most.
    """
    connection.execute(f"CREATE OR REPLACE VIEW received_texts AS FROM read_parquet({literal(raw)})")
    columns = {name for name, *_ in connection.execute("DESCRIBE received_texts").fetchall()}
    typed = [field for field in layout.fields if field.name in columns and field.type != "list"]
    selected = ['"row"', f"{_area(connection, columns, area)} AS area"]
    for field in layout.fields:
        if field.name not in columns:
            selected += _absent(field)
        elif field.type == "list":
            selected += _coded(connection, field, layout)
        else:
            selected += _typed(field)
    # One step upon another: within one, DuckDB would work out a text again wherever it stands, and a value twice.
    texts = "".join(f", {_text(field.name)} AS {field.name}_text" for field in typed)
    values = "".join(f", {cleaned(field, f'{field.name}_text')} AS {field.name}_value" for field in typed)
    trimmed = f"SELECT *{texts} FROM {rows_as_read(connection, raw)} AS r"
    query = f"SELECT {', '.join(selected)} FROM (SELECT *{values} FROM ({trimmed}) AS r) AS r"
    connection.execute("SET preserve_insertion_order = false")  # rows have their number; in any order two cores write
    connection.execute(f"COPY ({query}) TO {literal(out)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
    connection.execute("SET preserve_insertion_order = true")


SQL_TYPES = {"date": "DATE", "integer": "INTEGER", "decimal": "DECIMAL(18,2)"}


def sql_type(field: Field) -> str:
    """The type of a field's cleaned column."""
    return SQL_TYPES.get(field.type, "VARCHAR")


def cleaned(field: Field, text: str) -> str:
    """SQL that reads a trimmed text as the field's type; NULL where it is not of that type."""
    return as_type(field.type, text)


def as_type(kind: str, text: str) -> str:
    """The same for a type by name: date, decimal, integer, nhs number, postcode, gp code; any other is text."""
    plain_number = f"replace(replace({text}, '£', ''), ',', '')"
    digits = f"replace(replace({text}, ' ', ''), '-', '')"
    squeezed = f"replace(upper({text}), ' ', '')"
    return {
        "date": _date(text),
        "decimal": f"TRY_CAST({plain_number} AS DECIMAL(18,2))",
        "integer": f"CASE WHEN TRY_CAST({plain_number} AS DECIMAL(18,2)) = TRY_CAST({plain_number} AS INTEGER) "
        f"THEN TRY_CAST({plain_number} AS INTEGER) END",
        "nhs number": f"CASE WHEN {is_nhs_number(digits)} THEN {digits} END",
        "postcode": f"CASE WHEN length({squeezed}) BETWEEN 5 AND 7 "
        f"THEN left({squeezed}, -3) || ' ' || right({squeezed}, 3) ELSE upper({text}) END",
        "gp code": f"upper({text})",
    }.get(kind, text)


def is_nhs_number(digits: str) -> str:
    """SQL that says whether a text is ten digits whose last is right by the NHS number's modulus 11."""
    # Digit k counts 11 - k times, and is the first k digits as a number, less ten times the first k - 1. So the first k
    # digits count 11 - k - 10 * (10 - k) = 9 * k - 89 times, which divided by 11 leaves as much as 9 * k - 1.
    number = f"TRY_CAST({digits} AS BIGINT)"
    total = " + ".join(f"{9 * k - 1} * ({number} // {10 ** (10 - k)})" for k in range(1, 10))
    # A remainder of 1 would need the digit 10: no such number is issued, and no single digit can meet the condition.
    return f"(regexp_full_match({digits}, '[0-9]{{10}}') AND ({total} + {number}) % 11 = 0)"


def _date(text: str) -> str:
    formats = ", ".join(literal(form) for form in DATE_FORMATS)
    serial = f"TRY_CAST({text} AS DECIMAL(18,6))"
    written = f"CAST(try_strptime({text}, [{formats}]) AS DATE)"
    plain = f"TRY_CAST({text} AS DATE)"  # much quicker, and takes more than we do: so the date has to print as the text
    return (
        f"CASE WHEN {plain} BETWEEN {FIRST_DATE} AND {LAST_DATE} AND CAST({plain} AS VARCHAR) = {text} THEN {plain} "
        f"WHEN {serial} BETWEEN {FIRST_SERIAL} AND {LAST_SERIAL} "
        f"THEN DATE '1899-12-30' + CAST(floor({serial}) AS INTEGER) "
        f"WHEN {written} BETWEEN {FIRST_DATE} AND {LAST_DATE} THEN {written} END"
    )


def _typed(field: Field) -> list[str]:
    name, text, value = field.name, f"{field.name}_text", f"{field.name}_value"
    return [
        f"{value} AS {name}",
        f"CASE WHEN {text} IS NOT NULL AND r.{name} IS DISTINCT FROM CAST({value} AS VARCHAR) THEN r.{name} END "
        f"AS {name}_raw",
    ]


def _coded(connection: "DuckDBPyConnection", field: Field, layout: Layout) -> list[str]:
    """Value and kind are looked up by position in a list of all texts that occur, and given as ENUMs.

    DuckDB then looks each distinct text up once, and writes it several times faster than texts joined row by row.
    """
    values = layout.lists[field.list or ""]
    texts = [
        text
        for (text,) in connection.execute(
            f"SELECT DISTINCT {field.name} FROM received_texts WHERE trim({field.name}, {BLANKS}) <> '' "
            f"ORDER BY 1 LIMIT {MOST_WORDINGS + 1}"
        ).fetchall()
    ]
    known = [(text, *classify(values, text)) for text in texts[:MOST_WORDINGS]]
    place = f"list_position({_list(text for text, _, _ in known)}, r.{field.name})"
    value = f"list_extract({_list((words or '' for _, words, _ in known), as_enum=True)}, {place})"
    how = f"list_extract({_list((how for _, _, how in known), as_enum=True)}, {place})"
    if len(texts) > MOST_WORDINGS:  # hardly a code: what was not looked up stands in no list
        text = _text(f"r.{field.name}")
        other = text if values.is_open else f"CASE WHEN {text} IS NOT NULL THEN {literal(INVALID)} END"
        unknown = literal("unlisted" if values.is_open else "invalid")
        value = f"coalesce(CAST({value} AS VARCHAR), {other})"
        how = f"coalesce(CAST({how} AS VARCHAR), CASE WHEN {text} IS NOT NULL THEN {unknown} END)"
    return [
        f"{value} AS {field.name}",
        f"CASE WHEN {how} IS NOT NULL AND r.{field.name} IS DISTINCT FROM {value} "
        f"THEN r.{field.name} END AS {field.name}_raw",
        f"{how} AS {field.name}_how",
    ]


def _list(texts: Iterable[str], *, as_enum: bool = False) -> str:
    written = [literal(text) for text in texts]
    enum = f"ENUM({', '.join(sorted(set(written)))})" if as_enum and written else "VARCHAR"
    return f"CAST([{', '.join(written)}] AS {enum}[])"


def _text(column: str) -> str:
    """SQL for the text of a column without white space round it; NULL where that leaves nothing."""
    return f"nullif(trim({column}, {BLANKS}), '')"


def _absent(field: Field) -> list[str]:
    columns = [f"CAST(NULL AS {sql_type(field)}) AS {field.name}", f"CAST(NULL AS VARCHAR) AS {field.name}_raw"]
    return [*columns, f"CAST(NULL AS VARCHAR) AS {field.name}_how"] if field.type == "list" else columns


def _area(connection: "DuckDBPyConnection", columns: set[str], area: str | None) -> str:
    if "la_code" not in columns:
        return f"CAST({literal(area) if area else 'NULL'} AS VARCHAR)"
    code = _text("la_code")
    if area is None:
        most = connection.execute(
            f"SELECT {code} AS code FROM received_texts WHERE code IS NOT NULL "
            "GROUP BY code ORDER BY count(*) DESC, code LIMIT 1"
        ).fetchone()
        area = most[0] if most else None
    return f"coalesce({code}, {literal(area) if area else 'NULL'})"
