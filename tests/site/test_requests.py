"""What was asked of the service: noted, answered, asked again and closed on pages; back in every pack until then."""

from datetime import date
from html import unescape

import pytest
from django.utils import timezone

from outturn.plans.roles import Role
from outturn.site.councils.actions import load_council
from outturn.site.councils.models import Council
from outturn.site.people.access import read_person
from outturn.site.requests.models import Request
from outturn.site.requests.owed import owed_answers
from outturn.site.requests.reading import outstanding, read_requests
from outturn.site.trail.models import Change
from tests.site.conftest import EXAMPLES

TODAY = date(2026, 11, 25)
HOME = "/harrowmere/requests/"
COMMISSIONING, DISCHARGE = "Head of Commissioning", "Head of Integrated Discharge"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)


@pytest.fixture
def harrowmere(db):
    return load_council(EXAMPLES / "harrowmere", by="tester")


@pytest.fixture
def sign_in(client, django_user_model):
    """Sign somebody in who has a role, and perhaps a post, in Harrowmere."""

    def become(role: Role, post: str = "", **scope):
        user = django_user_model.objects.create_user(role.value.replace(" ", "-"))
        user.grants.create(role=role, council="harrowmere", **scope)
        if post:
            user.holdings.create(council="harrowmere", post=post)
        client.force_login(user)
        return user

    return become


