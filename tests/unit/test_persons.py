"""One row per person (2.8), and the age rule (2.7)."""

from datetime import date

import pytest

from outturn.records.persons import AGE_SQL, COLUMNS, age_on, persons_in
from tests.spec.cld_rows import COMMUNITY, Q1, Q2

UNDECLARED = "No data: Undeclared or not known"
IRISH = "White: Irish"
OWNER = "Owner occupier or shared ownership scheme"
CARE_HOME = "Registered care home"


# Age

AGES = [
    ("1960-03", "2025-03-01", 64),
    ("1960-03", "2025-03-02", 65),
    ("1960-04", "2025-03-31", 64),
    ("1960-04", "2025-04-01", 64),
    ("1959-04", "2024-04-01", 65),
    ("2007-03", "2025-03-01", 18),
    ("2008-03", "2026-03-01", 17),
    ("2007-01", "2024-12-01", 17),  # A7
    ("1959-06", "2024-06-01", 65),  # A12
]


@pytest.mark.parametrize(("birth", "at", "age"), AGES)
def test_age_is_reckoned_from_the_first_of_the_month_of_birth(connection, birth, at, age):
    connection.execute(AGE_SQL)
    for day in ("01", "28"):
        born, on = date.fromisoformat(f"{birth}-{day}"), date.fromisoformat(at)
        assert age_on(born, on) == age
        assert connection.execute("SELECT age_on($1::DATE, $2::DATE)", [born, on]).fetchone() == (age,)


def test_age_of_an_unknown_birth_is_unknown(connection):
    connection.execute(AGE_SQL)
    assert connection.execute("SELECT age_on(NULL::DATE, DATE '2025-03-31')").fetchone() == (None,)


# Attributes


def test_one_row_per_person_with_every_column(council, connection):
    council.sends("a.csv", "person | start\nAnn | 2024-05-01\nAnn | 2024-05-02\nBen | 2024-05-01", **Q1)
    assert council.people("la_code, person") == [("950", "950_ANN"), ("950", "950_BEN")]
    columns = connection.execute(f"DESCRIBE FROM '{council.prepared().persons}'").fetchall()
    assert [name for name, *_ in columns] == list(COLUMNS)


def test_the_latest_counts_and_known_comes_before_unknown(council):
    """By reference period, then end (open last of all), then start. Example 10 of 2E is the first of these."""
    council.sends("a.csv", f"""
        person | start      | end        | accommodation | gender
        P1     | 2024-05-01 | 2024-05-02 | {OWNER}       | Male
        P2     | 2024-05-01 |            | {OWNER}       | Male
        P3     | 2024-05-01 | 2024-05-02 | {OWNER}       | Male
        P3     | 2024-04-01 | 2024-05-03 | {CARE_HOME}   | Female
        P4     | 2024-05-01 | 2024-06-30 | {OWNER}       | Male
        P4     | 2024-04-01 |            | {CARE_HOME}   | Female
        P5     | 2024-05-01 | 2024-05-09 | {OWNER}       | Male
        P5     | 2024-05-02 | 2024-05-09 | {CARE_HOME}   | Female
    """, **Q1)  # fmt: skip
    council.sends("b.csv", f"""
        person | start      | end        | accommodation          | gender
        P1     | 2024-08-01 |            | Unknown                | Invalid and not mapped
        P2     | 2024-08-01 | 2024-08-02 | {CARE_HOME}            | Female
        P4     | 2024-04-01 |            | {CARE_HOME}            | Female
    """, **Q2)  # fmt: skip
    assert council.people("accommodation_status, gender, settled") == [
        (OWNER, "Male", True), *[(CARE_HOME, "Female", False)] * 4,
    ]  # fmt: skip


