"""Pages of submissions: what was found, how it compares, who may see the rows, and what the trail keeps of a look."""

import json
import re
from datetime import datetime
from html import unescape
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outturn.cli import account
from outturn.site.submissions import charts, findings, people, reading, receiving, runner, trail, uploads, worker
from outturn.site.submissions.models import Job
from outturn.site.trail.models import Change
from outturn.workspace import Workspace
from tests.site.made_submissions import ELSEWHERE, NEW, OLD, RULES, fault, make, report

pytestmark = pytest.mark.django_db

WORDS = {
    "event-ends-before-it-starts": reading.Words(
        "The event ends before it starts", "error", "It ends earlier.", "Check both dates.", "Length of support."
    ),
    "not-in-list": reading.Words("A value that is not in the list", "error", "", "Choose a value of the list.", ""),
    "spelling": reading.Words("Spelled otherwise", "warning", "It was understood.", "", ""),
}
VALUE = "Ann Example 943 476 5919"  # what must never leave the worklist


def words_of(page) -> str:
    html = page.content.decode().split("<main")[1]
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


@pytest.fixture(autouse=True)
def workspace(settings, tmp_path, monkeypatch):
    settings.WORKSPACE = Workspace(tmp_path / "w")
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "w" / "uploads"
    monkeypatch.setattr(reading, "_rules", lambda: WORDS)
    return tmp_path / "w"


@pytest.fixture
def staff(client, account):
    """Somebody signed in. No password is made, which would take most of the time of these tests."""
    client.force_login(account("ada"))
    return client


@pytest.fixture
def two(workspace):
    old = report(rules=[fault("not-in-list", "gender", "error", 80), fault("spelling", "ethnicity", "warning", 7),
                        fault("gone-rule", "gender", "warning", 3)], missing_gender=100)  # fmt: skip
    make(workspace, OLD, file="CLD 2024 Q4.csv", sequence=1, received="2025-04-25T09:00:00", found=old)
    make(workspace, NEW, sequence=2)
    make(workspace, ELSEWHERE, file="other council.csv", sequence=3, areas={"951": 10}, received="2025-08-01T00:00:00")


@pytest.fixture
def trusted(client, staff):
    """A client whose account may see people."""
    User.objects.get(username="ada").user_permissions.add(Permission.objects.get(codename="see_people"))
    return client


@pytest.fixture
def asked(monkeypatch):
    """A worklist command that answers 120 rows, and what it was asked."""
    calls = []

    def worklist_page(id, **chosen):
        calls.append((id, chosen))
        row = {"row": 12, "heading": "Gender", "rule": "not-in-list", "severity": "error", "words": "Not in the list.",
               "do": "Choose one.", "value": VALUE}  # fmt: skip
        return {"total": 120, "rows": [row]}

    monkeypatch.setattr(worker, "worklist_page", worklist_page)
    return calls


