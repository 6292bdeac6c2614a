"""Lists of cases and published figures from elsewhere, which ours are compared with. They are read and never stored."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outturn.engines.duck import open_duckdb

from .checking import ROWS
from .published import FIGURES, MEASURE, PERIOD
from .reading import read_return
from .refusals import UnreadableFile, listed
from .table import Check, Column, Table, check_table, stored_rows

_YES_NO = (
    "CASE WHEN lower({text}) IN ('1', '1.0', 'y', 'yes', 'true') THEN 1 "
    "WHEN lower({text}) IN ('0', '0.0', 'n', 'no', 'false') THEN 0 END"
)
CASES = Table(
    name="cases",
    area="la_code",
    is_strict=True,
    one_of=("own_number", "nhs_number"),
    columns=(
        MEASURE,
        Column("part", "Part", "a part of the measure, such as 1a", also=("Measure Part",)),
        PERIOD,
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
    return Elsewhere(file.name, table is CASES, stored_rows(table, folder / ROWS, folder))


def _table_of(file: Path, folder: Path) -> Table:
    raw = folder / "looked-at.parquet"
    with open_duckdb(folder) as connection:
        columns = read_return(
            file, lambda heading: CASES.heading_of(heading) or FIGURES.heading_of(heading), connection, raw,
            essential={MEASURE.heading},
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
