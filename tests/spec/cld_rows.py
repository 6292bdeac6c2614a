"""A council's submissions from small text tables, for specifications of what becomes of their rows.

    council = Council(tmp_path, connection)
    council.sends("april.csv", covers="2024-04-01 2024-06-30", received="2024-07-20", rows='''
        person | event   | start      | end        | service_type
        Ann    | Service | 2024-04-10 |            | Long term support: Community
    ''')
    assert council.events() == [...]

Columns are field names, `FIELD_raw` for the text as received, or one of SHORT. A blank cell is NULL. Rows are numbered
from 2, as under a line of headings.
"""

import json
from datetime import date, timedelta

from outturn.engines.sql import literal
from outturn.records.areas import NO_CHANGES
from outturn.records.events import prepare
from outturn.records.methods import method
from outturn.records.store import Records
from outturn.records.workshop import filter_parameters, judging, rows_for
from outturn.returns.cleaning import sql_type
from outturn.returns.layout import load_layout

SHORT = {
    "person": "la_person_unique_identifier",
    "nhs": "nhs_number",
    "nhs_raw": "nhs_number_raw",
    "client": "client_type",
    "born": "date_of_birth",
    "died": "date_of_death",
    "reason": "primary_support_reason",
    "accommodation": "accommodation_status",
    "event": "event_type",
    "start": "event_start_date",
    "end": "event_end_date",
    "outcome": "event_outcome",
    "outcome_raw": "event_outcome_raw",
    "type": "service_type",
    "component": "service_component",
    "carer": "has_unpaid_carer",
    "linked_1": "adult_1_linked_person_id",
    "linked_3": "adult_3_linked_person_id",
}
COMMUNITY = "Long term support: Community"
Q1 = {"covers": "2024-04-01 2024-06-30", "received": "2024-07-20"}
Q2 = {"covers": "2024-07-01 2024-09-30", "received": "2024-10-20"}


