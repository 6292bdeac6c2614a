"""Check one received file: read it, clean it, put every rule to every row, and add up what was found.

`check_file` leaves in its folder what a stored submission holds (`docs/reference/submission-files.md`): the cleaned
rows, the complaints, the rows set aside, and a report of totals that names nobody.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal

from .cleaning import clean
from .layout import INVALID, Field, Layout, load_layout
from .reading import Reading, read_return
from .rules import Check, Rule, expand, load_rules

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS, COMPLAINTS, SET_ASIDE, REPORT = "rows.parquet", "complaints.parquet", "set-aside.jsonl", "report.json"
MONTHS = "months.json"  # that part of the report again, which every question asks of every file
ESSENTIAL = {"event_type", "event_start_date", "la_person_unique_identifier"}  # without these a row means nothing
EVENTS = ("Request", "Assessment", "Service", "Review")
STATES = ("valid", "blank", "missing", "invalid", "release_1", "not_applicable")
WAYS = ("invalid", "unlisted", "spelling", "release 1", "release 2")  # of recognising a coded value, see `classify`
# A condition of which one way is the first part, and that cannot hold where it does not.
RECOGNISED = re.compile(rf"\{{how\}} = '({'|'.join(WAYS)})' AND (?:(?! OR ).)*")
CLAIMS_KEPT = 10
AT_ONCE = 2  # queries
MEMORY = "1GB"  # with less, DuckDB reads on one core where rows keep their order
SMALL = 5_000_000  # bytes of Parquet that are worth holding in memory: opening the file for every check takes longer

FAR_FEWER, ENOUGH = 0.5, 40  # of an event type's rows in the submission before, where it had enough
MIXED_SHARE, MIXED_CELLS = 0.02, 20  # cells in the other release's wording that make a file mixed
Progress = Callable[[float, str], None]
EventsBefore = Callable[[str], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file turned out to be. `report` is report.json; the rest lies in `folder`."""

    folder: Path
    reading: Reading
    report: dict[str, Any]

    @property
    def rows(self) -> int:
        """Rows read, those with complaints included, those set aside not."""
        return int(self.report["rows"])


def check_file(
    file: Path,
    folder: Path,
    *,
    received: datetime,
    area: str | None = None,
    extra_lists: Path | None = None,
    events_before: EventsBefore = lambda area: {},
    progress: Progress = lambda share, words: None,
) -> Checked:
    """Read and check `file`, leaving rows, complaints, rows set aside and report in `folder`, which must exist.

    `area` is the council of rows that name none. `extra_lists` is a folder of a council's own additions to the value
    lists. `events_before` gives the rows by event type of the council's submission before this one. Raises
    UnreadableFile where the file cannot be used at all, with every reason.
    """
    layout = load_layout("cld", extra_lists)
    rules = load_rules(layout)
    raw = folder / "raw.parquet"
    with open_duckdb(folder, memory=MEMORY) as connection:
        progress(0.0, "Reading")
        reading = read_return(
            file, lambda heading: _field_name(layout, heading), connection, raw, essential=ESSENTIAL,
            progress=lambda share: progress(0.4 * share, "Reading"),
        )  # fmt: skip
        progress(0.4, "Cleaning")
        clean(connection, raw, folder / ROWS, layout, area)
        raw.unlink()
        progress(0.7, "Checking")
        cells = Cells(connection, folder / ROWS, layout, received.date())
        checks = expand(rules, layout)
        cells.complain(checks, reading, events_before, folder / COMPLAINTS)
        progress(0.9, "Adding up")
        report = cells.report(reading, rules, folder / COMPLAINTS)
    write_set_aside(reading, folder / SET_ASIDE)
    (folder / REPORT).write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")
    (folder / MONTHS).write_text(json.dumps(report["months"]), "utf-8")
    return Checked(folder, reading, report)


def _field_name(layout: Layout, heading: str) -> str | None:
    field = layout.by_heading.get(layout.heading_key(heading))
    return field.name if field else None