def test_equally_recent_rows_that_differ_make_an_attribute_unknown(council):
    "A30. The rest of the row does not matter: each attribute is looked at by itself."
    council.sends("a.csv", f"""
        person | start      | end        | type | gender | ethnicity | employment_status
        Ann    | 2024-05-01 | 2024-05-09 | one  | Male   | {IRISH}   | Unknown
        Ann    | 2024-05-01 | 2024-05-09 | two  | Female | White: Roma | Invalid and not mapped
        Ben    | 2024-05-01 | 2024-05-09 | one  | Male   | {IRISH}   | Invalid and not mapped
        Ben    | 2024-05-01 | 2024-05-09 | two  | Male   |           | Invalid and not mapped
    """, **Q1)  # fmt: skip
    assert council.people("gender, ethnicity, employment_status") == [
        ("Unknown", UNDECLARED, "Unknown"), ("Male", IRISH, "Invalid and not mapped"),
    ]  # fmt: skip


def test_a_conflict_among_known_values_is_not_settled_by_an_older_row(council):
    council.sends("a.csv", "person | start | end | gender\nAnn | 2024-05-01 | 2024-05-02 | Male", **Q1)
    council.sends("b.csv", """
        person | start      | end        | type | gender
        Ann    | 2024-07-01 | 2024-07-09 | one  | Male
        Ann    | 2024-07-01 | 2024-07-09 | two  | Female
    """, **Q2)  # fmt: skip
    assert council.people("gender") == ["Unknown"]


def test_ethnicity_a_real_one_before_refused_before_undeclared(council):
    council.sends("a.csv", f"""
        person | start      | ethnicity
        Ann    | 2024-05-01 | {IRISH}
        Ann    | 2024-05-02 | No data: Refused
        Ben    | 2024-05-01 | No data: Refused
        Ben    | 2024-05-02 | {UNDECLARED}
        Cam    | 2024-05-01 | Invalid and not mapped
    """, **Q1)  # fmt: skip
    assert council.people("ethnicity, ethnicity_group") == [
        (IRISH, "White"), ("No data: Refused", "No data"), (UNDECLARED, "No data"),
    ]  # fmt: skip


def test_support_to_a_carer_is_a_reason_only_where_no_other_is_known(council):
    carer, physical = "Social support: Support to unpaid carer", "Physical support: Personal care support"
    council.sends("a.csv", f"""
        person | start      | reason
        Ann    | 2024-05-01 | {physical}
        Ann    | 2024-05-02 | {carer}
        Ben    | 2024-05-01 | {carer}
        Cam    | 2024-05-01 | {carer}
        Cam    | 2024-05-02 |
    """, **Q1)  # fmt: skip
    assert council.people("primary_support_reason") == [physical, carer, "Unknown"]


def test_funding_is_one_of_the_three_or_unknown(council):
    council.sends("a.csv", """
        person | start      | client_funding_status
        Ann    | 2024-05-01 | Fully client funded
        Ann    | 2024-05-02 | Paid by the neighbours
        Ben    | 2024-05-01 | Invalid and not mapped
    """, **Q1)  # fmt: skip
    assert council.people("client_funding_status") == ["Fully client funded", "Unknown"]


def test_the_earliest_birth_and_the_latest_death_of_the_latest_period_that_has_one(council):
    council.sends("a.csv", """
        person | start      | born       | died
        Ann    | 2024-05-01 | 1930-01-01 | 2025-01-01
        Ben    | 2024-05-01 | 1940-05-17 | 2025-02-01
    """, **Q1)  # fmt: skip
    council.sends("b.csv", """
        person | start      | born       | died
        Ann    | 2024-08-01 | 1941-06-20 | 2024-12-01
        Ann    | 2024-08-02 | 1941-06-10 | 2024-12-02
        Ben    | 2024-08-01 |            |
        Cam    | 2024-08-01 | 1800-01-01 |
    """, **Q2)  # fmt: skip
    assert council.people("CAST(birth_date AS VARCHAR), CAST(birth_month AS VARCHAR), CAST(death_date AS VARCHAR)") == [
        ("1941-06-10", "1941-06-01", "2024-12-02"), ("1940-05-17", "1940-05-01", "2025-02-01"), (None, None, None),
    ]  # fmt: skip


def test_details_recorded_after_the_year_count_too(council):
    "The table is not cut at the year's end."
    council.sends(
        "a.csv",
        f"person | start | accommodation\nAnn | 2024-05-01 | {OWNER}",
        covers="2024-04-01 2025-03-31",
        received="2025-04-20",
    )
    council.sends(
        "b.csv",
        f"person | start | accommodation\nAnn | 2025-06-01 | {CARE_HOME}",
        covers="2025-04-01 2025-06-30",
        received="2025-07-20",
    )
    assert council.people("accommodation_status") == [CARE_HOME]
    assert council.people("accommodation_status", as_of="2025-07-01") == [OWNER]