ADDRESSES = [
    reverse("submissions"), reverse("submission-send"), reverse("submission", args=[NEW]),
    reverse("submission-compare", args=[NEW]), reverse("submission-withdraw", args=[NEW]),
    reverse("submission-rows", args=[NEW]), reverse("submission-download", args=[NEW]),
    reverse("submission-sent", args=["0" * 32]), reverse("submission-state", args=["0" * 32]),
    reverse("submission-again", args=["0" * 32, 1]),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_visitors_see_nothing_of_submissions(client, two, address):
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 405 or answer.headers["Location"].startswith("/sign-in/")
    assert "Submissions" not in client.get("/").content.decode()


def test_the_list_says_what_came_and_what_was_found(staff, two):
    words = words_of(staff.get("/submissions/"))
    assert words.index("other council.csv") < words.index("CLD 2025 Q1.csv") < words.index("CLD 2024 Q4.csv")
    assert "25 July 2025 at 10:11 1 July 2024 to 30 June 2025 1,000 2 2 52 7 In use" in words
    assert '<a href="/submissions/"' in staff.get("/").content.decode()


def test_an_empty_list_says_how_to_begin(staff):
    assert "outturn submit cld FILE" in words_of(staff.get("/submissions/"))


def test_a_damaged_report_takes_one_row_not_the_list(staff, two, workspace):
    (workspace / "records" / "cld" / OLD / "report.json").write_text("{", "utf-8")
    assert "not known" in words_of(staff.get("/submissions/"))
    page = staff.get(f"/submissions/{OLD}/")
    assert page.status_code == 404
    assert "missing or damaged" in words_of(page)


def test_the_report_begins_with_what_matters_most(staff, two):
    words = words_of(staff.get(f"/submissions/{NEW}/"))
    assert "52 errors to put right, and 7 warnings to look at. 2 rows could not be read as rows" in words
    first, rest = words.split("What to do first", 2)[2].split(" Rules ", 1)
    assert first.index("A value that is not in the list: Gender") < first.index("The event ends before it starts")
    assert "Choose a value of the list." in first
    assert "Spelled otherwise" not in first
    assert "It was understood." in rest  # where a rule has nothing to do, its sentence stands
    assert "Headings unknown" in rest  # a rule the catalogue has no more keeps its id's words
    assert "Whole row or file" in rest


def test_the_report_shows_fields_months_headings_and_the_file(staff, two):
    words = words_of(staff.get(f"/submissions/{NEW}/"))
    assert "Gender 932 0 0 28 40 6.8% 0" in words
    assert "Unit Cost 500 25 60 10 5 2.5% 400" in words
    assert "January 2025 10 5 10 5 10 5 10 5" in words
    assert "Local Reference" in words
    assert "2024-04-01 to 2025-03-31 in 5 rows" in words
    assert "Release 2, with 3 values that only Release 1 has and 90 that only Release 2 has" in words
    assert "The file ends in 3 blank rows" in words
    assert "1.2 MB" in words


def test_the_report_narrows_down_to_an_event_type_and_a_severity(staff, two):
    words = words_of(staff.get(f"/submissions/{NEW}/?event=Service&rules-severity=warning"))
    assert "Gender 583 0 0 7 10 2.8% 0" in words
    assert "Unit Cost 500 25 60 10 5 2.5% 0" in words
    assert "1 of 4 entries shown." in words
    for odd in ("?event=Nothing", "?event=%00", "?rules-severity=x", "?rules-sort=-rows", "?page=x"):
        assert staff.get(f"/submissions/{NEW}/{odd}").status_code == 200


def test_charts_stand_beside_their_tables_and_pages_hold_no_style_or_script(staff, two):
    html = staff.get(f"/submissions/{NEW}/").content.decode()
    assert html.count('role="img"') == 5  # fields, and four kinds of event
    assert "The same as a table" in html
    assert "<script" not in html
    assert not re.search(r"\sstyle=", html)


def test_a_perfect_file_has_nothing_to_do(staff, workspace):
    make(workspace, NEW, found=report(rules=[], fields=[], months=[], set_aside=0, notes=[],
                                      headings={"unknown": [], "missing": []}))  # fmt: skip
    words = words_of(staff.get(f"/submissions/{NEW}/"))
    assert "No errors and no warnings." in words
    assert "What to do first" not in words
    assert "No rule found anything." in words
    assert "Every heading is known" in words
    assert "Compare" not in words


def test_names_of_files_headings_and_notes_are_text(staff, workspace):
    nasty = "<script>alert(1)</script>"
    make(workspace, NEW, file=f"{nasty}.csv", found=report(headings={"unknown": [nasty], "missing": [nasty]},
                                                           notes=[nasty]))  # fmt: skip
    for address in (f"/submissions/{NEW}/", "/submissions/", f"/submissions/{NEW}/compare/"):
        assert "<script" not in staff.get(address).content.decode()


@pytest.mark.parametrize("id", ["0123456789abcdef", "0" * 16])
def test_a_submission_that_is_not_there(staff, two, id):
    page = staff.get(f"/submissions/{id}/")
    assert page.status_code == 404
    assert "There is no such submission." in words_of(page)


# Comparison


def test_a_submission_is_compared_with_the_one_before_of_its_council(staff, two):
    words = words_of(staff.get(f"/submissions/{NEW}/compare/"))
    assert "Compared with CLD 2024 Q4.csv" in words
    assert "2 complaints are new and 0 got worse; 1 got better and 1 is gone." in words
    assert "A value that is not in the list Gender 80 8.0% 40 4.0% 40 fewer, better by 4.0 points" in words
    assert "Spelled otherwise" in words
    assert "Gender 140 14.0% 68 6.8% 72 fewer, better by 7.2 points" in words
    assert "other council.csv" not in words


def test_a_comparison_can_be_chosen_and_refused(staff, two):
    assert "Compared with CLD 2025 Q1.csv" in words_of(staff.get(f"/submissions/{OLD}/compare/?with={NEW}"))
    assert "Nothing to compare with" in words_of(staff.get(f"/submissions/{OLD}/compare/"))
    for wrong in (ELSEWHERE, NEW, "x"):
        assert staff.get(f"/submissions/{NEW}/compare/?with={wrong}").status_code == 404


def test_a_withdrawn_submission_is_nobodys_comparison(staff, two, workspace):
    (workspace / "records" / "cld" / OLD / "withdrawn.json").write_text(
        json.dumps({"by": "ada", "at": "2025-08-01T10:00:00", "because": "Wrong period"}), "utf-8"
    )
    assert "Nothing to compare with" in words_of(staff.get(f"/submissions/{NEW}/compare/"))
    words = words_of(staff.get(f"/submissions/{OLD}/"))
    assert "Withdrawn by ada on 2025-08-01 at 10:00:00: Wrong period" in words
    assert "Withdrawn" in words_of(staff.get("/submissions/"))


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (0, 0, "No change"), (10, 10, "No change"), (0, 5, "5 more"), (10, 5, "5 fewer (−50.0%)"),
        (1000, 2500, "1,500 more (+150.0%)"),
    ],
)  # fmt: skip
def test_a_change_is_said_in_words(was, now, words):
    assert findings.Change("Rows", was, now).words == words


