"""The history of changes: what it says, to whom, and how it is narrowed down."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from outturn.plans.roles import Role
from outturn.site.plans.models import Action
from outturn.site.trail import files
from outturn.site.trail.actions import note_change
from outturn.site.trail.chain import follow
from outturn.site.trail.models import Change
from outturn.site.trail.words import label, shown

pytestmark = pytest.mark.django_db


def words_of(page) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.content.decode())).split())


def note(subject, *, kind="action", by="ada", council="york", **fields):
    return note_change(
        by=by, verb="changed", council=council, kind=kind, subject=subject, title=f"About {subject}",
        before=dict.fromkeys(fields, ""), after=fields, reason=fields.pop("why", ""),
    )


def subjects_of(page) -> list[str]:
    return re.findall(r"About (\S+?)</a></h2>", page.content.decode())


@pytest.fixture
def history(examples):
    for subject, kind in [
        ("2018-19", "plan"), ("2018-19/1", "section"), ("2018-19/ASCP01", "action"), ("2018-19/ASCP01", "update"),
        ("2018-19/ASCP01/2", "milestone"), ("2018-19/ASCP010", "action"), ("2018-19", "scorecard"),
        ("2018-19/1", "priority"), ("pvp02", "indicator"), ("pvp02/2018-19", "result"), ("pvp020/2018-19", "result"),
    ]:
        note(subject, kind=kind, text="now")
    note("elsewhere", council="leeds", text="now")


def test_a_change_says_who_when_what_and_why(staff, examples):
    note("2018-19/ASCP01", why="The board asked.", completed_by="March 2019", due="2019-03-31", next_review=None)
    words = words_of(staff.get("/york/changes/"))
    assert "Action changed: About 2018-19/ASCP01" in words
    assert "by ada" in words
    assert "Reason: The board asked." in words
    assert "Completed by nothing March 2019" in words
    assert "Due nothing 31 March 2019" in words
    assert "Next review" not in words  # nothing to nothing
    assert "Council loaded: City of York Council" in words


def test_times_are_those_on_the_wall(staff, examples, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    note("2018-19/ASCP01", text="now")
    assert "1 July 2026 at 23:30, by ada" in words_of(staff.get("/york/changes/"))


def test_newest_first_fifty_to_a_page(client, examples):
    for number in range(120):
        note(f"2018-19/A{number}", text="now")
    page = client.get("/york/changes/")
    assert subjects_of(page) == [f"2018-19/A{number}" for number in range(119, 69, -1)]
    assert "1 to 50 of 121" in words_of(page)
    last = client.get("/york/changes/?kind=action&page=3")
    assert len(subjects_of(last)) == 20
    assert "?kind=action&amp;page=2" in last.content.decode()
    for odd in ("0", "99", "x", "-1", "9" * 400):
        assert client.get("/york/changes/", {"page": odd}).status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 11),
        ({"subject": "2018-19/ASCP01"}, 3),  # the action, its update and its milestone, not ASCP010
        ({"subject": "2018-19", "kind": "plan"}, 6),
        ({"subject": "2018-19", "kind": "scorecard"}, 2),
        ({"subject": "2018-19"}, 8),
        ({"subject": "pvp02"}, 2),
        ({"kind": "result"}, 2),
        ({"kind": "plan"}, 1),
        ({"by": "ada"}, 11),
        ({"by": "nobody"}, 0),
        ({"kind": "none"}, 0),
        ({"subject": "%"}, 0),
        ({"subject": "\0"}, 11),
        ({"subject": "x" * 9_000}, 0),
    ],
)
def test_changes_are_narrowed_down(staff, history, query, count):
    assert len(subjects_of(staff.get("/york/changes/", query))) == count


def test_visitors_see_the_change_but_no_account(client, staff, examples):
    note_change(
        by="grace.hopper", verb="changed", council="york", kind="update", subject="2018-19/ASCP01", title="Ada’s note",
        after={"text": "News.", "by": "grace.hopper"},
    )
    assert "grace.hopper" in words_of(staff.get("/york/changes/"))
    client.logout()
    page = client.get("/york/changes/")
    assert "by a member of staff" in words_of(page)
    assert "News." in words_of(page)
    for query in ({}, {"by": "grace.hopper"}, {"by": "x"}):  # nor may a visitor try names out
        answer = client.get("/york/changes/", query).content.decode().split("<main")[1]
        assert "Update changed" in answer
        assert "grace.hopper" not in answer


def test_a_council_that_is_not_there_has_no_changes(client, examples):
    assert client.get("/nowhere/changes/").status_code == 404
    assert client.post("/york/changes/").status_code == 405


def test_what_is_written_is_text(client, examples):
    note("2018-19/ASCP01", text="<script>alert(1)</script>", why="<b>why</b>")
    html = client.get("/york/changes/").content.decode()
    assert "<script" not in html
    assert "<b>why" not in html


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("due", "2019-03-31", "31 March 2019"), ("due", "soon", "soon"), ("due", None, ""), ("done", False, "No"),
        ("risks", ["0544", "0545"], "0544, 0545"), ("period", "2018-19 Q1", "Quarter 1 2018/19"), ("year", "", ""),
        ("year", "in the next 10 years", "in the next 10 years"), ("net_impact", 4, "4"), ("plans", 1, "1"),
    ],
)
def test_a_fields_content_is_written_as_people_read_it(name, value, words):
    assert shown(name, value) == words


def test_every_field_that_can_change_has_a_label_of_words():
    for field in Action._meta.get_fields():
        assert re.fullmatch("[A-Z][A-Za-z ,]+", label(field.name))


def test_a_change_is_kept_in_one_row_only_where_something_differs(examples):
    assert note_change(by="ada", verb="changed", council="york", kind="plan", subject="x", title="x",
                       before={"a": 1}, after={"a": 1}) is None


# Narrowed down by day and words

@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"since": "2 July 2026"}, 1), ({"until": "1 July 2026"}, 2),
        ({"since": "2026-07-01", "until": "2026-07-01"}, 1),
        ({"words": "budget"}, 1), ({"words": "100%"}, 1), ({"words": "_"}, 0), ({"words": "café"}, 1),
        ({"words": 'say "so"'}, 1), ({"words": "about 2018-19"}, 3), ({"words": "\0"}, 3), ({"since": "soon"}, 3),
        ({"since": "31 December 9999"}, 3),
    ],
)  # fmt: skip
def test_changes_are_narrowed_down_by_day_and_words(staff, examples, monkeypatch, query, count):
    three = [(30, {"why": "The Budget was cut."}), (31, {"text": 'Café, 100% "so" they say "so"'}), (32, {})]
    for day, fields in three:
        moment = datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(days=day - 1)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        note("2018-19/ASCP01", **{"theme": "now", **fields})
    assert len(subjects_of(staff.get("/york/changes/", query))) == count


def test_a_day_that_is_none_is_said_to_be_none(staff, examples):
    page = staff.get("/york/changes/", {"since": "<b>soon</b>"}).content.decode()
    assert "“&lt;b&gt;soon&lt;/b&gt;” is not a date. Write it as 1 October 2026." in page


# A page for each change

def test_a_change_has_a_page_with_the_way_to_what_was_before(staff, examples):
    change = note("2018-19/ASCP01", why="The board asked.", theme="Homes")
    address = f"/york/changes/{change.pk}/"
    assert f'href="{address}"' in staff.get("/york/changes/").content.decode()
    page = staff.get(address)
    words = words_of(page)
    for said in ("Action changed", "ada", "The board asked.", "Priority theme", "Homes", change.digest):
        assert said in words
    assert f"/york/?as-at={change.pk - 1}" in page.content.decode()
    assert staff.get(f"/york/?as-at={change.pk - 1}").status_code == 200
    for nobody in (f"/leeds/changes/{change.pk}/", "/york/changes/99999/", f"/york/changes/{10**25}/"):
        assert staff.get(nobody).status_code == 404


def test_a_visitor_reads_a_change_without_names_and_no_draft(client, examples):
    change = note("2018-19/ASCP01", theme="Homes")
    draft = note("2026-27 Q2/pvp02", kind="commentary", happened="Secret")
    words = words_of(client.get(f"/york/changes/{change.pk}/"))
    assert "a member of staff" in words
    assert "ada" not in words.split()
    assert change.digest not in words
    assert client.get(f"/york/changes/{draft.pk}/").status_code == 404
    assert "Secret" not in words_of(client.get("/york/changes/", {"kind": "commentary"}))
    assert "0 changes" in words_of(client.get("/york/changes/", {"words": "secret"}))


def test_once_there_is_a_round_figures_are_shown_only_to_those_who_read_drafts(client, staff, examples):
    before = note("pvp02/2017-18", kind="result", printed="240")
    note("2026-27 Q2", kind="round", state="open")
    after = note("pvp02/2026-27 Q2", kind="result", printed="241")
    assert staff.get(f"/york/changes/{after.pk}/").status_code == 200
    client.logout()
    assert client.get(f"/york/changes/{before.pk}/").status_code == 200
    assert client.get(f"/york/changes/{after.pk}/").status_code == 404
    assert "241" not in words_of(client.get("/york/changes/"))


# The whole trail, and exports

def test_the_whole_trail_is_for_those_who_see_every_councils(client, account, examples):
    note("ada", council="people:", kind="sign-in", address="10.0.0.1")
    client.force_login(account("eve", Role.ANALYST, council="york"))
    assert client.get("/trail/").status_code == 403
    assert client.post("/trail/export/").status_code == 403
    client.force_login(account("ben", Role.ANALYST))
    assert client.get("/trail/").status_code == 403
    client.force_login(account("gus"))
    page = client.get("/trail/")
    assert "Sign-in changed: About ada" in words_of(page)
    assert client.get(f"/trail/{Change.objects.first().pk}/").status_code == 200
    client.logout()
    for address in ("/trail/", f"/trail/{Change.objects.first().pk}/"):
        assert client.get(address).status_code in (302, 403)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_trail_is_exported_so_that_it_can_be_verified(staff, examples, tmp_path, form):
    note("2018-19/ASCP01", why='=HYPERLINK("x")', theme="'quoted")
    answer = staff.post("/trail/export/", {"form": form})
    file = tmp_path / f"trail.{form}"
    file.write_bytes(b"".join(answer.streaming_content))
    rows = list(files.read(file))
    assert [head.row for head in follow(rows)] == [*range(1, Change.objects.count() + 1)]
    assert rows[-1]["verb"] == "exported"
    assert rows[-1]["by"] == "ada"
    assert rows[-2]["reason"] == '=HYPERLINK("x")'
    assert b",=HYPERLINK" not in file.read_bytes()
    assert answer["Content-Disposition"].startswith('attachment; filename="outturn-trail-')


def test_what_was_narrowed_down_is_exported_and_written_down(client, account, examples, tmp_path):
    note("2018-19/ASCP01", theme="Homes")
    note("elsewhere", council="leeds", theme="Homes")
    client.force_login(account("ben", Role.HEAD_OF_SERVICE, council="york"))
    assert client.get("/york/changes/export/").status_code == 405
    assert client.post("/leeds/changes/export/").status_code == 403
    answer = client.post("/york/changes/export/", {"form": "jsonl", "kind": "action", "words": "homes"})
    (row,) = map(json.loads, b"".join(answer.streaming_content).decode().splitlines())
    assert row["subject"] == "2018-19/ASCP01"
    last = Change.objects.first()
    assert (last.by, last.council, last.verb, last.kind) == ("ben", "york", "exported", "trail")
    assert last.after == {"form": "jsonl", "kind": "action", "words": "homes"}
    client.logout()
    assert client.post("/york/changes/export/").status_code == 403


# Sign-ins that are refused

def test_a_refused_sign_in_is_written_down_without_what_may_be_a_password(client, account):
    account("ada")
    for typed in ("ada", "correct horse battery"):
        client.post("/sign-in/", {"username": typed, "password": "wrong"})
    one, other = Change.objects.filter(kind="sign-in", verb="refused").order_by("id")
    assert (one.by, one.subject, one.after) == ("ada", "ada", {"address": "127.0.0.1"})
    assert (other.by, other.subject) == ("unknown account", "unknown account")
    assert "correct horse" not in json.dumps(list(Change.objects.values("title", "after", "subject", "undo")))
