"""The history of changes: what it says, to whom, and how it is narrowed down."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.utils import timezone

from outturn.site.plans.models import Action
from outturn.site.trail.actions import note_change
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