def severities(rules: Iterable[Rule], layout: Layout) -> Callable[[str, str | None], str]:
    """How much a complaint by a rule about a column matters: error, warning or note."""
    by_id = {rule.id: rule for rule in rules}
    return lambda rule, column: str(by_id[rule].severity_at(layout.field(column) if column else None))


def write_set_aside(reading: Reading, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in reading.set_aside:
            file.write(json.dumps({"row": row.row, "why": row.why, "text": row.text}, ensure_ascii=False) + "\n")


class Cells:
    """The cleaned rows of one file as the relation `cells` that the rules speak about."""

    def __init__(self, connection: "DuckDBPyConnection", rows: Path, layout: Layout, received: date) -> None:
        self.connection = connection
        self.layout = layout
        self.coded = [field for field in layout.fields if field.type == "list"]
        connection.execute("SET parquet_metadata_cache = true")  # many queries of one file
        kind = "TABLE" if rows.stat().st_size < SMALL else "VIEW"
        connection.execute(f"CREATE OR REPLACE {kind} cleaned_rows AS FROM read_parquet({literal(rows)})")
        self.recognised = self._recognised()
        self.wordings = tuple(self.recognised[f"release {release}"].total() for release in (1, 2))
        self.release = 1 if self.wordings[0] > self.wordings[1] else 2
        self.claims = self._claims()
        start, end = self.claims[0][:2] if self.claims else (None, None)
        connection.execute(
            "CREATE OR REPLACE VIEW cells AS SELECT *, "
            "coalesce(client_type IN ('Unpaid carer', 'Unpaid carer known by association'), false) AS is_carer, "
            f"{self.release} AS file_release, DATE '{received}' AS received, "
            f"{_date(start)} AS period_start, {_date(end)} AS period_end FROM cleaned_rows"
        )

    def _recognised(self) -> dict[str, Counter[str]]:
        """How many cells of each coded field were recognised in each of WAYS."""
        parts = [_times(f"{field.name}_how = {literal(how)}") for how in WAYS for field in self.coded]
        counts = iter(self._one(f"SELECT {', '.join(parts)} FROM cleaned_rows"))
        return {how: Counter({field.name: next(counts) for field in self.coded}) for how in WAYS}

    def _claims(self) -> list[tuple[date | None, date | None, int]]:
        """The reporting periods that the rows state, the most frequent first."""
        return self.connection.execute(
            "SELECT reporting_period_start_date AS s, reporting_period_end_date AS e, count(*) AS n FROM cleaned_rows "
            f"WHERE s IS NOT NULL AND e IS NOT NULL GROUP BY s, e ORDER BY n DESC, s, e LIMIT {CLAIMS_KEPT}"
        ).fetchall()

    # Complaints

    def complain(self, checks: Sequence[Check], reading: Reading, events_before: EventsBefore, out: Path) -> None:
        """Write every complaint: row (NULL for the whole file), rule, column."""
        missing = set(self._missing(reading))
        asked = [check for check in checks if check.column not in missing]
        self.connection.execute('CREATE OR REPLACE TABLE found ("row" INTEGER, rule VARCHAR, "column" VARCHAR)')
        for about in (*self._about_the_file(reading), *self._against(events_before)):
            self.connection.execute("INSERT INTO found VALUES (NULL, ?, ?)", about)
        # One query is made ready while another runs.
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(self._find, _found_across(check)) for check in asked if check.rule.query]
            for column, group in groupby(self._failed(asked), key=lambda check: check.column):
                jobs.append(pool.submit(self._find, _found_at(column, list(group))))
            for job in jobs:
                job.result()
        self.connection.execute(
            f'COPY (FROM found ORDER BY "row" NULLS FIRST, rule, "column") TO {literal(out)} '
            "(FORMAT parquet, COMPRESSION zstd)"
        )

    def _find(self, query: str) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO found {query}")

    def _failed(self, checks: Iterable[Check]) -> list[Check]:
        """The checks of single rows that any row fails, by column. All are put in one pass over the rows."""
        by_row = [check for check in checks if not check.rule.query and self._may_fail(check)]
        fails = self._one(f"SELECT {', '.join(_times(check.condition) for check in by_row)} FROM cells")
        failed = [check for check, rows in zip(by_row, fails, strict=True) if rows]
        return sorted(failed, key=lambda check: check.column or "")

    def _may_fail(self, check: Check) -> bool:
        """False where a check wants cells recognised in a way in which none of its column was."""
        way = RECOGNISED.fullmatch(check.rule.condition or "")
        return not way or bool(self.recognised[way[1]][check.column or ""])

    def _missing(self, reading: Reading) -> list[str]:
        """The fields for which the file has no column."""
        return [field.name for field in self.layout.fields if field.name not in reading.columns]

    def _about_the_file(self, reading: Reading) -> Iterator[tuple[str, str | None]]:
        """What is wrong with the file as a whole: rule, and column where it is about one."""
        yield from (("heading-missing", column) for column in self._missing(reading))
        if reading.unknown:
            yield "heading-unknown", None
        if reading.padded:
            yield "rows-padded", None
        if reading.set_aside:
            yield "row-set-aside", None
        if min(self.wordings) > max(MIXED_CELLS, MIXED_SHARE * max(self.wordings)):
            yield "mixed-releases", None

    def _against(self, events_before: EventsBefore) -> Iterator[tuple[str, str | None]]:
        """Whether an event type has far fewer rows than in the submission before."""
        before, now = events_before(next(iter(self._areas()), "")), self._events()
        if any(now.get(event, 0) < FAR_FEWER * count for event, count in before.items() if count >= ENOUGH):
            yield "fewer-rows-than-before", None

    # Totals

    def report(self, reading: Reading, rules: Iterable[Rule], complaints: Path) -> dict[str, Any]:
        """The totals of report.json: no value of any one person."""
        rows, people = self._one(
            "SELECT count(*), count(DISTINCT coalesce(nhs_number, la_person_unique_identifier)) FROM cells"
        )
        return {
            "rows": rows,
            "set_aside": len(reading.set_aside),
            "people": people,
            "areas": self._areas(),
            "release": {
                "file": self.release, "values_only_1": self.wordings[0], "values_only_2": self.wordings[1],
            },
            "claimed": [{"start": str(start), "end": str(end), "rows": count} for start, end, count in self.claims],
            "headings": {"unknown": list(reading.unknown), "missing": self._missing(reading)},
            "reading": {
                "kind": reading.kind, "encoding": reading.encoding, "delimiter": reading.delimiter,
                "padded": reading.padded,
            },
            "notes": list(reading.notes),
            "events": self._events(),
            "fields": self._fields(),
            "rules": self._rules(rules, complaints),
            "months": self._months(),
        }  # fmt: skip

    def _areas(self) -> dict[str, int]:
        """Rows by council, most first."""
        return dict(
            self.connection.execute(
                "SELECT coalesce(area, ''), count(*) FROM cells GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1000"
            ).fetchall()
        )

    def _events(self) -> dict[str, int]:
        found = dict(
            self.connection.execute("SELECT coalesce(event_type, 'blank'), count(*) FROM cells GROUP BY 1").fetchall()
        )
        others = [event for event in (INVALID, "blank") if event in found]
        return {event: found.get(event, 0) for event in (*EVENTS, *others)}

    def _fields(self) -> list[dict[str, Any]]:
        """One entry for each field and event type; each row counts in just one of its six numbers."""
        found: defaultdict[str, defaultdict[str, dict[str, int]]] = defaultdict(
            lambda: defaultdict(lambda: dict.fromkeys(STATES, 0))
        )
        counts = ", ".join(_counts(field, self.release) for field in self.layout.fields)
        for event, is_carer, rows, *counted in self.connection.execute(
            f"SELECT event_type, is_carer, count(*), {counts} FROM cells GROUP BY ALL ORDER BY ALL"
        ).fetchall():
            cells = zip(self.layout.fields, counted[::3], counted[1::3], counted[2::3], strict=True)
            for field, filled, invalid, old in cells:
                states = found[field.name][event or "blank"]
                states["valid"] += filled - invalid - old
                states["invalid"] += invalid
                states["release_1"] += old
                states[_unfilled(field, event, is_carer=is_carer)] += rows - filled
        return [
            {"field": field, "event": event, **states} for field, events in found.items()
            for event, states in events.items()
        ]  # fmt: skip

    def _rules(self, rules: Iterable[Rule], complaints: Path) -> list[dict[str, Any]]:
        severity = severities(rules, self.layout)
        found = self.connection.execute(
            f'SELECT rule, "column", count(*) FROM read_parquet({literal(complaints)}) '
            "GROUP BY ALL ORDER BY 3 DESC, 1, 2"
        ).fetchall()
        return [
            {"rule": rule, "column": column, "severity": severity(rule, column), "rows": count}
            for rule, column, count in found
        ]

    def _months(self) -> list[dict[str, Any]]:
        """Events by the month in which they started and ended, and by council: what a file covers is seen in these."""
        months: defaultdict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: {"started": 0, "ended": 0})
        for what, column in (("started", "event_start_date"), ("ended", "event_end_date")):
            for area, event, month, count in self.connection.execute(
                f"SELECT coalesce(area, ''), coalesce(event_type, 'blank'), strftime({column}, '%Y-%m'), count(*) "
                f"FROM cells WHERE {column} IS NOT NULL GROUP BY ALL"
            ).fetchall():
                months[area, event, month][what] = count
        return [
            {"area": area, "event": event, "month": month, **counts}
            for (area, event, month), counts in sorted(months.items())
        ]

    def _one(self, query: str) -> tuple[Any, ...]:
        row = self.connection.execute(query).fetchone()
        return tuple(row) if row else ()


