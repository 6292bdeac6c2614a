"""Letting people in, giving roles, deputies, leavers, files and tokens: and who may do none of it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.utils import timezone

from outturn.plans.roles import Deed, Person, Role
from outturn.plans.roles import Grant as Scope
from outturn.site.councils.actions import load_council
from outturn.site.people import actions, files
from outturn.site.people.access import person_of, read_person
from outturn.site.people.models import Absence, Grant, Holding, ServiceToken
from outturn.site.trail.models import Change

from .conftest import EXAMPLES

pytestmark = pytest.mark.django_db
EVERYTHING = Person("eve", grants=(Scope(Role.ADMINISTRATOR),))


@pytest.fixture
def york(db):
    load_council(EXAMPLES / "york", by="tester")


@pytest.fixture
def today():
    return timezone.localdate()


def text(page):
    return page.content.decode()


def test_somebody_is_let_in_given_a_role_and_a_post_and_can_sign_in(staff, york):
    page = staff.post("/people/add/", {"account": "ben", "name": "Ben of York", "email": "ben@york.example"})
    assert page.url == "/people/ben/account/"
    role = {"role": "head of service", "council": "york", "services": " adults and  community wellbeing\n", "plans": ""}
    refused = text(staff.post("/people/ben/add-role/", role | {"services": "Nowhere"}))
    assert "No plan or scorecard is of the service “Nowhere”." in refused
    service = refused.split("There is: ")[1].split(".")[0]
    assert staff.post("/people/ben/add-role/", role | {"services": service.upper()}).status_code == 302
    staff.post("/people/ben/add-post/", {"council": "york", "post": "Assistant  Director"})
    ben = read_person(User.objects.get(username="ben"), timezone.localdate())
    assert ben.grants == (Scope(Role.HEAD_OF_SERVICE, "york", frozenset({service})),)
    assert ben.posts == {("york", "Assistant Director")}
    page = text(staff.post("/people/ben/do/password/"))
    password = page.split("<code>")[1].split("</code>")[0]
    assert password not in text(staff.get("/people/ben/account/"))
    assert Client().post("/sign-in/", {"username": "ben", "password": password}).status_code == 302
    kinds = set(Change.objects.filter(subject="ben").values_list("kind", flat=True))
    assert {"account", "role", "post"} <= kinds


def test_a_closed_account_is_out_at_once_and_its_deputies_too(staff, account, today):
    ben, gus = account("ben", Role.DIRECTOR), account("gus", None)
    Absence.objects.create(user=ben, first=today, last=today, deputy=gus)
    client = Client()
    client.force_login(ben)
    assert client.get("/account/").status_code == 200
    staff.post("/people/ben/do/close/")
    assert client.get("/account/").status_code == 302
    assert not read_person(gus, today).grants
    staff.post("/people/ben/do/reopen/")
    assert read_person(gus, today).grants


def test_a_deputy_stands_in_from_the_first_day_to_the_last_and_never_as_administrator(account, today):
    ben, gus = account("ben", Role.DIRECTOR), account("gus", Role.VIEWER)
    Grant.objects.create(user=ben, role=Role.ADMINISTRATOR)
    Holding.objects.create(user=ben, council="york", post="Director")
    first, last = today + timedelta(days=2), today + timedelta(days=4)
    Absence.objects.create(user=ben, first=first, last=last, deputy=gus)
    for days, standing in ((1, False), (2, True), (4, True), (5, False)):
        found = read_person(gus, today + timedelta(days=days))
        assert found.may(Deed.AGREE_DIRECTOR, "york") == standing
        assert (("york", "Director") in found.stands_in_for) == standing
        assert not found.may(Deed.MANAGE_PEOPLE, "york")
        assert not found.posts


def test_anybody_says_when_they_are_away_and_only_takes_back_their_own_days(client, account):
    ben, gus = account("ben", Role.VIEWER), account("gus", Role.VIEWER)
    client.force_login(ben)
    days = {"first": "1 March 2027", "last": "28 February 2027", "deputy": "gus"}
    assert "The last day is before the first." in text(client.post("/account/away/add/", days))
    assert client.post("/account/away/add/", days | {"last": "5 March 2027"}).url == "/account/"
    assert "gus stands in" in text(client.get("/account/"))
    [row] = Absence.objects.all()
    other = Client()
    other.force_login(gus)
    assert other.post(f"/account/away/{row.pk}/remove/").status_code == 404
    client.post(f"/account/away/{row.pk}/remove/")
    assert not Absence.objects.exists()


def test_the_last_administrator_cannot_be_lost(staff, account):
    account("other", Role.ADMINISTRATOR, council="york")
    ada = User.objects.get(username="ada")
    [grant] = ada.grants.all()
    page = staff.post(f"/people/ada/role/{grant.pk}/remove/", follow=True)
    assert "This is the only administrator of every council." in text(page)
    assert staff.post("/people/ada/do/close/").status_code == 403
    account("eve")
    staff.post(f"/people/ada/role/{grant.pk}/remove/")
    assert not ada.grants.exists()


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/people/ada/do/password/", {}), ("/people/ada/do/close/", {}), ("/people/ada/add-role/", {"role": "viewer"}),
        ("/people/ada/name/", {"name": "x"}), ("/people/gus/add-role/", {"role": "administrator"}),
        ("/people/gus/add-role/", {"role": "analyst", "council": "leeds"}), ("/people/gus/do/people/", {}),
        ("/people/tokens/", {"name": "x", "role": "viewer"}), ("/people/seer/do/password/", {}),
    ],
)  # fmt: skip
def test_an_administrator_of_one_council_rules_in_that_one_only(account, york, address, data):
    load_council(EXAMPLES / "leeds", by="tester")
    account("ada")
    account("gus", Role.OWNER, council="york")
    actions.let_see_people(account("seer", None), True, by="ada")
    client = Client()
    client.force_login(account("local", Role.ADMINISTRATOR, council="york"))
    before = list(Grant.objects.values()), list(User.objects.values())
    page = client.post(address, data)
    assert page.status_code == 403
    assert "Only an administrator of" in text(page)
    after = [[{**row, "last_login": None} for row in rows] for rows in (Grant.objects.values(), User.objects.values())]
    assert after == [[{**row, "last_login": None} for row in rows] for rows in before]
    assert client.post("/people/gus/add-role/", {"role": "analyst", "council": "york"}).status_code == 302


def test_nothing_that_is_not_there_can_be_removed_or_done(staff, account):
    account("ben", Role.VIEWER)
    ada = Grant.objects.get(user__username="ada")
    for address in (
        f"/people/ben/role/{ada.pk}/remove/", "/people/ben/role/999999/remove/", "/people/ben/house/1/remove/",
        "/people/ben/do/explode/", "/people/nobody/do/close/", "/people/a%00b/account/",
    ):  # fmt: skip
        assert staff.post(address).status_code in (404, 405), address
    assert Grant.objects.count() == 2


# Files

HEAD = "account,name,e-mail,role,council,services,plans,posts,leaves\n"


def read(body, ruler=EVERYTHING):
    return files.read(HEAD + body, "people.csv", ruler=ruler)


def test_a_file_lets_in_moves_and_closes(york, account):
    account("eve")
    ben, zoe = account("ben", Role.VIEWER), account("zoe", Role.OWNER)
    Holding.objects.create(user=ben, council="york", post="Old Post")
    found = read("ada,Ada,ada@york.example,owner,york,,2018-19,Head of A; Head of B,\nada,,,viewer,,,,,\n"
                 "ben,Ben,,head-of-service,york,,,New Post,\nzoe,,,,,,,,yes\n")  # fmt: skip
    assert not found.faults
    assert [f"{step.account}: {step.words}" for step in found.steps][-3:] == [
        "ben: Take the role: Viewer everywhere", "ben: Take the post: Old Post, york", "zoe: Close the account",
    ]  # fmt: skip
    files.apply(found)
    ada = User.objects.get(username="ada")
    assert {grant.words for grant in ada.grants.all()} == {"Owner in york, for plan 2018-19", "Viewer everywhere"}
    assert set(ada.holdings.values_list("post", flat=True)) == {"Head of A", "Head of B"}
    assert [grant.role for grant in ben.grants.all()] == ["head of service"]
    zoe.refresh_from_db()
    assert not zoe.is_active
    assert not read("ada,Ada,ada@york.example,owner,york,,2018-19,Head of A; Head of B,\nada,,,viewer,,,,,\n").steps


def test_every_fault_is_told_with_its_row_and_nothing_is_changed(york):
    body = (
        "a b,,,,,,,,\n" "ada,,not mail,king,york,,,,\n" "ben,,,owner,atlantis,,,,\n" "cy,,,owner,york,Magic,1999,,\n"
        "dee,,,owner,,,,Head,\n" "flo,,,owner,york,,,,yes\n" "gus,,,,,,,,perhaps\n" "hal,,,,,,,,yes\n"
        "x,1,2,3,4,5,6,7,8,9\n" "ivy,\u200b\x01,,,,,,,\n"
    )  # fmt: skip
    found = read(body)
    rows = {fault.line for fault in found.faults}
    assert rows == set(range(2, 12))
    assert not found.steps
    words = " ".join(fault.words for fault in found.faults)
    for said in ("There is no role “king”", "is not an e-mail address", "There is no council “atlantis”", "“Magic”",
                 "no plan “1999”", "belong to a council", "leaves, so no row", "neither yes nor no", "no such account",
                 "more cells", "cannot be printed"):  # fmt: skip
        assert said in words, said


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "missing"), ("name\nx\n", "missing"), ("account,colour\nada,red\n", "There is no column “colour”"),
     ("account\n", "names nobody"), ("\x00\x01\x02", "missing")],
)  # fmt: skip
def test_what_is_no_such_file_is_told(db, content, said):
    assert said in " ".join(fault.words for fault in files.read(content, "x.csv", ruler=EVERYTHING).faults)


def test_a_file_of_excels_with_semicolons_and_accents_is_read(db):
    data = "account;name\nzoe;Zoë\n".encode("cp1252")
    found = files.read(files.decode(data), "x.csv", ruler=EVERYTHING)
    assert [step.words for step in found.steps] == ["Add the account (Zoë)"]


def test_an_administrator_of_one_council_cannot_reach_further_by_file(york, account):
    account("eve")
    local = Person("local", grants=(Scope(Role.ADMINISTRATOR, "york"),))
    for body in ("ada,,,administrator,,,,,\n", "eve,,,owner,york,,,,\n", "eve,,,,,,,,yes\n"):
        assert "Only an administrator of every council" in read(body, local).faults[0].words
    assert not read("ada,,,administrator,york,,,,\n", local).faults


def test_a_file_cannot_take_the_last_administrator(staff):
    page = upload(staff, "account,role\nada,viewer\n")
    assert "Take the role: Administrator everywhere" in text(page)
    page = staff.post("/people/file/", hidden(page))
    assert "Nothing was changed. This is the only administrator" in text(page)
    assert Grant.objects.get().role == "administrator"


def upload(client, content):
    return client.post("/people/file/", {"file": SimpleUploadedFile("people.csv", content.encode())})


def hidden(page):
    html = text(page)
    return {
        "text": html.split('aria-label="The file">\n')[1].split("</textarea>")[0], "name": "people.csv",
        "digest": html.split('name="digest" value="')[1].split('"')[0],
    }  # fmt: skip


def test_the_page_shows_what_would_change_and_changes_it_only_then(staff, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    page = upload(staff, "account,name,role\nben,Ben,viewer\n")
    assert "Add the account (Ben)" in text(page)
    assert not User.objects.filter(username="ben").exists()
    sent = hidden(page)
    done = staff.post("/people/file/", sent)
    assert "Temporary passwords of those who join" in text(done)
    assert User.objects.get(username="ben").grants.get().role == "viewer"
    again = staff.post("/people/file/", sent)  # replayed, or somebody was faster
    assert "Nothing to do" in text(again)
    assert Grant.objects.filter(user__username="ben").count() == 1
    forged = staff.post("/people/file/", sent | {"text": "account,role\nzoe,administrator\n"})
    assert not User.objects.filter(username="zoe").exists()
    assert "Add the account" in text(forged)
    faulty = upload(staff, "account,role\nzoe,king\n")
    assert "Row 2: There is no role “king”" in text(faulty)


# Tokens


def test_a_token_is_shown_once_does_what_its_role_may_and_is_revoked(staff, york):
    page = text(staff.post("/people/tokens/", {"name": "Power BI", "role": "viewer", "council": "york"}))
    shown = page.split("<code>")[1].split("</code>")[0]
    assert shown not in text(staff.get("/people/tokens/"))
    assert shown not in str(list(ServiceToken.objects.values()) + list(Change.objects.values()))
    found = actions.token_person(f"Bearer {shown}")
    assert found.may(Deed.READ_AGREED, "york")
    assert not found.may_somewhere(Deed.EDIT_FIGURE)
    assert not found.may(Deed.READ_AGREED, "leeds")
    assert ServiceToken.objects.get().last_used == timezone.localdate()
    wrong = ("", "Bearer", "Bearer ", f"Basic {shown}", f"Bearer {shown}x", "Bearer outturn_", f"Bearer {shown[8:]}")
    for header in wrong:
        assert actions.token_person(header) is None
    staff.post(f"/people/tokens/{ServiceToken.objects.get().pk}/revoke/")
    assert actions.token_person(f"Bearer {shown}") is None


# Who asks


def test_a_visitor_costs_no_query_and_a_person_four(account, django_assert_num_queries):
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        assert person_of(request) == Person()
    request = RequestFactory().get("/")
    request.user = account("ada")
    with django_assert_num_queries(4):
        person_of(request)
        person_of(request)


def test_the_list_takes_no_more_queries_for_more_people(staff, account, django_assert_max_num_queries):
    for number in range(60):
        account(f"person{number}", Role.OWNER)
    with django_assert_max_num_queries(14):
        page = text(staff.get("/people/?q=person&role=owner&state=open"))
    assert "1 to 50 of 60" in page
    assert "Nobody fits" in text(staff.get("/people/?q=zzz"))