def page(client, path: str = HOME, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return unescape(response.content.decode())


def send(client, path: str, **fields) -> str:
    return client.post(path, {"seen": 10**9, **fields}, follow=True).content.decode()


ASKED = {
    "asked_by": "scrutiny", "meeting": "Budget Panel", "asked_on": "20 November 2026", "kind": "question",
    "question": "What does an empty post cost?", "owner": DISCHARGE, "first_due": "11 December 2026",
    "actions": ["2026-27/HASC06"], "indicators": ["budget-forecast"],
}  # fmt: skip


def test_files_pages_and_packs_say_the_same(client, harrowmere, sign_in):
    sign_in(Role.VIEWER)
    assert [one.number for one in read_requests(harrowmere)] == [1, 2, 3, 4, 5]
    assert [one.number for one in outstanding(harrowmere, TODAY)] == [1, 4, 2, 3]
    everything, pack = page(client), page(client, f"{HOME}outstanding/")
    for one in read_requests(harrowmere):
        words = one.question[:150]
        assert words in everything
        assert (words in pack) == (one.number != 5)
        assert one.question in page(client, f"{HOME}{one.number}/")
    assert "Nothing that was asked" in page(client, f"{HOME}outstanding/?on=1+March+2026")
    assert "is not a date" in page(client, f"{HOME}outstanding/?on=soon", status=400)


def test_a_request_is_noted_answered_asked_again_and_closed(client, harrowmere, sign_in):
    user = sign_in(Role.ANALYST)
    send(client, f"{HOME}add/", **ASKED)
    assert "What does an empty post cost?" in page(client, f"{HOME}6/")
    assert "HASC06" in page(client, f"{HOME}6/")
    assert "What does an empty post cost?" in page(client, "/harrowmere/plans/2026-27/actions/HASC06/")
    assert "What does an empty post cost?" in page(client, "/harrowmere/indicators/budget-forecast/")

    send(client, f"{HOME}6/answer/", on="23 November 2026", by=DISCHARGE, text="£41,000 a year.")
    assert "Answered, not closed" in page(client, f"{HOME}6/")
    assert 6 in [one.number for one in outstanding(harrowmere, date(2026, 12, 1))]
    send(client, f"{HOME}6/ask-again/", on="24 November 2026", by="Budget Panel", text="Why?", due="1 December 2026")
    assert read_requests(harrowmere)[5].due == date(2026, 12, 1)

    refused = send(client, f"{HOME}6/close/", themselves="no", closed_by=DISCHARGE, closed_on="25 November 2026",
                   closed_because="Enough said.")  # fmt: skip
    assert "cannot be the one who closes this" in refused
    assert "Write the post that closes it" in send(client, f"{HOME}6/close/", themselves="no",
                                                   closed_on="25 November 2026", closed_because="…")  # fmt: skip
    send(client, f"{HOME}6/close/", themselves="yes", closed_on="25 November 2026", closed_because="All is clear.")
    assert "All is clear." in page(client, f"{HOME}6/")
    assert 6 not in [one.number for one in outstanding(harrowmere, date(2026, 12, 1))]
    page(client, f"{HOME}6/close/", status=404)

    told = Change.objects.filter(council="harrowmere", by=user.username).values_list("kind", "verb", "subject")
    assert list(told)[::-1] == [
        ("request", "added", "6"), ("reply", "added", "6/1"), ("reply", "added", "6/2"), ("request", "changed", "6")
    ]  # fmt: skip

    send(client, f"{HOME}6/ask-again/", on="25 November 2026", by="Budget Panel", text="No.", due="9 December 2026")
    assert read_requests(harrowmere)[5].closing is None
    assert Change.objects.filter(kind="request", subject="6", verb="changed").count() == 2


REFUSED = [
    ({"asked_by": "other", "meeting": ""}, "Say who asked"),
    ({"asked_on": "26 November 2026"}, "is yet to come"),
    ({"first_due": "1 November 2026"}, "cannot be due before"),
    ({"owner": ""}, "Write who owes the answer"),
    ({"question": "a" * 20_001}, "Shorten it"),
    ({"actions": ["2026-27/NONE"]}, "not one of the choices"),
    ({"number": "1"}, "has no field"),
]


def test_what_cannot_be_is_refused_and_changes_nothing(client, harrowmere, sign_in):
    sign_in(Role.ANALYST)
    for change, words in REFUSED:
        assert words in send(client, f"{HOME}add/", **{**ASKED, **change})
    assert Request.objects.count() == 5


def test_a_button_pressed_twice_notes_one_request(client, harrowmere, sign_in):
    sign_in(Role.ANALYST)
    for words in ("saved.", "was saved already"):
        assert words in send(client, f"{HOME}add/", seen=1, **ASKED)
    assert Request.objects.count() == 6


def test_an_answer_noted_late_stands_where_it_was_said(client, harrowmere, sign_in):
    sign_in(Role.ANALYST)
    send(client, f"{HOME}1/answer/", on="1 September 2026", by="Head of Community Social Work", text="By March.")
    html = page(client, f"{HOME}1/")
    assert html.index("Two reviewers") < html.index("By March.") < html.index("wants a date")
    assert "Overdue" in html
    assert "so it was asked by then" in send(client, f"{HOME}1/edit/", **{**ASKED, "asked_on": "2 September 2026"})


def test_the_history_is_for_those_who_prepare(client, harrowmere, sign_in):
    user = sign_in(Role.ANALYST)
    send(client, f"{HOME}add/", **ASKED)
    send(client, f"{HOME}6/answer/", on="23 November 2026", by=DISCHARGE, text="£41,000 a year.")
    told = page(client, "/harrowmere/changes/?kind=request&subject=6")
    for words in ("What does an empty post cost?", "£41,000 a year.", "Who asked", "11 December 2026", user.username):
        assert words in told
    client.logout()
    assert "empty post" not in page(client, "/harrowmere/changes/?kind=request&subject=6")


def test_hostile_words_stay_words(client, harrowmere, sign_in):
    sign_in(Role.ANALYST)
    send(client, f"{HOME}add/", **{**ASKED, "question": "<script>alert(1)</script> =1+1", "owner": "<b>Head</b>"})
    for path in (HOME, f"{HOME}6/", f"{HOME}outstanding/", "/harrowmere/indicators/budget-forecast/"):
        html = client.get(path).content.decode()
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html
        assert "<b>Head" not in html


def test_who_may_do_what(client, harrowmere, sign_in):
    page(client, HOME, status=302)  # to sign in
    sign_in(Role.VIEWER)
    assert "Note what was asked" not in page(client) + page(client, "/harrowmere/plans/2026-27/actions/HASC01/")
    for path in ("add/", "1/edit/", "1/answer/", "1/ask-again/", "1/close/"):
        page(client, HOME + path, status=403)

    sign_in(Role.OWNER, COMMISSIONING, services=["Adult Social Care"])
    page(client, f"{HOME}3/answer/")
    for path in ("1/answer/", "3/close/", "add/"):
        page(client, HOME + path, status=403)

    sign_in(Role.HEAD_OF_SERVICE, COMMISSIONING, services=["Adult Social Care"])
    assert "/requests/3/close/" not in page(client, f"{HOME}3/")
    assert "who owes the answer" in send(client, f"{HOME}3/close/", themselves="yes", closed_on="25 November 2026",
                                         closed_because="Because I say so.")  # fmt: skip
    assert "/requests/1/close/" in page(client, f"{HOME}1/")


def test_open_requests_are_owed_by_those_who_act_for_the_post(harrowmere, sign_in):
    user = sign_in(Role.OWNER, " head of community   SOCIAL work")
    [one] = owed_answers(read_person(user, TODAY), TODAY)
    assert (one.href, one.overdue, one.council) == (f"{HOME}1/", True, "harrowmere")
    assert not list(owed_answers(read_person(sign_in(Role.ANALYST, COMMISSIONING), TODAY), TODAY))


def test_what_is_asked_of_a_vacant_post_comes_to_the_head_of_service(harrowmere, sign_in):
    head = read_person(sign_in(Role.HEAD_OF_SERVICE, services=["Adult Social Care"]), TODAY)
    assert [one.href for one in owed_answers(head, TODAY)] == [f"{HOME}{number}/" for number in (1, 2, 4)]
    sign_in(Role.OWNER, "Head of Provider Services")
    [first, last] = owed_answers(head, TODAY)
    assert first.because.startswith("Nobody here holds the post Head of Community Social Work")
    assert last.href == f"{HOME}4/"


def test_a_change_in_between_is_shown_beside_what_was_typed(client, harrowmere, sign_in):
    sign_in(Role.ANALYST)
    send(client, f"{HOME}2/edit/", **{**ASKED, "question": "Theirs?"})
    html = send(client, f"{HOME}2/edit/", seen=1, **{**ASKED, "question": "Mine?"})
    assert "Theirs?" in html
    assert "Mine?" in html
    assert read_requests(Council.objects.get())[1].question == "Theirs?"


def test_pages_take_as_many_queries_for_many_requests(client, harrowmere, sign_in, django_assert_max_num_queries):
    sign_in(Role.ANALYST)
    for number in range(6, 206):
        harrowmere.requests.create(
            number=number, asked_by="scrutiny", asked_on=TODAY, kind="question", question="?" * 500, owner=DISCHARGE,
            first_due=TODAY,
        )  # fmt: skip
    page(client)
    for path in (HOME, f"{HOME}outstanding/", f"{HOME}1/"):
        with django_assert_max_num_queries(16):
            page(client, path)
