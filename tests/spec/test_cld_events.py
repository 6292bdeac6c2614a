"""From submissions to events: small tables in, and what remains of them out. Part 2 of the Client Level Data rules."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outturn.records.tables import COLUMNS
from outturn.records.workshop import tidy
from tests.spec.cld_rows import COMMUNITY, Q1, Q2, Council

YEAR = {"covers": "2024-04-01 2025-03-31", "received": "2025-04-20"}


# Filter (2.4)


FILTER = [
    # Services belong to the period if they touch it.
    ("Service", "2024-06-30", "", "", None),
    ("Service", "2024-07-01", "", "", "starts after the period"),
    ("Service", "2020-01-01", "", "", None),
    ("Service", "2024-01-01", "2024-04-01", "", None),
    ("Service", "2024-01-01", "2024-03-31", "", "ended before the period"),
    ("Service", "2024-06-30", "2024-12-31", "", None),
    ("Service", "", "2024-05-01", "", "no start"),
    ("Service", "2024-05-02", "2024-05-01", "", None),  # measures deal with an end before the start
    # Everything else belongs to it if it ended in it.
    ("Request", "2023-01-01", "2024-04-01", "", None),
    ("Request", "2023-01-01", "2024-03-31", "", "ended before the period"),
    ("Review", "2024-05-01", "2024-06-30", "", None),
    ("Review", "2024-05-01", "2024-07-01", "", "ended after the period"),
    ("Assessment", "2024-05-01", "", "", "not ended"),
    ("Assessment", "2024-07-01", "2024-06-30", "", "starts after the period"),
    # The death date ends an event, and takes out what came after it.
    ("Assessment", "2024-05-01", "", "2024-05-02", None),
    ("Assessment", "2024-05-01", "", "2024-05-01", "not ended"),
    ("Service", "2024-05-01", "", "2024-04-30", "died before it started"),
    ("Service", "2024-01-01", "", "2024-04-01", None),
    ("Service", "2024-01-01", "", "2024-03-31", "died before the period"),
    ("Request", "2024-05-01", "2024-07-01", "2024-06-30", None),
    # Types: an unknown one goes by the rule for all but services; a blank one is nothing.
    ("Invalid and not mapped", "2024-05-01", "2024-05-02", "", None),
    ("Invalid and not mapped", "2024-05-01", "", "", "not ended"),
]


def test_what_belongs_to_a_reference_period(council):
    council.sends("a.csv", [
        {"person": f"P{number}", "event": event, "start": start or None, "end": end or None, "died": died or None}
        for number, (event, start, end, died, _) in enumerate(FILTER)
    ], **Q1)  # fmt: skip
    expected = {f"a.csv:{row}": reason for row, (*_, reason) in enumerate(FILTER, start=2)}
    assert council.reasons() == {row: reason for row, reason in sorted(expected.items()) if reason}
    assert council.events() == [row for row, reason in expected.items() if reason is None]


def test_rows_without_a_type_or_a_person_drop_out(council):
    council.sends("a.csv", [
        {"person": "Ann", "event": None, "start": "2024-05-01"},
        {"person": None, "start": "2024-05-01"},
        {"person": " ", "nhs": None, "nhs_raw": "943 476", "start": "2024-05-01"},
    ], **Q1)  # fmt: skip
    assert council.reasons() == {"a.csv:2": "no event type", "a.csv:3": "no person", "a.csv:4": "no person"}


DEATHS = [  # a service from 1 May: its end as given, the death, and its end by the program and by the words
    (None, "2024-05-01", None, "2024-05-01"),  # A28; the comment at the head of the filter says otherwise
    (None, "2024-05-02", "2024-05-02", "2024-05-02"),
    ("2024-05-30", "2024-05-10", "2024-05-10", "2024-05-10"),  # A29
    ("2024-05-30", "2024-05-30", "2024-05-30", "2024-05-30"),
    ("2024-05-30", "2024-05-31", "2024-05-30", "2024-05-30"),
    ("2024-05-30", "2024-05-01", "2024-05-01", "2024-05-01"),
]


def test_a_death_date_ends_what_was_running(council):
    council.sends("a.csv", [
        {"person": f"P{number}", "start": "2024-05-01", "end": end, "died": died}
        for number, (end, died, _, _) in enumerate(DEATHS)
    ], **Q1)  # fmt: skip
    assert council.events("end_date") == [executed for *_, executed, _ in DEATHS]
    assert council.events("end_date", reading="published") == [published for *_, published in DEATHS]


# Identity (2.5)


def test_one_person_by_nhs_number_however_it_is_written_and_by_the_councils_number_otherwise(council):
    "The second number's check digit is wrong, so cleaning left only the raw text: it still says who it is."
    council.sends("a.csv", """
        person | nhs        | nhs_raw      | start      | type
        P1     | 9434765919 |              | 2024-05-01 | one
        p1     |            | 943-476-5918 | 2024-05-02 | two
        p2     |            | 943 476 5918 | 2024-05-03 | three
        p1     |            |              | 2024-05-04 | four
        P1     |            | 0000000000   | 2024-05-05 | five
        P1     |            | 12345        | 2024-05-06 | six
    """, **Q1)  # fmt: skip
    assert council.events("person") == ["9434765919", "9434765918", "9434765918", "950_P1", "950_P1", "950_P1"]


def test_nhs_england_dropped_rows_whose_own_number_also_occurs_with_an_nhs_number(council):
    council.sends("a.csv", """
        person | nhs        | start      | client
        P1     | 9434765919 | 2023-05-01 | Service user
        p1     |            | 2023-05-02 | Service user
        P2     |            | 2023-05-03 | Service user
        P3     |            | 2023-05-04 | Invalid and not mapped
    """, covers="2023-04-01 2024-03-31", received="2024-05-01")  # fmt: skip
    assert council.reasons(name="NHSE-2324") == {"a.csv:3": "ambiguous person", "a.csv:5": "invalid type"}
    assert council.reasons(name="DHSC-2425") == {}
    assert council.events("person", name="NHSE-2324") == ["9434765919", "950_P2"]


def test_nhs_england_removed_invalid_values_and_dhsc_labels_them(council):
    council.sends("a.csv", [{"person": "Ann", "start": "2023-05-01", "component": "Invalid and not mapped"}],
                  covers="2023-04-01 2024-03-31", received="2024-05-01")  # fmt: skip
    assert council.events("service_component", name="NHSE-2324") == [None]
    assert council.events("service_component") == ["Invalid and not mapped"]


# The same event (2.5)


TELLS_APART = [
    ("type", "Service", True),
    ("component", "Service", True),
    ("delivery_mechanism", "Service", False),  # not part of the joined key
    ("unit_cost", "Service", False),
    ("request_route_of_access", "Request", True),
    ("assessment_type", "Assessment", True),
    ("review_reason", "Review", False),
    ("type", "Review", False),  # a service type on a review says nothing
    ("event_reference", "Service", False),
    ("client", "Service", True),
]


def test_what_tells_two_events_apart(council):
    rows = []
    for number, (field, event, _) in enumerate(TELLS_APART):
        one, two = ("1.00", "2.00") if field == "unit_cost" else ("one", "two")
        row = {"person": f"P{number}", "event": event, "start": "2024-05-01", "end": "2024-05-03"}
        rows += [{**row, field: one}, {**row, field: two}]
    council.sends("a.csv", rows, **Q1)
    people = council.events("person")
    assert [people.count(f"950_P{number}") for number in range(len(TELLS_APART))] == [
        2 if tells_apart else 1 for *_, tells_apart in TELLS_APART
    ]


def test_an_end_tells_events_apart_but_not_services(council):
    council.sends("a.csv", """
        person | event   | start      | end
        Ann    | Service | 2024-05-01 | 2024-05-03
        Ann    | Service | 2024-05-01 | 2024-05-04
        Ann    | Request | 2024-05-01 | 2024-05-03
        Ann    | Request | 2024-05-01 | 2024-05-04
    """, **Q1)  # fmt: skip
    assert council.events() == ["a.csv:3", "a.csv:4", "a.csv:5"]


def test_a_change_of_wording_between_releases_makes_two_events_until_cleaned_values_are_compared(council):
    new = {"person": "Ann", "start": "2024-05-01", "end": "2024-09-09", "type": COMMUNITY}
    old = {**new, "service_type_raw": "Long Term Support: Community old", "end": "2024-09-09"}
    council.sends("a.csv", [old], **Q1)
    council.sends("b.csv", [new], **Q2)
    assert council.events("row, end_date") == [("a.csv:2", "2024-06-30"), ("b.csv:2", "2024-09-09")]
    assert council.events("row, end_date", name="DHSC-2627") == [("b.csv:2", "2024-09-09")]


def test_case_and_outer_blanks_never_make_two_events(council):
    row = {"person": "Ann", "start": "2024-05-01", "type": COMMUNITY}
    council.sends("a.csv", [row, {**row, "service_type_raw": "LONG TERM SUPPORT: COMMUNITY ", "person": " ann"}], **Q1)
    assert council.events() == ["a.csv:3"]


# Cropping (2.6)


def test_an_open_service_that_the_next_file_lacks_ends_with_its_quarter(council):
    "A27."
    council.sends("a.csv", "person | start\nAnn | 2024-05-01", **Q1)
    council.sends("b.csv", "person | start\nBen | 2024-08-01", **Q2)
    assert council.events("row, end_date, cropped") == [("a.csv:2", "2024-06-30", True), ("b.csv:2", None, False)]
    assert council.prepared().counts["cropped"] == 1


def test_a_service_that_the_next_file_still_has_is_the_next_files(council):
    council.sends("a.csv", "person | start\nAnn | 2024-05-01", **Q1)
    council.sends("b.csv", "person | start | end\nAnn | 2024-05-01 | 2024-07-05", **Q2)
    assert council.events("row, end_date, cropped") == [("b.csv:2", "2024-07-05", False)]
    assert council.superseded() == [("a.csv:2", "b.csv:2", "later period")]


@pytest.mark.parametrize(("end", "left"), [("2024-06-30", ("2024-06-30", False)), ("2024-07-01", ("2024-06-30", True))])
def test_only_what_runs_beyond_the_quarter_is_cropped(council, end, left):
    council.sends("a.csv", [{"person": "Ann", "start": "2024-05-01", "end": end}], **Q1)
    council.sends("b.csv", [], **Q2)
    assert council.events("end_date, cropped") == [left]


def test_after_a_quarter_without_a_file_there_is_no_next_period_to_look_in(council):
    "The service goes on in the third quarter, but the period that begins on 1 July has no file."
    council.sends("a.csv", "person | start\nAnn | 2024-05-01\nBen | 2024-05-01", **Q1)
    council.sends("c.csv", "person | start\nAnn | 2024-05-01", covers="2024-10-01 2024-12-31", received="2025-01-20")
    assert council.events("row, end_date") == [("a.csv:3", "2024-06-30"), ("c.csv:2", None)]
    assert [choice.start for choice in council.prepared().selection.missing] == [date(2024, 7, 1)]


def test_nothing_but_services_is_cropped(council):
    council.sends("a.csv", [{"person": "Ann", "event": "Review", "start": "2024-05-01", "end": "2024-06-30"}], **Q1)
    council.sends("b.csv", [], **Q2)
    assert council.events("end_date, cropped") == [("2024-06-30", False)]


def test_a_newer_file_in_the_middle_of_an_older_ones_quarters(council):
    """The program: the older file serves the whole stretch and the newer one counts as the last, in which services stay
    open.
    The words: events are kept by the period their file was chosen for."""
    council.sends("year.csv", "person | start\nAnn | 2024-05-01\nBen | 2024-05-01", **YEAR)
    council.sends("again.csv", "person | start\nAnn | 2024-05-01\nCam | 2024-08-01", covers="2024-07-01 2024-09-30",
                  received="2025-05-20")  # fmt: skip
    assert council.events("row, end_date") == [
        ("year.csv:2", "2025-03-31"), ("year.csv:3", "2025-03-31"), ("again.csv:3", None),
    ]  # fmt: skip
    assert council.events("row, end_date", reading="published") == [
        ("year.csv:2", None), ("year.csv:3", None), ("again.csv:3", "2024-09-30"),
    ]  # fmt: skip


# Duplicates (2.6), criterion by criterion

DUPLICATES = {
    "later period": ([{"outcome": "NFA: Deceased"}], [{}]),  # A25 the other way about: the blank outcome wins
    "later end": ([{"end": "2024-09-01"}, {"end": "2024-09-02"}],),
    "outcome": ([{"outcome": "NFA: Other"}, {"outcome": "Admitted to hospital"}],),
    "conversation": ([{}, {"event_description": "Conversation 1"}],),
    "later record": ([{}, {}],),
}


@pytest.mark.parametrize("decided", DUPLICATES)
def test_which_of_two_duplicates_stays(council, decided):
    row = {"person": "Ann", "start": "2024-05-01", "end": "2024-09-09"}
    for rows, name, quarter in zip(DUPLICATES[decided], "ab", (Q1, Q2), strict=False):
        council.sends(f"{name}.csv", [{**row, **changed} for changed in rows], **quarter)
    winner = "b.csv:2" if decided == "later period" else "a.csv:3"
    assert council.events() == [winner]
    assert council.superseded() == [("a.csv:2", winner, decided)]


def test_each_criterion_gives_way_to_the_one_before_it(council):
    "Whatever ranks lower is better on the first row, and the second still wins."
    council.sends("a.csv", """
        person | start      | end        | outcome                     | event_description
        Ann    | 2024-05-01 | 2024-05-09 | Progress to reablement/ST-Max | conversation
        Ann    | 2024-05-01 | 2024-05-10 |                             |
        Ben    | 2024-05-01 | 2024-05-09 | NFA: Other                  | conversation
        Ben    | 2024-05-01 | 2024-05-09 | NFA: Deceased               |
        Cam    | 2024-05-01 | 2024-05-09 |                             | a conversation
        Cam    | 2024-05-01 | 2024-05-09 |                             |
    """, **Q1)  # fmt: skip
    assert council.events() == ["a.csv:3", "a.csv:5", "a.csv:6"]


def test_the_later_quarters_row_is_kept_with_its_outcome(council):
    "A25."
    row = {"person": "Ann", "start": "2024-05-01", "end": "2024-07-09"}
    council.sends("a.csv", [row], **Q1)
    council.sends("b.csv", [{**row, "outcome": "NFA: Deceased"}], **Q2)
    assert council.events("row, event_outcome, outcome_rank") == [("b.csv:2", "NFA: Deceased", 13)]


def test_within_a_period_the_open_row_is_kept(council):
    "A26."
    council.sends("a.csv", "person | start | end\nAnn | 2024-04-01 | 2024-05-01\nAnn | 2024-04-01 |", **Q1)
    assert council.events("row, end_date") == [("a.csv:3", None)]


def test_double_up_care_collapses_but_a_service_restarted_in_april_is_a_new_event(council):
    rows = "person | start\nAnn | 2024-04-01\nAnn | 2024-04-01\nAnn | 2025-04-01"
    council.sends("a.csv", rows, covers="2024-04-01 2025-06-30",
                  received="2025-07-20")  # fmt: skip
    assert council.events() == ["a.csv:3", "a.csv:4"]


def test_the_row_is_kept_whole(council):
    council.sends("a.csv", """
        person | start      | end        | component  | delivery_mechanism
        Ann    | 2024-04-01 | 2024-05-01 | Day support | Direct payment
        Ann    | 2024-04-01 |            | Day support |
    """, **Q1)  # fmt: skip
    assert council.events("delivery_mechanism") == [None]


@pytest.mark.parametrize(
    ("method", "ranks"),
    [
        ("DHSC-2526", [2, 2, 13, 6, 999, 999]),
        ("DHSC-2425", [3, 2, 15, 9, 999, 999]),
        ("NHSE-2324", [4, 2, 11, 3, 999, 999]),
    ],
)
def test_the_order_of_outcomes_is_the_methods(council, method, ranks):
    "Release 1 tells apart what Release 2 has in one; a Release 2 wording goes to the best of those it came from."
    rows = """
        person | outcome                      | outcome_raw                                  | start
        Ann    | ASSESSMENT                   | Progress to Re-assessment / Unplanned Review | 2023-05-01
        Ben    | ASSESSMENT                   |                                              | 2023-05-01
        Cam    | NFA: Deceased                | NFA - Deceased                               | 2023-05-01
        Dot    | Admitted to hospital         |                                              | 2023-05-01
        Eve    |                              |                                              | 2023-05-01
        Fay    | Invalid and not mapped       | gone away                                    | 2023-05-01
    """.replace("ASSESSMENT", "Progress to assessment, review or reassessment")
    council.sends("a.csv", rows, covers="2023-04-01 2024-03-31", received="2024-05-01")
    assert council.events("outcome_rank", name=method) == ranks
    assert council.events("unable_to_classify", name=method) == [True, True, False, False, True, True]


# A single submission


def test_a_single_submission_keeps_costs_tells_services_apart_by_them_and_crops_nothing(council):
    council.sends("year.csv", """
        person | start      | delivery_mechanism | unit_cost | planned_units_per_week
        Ann    | 2024-05-01 | Direct payment     | 10.00     | 1.00
        Ann    | 2024-05-01 | Direct payment     | 12.00     | 1.00
        Ann    | 2024-05-01 | Direct payment     | 12.00     | 1.00
        Ann    | 2024-05-01 |                    | 12.00     | 1.00
    """, **YEAR)  # fmt: skip
    prepared = council.single("2025-03-31")
    assert council.ask(prepared.events, "row, cropped") == [
        ("year.csv:2", False), ("year.csv:4", False), ("year.csv:5", False),
    ]  # fmt: skip
    assert council.ask(prepared.events, "CAST(unit_cost AS DOUBLE)") == [10, 12, 12]
    assert council.events() == ["year.csv:5"]


# Choice of files, end to end


def test_a_withdrawn_file_gives_way_to_the_older_one(council):
    council.sends("old.csv", "person | start\nAnn | 2024-05-01", **Q1)
    new = council.sends("new.csv", "person | start\nBen | 2024-05-01", covers=Q1["covers"], received="2024-08-20")
    assert council.events() == ["new.csv:2"]
    council.withdraws(new)
    assert council.events() == ["old.csv:2"]


def test_a_date_in_the_past_gives_the_answer_of_that_day(council):
    council.sends("old.csv", "person | start\nAnn | 2024-05-01", **Q1)
    council.sends("new.csv", "person | start\nBen | 2024-05-01", covers=Q1["covers"], received="2024-08-20")
    assert council.events(as_of="2024-08-19") == ["old.csv:2"]
    assert council.events(as_of="2024-08-20") == ["new.csv:2"]
    assert council.events(as_of="2024-07-19") == []


def test_a_council_without_files_has_empty_tables_with_every_column(council, connection):
    prepared = council.prepared()
    assert prepared.counts == {"kept": 0, "cropped": 0, "superseded": {}, "events": 0, "persons": 0}
    assert council.people("*") == []
    columns = connection.execute(f"DESCRIBE FROM '{prepared.events}'").fetchall()
    council.sends("a.csv", "person | start\nAnn | 2024-05-01", **Q1)
    filled = connection.execute(f"DESCRIBE FROM '{council.prepared().events}'").fetchall()
    assert columns == filled
    assert [name for name, *_ in filled] == list(COLUMNS)


# Made once


ROLLING_YEARS = [  # what each quarterly file covers, and when it came
    ("2023-04-01 2024-03-31", "2024-04-20"),
    ("2023-07-01 2024-06-30", "2024-07-20"),
    ("2023-10-01 2024-09-30", "2024-10-20"),
    ("2024-01-01 2024-12-31", "2025-01-20"),
    ("2024-04-01 2025-03-31", "2025-04-20"),
]


def quarterly(council, number):
    covers, received = ROLLING_YEARS[number]
    council.sends(f"q{number}.csv", "person | start\nAnn | 2023-05-01", covers=covers, received=received)


def test_a_new_submission_rebuilds_only_its_quarters_and_the_one_it_leaves_to_the_older_file(council):
    "The older file served four quarters and now serves one; the new one serves four. The rest is not made again."
    for number in range(4):
        quarterly(council, number)
    first = council.prepared()
    assert [(piece.period.candidate.file, str(piece.period.start)) for piece in first.pieces] == [
        ("q0.csv", "2023-04-01"), ("q1.csv", "2023-07-01"), ("q2.csv", "2023-10-01"), ("q3.csv", "2024-01-01"),
    ]  # fmt: skip
    assert (first.built, first.reused) == (5, 0)
    again = council.prepared()
    assert (again.built, again.reused) == (0, 5)
    quarterly(council, 4)
    third = council.prepared()
    assert (third.built, third.reused) == (3, 3)  # two pieces and the joined table


def test_another_council_is_not_rebuilt(tmp_path, connection):
    ours, theirs = Council(tmp_path, connection), Council(tmp_path, connection, area="951")
    ours.sends("a.csv", "person | start\nAnn | 2024-05-01", **Q1)
    theirs.sequence = 1
    theirs.sends("b.csv", "person | start\nAnn | 2024-05-01", **Q1)
    assert (ours.prepared().built, theirs.prepared().built) == (2, 2)
    theirs.sends("c.csv", "person | start\nAnn | 2024-05-01", **Q2)
    assert (ours.prepared().built, theirs.prepared().built) == (0, 2)
    assert ours.events("person") == ["950_ANN"]


def test_a_failure_leaves_nothing_half_made(council, monkeypatch):
    from outturn.records import workshop

    council.sends("a.csv", "person | start\nAnn | 2024-05-01", **Q1)
    monkeypatch.setattr(workshop, "make_persons", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        council.prepared()
    assert list(council.store.glob("joined/*")) == []
    assert list(council.store.glob(".*")) == []
    monkeypatch.undo()
    assert council.events() == ["a.csv:2"]


def test_tables_that_nobody_asks_for_are_tidied_away(council):
    import os

    council.sends("a.csv", "person | start\nAnn | 2024-05-01", **Q1)
    council.prepared()
    assert tidy(council.store) == 0
    for path in council.store.glob("*/*/made-from.json"):
        os.utime(path, (0, 0))
    assert tidy(council.store) == 2
    assert council.events() == ["a.csv:2"]


# Every row has an answer

EDGES = ["2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2024-09-30", "2024-10-01", None]
DRAWN = st.fixed_dictionaries({
    "person": st.sampled_from(["Ann", "Ben", None]),
    "event": st.sampled_from(["Service", "Service", "Request", "Review", None]),
    "start": st.sampled_from(EDGES),
    "end": st.sampled_from(EDGES),
    "died": st.sampled_from([None, None, None, *EDGES]),
    "type": st.sampled_from([COMMUNITY, None]),
    "outcome": st.sampled_from(["NFA: Deceased", "Admitted to hospital", None]),
})  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(DRAWN, max_size=12),
    second=st.lists(DRAWN, max_size=12),
    reading=st.sampled_from(["executed", "published"]),
)
def test_every_row_is_kept_out_for_a_reason_or_superseded_by_a_row_that_is_kept(connection, first, second, reading):
    with tempfile.TemporaryDirectory() as folder:
        council = Council(Path(folder), connection)
        council.sends("a.csv", first, **Q1)
        council.sends("b.csv", second, **Q2)
        prepared = council.prepared(reading=reading)
        assert [piece.rows for piece in prepared.pieces] == [len(first), len(second)]
        assert prepared.counts["kept"] == prepared.counts["events"] + sum(prepared.counts["superseded"].values())
        events = council.events(reading=reading)
        assert len(events) == prepared.counts["events"]
        assert {winner for _, winner, _ in council.superseded(reading=reading)} <= set(events)
        assert len(council.reasons(reading=reading)) + prepared.counts["kept"] == len(first) + len(second)
        for step in prepared.steps:
            assert step["rows"] == step["left"] + sum(step["why"].values())