def test_a_change_of_share_is_what_is_better_or_worse():
    same = findings.Change("x", 10, 20, None, 1.0, 1.04, kind="changed")
    assert same.words == "10 more, about the same share"
    assert findings.Change("x", 10, 20, False, 1.0, 2.0, kind="changed").words == "10 more, worse by 1.0 points"


# The rows, for those allowed


def test_the_rows_are_for_those_who_may_see_people(staff, two, asked):
    page = staff.get(f"/submissions/{NEW}/rows/")
    assert page.status_code == 403
    assert "your account may not see it" in words_of(page)
    assert staff.post(f"/submissions/{NEW}/rows/download/").status_code == 403
    assert not asked
    assert "List the rows" not in words_of(staff.get(f"/submissions/{NEW}/"))
    assert f"/submissions/{NEW}/rows/" not in staff.get(f"/submissions/{NEW}/").content.decode()
    assert not Change.objects.exists()


def test_a_look_at_the_rows_is_written_down_without_a_value(trusted, two, asked):
    page = trusted.get(f"/submissions/{NEW}/rows/?rule=not-in-list&column=gender&page=2")
    assert VALUE in words_of(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert asked == [(NEW, {"rule": "not-in-list", "column": "gender", "severity": "", "start": 0, "count": 50})]
    entry = Change.objects.get()
    assert (entry.by, entry.verb, entry.subject) == ("ada", "seen", NEW)
    assert entry.after["rows"] == 1
    assert entry.after["rule"] == "not-in-list"
    assert VALUE not in str(entry.after) + entry.title
    assert "ada looked at the list of rows 1" in words_of(trusted.get(f"/submissions/{NEW}/"))


def test_the_rows_come_a_page_at_a_time(trusted, workspace, asked):
    make(workspace, NEW, found=report(rules=[fault("not-in-list", "gender", "error", 120)]))
    page = trusted.get(f"/submissions/{NEW}/rows/?page=2&severity=error")
    assert asked[-1][1]["start"] == 50
    assert "120 entries, 51 to 100 shown." in words_of(page)
    assert "?severity=error&amp;page=3" in page.content.decode()
    for odd in ("0", "99", "x", "9" * 400, "-1"):
        assert trusted.get(f"/submissions/{NEW}/rows/", {"page": odd}).status_code == 200
    trusted.get(f"/submissions/{NEW}/rows/?rule=--out&column=/etc/passwd")
    assert asked[-1][1]["rule"] == asked[-1][1]["column"] == ""  # only what the report names is passed on


def test_no_value_stands_on_any_page_of_totals(trusted, two, asked):
    trusted.get(f"/submissions/{NEW}/rows/")
    for address in ("/submissions/", f"/submissions/{NEW}/", f"/submissions/{NEW}/compare/", "/submissions/send/"):
        assert VALUE not in trusted.get(address).content.decode()


def test_rows_that_cannot_be_listed_are_told_in_a_sentence(trusted, two, monkeypatch):
    def refuse(*_, **__):
        raise worker.CommandFailed("The rows are being purged.")

    monkeypatch.setattr(worker, "worklist_page", refuse)
    monkeypatch.setattr(worker, "write_worklist", refuse)
    assert "The rows are being purged." in words_of(trusted.get(f"/submissions/{NEW}/rows/"))
    assert not Change.objects.exists()
    address = f"/submissions/{NEW}/rows/download/"
    assert trusted.post(address, {"form": "csv"}).status_code == 302
    assert not Change.objects.exists()


@pytest.mark.parametrize(("form", "ending"), [("csv", "csv"), ("xlsx", "xlsx"), ("../../x", "csv")])
def test_the_whole_list_as_a_file_leaves_a_trail_and_no_file(trusted, two, monkeypatch, workspace, form, ending):
    monkeypatch.setattr(worker, "write_worklist", lambda id, file: file.write_text(f"row\n{VALUE}\n", "utf-8"))
    answer = trusted.post(f"/submissions/{NEW}/rows/download/", {"form": form})
    assert VALUE in b"".join(answer.streaming_content).decode()
    answer.close()
    assert f'filename="CLD 2025 Q1-worklist.{ending}"' in answer.headers["Content-Disposition"]
    assert list((workspace / "uploads").iterdir()) == []
    entry = Change.objects.get()
    assert (entry.verb, entry.after) == ("downloaded", {"form": ending, "rows": 60})
    assert trusted.get(f"/submissions/{NEW}/rows/download/").status_code == 405


def test_an_account_is_allowed_to_see_people_and_no_longer(two, client, asked, monkeypatch):
    ask = SimpleNamespace(name="eva", workspace=None, new_password=False, password_from=None, may_see_people=True)
    said = SimpleNamespace(words=[], say=lambda words: said.words.append(words), give=lambda _: None)
    monkeypatch.setattr(account, "open_workspace", lambda _: None)
    monkeypatch.setattr(account, "_ask", lambda _: "harbour lantern 7")
    account.run(ask, said)
    client.force_login(User.objects.get(username="eva"))
    assert client.get(f"/submissions/{NEW}/rows/").status_code == 200
    account.run(SimpleNamespace(**{**vars(ask), "may_see_people": False}), said)
    assert client.get(f"/submissions/{NEW}/rows/").status_code == 403
    assert said.words == ["eva can sign in and may see lists of people.", "eva may not see lists of people."]


# Withdrawing


def test_a_submission_is_withdrawn_with_a_reason(staff, two, monkeypatch):
    calls = []
    monkeypatch.setattr(worker, "withdraw", lambda id, **more: calls.append((id, more)))
    address = f"/submissions/{NEW}/withdraw/"
    assert "Write why the submission is withdrawn." in words_of(staff.post(address, {"because": " "}))
    page = staff.post(address, {"because": "--force: the wrong quarter"}, follow=True)
    assert "CLD 2025 Q1.csv was withdrawn." in words_of(page)
    assert calls == [(NEW, {"because": "--force: the wrong quarter", "by": "ada"})]
    assert "ada withdrew the submission --force: the wrong quarter" in words_of(page)


def test_a_withdrawal_that_is_refused_says_why(staff, two, monkeypatch, workspace):
    def refuse(*_, **__):
        raise worker.CommandFailed("Another run is storing a submission.")

    monkeypatch.setattr(worker, "withdraw", refuse)
    page = staff.post(f"/submissions/{NEW}/withdraw/", {"because": "Wrong"})
    assert "Another run is storing a submission." in words_of(page)
    assert not Change.objects.exists()
    (workspace / "records" / "cld" / NEW / "withdrawn.json").write_text("{}", "utf-8")
    assert "withdrawn already" in words_of(staff.get(f"/submissions/{NEW}/withdraw/", follow=True))


# Sending


def a_file(name="cld.csv", content=b"LA Code\n950\n"):
    return SimpleUploadedFile(name, content, "text/csv")


def test_the_form_asks_and_allows_our_script_only(staff):
    page = staff.get("/submissions/send/")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "'unsafe" not in policy
    assert "script-src 'none'" in staff.get("/submissions/").headers["Content-Security-Policy"]
    note = re.search(r'action="/submissions/send/([^"]+)/"', page.content.decode())[1]
    assert receiving.is_good(note)
    assert page.content.decode().index('name="csrfmiddlewaretoken"') < page.content.decode().index('type="file"')


def test_files_are_kept_and_wait_their_turn(staff, workspace):
    sent = {"files": [a_file(), a_file("cld 2.xlsx", b"PK")], "received": "31 July 2025", "area": "950"}
    page = staff.post(f"/submissions/send/{receiving.note_for('ada')}/", sent, follow=True)
    assert "0 of 2 files checked." in words_of(page)
    first, second = Job.objects.all()
    assert (first.file_name, first.received, first.area, first.by, first.size) == (
        "cld.csv", "2025-07-31", "950", "ada", 12
    )  # fmt: skip
    assert (workspace / "uploads" / first.place).read_bytes() == b"LA Code\n950\n"
    assert second.sending == first.sending
    assert Change.objects.get().title == "cld.csv, cld 2.xlsx"
    assert runner.WAKE.is_set()
    files = {path.name for path in (workspace / "uploads").rglob("*") if path.is_file()}
    assert files == {"cld 2.xlsx", "cld.csv"}


def test_without_a_date_the_moment_of_sending_counts(staff):
    staff.post("/submissions/send/", {"files": [a_file()]})
    received = datetime.fromisoformat(Job.objects.get().received)
    assert abs((datetime.now() - received).total_seconds()) < 4000  # noqa: DTZ005  the wall's time, wherever this runs


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose the file or files to send."),
        ({"files": [a_file("a.csv", b"")]}, "“a.csv” is empty."),
        ({"files": [a_file("a.exe", b"x")]}, "“a.exe” is not a CSV or Excel (XLSX) file."),
        ({"files": [a_file()], "received": "31/07/2099"}, "too far away"),
        ({"files": [a_file()], "received": "31/12/2040"}, "31 December 2040 has not come yet."),
        ({"files": [a_file()], "received": "soon"}, "is not a date we can read"),
        ({"files": [a_file()], "area": "95"}, "A council code has three figures"),
        ({"files": [a_file()], "area": "--by"}, "A council code has three figures"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_said_at_once(staff, workspace, sent, words):
    page = staff.post("/submissions/send/", sent)
    assert page.status_code == 422
    assert words in words_of(page)
    assert not Job.objects.exists()
    uploads_left = list((workspace / "uploads").glob("sent-*")) if (workspace / "uploads").exists() else []
    assert not uploads_left


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("cld.csv", "cld.csv"), ("../../etc/passwd.csv", "passwd.csv"), ("C:\\temp\\cld 1.csv", "cld 1.csv"),
        ("..csv", "file.csv"), (".csv", "file.csv"), ("", "file"), ("-rf.csv", "rf.csv"), ("a\x00b\n.csv", "a_b_.csv"),
        ("nul.csv", "_nul.csv"), ("COM1.xlsx", "_COM1.xlsx"), ("<img>.csv", "_img_.csv"),
        ("\u202evsc.exe.csv", "_vsc.exe.csv"), ("x" * 300 + ".csv", "x" * 120 + ".csv"),
        ("Jūlija Q1.csv", "Jūlija Q1.csv"),
        ("a.csv" + " " * 20, "a.csv"), ("a/b/", "file"),
    ],
)  # fmt: skip
def test_names_are_made_safe(name, kept):
    assert uploads.clean_name(name) == kept


