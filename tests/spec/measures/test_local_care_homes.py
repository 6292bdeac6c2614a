"""Care homes: HOME-ADMISSIONS and BED-WEEKS."""

import pytest

from tests.spec.measure_stories import Stories

RESIDENTIAL = "Long term support: Residential care | Long term residential care"
NURSING = "Long term support: Nursing care | Long term nursing care"
SHORT = "Short term support: Other short term | Short term residential care"
STORIES = f"""
story | start | end | type | component | born | died | funding
all year | 2023-01-01 |     | {RESIDENTIAL} | 1940-01-01 |      |
one day | 2024-06-01 | 2024-06-01 | {RESIDENTIAL} | 1940-01-01 |      |
over the year's end | 2025-03-31 | 2025-04-01 | {RESIDENTIAL} | 1940-01-01 |      |
ended on 1 April | 2023-01-01 | 2024-04-01 | {RESIDENTIAL} | 1940-01-01 |      |
ended on 31 March | 2023-01-01 | 2024-03-31 | {RESIDENTIAL} | 1940-01-01 |      |
moved homes | 2024-05-01 | 2024-05-10 | {RESIDENTIAL} | 1940-01-01 |      |
moved homes | 2024-05-10 | 2024-05-20 | {NURSING} | 1940-01-01 |      |
two services | 2024-05-01 | 2024-05-10 | {RESIDENTIAL} | 1940-01-01 |      |
two services | 2024-05-01 | 2024-05-07 | {NURSING} | 1940-01-01 |      |
short inside long | 2024-05-01 | 2024-05-31 | {RESIDENTIAL} | 1940-01-01 |      |
short inside long | 2024-05-05 | 2024-05-06 | {NURSING} | 1940-01-01 |      |
short inside long | 2024-05-20 | 2024-06-02 | {NURSING} | 1940-01-01 |      |
turns 65 | 2024-05-01 | 2024-06-10 | {NURSING} | 1959-06-20 |      |
64 throughout | 2024-05-01 | 2024-05-31 | {NURSING} | 1959-06-20 |      |
45    | 2024-05-01 |     | {NURSING} | 1979-06-20 |      |
17    | 2024-05-01 |     | {NURSING} | 2007-06-20 |      |
age not known | 2024-05-01 | 2024-05-07 | {NURSING} | unknown   |      |
pays in full | 2024-05-01 | 2024-05-07 | {RESIDENTIAL} | 1940-01-01 |      | Fully client funded
short stay | 2024-05-01 | 2024-05-07 | {SHORT} | 1940-01-01 |      |
died there | 2024-05-01 |     | {RESIDENTIAL} | 1940-01-01 | 2024-05-14 |
back after 365 days | 2023-01-01 | 2023-05-01 | {RESIDENTIAL} | 1940-01-01 |      |
back after 365 days | 2024-04-30 | 2024-05-06 | {RESIDENTIAL} | 1940-01-01 |      |
back after 364 days | 2023-01-01 | 2023-05-01 | {RESIDENTIAL} | 1940-01-01 |      |
back after 364 days | 2024-04-29 | 2024-05-05 | {RESIDENTIAL} | 1940-01-01 |      |
""".replace("funding", "client_funding_status", 1)
YEAR = {"year": "2024-25"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return Stories(STORIES, tmp_path_factory.mktemp("homes"))


def days(told, story, **when):
    return sum(row["amount"] for row in told.cohort("BED-WEEKS", **(when or YEAR))[story] if row["counted"])


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("all year", 365),
        ("one day", 1),
        ("over the year's end", 1),
        ("ended on 1 April", 1),
        ("ended on 31 March", 0),
        ("moved homes", 20),  # the day of the move counts once
        ("two services", 10),
        ("short inside long", 33),  # 1 May to 2 June
        ("turns 65", 10),  # from the first day of the month of birth
        ("64 throughout", 0),
        ("45", 0),
        ("age not known", 0),
        ("pays in full", 0),
        ("short stay", 0),
        ("died there", 14),
    ],
)
def test_days_in_a_care_home(told, story, expected):
    assert days(told, story) == expected


