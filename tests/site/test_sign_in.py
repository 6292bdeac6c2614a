"""Signing in and out, and the pages for what goes wrong."""

import logging
import re

import pytest
from django.contrib.auth.models import User
from django.http import Http404
from django.test import Client, RequestFactory

from outturn.site import errors
from outturn.site.accounts import attempts, views
from outturn.site.logs import PlainFormatter

pytestmark = pytest.mark.django_db
PASSWORD = "harbour lantern 7"


@pytest.fixture(autouse=True)
def fresh_attempts(monkeypatch):
    monkeypatch.setattr(views, "ATTEMPTS", attempts.Attempts())


@pytest.fixture
def amina():
    return User.objects.create_user("amina", password=PASSWORD, is_staff=True)


def sign_in(client, password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": "amina", "password": password, **more})


def test_signing_in_leads_on_to_where_one_was_going_and_out_again(client, amina):
    page = client.get("/sign-in/?next=/help/%3Fa%3Db").content.decode()
    assert '<input type="hidden" name="next" value="/help/?a=b">' in page
    assert sign_in(client, next="/help/?a=b").headers["Location"] == "/help/?a=b"
    assert "amina" in client.get("/help/").content.decode()
    assert client.get("/sign-in/").headers["Location"] == "/"
    assert "You have signed out." in client.post("/sign-out/", follow=True).content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example", ""],
)
def test_signing_in_never_leads_to_another_site(client, amina, elsewhere):
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"


def test_a_wrong_password_is_told_in_a_sentence(client, amina):
    page = sign_in(client, "wrong")
    assert "The account name and password do not belong together." in page.content.decode()
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_ten_failures_close_the_door_for_one_name_and_address(client, amina):
    for _ in range(10):
        assert sign_in(client, "wrong").status_code == 200
    refused = sign_in(client)
    assert refused.status_code == 429
    assert "There were 10 failed attempts for this account name from your address." in refused.content.decode()
    assert client.post("/sign-in/", {"username": " AMINA", "password": PASSWORD}).status_code == 429
    elsewhere = client.post("/sign-in/", {"username": "amina", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_attempts_are_forgotten_in_time_and_the_memory_has_a_bound(monkeypatch):
    now = 0.0
    counted = attempts.Attempts(clock=lambda: now)
    assert [counted.begin("key") for _ in range(11)] == [True] * 10 + [False]
    now = 15 * 60.0
    assert counted.begin("key")
    monkeypatch.setattr(attempts, "MOST_KEPT", 2)
    for key in ("a", "b", "c"):
        counted.begin(key)
    assert list(counted._times) == ["b", "c"]


def test_signing_out_takes_a_post_and_says_so(client):
    page = client.get("/sign-out/")
    assert page.status_code == 405
    assert page.headers["Allow"] == "POST"
    assert "It was asked with GET, and takes POST only." in page.content.decode()


def test_a_page_that_is_not_there(client):
    page = client.get("/no/such/page/anywhere/")
    assert page.status_code == 404
    text = page.content.decode()
    assert "<h1>Page not found</h1>" in text
    assert "There is no page at this address." in text


def test_a_refusals_own_sentence_is_shown():
    request = RequestFactory().get("/")
    request.user = None
    text = errors.not_found(request, Http404("There is no priority 9 on this scorecard.")).content.decode()
    assert "There is no priority 9 on this scorecard." in text
    assert "No Council matches" not in errors.not_found(
        request, Http404("No Council matches the given query.")
    ).content.decode()


def test_a_form_without_its_token_is_explained(amina):
    client = Client(enforce_csrf_checks=True)
    page = sign_in(client)
    assert page.status_code == 403
    assert "The form was not accepted" in page.content.decode()


def test_a_host_that_is_not_ours_gets_a_page_without_its_name(client):
    page = client.get("/", headers={"host": "evil.example"})
    assert page.status_code == 400
    assert "evil.example" not in page.content.decode()


def test_a_failure_of_ours_is_a_page_that_needs_no_database(client, monkeypatch, django_db_blocker):
    with django_db_blocker.block():
        page = errors.our_fault(RequestFactory().get("/"))
    assert page.status_code == 500
    assert "was not stored" in page.content.decode()


def test_pages_allow_no_script_and_keep_their_style_sheet_fingerprinted(client):
    page = client.get("/sign-in/")
    policy = page.headers["Content-Security-Policy"]
    for rule in ("script-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    [sheet] = re.findall(r'href="(/static/outturn\.css\?[0-9a-f]{12})"', page.content.decode())
    file = client.get(sheet)
    assert file.headers["Cache-Control"] == "max-age=604800, public"
    assert b"".join(file.streaming_content)
    file.close()


def test_the_log_holds_the_place_of_a_failure_and_not_its_words():
    try:
        raise ValueError("Mrs Smith of 4 High Street")
    except ValueError as error:
        record = logging.LogRecord(
            "outturn", logging.ERROR, __file__, 1, "Failed: %s", ("/york/",), (ValueError, error, error.__traceback__)
        )
    text = PlainFormatter().format(record)
    assert "Failed: /york/" in text
    assert "ValueError" in text
    assert "test_sign_in.py" in text
    assert "Smith" not in text