def table(text):
    """A text table as dictionaries of its cells; blank cells are None."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [{name: cell or None for name, cell in zip(lines[0], line, strict=True)} for line in lines[1:]]


def write_rows(connection, path, rows, *, area="950"):
    """rows.parquet from dictionaries by field name; what is not given is NULL, but for event and client type."""
    fields = load_layout("cld").fields
    given = [{"event_type": "Service", "client_type": "Service user", **row} for row in rows]
    columns = ['CAST(r."row" AS INTEGER) AS "row"', "coalesce(r.area, " + literal(area) + ") AS area"]
    present = {name for row in given for name in row} | {"row", "area"}
    for field in fields:
        for name, kind in ((field.name, sql_type(field)), (f"{field.name}_raw", "VARCHAR")):
            columns.append(f"CAST({f'r.{name}' if name in present else 'NULL'} AS {kind}) AS {name}")
    names = sorted(present)
    values = [
        [row.get(name, number + 2 if name == "row" else None) for name in names] for number, row in enumerate(given)
    ]
    text = ", ".join(
        "(" + ", ".join("NULL" if cell is None else literal(str(cell)) for cell in row) + ")" for row in values
    )
    head = ", ".join(f'"{name}"' for name in names)
    source = (
        f"(VALUES {text}) AS r({head})"
        if values
        else f"(SELECT {', '.join(f'NULL AS {q}' for q in names)} LIMIT 0) AS r"
    )
    connection.execute(f"COPY (SELECT {', '.join(columns)} FROM {source}) TO {literal(path)} (FORMAT parquet)")


def months_of(start, end, *, area="950", each=10):
    """Month counts of a file that covers a period by every version: `each` events of three types every month."""
    months, month = [], start.replace(day=1)
    while month <= end:
        months += [
            {"area": area, "event": event, "month": f"{month:%Y-%m}", "started": each, "ended": each}
            for event in ("Request", "Assessment", "Service")
        ]
        month = (month + timedelta(days=31)).replace(day=1)
    return months


class Council:
    """A records folder of one council, filled by `sends`."""

    def __init__(self, folder, connection, area="950"):
        self.connection, self.area = connection, area
        self.records = Records(folder / "records")
        self.store = self.records.prepared / "cld"
        self.sequence = 0

    def sends(
        self, file, rows, *, covers, received, withdrawn=False, area=None, months=None, complaints=(), set_aside=()
    ):
        """Store a submission that covers two dates (as text, with a blank between). The submission's id."""
        area = area or self.area
        self.sequence += 1
        start, end = (date.fromisoformat(day) for day in covers.split())
        rows = [
            {SHORT.get(name, name): cell for name, cell in row.items()}
            for row in (table(rows) if isinstance(rows, str) else rows)
        ]
        name = f"{self.sequence:016x}"
        folder = self.records.folder / "cld" / name
        folder.mkdir(parents=True)
        write_rows(self.connection, folder / "rows.parquet", rows, area=area)
        found = ", ".join(f"({row}, {literal(rule)}, {literal(column)})" for row, rule, column in complaints)
        found = f"VALUES {found}" if found else "SELECT NULL, NULL, NULL LIMIT 0"
        self.connection.execute(
            'COPY (SELECT a::INTEGER AS "row", b::VARCHAR AS rule, c::VARCHAR AS "column" '
            f"FROM ({found}) AS x(a, b, c)) "
            f"TO {literal(folder / 'complaints.parquet')} (FORMAT parquet)"
        )
        aside = [json.dumps({"row": row, "why": why, "text": ""}) + "\n" for row, why in set_aside]
        (folder / "set-aside.jsonl").write_text("".join(aside), "utf-8")
        (folder / "report.json").write_text(
            json.dumps({"months": months_of(start, end, area=area) if months is None else months}), "utf-8"
        )
        (folder / "manifest.json").write_text(
            json.dumps({
                "return": "cld", "id": name, "file": file, "sequence": self.sequence, "areas": {area: len(rows)},
                "received": received if "T" in received else f"{received}T09:00:00", "rows": len(rows),
                "set_aside": len(aside), "release": 2, "period": {"claimed": [str(start), str(end)]},
            }),
            "utf-8",
        )  # fmt: skip
        if withdrawn:
            self.withdraws(name)
        return name

    def withdraws(self, name):
        (self.records.folder / "cld" / name / "withdrawn.json").write_text('{"because": "wrong file"}', "utf-8")

    def prepared(self, name="DHSC-2526", reading="executed", as_of="2026-06-30", codes=NO_CHANGES):
        return prepare(
            self.records.submissions("cld"), self.area, method(name, reading), as_of=date.fromisoformat(as_of),
            store=self.store, codes=codes, connection=self.connection,
        )  # fmt: skip

    def single(self, end, name="DHSC-2526", as_of="2026-06-30"):
        return prepare(
            self.records.submissions("cld"), self.area, method(name), single_to=date.fromisoformat(end),
            as_of=date.fromisoformat(as_of), store=self.store, connection=self.connection,
        )  # fmt: skip

    def events(self, columns="row", **how):
        """The events that remain, as tuples of columns in the order of files and rows; `row` is FILE:ROW."""
        return self.ask(self.prepared(**how).events, columns)

    def people(self, columns, **how):
        """The person table, as tuples of columns, by person."""
        found = self.connection.execute(
            f"SELECT {columns} FROM read_parquet({literal(self.prepared(**how).persons)}) ORDER BY person"
        ).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def reasons(self, **how):
        """Of each row that the filter left out: FILE:ROW and why."""
        found = {}
        for piece in (prepared := self.prepared(**how)).pieces:
            submission = next(one for one in self.records.submissions("cld") if one.id == piece.submission)
            rows = rows_for([(submission.rows_file, submission.sequence, piece.period)])
            judged = judging(rows, prepared.method, [self.area])
            out = self.connection.execute(
                judged + 'SELECT "row", reason FROM judged WHERE reason IS NOT NULL',
                filter_parameters(prepared.method, self.area),
            ).fetchall()
            assert len(out) == sum(piece.out.values())
            found |= {f"{piece.period.candidate.file}:{row}": reason for row, reason in out}
        return dict(sorted(found.items()))

    def superseded(self, **how):
        """Of each duplicate that lost: FILE:ROW, the winner's, and what decided."""
        found = self.connection.execute(
            f"SELECT * FROM read_parquet({literal(self.prepared(**how).superseded)}) ORDER BY record_id"
        ).fetchall()
        return [(self.place(record), self.place(winner), decided) for record, _, winner, decided in found]

    def ask(self, file, columns):
        columns = ", ".join("record_id" if name.strip() == "row" else name for name in columns.split(","))
        found = self.connection.execute(
            f"SELECT {columns}, record_id FROM read_parquet({literal(file)}) ORDER BY record_id"
        )
        position = [name.strip() for name in columns.split(",")]
        rows = [
            tuple(
                self.place(cell) if name == "record_id" else shown(cell)
                for name, cell in zip(position, row, strict=False)
            )
            for row in found.fetchall()
        ]
        return [row[0] if len(row) == 1 else row for row in rows]

    def place(self, record):
        sequence, row = divmod(record, 1_000_000_000)
        return f"{next(one.file for one in self.records.submissions('cld') if one.sequence == sequence)}:{row}"


def shown(cell):
    return str(cell) if isinstance(cell, date) else cell
