"""Which file serves which quarter, and why the others do not."""

from datetime import date, datetime

import pytest

from outturn.records.coverage import Coverage
from outturn.records.methods import method
from outturn.records.selection import Candidate, choose, quarters, select, select_single

EXECUTED, PUBLISHED = method(), method(reading="published")
AS_OF = date(2026, 6, 30)
NUMBERS = {"a": 1, "b": 2, "c": 3, "d": 4}


def file(name, start, end, received, *, withdrawn=False, area="950"):
    covers = (date.fromisoformat(start), date.fromisoformat(end)) if start else None
    return Candidate(
        name,
        f"{name}.csv",
        area,
        NUMBERS[name],
        datetime.fromisoformat(received),
        Coverage(covers, "v1", ""),
        withdrawn,
    )


def periods(*files, way=EXECUTED, as_of=AS_OF):
    found = select("950", files, way, as_of).periods
    return [f"{one.candidate.id} {one.start} {one.end}{' last' if one.last else ''}" for one in found]


def test_quarters_lie_wholly_within():
    assert quarters(date(2023, 4, 1), date(2023, 12, 30)) == [
        (date(2023, 4, 1), date(2023, 6, 30)), (date(2023, 7, 1), date(2023, 9, 30)),
    ]  # fmt: skip
    assert quarters(date(2023, 4, 2), date(2023, 6, 30)) == []


def test_the_quarters_of_one_file_are_one_reference_period():
    assert periods(file("a", "2024-04-01", "2025-03-31", "2025-04-20")) == ["a 2024-04-01 2025-03-31 last"]


def test_each_rolling_year_leaves_its_first_quarter_to_the_file_before():
    assert periods(
        file("a", "2024-01-01", "2024-12-31", "2025-01-20"), file("b", "2024-04-01", "2025-03-31", "2025-04-20")
    ) == ["a 2024-01-01 2024-03-31", "b 2024-04-01 2025-03-31 last"]


def test_nothing_before_april_2023():
    assert periods(file("a", "2022-01-01", "2023-06-30", "2023-07-20")) == ["a 2023-04-01 2023-06-30 last"]


@pytest.mark.parametrize(
    ("start", "end", "received", "serves"),
    [
        ("2024-04-01", "2024-06-30", "2024-07-01", True),
        ("2024-04-02", "2024-06-30", "2024-07-01", False),
        ("2024-04-01", "2024-06-29", "2024-07-01", False),
        ("2024-04-01", "2024-06-30", "2024-06-30T23:59:59", False),  # before the quarter was over
    ],
)
def test_a_file_must_cover_the_whole_quarter_and_come_after_it(start, end, received, serves):
    assert periods(file("a", start, end, received)) == (["a 2024-04-01 2024-06-30 last"] if serves else [])


def test_received_on_the_day_asked_counts_and_the_day_after_does_not():
    files = [
        file("a", "2024-04-01", "2024-06-30", "2024-07-20"),
        file("b", "2024-04-01", "2024-06-30", "2024-08-20T23:00:00"),
    ]  # fmt: skip
    assert periods(*files, as_of=date(2024, 8, 19)) == ["a 2024-04-01 2024-06-30 last"]
    assert periods(*files, as_of=date(2024, 8, 20)) == ["b 2024-04-01 2024-06-30 last"]


def test_of_two_received_at_one_moment_the_later_stored_wins():
    files = [file("b", "2024-04-01", "2024-06-30", "2024-07-20"), file("a", "2024-04-01", "2024-06-30", "2024-07-20")]
    assert periods(*files) == ["b 2024-04-01 2024-06-30 last"]


def test_why_the_others_do_not_serve():
    files = [
        file("a", "2024-04-01", "2024-06-30", "2024-07-20"),
        file("b", "2024-04-01", "2024-06-30", "2024-08-20"),
        file("c", "2024-04-01", "2024-06-30", "2024-09-20", withdrawn=True),
        file("d", None, None, "2024-09-20"),
    ]
    choice = choose(files, date(2024, 4, 1), date(2024, 6, 30), AS_OF)
    assert choice.winner == files[1]
    assert {one.id: why for one, why in choice.others} == {
        "a": "b.csv was received later and covers the period too",
        "c": "it was withdrawn",
        "d": "no period could be found that it covers",
    }
    choice = choose(files[:1], date(2024, 4, 1), date(2024, 9, 30), date(2024, 7, 1))
    assert choice.others[0][1] == "it was received on 20 July 2024, after 1 July 2024"
    choice = choose(files[:1], date(2024, 4, 1), date(2024, 9, 30), AS_OF)
    assert choice.others[0][1] == "it covers 1 April 2024 to 30 June 2024, not all of the period"


MIDDLE = (file("a", "2024-04-01", "2025-03-31", "2025-04-20"), file("b", "2024-07-01", "2024-09-30", "2025-05-20"))


def test_a_newer_file_for_a_quarter_in_the_middle_by_the_program():
    assert periods(*MIDDLE) == ["a 2024-04-01 2025-03-31", "b 2024-07-01 2024-09-30 last"]


def test_a_newer_file_for_a_quarter_in_the_middle_by_the_words():
    assert periods(*MIDDLE, way=PUBLISHED) == [
        "a 2024-04-01 2024-06-30", "b 2024-07-01 2024-09-30", "a 2024-10-01 2025-03-31 last",
    ]  # fmt: skip


def test_a_newer_file_for_the_first_quarter_is_no_middle():
    files = [MIDDLE[0], file("b", "2024-04-01", "2024-06-30", "2025-05-20")]
    assert (
        periods(*files) == periods(*files, way=PUBLISHED) == ["b 2024-04-01 2024-06-30", "a 2024-07-01 2025-03-31 last"]
    )


def test_quarters_without_a_file_are_named():
    files = [file("a", "2024-01-01", "2024-03-31", "2024-04-20"), file("b", "2024-07-01", "2024-09-30", "2024-10-20")]
    found = select("950", files, EXECUTED, AS_OF)
    assert [choice.start for choice in found.missing] == [date(2024, 4, 1)]
    assert select("950", [], EXECUTED, AS_OF).missing == ()


def test_other_councils_files_do_not_count():
    assert periods(file("a", "2024-04-01", "2024-06-30", "2024-07-20", area="951")) == []


@pytest.mark.parametrize(("end", "received", "serves"), [
    ("2024-03-31", "2024-04-01", True), ("2024-03-30", "2024-04-01", False),
    ("2024-06-30", "2024-07-31", True), ("2024-06-30", "2024-08-01", False),
])  # fmt: skip
def test_nhs_england_took_one_file_received_before_august_2024(end, received, serves):
    found = periods(file("a", "2023-04-01", end, received), way=method("NHSE-2324"))
    assert found == (["a 2023-04-01 2024-03-31 last"] if serves else [])


def test_a_single_submission_covers_the_twelve_months():
    files = [file("a", "2024-04-01", "2025-03-31", "2025-04-20"), file("b", "2024-07-01", "2025-06-30", "2025-07-20")]
    found = [select_single("950", files, EXECUTED, date(year, month, day), AS_OF).periods for year, month, day in
             ((2025, 3, 31), (2025, 6, 30), (2025, 9, 30))]  # fmt: skip
    assert [[one.candidate.id for one in chosen] for chosen in found] == [["a"], ["b"], []]
    assert found[0][0].start == date(2024, 4, 1)
