"""3D: self-directed support and direct payments (3.5; vectors A17 to A21), each case a person."""

import pytest

from outturn.returns.layout import classify, load_layout
from tests.spec.cld_rows import table
from tests.spec.measure_stories import Stories

TYPES = {
    "Community": "Long term support: Community",
    "nursing": "Long term support: Nursing care",
    "care home": "Long term support: Residential care",
    "Prison": "Long term support: Prison",
    "direct": "Unpaid carer support: Direct to unpaid carer",
    "involving": "Unpaid carer support: Support involving the person cared-for",
    "ST-Max": "Short term support: ST-Max",
    None: None,
}
MECHANISMS = {
    "DP": "Direct payment",
    "MPB": "CASSR managed personal budget",
    "CS": "CASSR commissioned support",
    "invalid": "Invalid and not mapped",
    None: None,
}
COMPONENTS = {
    "payment": "Direct payment",
    "respite": "Unpaid carer respite",
    "sitting": "Unpaid carer sitting service",
    "other": "Other unpaid carer support",
    "invalid": "Invalid and not mapped",
    "meals": "Meals",
    None: None,
}
OUTCOMES = {"advice": "NFA: Information and advice or signposting", "other": "NFA: Other", None: None}
WORDS = {  # of each column of the stories the field, and what its short words stand for
    "type": ("type", TYPES),
    "how": ("mechanism", MECHANISMS),
    "item": ("component", COMPONENTS),
    "outcome": ("outcome", OUTCOMES),
}
# `is`: included and counted in the two parts for 2024-25, self-directed support before direct payments.
CLIENTS = """
    story                  | is      | type      | how     | item    | start      | end        | born       | died
    1 direct payment       | 1/1 1/1 | Community | DP      | payment | 2023-01-01 |            |            |
    2 budget and care home | 0/0 0/0 | Community | MPB     | meals   | 2023-01-01 |            |            |
    2 budget and care home | 0/0 0/0 | care home |         |         | 2023-01-01 |            |            |
    3 blank mechanism      | 1/0 1/0 | Community |         | meals   | 2023-01-01 |            |            |
    4 by its component     | 1/1 1/1 | Community | CS      | payment | 2023-01-01 |            |            |
    5 ended the last day   | 1/1 1/1 | Community | DP      |         | 2023-01-01 | 2025-03-31 |            |
    5 ended the day before |         | Community | DP      |         | 2023-01-01 | 2025-03-30 |            |
    6 two services         | 1/1 1/1 | Community | CS      |         | 2023-01-01 |            |            |
    6 two services         | 1/1 1/1 | Community | DP      | payment | 2024-01-01 |            |            |
    7 prison               | 0/0 0/0 | Prison    | MPB     |         | 2023-01-01 |            |            |
    A17 died the last day  | 1/1 1/0 | Community | MPB     |         | 2023-01-01 |            |            | 2025-03-31
    A19 invalid            | 1/0 1/0 | Community | invalid |         | 2023-01-01 |            |            |
    died the day before    |         | Community | MPB     |         | 2023-01-01 | 2025-04-30 |            | 2025-03-30
    commissioned           | 1/0 1/0 | Community | CS      |         | 2023-01-01 |            |            |
    budget and other       | 1/1 1/0 | Community | CS      |         | 2023-01-01 |            |            |
    budget and other       | 1/1 1/0 | Community | MPB     | meals   | 2023-01-01 |            |            |
    nursing before budget  | 0/0 0/0 | nursing   | DP      |         | 2023-01-01 |            |            |
    nursing before budget  | 0/0 0/0 | Community | MPB     | meals   | 2023-01-01 |            |            |
    care home that ended   | 1/1 1/0 | care home |         |         | 2023-01-01 | 2025-03-30 |            |
    care home that ended   | 1/1 1/0 | Community | MPB     | meals   | 2023-01-01 |            |            |
    prison and community   | 1/0 1/0 | Prison    | MPB     |         | 2023-01-01 |            |            |
    prison and community   | 1/0 1/0 | Community |         | meals   | 2023-01-01 |            |            |
    payment in prison      | 0/0 0/0 | Prison    | DP      |         | 2023-01-01 |            |            |
    starts the last day    | 1/1 1/0 | Community | MPB     |         | 2025-03-31 |            |            |
    starts the day after   |         | Community | MPB     |         | 2025-04-01 |            |            |
    ends before its start  |         | Community | MPB     |         | 2025-03-31 | 2025-03-30 |            |
    short term             |         | ST-Max    | DP      |         | 2025-01-01 |            |            |
    18 that day            | 1/1 1/0 | Community | MPB     |         | 2025-01-01 |            | 2007-03-20 |
    17 that day            |         | Community | MPB     |         | 2025-01-01 |            | 2007-04-20 |
    birth not known        | 1/1 1/0 | Community | MPB     |         | 2025-01-01 |            | unknown    |
"""
CARERS = """
    story                    | is      | event      | type      | how     | item    | start      | end        | outcome
    8 budget                 | 1/1 1/0 |            | direct    | MPB     | respite | 2024-06-01 |            |
    9 budget, blank          | 0/0 0/0 |            | direct    | MPB     |         | 2024-06-01 |            |
    10 blank mechanism       | 0/0 0/0 |            | direct    |         | sitting | 2024-06-01 |            |
    11 payment first         | 1/1 1/1 |            | direct    | DP      |         | 2024-04-01 | 2024-05-31 |
    11 payment first         | 1/1 1/1 |            | direct    | CS      | respite | 2024-06-01 |            |
    12 assessment only       | 0/0 0/0 | Assessment |           |         |         | 2024-06-01 | 2024-06-02 |
    A20 by association       | 1/0 1/0 |            | direct    | CS      | other   | 2023-06-01 | 2024-04-01 |
    A21 by association       |         |            | direct    | CS      | other   | 2023-06-01 | 2024-03-31 |
    payment, blank           | 1/1 1/1 |            | direct    | DP      |         | 2024-06-01 |            |
    payment by its component | 1/1 1/1 |            | direct    | CS      | payment | 2024-06-01 |            |
    commissioned, blank      | 0/0 0/0 |            | direct    | CS      |         | 2024-06-01 |            |
    both blank               | 0/0 0/0 |            | direct    |         |         | 2024-06-01 |            |
    invalid mechanism        | 0/0 0/0 |            | direct    | invalid | respite | 2024-06-01 |            |
    invalid component        | 1/1 1/0 |            | direct    | MPB     | invalid | 2024-06-01 |            |
    involving                | 0/0 0/0 |            | involving | DP      | respite | 2024-06-01 |            |
    blank and involving      | 0/0 0/0 |            | direct    | MPB     |         | 2024-06-01 |            |
    blank and involving      | 0/0 0/0 |            | involving |         | respite | 2024-06-01 |            |
    advice on request        | 0/0 0/0 | Request    |           |         |         | 2024-06-01 | 2024-06-01 | advice
    other request            |         | Request    |           |         |         | 2024-06-01 | 2024-06-01 | other
    advice and budget        | 1/1 1/0 | Review     |           |         |         | 2024-06-01 | 2024-06-01 | advice
    advice and budget        | 1/1 1/0 |            | direct    | MPB     | respite | 2024-06-01 |            |
    review of a budget       | 1/1 1/0 | Review     | direct    | MPB     | respite | 2024-06-01 | 2024-06-01 |
    starts the last day      | 1/0 1/0 |            | direct    | CS      | respite | 2025-03-31 |            |
    starts the day after     |         |            | direct    | CS      | respite | 2025-04-01 |            |
    ends before its start    |         |            | direct    | CS      | respite | 2024-06-02 | 2024-06-01 |
    a client's service       |         |            | Community | DP      | payment | 2024-06-01 |            |
    no type                  |         |            |           | DP      | payment | 2024-06-01 |            |
"""
BY_ASSOCIATION = "Unpaid carer known by association"