# Accommodation from services

FALLBACK = [  # type, component, status, settled
    ("Long term support: Nursing care", None, "Registered nursing home", False),
    ("Long term support: Nursing care", "Shared Lives", "Registered nursing home", False),
    ("Long term support: Residential care", None, "Registered care home", False),
    (COMMUNITY, "Shared Lives", "Shared Lives scheme", True),
    (COMMUNITY, "Extra care housing", "Sheltered housing, extra care housing or other sheltered housing", True),
    (
        "Short term support: ST-Max",
        "Extra care housing",
        "Sheltered housing, extra care housing or other sheltered housing",
        True,
    ),
    (None, "Shared Lives", "Shared Lives scheme", True),
    (
        COMMUNITY,
        "Community supported living",
        "Supported accommodation, supported lodgings or supported group home",
        True,
    ),
    (COMMUNITY, "Home support or domiciliary care", "Unknown: Presumed at home", True),
    (COMMUNITY, "Day support", "Unknown: Presumed in community", False),
    (COMMUNITY, None, "Unknown: Presumed in community", False),
    ("Long term support: Prison", None, "Prison, young offenders institution or detention centre", False),
    (
        "Long term support: Prison",
        "Home support or domiciliary care",
        "Prison, young offenders institution or detention centre",
        False,
    ),
    ("Short term support: ST-Max", "Home support or domiciliary care", "Unknown", False),
    ("Short term support: Other short term", None, "Unknown", False),
    (None, None, "Unknown", False),
]


def test_what_the_services_say_where_no_accommodation_is_known(council):
    council.sends("a.csv", [
        {"person": f"P{number:02}", "start": "2024-05-01", "type": kind, "component": component}
        for number, (kind, component, _, _) in enumerate(FALLBACK)
    ], **Q1)  # fmt: skip
    assert council.people("accommodation_status, settled") == [(status, settled) for *_, status, settled in FALLBACK]
    assert council.people("accommodation_derived") == [status != "Unknown" for *_, status, _ in FALLBACK]


def test_a_person_without_services_stays_unknown(council):
    council.sends(
        "a.csv", "person | event | start | end | type\nAnn | Review | 2024-05-01 | 2024-05-02 | " + COMMUNITY, **Q1
    )
    assert council.people("accommodation_status, settled") == [("Unknown", False)]


def test_which_service_speaks(council):
    """The open before the ended, the later before the earlier end, the higher type, the component that says something,
    the later start; and of those that tie, one type and one telling component or none. Example 5 of 2E is the last."""
    nursing, residential = "Long term support: Nursing care", "Long term support: Residential care"
    council.sends("a.csv", f"""
        person | start      | end        | type          | component
        P1     | 2024-05-01 | 2024-06-01 | {nursing}     |
        P1     | 2024-04-01 |            | {COMMUNITY}   | Shared Lives
        P2     | 2024-05-01 | 2024-05-08 | {nursing}     |
        P2     | 2024-04-01 | 2024-05-09 | {COMMUNITY}   | Shared Lives
        P3     | 2024-05-01 |            | {residential} |
        P3     | 2024-05-02 |            | {COMMUNITY}   | Shared Lives
        P4     | 2024-05-01 |            | {COMMUNITY}   | Shared Lives
        P4     | 2024-05-02 |            | {COMMUNITY}   | Day support
        P5     | 2024-05-01 |            | {COMMUNITY}   | Shared Lives
        P5     | 2024-05-02 |            | {COMMUNITY}   | Extra care housing
        P6     | 2024-05-01 |            | {COMMUNITY}   | Shared Lives
        P6     | 2024-05-01 |            | {COMMUNITY}   | Home support or domiciliary care
    """, **Q1)  # fmt: skip
    assert council.people("accommodation_status") == [
        "Shared Lives scheme", "Shared Lives scheme", "Registered care home", "Shared Lives scheme",
        "Sheltered housing, extra care housing or other sheltered housing", "Unknown: Presumed in community",
    ]  # fmt: skip


