"""Who is supported on a day, by which package: SUPPORT-PACKAGES, PREVENTION and SELF-DIRECTED."""

import pytest

from tests.spec.measure_stories import Stories

COMMUNITY, LOW = "Long term support: Community", "Short term support: Ongoing low level"
OTHER, ST_MAX = "Short term support: Other short term", "Short term support: ST-Max"
HOME, PRISON = "Long term support: Residential care", "Long term support: Prison"
CARER = "Unpaid carer support: Direct to unpaid carer"
DP, BUDGET = "Direct payment", "CASSR managed personal budget"
BOUGHT = "CASSR commissioned support"
LIVING, STAY = "Long term residential care", "Short term residential care"
UC = "Unpaid carer"
STORIES = f"""
story             | start      | end        | type        | component   | mechanism | born       | died       | client
home care         | 2024-05-01 |            | {COMMUNITY} | Meals       | {BOUGHT}  |            |            |
ends then         | 2024-05-01 | 2025-03-31 | {COMMUNITY} | Meals       | {BUDGET}  |            |            |
ended before      | 2024-05-01 | 2025-03-30 | {COMMUNITY} | Meals       | {DP}      |            |            |
starts then       | 2025-03-31 |            | {COMMUNITY} | Day support | {DP}      |            |            |
starts after      | 2025-04-01 |            | {COMMUNITY} | Day support | {DP}      |            |            |
died then         | 2024-05-01 |            | {COMMUNITY} | Day support | {DP}      |            | 2025-03-31 |
died before       | 2024-05-01 |            | {COMMUNITY} | Day support | {DP}      |            | 2025-03-30 |
by component      | 2024-05-01 |            | {COMMUNITY} | {DP}        | {BOUGHT}  |            |            |
delivery blank    | 2024-05-01 |            | {COMMUNITY} | Day support |           |            |            |
two services      | 2024-05-01 |            | {COMMUNITY} | Day support | {BOUGHT}  |            |            |
two services      | 2024-05-01 |            | {COMMUNITY} | Meals       | {DP}      |            |            |
both homes        | 2024-05-01 |            | {COMMUNITY} | Day support | {DP}      |            |            |
both homes        | 2025-01-01 |            | {HOME}      | {LIVING}    |           |            |            |
reablement        | 2025-03-01 | 2025-04-10 | {ST_MAX}    | Reablement  |           |            |            |
respite           | 2025-03-25 | 2025-04-05 | {OTHER}     | {STAY}      |           |            |            |
alarm             | 2020-05-01 |            | {LOW}       | Equipment   |           | 1990-01-01 |            |
grab rail in June | 2024-06-05 | 2024-06-05 | {LOW}       | Equipment   |           |            |            |
alarm and care    | 2020-05-01 |            | {LOW}       | Equipment   |           |            |            |
alarm and care    | 2025-01-01 |            | {COMMUNITY} | Meals       | {BOUGHT}  |            |            |
in prison         | 2024-05-01 |            | {PRISON}    | Day support | {BUDGET}  | 1990-01-01 |            |
under 18          | 2024-05-01 |            | {COMMUNITY} | Day support | {DP}      | 2007-04-01 |            |
just 18           | 2024-05-01 |            | {COMMUNITY} | Day support | {DP}      | 2007-03-20 |            |
age not known     | 2024-05-01 |            | {COMMUNITY} | Day support | {DP}      | unknown    |            |
carer             | 2024-05-01 |            | {CARER}     | Meals       | {DP}      |            |            | {UC}
"""
DAY = "31 March 2025"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return Stories(STORIES, tmp_path_factory.mktemp("support"))


def packages(told, part, **when):
    found = told.cohort("SUPPORT-PACKAGES", **(when or {"period": DAY}))
    return {
        story: row["package"] for story, rows in found.items() for row in rows if row["part"] == part and row["counted"]
    }


def test_everyone_with_a_service_on_the_day_has_one_package(told):
    "What starts, ends or is cut short by death on the day is there; a day earlier or later it is not."
    assert packages(told, "any support") == {
        "home care": "Community: commissioned by the council",
        "ends then": "Community: budget managed by the council",
        "starts then": "Community: direct payment",
        "died then": "Community: direct payment",
        "by component": "Community: direct payment",
        "delivery blank": "Community: delivery not recorded",
        "two services": "Community: direct payment",
        "both homes": "Residential care",
        "reablement": "Reablement",
        "respite": "Short stay in a care home",
        "alarm": "Ongoing low level support",
        "alarm and care": "Community: commissioned by the council",
        "in prison": "Prison",
        "just 18": "Community: direct payment",
        "age not known": "Community: direct payment",
    }


