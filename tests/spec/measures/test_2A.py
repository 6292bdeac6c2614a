"""ASCOF 2A as stories: one person each, what became of their reablement, and whether it counts.

`expect` gives for each episode included/counted and in a word the step that decided. The numbered examples and vectors
are those of the reference of national methods; the other stories stand at the edges of its rules.
"""

import pytest

from tests.spec.cld_rows import table
from tests.spec.measure_stories import Stories

IN_WORDS = {
    "ST-Max": "Short term support: ST-Max",
    "Low level": "Short term support: Ongoing low level",
    "Other short": "Short term support: Other short term",
    "Nursing": "Long term support: Nursing care",
    "Residential": "Long term support: Residential care",
    "Community": "Long term support: Community",
    "Carer": "Unpaid carer support: Support involving the person cared-for",
    "care home": "Short term residential care",
    "planned": "NFA: Support ended as planned",
    "advice": "NFA: Information and advice or signposting",
    "moved": "NFA: Responsibility moved to another local authority",
    "referred": "NFA: Referral to other service within the local authority",
    "NHS": "NFA: Referral to NHS services or NHS funded social care",
    "self-funded": "NFA: Self-funded client or under 12wk disregard",
    "declined": "NFA: Support declined",
    "deceased": "NFA: Deceased",
    "ended": "NFA: Support ended for other reason",
    "no offer": "NFA: No services offered for other reason",
    "other": "NFA: Other",
    "hospital": "Admitted to hospital",
    "reablement": "Progress to reablement/ST-Max",
    "assess": "Progress to assessment, review or reassessment",
    "plan": "Progress to support planning or services",
    "continue": "Continuation of support or services",
    "release 1": "Release 1 specification only: Not mapped",
    "end of life": "Progress to End of Life Care",
    "finances": "Progress to financial assessment",
}
STEPS = {
    "died": "died",
    "admitted to hospital": "hospital",
    "long-term support followed": "long",
    "short-term support followed": "short",
    "own outcome": "own",
    "outcome of what followed": "followed",
    "outcome of a late assessment or review": "late",
    "equipment during the episode": "equipment",
    "nothing else to go by": "last",
    "under 18": "under 18",
    "died before it began": "dead",
    "long-term support before": "before",
    "no new request before": "no request",
}
WORKED = """
    story            | event   | start      | end        | type        | component | outcome  | expect
    1 nothing else   |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    2 support +5     |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/0 long
    2 support +5     |         | 2024-07-17 |            | Community   |           |          |
    3 support +8     |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    3 support +8     |         | 2024-07-20 |            | Community   |           |          |
    4 gap 7          |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    4 gap 7          |         | 2024-07-19 | 2024-08-09 | ST-Max      |           | planned  |
    5 gap 8          |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own, 1/1 own
    5 gap 8          |         | 2024-07-20 | 2024-08-09 | ST-Max      |           | planned  |
    6 before 90      |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 0/0 before
    6 before 90      |         | 2024-01-01 | 2024-03-03 | Community   |           |          |
    7 before 91      |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    7 before 91      |         | 2024-01-01 | 2024-03-02 | Community   |           |          |
    8 same day       |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/0 long
    8 same day       |         | 2024-06-01 |            | Community   |           |          |
    9 inside         |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    9 inside         |         | 2024-06-10 | 2024-06-20 | Community   |           |          |
    12 new request   |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    12 new request   | Request | 2024-07-15 | 2024-07-16 |             |           | assess   |
    13 goes on       |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | plan     | 0/0 last
    14 equipment     |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | plan     | 1/1 equipment
    14 equipment     |         | 2024-06-05 | 2024-06-05 | Other short | Equipment |          |
    15 short stay    |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/0 short
    15 short stay    |         | 2024-07-14 |            | Other short | care home |          |
    16 late review   |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 0/0 late
    16 late review   | Review  | 2024-07-05 | 2024-07-08 |             |           | declined |
    17 review -14    |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    17 review -14    | Review  | 2024-06-25 | 2024-06-28 |             |           | declined |
    18 still open    |         | 2024-06-01 |            | ST-Max      |           | planned  | none
    19 hospital      |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | hospital | 0/0 hospital
    19 hospital      |         | 2024-07-15 |            | Community   |           |          |
    20 next year     |         | 2024-06-01 | 2025-04-02 | ST-Max      |           | planned  | none
    21 silent review |         | 2024-06-01 | 2024-07-12 | ST-Max      |           | continue | 0/0 last
    21 silent review | Review  | 2024-07-14 | 2024-07-16 |             |           | planned  |
"""
VECTORS = """
    story            | event  | start      | end        | type      | component | outcome | expect
    A1 first day     |        | 2024-03-01 | 2024-04-01 | ST-Max    |           | planned | 1/1 own
    A2 year end +6   |        | 2025-03-20 | 2025-03-31 | ST-Max    |           | planned | 1/0 long
    A2 year end +6   |        | 2025-04-06 |            | Community |           |         |
    A3 year end +7   |        | 2025-03-20 | 2025-03-31 | ST-Max    |           | planned | 1/0 long
    A3 year end +7   |        | 2025-04-07 |            | Community |           |         |
    A4 year end +8   |        | 2025-03-20 | 2025-03-31 | ST-Max    |           | planned | 1/1 own
    A4 year end +8   |        | 2025-04-08 |            | Community |           |         |
    A5 reopened      |        | 2024-06-01 | 2024-06-30 | ST-Max    |           | planned | none
    A5 reopened      |        | 2024-07-05 |            | ST-Max    |           | planned |
    A6 blank, review |        | 2024-06-01 | 2024-06-30 | ST-Max    |           |         | 1/1 followed
    A6 blank, review | Review | 2024-06-30 | 2024-07-02 |           |           | advice  |
"""
LIVES = """
    story               | event   | start      | end        | type   | outcome | born       | died       | expect
    10 died +7          |         | 2024-06-01 | 2024-07-12 | ST-Max | planned |            | 2024-07-19 | 0/0 died
    11 died +8          |         | 2024-06-01 | 2024-07-12 | ST-Max | planned |            | 2024-07-20 | 1/1 own
    died during it      |         | 2024-06-01 | 2024-07-12 | ST-Max | planned |            | 2024-06-20 | 0/0 died
    died on first day   |         | 2024-06-01 | 2024-07-12 | ST-Max | planned |            | 2024-06-01 | 0/0 died
    died before         | Request | 2024-05-01 | 2024-05-05 |        | assess  |            | 2024-05-20 | 0/0 dead
    died before         |         | 2024-06-01 | 2024-07-12 | ST-Max | planned |            |            |
    A7 seventeen        |         | 2024-11-01 | 2024-12-01 | ST-Max | planned | 2007-01-15 |            | 0/0 under 18
    eighteen that month |         | 2024-11-01 | 2024-12-01 | ST-Max | planned | 2006-12-31 |            | 1/1 own
    A8 no birth date    |         | 2024-06-01 | 2024-07-12 | ST-Max | planned | unknown    |            | 1/1 own
    65 in a day         |         | 2025-02-01 | 2025-03-01 | ST-Max | planned | 1960-03-20 |            | 1/1 own
    65 today            |         | 2025-02-01 | 2025-03-02 | ST-Max | planned | 1960-03-20 |            | 1/1 own
"""
EDGES = """
    story                 | event      | start      | end        | type        | component | outcome  | expect
    service in a longer   |            | 2024-06-01 | 2024-07-31 | ST-Max      |           | planned  | 1/1 own
    service in a longer   |            | 2024-06-10 | 2024-06-15 | ST-Max      | Meals     | declined |
    service in a longer   |            | 2024-08-05 | 2024-08-09 | ST-Max      |           | planned  |
    last speaks           |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    last speaks           |            | 2024-06-02 | 2024-07-11 | ST-Max      |           | hospital |
    two end, best speaks  |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 0/0 hospital
    two end, best speaks  |            | 2024-06-02 | 2024-07-12 | ST-Max      |           | hospital |
    usable before unable  |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | other    | 1/1 own
    usable before unable  |            | 2024-06-02 | 2024-07-12 | ST-Max      |           | assess   |
    ends on the last day  |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    ends on the last day  |            | 2024-07-01 | 2024-07-12 | Community   |           |          |
    ends a day later      |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/0 long
    ends a day later      |            | 2024-07-01 | 2024-07-13 | Community   |           |          |
    began before it       |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    began before it       |            | 2024-05-31 |            | Low level   |           |          |
    ends before it starts |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    ends before it starts |            | 2024-07-15 | 2024-07-14 | Community   |           |          |
    support still open    |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 0/0 before
    support still open    |            | 2024-05-31 |            | Community   |           |          |
    low level             |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | declined | 1/1 short
    low level             |            | 2024-07-13 |            | Low level   | Equipment |          |
    other short           |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | declined | 1/1 short
    other short           |            | 2024-07-13 |            | Other short | Meals     |          |
    worst setting         |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/0 long
    worst setting         |            | 2024-07-13 |            | Low level   |           |          |
    worst setting         |            | 2024-07-19 |            | Residential |           |          |
    worst setting         |            | 2024-07-13 |            | Community   |           |          |
    stay before meals     |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/0 short
    stay before meals     |            | 2024-07-13 |            | Other short | Meals     |          |
    stay before meals     |            | 2024-07-14 |            | Other short | care home |          |
    low level before      |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 short
    low level before      |            | 2024-07-13 |            | Low level   |           |          |
    low level before      |            | 2024-07-14 |            | Other short | care home |          |
    review -13            |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 0/0 late
    review -13            | Review     | 2024-06-25 | 2024-06-29 |             |           | declined |
    review of lower rank  |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    review of lower rank  | Review     | 2024-07-05 | 2024-07-08 |             |           | other    |
    last review speaks    |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | plan     | 1/1 late
    last review speaks    | Review     | 2024-07-01 | 2024-07-05 |             |           | declined |
    last review speaks    | Assessment | 2024-07-02 | 2024-07-06 |             |           | other    |
    last usable review    |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | plan     | 1/1 late
    last usable review    | Review     | 2024-07-01 | 2024-07-05 |             |           | other    |
    last usable review    | Assessment | 2024-07-02 | 2024-07-06 |             |           | assess   |
    on its first day      |            | 2024-06-01 | 2024-06-10 | ST-Max      |           | plan     | 0/0 last
    on its first day      | Assessment | 2024-06-01 | 2024-06-01 |             |           | advice   |
    a late request        |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | plan     | 0/0 last
    a late request        | Request    | 2024-07-05 | 2024-07-08 |             |           | advice   |
    declined a week on    |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 0/0 followed
    declined a week on    | Request    | 2024-07-19 | 2024-07-20 |             |           | declined |
    declined later still  |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    declined later still  | Request    | 2024-07-20 | 2024-07-20 |             |           | declined |
    support on a review   |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/0 long
    support on a review   | Review     | 2024-07-10 | 2024-07-15 | Community   |           | continue |
    reablement again      |            | 2024-06-01 | 2024-07-12 | ST-Max      |           | planned  | 1/1 own
    reablement again      | Review     | 2024-07-14 | 2024-07-15 | ST-Max      |           | declined |
    reablement again      |            | 2024-07-16 |            | Community   |           |          |
"""
# An episode with each outcome, after which nothing happened.
OUTCOMES = {
    "1/1 own": ("planned", "advice", "moved", "referred", "ended", "no offer", "other"),
    "0/0 own": ("NHS", "self-funded", "declined", "deceased"),
    "0/0 hospital": ("hospital",),
    "0/0 last": ("reablement", "assess", "plan", "continue", "release 1", None),
}
# What follows tells nothing: a carer's service, or that support ended as planned. `published` where it differs.
SILENT = """
    story           | event   | start      | end        | type      | component | outcome  | expect        | published
    A9 carer        |         | 2024-06-01 | 2024-07-12 | ST-Max    |           | planned  | 1/1 last      | 1/1 own
    A9 carer        |         | 2024-07-15 |            | Carer     |           |          |               |
    late review     |         | 2024-06-01 | 2024-07-12 | ST-Max    |           | declined | 1/1 late      | 0/0 own
    late review     | Review  | 2024-07-05 | 2024-07-08 |           |           | other    |               |
    late review     |         | 2024-07-15 |            | Carer     |           |          |               |
    equipment       |         | 2024-06-01 | 2024-07-12 | ST-Max    |           | declined | 1/1 equipment | 0/0 own
    equipment       |         | 2024-06-10 | 2024-06-10 | Low level | Equipment |          |               |
    equipment       | Review  | 2024-07-15 | 2024-07-16 |           |           | planned  |               |
    neither         |         | 2024-06-01 | 2024-07-12 | ST-Max    |           | declined | 0/0 last      | 0/0 own
    neither         | Review  | 2024-07-15 | 2024-07-16 |           |           | planned  |               |
    something told  |         | 2024-06-01 | 2024-07-12 | ST-Max    |           | declined | 0/0 own       |
    something told  |         | 2024-06-10 | 2024-06-10 | Low level | Equipment |          |               |
    something told  | Request | 2024-07-15 | 2024-07-16 |           |           | assess   |               |
    something told  |         | 2024-07-15 |            | Carer     |           |          |               |
    nothing follows |         | 2024-06-01 | 2024-07-12 | ST-Max    |           | declined | 0/0 own       |
    nothing follows |         | 2024-06-10 | 2024-06-10 | Low level | Equipment |          |               |
"""
NHS_ENGLAND = """
    story            | event   | start      | end        | type      | outcome   | outcome_raw | expect
    request -28      |         | 2023-07-01 | 2023-07-12 | ST-Max    | planned   |             | 1/1 own
    request -28      | Request | 2023-06-01 | 2023-06-03 |           | plan      |             |
    request -29      |         | 2023-07-01 | 2023-07-12 | ST-Max    | planned   |             | 0/0 no request
    request -29      | Request | 2023-06-01 | 2023-06-02 |           | plan      |             |
    request that day |         | 2023-07-01 | 2023-07-12 | ST-Max    | planned   |             | 1/1 own
    request that day | Request | 2023-07-01 | 2023-07-01 |           | plan      |             |
    request after    |         | 2023-07-01 | 2023-07-12 | ST-Max    | planned   |             | 0/0 no request
    request after    | Request | 2023-06-20 | 2023-07-02 |           | plan      |             |
    supported then   |         | 2023-10-01 | 2023-10-12 | ST-Max    | planned   |             | 0/0 no request
    supported then   | Request | 2023-05-02 | 2023-09-20 |           | plan      |             |
    supported then   |         | 2023-05-01 | 2023-05-02 | Community |           |             |
    unsupported then |         | 2023-10-01 | 2023-10-12 | ST-Max    | planned   |             | 1/1 own
    unsupported then | Request | 2023-05-03 | 2023-09-20 |           | plan      |             |
    unsupported then |         | 2023-05-01 | 2023-05-02 | Community |           |             |
    gap 3            |         | 2023-07-01 | 2023-07-05 | ST-Max    | planned   |             | 1/1 own
    gap 3            |         | 2023-07-08 | 2023-07-12 | ST-Max    | planned   |             |
    gap 3            | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
    gap 4            |         | 2023-07-01 | 2023-07-05 | ST-Max    | planned   |             | 1/1 own, 1/1 own
    gap 4            |         | 2023-07-09 | 2023-07-12 | ST-Max    | planned   |             |
    gap 4            | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
    support +3       |         | 2023-07-01 | 2023-07-12 | ST-Max    | planned   |             | 1/0 long
    support +3       | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
    support +3       |         | 2023-07-15 |            | Community |           |             |
    support +4       |         | 2023-07-01 | 2023-07-12 | ST-Max    | planned   |             | 1/1 own
    support +4       | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
    support +4       |         | 2023-07-16 |            | Community |           |             |
    hospital         |         | 2023-07-01 | 2023-07-12 | ST-Max    | hospital  |             | 1/1 hospital
    hospital         | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
    end of life      |         | 2023-07-01 | 2023-07-12 | ST-Max    | release 1 | end of life | 1/1 last
    end of life      | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
    finances         |         | 2023-07-01 | 2023-07-12 | ST-Max    | release 1 | finances    | 0/0 last
    finances         | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
    referred         |         | 2023-07-01 | 2023-07-12 | ST-Max    | referred  |             | 0/0 last
    referred         | Request | 2023-06-30 | 2023-07-01 |           | plan      |             |
"""


