"""Why a row is, or is not, among the events: the answer step by step."""

import argparse
import json
from datetime import date, datetime

import pytest

from outturn import pipeline
from outturn.cli import trace as command
from outturn.cli.report import Report
from outturn.records.methods import method
from outturn.records.store import Records
from outturn.records.trace import parse_row, trace_row
from outturn.workspace import Refusal, Workspace
from tests.spec.cld_files import clean_row, write_cld
from tests.spec.cld_rows import COMMUNITY, Q1, Q2

NHS = "9434765919"


def traced(council, row, name="DHSC-2526", reading="executed", as_of=date(2026, 6, 30)):
    return trace_row(council.records, row, method(name, reading), as_of=as_of, rules=())


def outcomes(trace):
    return {step.step: step.outcome for step in trace.steps}


def words(trace, step):
    return " ".join(one.words for one in trace.steps if one.step == step)


def test_the_road_of_a_row_that_is_in(council):
    council.sends(
        "q1.csv", f"person | nhs | start | end | type\nAnn | {NHS} | 2024-05-01 | 2024-05-30 | {COMMUNITY}", **Q1
    )
    found = traced(council, "q1.csv:2")
    assert found.in_events
    assert outcomes(found) == {
        "reading": "read", "checks": "clean", "covers": "1 April 2024 to 30 June 2024", "chosen": "used",
        "identity": "NHS number", "filter": "kept", "key": "as typed", "cropping": "unchanged", "duplicates": "kept",
        "result": "in",
    }  # fmt: skip
    assert words(found, "filter") == (
        "The service starts on 1 May 2024 and ends on 30 May 2024. It belongs to 1 April 2024 to 30 June 2024."
    )
    assert words(found, "covers") == (
        "The file states 1 April 2024 to 30 June 2024; worked out from its months (v1) it covers 1 April 2024 to 30 "
        "June 2024; worked out from its months (v2) it covers 1 April 2024 to 30 June 2024. DHSC-2526 goes by v1."
    )
    assert words(found, "result") == (
        "The row is among the events that figures are made from, under DHSC-2526 (executed) as of 30 June 2026."
    )


def test_a_row_set_aside_at_reading(council):
    council.sends("q1.csv", "person | start\nAnn | 2024-05-01", set_aside=[(3, "It has 51 cells.")], **Q1)
    found = traced(council, "q1.csv:3")
    assert outcomes(found) == {"reading": "set aside", "result": "out"}
    assert words(found, "reading") == "The row could not be read as a row, and was set aside: It has 51 cells."


def test_what_the_checks_said(council):
    council.sends(
        "q1.csv",
        "person | start\nAnn | 2024-05-01",
        complaints=[(2, "missing", "gender"), (2, "odd", "event_end_date")],
        **Q1,
    )
    found = traced(council, "q1.csv:2")
    assert outcomes(found)["checks"] == "2 complaints"
    assert words(found, "checks") == (
        "The checks made 2 complaints: missing in Gender; odd in Event End Date. "
        "A complaint alone takes no row out of a figure."
    )


def test_a_file_that_another_one_replaced(council):
    council.sends("q1.csv", "person | start\nAnn | 2024-05-01", **Q1)
    council.sends("q1-again.csv", "person | start\nAnn | 2024-05-01", covers=Q1["covers"], received="2024-08-01")
    found = traced(council, "q1.csv:2")
    assert outcomes(found) == {
        "reading": "read", "checks": "clean", "covers": "1 April 2024 to 30 June 2024", "chosen": "not used",
        "result": "out",
    }  # fmt: skip
    assert words(found, "chosen") == (
        "It is not used for 1 April 2024 to 30 June 2024: q1-again.csv was received later and covers the period too."
    )
    assert traced(council, "q1.csv:2", as_of=date(2024, 7, 31)).in_events


def test_a_rolling_year_is_told_in_stretches(council):
    council.sends("a.csv", "person | start\nAnn | 2024-05-01", covers="2024-01-01 2024-12-31", received="2025-01-20")
    council.sends("b.csv", "person | start\nAnn | 2024-05-01", covers="2024-04-01 2025-03-31", received="2025-04-20")
    found = traced(council, "a.csv:2")
    assert words(found, "chosen") == (
        "It is used for 1 January 2024 to 31 March 2024. It is not used for 1 April 2024 to 31 December 2024: b.csv "
        "was received later and covers the period too."
    )
    assert outcomes(found)["filter"] == "starts after the period"
    assert words(found, "filter") == (
        "The service starts on 1 May 2024 and has no end. It is out for 1 January 2024 to 31 March 2024, because it "
        "starts after the period’s last day."
    )
    assert not found.in_events


def test_a_withdrawn_file(council):
    council.sends("q1.csv", "person | start\nAnn | 2024-05-01", withdrawn=True, **Q1)
    assert (
        words(traced(council, "q1.csv:2"), "chosen")
        == "It is not used for 1 April 2024 to 30 June 2024: it was withdrawn."
    )


