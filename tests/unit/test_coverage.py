"""What a file truly covers, by both published versions."""

from datetime import date

import pytest

from outturn.records.coverage import Coverage, MonthCount, coverage, covered_v1, covered_v2, month_counts
from outturn.records.methods import method

RECEIVED = date(2025, 4, 20)
CLAIMED = (date(2024, 4, 1), date(2025, 3, 31))
YEAR = [date(2024, month, 1) for month in range(4, 13)] + [date(2025, month, 1) for month in range(1, 4)]


def months(counts, events=("Request", "Assessment", "Service", "Review")):
    """The same count of each event type in each month: `counts` by month as "2024-04"."""
    return [
        MonthCount(event, date.fromisoformat(f"{month}-01"), count, count)
        for month, count in counts.items()
        for event in events
    ]


def span(start, end):
    return date.fromisoformat(start), date.fromisoformat(end)


def whole_year(each=10):
    return {f"{month:%Y-%m}": each for month in YEAR}


# Version 1


def test_v1_goes_from_the_first_to_the_last_month_that_qualifies():
    found = covered_v1(months(whole_year()), RECEIVED, CLAIMED)
    assert found.span == CLAIMED
    assert found.words == "480 events ended before the month of loading. It covers 1 April 2024 to 31 March 2025."


def test_v1_is_not_impressed_by_the_stated_period():
    assert covered_v1(months({"2024-04": 50}), RECEIVED, CLAIMED).span == span("2024-04-01", "2024-04-30")


def test_v1_leaves_out_the_month_of_loading_and_those_after():
    counts = whole_year() | {"2025-04": 50, "2025-05": 50, "2124-05": 50}
    assert covered_v1(months(counts), RECEIVED, None).span == CLAIMED
    assert covered_v1(months(counts), date(2025, 5, 1), None).span == span("2024-04-01", "2025-04-30")
    assert covered_v1(months(counts), date(2025, 4, 30), None).span == CLAIMED


@pytest.mark.parametrize(("events", "first"), [(2, "2023-01-01"), (1, "2024-04-01")])
def test_v1_asks_two_percent_of_the_files_events_of_a_month(events, first):
    "Of 100 events, 2 are 2% and 1 is not; both months show all types that any month shows."
    rest = [MonthCount("Service", date(2024, 4, 1), 0, 100 - events)]
    found = covered_v1([MonthCount("Service", date(2023, 1, 1), 0, events), *rest], RECEIVED, None)
    assert found.span == span(first, "2024-04-30")
    assert found.months[0].why == ("enough events and types" if events == 2 else "fewer than 2% of the file’s events")


@pytest.mark.parametrize(("types", "first"), [(3, "2024-03-01"), (2, "2024-04-01")])
def test_v1_asks_all_but_one_of_the_fullest_months_types(types, first):
    short = months({"2024-03": 20}, ("Request", "Service", "Review")[:types])
    assert covered_v1(months({"2024-04": 50}) + short, RECEIVED, None).span == span(first, "2024-04-30")


def test_v1_counts_invalid_events_but_not_as_a_type():
    odd = [MonthCount("Invalid and not mapped", date(2024, 3, 1), 0, 50), MonthCount("blank", date(2024, 3, 1), 0, 50)]
    found = covered_v1(months({"2024-04": 50}) + odd, RECEIVED, None)
    assert found.span == span("2024-04-01", "2024-04-30")
    assert found.months[0].why == "0 of 4 event types"


def test_v1_does_not_mind_a_weak_month_in_between():
    counts = whole_year() | {"2024-08": 0}
    assert covered_v1(months(counts), RECEIVED, None).span == CLAIMED


def test_v1_counts_ends_not_starts():
    assert covered_v1([MonthCount("Service", date(2024, 5, 1), 500, 0)], RECEIVED, None).span is None


@pytest.mark.parametrize(("events", "small"), [(99, True), (100, False)])
def test_a_file_with_fewer_than_100_ended_events_covers_every_month_with_one(events, small):
    """The program; the words take the stated period. Counted over events that ended before the month of loading."""
    found = [
        MonthCount("Request", date(2024, 2, 1), 0, 1), MonthCount("Service", date(2024, 7, 1), 0, events - 1),
        MonthCount("Service", date(2025, 4, 1), 0, 500),
    ]  # fmt: skip
    assert covered_v1(found, RECEIVED, CLAIMED).span == span("2024-02-01" if small else "2024-07-01", "2024-07-31")
    words = covered_v1(found, RECEIVED, CLAIMED, small_files_as_stated=True)
    assert words.span == (CLAIMED if small else span("2024-07-01", "2024-07-31"))


def test_a_file_without_ended_events_covers_nothing():
    found = covered_v1([], RECEIVED, CLAIMED)
    assert found.span is None
    assert found.words.endswith("; no month is covered.")
    assert covered_v1([], RECEIVED, None, small_files_as_stated=True).span is None


# Version 2


