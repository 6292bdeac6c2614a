"""Sending Client Level Data in: what is accepted, what is refused, and what is kept of it."""

import json
import zipfile
from datetime import datetime

import openpyxl
import pytest

from outturn import pipeline
from outturn.workspace import Refusal
from tests.spec.cld_files import CLEAN, clean_row, write_cld

RECEIVED = datetime(2025, 7, 25, 10, 11)


def submit(workspace, file, **options):
    with pipeline.submitted(workspace, file, received=RECEIVED, by="An analyst", **options) as outcome:
        return outcome


FAULTY = clean_row(
    "service", first_name="Zebedee", last_name="Quixwood", event_start_date="2025-05-02", event_end_date="2025-05-01",
    service_component="=HYPERLINK(\"http://example.invalid\")", event_reference="E-77",
)  # fmt: skip


def test_a_clean_file_is_stored_without_a_complaint(outturn, tmp_path):
    code, said = outturn("submit", "cld", write_cld(tmp_path / "cld.csv"), "--received", "2025-07-25T10:11:00")
    assert code == 0
    assert (said["accepted"], said["set_aside"], said["complaints"]) == (len(CLEAN), [], [])
    assert said["submissions"][0]["status"] == "stored"
    assert said["submissions"][0]["received"] == "2025-07-25T10:11:00"


def test_every_complaint_names_row_column_rule_and_what_to_do_and_no_value(outturn, tmp_path):
    file = write_cld(tmp_path / "cld.csv", [*CLEAN.values(), FAULTY])
    code, said = outturn("submit", "cld", file, "--received", "2025-07-25")
    assert code == 0
    assert said["accepted"] == len(CLEAN) + 1
    found = {(one["row"], one["column"], one["rule"], one["severity"]) for one in said["complaints"]}
    row = len(CLEAN) + 2
    assert (row, "Event End Date", "event-ends-before-it-starts", "error") in found
    assert all(one["words"] and one["do"] for one in said["complaints"])
    assert not any(secret in json.dumps(said) for secret in ("Zebedee", "Quixwood", "HYPERLINK", "2025-05-02"))


def test_the_report_of_totals_names_nobody(workspace, tmp_path):
    outcome = submit(workspace, write_cld(tmp_path / "cld.csv", [*CLEAN.values(), FAULTY]))
    report = (outcome.submission.folder / "report.json").read_text("utf-8")
    personal = {
        text for row in (*CLEAN.values(), FAULTY) for name in ("first_name", "last_name", "nhs_number", "postcode")
        if (text := row.get(name))
    }  # fmt: skip
    assert personal
    assert not [text for text in personal if text in report]


def test_each_cell_is_counted_once_by_field_and_event(workspace, tmp_path):
    rows = [
        clean_row("service", gender=""), clean_row("service", gender="Femail"), clean_row("service", gender="Male"),
    ]  # fmt: skip
    report = submit(workspace, write_cld(tmp_path / "cld.csv", rows)).submission.report
    [gender] = [one for one in report["fields"] if one["field"] == "gender"]
    assert gender == {
        "field": "gender", "event": "Service", "valid": 1, "blank": 0, "missing": 1, "invalid": 1, "release_1": 0,
        "not_applicable": 0,
    }  # fmt: skip
    [route] = [one for one in report["fields"] if one["field"] == "request_route_of_access"]
    assert route["not_applicable"] == 3
    for one in report["fields"]:
        assert sum(one[state] for state in list(one)[2:]) == 3


def test_the_value_as_received_stands_beside_the_cleaned_one(workspace, tmp_path):
    rows = [clean_row("service", gender="Femail", event_start_date="30/02/2025", date_of_birth="17/05/1941")]
    outcome = submit(workspace, write_cld(tmp_path / "cld.csv", rows))
    [(gender, gender_raw, start, start_raw, birth)] = cells(
        outcome, "gender, gender_raw, event_start_date, event_start_date_raw, date_of_birth"
    )
    assert (gender, gender_raw) == ("Invalid and not mapped", "Femail")
    assert (start, start_raw) == (None, "30/02/2025")
    assert birth.isoformat() == "1941-05-17"


def cells(outcome, columns):
    from outturn.engines.duck import open_duckdb

    with open_duckdb(outcome.submission.folder) as connection:
        return connection.execute(f"SELECT {columns} FROM '{outcome.submission.rows_file}'").fetchall()


DATES = {
    "2025-03-04": "2025-03-04", "04/03/2025": "2025-03-04", "4/3/2025": "2025-03-04",
    "2025-03-04 00:00:00": "2025-03-04",
    "2025-03-04T00:00:00": "2025-03-04", "04/03/2025 00:00": "2025-03-04", "45720": "2025-03-04",
    "45720.0": "2025-03-04", "04-Mar-2025": "2025-03-04", " 2025-03-04 ": "2025-03-04", "30/02/2024": None,
    "2025-13-01": None, "03/13/2025": None, "1/2/25": None, "20250304": None, "infinity": None, "12": None,
    "0000-00-00": None, "01/01/1800": "1800-01-01", "01/01/0001": None,
}  # fmt: skip


