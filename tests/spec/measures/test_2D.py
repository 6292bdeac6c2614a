"""ASCOF 2D as stories: somebody leaves hospital, and has reablement or not.

Part 1 counts episodes of reablement after a discharge; part 2 has a row for each discharge and one for each episode.
`1/0` is included and counted.
"""

import pytest

from tests.spec.discharge_stories import HospitalStories

SERVICES = """
    story                 | start      | end        | type                                | component  | died
    1 plain               | 2024-10-17 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    2 eight days later    | 2024-10-18 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    3 begun in hospital   | 2024-10-07 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    3b four days before   | 2024-10-06 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    3c before admission   | 2024-10-07 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    4 back on day 84      | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    5 back on day 85      | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    6 home the same day   | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    7 from a care home    | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    7 from a care home    | 2023-05-01 |            | Long term support: Residential care |            |
    8 left home that day  | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    8 left home that day  | 2023-05-01 | 2024-10-01 | Long term support: Nursing care     |            |
    9 left home before    | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    9 left home before    | 2023-05-01 | 2024-09-30 | Long term support: Nursing care     |            |
    10 community support  | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    10 community support  | 2023-05-01 |            | Long term support: Community        |            |
    11 died on day 84     | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement | 2025-01-02
    12 died on day 85     | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement | 2025-01-03
    13 care home day 84   | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    13 care home day 84   | 2025-01-02 |            | Long term support: Residential care |            |
    14 care home day 85   | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    14 care home day 85   | 2025-01-03 |            | Long term support: Nursing care     |            |
    15 other component    | 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Equipment  |
    16 planned readmission| 2024-10-11 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    17 two in one episode | 2024-10-11 | 2024-10-20 | Short term support: ST-Max          | Reablement |
    17 two in one episode | 2024-10-27 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    18 two episodes       | 2024-10-10 | 2024-10-10 | Short term support: ST-Max          | Reablement |
    18 two episodes       | 2024-10-18 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    19 two discharges     | 2024-10-14 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    19b of the later one  | 2024-10-14 | 2024-11-20 | Short term support: ST-Max          | Reablement | 2025-01-04
    19c within the first  | 2024-10-11 | 2024-12-20 | Short term support: ST-Max          | Reablement |
    19c within the first  | 2024-10-12 | 2024-10-13 | Short term support: ST-Max          | Reablement |
    19c within the first  | 2024-12-01 | 2024-12-31 | Short term support: ST-Max          | Reablement |
    20 two spells one day | 2024-10-14 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    21 lives elsewhere    | 2024-10-14 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    22 back before care   | 2024-10-17 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    23 no discharge       | 2024-10-17 | 2024-11-20 | Short term support: ST-Max          | Reablement |
    24 still open         | 2024-10-17 |            | Short term support: ST-Max          | Reablement |
    25 year's first day   | 2024-03-31 | 2024-05-01 | Short term support: ST-Max          | Reablement |
    26 year before        | 2024-04-01 | 2024-05-01 | Short term support: ST-Max          | Reablement |
"""
DISCHARGES = """
    story                 | admitted   | discharged | born    | method | out | to | function | type | last | residence
    1 plain               |            |            |         |        |     |    |          |      |      |
    2 eight days later    |            |            |         |        |     |    |          |      |      |
    3 begun in hospital   |            |            |         |        |     |    |          |      |      |
    3b four days before   |            |            |         |        |     |    |          |      |      |
    3c before admission   | 2024-10-08 |            |         |        |     |    |          |      |      |
    4 back on day 84      |            |            |         |        |     |    |          |      |      |
    4 back on day 84      | 2025-01-02 | 2025-01-05 |         |        |     |    |          |      |      |
    5 back on day 85      |            |            |         |        |     |    |          |      |      |
    5 back on day 85      | 2025-01-03 | 2025-01-06 |         |        |     |    |          |      |      |
    6 home the same day   |            |            |         |        |     |    |          |      |      |
    6 home the same day   | 2024-10-20 | 2024-10-20 |         |        |     |    |          |      |      |
    7 from a care home    |            |            |         |        |     |    |          |      |      |
    8 left home that day  |            |            |         |        |     |    |          |      |      |
    9 left home before    |            |            |         |        |     |    |          |      |      |
    10 community support  |            |            |         |        |     |    |          |      |      |
    11 died on day 84     |            |            |         |        |     |    |          |      |      |
    12 died on day 85     |            |            |         |        |     |    |          |      |      |
    13 care home day 84   |            |            |         |        |     |    |          |      |      |
    14 care home day 85   |            |            |         |        |     |    |          |      |      |
    15 other component    |            |            |         |        |     |    |          |      |      |
    16 planned readmission|            |            |         |        |     |    |          |      |      |
    16 planned readmission| 2024-11-01 | 2024-11-05 |         | 11     | 1   | 19 | 110      | EL   |      |
    17 two in one episode |            |            |         |        |     |    |          |      |      |
    18 two episodes       |            | 2024-10-11 |         |        |     |    |          |      |      |
    19 two discharges     | 2024-09-20 | 2024-10-08 |         |        |     |    |          |      |      |
    19 two discharges     | 2024-10-09 | 2024-10-12 |         |        |     |    |          |      |      |
    19b of the later one  | 2024-09-20 | 2024-10-08 |         |        |     |    |          |      |      |
    19b of the later one  | 2024-10-09 | 2024-10-12 |         |        |     |    |          |      |      |
    19c within the first  |            |            |         |        |     |    |          |      |      |
    20 two spells one day | 2024-09-20 |            |         |        |     |    |          |      |      |
    20 two spells one day |            |            |         |        |     |    |          |      |      |
    21 lives elsewhere    |            |            |         |        |     |    |          |      |      | 951
    22 back before care   |            |            |         |        |     |    |          |      |      |
    22 back before care   | 2024-10-12 | 2024-10-14 |         |        | 4   | 79 |          |      |      |
    24 still open         |            |            |         |        |     |    |          |      |      |
    25 year's first day   | 2024-03-20 | 2024-04-01 |         |        |     |    |          |      |      |
    26 year before        | 2024-03-20 | 2024-03-31 |         |        |     |    |          |      |      |
    d 65 on the day       |            | 2025-03-01 | 1960-02 |        |     |    |          |      |      |
    d 64 by the age rule  |            | 2025-03-01 | 1960-03 |        |     |    |          |      |      |
    d maternity           |            |            |         | 31     |     |    |          |      |      |
    d died                |            |            |         |        | 4   |    |          |      |      |
    d to another hospital |            |            |         |        |     | 51 |          |      |      |
    d psychiatry          |            |            |         |        |     |    | 710      |      |      |
    d dialysis            |            |            |         |        |     |    | 653      |      |      |
    d learning disability |            |            |         |        |     |    | 700      |      |      |
    d rehabilitation      |            |            |         |        |     |    | 314      |      |      |
    d no destination      |            |            |         |        |     | -  |          |      |      |
    d no residence        |            |            |         |        |     |    |          |      |      | -
    d not the last episode|            |            |         |        |     |    |          |      | 2    |
    d same day            | 2024-10-10 |            |         |        |     |    |          |      |      |
    d before the year     | 2024-03-20 | 2024-03-31 |         |        |     |    |          |      |      |
    d year's last day     | 2025-03-20 | 2025-03-31 |         |        |     |    |          |      |      |
    d long ago            | 2023-03-31 |            |         |        |     |    |          |      |      |
"""
# Of each story what part 1 and part 2 add up to: included and counted.
TOLD = {
    "1 plain": ("1/1", "1/1"),
    "2 eight days later": ("0/0", "1/0"),
    "3 begun in hospital": ("1/1", "1/1"),
    "3b four days before": ("0/0", "1/0"),
    "3c before admission": ("0/0", "1/0"),
    "4 back on day 84": ("1/0", "2/1"),
    "5 back on day 85": ("1/1", "2/1"),
    "6 home the same day": ("1/1", "1/1"),
    "7 from a care home": ("0/0", "0/0"),
    "8 left home that day": ("0/0", "0/0"),
    "9 left home before": ("1/1", "1/1"),
    "10 community support": ("1/1", "1/1"),
    "11 died on day 84": ("1/0", "1/1"),
    "12 died on day 85": ("1/1", "1/1"),
    "13 care home day 84": ("1/0", "1/1"),
    "14 care home day 85": ("1/1", "1/1"),
    "15 other component": ("0/0", "1/0"),
    "16 planned readmission": ("1/1", "2/1"),
    "17 two in one episode": ("1/1", "1/1"),
    "18 two episodes": ("2/2", "1/2"),
    "19 two discharges": ("1/1", "2/1"),
    "19b of the later one": ("1/0", "2/1"),
    "19c within the first": ("1/1", "1/1"),
    "20 two spells one day": ("1/1", "2/1"),
    "21 lives elsewhere": ("1/1", "0/1"),
    "22 back before care": ("1/1", "1/1"),
    "23 no discharge": ("0/0", "0/0"),
    "24 still open": ("1/1", "1/1"),
    "25 year's first day": ("1/1", "1/1"),
    "26 year before": ("0/0", "0/0"),
    "d 65 on the day": ("0/0", "1/0"),
    "d 64 by the age rule": ("0/0", "0/0"),
    "d maternity": ("0/0", "0/0"),
    "d died": ("0/0", "0/0"),
    "d to another hospital": ("0/0", "0/0"),
    "d psychiatry": ("0/0", "0/0"),
    "d dialysis": ("0/0", "0/0"),
    "d learning disability": ("0/0", "0/0"),
    "d rehabilitation": ("0/0", "1/0"),
    "d no destination": ("0/0", "0/0"),
    "d no residence": ("0/0", "0/0"),
    "d not the last episode": ("0/0", "0/0"),
    "d same day": ("0/0", "0/0"),
    "d before the year": ("0/0", "0/0"),
    "d year's last day": ("0/0", "1/0"),
    "d long ago": ("0/0", "0/0"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return HospitalStories(SERVICES, DISCHARGES, tmp_path_factory.mktemp("2D"))


@pytest.mark.parametrize("story", TOLD)
def test_each_story_counts_as_it_should_in_both_parts(told, story):
    assert tuple(told.decided("2D", story, part=part, year="2024-25") for part in ("1", "2")) == TOLD[story]


def test_every_story_is_looked_at():
    names = {line.split("|")[0].strip() for line in (SERVICES + DISCHARGES).strip().splitlines()} - {"story", ""}
    assert names == set(TOLD)


@pytest.mark.parametrize(
    ("story", "outcome"),
    [
        ("4 back on day 84", "readmitted as an emergency"), ("11 died on day 84", "died"),
        ("13 care home day 84", "moved to a care home"), ("1 plain", "in the community"),
    ],
)  # fmt: skip
def test_a_case_list_says_what_became_of_an_episode(told, story, outcome):
    assert [row["outcome"] for row in told.part_of("2D", story, part="1", year="2024-25")] == [outcome]


@pytest.mark.parametrize(
    ("story", "step"),
    [
        ("d maternity", "maternity or birth"), ("d died", "died in hospital"),
        ("d to another hospital", "destination left out"), ("d psychiatry", "treatment function left out"),
        ("d no destination", "a code is unknown"), ("7 from a care home", "in a care home or prison when admitted"),
    ],
)  # fmt: skip
def test_a_case_list_says_why_a_discharge_is_left_out(told, story, step):
    assert [row["step"] for row in told.part_of("2D", story, part="2", year="2024-25")] == [step]


def test_an_episode_after_no_discharge_is_listed_and_counts_nowhere(told):
    assert [row["step"] for row in told.part_of("2D", "23 no discharge", part="1", year="2024-25")] == [
        "no discharge before it"
    ]


def test_figures_split_by_older_age_band_sex_and_support_before(told):
    [row] = told.part_of("2D", "10 community support", part="1", year="2024-25")
    assert (row["age_band"], row["older_age_band"], row["sex"], row["support_before"]) == (
        "65 and above", "75 to 84", "Female", "Long-term community support",
    )  # fmt: skip
    [row] = told.part_of("2D", "d 65 on the day", part="2", year="2024-25")
    assert (row["older_age_band"], row["support_before"]) == ("65 to 74", "No long-term support")


def test_the_parts_are_sums_over_all_stories(told):
    totals = {
        count.part: (count.numerator, count.denominator)
        for count in told.counts("2D", year="2024-25") if not count.breakdown
    }  # fmt: skip
    parts = {part: [TOLD[story][place].split("/") for story in TOLD] for place, part in enumerate("12")}
    expected = {
        part: (sum(int(counted) for _, counted in rows), sum(int(included) for included, _ in rows))
        for part, rows in parts.items()
    }
    assert totals == expected


def test_each_episode_stands_in_the_year_of_its_discharge(told):
    assert told.decided("2D", "26 year before", part="1", year="2023-24") == "1/1"
    assert told.decided("2D", "25 year's first day", part="1", year="2023-24") == "0/0"
