"""2E: living in one's own home or with family (3.4; vectors A14 to A16), each case a person."""

import pytest

from tests.spec.cld_rows import table
from tests.spec.measure_stories import Stories

COMMUNITY = "Long term support: Community"
SERVICES = {  # how the stories call a service: its type and component
    "community": (COMMUNITY, None),
    "meals": (COMMUNITY, "Meals"),
    "day support": (COMMUNITY, "Day support"),
    "home care": (COMMUNITY, "Home support or domiciliary care"),
    "Shared Lives": (COMMUNITY, "Shared Lives"),
    "care home": ("Long term support: Residential care", "Long term residential care"),
    "home, blank": ("Long term support: Residential care", None),
    "nursing": ("Long term support: Nursing care", None),
    "prison": ("Long term support: Prison", None),
    "ST-Max": ("Short term support: ST-Max", None),
}
HOUSING = {
    "tenant": "Tenant: Private landlord",
    "owner": "Owner occupier or shared ownership scheme",
    "care home": "Registered care home",
    "refuge": "Refuge",
    "Unknown": "Unknown",
    None: None,
}
REASONS = {"LD": "Learning disability support", "carer": "Social support: Support to unpaid carer", None: None}
# `is` is included/counted of part “all” for 2024-25 and its band; `LD`, that of part “learning disability”.
STORIES = """
    story                 | is        | LD  | service      | start      | end        | born       | lives     | reason
    1 tenant              | 1/1 18-64 | 1/1 | community    | 2020-01-01 |            | 1984-01-01 | tenant    | LD
    2 residential         | 1/0 65+   |     | care home    | 2020-01-01 |            | 1944-01-01 | Unknown   |
    3 home care           | 1/1 65+   |     | home care    | 2020-01-01 |            | 1944-01-01 | Unknown   |
    4 day support         | 1/0 65+   |     | day support  | 2020-01-01 |            | 1944-01-01 | Unknown   |
    5 two components      | 1/0 65+   |     | Shared Lives | 2020-01-01 |            | 1944-01-01 | Unknown   |
    5 two components      | 1/0 65+   |     | home care    | 2020-01-01 |            | 1944-01-01 | Unknown   |
    6 ended before        |           |     | community    | 2023-01-01 | 2024-03-31 | 1944-01-01 | owner     |
    7 64 at its end       | 1/1 18-64 | 1/1 | community    | 2023-01-01 | 2024-04-01 | 1959-05-20 | owner     | LD
    8 birth not known     | 0/0 ?     |     | community    | 2023-01-01 |            | unknown    | owner     | LD
    9 conflict            | 1/0 65+   |     | care home    | 2023-01-01 |            | 1944-01-01 | owner     |
    9 conflict            | 1/0 65+   |     | home, blank  | 2023-01-01 |            | 1944-01-01 | care home |
    10 known once         | 1/1 65+   |     | community    | 2023-01-01 | 2023-12-31 | 1944-01-01 | owner     |
    10 known once         | 1/1 65+   |     | community    | 2025-02-01 |            | 1944-01-01 | Unknown   |
    A15 last day          | 1/1 65+   |     | community    | 2025-03-31 |            | 1944-01-01 | owner     |
    A16 day after         |           |     | community    | 2025-04-01 |            | 1944-01-01 | owner     |
    ended on first day    | 1/1 65+   |     | community    | 2023-01-01 | 2024-04-01 | 1944-01-01 | owner     |
    nursing               | 1/1 65+   |     | nursing      | 2023-01-01 |            | 1944-01-01 | owner     |
    prison                | 1/1 65+   |     | prison       | 2023-01-01 |            | 1944-01-01 | owner     |
    ends before its start |           |     | community    | 2024-05-02 | 2024-05-01 | 1944-01-01 | owner     |
    ends as it starts     | 1/1 65+   |     | community    | 2024-05-01 | 2024-05-01 | 1944-01-01 | owner     |
    refuge                | 1/0 18-64 |     | community    | 2024-05-01 |            | 1984-01-01 | refuge    |
    LD of 65              | 1/1 65+   |     | community    | 2024-05-01 |            | 1944-01-01 | owner     | LD
    LD before a carer     | 1/1 18-64 | 1/1 | community    | 2024-05-01 | 2024-06-01 | 1984-01-01 | owner     | LD
    LD before a carer     | 1/1 18-64 | 1/1 | community    | 2024-07-01 |            | 1984-01-01 | owner     | carer
    18 at the year's end  | 1/1 18-64 | 1/1 | community    | 2024-05-01 |            | 2007-03-20 | owner     | LD
    17 at the year's end  |           |     | community    | 2024-05-01 |            | 2007-04-20 | owner     | LD
    17 when it ended      |           |     | community    | 2024-05-01 | 2025-02-28 | 2007-03-20 | owner     | LD
    65 by a day           | 1/1 65+   |     | community    | 2024-05-01 | 2025-03-02 | 1960-03-20 | owner     | LD
    65 but for a day      | 1/1 18-64 | 1/1 | community    | 2024-05-01 | 2025-03-01 | 1960-03-20 | owner     | LD
    the later end decides | 1/1 65+   |     | community    | 2024-05-01 | 2025-03-02 | 1960-03-20 | owner     | LD
    the later end decides | 1/1 65+   |     | meals        | 2024-06-01 | 2024-07-01 | 1960-03-20 | owner     | LD
    ends after the year   | 1/1 18-64 | 1/1 | community    | 2024-05-01 | 2025-05-02 | 1960-04-20 | owner     | LD
"""
OTHERS = """
    story                  | is      | event  | client       | service   | start      | end        | died
    carer                  |         |        | Unpaid carer | community | 2024-05-01 |            |
    review                 |         | Review |              | community | 2024-05-01 | 2024-05-01 |
    short term             |         |        |              | ST-Max    | 2024-05-01 |            |
    died on first day      | 1/0 65+ |        |              | community | 2023-05-01 |            | 2024-04-01
    died on the day before |         |        |              | community | 2023-05-01 | 2023-06-01 | 2024-03-31
"""
BANDS = {"18 to 64": "18-64", "65 and above": "65+", "Unknown": "?"}


