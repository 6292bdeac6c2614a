"""Signing in and out, passwords, the second step, what outlives a session, and the pages for what goes wrong."""

import logging
import re
from datetime import timedelta

import pyotp
import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone

from outturn.plans.roles import Role
from outturn.site import errors
from outturn.site.accounts import attempts, keeping, passwords, second_factor
from outturn.site.accounts.models import Attempt, RecoveryCode, SecondFactor, TemporaryPassword
from outturn.site.logs import PlainFormatter
from outturn.site.people.models import Grant
from outturn.site.trail.models import Change

pytestmark = pytest.mark.django_db
PASSWORD = "harbour lantern 7"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def amina():
    user = User.objects.create_user("amina", password=PASSWORD, is_staff=True)
    Grant.objects.create(user=user, role=Role.ADMINISTRATOR)
    return user


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


def test_ten_failures_close_the_door_of_an_account_from_everywhere_for_a_while(client, amina):
    for _ in range(10):
        assert sign_in(client, "wrong").status_code == 200
    refused = sign_in(client)
    assert refused.status_code == 429
    assert "There were too many failed attempts." in refused.content.decode()
    assert client.post("/sign-in/", {"username": " AMINA", "password": PASSWORD}).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.0.0.9"}
    assert client.post("/sign-in/", {"username": "amina", "password": PASSWORD}, **elsewhere).status_code == 429
    User.objects.create_user("ben", password=PASSWORD)
    assert client.post("/sign-in/", {"username": "ben", "password": PASSWORD}).status_code == 302
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert sign_in(Client()).status_code == 302
    assert not Attempt.objects.exists()


def test_guessing_many_accounts_closes_the_door_of_the_address(client, amina, monkeypatch):
    monkeypatch.setitem(attempts.MOST, "address", 5)
    said = [client.post("/sign-in/", {"username": f"nobody{n}", "password": "x"}).status_code for n in range(7)]
    assert said == [200] * 5 + [429] * 2
    assert sign_in(client).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.9.9.9"}
    assert client.post("/sign-in/", {"username": "amina", "password": PASSWORD}, **elsewhere).status_code == 302


def test_behind_a_proxy_the_address_is_what_the_proxy_says_and_not_what_the_browser_says(settings):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "1.1.1.1, 10.2.3.4"}, REMOTE_ADDR="127.0.0.1")
    assert attempts.address_of(request) == "127.0.0.1"
    settings.HTTPS = True
    assert attempts.address_of(request) == "10.2.3.4"


def test_success_forgets_the_failures_and_nothing_typed_is_kept(client, amina):
    for _ in range(9):
        sign_in(client, "wrong")
    assert sign_in(client).status_code == 302
    assert not Attempt.objects.filter(key=attempts._digest("account", "amina")).exists()
    assert "amina" not in str(list(Attempt.objects.values()))


@pytest.mark.parametrize("account", ["amina", "nobody", "closed", "by-sign-on"])
def test_an_account_that_is_not_there_takes_as_long_and_is_told_in_the_same_words(client, amina, account, monkeypatch):
    User.objects.create_user("closed", password=PASSWORD, is_active=False)
    User.objects.create_user("by-sign-on")
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed = []
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: hashed.append(1) or "md5$salt$x")
    page = client.post("/sign-in/", {"username": account, "password": "wrong password here"})
    assert len(hashed) == 1
    assert "The account name and password do not belong together." in page.content.decode()


def test_signing_in_and_out_is_written_down(client, amina):
    sign_in(client)
    client.post("/sign-out/")
    assert list(Change.objects.filter(kind="sign-in").values_list("by", "verb")) == [
        ("amina", "signed out"), ("amina", "signed in"),
    ]  # fmt: skip


# Passwords


@pytest.mark.parametrize(
    "weak", ["short one", "123456789012", "Password2026!", "!!Liverpool1234", "aaaaaaaaaaaaaa", "administrator"]
)
def test_a_weak_password_is_refused(amina, weak):
    with pytest.raises(ValidationError):
        validate_password(weak, amina)


@pytest.mark.parametrize("strong", [PASSWORD, "correct horse battery", "k3fq-7hmw-zp2c-9dxa", "Ünïcode lantern"])
def test_a_strong_password_is_taken(amina, strong):
    validate_password(strong, amina)


