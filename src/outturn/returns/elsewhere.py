"""Lists of cases and published figures from elsewhere, which ours are compared with. They are read and never stored."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal

from .checking import ROWS
from .reading import read_return
from .refusals import UnreadableFile, listed
from .table import Check, Column, Table, check_table

_YES_NO = (
    "CASE WHEN lower({text}) IN ('1', '1.0', 'y', 'yes', 'true') THEN 1 "
    "WHEN lower({text}) IN ('0', '0.0', 'n', 'no', 'false') THEN 0 END"
)
_MEASURE = Column(
    "measure", "Measure", "a measure’s code, such as 2A",
    also=("ASCOF Measure", "ASCOF Measure Code", "Measure Code"), needed=True, filled=True,
)  # fmt: skip
_PERIOD = Column("period", "Period", "a period, such as 2024-25", also=("Reporting Period",))

CASES = Table(
    name="cases",
    area="la_code",
    is_strict=True,
    one_of=("own_number", "nhs_number"),
    columns=(
        _MEASURE,
        Column("part", "Part", "a part of the measure, such as 1a", also=("Measure Part",)),
        _PERIOD,
        Column("la_code", "LA Code", "the council’s code", "upper({text})", also=("Area Code", "Council Code")),
        Column(
            "own_number", "LA Person Unique Identifier", "the council’s own number of the person", "upper({text})",
            also=("LA Person Id", "LA Id", "Person Id", "Person"),
        ),
        Column(
            "nhs_number", "NHS Number", "an NHS number of ten digits",
            "CASE WHEN regexp_full_match(regexp_replace({text}, '[ -]', '', 'g'), '[0-9]{10}') "
            "THEN regexp_replace({text}, '[ -]', '', 'g') END",
        ),
        Column("numerator", "In Numerator", "1 or 0", _YES_NO, also=("Numerator", "Counted"), needed=True, filled=True),
        Column("denominator", "In Denominator", "1 or 0", _YES_NO, also=("Denominator", "Included")),
    ),
    checks=(
        Check(
            "no person", "own_number", "own_number IS NULL AND nhs_number IS NULL",
            "It names nobody.", "Give the council’s own number of the person, or the NHS number.",
        ),
    ),
)  # fmt: skip

FIGURES = Table(
    name="published figures",
    area="area",
    is_strict=True,
    columns=(
        _MEASURE,
        _PERIOD,
        Column(
            "area", "Geographical Code", "a council’s code, such as 104", "upper({text})",
            also=("Geography Code", "Area Code", "LA Code"), needed=True, filled=True,
        ),
        Column("level", "Geographical Level", "such as Local authority", "lower({text})"),
        Column(
            "breakdown", "Disaggregation Level", "such as Total or 18 to 64", also=("Disaggregation",),
            needed=True, filled=True,
        ),
        Column("type", "Measure Type", "such as Numerator", "lower({text})", needed=True, filled=True),
        Column(
            "value", "Measure Value", "a number, or a marker such as [c]",
            "CASE WHEN regexp_full_match(lower({text}), '\\[[a-z]+\\]') THEN lower({text}) "
            "WHEN TRY_CAST(replace(rtrim({text}, '%'), ',', '') AS DECIMAL(18, 6)) IS NOT NULL "
            "THEN replace(rtrim({text}, '%'), ',', '') END",
            also=("Value",), needed=True, filled=True,
        ),
        Column("old_group", "Measure Group", "only in files up to 2022-23"),
    ),
    checks=(
        Check(
            "twice", "value", "count(*) OVER (PARTITION BY measure, period, area, breakdown, type) > 1",
            "Another row is for the same figure.", "Keep the right one of them.",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A file from elsewhere: whether it is of `CASES` or of `FIGURES`, and its rows, each with its number as `row`."""

    file: str
    is_of_cases: bool
    rows: list[dict[str, Any]]


def read_elsewhere(file: Path, folder: Path) -> Elsewhere:
    """Read a file by what its headings say it is; `folder` is for what is made on the way.

    Raises UnreadableFile with every reason.
    """
    table = _table_of(file, folder)
    check_table(table, file, folder)
    names = ["row", *(column.name for column in table.columns)]
    with open_duckdb(folder) as connection:
        columns = ", ".join(f'"{name}"' for name in names)
        rows = connection.execute(
            f'SELECT {columns} FROM read_parquet({literal(folder / ROWS)}) ORDER BY "row"'
        ).fetchall()
    return Elsewhere(file.name, table is CASES, [dict(zip(names, row, strict=True)) for row in rows])


def _table_of(file: Path, folder: Path) -> Table:
    raw = folder / "looked-at.parquet"
    with open_duckdb(folder) as connection:
        columns = read_return(
            file, lambda heading: CASES.heading_of(heading) or FIGURES.heading_of(heading), connection, raw,
            essential={_MEASURE.heading},
        ).columns  # fmt: skip
    raw.unlink()
    found = [
        table for table in (CASES, FIGURES)
        if all(table.heading_of(one.heading) in map(table.heading_of, columns) for one in table.columns if one.needed)
    ]  # fmt: skip
    if not found:
        raise UnreadableFile(
            [
                f"{file.name} is neither a list of cases nor a table of published figures. It has the columns "
                f"{listed(columns)}. A list of cases has {_headings(CASES)}, and who it is: LA Person Unique "
                f"Identifier or NHS Number. Published figures have {_headings(FIGURES)}."
            ]
        )
    return found[0]


def _headings(table: Table) -> str:
    return ", ".join(column.heading for column in table.columns if column.needed)