def test_v2_takes_the_overlap_of_the_types():
    counts = months(whole_year(), ("Request", "Assessment")) + months(
        {f"{month:%Y-%m}": 10 for month in YEAR[2:]}, ("Service",)
    )
    assert covered_v2("950", counts, RECEIVED, None).span == span("2024-06-01", "2025-03-31")


def test_v2_ignores_reviews():
    counts = months(whole_year(), ("Request", "Assessment", "Service")) + months({"2024-04": 500}, ("Review",))
    assert covered_v2("950", counts, RECEIVED, None).span == CLAIMED


@pytest.mark.parametrize(("area", "events", "first"), [("950", 10, 4), ("950", 9, 5), ("714", 9, 4), ("714", 1, 5)])
def test_v2_asks_ten_events_a_month_except_of_the_city_of_london(area, events, first):
    "The City must still reach 20% of its usual month."
    counts = whole_year() | {"2024-04": events}
    assert covered_v2(area, months(counts), RECEIVED, None).span == (date(2024, first, 1), date(2025, 3, 31))


@pytest.mark.parametrize(("events", "first"), [(20, 4), (19, 5)])
def test_v2_asks_a_fifth_of_the_types_usual_month(events, first):
    counts = whole_year(100) | {"2024-04": events}
    found = covered_v2("950", months(counts), RECEIVED, None)
    assert found.span == (date(2024, first, 1), date(2025, 3, 31))
    assert found.months[0].why == ("a full month" if first == 4 else "fewer than 20% of this type’s usual month (100)")


def test_v2_bridges_a_single_weak_month_and_says_so():
    counts = {month: count for month, count in whole_year().items() if month != "2024-08"}
    found = covered_v2("950", months(counts), RECEIVED, None)
    assert found.span == CLAIMED
    assert found.bridged == (date(2024, 8, 1),)
    assert found.words == "It covers 1 April 2024 to 31 March 2025. Bridged over single weak months: August 2024."


def test_v2_takes_the_latest_run_where_two_months_are_weak():
    counts = whole_year() | {"2024-08": 1, "2024-09": 1}
    assert covered_v2("950", months(counts), RECEIVED, None).span == span("2024-10-01", "2025-03-31")


@pytest.mark.parametrize(("total", "found"), [(6, None), (5, CLAIMED)])
def test_v2_passes_over_a_type_that_hardly_occurs(total, found):
    "The usual type has 120 events, 5% of which are 6: from there on its weak months count, and none is complete."
    counts = months(whole_year(), ("Request", "Service"))
    rare = [MonthCount("Assessment", YEAR[0], 0, total)]
    assert covered_v2("950", counts + rare, RECEIVED, None).span == found


def test_v2_has_no_answer_where_types_do_not_overlap():
    counts = months({"2024-04": 10}, ("Request",)) + months({"2024-06": 10}, ("Service",))
    found = covered_v2("950", counts, RECEIVED, CLAIMED)
    assert found.span is None
    assert found.words == "The months in which every event type is complete do not overlap."
    assert covered_v2("950", [], RECEIVED, CLAIMED).span is None


def test_v2_begins_in_april_2020_and_stops_before_the_month_of_loading():
    counts = {"2020-03": 10, "2020-04": 10, "2020-05": 10}
    assert covered_v2("950", months(counts), RECEIVED, None).span == span("2020-04-01", "2020-05-31")
    assert covered_v2("950", months(counts), date(2020, 5, 30), None).span == span("2020-04-01", "2020-04-30")


def test_v2_takes_the_stated_period_of_the_isles_of_scilly():
    assert covered_v2("906", months(whole_year()), RECEIVED, span("2024-01-01", "2024-12-31")).span == span(
        "2024-01-01", "2024-12-31"
    )


# Which version


def test_the_method_says_which_version():
    counts = months({"2024-04": 100})
    names = ("NHSE-2324", "DHSC-2425", "DHSC-2526", "DHSC-2627")
    found = [coverage(method(name), "950", counts, RECEIVED, CLAIMED) for name in names]
    assert [one.version for one in found] == ["stated", "v1", "v1", "v2"]
    assert found[0].span == CLAIMED
    assert found[1].span == span("2024-04-01", "2024-04-30")


def test_counts_are_the_councils_own():
    report = [
        {"area": "950", "event": "Request", "month": "2025-04", "started": 3, "ended": 2},
        {"area": "951", "event": "Request", "month": "2025-04", "started": 9, "ended": 9},
    ]
    assert month_counts(report, "950") == [MonthCount("Request", date(2025, 4, 1), 3, 2)]


def test_a_period_is_held_when_all_its_days_are():
    found = Coverage(CLAIMED, "v1", "")
    assert found.holds(*CLAIMED)
    assert not found.holds(date(2024, 3, 31), CLAIMED[1])
    assert not found.holds(CLAIMED[0], date(2025, 4, 1))
    assert not Coverage(None, "v1", "").holds(*CLAIMED)