def test_a_duplicate_names_the_row_that_is_kept_and_why(council):
    council.sends("q1.csv", "person | start\nAnn | 2024-05-01", **Q1)
    council.sends("q2.csv", "person | start\nBen | 2024-08-01\nAnn | 2024-05-01", **Q2)
    found = traced(council, "q1.csv:2")
    assert (
        words(found, "duplicates") == "q2.csv:3 is the same event and is kept: it comes from a later reference period."
    )
    assert words(found, "identity").startswith("The row has no NHS number of ten digits")
    assert outcomes(found)["result"] == "out"


def test_a_cropped_service(council):
    council.sends("q1.csv", "person | start\nAnn | 2024-05-01", **Q1)
    council.sends("q2.csv", "person | start\nBen | 2024-08-01", **Q2)
    assert words(traced(council, "q1.csv:2"), "cropping") == (
        "The file of the next period no longer has this service, so it ends on 30 June 2024."
    )


def test_nothing_personal_is_in_the_answer(council):
    council.sends("q1.csv", f"""
        person  | nhs   | start      | died       | born
        SECRET1 | {NHS} | 2024-05-01 | 2024-05-17 | 1931-02-03
        SECRET1 |       | 2024-05-01 | 2024-05-17 | 1931-02-03
    """, **Q1)  # fmt: skip
    for row in (2, 3):
        found = traced(council, f"q1.csv:{row}")
        text = json.dumps(found.as_data())
        for secret in ("SECRET1", NHS, "2024-05-17", "17 May", "1931", "February"):
            assert secret not in text
        assert words(found, "filter").startswith(
            "The service starts on 1 May 2024 and, by the death date, ends on the day of death."
        )


def test_a_row_that_is_nobodys(council):
    council.sends("q1.csv", [{"person": None, "start": "2024-05-01"}], **Q1)
    found = traced(council, "q1.csv:2")
    assert outcomes(found)["identity"] == "none"
    assert outcomes(found)["filter"] == "no person"


@pytest.mark.parametrize("text", ["q1.csv", "q1.csv:", ":2", "q1.csv:two", "q1.csv:0", "q1.csv:-1"])
def test_what_does_not_name_a_row_is_refused(text):
    with pytest.raises(Refusal, match="does not name a row"):
        parse_row(text)


def test_a_windows_path_names_a_row():
    assert parse_row(r"C:\files\q1.csv:214") == (r"C:\files\q1.csv", 214)


def test_a_row_that_is_not_there_is_refused_with_those_that_are(council):
    council.sends("q1.csv", "person | start\nAnn | 2024-05-01\nAnn | 2024-05-02", **Q1)
    with pytest.raises(Refusal, match=r"q1\.csv has no row 4: its rows are 2 to 3"):
        traced(council, "q1.csv:4")


def test_a_row_submitted_as_a_file_is_traced(tmp_path):
    """The whole road from a CSV file. So small a file covers what it states by the words, and by the program only the
    months in which its events ended."""
    workspace = Workspace(tmp_path)
    file = write_cld(tmp_path / "cld.csv", [clean_row("service", gender="M?")])
    with pipeline.submitted(workspace, file, received=datetime.fromisoformat("2025-07-20T09:00"), by="Team") as outcome:
        assert outcome.status == "stored"
    records, as_of = Records(workspace.records), date(2026, 6, 30)
    by_words = trace_row(records, "cld.csv:2", method("DHSC-2526", "published"), as_of=as_of)
    assert by_words.in_events
    assert "(not-in-list, error) in Gender" in words(by_words, "checks")
    assert words(by_words, "chosen") == "It is used for 1 July 2024 to 30 June 2025."
    by_program = trace_row(records, "cld.csv:2", method(), as_of=as_of)
    assert not by_program.in_events
    assert words(by_program, "chosen") == (
        "It is not used for 1 April 2025 to 30 June 2025: it covers 1 April 2025 to 30 April 2025, not all of the "
        "period."
    )


def chosen(tmp_path, row, *, as_json=True, name="DHSC-2526"):
    (tmp_path / "workspace.json").write_text('{"outturn": "0"}')
    return argparse.Namespace(
        workspace=Workspace(tmp_path), row=row, method=name, reading="executed", as_of=date(2026, 6, 30), json=as_json
    )


def test_the_command_answers_in_sentences_and_in_json(council, tmp_path, capsys):
    council.sends("q1.csv", "person | start\nAnn | 2024-05-01", **Q1)
    command.run(chosen(tmp_path, "q1.csv:2"), Report(as_json=True))
    told = capsys.readouterr()
    data = json.loads(told.out)
    assert (data["file"], data["row"], data["in_events"], data["as_of"]) == ("q1.csv", 2, True, "2026-06-30")
    assert [set(step) for step in data["steps"]] == [{"step", "outcome", "words"}] * len(data["steps"])
    assert told.err.splitlines()[0] == "reading:     The row was read as row 2 of q1.csv."


def test_the_command_refuses_an_unknown_method(council, tmp_path):
    with pytest.raises(Refusal, match=r"no method DHSC-2425X\. Did you mean DHSC-2425\?"):
        command.run(chosen(tmp_path, "q1.csv:2", name="DHSC-2425X"), Report(as_json=True))
