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

from .layout import INVALID, Field, Layout, ValueList, classify
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
    typed, coded = (
        [field for field in layout.fields if field.name in columns and (field.type == "list") == is_coded]
        for is_coded in (False, True)
    )
    texts = _texts(connection, coded)
    selected = ['"row"', f"{_area(connection, columns, area)} AS area"]
    for field in layout.fields:
        if field.name not in columns:
            selected += _absent(field)
        elif field.type == "list":
            selected += _coded(field, layout.lists[field.list or ""], texts[field.name])
        else:
            selected += _typed(field)
    source = rows_as_read(connection, raw)
    # One step upon another: within one, DuckDB would work out a text again wherever it stands.
    for step in (
        [f"{_text(field.name)} AS {field.name}_text" for field in typed],
        [f"{_plain(field.type, f'{field.name}_text')} AS {field.name}_plain" for field in typed],
        [f"{_value(field.type, f'{field.name}_text', f'{field.name}_plain')} AS {field.name}_value" for field in typed],
    ):
        source = f"(SELECT {', '.join(['*', *step])} FROM {source} AS r)"
    query = f"SELECT {', '.join(selected)} FROM {source} AS r"
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
    return _value(kind, text, _plain(kind, text))


def _plain(kind: str, text: str) -> str:
    """SQL for the form of a text in which its type is looked for."""
    number = f"replace(replace({text}, '£', ''), ',', '')"
    return {
        "date": f"TRY_CAST({text} AS DATE)",
        "decimal": number,
        "integer": number,
        "nhs number": f"TRY_CAST({_digits(text)} AS BIGINT)",
        "postcode": f"replace(upper({text}), ' ', '')",
    }.get(kind, text)


def _digits(text: str) -> str:
    return f"replace(replace({text}, ' ', ''), '-', '')"


def _value(kind: str, text: str, plain: str) -> str:
    return {
        "date": _date(text, plain),
        "decimal": f"TRY_CAST({plain} AS DECIMAL(18,2))",
        "integer": f"CASE WHEN TRY_CAST({plain} AS DECIMAL(18,2)) = TRY_CAST({plain} AS INTEGER) "
        f"THEN TRY_CAST({plain} AS INTEGER) END",
        "nhs number": f"CASE WHEN {is_nhs_number(_digits(text), plain)} THEN {_digits(text)} END",
        "postcode": f"CASE WHEN length({plain}) BETWEEN 5 AND 7 "
        f"THEN left({plain}, -3) || ' ' || right({plain}, 3) ELSE upper({text}) END",
        "gp code": f"upper({text})",
    }.get(kind, text)


def is_nhs_number(digits: str, number: str = "") -> str:
    """SQL that says whether a text is ten digits whose last is right by the NHS number's modulus 11.

    `number` is the text as a BIGINT, where that is at hand.
    """
    number = number or f"TRY_CAST({digits} AS BIGINT)"
    # Digit k counts 11 - k times, and is the first k digits as a number, less ten times the first k - 1. So the first k
    # digits count 11 - k - 10 * (10 - k) = 9 * k - 89 times, which divided by 11 leaves as much as 9 * k - 1.
    total = " + ".join(f"{9 * k - 1} * ({number} // {10 ** (10 - k)})" for k in range(1, 10))
    # A remainder of 1 would need the digit 10: no such number is issued, and no single digit can meet the condition.
    return f"(regexp_full_match({digits}, '[0-9]{{10}}') AND ({total} + {number}) % 11 = 0)"


def _date(text: str, plain: str) -> str:
    formats = ", ".join(literal(form) for form in DATE_FORMATS)
    serial = f"TRY_CAST({text} AS DECIMAL(18,6))"
    written = f"CAST(try_strptime({text}, [{formats}]) AS DATE)"
    # Casting is much quicker than trying formats, and takes more than they do: so the date has to print as the text.
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


def _texts(connection: "DuckDBPyConnection", fields: Iterable[Field]) -> dict[str, list[str]]:
    """The distinct texts of each field, as many as are looked up, and one more where there are more."""
    found: dict[str, list[str]] = {field.name: [] for field in fields}
    parts = [
        f"(SELECT {literal(name)}, {name} AS text FROM received_texts WHERE trim({name}, {BLANKS}) <> '' "
        f"GROUP BY ALL ORDER BY text LIMIT {MOST_WORDINGS + 1})"
        for name in found
    ]
    for name, text in connection.execute(" UNION ALL ".join(parts)).fetchall() if parts else ():
        found[name].append(text)
    return found


def _coded(field: Field, values: ValueList, texts: list[str]) -> list[str]:
    """Value and kind are looked up by position in a list of all texts that occur, and given as ENUMs.

    DuckDB then looks each distinct text up once, and writes it several times faster than texts joined row by row.
    """
    known = [(text, words or "", how) for text in texts[:MOST_WORDINGS] for words, how in [classify(values, text)]]
    place = f"list_position({_list(text for text, _, _ in known)}, r.{field.name})"
    value, raw, how = (
        f"list_extract({_list(found, as_enum=True)}, {place})"
        for found in (
            [words for _, words, _ in known],
            [text if text != words else None for text, words, _ in known],
            [how for _, _, how in known],
        )
    )
    if len(texts) > MOST_WORDINGS:  # hardly a code: what was not looked up stands in no list
        text = _text(f"r.{field.name}")
        other = text if values.is_open else f"CASE WHEN {text} IS NOT NULL THEN {literal(INVALID)} END"
        unknown = literal("unlisted" if values.is_open else "invalid")
        value = f"coalesce(CAST({value} AS VARCHAR), {other})"
        how = f"coalesce(CAST({how} AS VARCHAR), CASE WHEN {text} IS NOT NULL THEN {unknown} END)"
        raw = f"CASE WHEN {how} IS NOT NULL AND r.{field.name} IS DISTINCT FROM {value} THEN r.{field.name} END"
    return [f"{value} AS {field.name}", f"{raw} AS {field.name}_raw", f"{how} AS {field.name}_how"]


def _list(texts: Iterable[str | None], *, as_enum: bool = False) -> str:
    found = list(texts)
    written = [literal(text) if text is not None else "NULL" for text in found]
    different = sorted({literal(text) for text in found if text is not None})
    enum = f"ENUM({', '.join(different)})" if as_enum and different else "VARCHAR"
    return f"CAST([{', '.join(written)}] AS {enum}[])"


def _text(column: str) -> str:
    """SQL for the text of a column without white space round it; NULL where that leaves nothing."""
    # Trimming takes DuckDB long, and hardly any text needs it: most begin and end with a visible character of ASCII.
    needs_none = f"{column} BETWEEN '!' AND '~' AND {column}[-1] BETWEEN '!' AND '~'"
    return f"CASE WHEN {needs_none} THEN {column} ELSE nullif(trim({column}, {BLANKS}), '') END"


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