def change_password(client, old, new, again=None):
    data = {"old_password": old, "new_password": new, "again": again or new}
    return client.post("/account/password/", data)


def test_ones_own_password_is_changed_and_other_sessions_end(client, amina):
    other = Client()
    sign_in(other)
    sign_in(client)
    wrong = change_password(client, "x", "correct horse battery")
    assert "This is not your present password." in wrong.content.decode()
    assert "The two differ." in change_password(client, PASSWORD, "correct horse battery", "other").content.decode()
    assert "This is your present password." in change_password(client, PASSWORD, PASSWORD).content.decode()
    assert change_password(client, PASSWORD, "correct horse battery").status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert sign_in(Client(), "correct horse battery").status_code == 302


def test_a_temporary_password_must_be_changed_before_anything_else(client, amina):
    given = passwords.give_temporary(amina, by="eve")
    sign_in(client, given)
    assert client.get("/people/").url == "/account/password/?next=/people/"
    assert client.post("/people/add/", {"account": "zoe"}).url == "/account/password/"
    assert not User.objects.filter(username="zoe").exists()
    assert "given to you by somebody else" in client.get("/account/password/").content.decode()
    assert change_password(client, given, PASSWORD).url == "/account/kept/"  # what was typed in between
    assert client.get("/people/").status_code == 200
    assert given not in str(list(Change.objects.values()))


def test_a_temporary_password_runs_out(client, amina):
    given = passwords.give_temporary(amina, by="eve")
    TemporaryPassword.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert "has run out" in sign_in(client, given).content.decode()
    assert client.get("/account/").status_code == 302


# The second step


@pytest.fixture
def phone(amina):
    """An authenticator app that has been taken into use: gives the code of now, or of so many steps later."""
    secret = second_factor.begin(amina)
    app = pyotp.TOTP(secret)
    SecondFactor.objects.update(confirmed=True)
    return lambda steps=0: app.at(timezone.now() + timedelta(seconds=30 * steps))


def test_the_second_step_is_added_with_a_picture_and_recovery_codes(client, amina):
    client.force_login(amina)
    page = client.get("/account/second-step/").content.decode()
    assert "<svg" in page
    assert "style=" not in page.split("<svg")[1].split("</svg>")[0]
    secret = "".join(re.search("<code>([A-Z2-7 ]+)</code>", page)[1].split())
    assert secret not in SecondFactor.objects.get().secret
    wrong = client.post("/account/second-step/", {"code": "000000"}).content.decode()
    assert "This is not the code that belongs to it." in wrong
    assert secret in wrong.replace(" ", "")  # the same one still
    shown = client.post("/account/second-step/", {"code": pyotp.TOTP(secret).now()}).content.decode()
    codes = re.findall("<code>([0-9a-f-]{11})</code>", shown)
    assert len(set(codes)) == 10
    assert not set(codes) & set(RecoveryCode.objects.values_list("digest", flat=True))


def test_signing_in_asks_for_the_code_and_takes_each_once(client, amina, phone):
    assert sign_in(client, next="/help/").url == "/sign-in/code/"
    assert client.get("/account/").status_code == 302
    assert "This code is not right" in client.post("/sign-in/code/", {"code": "abc"}).content.decode()
    code = phone()
    assert client.post("/sign-in/code/", {"code": f"{code[:3]} {code[3:]}"}).url == "/help/"
    other = Client()
    sign_in(other)
    assert other.post("/sign-in/code/", {"code": code}).status_code == 200
    assert other.post("/sign-in/code/", {"code": phone(4)}).status_code == 200
    assert other.post("/sign-in/code/", {"code": phone(1)}).status_code == 302


def test_a_recovery_code_serves_once(client, amina, phone):
    [code, *_] = second_factor.new_codes(amina)
    for expected in (302, 200):
        client = Client()
        sign_in(client)
        assert client.post("/sign-in/code/", {"code": f" {code.upper()} "}).status_code == expected
    assert Change.objects.filter(verb="used", subject="amina").count() == 1


def test_codes_cannot_be_guessed(client, amina, phone):
    sign_in(client)
    said = [client.post("/sign-in/code/", {"code": "123"}).status_code for _ in range(11)]
    assert said == [200] * 10 + [429]
    assert client.post("/sign-in/code/", {"code": phone()}).status_code == 429


