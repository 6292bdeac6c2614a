"""One row per person of a council, from all its joined events; and the age rule.

The table is not cut at a year's end: a person's latest details count, those recorded after the year included, as in the
national program. Only whether someone has an unpaid carer depends on the year asked about; see `persons_in`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from outturn.engines.sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PERSONS_VERSION = "2"  # raise when persons.sql, accommodation.sql or this file would give other rows
SQL = Path(__file__).parent / "sql"
UNKNOWN = "Unknown"
UNDECLARED = "No data: Undeclared or not known"
REFUSED = "No data: Refused"
INVALID = "Invalid and not mapped"
SUPPORT_TO_CARER = "Social support: Support to unpaid carer"
FUNDING = ("Fully client funded", "Joint client and social care funded", "Fully social care funded")

COLUMNS: Mapping[str, str] = {
    "la_code": "the council",
    "person": "as in the events",
    "birth_date": "the earliest in the latest reference period that has one; NULL unknown",
    "birth_month": "its first day of the month, which ages are reckoned from",
    "death_date": "the latest in the latest reference period that has one; NULL none known",
    "gender": "latest known; Unknown where none is, or where equally recent rows differ. So too the following",
    "ethnicity": "a real one before Refused before “No data: Undeclared or not known”, which stands for unknown",
    "ethnicity_group": "its words before the colon, such as White; No data where it was refused or is not known",
    "primary_support_reason": "“Social support: Support to unpaid carer” gives way to any other reason",
    "accommodation_status": "latest known, or else what the person's services say; or that of the event that started "
    "last, by the method",
    "accommodation_derived": "whether it was taken from services",
    "settled": "whether that is in their own home or with family",
    "employment_status": "keeps Invalid and not mapped",
    "has_unpaid_carer": "as recorded: Yes, No, Unknown. For a year use `persons_in`",
    "visual_impairment": "",
    "hearing_impairment": "",
    "dementia": "",
    "autism": "",
    "client_funding_status": "one of the three real values, or Unknown",
}

AGE_SQL = (
    "CREATE OR REPLACE TEMP MACRO age_on(birth, on_day) AS "
    "CAST(floor(date_diff('day', date_trunc('month', birth), on_day) / 365.25) AS INTEGER)"
)


def age_on(birth: date, at: date) -> int:
    """Age as the national programs reckon it: days since the first of the month of birth in years of 365.25 days."""
    return int((at - birth.replace(day=1)).days * 4 // 1461)


@dataclass(frozen=True, slots=True)
class Attribute:
    """How one attribute is read from a row: SQL for its value, and for how well it is known, 0 being not at all.

    Rows are sorted by that and by how recent they are, unless `sorted_by` says otherwise; the greatest speak.
    """

    name: str
    value: str
    known: str
    otherwise: str = UNKNOWN
    sorted_by: str | None = None

    @property
    def order(self) -> str:
        """SQL for a row's place, a number."""
        return self.sorted_by or f"({self.known}) * above + recency"


def _plain(name: str) -> Attribute:
    value = f"coalesce(nullif({name}, {literal(INVALID)}), {literal(UNKNOWN)})"
    return Attribute(name, value, f"CASE WHEN {value} <> {literal(UNKNOWN)} THEN 1 ELSE 0 END")


def _attributes(latest_start: bool) -> list[Attribute]:
    ethnicity = f"coalesce(nullif(ethnicity, {literal(INVALID)}), {literal(UNDECLARED)})"
    reason = _plain("primary_support_reason").value
    employment = f"coalesce(employment_status, {literal(UNKNOWN)})"
    funding = f"CASE WHEN client_funding_status IN {FUNDING} THEN client_funding_status ELSE {literal(UNKNOWN)} END"
    housing = _plain("accommodation_status")
    if latest_start:  # of events that started on the same day the known speak, and must agree
        housing = replace(housing, sorted_by=f"days(start_date) * 2 + {housing.known}")
    return [
        _plain("gender"),
        Attribute(
            "ethnicity", ethnicity,
            f"CASE {ethnicity} WHEN {literal(UNDECLARED)} THEN 0 WHEN {literal(REFUSED)} THEN 1 ELSE 2 END", UNDECLARED,
        ),
        Attribute(
            "primary_support_reason", reason,
            f"CASE WHEN {reason} IN ({literal(UNKNOWN)}, {literal(SUPPORT_TO_CARER)}) THEN 0 ELSE 1 END",
        ),
        housing,
        Attribute(
            "employment_status", employment,
            f"CASE WHEN {employment} IN ({literal(UNKNOWN)}, {literal(INVALID)}) THEN 0 ELSE 1 END",
        ),
        _plain("has_unpaid_carer"),
        _plain("visual_impairment"),
        _plain("hearing_impairment"),
        _plain("dementia"),
        _plain("autism"),
        Attribute("client_funding_status", funding, f"CASE WHEN {funding} <> {literal(UNKNOWN)} THEN 1 ELSE 0 END"),
    ]  # fmt: skip