def stories(text, folder, **every):
    """The stories, and what the parts should make of each."""
    rows, expected = [], {}
    for row in table(text):
        expected[row["story"]] = row.pop("is") or ""
        for short, (name, words) in WORDS.items():
            row[name] = words[row.pop(short, None)]
        rows.append({**every, **row})
    return Stories(rows, folder), expected


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    return stories(CLIENTS, tmp_path_factory.mktemp("clients"))


@pytest.fixture(scope="module")
def carers(tmp_path_factory):
    return stories(CARERS, tmp_path_factory.mktemp("carers"), client="Unpaid carer")


def decided(told, names, **how):
    """What the parts say of each story, written as in the tables above."""
    found = told.cohort("3D", **{"year": "2024-25"} | how)
    return {story: " ".join(found.decided(story)) for story in names}


@pytest.mark.parametrize("reading", ["executed", "published"])
def test_clients(clients, reading):
    told, expected = clients
    assert decided(told, expected, reading=reading) == expected


def test_carers(carers):
    told, expected = carers
    assert decided(told, expected) == expected


def test_by_the_words_a_carers_service_with_a_blank_component_counts_like_any_other(carers):
    told, expected = carers
    assert decided(told, expected, reading="published") == expected | {
        "9 budget, blank": "1/1 1/0", "commissioned, blank": "1/0 1/0", "blank and involving": "1/1 1/0",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["DHSC-2425", "DHSC-2627"])