def test_living_independently_is_a_package_at_home(told):
    everyone, at_home = packages(told, "any support"), packages(told, "living independently")
    assert everyone.keys() - at_home.keys() == {"both homes", "respite", "alarm", "in prison"}


def test_who_does_not_live_independently_can_be_found_in_the_case_list(told):
    rows = told.cohort("SUPPORT-PACKAGES", period=DAY)["in prison"]
    assert [(row["part"], row["counted"]) for row in rows] == [("any support", 1), ("living independently", 0)]


def test_over_a_year_everyone_counts_who_had_a_service_on_some_day_of_it(told):
    in_year = packages(told, "any support", year="2024-25")
    assert in_year.keys() - packages(told, "any support").keys() == {
        "ended before", "died before", "grab rail in june",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("period", "counted"),
    [(DAY, {"alarm"}), ("5 June 2024", {"alarm", "alarm and care", "grab rail in june"}),
     ("6 June 2024", {"alarm", "alarm and care"}), ("2024/25", {"alarm", "grab rail in june"})],
)  # fmt: skip
def test_prevention_is_a_light_service_alone(told, period, counted):
    "A rail fitted on one day counts on that day and in the year. Home care since January takes its owner out."
    found = told.cohort("PREVENTION", period=period)
    assert {story for story, rows in found.items() if rows[0]["counted"]} == counted


def test_someone_with_a_package_is_shown_with_it(told):
    (row,) = told.cohort("PREVENTION", period=DAY)["alarm and care"]
    assert (row["counted"], row["step"]) == (0, "has a package that ranks higher")
    assert row["outcome"] == "Community: commissioned by the council"


def test_prevention_and_packages_share_nobody(told):
    found = told.cohort("PREVENTION", period=DAY)
    assert not {story for story, rows in found.items() if rows[0]["counted"]} & {
        *packages(told, "living independently")
    }


def part(told, name, period=DAY):
    found = told.cohort("SELF-DIRECTED", period=period)
    rows = {story: row for story, rows in found.items() for row in rows if row["part"] == name}
    return {story: f"{row['included']}/{row['counted']}" for story, row in rows.items()}


def test_self_directed_support_on_a_day(told):
    "A direct payment or managed budget counts; commissioned and blank delivery are in the denominator alone."
    assert part(told, "self-directed support") == {
        "home care": "1/0", "ends then": "1/1", "starts then": "1/1", "died then": "1/1",
        "by component": "1/1", "delivery blank": "1/0", "two services": "1/1",
        "both homes": "0/0", "alarm and care": "1/0", "in prison": "0/0",
        "just 18": "1/1", "age not known": "1/1",
    }  # fmt: skip


def test_direct_payments_leave_out_managed_budgets(told):
    differ = {story for story, seen in part(told, "direct payments").items()
              if seen != part(told, "self-directed support")[story]}  # fmt: skip
    assert differ == {"ends then"}


def test_in_the_community_is_out_of_all_long_term_support(told):
    seen = part(told, "in the community")
    assert {story for story, decided in seen.items() if decided == "1/0"} == {"both homes", "in prison"}
    assert sum(decided == "1/1" for decided in seen.values()) == 10


def test_a_monthly_series_in_one_run(told):
    "Between the ends of February and April two direct payments stop with a death, one ends, and four people begin."
    days = ["28 February 2025", "31 March 2025", "30 April 2025"]
    counts = told.counts("SELF-DIRECTED", period=days, by=[()])
    seen = {(one.period, one.part): (one.numerator, one.denominator) for one in counts}
    codes = sorted({period for period, _ in seen})
    assert [seen[code, "direct payments"] for code in codes] == [(6, 10), (6, 10), (7, 10)]


def test_over_a_year_it_takes_everyone_supported_on_some_day_of_it(told):
    in_year = part(told, "self-directed support", "2024/25")
    assert in_year.keys() - part(told, "self-directed support").keys() == {"ended before", "died before"}


def test_delivery_that_is_not_recorded_is_a_side_count(told):
    (count,) = [one for one in told.counts("SELF-DIRECTED", period=DAY, by=[()]) if one.part == "self-directed support"]
    assert (count.numerator, count.denominator) == (7, 10)
    assert count.side_counts == {"delivery not recorded": 1}


def test_on_31_march_it_is_ascof_3d(told):
    "Clients, parts 1a and 2a."
    local = {one.part: one for one in told.counts("SELF-DIRECTED", period=DAY, by=[()])}
    national = {one.part: one for one in told.counts("3D", year="2024/25", by=[()])}
    for ours, theirs in (("self-directed support", "1a"), ("direct payments", "2a")):
        assert local[ours].numerator == national[theirs].numerator
        assert local[ours].denominator == national[theirs].denominator
