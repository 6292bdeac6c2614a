"""The rows that need work: where, which rule, what to do; a page at a time, or all as CSV or XLSX for the teams.

Everything here is personal data: it comes from one submission's rows and is shown to those who may see lists of people.
"""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal
from outturn.workspace import Refusal

from .layout import Layout
from .rules import Rule

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HEADINGS = (
    "Row", "Column", "Severity", "What is wrong", "What to do", "Value as received", "Event Type", "Event Reference",
    "LA Person Unique Identifier", "Rule",
)  # fmt: skip
SHEET_ROWS = 1_000_000  # a worksheet ends at 1,048,576
AT_ONCE = 10_000
LONGEST = 500  # characters of a value shown; the file as received has it whole


@dataclass(frozen=True, slots=True)
class Entry:
    """One complaint about one row, or about the whole file where `row` is None. `value` is as received."""

    row: int | None
    heading: str
    rule: str
    severity: str
    words: str
    do: str
    value: str
    event: str
    reference: str
    person: str

    def cells(self) -> tuple[Any, ...]:
        """In the order of HEADINGS."""
        return (
            self.row, self.heading, self.severity, self.words, self.do, self.value, self.event, self.reference,
            self.person, self.rule,
        )  # fmt: skip


@dataclass(frozen=True)
class Worklist:
    """The complaints of one checked file, or those that were chosen of them, in the order of the rows."""

    rows: Path
    complaints: Path
    layout: Layout
    rules: Sequence[Rule]
    rule: str | None = None
    column: str | None = None
    severity: str | None = None

    def chosen(self, *, rule: str | None, column: str | None, severity: str | None) -> "Worklist":
        """Only the complaints by one rule, about one column (its field name), of one severity."""
        return replace(self, rule=rule, column=column, severity=severity)

    def count(self) -> int:
        """How many complaints were chosen."""
        with own_engine() as connection:
            found = connection.execute(f"SELECT count(*) FROM {self._chosen()}").fetchone()
        return int(found[0]) if found else 0

    def entries(self, start: int = 0, count: int | None = None) -> Iterator[Entry]:
        """Complaints from the `start`th on, `count` of them or all."""
        order = '"row" NULLS FIRST, rule, "column"'
        page = f"(FROM {self._chosen()} ORDER BY {order} LIMIT {1 << 62 if count is None else count} OFFSET {start})"
        fields = self.layout.fields
        values = " ".join(
            f"WHEN {literal(field.name)} THEN coalesce(r.{field.name}_raw, CAST(r.{field.name} AS VARCHAR))"
            for field in fields
        )
        query = (
            f'SELECT c."row", c."column", c.rule, left(CASE c."column" {values} END, {LONGEST}), '
            "coalesce(r.event_type_raw, r.event_type), r.event_reference, r.la_person_unique_identifier "
            f'FROM {page} AS c LEFT JOIN read_parquet({literal(self.rows)}) AS r ON r."row" = c."row" '
            'ORDER BY c."row" NULLS FIRST, c.rule, c."column"'
        )
        rules = {rule.id: rule for rule in self.rules}
        with own_engine() as connection:
            found = connection.execute(query)
            while batch := found.fetchmany(AT_ONCE):
                for row, column, rule_id, value, event, reference, person in batch:
                    rule = rules[rule_id]
                    field = self.layout.field(column) if column else None
                    heading = field.header if field else ""
                    yield Entry(
                        row, heading, rule_id, str(rule.severity_at(field)), rule.sentence.replace("{header}", heading),
                        rule.do.replace("{header}", heading), value or "", event or "", reference or "", person or "",
                    )  # fmt: skip

    def write(self, out: Path) -> int:
        """Write all that was chosen as `.csv` or `.xlsx`, by the name of `out`; gives the number of complaints.

        Raises Refusal for any other kind of file. A file already there is replaced once the new one is whole.
        """
        return write_entries(self.entries(), out)

    def _chosen(self) -> str:
        conditions = ["true"]
        if self.rule:
            conditions.append(f"rule = {literal(self.rule)}")
        if self.column:
            conditions.append(f'"column" = {literal(self.column)}')
        if self.severity:
            conditions.append(f'(rule || \' \' || coalesce("column", \'\')) IN ({", ".join(self._of(self.severity))})')
        return f"(FROM read_parquet({literal(self.complaints)}) WHERE {' AND '.join(conditions)})"

    def _of(self, severity: str) -> list[str]:
        """The rules and columns at which a complaint has this severity, as SQL texts."""
        return [
            literal(f"{rule.id} {field.name if field else ''}")
            for rule in self.rules
            for field in (None, *self.layout.fields)
            if rule.severity_at(field) == severity
        ] or ["''"]


def write_entries(entries: Iterator[Entry], out: Path) -> int:
    """As `Worklist.write`."""
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    if out.suffix.lower() not in writers:
        raise Refusal(f"A worklist is written as .csv or .xlsx, and {out.name} is neither. Name it worklist.xlsx.")
    beside = out.with_name(f".{out.name}.unfinished")
    try:
        written = writers[out.suffix.lower()](entries, beside)
        beside.replace(out)
    except OSError as error:
        raise Refusal(f"{out} cannot be written: {error.strerror or error}. Name another place.") from error
    finally:
        beside.unlink(missing_ok=True)
    return written


@contextmanager
def own_engine() -> Iterator["DuckDBPyConnection"]:
    """An engine that spills, if it must, into a folder of its own."""
    with (
        TemporaryDirectory(prefix="outturn-", ignore_cleanup_errors=True) as folder,
        open_duckdb(Path(folder)) as connection,
    ):
        yield connection


def _write_csv(entries: Iterator[Entry], out: Path) -> int:
    """With the mark by which Excel knows UTF-8."""
    count = 0
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for count, entry in enumerate(entries, 1):  # noqa: B007
            writer.writerow([harmless(cell) for cell in entry.cells()])
    return count


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front."""
    if isinstance(cell, str) and (cell.startswith(("\t", "\r")) or cell.lstrip().startswith(("=", "+", "-", "@"))):
        return f"'{cell}"
    return cell


def _write_xlsx(entries: Iterator[Entry], out: Path) -> int:
    from xlsxwriter import Workbook

    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with Workbook(str(out), options) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        sheet = _sheet(book, heading)
        for count, entry in enumerate(entries, 1):
            place = (count - 1) % SHEET_ROWS + 1
            if place == 1 and count > 1:
                sheet = _sheet(book, heading)
            for column, cell in enumerate(entry.cells()):
                if cell not in (None, ""):
                    sheet.write(place, column, cell)
    return count


def _sheet(book: Any, heading: Any) -> Any:
    sheet = book.add_worksheet()
    for column, (words, width) in enumerate(zip(HEADINGS, (8, 30, 9, 60, 60, 30, 12, 16, 20, 30), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write(0, column, words, heading)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, SHEET_ROWS, len(HEADINGS) - 1)
    return sheet
