"""CARERS: unpaid carers assessed and supported."""

import pytest

from tests.spec.measure_stories import Stories

DIRECT = "Unpaid carer support: Direct to unpaid carer"
THROUGH = "Unpaid carer support: Support involving the person cared-for"
CARER, ASSOCIATED, USER = "Unpaid carer", "Unpaid carer known by association", "Service user"
STORIES = f"""
story                | event      | start      | end        | type      | client       | born       | died
assessed             | Assessment | 2024-03-01 | 2024-04-01 |           | {CARER}      |            |
assessed in March    | Assessment | 2024-03-01 | 2024-03-31 |           | {CARER}      |            |
reviewed             | Review     | 2025-03-30 | 2025-03-31 |           | {CARER}      |            |
review too late      | Review     | 2025-03-30 | 2025-04-01 |           | {CARER}      |            |
both                 | Review     | 2024-05-01 | 2024-05-02 |           | {CARER}      |            |
both                 | Assessment | 2024-08-01 | 2024-08-02 |           | {CARER}      |            |
supported            | Service    | 2023-01-01 |            | {DIRECT}  | {CARER}      |            |
support ended before | Service    | 2023-01-01 | 2024-03-31 | {DIRECT}  | {CARER}      |            |
support ended after  | Service    | 2023-01-01 | 2024-04-01 | {DIRECT}  | {CARER}      |            |
break                | Service    | 2024-06-01 | 2024-06-14 | {THROUGH} | {CARER}      |            |
two kinds            | Service    | 2024-06-01 | 2024-06-14 | {THROUGH} | {CARER}      |            |
two kinds            | Service    | 2024-06-01 | 2024-06-14 | {DIRECT}  | {CARER}      |            |
by association       | Service    | 2024-06-01 |            | {DIRECT}  | {ASSOCIATED} |            |
service user         | Service    | 2024-06-01 |            | {THROUGH} | {USER}       |            |
died before          | Service    | 2023-01-01 |            | {DIRECT}  | {CARER}      |            | 2024-03-31
young carer          | Assessment | 2024-06-01 | 2024-06-02 |           | {CARER}      | 2010-01-01 |
age not known        | Assessment | 2024-06-01 | 2024-06-02 |           | {CARER}      | unknown    |
"""
YEAR = {"year": "2024-25"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return Stories(STORIES, tmp_path_factory.mktemp("carers"))


def received(told, part, **when):
    found = told.cohort("CARERS", **(when or YEAR))
    return {story: row["received"] for story, rows in found.items() for row in rows if row["part"] == part}


def test_assessed_or_reviewed_in_the_year(told):
    "It counts when completed; an assessment stands before a review."
    assert received(told, "assessed") == {
        "assessed": "Assessment", "reviewed": "Review", "both": "Assessment", "age not known": "Assessment",
    }  # fmt: skip


def test_supported_on_some_day_of_the_year(told):
    "Direct support stands before support through the person cared for."
    assert received(told, "supported") == {
        "supported": "Direct support", "support ended after": "Direct support",
        "break": "Support through the person cared for", "two kinds": "Direct support",
        "by association": "Direct support",
    }  # fmt: skip


def test_in_a_month_what_was_completed_then_and_what_ran(told):
    assert received(told, "assessed", period="May 2024") == {"both": "Review"}
    assert received(told, "supported", period="May 2024") == {"supported": "Direct support"}


def test_each_carer_counts_once_in_each_part(told):
    counts = {one.part: one.numerator for one in told.counts("CARERS", **YEAR, by=[()])}
    assert counts == {"assessed": 4, "supported": 5}


def test_the_service_user_is_no_carer_and_young_carers_are_left_out(told):
    found = told.cohort("CARERS", **YEAR)
    assert found["service user"] == found["young carer"] == []
    assert [row["age_band"] for row in found["age not known"]] == ["Unknown"]