def test_a_day_counts_for_the_service_that_began_first(told):
    rows = told.cohort("BED-WEEKS", **YEAR)["short inside long"]
    assert [(row["setting"], row["amount"], row["step"]) for row in rows] == [
        ("Residential care", 31, "days in the period"),
        ("Nursing care", 0, "days counted in another stay"),
        ("Nursing care", 2, "days in the period"),
    ]


def test_who_is_left_out_says_why(told):
    found = told.cohort("BED-WEEKS", **YEAR)
    assert [row["step"] for row in found["pays in full"]] == ["pays in full"]
    assert [(row["step"], row["age_band"]) for row in found["age not known"]] == [("birth date not known", "Unknown")]


def test_months_add_up_to_the_year(told):
    months = ["April 2024", "May 2024", "June 2024", "July 2024", "August 2024", "September 2024", "October 2024",
              "November 2024", "December 2024", "January 2025", "February 2025", "March 2025"]  # fmt: skip
    by_month = [one.amount for one in told.counts("BED-WEEKS", period=months, by=[()])]
    (year,) = told.counts("BED-WEEKS", **YEAR, by=[()])
    assert sum(by_month) == year.amount == 365 + 1 + 1 + 1 + 20 + 10 + 33 + 10 + 14 + 7 + 7


def admitted(told, **when):
    found = told.cohort("HOME-ADMISSIONS", **(when or YEAR))
    return {story: rows[0]["age_band"] for story, rows in found.items() if rows[0]["counted"]}


def test_admissions_in_a_year(told):
    "A move between homes, two services on one day and a stay of one day are one admission each."
    older = {
        "one day", "over the year's end", "moved homes", "two services", "short inside long", "pays in full",
        "died there", "back after 365 days",
    }  # fmt: skip
    younger = {"turns 65", "64 throughout", "45"}
    assert admitted(told) == dict.fromkeys(older, "65 and above") | dict.fromkeys(younger, "18 to 64")


def test_back_within_a_year_is_not_new(told):
    rows = told.cohort("HOME-ADMISSIONS", **YEAR)["back after 364 days"]
    assert {(row["counted"], row["step"]) for row in rows} == {(0, "in a care home less than a year before")}


@pytest.mark.parametrize(
    ("period", "story", "there"),
    [
        ("March 2025", "over the year's end", True),
        ("April 2025", "over the year's end", False),
        ("April 2024", "back after 365 days", True),
        ("May 2024", "back after 365 days", False),
        ("2024/25 to 31 May 2024", "one day", False),
        ("2024/25 to 1 June 2024", "one day", True),
    ],
)
def test_a_month_and_the_year_to_date(told, period, story, there):
    assert (story in admitted(told, period=period)) is there


def test_over_a_year_they_are_the_numerators_of_2b_and_2c(told):
    ours, younger, older = (
        {
            one.breakdown["age_band"]: one.numerator
            for one in told.counts(code, **YEAR, by=[("age_band",)])
            if one.part in (None, "aged 18 and over")
        }
        for code in ("HOME-ADMISSIONS", "2B", "2C")
    )
    assert ours["18 to 64"] == younger["18 to 64"] == 3
    assert ours["65 and above"] == older["65 and above"] == 8


def test_the_part_of_65_and_over_and_unknown_ages_beside_it(told):
    counts = {one.part: one for one in told.counts("HOME-ADMISSIONS", **YEAR, by=[()])}
    assert {part: one.numerator for part, one in counts.items()} == {"aged 18 and over": 11, "aged 65 and over": 8}
    assert {str(dict(one.side_counts)) for one in counts.values()} == {"{'unknown birth date': 1}"}