def test_dates_as_systems_and_spreadsheets_write_them(workspace, tmp_path):
    rows = [clean_row("service", event_start_date=text) for text in DATES]
    found = cells(submit(workspace, write_cld(tmp_path / "cld.csv", rows)), "CAST(event_start_date AS VARCHAR)")
    assert dict(zip(DATES, (day for (day,) in found), strict=True)) == DATES


def test_a_file_with_far_fewer_rows_of_an_event_type_than_the_one_before_is_noticed(workspace, tmp_path):
    def rows(count):
        return [clean_row("request", la_person_unique_identifier=f"P{n}", nhs_number="") for n in range(count)]

    def found(outcome):
        return "fewer-rows-than-before" in {one["rule"] for one in outcome.submission.report["rules"]}

    with pipeline.submitted(
        workspace, write_cld(tmp_path / "a.csv", rows(100)), received=datetime(2025, 4, 20), by="An analyst"
    ) as first:
        assert not found(first)
    assert not found(submit(workspace, write_cld(tmp_path / "b.csv", rows(60))))
    with pipeline.submitted(
        workspace, write_cld(tmp_path / "c.csv", rows(29)), received=datetime(2025, 7, 26), by="An analyst"
    ) as third:
        assert found(third)


def test_the_same_file_again_changes_nothing_and_says_so(outturn, workspace, tmp_path):
    file = write_cld(tmp_path / "cld.csv")
    outturn("submit", "cld", file)
    before = sorted((path, path.stat().st_mtime_ns) for path in workspace.records.rglob("*") if path.is_file())
    code, said = outturn("submit", "cld", file)
    assert code == 0
    assert said["submissions"][0]["status"] == "already stored"
    after = [(path, path.stat().st_mtime_ns) for path in workspace.records.rglob("*") if path.is_file()]
    assert [one for one in sorted(after) if one[0].name != "lock"] == [one for one in before if one[0].name != "lock"]


def test_a_check_without_storing_leaves_nothing_behind(outturn, workspace, tmp_path):
    out = tmp_path / "worklist.csv"
    code, said = outturn("submit", "cld", write_cld(tmp_path / "cld.csv", [FAULTY]), "--check-only", "--worklist", out)
    assert code == 0
    assert said["submissions"][0]["status"] == "checked"
    assert not workspace.records.exists()
    assert "event-ends-before-it-starts" in out.read_text("utf-8-sig")


def test_no_worklist_lets_a_spreadsheet_run_a_formula(workspace, tmp_path):
    worklist = submit(workspace, write_cld(tmp_path / "cld.csv", [FAULTY])).worklist
    worklist.write(tmp_path / "worklist.csv")
    worklist.write(tmp_path / "worklist.xlsx")
    text = (tmp_path / "worklist.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK" in text
    sheet = openpyxl.load_workbook(tmp_path / "worklist.xlsx").active
    [cell] = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=HYPERLINK")]
    assert cell.data_type == "s" or cell.data_type == "f"  # openpyxl calls any text that begins so a formula
    with zipfile.ZipFile(tmp_path / "worklist.xlsx") as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())


def test_a_worklist_is_chosen_by_rule_column_and_severity(outturn, tmp_path):
    outturn("submit", "cld", write_cld(tmp_path / "cld.csv", [*CLEAN.values(), FAULTY]))
    _, everything = outturn("worklist", "cld.csv")
    _, chosen = outturn("worklist", "cld.csv", "--rule", "event-ends-before-it-starts", "--severity", "error")
    assert 0 < chosen["total"] < everything["total"]
    assert chosen["rows"][0]["value"] == "2025-05-01"
    assert chosen["rows"][0]["reference"] == "E-77"
    _, page = outturn("worklist", "cld.csv", "--from", "1", "--count", "1")
    assert page["rows"] == everything["rows"][1:2]


def test_a_file_without_council_codes_needs_to_be_told_whose_it_is(outturn, tmp_path):
    code, said = outturn("submit", "cld", write_cld(tmp_path / "cld.csv", without={"la_code"}), "--area", "219")
    assert code == 0
    assert said["submissions"][0]["areas"] == {"219": len(CLEAN)}


