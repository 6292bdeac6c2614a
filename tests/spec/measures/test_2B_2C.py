"""2B and 2C: new long-term admissions to care homes (3.2; vectors A10 to A13), each case a person."""

import pytest

from tests.spec.cld_rows import table
from tests.spec.measure_stories import Stories

RESIDENTIAL, NURSING = "Long term support: Residential care", "Long term support: Nursing care"
HOMES = {  # how the stories call a service: its type and component
    "residential": (RESIDENTIAL, "Long term residential care"),
    "nursing": (NURSING, "Long term nursing care"),
    "blank": (RESIDENTIAL, None),
    "short": (RESIDENTIAL, "Short term residential care"),
    "day": (RESIDENTIAL, "Day support"),
    "invalid": (RESIDENTIAL, "Invalid and not mapped"),
    "community": ("Long term support: Community", "Long term residential care"),
    "short term": ("Short term support: Other short term", "Long term residential care"),
}
OUTCOMES = {"pays": "NFA: Self-funded client or under 12wk disregard", "deceased": "NFA: Deceased", None: None}
# Born on 15 June 1942 where it is not said. `counts` is the measure that counts the person for 2024-25.
WORKED = """
    story                  | counts | home        | start      | end        | born       | died       | outcome
    1 new                  | 2C     | residential | 2024-05-10 |            |            |            |
    2 moved home           |        | residential | 2022-01-01 | 2024-08-31 |            |            |
    2 moved home           |        | nursing     | 2024-09-01 |            |            |            |
    3 back after 365 days  | 2C     | residential | 2023-01-01 | 2023-05-01 |            |            |
    3 back after 365 days  | 2C     | residential | 2024-04-30 |            |            |            |
    4 back after 364 days  |        | residential | 2023-01-01 | 2023-05-01 |            |            |
    4 back after 364 days  |        | residential | 2024-04-29 |            |            |            |
    5 blank component      |        | blank       | 2024-06-01 |            | 1955-01-01 |            |
    6 short component      |        | short       | 2024-06-01 |            | 1955-01-01 |            |
    7 paid before          |        | residential | 2024-06-01 | 2024-09-30 | 1950-01-01 |            | pays
    7 paid before          |        | residential | 2024-10-01 |            | 1950-01-01 |            |
    8 birth not known      |        | nursing     | 2024-07-01 |            | unknown    |            |
    9 died in July         | 2B     | nursing     | 2024-07-01 |            | 1979-06-15 | 2024-07-20 |
    10 two on one day      | 2C     | residential | 2024-07-01 |            | 1957-01-01 |            |
    10 two on one day      | 2C     | nursing     | 2024-07-01 |            | 1957-01-01 |            |
    A10 away 365 days      | 2C     | residential | 2022-05-01 | 2023-04-02 |            |            |
    A10 away 365 days      | 2C     | residential | 2024-04-01 |            |            |            |
    A11 away 364 days      |        | residential | 2022-05-01 | 2023-04-03 |            |            |
    A11 away 364 days      |        | residential | 2024-04-01 |            |            |            |
    A12 65 that day        | 2C     | residential | 2024-06-01 |            | 1959-06-20 |            |
    A13 64 on the last day | 2B     | residential | 2025-03-31 |            | 1960-04-20 |            |
"""
EDGES = """
    story                   | counts | home        | start      | end        | born       | died       | outcome
    64 the day before       | 2B     | residential | 2024-05-31 |            | 1959-06-20 |            |
    18 that day             | 2B     | residential | 2025-03-01 |            | 2007-03-20 |            |
    17 that day             |        | residential | 2025-03-31 |            | 2007-04-20 |            |
    on the day before       |        | residential | 2024-03-31 |            |            |            |
    on the first day        | 2C     | residential | 2024-04-01 | 2024-04-01 |            |            |
    on the last day         | 2C     | residential | 2025-03-31 |            |            |            |
    on the day after        |        | residential | 2025-04-01 |            |            |            |
    died on the first day   | 2C     | residential | 2024-04-01 |            |            | 2024-04-01 |
    died on the day before  |        | residential | 2024-03-01 |            |            | 2024-03-31 |
    died on the day before  |        | residential | 2024-04-01 |            |            |            |
    still in another        |        | residential | 2022-05-01 |            |            |            |
    still in another        |        | nursing     | 2024-05-01 |            |            |            |
    another ends later      |        | residential | 2022-05-01 | 2024-12-01 |            |            |
    another ends later      |        | nursing     | 2024-05-01 |            |            |            |
    not the last that began |        | residential | 2022-05-01 | 2024-03-01 |            |            |
    not the last that began |        | residential | 2022-06-01 | 2022-07-01 |            |            |
    not the last that began |        | residential | 2024-05-01 |            |            |            |
    second within the year  | 2C     | residential | 2024-05-01 | 2024-05-31 |            |            |
    second within the year  | 2C     | nursing     | 2024-06-01 |            |            |            |
    ends before its start   | 2C     | residential | 2024-05-01 | 2024-04-15 |            |            |
    blank stay before       | 2C     | blank       | 2024-01-01 | 2024-04-30 |            |            |
    blank stay before       | 2C     | residential | 2024-05-01 |            |            |            |
    short stay before       | 2C     | short       | 2024-01-01 | 2024-04-30 |            |            |
    short stay before       | 2C     | residential | 2024-05-01 |            |            |            |
    pays alone              |        | residential | 2024-06-01 | 2024-09-30 |            |            | pays
    pays for one of two     | 2C     | residential | 2024-06-01 | 2024-09-30 |            |            | pays
    pays for one of two     | 2C     | nursing     | 2024-06-01 |            |            |            |
    another outcome         | 2C     | residential | 2024-06-01 | 2024-09-30 |            |            | deceased
    another component       |        | day         | 2024-06-01 |            |            |            |
    invalid component       |        | invalid     | 2024-06-01 |            |            |            |
    in the community        |        | community   | 2024-06-01 |            |            |            |
    short term support      |        | short term  | 2024-06-01 |            |            |            |
"""