def rows_of(text):
    """A table's rows in the words of the return."""
    return [{name: IN_WORDS.get(cell, cell) for name, cell in row.items()} for row in table(text)]


DHSC = [row for text in (WORKED, VECTORS, LIVES, EDGES, SILENT) for row in rows_of(text)] + [
    {
        "story": f"with {short}",
        "start": "2024-06-01",
        "end": "2024-07-12",
        "type": IN_WORDS["ST-Max"],
        "outcome": IN_WORDS.get(short),
        "expect": expect,
    }
    for expect, outcomes in OUTCOMES.items()
    for short in outcomes
]


def expected(rows, column="expect"):
    """For each story what its first row expects, in the column or else in `expect`."""
    found = {}
    for row in rows:
        found.setdefault(row["story"], row.get(column) or row["expect"])
    return found


def told_by(rows, folder):
    """The stories without what is expected of them."""
    return Stories(
        [{name: cell for name, cell in row.items() if name not in ("expect", "published")} for row in rows], folder
    )


def became(rows):
    """A cohort's rows of one story as `expect` writes them."""
    return ", ".join(f"{row['included']}/{row['counted']} {STEPS[row['step']]}" for row in rows) or "none"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return told_by(DHSC, tmp_path_factory.mktemp("2A"))


@pytest.mark.parametrize(
    ("method", "reading"),
    [("DHSC-2425", "executed"), ("DHSC-2526", "executed"), ("DHSC-2526", "published"), ("DHSC-2627", "executed")],
)
def test_each_story_comes_out_as_told(told, method, reading):
    cohort = told.cohort("2A", year="2024-25", method_name=method, reading=reading)
    expects = expected(DHSC, reading)
    if method == "DHSC-2425":
        expects["with referred"] = "0/0 last"  # it had no place where data were carried on Release 1 values
    assert {story: became(cohort[story]) for story in expects} == expects