def test_a_folder_with_a_list_gives_each_file_its_own_date(outturn, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    write_cld(folder / "b.csv", [CLEAN["service"]])
    write_cld(folder / "a.csv", [CLEAN["request"]])
    (folder / "submissions.csv").write_text("file,received\nb.csv,2025-04-20\na.csv,2025-07-21\n")
    code, said = outturn("submit", "cld", folder)
    assert code == 0
    assert [(one["file"], one["received"]) for one in said["submissions"]] == [
        ("b.csv", "2025-04-20T00:00:00"), ("a.csv", "2025-07-21T00:00:00"),
    ]  # fmt: skip


def test_one_bad_file_among_good_ones_is_refused_alone_with_every_reason(outturn, tmp_path):
    (tmp_path / "bad.csv").write_text("First,Second\n1,2\n")
    code, said = outturn("submit", "cld", tmp_path / "bad.csv", write_cld(tmp_path / "good.csv"))
    assert code == 1
    assert [one["status"] for one in said["submissions"]] == ["refused", "stored"]
    assert said["faults"]
    assert all(one["file"] == "bad.csv" for one in said["faults"])


def test_a_file_that_is_not_there_is_named(outturn, tmp_path):
    code, said = outturn("submit", "cld", tmp_path / "none.csv")
    assert code == 1
    assert "There is no file" in said["faults"][0]["words"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), OSError(122, "Disk quota exceeded")])
def test_a_full_disk_is_survived(error, workspace, tmp_path, monkeypatch):
    file = write_cld(tmp_path / "cld.csv")

    def fail(*arguments, **names):
        raise error

    for place in ("outturn.pipeline.take_copy", "outturn.pipeline.check_file", "outturn.records.store._to_disk"):
        with monkeypatch.context() as broken:
            broken.setattr(place, fail)
            outcome = submit(workspace, file)
        assert outcome.status == "refused"
        assert "Nothing was changed" in outcome.reasons[0] or "nothing else was changed" in outcome.reasons[0]
        assert pipeline.submissions(workspace) == []
    assert submit(workspace, file).status == "stored"


def test_a_submission_is_withdrawn_with_a_reason_and_kept(outturn, workspace, tmp_path):
    outturn("submit", "cld", write_cld(tmp_path / "cld.csv"))
    code, _ = outturn("withdraw", "cld.csv", "--because", "Sent for the wrong quarter", "--by", "An analyst")
    assert code == 0
    _, said = outturn("submissions")
    assert said["submissions"][0]["withdrawn"]["because"] == "Sent for the wrong quarter"
    code, said = outturn("withdraw", "cld.csv", "--because", "Again")
    assert code == 1
    with pytest.raises(Refusal, match="A reason is needed"):
        pipeline.withdraw(workspace, pipeline.submissions(workspace)[0], by="An analyst", because="  ")


def test_the_retention_rule_purges_what_is_older_and_leaves_the_audit_row(outturn, workspace, tmp_path):
    outturn("submit", "cld", write_cld(tmp_path / "old.csv", [FAULTY]), "--received", "2015-07-20")
    outturn("submit", "cld", write_cld(tmp_path / "new.csv"), "--received", "2026-07-20")
    assert outturn("retention")[1] == {"months": None, "due": [], "purged": []}
    _, due = outturn("retention", "--keep-months", "84")
    assert len(due["due"]) == 1
    assert due["purged"] == []
    _, done = outturn("retention", "--purge", "--by", "Records manager")
    assert done["purged"] == due["due"]
    _, said = outturn("submissions")
    assert [one["file"] for one in said["submissions"]] == ["new.csv"]
    assert said["purged"][0]["purged"]["by"] == "Records manager"
    left = b"".join(path.read_bytes() for path in workspace.records.rglob("*") if path.is_file())
    assert b"Zebedee" not in left


def test_a_council_may_extend_the_lists(workspace, tmp_path):
    rows = [clean_row("request", gender="Agender")]
    before = submit(workspace, write_cld(tmp_path / "before.csv", rows))
    assert ("not-in-list", "gender") in {(one["rule"], one["column"]) for one in before.submission.report["rules"]}
    (workspace.lists / "cld").mkdir(parents=True)
    (workspace.lists / "cld" / "gender.yaml").write_text("accepts:\n  Agender: Other\n")
    after = submit(workspace, write_cld(tmp_path / "after.csv", [*rows, CLEAN["review"]]))
    assert {one["rule"] for one in after.submission.report["rules"] if one["column"] == "gender"} <= {"spelling"}


def test_a_carer_known_by_association_needs_no_event(workspace, tmp_path):
    event = (
        "event_type", "event_start_date", "event_end_date", "event_outcome", "event_reference", "service_type",
        "service_component", "delivery_mechanism",
    )  # fmt: skip
    carer = clean_row("carer service", client_type="Unpaid carer known by association", **dict.fromkeys(event, ""))
    report = submit(workspace, write_cld(tmp_path / "cld.csv", [carer, CLEAN["request"]])).submission.report
    assert "missing" not in {one["rule"] for one in report["rules"]}