def _found_across(check: Check) -> str:
    """A query that gives row, rule and column of what a check across rows complains of."""
    return f'SELECT "row", {literal(check.rule.id)}, {_text(check.column)} FROM ({check.condition})'


def _found_at(column: str | None, checks: Sequence[Check]) -> str:
    """A query that gives row, rule and column of what checks of one column complain of.

    The conditions are put in one pass over the rows, which leaves a bit for each that a row fails.
    """
    bits = [f"(coalesce({check.condition}, false)::BIGINT << {bit})" for bit, check in enumerate(checks)]
    rules = ", ".join(f"({1 << bit}, {literal(check.rule.id)})" for bit, check in enumerate(checks))
    return (
        f'SELECT "row", rule, {_text(column)} FROM (SELECT "row", {" | ".join(bits)} AS failed FROM cells) '
        f"JOIN (VALUES {rules}) AS rules(bit, rule) ON failed & bit <> 0 WHERE failed <> 0"
    )


def _counts(field: Field, release: int) -> str:
    """SQL for three numbers of a field's cells: filled in, of these invalid, and of these in Release 1 wording."""
    if field.type == "list":
        how = f"{field.name}_how"
        invalid = _times(f"{how} = 'invalid'")
        old = _times(f"{how} = 'release 1'") if release == 2 else "0"
        return f"count({how}), {invalid}, {old}"
    invalid = _times(f"{field.name} IS NULL AND {field.name}_raw IS NOT NULL")
    return f"count({field.name}) + {invalid}, {invalid}, 0"


def _times(condition: str) -> str:
    """SQL for the number of rows for which a condition holds; several times quicker than `FILTER`."""
    return f"coalesce(count_if({condition}), 0)"  # which is NULL where the condition always is


def _unfilled(field: Field, event: str | None, *, is_carer: bool) -> str:
    """The one of STATES that a cell is in where nothing stands."""
    if event not in field.events or (field.carers_only and not is_carer):
        return "not_applicable"
    is_needed = event in field.mandatory and not (field.service_users_only and is_carer)
    return "missing" if is_needed else "blank"


def _text(text: str | None) -> str:
    return literal(text) if text else "NULL"


def _date(day: date | None) -> str:
    return f"DATE '{day}'" if day else "CAST(NULL AS DATE)"
