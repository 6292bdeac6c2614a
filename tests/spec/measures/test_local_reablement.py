"""REABLEMENT: started, completed, and no ongoing care after it."""

import pytest

from tests.spec.measure_stories import Stories

ST_MAX = "Short term support: ST-Max"
COMMUNITY = "Long term support: Community"
PLANNED = "NFA: Support ended as planned"
ALARM = "Short term support: Ongoing low level"
OTHER, STAY = "Short term support: Other short term", "Short term residential care"
STOPPED = "NFA: Support ended for other reason"
STORIES = f"""
story              | start      | end        | type        | component | outcome              | born       | died
plain              | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            |
over the end       | 2025-03-31 | 2025-04-01 | {ST_MAX}    |           | {PLANNED}            |            |
from last year     | 2024-03-31 | 2024-04-01 | {ST_MAX}    |           | {PLANNED}            |            |
still open         | 2024-06-01 |            | {ST_MAX}    |           |                      |            |
blank outcome      | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           |                      |            |
hospital           | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | Admitted to hospital |            |
stopped            | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {STOPPED}            |            |
died then          | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            | 2024-07-12
died the day after | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            | 2024-07-13
support in 7 days  | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            |
support in 7 days  | 2024-07-19 |            | {COMMUNITY} |           |                      |            |
support in 8 days  | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            |
support in 8 days  | 2024-07-20 |            | {COMMUNITY} |           |                      |            |
support before     | 2023-06-01 |            | {COMMUNITY} |           |                      |            |
support before     | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            |
support ended too  | 2024-06-10 | 2024-07-12 | {COMMUNITY} |           |                      |            |
support ended too  | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            |
alarm after        | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            |
alarm after        | 2024-07-13 |            | {ALARM}     |           |                      |            |
short stay after   | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            |            |
short stay after   | 2024-07-13 |            | {OTHER}     | {STAY}    |                      |            |
after the end      | 2025-03-01 | 2025-03-31 | {ST_MAX}    |           | {PLANNED}            |            |
after the end      | 2025-04-07 |            | {COMMUNITY} |           |                      |            |
7 days between     | 2024-06-01 | 2024-06-30 | {ST_MAX}    |           | {PLANNED}            |            |
7 days between     | 2024-07-07 | 2024-07-31 | {ST_MAX}    |           | {PLANNED}            |            |
gap of 8 days      | 2024-06-01 | 2024-06-30 | {ST_MAX}    |           | {PLANNED}            |            |
gap of 8 days      | 2024-07-08 | 2024-07-31 | {ST_MAX}    |           | {PLANNED}            |            |
aged 17            | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            | 2006-08-01 |
turns 18           | 2024-06-01 | 2024-07-12 | {ST_MAX}    |           | {PLANNED}            | 2006-07-01 |
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return Stories(STORIES, tmp_path_factory.mktemp("reablement"))


def counted(told, story, period="2024/25"):
    """How many episodes of the story count as started, completed, and without ongoing care."""
    rows = told.cohort("REABLEMENT", period=period)[story]
    parts = ("started", "completed", "no ongoing care")
    return [sum(row["counted"] for row in rows if row["part"] == part) for part in parts]


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("plain", [1, 1, 1]),
        ("over the end", [1, 0, 0]),
        ("from last year", [0, 1, 1]),
        ("still open", [1, 0, 0]),
        ("blank outcome", [1, 1, 1]),
        ("hospital", [1, 0, 0]),
        ("stopped", [1, 0, 0]),
        ("died then", [1, 0, 0]),
        ("died the day after", [1, 1, 1]),
        ("support in 7 days", [1, 1, 0]),
        ("support in 8 days", [1, 1, 1]),
        ("support before", [1, 1, 0]),
        ("support ended too", [1, 1, 1]),
        ("alarm after", [1, 1, 1]),
        ("short stay after", [1, 1, 0]),
        ("after the end", [1, 1, 0]),
        ("7 days between", [1, 1, 1]),
        ("gap of 8 days", [2, 2, 2]),
        ("aged 17", [0, 0, 0]),
        ("turns 18", [0, 1, 1]),
    ],
)
def test_in_a_year(told, story, expected):
    assert counted(told, story) == expected


@pytest.mark.parametrize(("period", "expected"), [("June 2024", [1, 0, 0]), ("July 2024", [0, 1, 1])])
def test_in_a_month(told, period, expected):
    "It starts in one month and is completed in the next."
    assert counted(told, "plain", period) == expected


def test_why_an_episode_is_not_counted(told):
    found = told.cohort("REABLEMENT", period="2024/25")
    steps = {row["part"]: row["step"] for row in found["hospital"]}
    assert steps == {"started": "started", "completed": "ended early", "no ongoing care": "ended early"}
    assert [row["step"] for row in found["support in 7 days"] if row["part"] == "no ongoing care"] == [
        "ongoing care followed"
    ]
