"""Reviews of lasting support: REVIEWED and REVIEWS-OVERDUE."""

import pytest

from tests.spec.measure_stories import Stories

COMMUNITY = "Long term support: Community"
ALARM, ST_MAX = "Short term support: Ongoing low level", "Short term support: ST-Max"
HOME, NURSING = "Long term support: Residential care", "Long term support: Nursing care"
STORIES = f"""
story                  | event      | start      | end        | type        | born       | died
reviewed on the day    | Service    | 2023-01-01 |            | {COMMUNITY} |            |
reviewed on the day    | Review     | 2025-03-30 | 2025-03-31 |             |            |
reviewed 364 days ago  | Service    | 2023-01-01 |            | {COMMUNITY} |            |
reviewed 364 days ago  | Review     | 2024-03-30 | 2024-04-01 |             |            |
reviewed 365 days ago  | Service    | 2023-01-01 |            | {COMMUNITY} |            |
reviewed 365 days ago  | Review     | 2024-03-30 | 2024-03-31 |             |            |
reviewed the day after | Service    | 2023-01-01 |            | {COMMUNITY} |            |
reviewed the day after | Review     | 2025-03-30 | 2025-04-01 |             |            |
never                  | Service    | 2023-01-01 |            | {HOME}      |            |
730 days ago           | Service    | 2022-04-01 |            | {COMMUNITY} |            |
730 days ago           | Review     | 2023-03-31 | 2023-04-01 |             |            |
twice                  | Service    | 2023-01-01 |            | {COMMUNITY} |            |
twice                  | Review     | 2023-06-01 | 2023-06-02 |             |            |
twice                  | Review     | 2024-06-01 | 2024-06-02 |             |            |
assessed again         | Service    | 2023-01-01 |            | {COMMUNITY} |            |
assessed again         | Assessment | 2024-06-01 | 2024-06-02 |             |            |
365 days in support    | Service    | 2024-03-31 |            | {COMMUNITY} |            |
364 days in support    | Service    | 2024-04-01 |            | {COMMUNITY} |            |
364 days in support    | Review     | 2024-06-01 | 2024-06-02 |             |            |
package changed        | Service    | 2022-05-01 | 2024-12-31 | {COMMUNITY} |            |
package changed        | Service    | 2025-01-01 |            | {NURSING}   |            |
gap in between         | Service    | 2022-05-01 | 2024-05-31 | {COMMUNITY} |            |
gap in between         | Service    | 2024-07-01 |            | {COMMUNITY} |            |
open on the last day   | Service    | 2023-01-01 | 2025-03-31 | {COMMUNITY} |            |
ended the day before   | Service    | 2023-01-01 | 2025-03-30 | {COMMUNITY} |            |
died the day before    | Service    | 2023-01-01 |            | {COMMUNITY} |            | 2025-03-30
two services           | Service    | 2023-01-01 |            | {COMMUNITY} |            |
two services           | Service    | 2023-01-01 |            | {HOME}      |            |
alarm alone            | Service    | 2023-01-01 |            | {ALARM}     |            |
reablement before      | Service    | 2024-03-01 | 2024-04-30 | {ST_MAX}    |            |
reablement before      | Service    | 2024-05-01 |            | {COMMUNITY} |            |
under 18               | Service    | 2023-01-01 |            | {COMMUNITY} | 2010-01-01 |
"""
DAY = {"period": "31 March 2025"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return Stories(STORIES, tmp_path_factory.mktemp("reviews"))


@pytest.mark.parametrize(
    ("story", "decided"),
    [
        ("reviewed on the day", ["1/1"]),
        ("reviewed 364 days ago", ["1/1"]),
        ("reviewed 365 days ago", ["1/0"]),
        ("reviewed the day after", ["1/0"]),
        ("never", ["1/0"]),
        ("twice", ["1/1"]),
        ("assessed again", ["1/0"]),
        ("365 days in support", ["1/0"]),
        ("364 days in support", ["0/0"]),
        ("package changed", ["1/0"]),  # the change of package does not start the year again
        ("gap in between", ["1/0"]),
        ("open on the last day", ["1/0"]),
        ("ended the day before", []),
        ("died the day before", []),
        ("two services", ["1/0"]),
        ("alarm alone", []),
        ("reablement before", ["0/0"]),
        ("under 18", []),
    ],
)
def test_reviewed_in_the_last_12_months(told, story, decided):
    assert told.cohort("REVIEWED", **DAY).decided(story) == decided


def test_an_assessment_is_no_review_and_is_counted_beside(told):
    (count,) = told.counts("REVIEWED", **DAY, by=[()])
    assert (count.numerator, count.denominator) == (3, 13)
    assert count.side_counts == {"assessed again": 1}


def test_someone_stands_where_they_live_now(told):
    found = told.cohort("REVIEWED", **DAY)
    assert [row["setting"] for row in found["package changed"]] == ["Nursing care"]
    assert [row["setting"] for row in found["two services"]] == ["Residential care"]


def test_overdue_is_the_rest_of_the_denominator(told):
    (reviewed,) = told.counts("REVIEWED", **DAY, by=[()])
    (overdue,) = told.counts("REVIEWS-OVERDUE", **DAY, by=[()])
    assert overdue.numerator == reviewed.denominator - reviewed.numerator == 10


@pytest.mark.parametrize(
    ("story", "counted", "last_review", "days"),
    [
        ("reviewed 364 days ago", 0, "less than 12 months ago", 364),
        ("reviewed 365 days ago", 1, "12 to 24 months ago", 365),
        ("730 days ago", 1, "more than 24 months ago", 730),
        ("never", 1, "none on record", None),
        ("reviewed the day after", 1, "none on record", None),
        ("twice", 0, "less than 12 months ago", 302),
    ],
)
def test_how_long_ago_the_last_review_was(told, story, counted, last_review, days):
    (row,) = told.cohort("REVIEWS-OVERDUE", **DAY)[story]
    assert (row["counted"], row["last_review"], row["amount"]) == (counted, last_review, days)


def test_months_in_one_run(told):
    "One review is a day too old on 31 March, and in time for the end of February; another comes on 1 April."
    found = told.cohort("REVIEWED", period=["28 February 2025", "31 March 2025", "30 April 2025"])
    assert found.decided("reviewed 365 days ago") == ["1/1", "1/0", "1/0"]
    assert found.decided("reviewed the day after") == ["1/0", "1/0", "1/1"]