def test_nhs_england_asks_for_a_new_clients_request_and_counts_hospital(tmp_path):
    rows = rows_of(NHS_ENGLAND)
    cohort = told_by(rows, tmp_path).cohort("2A", year="2023-24", method_name="NHSE-2324")
    assert {story: became(cohort[story]) for story in expected(rows)} == expected(rows)


def test_the_final_outcome_names_what_decided(told):
    cohort = told.cohort("2A", year="2024-25")
    outcomes = {
        "worst setting": "Residential",
        "4 gap 7": "planned",
        "last review speaks": "other",
        "14 equipment": "Low level",
        "10 died +7": "deceased",
        "6 before 90": "planned",
    }
    assert {story: [row["outcome"] for row in cohort[story]] for story in outcomes} == {
        story: [IN_WORDS[short]] for story, short in outcomes.items()
    }
    assert cohort["15 short stay"][0]["outcome"] == "Short term support: Residential or Nursing care"
    assert cohort["with None"][0]["outcome"] == "Invalid and not mapped"


def test_an_episode_runs_from_its_first_service_to_its_last(told):
    "A service within a longer one does not end the episode; what counts is the latest end so far."
    (row,) = told.cohort("2A", year="2024-25")["service in a longer"]
    assert (str(row["start_date"]), str(row["end_date"])) == ("2024-06-01", "2024-08-09")