def test_half_a_sign_in_runs_out_and_ends_when_the_password_is_changed(client, amina, phone, monkeypatch):
    assert client.get("/sign-in/code/").url == "/sign-in/"
    sign_in(client)
    passwords.change(amina, "correct horse battery")
    assert client.post("/sign-in/code/", {"code": phone()}).url == "/sign-in/"
    sign_in(client, "correct horse battery")
    monkeypatch.setattr("outturn.site.accounts.entering.MINUTES", -1)
    assert client.post("/sign-in/code/", {"code": phone()}).url == "/sign-in/"


def test_a_role_can_demand_the_second_step(client, amina, settings):
    settings.TWO_FACTOR_FOR = {"administrator"}
    sign_in(client)
    assert client.get("/people/").url == "/account/second-step/?next=/people/"
    secret = second_factor.begin(amina)
    assert client.post("/account/second-step/", {"code": pyotp.TOTP(secret).now()}).status_code == 200
    assert client.get("/people/").status_code == 200


def test_the_second_step_is_removed_by_whoever_has_the_phone(client, amina, phone):
    client.force_login(amina)
    client.post("/account/second-step/codes/", {"code": "000", "remove": "1"})
    assert second_factor.has(amina)
    client.post("/account/second-step/codes/", {"code": phone(), "remove": "1"})
    assert not second_factor.has(amina)


# What was typed when the session had ended


def test_what_was_typed_is_kept_over_a_new_sign_in_and_sent_only_by_a_person(client, amina):
    typed = {"account": "zoe", "name": "Zoë <b>", "email": ""}
    asked = client.post("/people/add/", typed)
    assert asked.url == "/sign-in/?next=/people/add/"
    assert "What you typed is kept" in client.get(asked.url).content.decode()
    assert sign_in(client, next="/people/add/").url == "/account/kept/"
    page = client.get("/account/kept/").content.decode()
    assert "Zoë &lt;b&gt;" in page
    assert 'action="/people/add/"' in page
    assert not User.objects.filter(username="zoe").exists()
    assert client.post("/people/add/", typed).status_code == 302
    assert User.objects.get(username="zoe").get_full_name() == "Zoë <b>"
    assert "Nothing is kept" in client.get("/account/kept/").content.decode()


def test_what_is_kept_runs_out_can_be_thrown_away_and_is_not_for_visitors(client, amina, monkeypatch):
    client.post("/people/add/", {"account": "zoe"})
    assert "Nothing is kept" in client.get("/account/kept/").content.decode()
    sign_in(client)
    assert "Nothing is kept" not in client.get("/account/kept/").content.decode()
    client.post("/account/kept/throw-away/")
    assert "Nothing is kept" in client.get("/account/kept/").content.decode()
    other = Client()
    other.post("/people/add/", {"account": "zoe"})
    monkeypatch.setattr(keeping, "SECONDS", -1)
    assert sign_in(other).url == "/"


def test_a_hundred_thousand_characters_are_kept_and_no_more_than_a_million(client, amina):
    client.post("/people/add/", {"account": "z" * 100_000})
    assert len(client.session["kept_form"]["typed"]["account"][0]) == 100_000
    other = Client()
    other.post("/people/add/", {"account": "z" * 1_000_001})
    assert "kept_form" not in other.session


def test_passwords_and_codes_are_never_kept(client, amina):
    client.post("/account/password/", {"old_password": PASSWORD, "new_password": "x", "again": "x"})
    assert "kept_form" not in client.session


@pytest.mark.parametrize(
    ("site", "kept"), [("same-origin", True), ("cross-site", False), ("same-site", False), (None, False)]
)
def test_a_token_that_no_longer_fits_loses_nothing_and_a_forged_form_leaves_nothing(amina, site, kept):
    """As when somebody signed in anew in another tab. The browser says where a form came from; no page can."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(amina)
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = client.post("/people/add/", {"account": "zoe", "csrfmiddlewaretoken": "x" * 64}, headers=headers)
    assert (answer.status_code == 302) == kept
    assert ("kept_form" in client.session) == kept
    assert not User.objects.filter(username="zoe").exists()


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