def make_persons(
    connection: "DuckDBPyConnection", folder: Path, settled: Mapping[str, bool], *, latest_start: bool = False
) -> int:
    """Write persons.parquet and cared-for.parquet beside the folder's events.parquet. The number of people.

    `settled` says of each accommodation status whether it is the person's own home or their family's. With
    `latest_start` it is that of the event that started last, and services are not asked (NHS England's way).
    """
    events = literal(folder / "events.parquet")
    found = _attributes(latest_start)
    connection.execute(
        _sql("persons").format(
            events=events,
            values=", ".join(f"{one.value} AS {one.name}, {one.order} AS by_{one.name}" for one in found),
            latest=", ".join(f"max(by_{one.name}) AS latest_{one.name}" for one in found),
            agreed=", ".join(
                f"agreed(min({one.name}) FILTER (by_{one.name} = latest_{one.name}), "
                f"max({one.name}) FILTER (by_{one.name} = latest_{one.name}), {literal(one.otherwise)}) AS {one.name}"
                for one in found
            ),
        )
    )
    connection.execute(_sql("accommodation").format(events=events, asked=not latest_start))
    at_home = ", ".join(literal(status) for status, is_settled in sorted(settled.items()) if is_settled)
    connection.execute(f"""
        COPY (
            SELECT
                (SELECT any_value(la_code) FROM read_parquet({events})) AS la_code,
                attributes.person AS person,
                birth_date, CAST(date_trunc('month', birth_date) AS DATE) AS birth_month, death_date,
                gender, ethnicity, split_part(ethnicity, ':', 1) AS ethnicity_group, primary_support_reason,
                coalesce(derived.status, accommodation_status) AS accommodation_status,
                derived.status IS NOT NULL AS accommodation_derived,
                coalesce(derived.status, accommodation_status) IN ({at_home}) AS settled,
                employment_status, has_unpaid_carer, visual_impairment, hearing_impairment, dementia, autism,
                client_funding_status
            FROM attributes LEFT JOIN derived ON derived.person = attributes.person
            ORDER BY person
        ) TO {literal(folder / "persons.parquet")} (FORMAT parquet, COMPRESSION zstd)
    """)
    connection.execute(f"""
        COPY (
            WITH carers AS (
                SELECT unnest([linked_1, linked_2, linked_3]) AS own_number, start_date, end_date
                FROM read_parquet({events})
                WHERE client_type LIKE 'Unpaid carer%'
            )
            SELECT DISTINCT people.person, carers.start_date, carers.end_date
            FROM carers
            JOIN (SELECT DISTINCT person, own_number FROM read_parquet({events})) AS people
                ON people.own_number = carers.own_number
            ORDER BY ALL
        ) TO {literal(folder / "cared-for.parquet")} (FORMAT parquet, COMPRESSION zstd)
    """)
    people = connection.execute("SELECT count(*) FROM attributes").fetchone()
    connection.execute("DROP TABLE attributes")
    connection.execute("DROP TABLE derived")
    return int(people[0]) if people else 0


def persons_in(persons: Path, cared_for: Path, start: date, end: date) -> str:
    """SQL of the person table for a reporting year, both days included.

    It differs in `has_unpaid_carer`: Yes for everyone whom an unpaid carer's record of that year names.
    """
    return (
        f"SELECT * REPLACE (CASE WHEN person IN (SELECT person FROM read_parquet({literal(cared_for)}) "
        f"WHERE start_date <= DATE '{end}' AND (end_date IS NULL OR end_date >= DATE '{start}')) "
        f"THEN 'Yes' ELSE has_unpaid_carer END AS has_unpaid_carer) FROM read_parquet({literal(persons)})"
    )


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text("utf-8")