def rows(text):
    """Story rows with their short words replaced."""
    for row in table(text):
        kind, component = HOMES[row.pop("home")]
        row["born"] = row["born"] or "1942-06-15"
        yield {**row, "type": kind, "component": component, "outcome": OUTCOMES[row["outcome"]]}


def stories(text, folder):
    """The stories, and which measure should count each."""
    told = list(rows(text))
    return Stories([{k: v for k, v in row.items() if k != "counts"} for row in told], folder), {
        row["story"]: row["counts"] or "" for row in told
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return stories(WORKED + EDGES.split("\n", 2)[2], tmp_path_factory.mktemp("2b"))


def counting(told, names, **how):
    """Which measure counts each story: 2B, 2C, or neither."""
    return {
        story: "".join(code for code in ("2B", "2C") if "1/1" in told.cohort(code, **how).decided(story))
        for story in names
    }


def test_who_is_newly_admitted(told):
    stories, expected = told
    assert counting(stories, expected, year="2024-25") == expected


@pytest.mark.parametrize("name", ["DHSC-2425", "DHSC-2526"])
def test_by_the_words_a_blank_component_makes_a_stay(told, name):
    "It is an admission, and an earlier stay too."
    stories, expected = told
    found = counting(stories, expected, year="2024-25", method_name=name, reading="published")
    assert found == {**expected, "5 blank component": "2C", "blank stay before": ""}


def test_from_september_2026_a_self_funders_stay_is_no_earlier_stay(told):
    stories, expected = told
    assert counting(stories, expected, year="2024-25", method_name="DHSC-2425") == expected
    found = counting(stories, expected, year="2024-25", method_name="DHSC-2627")
    assert found == {**expected, "7 paid before": "2C"}


def test_someone_new_twice_in_a_period_counts_in_the_younger_band(tmp_path):
    "A leap year leaves room for it: there are 365 days between its first and last day."
    told, _ = stories("""
        story | counts | home        | start      | end        | born       | died | outcome
        Ann   |        | residential | 2023-04-01 | 2023-04-01 | 1959-01-20 |      |
        Ann   |        | residential | 2024-03-31 |            | 1959-01-20 |      |
    """, tmp_path)  # fmt: skip
    assert counting(told, ["Ann"], year="2023-24") == {"Ann": "2B"}
    assert counting(told, ["Ann"], period="2023-24 Q1") == {"Ann": "2B"}
    assert counting(told, ["Ann"], period="2023-24 Q4") == {"Ann": "2C"}


def test_nhs_england_counted_those_without_an_earlier_stay_who_were_still_there_at_the_end(tmp_path):
    "Age is that on the last day, and how long ago an earlier stay ended does not matter."
    told, expected = stories("""
        story                | counts | home        | start      | end        | born       | died       | outcome
        stays on             | 2C     | residential | 2023-05-01 |            |            |            |
        leaves the day after | 2C     | residential | 2023-05-01 | 2024-04-01 |            |            |
        leaves on the last   |        | residential | 2023-05-01 | 2024-03-31 |            |            |
        died in the year     |        | residential | 2023-05-01 |            |            | 2024-01-01 |
        there before         |        | residential | 2023-03-31 | 2023-04-05 |            |            |
        there before         |        | nursing     | 2024-03-01 |            |            |            |
        on the first day     | 2C     | residential | 2023-04-01 |            |            |            |
        back soon            | 2C     | residential | 2023-04-01 | 2023-05-01 |            |            |
        back soon            | 2C     | nursing     | 2023-06-01 |            |            |            |
        65 by the end        | 2C     | residential | 2023-05-01 |            | 1959-03-20 |            |
        64 at the end        | 2B     | residential | 2023-05-01 |            | 1959-04-20 |            |
        blank                |        | blank       | 2023-05-01 |            |            |            |
    """, tmp_path)  # fmt: skip
    assert counting(told, expected, year="2023-24", method_name="NHSE-2324") == expected


def test_a_person_counts_once_and_one_council_has_one_figure(told):
    stories, expected = told
    for code in ("2B", "2C"):
        (figure,) = stories.counts(code, year="2024-25")
        assert figure.numerator == sum(counts == code for counts in expected.values())
    assert figure.side_counts == {"blank component": 1, "unknown birth date": 1, "self-funder": 1}


def test_people_left_out_say_why_and_are_counted_beside_the_figure(told):
    stories, _ = told
    cohort = stories.cohort("2C", year="2024-25")
    assert [(row["step"], row["side"]) for row in cohort["2 moved home"]] == [
        ("in a care home less than a year before", None)
    ]
    sides = {story: row["side"] for story, (row,) in cohort.items() if row["side"]}
    assert sides == {
        "5 blank component": "blank component", "8 birth not known": "unknown birth date", "pays alone": "self-funder",
    }  # fmt: skip
    assert stories.cohort("2B", year="2024-25")["5 blank component"] == []