def test_a_full_disk_is_told_in_a_sentence(staff, workspace, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", full)
        page = staff.post("/submissions/send/", {"files": [a_file()]})
    assert page.status_code == 507
    assert "disk that holds Outturn’s data is full" in words_of(page)
    monkeypatch.setattr(uploads, "file_move_safe", full)
    page = staff.post("/submissions/send/", {"files": [a_file()]})
    assert page.status_code == 507
    assert not Job.objects.exists()
    assert list((workspace / "uploads").iterdir()) == []


# How far it has come


def a_job(**fields):
    return Job.objects.create(**{
        "sending": "0" * 32, "file_name": "cld.csv", "place": "sent-x/cld.csv", "size": 10, "by": "ada",
        "received": "2025-07-31", **fields,
    })  # fmt: skip


def test_progress_is_shown_with_and_without_script(staff):
    job = a_job(state="running", percent=40, stage="Checking")
    page = staff.get(f"/submissions/sent/{'0' * 32}/")
    html = page.content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in html
    assert 'value="40"' in html
    assert "Checking, 40%" in words_of(page)
    assert 'http-equiv="refresh"' not in staff.get(f"/submissions/sent/{'0' * 32}/?still").content.decode()
    state = staff.get(f"/submissions/sent/{'0' * 32}/state/").json()
    assert state == {
        "jobs": [{"id": job.pk, "percent": 40, "words": "Checking, 40%", "state": "running"}], "open": 1,
        "words": "The file is being checked.",
    }  # fmt: skip
    assert "cld.csv" in words_of(staff.get("/submissions/"))


def test_what_became_of_a_file(staff):
    a_job(state="done", result={"id": NEW, "status": "stored", "rows": 12, "set_aside": 1})
    a_job(state="done", result={"id": NEW, "status": "already stored"})
    a_job(state="refused", result={"faults": ["It is a ZIP file. <b>Unpack it.</b>"], "more": 2})
    a_job(state="failed", result={"faults": ["The check was stopped."]})
    page = staff.get(f"/submissions/sent/{'0' * 32}/")
    words = words_of(page)
    assert "12 rows read, 1 set aside." in words
    assert "This very file was sent before, so nothing was changed." in words
    assert "&lt;b&gt;Unpack it." in page.content.decode()
    assert "And 2 reasons more." in words
    assert words.count("Try again") == 1
    assert "refresh" not in page.content.decode()
    assert f'href="/submissions/{NEW}/"' in page.content.decode()


def test_only_what_stopped_by_accident_is_tried_again(staff):
    failed, refused = a_job(state="failed", tries=3), a_job(state="refused")
    for job in (failed, refused):
        staff.post(f"/submissions/sent/{'0' * 32}/{job.pk}/again/")
    failed.refresh_from_db()
    refused.refresh_from_db()
    assert (failed.state, failed.tries, refused.state) == ("waiting", 0, "refused")
    assert staff.get(f"/submissions/sent/{'1' * 32}/").status_code == 404


# Small pieces


def test_a_bar_shows_every_part_that_is_there_and_fills_its_width():
    line = findings.FieldLine("gender", "Gender <x>", "person", valid=999_999, missing=1)
    svg = charts.small_bar(line)
    drawn = re.findall(r'<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="11" fill="#', svg)
    widths = [float(each) for each in drawn]
    assert min(widths) == charts.LEAST
    assert sum(widths) == pytest.approx(charts.SMALL_WIDTH - 1)
    assert charts.small_bar(findings.FieldLine("x", "X", "")) == ""
    assert "Gender &lt;x&gt;" in charts.field_bars([line], title="t")


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0.0%"), (0.01, "under 0.1%"), (12.34, "12.3%"), (99.99, "over 99.9%"), (100, "100.0%")]
)
def test_a_share_is_never_rounded_to_none_or_all(share, words):
    assert charts.share_words(share) == words