def stories(text, folder):
    """The stories, and what part “all” and part “learning disability” should make of each."""
    rows, expected = [], {}
    for row in table(text):
        expected[row["story"]] = (row.pop("is"), row.pop("LD", None))
        row["type"], row["component"] = SERVICES[row.pop("service")]
        row["accommodation"] = HOUSING[row.pop("lives", None)]
        row["reason"] = REASONS[row.get("reason")]
        rows.append(row)
    return Stories(rows, folder), expected


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return stories(STORIES, tmp_path_factory.mktemp("2e"))


def decided(told, story, **how):
    """What the parts say of a story, written as in the tables above."""
    found = {None: None} | {
        row["part"]: (f"{row['included']}/{row['counted']}", BANDS[row["age_band"]])
        for row in told.cohort("2E", **{"year": "2024-25"} | how)[story]
    }
    everyone, disabled = found.get("all"), found.get("learning disability")
    return (everyone and " ".join(everyone), disabled and disabled[0])


def test_who_lives_at_home_or_with_family(told):
    stories, expected = told
    assert {story: decided(stories, story) for story in expected} == expected


def test_only_services_of_service_users_count_and_death_before_the_year_ends_it(tmp_path):
    told, expected = stories(OTHERS, tmp_path)
    for reading in ("executed", "published"):
        assert {story: decided(told, story, reading=reading) for story in expected} == expected


@pytest.mark.parametrize("name", ["DHSC-2425", "DHSC-2627"])
@pytest.mark.parametrize("reading", ["executed", "published"])
def test_dhscs_methods_and_readings_agree(told, name, reading):
    stories, expected = told
    assert {story: decided(stories, story, method_name=name, reading=reading) for story in expected} == expected


def test_an_open_service_of_someone_who_died_on_its_first_day_reaches_the_years_end_or_that_day(tmp_path):
    "C.1: the program leaves it open, so that age is that of the year's end; the words end it on the day."
    told, _ = stories("""
        story | is | LD | service   | start      | end | born       | died       | lives
        Ann   |    |    | community | 2024-05-01 |     | 1959-06-20 | 2024-05-01 | owner
    """, tmp_path)  # fmt: skip
    assert decided(told, "Ann") == ("1/1 65+", None)
    assert decided(told, "Ann", reading="published") == ("1/1 18-64", None)