def test_an_episode_counts_in_the_period_in_which_it_ends(told):
    assert told.cohort("2A", year="2023-24").decided("A1 first day") == []
    assert told.cohort("2A", year="2025-26").decided("20 next year") == ["1/1"]
    periods = ["2024-25 Q1", "2024-25 Q2", "2024-25"]
    found = told.cohort("2A", period=periods)
    assert [row["period"] for row in found["A1 first day"]] == ["2024-25", "2024-25 Q1"]
    assert [row["period"] for row in found["1 nothing else"]] == ["2024-25", "2024-25 Q2"]


def test_unknown_ages_are_in_the_total_only(told):
    cohort = told.cohort("2A", year="2024-25")
    stories = ("A8 no birth date", "65 in a day", "65 today", "eighteen that month")
    assert [cohort[story][0]["age_band"] for story in stories] == ["Unknown", "18 to 64", "65 and above", "18 to 64"]
    figures = {tuple(one.breakdown.values()): one for one in told.counts("2A", year="2024-25")}
    by_band = figures["18 to 64",].denominator + figures["65 and above",].denominator
    assert figures[()].denominator == by_band + 1


def test_what_is_left_out_is_counted_beside_the_figure(told):
    (total,) = [one for one in told.counts("2A", year="2024-25") if not one.breakdown]
    assert total.side_counts == {
        "unable to classify": 10,  # 13, 21, two whose assessment or request says nothing, six outcomes
        "support declined": 7,  # 16, review -13, declined a week on, three of those with silence, one outcome
        "deceased": 4,  # 10, two who died earlier, one outcome
        "admitted to hospital": 3,  # 19, two that ended together, one outcome
        "NHS": 1,
        "self-funded": 1,
    }
