"""Planted faults and their key: `plants.yaml` laid over clean rows, at most one fault for each person and file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from outturn.engines.sql import literal
from outturn.returns.layout import Layout

from .choices import script
from .quarters import Quarter
from .wording import Words, submission_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY = "faults.csv"
POOL = 150_000  # people among whom rows for faults are looked for; enough for every kind of row
FACTS = {
    "true_start": "event_start_date", "true_end": "event_end_date", "true_birth": "date_of_birth",
    "true_death": "date_of_death", "event": "event_type", "service": "service_type", "component": "service_component",
    "mechanism": "delivery_mechanism", "outcome": "event_outcome", "client": "client_type",
    "frequency": "cost_frequency_unit_type",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plant:
    """A way to break a rule. `cells` is SQL by field, or a word of the field's list after an equals sign."""

    rule: str
    column: str
    where: str
    cells: dict[str, str]
    is_copy: bool
    release: int | None
    at_most: int | None


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault in the key. `column` is the field name; the first event of a file is in row 2, as in a spreadsheet."""

    file: str
    row: int
    column: str
    rule: str


@cache
def plants() -> tuple[Plant, ...]:
    """Every plant of `plants.yaml`."""
    told: list[dict[str, Any]] = yaml.safe_load(script("plants.yaml"))
    return tuple(
        Plant(
            one["rule"], one["column"], one.get("where", "TRUE"), {name: str(sql) for name, sql in one["set"].items()},
            bool(one.get("copy")), one.get("release"), one.get("at_most"),
        )
        for one in told
    )  # fmt: skip


class Planter:
    """Plants faults in one file after another, evenly over the plants, and remembers where."""

    def __init__(self, connection: "DuckDBPyConnection", layout: Layout, seed: int, people: int, share: float) -> None:
        self.connection = connection
        self.layout = layout
        self.seed = seed
        self.people = people
        self.share = share
        self.planted: list[Planted] = []
        self._turn = 0  # whose turn it is to have one fault more than others

    def plant(self, file: str, quarter: Quarter, area: str, source: str, scratch: Path) -> str:
        """A relation of the file's rows with their faults, under field names. `scratch` is a file to work in."""
        facts = ", ".join(f"{column} AS {fact}" for fact, column in FACTS.items())
        days = {"period_start": quarter.start, "period_end": quarter.end, "received": quarter.received}
        facts += "".join(f", DATE '{day}' AS {name}" for name, day in days.items())
        sql = submission_sql(self.layout, quarter, area, source, facts)
        self.connection.execute(f"COPY ({sql}) TO {literal(scratch)} (FORMAT parquet, COMPRESSION lz4)")
        self.connection.execute(f"CREATE OR REPLACE MACRO told(day) AS strftime((day)::DATE, {quarter.day_form})")
        fitting = [
            (number, plant) for number, plant in enumerate(plants(), 1) if plant.release in (None, quarter.release)
        ]
        rows = self._pool(scratch)
        self._choose(fitting, rows)
        self._note(file, rows)
        return self._relation(scratch, Words(self.layout, quarter.release))

    def _pool(self, scratch: Path) -> int:
        """Candidates: a row of each of many people, with all that plants look at. Returns the number of rows."""
        self.connection.execute(f"""
            CREATE OR REPLACE TEMP VIEW clean AS
                SELECT *, file_row_number + 2 AS "row", {self._spare_nhs_number()} AS spare_nhs_number
                FROM read_parquet({literal(scratch)}, file_row_number = TRUE);
            CREATE OR REPLACE TEMP TABLE placed AS
                SELECT "row", la_person_unique_identifier AS person, count(*) OVER of_person AS rows_of_person,
                    row_number() OVER (of_person ORDER BY "row") AS place_of_person,
                    key_of({self.seed} + 1, "row") AS chance
                FROM clean WINDOW of_person AS (PARTITION BY la_person_unique_identifier);
            CREATE OR REPLACE TEMP TABLE pool AS
                WITH one_each AS (
                    SELECT arg_min("row", chance) AS "row", min(chance) AS chance FROM placed GROUP BY person
                    ORDER BY chance LIMIT {POOL}
                )
                SELECT clean.*, rows_of_person, place_of_person, one_each.chance,
                    la_person_unique_identifier IN (
                        SELECT adult_1_linked_person_id FROM clean WHERE adult_1_linked_person_id IS NOT NULL
                    ) AS is_cared_for
                FROM clean JOIN one_each USING ("row") JOIN placed USING ("row");
            CREATE OR REPLACE TEMP TABLE chosen ("row" BIGINT, plant INTEGER);
        """)
        counted = self.connection.execute("SELECT count(*) FROM placed").fetchone()
        return int(counted[0]) if counted else 0

    def _spare_nhs_number(self) -> str:
        """A test number that nobody here has. None when the numbers are nearly used up."""
        free = 1_000_000 - self.people
        if free < 10_000:
            return "NULL::VARCHAR"
        return f"nhs_number_of({self.seed}, {self.people} + 1 + file_row_number % {free - 1})"

    def _choose(self, fitting: list[tuple[int, Plant]], rows: int) -> None:
        """Give each plant its rows, those that fit the fewest rows first."""
        each, more = divmod(round(self.share * rows), len(fitting))
        counts = ", ".join(f"count(*) FILTER ({plant.where})" for _, plant in fitting)
        fits = self.connection.execute(f"SELECT {counts} FROM pool").fetchone() or ()
        for place, (number, plant) in sorted(enumerate(fitting), key=lambda entry: (fits[entry[0]], entry[0])):
            wanted = each + ((place - self._turn) % len(fitting) < more)
            if plant.at_most is not None:
                wanted = min(wanted, plant.at_most)
            self.connection.execute(f"""
                INSERT INTO chosen SELECT "row", {number} FROM pool ANTI JOIN chosen USING ("row")
                WHERE {plant.where} ORDER BY stir(xor(chance, {number}::UBIGINT)), "row" LIMIT {wanted}
            """)
        self._turn = (self._turn + more) % len(fitting)

    def _note(self, file: str, rows: int) -> None:
        """Enter the faults in the key. Copies stand at the end of the file in the order of their originals."""
        found = self.connection.execute('SELECT "row", plant FROM chosen ORDER BY "row"').fetchall()
        copies = 0
        for row, number in found:
            plant = plants()[number - 1]
            copies += plant.is_copy
            self.planted.append(Planted(file, rows + 1 + copies if plant.is_copy else row, plant.column, plant.rule))

    def _relation(self, scratch: Path, words: Words) -> str:
        """All rows with the cells of their plants, then the copies. A list by row tells the plant, so order is kept."""
        self.connection.execute("""
            SET VARIABLE plants = (SELECT list(coalesce(plant, 0)::SMALLINT ORDER BY "row")
                FROM placed LEFT JOIN chosen USING ("row"))
        """)
        self.connection.execute("""
            CREATE OR REPLACE TEMP TABLE touched AS
                SELECT pool.*, plant FROM pool JOIN chosen USING ("row") ORDER BY "row"
        """)
        changes = list(enumerate(plants(), 1))
        in_place = self._cells([(number, plant) for number, plant in changes if not plant.is_copy], words)
        copied = self._cells([(number, plant) for number, plant in changes if plant.is_copy], words)
        copies = ", ".join(str(number) for number, plant in changes if plant.is_copy)
        return f"""(
            SELECT {in_place} FROM (SELECT *, getvariable('plants')["row" - 1] AS plant FROM clean)
            UNION ALL
            SELECT {copied} FROM (SELECT * FROM touched WHERE plant IN ({copies}) ORDER BY "row")
        )"""

    def _cells(self, changes: list[tuple[int, Plant]], words: Words) -> str:
        return ", ".join(self._cell(field.name, changes, words) for field in self.layout.fields)

    def _cell(self, field: str, changes: list[tuple[int, Plant]], words: Words) -> str:
        cells = [(number, plant.cells[field]) for number, plant in changes if field in plant.cells]
        arms = "".join(f" WHEN {number} THEN {words.sql(field, cell)}" for number, cell in cells)
        return f"CASE plant{arms} ELSE {field} END AS {field}" if arms else field


def write_key(path: Path, planted: Iterable[Planted], layout: Layout) -> None:
    """The key as CSV, by file and row, with headings for columns."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["file", "row", "column", "rule"])
        for fault in planted:
            writer.writerow([fault.file, fault.row, layout.field(fault.column).header, fault.rule])


def read_key(path: Path) -> Iterator[tuple[str, int | None, str, str]]:
    """The key's lines: file, row, heading, rule."""
    with path.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            yield line["file"], int(line["row"]), line["column"], line["rule"]