def test_months_fill_gaps_and_sum_up_what_is_older():
    found = reading.Report({"months": [
        {"area": "950", "event": "Service", "month": "1999-01", "started": 4, "ended": 1},
        {"area": "950", "event": "Service", "month": "2025-03", "started": 2, "ended": 0},
        {"area": "951", "event": "Service", "month": "2025-03", "started": 3, "ended": 0},
        {"area": "950", "event": "Review", "month": "2025-01", "started": 1, "ended": 1},
    ]})  # fmt: skip
    months = findings.months_of(found, most=4)
    assert [line.month for line in months.lines] == ["2024-12", "2025-01", "2025-02", "2025-03"]
    assert months.lines[-1].started["Service"] == 5
    assert months.events == ("Service", "Review")
    assert (months.earlier_started, months.earlier_ended) == (4, 1)
    assert findings.months_of(reading.Report({})).lines == ()


@pytest.mark.parametrize(("amount", "top"), [(0, 2), (1, 2), (3, 4), (9, 10), (11, 20), (450, 600), (1001, 2000)])
def test_the_axis_ends_at_a_round_number(amount, top):
    assert charts._round_up(amount) == top


def test_history_reads_as_words(workspace):
    make(workspace, NEW)
    trail.note(reading.find_submission(NEW), by="ada", verb="downloaded", rows=1200, form="csv")
    assert trail.history(reading.find_submission(NEW))[0]["rows"] == "1,200"