def test_dhscs_methods_agree(clients, carers, name):
    for told, expected in (clients, carers):
        assert decided(told, expected, method_name=name) == expected


@pytest.mark.parametrize("typed", ["Direct Payment ", "direct payment", "DIRECT  PAYMENT"])
def test_a18_a_direct_payment_in_another_spelling_is_one(typed):
    "It is read as one when a file is received, so that the measure sees only the one wording."
    assert classify(load_layout("cld").lists["delivery-mechanism"], typed)[0] == MECHANISMS["DP"]


def test_both_kinds_of_carer_count(tmp_path):
    told, expected = stories(CARERS, tmp_path, client=BY_ASSOCIATION)
    assert decided(told, expected) == expected


def test_a_carer_is_looked_at_over_the_year_and_may_die_in_it(tmp_path):
    head = "story | is | type | how | item | start | end | born | died\n"
    told, expected = stories(head + """
        ended on the first day | 1/0 1/0 | direct | CS | meals | 2023-01-01 | 2024-04-01 |            |
        died on the first day  | 1/0 1/0 | direct | CS | meals | 2023-01-01 |            |            | 2024-04-01
        died the day before    |         | direct | CS | meals | 2023-01-01 |            |            | 2024-03-31
        18 on the last day     | 1/0 1/0 | direct | CS | meals | 2023-01-01 | 2024-04-01 | 2007-03-20 |
        17 on the last day     |         | direct | CS | meals | 2023-01-01 | 2024-04-01 | 2007-04-20 |
    """.strip(), tmp_path, client="Unpaid carer")  # fmt: skip
    assert decided(told, expected) == expected


def test_unknown_mechanisms_and_carers_without_a_category_are_counted_beside(clients, carers):
    told, _ = clients
    for part in ("1a", "2a"):
        sides = [row["person"] for rows in told.cohort("3D", year="2024-25").values() for row in rows
                 if row["side"] and row["part"] == part]  # fmt: skip
        assert len(sides) == 3
    told, _ = carers
    sides = {story: rows[0]["side"] for story, rows in told.cohort("3D", year="2024-25").items() if rows[0]["side"]}
    unknown, uncategorised = "unknown mechanism", "uncategorised carers"
    assert sides == {
        "10 blank mechanism": unknown, "invalid mechanism": unknown,
        "9 budget, blank": uncategorised, "commissioned, blank": uncategorised, "both blank": uncategorised,
    }  # fmt: skip
    published = told.cohort("3D", year="2024-25", reading="published")
    assert {story for story, rows in published.items() if rows[0]["side"]} == {
        "10 blank mechanism", "invalid mechanism", "both blank",
    }  # fmt: skip


def test_totals_hold_those_of_unknown_age(clients):
    told, expected = clients
    figures = {
        (figure.part, *figure.breakdown.values()): f"{figure.numerator}/{figure.denominator}"
        for figure in told.counts("3D", year="2024-25")
    }
    included = [decision for decision in expected.values() if decision.startswith("1")]
    assert figures["1a",] == f"{sum(one.startswith('1/1') for one in included)}/{len(included)}"
    assert figures["2a",] == f"{sum(one.endswith('1/1') for one in included)}/{len(included)}"
    assert figures["1a", "18 to 64"] == "1/1"
    assert figures["1a", "65 and above"] == f"{sum(one.startswith('1/1') for one in included) - 2}/{len(included) - 2}"
    assert figures["1b",] == figures["2b", "18 to 64"] == "0/0"


def test_a_person_can_be_both_client_and_carer(tmp_path):
    told, _ = stories("""
        story | is | client       | type      | how | item    | start
        Ann   |    |              | Community | DP  |         | 2024-06-01
        Ann   |    | Unpaid carer | direct    | CS  | respite | 2024-06-01
    """, tmp_path)  # fmt: skip
    assert told.cohort("3D", year="2024-25").decided("Ann") == ["1/1", "1/0", "1/1", "1/0"]