def test_details_recorded_after_the_year_count_and_another_period_has_its_own_age(tmp_path):
    told, _ = stories("""
        story | is | LD | service   | start      | end        | born       | lives
        Ann   |    |    | community | 2024-05-01 | 2025-06-01 | 1959-06-20 | owner
        Ann   |    |    | community | 2025-07-01 |            | 1959-06-20 | care home
    """, tmp_path)  # fmt: skip
    assert decided(told, "Ann") == ("1/0 65+", None)
    assert decided(told, "Ann", year=None, period="2024-25 Q1") == ("1/0 65+", None)
    assert decided(told, "Ann", year=None, period="2024-05") == ("1/0 18-64", None)


def test_gender_makes_male_and_female_figures_and_other_genders_are_in_the_band_only(tmp_path):
    "A14 is Ann."
    told, _ = stories("""
        story | is | LD | service   | start      | gender  | born       | lives     | reason
        Ann   |    |    | community | 2024-05-01 | Unknown | 1954-01-01 | owner     |
        Ben   |    |    | community | 2024-05-01 | Male    | 1954-01-01 | care home |
        Cam   |    |    | community | 2024-05-01 | Female  | 1984-01-01 | owner     | LD
        Dot   |    |    | community | 2024-05-01 | Female  | unknown    | owner     |
    """, tmp_path)  # fmt: skip
    figures = {
        (figure.part, *figure.breakdown.values()): f"{figure.numerator}/{figure.denominator}"
        for figure in told.counts("2E", year="2024-25")
    }
    young, old = "18 to 64", "65 and above"
    assert figures == {
        ("all", young): "1/1", ("all", young, "Male"): "0/0", ("all", young, "Female"): "1/1",
        ("all", old): "1/2", ("all", old, "Male"): "0/1", ("all", old, "Female"): "0/0",
        ("learning disability", young): "1/1", ("learning disability", young, "Male"): "0/0",
        ("learning disability", young, "Female"): "1/1",
    }  # fmt: skip


def test_unknown_and_presumed_accommodation_is_counted_beside_also_where_age_is_unknown(told, tmp_path):
    stories_of_all, _ = told
    sides = {story for story, rows in stories_of_all.cohort("2E", year="2024-25").items() if rows[0]["side"]}
    assert sides == {"3 home care", "4 day support", "5 two components"}
    other, _ = stories("""
        story | is | LD | service   | start      | born    | lives
        Ann   |    |    | community | 2024-05-01 | unknown |
    """, tmp_path)  # fmt: skip
    (ann,) = other.cohort("2E", year="2024-25")["Ann"]
    assert (ann["included"], ann["side"]) == (0, "unknown accommodation")


def test_nhs_england_took_the_status_of_the_latest_start_and_left_prison_out(tmp_path):
    told, expected = stories("""
        story              | is      | LD | service      | start      | end        | born       | lives
        home then home     | 1/0 65+ |    | community    | 2023-01-01 |            | 1944-01-01 | owner
        home then home     | 1/0 65+ |    | meals        | 2023-05-01 | 2023-06-01 | 1944-01-01 | care home
        known then not     | 1/0 65+ |    | community    | 2023-01-01 |            | 1944-01-01 | owner
        known then not     | 1/0 65+ |    | meals        | 2023-05-01 | 2023-06-01 | 1944-01-01 | Unknown
        not then known     | 1/1 65+ |    | community    | 2023-01-01 |            | 1944-01-01 | Unknown
        not then known     | 1/1 65+ |    | meals        | 2023-05-01 | 2023-06-01 | 1944-01-01 | owner
        services not asked | 1/0 65+ |    | Shared Lives | 2023-01-01 |            | 1944-01-01 | Unknown
        prison             |         |    | prison       | 2023-01-01 |            | 1944-01-01 | owner
    """, tmp_path)  # fmt: skip
    how = {"year": "2023-24", "method_name": "NHSE-2324"}
    assert {story: decided(told, story, **how) for story in expected} == expected
