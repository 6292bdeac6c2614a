"""From asking to being helped: REQUESTS, ASSESSED-28-DAYS, ASSESSED-6-WEEKS and WAITING."""

import pytest

from tests.spec.measure_stories import Stories

ASKED = "Progress to assessment, review or reassessment"
TO_ST_MAX = "Progress to reablement/ST-Max"
ADVICE = "NFA: Information and advice or signposting"
LONG, SHORT = "Long term assessment", "Short term assessment"
COMMUNITY, ST_MAX = "Long term support: Community", "Short term support: ST-Max"
ALARM, HOSPITAL = "Short term support: Ongoing low level", "Admitted to hospital"
STORIES = f"""
story            | event      | start      | end        | outcome     | form    | type        | route       | born
28 days          | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             | Prison      |
28 days          | Assessment | 2024-06-20 | 2024-07-01 |             | {LONG}  |             |             |
29 days          | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
29 days          | Assessment | 2024-06-20 | 2024-07-02 |             | {SHORT} |             |             |
same day         | Request    | 2024-06-03 | 2024-06-03 |             |         |             | Self-funder |
same day         | Assessment | 2024-06-03 | 2024-06-03 |             | {LONG}  |             |             |
same day         | Service    | 2024-06-03 |            |             |         | {COMMUNITY} |             |
advised before   | Request    | 2024-06-03 | 2024-06-05 | {ADVICE}    |         |             |             |
advised before   | Assessment | 2024-06-20 | 2024-07-01 |             | {LONG}  |             |             |
assessed twice   | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
assessed twice   | Assessment | 2024-06-10 | 2024-06-12 |             | {SHORT} |             |             |
assessed twice   | Assessment | 2024-06-20 | 2024-08-01 |             | {LONG}  |             |             |
asked twice      | Request    | 2024-05-01 | 2024-05-02 | {ASKED}     |         |             |             |
asked twice      | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
asked twice      | Assessment | 2024-06-20 | 2024-07-01 |             | {LONG}  |             |             |
asked a year ago | Request    | 2023-06-20 | 2023-06-21 | {ASKED}     |         |             |             |
asked a year ago | Assessment | 2024-06-19 | 2024-07-01 |             | {LONG}  |             |             |
asked 364 days   | Request    | 2023-06-21 | 2023-06-22 | {ASKED}     |         |             |             |
asked 364 days   | Assessment | 2024-06-19 | 2024-07-01 |             | {LONG}  |             |             |
42 days          | Request    | 2024-06-03 | 2024-06-05 | {TO_ST_MAX} |         |             |             |
42 days          | Assessment | 2024-07-10 | 2024-07-15 |             | {SHORT} |             |             |
42 days          | Service    | 2024-07-16 | 2024-08-20 |             |         | {ST_MAX}    |             |
43 days          | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
43 days          | Assessment | 2024-07-10 | 2024-07-16 | {TO_ST_MAX} | {SHORT} |             |             |
unasked          | Assessment | 2024-07-10 | 2024-07-16 | {TO_ST_MAX} | {SHORT} |             |             |
last day         | Request    | 2025-03-20 | 2025-03-31 | {ASKED}     |         |             |             |
last day         | Assessment | 2025-03-25 | 2025-04-01 |             | {LONG}  |             |             |
service alone    | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
service alone    | Service    | 2024-06-13 |            |             |         | {COMMUNITY} |             |
nothing yet      | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
client 365 days  | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
client 365 days  | Service    | 2023-01-01 | 2023-06-04 |             |         | {COMMUNITY} |             |
client 365 days  | Service    | 2024-06-23 |            |             |         | {COMMUNITY} |             |
client 364 days  | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
client 364 days  | Service    | 2023-01-01 | 2023-06-05 |             |         | {COMMUNITY} |             |
client 364 days  | Service    | 2024-06-23 |            |             |         | {COMMUNITY} |             |
reabled 91 days  | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
reabled 91 days  | Service    | 2024-01-01 | 2024-03-04 |             |         | {ST_MAX}    |             |
reabled 91 days  | Service    | 2024-06-08 |            |             |         | {COMMUNITY} |             |
reabled 90 days  | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
reabled 90 days  | Service    | 2024-01-01 | 2024-03-05 |             |         | {ST_MAX}    |             |
alarm already    | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             |
alarm already    | Service    | 2022-01-01 |            |             |         | {ALARM}     |             |
alarm already    | Assessment | 2024-06-05 | 2024-06-06 |             | {LONG}  |             |             |
in hospital      | Request    | 2024-06-03 | 2024-06-05 | {HOSPITAL}  |         |             |             |
aged 24          | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             | 1999-07-01
aged 25          | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             | 1999-06-01
aged 25          | Service    | 2024-06-04 |            |             |         | {COMMUNITY} |             |
aged 17          | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             | 2006-07-01
age not known    | Request    | 2024-06-03 | 2024-06-05 | {ASKED}     |         |             |             | unknown
"""
THERAPY = f"""
story   | event      | start      | end        | outcome | description
OT      | Request    | 2024-06-03 | 2024-06-05 | {ASKED} |
OT      | Assessment | 2024-06-20 | 2024-06-25 |         | Social work
OT      | Assessment | 2024-06-20 | 2024-07-02 |         | OT assessment
OTA     | Request    | 2024-06-03 | 2024-06-05 | {ASKED} |
OTA     | Assessment | 2024-06-20 | 2024-07-01 |         | by OTA
words   | Request    | 2024-06-03 | 2024-06-05 | {ASKED} |
words   | Assessment | 2024-06-20 | 2024-07-01 |         | Occupational Therapist visit
another | Request    | 2024-06-03 | 2024-06-05 | {ASKED} |
another | Assessment | 2024-06-20 | 2024-07-01 |         | Other, not total
"""
YEAR = {"year": "2024-25"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return Stories(STORIES.replace("| form ", "| assessment_type ", 1), tmp_path_factory.mktemp("requests"))


@pytest.mark.parametrize(
    ("story", "decided", "step"),
    [
        ("28 days", ["1/1"], "within 28 days"),
        ("29 days", ["1/0"], "later than 28 days"),
        ("same day", ["1/1"], "within 28 days"),
        ("advised before", ["0/0"], "no request led to it"),
        ("asked twice", ["1/1"], "within 28 days"),  # the later request led to it
        ("asked a year ago", ["0/0"], "no request led to it"),
        ("asked 364 days", ["1/0"], "later than 28 days"),
        ("unasked", ["0/0"], "no request led to it"),
        ("42 days", ["0/0"], "the request led to reablement"),
        ("service alone", [], None),
        ("last day", [], None),
    ],
)
def test_assessed_within_28_days(told, story, decided, step):
    rows = told.cohort("ASSESSED-28-DAYS", **YEAR)[story]
    assert [f"{row['included']}/{row['counted']}" for row in rows] == decided
    assert [row["step"] for row in rows] == [step] * len(decided)


def test_occupational_therapy_where_the_record_says_so(tmp_path):
    "Whole words count, in the description. The first of a therapist counts, also after a social worker's."
    found = Stories(THERAPY, tmp_path).cohort("ASSESSED-28-DAYS", **YEAR)
    therapy = {story: [row for row in rows if row["part"] == "occupational therapy"] for story, rows in found.items()}
    assert {story: [(row["included"], row["counted"]) for row in rows] for story, rows in therapy.items()} == {
        "ot": [(1, 0)], "ota": [(1, 1)], "words": [(1, 1)], "another": [],
    }  # fmt: skip


def test_a_second_assessment_after_one_request_is_left_out(told):
    rows = told.cohort("ASSESSED-28-DAYS", **YEAR)["assessed twice"]
    assert sorted((row["amount"], row["included"], row["counted"]) for row in rows) == [(9, 1, 1), (59, 0, 0)]


def test_the_first_assessment_counts_though_it_lies_before_the_period(told):
    "In August only the second is completed; it still is not the first after its request."
    assert told.cohort("ASSESSED-28-DAYS", period="August 2024").decided("assessed twice") == ["0/0"]


def test_an_assessment_counts_in_the_month_it_was_completed(told):
    assert told.cohort("ASSESSED-28-DAYS", period="June 2024").decided("28 days") == []
    assert told.cohort("ASSESSED-28-DAYS", period="July 2024").decided("28 days") == ["1/1"]
    assert told.cohort("ASSESSED-28-DAYS", period="April 2025").decided("last day") == ["1/1"]


def test_assessments_without_a_request_are_a_side_count(told):
    count, *_ = told.counts("ASSESSED-28-DAYS", **YEAR, by=[()])
    assert count.side_counts == {"no request": 3}


@pytest.mark.parametrize(
    ("story", "decided"),
    [
        ("42 days", ["1/1"]),  # the request goes on to reablement
        ("43 days", ["1/0"]),  # the assessment does
        ("unasked", ["0/0"]),
        ("28 days", []),  # not for reablement
    ],
)
def test_reablement_assessed_within_six_weeks(told, story, decided):
    assert told.cohort("ASSESSED-6-WEEKS", **YEAR).decided(story) == decided


def wait(told, story, part="to assessment or service"):
    return [(row["step"], row["amount"]) for row in told.cohort("WAITING", **YEAR)[story] if row["part"] == part]


@pytest.mark.parametrize(
    ("story", "to_either", "to_service"),
    [
        ("same day", ("wait ended", 0), ("wait ended", 0)),
        ("service alone", ("wait ended", 10), ("wait ended", 10)),
        ("42 days", ("wait ended", 37), ("wait ended", 43)),
        ("28 days", ("wait ended", 17), ("still waiting", None)),
        ("nothing yet", ("still waiting", None), ("still waiting", None)),
        ("client 365 days", ("wait ended", 20), ("wait ended", 20)),
        ("client 364 days", ("supported already", 20), ("supported already", 20)),
        ("reabled 91 days", ("wait ended", 5), ("wait ended", 5)),
        ("reabled 90 days", ("supported already", None), ("supported already", None)),
        ("alarm already", ("wait ended", 2), ("still waiting", None)),
        ("aged 25", ("wait ended", 1), ("wait ended", 1)),
    ],
)
def test_waits(told, story, to_either, to_service):
    assert wait(told, story) == [to_either]
    assert wait(told, story, "to service") == [to_service]


@pytest.mark.parametrize("story", ["advised before", "in hospital", "aged 24", "aged 17"])
def test_requests_that_are_no_wait(told, story):
    assert told.cohort("WAITING", **YEAR)[story] == []


def test_who_still_waits_is_a_side_count_and_not_in_the_median(told):
    counts = {one.part: one for one in told.counts("WAITING", **YEAR, by=[()])}
    first = counts["to assessment or service"]
    assert first.side_counts == {"still waiting": 1, "birth date not known": 1}
    assert sorted(first.amounts.elements()) == [0, 1, 2, 5, 5, 7, 10, 17, 17, 17, 20, 37, 37, 50]


def test_requests_by_route_and_result(told):
    found = told.cohort("REQUESTS", **YEAR)
    assert [(row["route"], row["result"]) for row in found["28 days"]] == [("Prison", ASKED)]
    assert [(row["route"], row["result"]) for row in found["same day"]] == [("Self-funder", "Not recorded")]
    assert len(found["asked twice"]) == 2


def test_a_request_counts_in_the_period_in_which_it_was_completed(told):
    "One that ends on 31 March belongs to the year, and one that ended the summer before does not."
    found = told.cohort("REQUESTS", **YEAR)
    assert found.decided("last day") == ["1/1"]
    assert found.decided("asked a year ago") == []


def test_requests_of_people_under_18_are_left_out_and_unknown_ages_are_in_the_total(told):
    found = told.cohort("REQUESTS", **YEAR)
    assert found["aged 17"] == []
    assert [row["age_band"] for row in found["age not known"]] == ["Unknown"]