def test_commands_are_run_with_their_arguments_kept_apart(settings, monkeypatch):
    seen = []

    def run(command, **options):
        seen.append(command)
        return SimpleNamespace(returncode=seen and int("withdraw" in command), stdout=b'{"total": 1, "rows": [], '
                               b'"faults": [{"words": "It is withdrawn already."}]}')  # fmt: skip

    monkeypatch.setattr(worker.subprocess, "run", run)
    worker.worklist_page(NEW, rule="--x", start=50)
    assert seen[0][3:] == [
        "worklist", NEW, "--json", "--from", "50", "--count", "50", "--rule=--x", "--workspace",
        str(settings.WORKSPACE.folder),
    ]  # fmt: skip
    with pytest.raises(worker.CommandFailed, match=r"It is withdrawn already\."):
        worker.withdraw(NEW, because="--why", by="-ada")
    assert "--because=--why" in seen[1]
    monkeypatch.setattr(worker.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0, stdout=b"no json"))
    with pytest.raises(worker.CommandFailed, match="could not be read"):
        worker.worklist_page(NEW)


def test_expected_rows_and_choices_come_from_the_report(workspace):
    make(workspace, NEW)
    lines = findings.rule_lines(reading.find_submission(NEW).report)
    assert findings.expected(lines, {"rule": "not-in-list", "column": "", "severity": ""}) == 40
    assert [key for key, _ in findings.choices(lines)["severity"]] == ["error", "warning", "note"]
    assert len(lines) == len(RULES)
    assert people.LABELS.keys() == findings.choices(lines).keys()