def test_a_conflict_of_accommodation_is_unknown_and_the_services_are_asked(council):
    "Example 9 of 2E."
    council.sends("a.csv", f"""
        person | start      | type        | component   | accommodation
        Ann    | 2024-05-01 | {COMMUNITY} | Day support | {OWNER}
        Ann    | 2024-05-01 | {COMMUNITY} | Meals       | {CARE_HOME}
    """, **Q1)  # fmt: skip
    assert council.people("accommodation_status, accommodation_derived") == [("Unknown: Presumed in community", True)]


def test_a_known_accommodation_is_not_second_guessed(council):
    council.sends(
        "a.csv",
        f"person | start | type | accommodation\nAnn | 2024-05-01 | Long term support: Nursing care | {OWNER}",
        **Q1,
    )
    assert council.people("accommodation_status, settled, accommodation_derived") == [(OWNER, True, False)]


# Accommodation by the latest start (NHS England 2023-24)


def test_the_event_that_started_last_says_where_the_person_lives_known_or_not(council):
    """Neither a later end nor a known status outweighs a later start; of one day's events the known speak, and must
    agree; and services are not asked."""
    nursing, review = "Service | Long term support: Nursing care", "Review |"
    council.sends("a.csv", f"""
        person | event | type | start      | end        | accommodation
        P1     | {nursing}    | 2023-05-01 |            | {OWNER}
        P1     | {review}     | 2023-05-02 | 2023-05-02 | {CARE_HOME}
        P2     | {nursing}    | 2023-05-01 |            | {OWNER}
        P2     | {review}     | 2023-05-02 | 2023-05-02 | Unknown
        P3     | {nursing}    | 2023-05-01 |            |
        P3     | {review}     | 2023-05-01 | 2023-05-02 | {OWNER}
        P4     | {nursing}    | 2023-05-01 |            | {OWNER}
        P4     | {review}     | 2023-05-01 | 2023-05-02 | {CARE_HOME}
        P5     | {nursing}    | 2023-05-01 |            |
    """, covers="2023-04-01 2024-03-31", received="2024-04-20")  # fmt: skip
    unknown = ("Unknown", False, False)
    found = council.people("accommodation_status, settled, accommodation_derived", name="NHSE-2324", as_of="2024-07-01")
    assert found == [
        (CARE_HOME, False, False), unknown, (OWNER, True, False), unknown, unknown,
    ]  # fmt: skip
    assert council.people("accommodation_status", as_of="2024-07-01") == [
        OWNER, OWNER, OWNER, OWNER, "Registered nursing home",
    ]  # fmt: skip


# Unpaid carers


def test_a_person_named_in_a_carers_record_of_the_year_has_an_unpaid_carer(council, connection):
    "Known by the council's number in the carer's record, and by the NHS number in the person's own rows."
    council.sends("a.csv", """
        person | nhs        | client       | start      | end        | carer | linked_1 | linked_3
        ann    | 9434765919 | Service user | 2023-05-01 |            | No    |          |
        BEN    |            | Service user | 2023-05-01 |            |       |          |
        Cam    |            | Unpaid carer | 2023-05-01 | 2024-03-31 | Yes   | ANN      | ben
        Dot    |            | Service user | 2023-05-01 |            |       | Cam      |
    """, covers="2023-04-01 2024-06-30", received="2024-07-20")  # fmt: skip
    prepared = council.prepared()
    for start, end, expected in [
        (date(2023, 4, 1), date(2024, 3, 31), ["Yes", "Yes", "Yes", "Unknown"]),
        (date(2024, 4, 1), date(2025, 3, 31), ["No", "Unknown", "Yes", "Unknown"]),
        (date(2022, 4, 1), date(2023, 4, 30), ["No", "Unknown", "Yes", "Unknown"]),
    ]:
        query = persons_in(prepared.persons, prepared.cared_for, start, end)
        found = connection.execute(f"SELECT has_unpaid_carer FROM ({query}) ORDER BY person").fetchall()
        assert [row[0] for row in found] == expected
