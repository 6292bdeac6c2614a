"""Single sign-on, against a real OpenID provider that runs in a process of its own."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client

from outturn.plans.roles import Role
from outturn.site.accounts.models import Identity
from outturn.site.councils.models import Council
from outturn.site.people import actions
from outturn.site.people.models import Grant
from outturn.site.trail.models import Change

pytestmark = pytest.mark.django_db
CLIENT, SECRET = "outturn-test", "a secret between the two"
ADA = {"oid": "0000-ada", "preferred_username": "ada@council.example", "name": "Ada", "email": "ada@council.example"}


@pytest.fixture(scope="module")
def provider():
    program = Path(__file__).with_name("openid_provider.py")
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


@pytest.fixture
def service(provider, settings):
    """Says what the provider shall tell of whoever signs in, and how it shall lie."""
    settings.OIDC = {"issuer": provider, "client_id": CLIENT, "client_secret": SECRET, "roles": "", "name": ""}

    def tell(claims, **lies):
        requests.post(f"{provider}/control/", json={"claims": claims, **lies}, timeout=5).raise_for_status()

    tell({**ADA, "roles": ["analyst"]})
    return tell


def come_back(client, start=None):
    """Go to the provider and come back with its answer: the address, and what Outturn says to it."""
    start = start or client.get("/sign-in/council/")
    answer = requests.get(start.url, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = answer.headers["Location"]
    return back, client.get(back)


def who(client):
    return client.session.get("_auth_user_id")


def refused(client, words="proves nothing"):
    _, answer = come_back(client)
    assert answer.status_code == 403
    assert words in answer.content.decode()
    assert not who(client)


def test_the_first_sign_in_makes_the_account_with_its_roles(client, service):
    start = client.get("/sign-in/council/?next=/help/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(start.url).query).items()}
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert len(asked["nonce"]) >= 16
    assert len(asked["state"]) >= 16
    _, answer = come_back(client, start)
    assert answer.url == "/help/"
    user = User.objects.get(username="ada@council.example")
    assert (user.get_full_name(), user.email, user.has_usable_password()) == ("Ada", "ada@council.example", False)
    assert user.identity.subject == "0000-ada"
    assert [grant.data().role for grant in user.grants.all()] == [Role.ANALYST]
    assert Change.objects.filter(verb="signed in", subject=user.username, after__how="single sign-on").exists()
    assert client.get("/account/password/").status_code == 403


def test_roles_follow_the_service_at_every_sign_in_and_those_given_here_stay(client, service):
    Council.objects.create(slug="york", name="York")
    come_back(client)
    user = User.objects.get()
    actions.give_role(user, Grant(role=Role.VIEWER), by="eve")
    service({**ADA, "roles": ["head-of-service@york", "Some.Other.App", "analyst@nowhere"]})
    client.post("/sign-out/")
    come_back(client)
    assert {grant.words for grant in user.grants.all()} == {"Viewer everywhere", "Head of service in york"}


def test_names_of_app_roles_can_be_translated(client, service, settings):
    settings.OIDC = settings.OIDC | {"roles": "Performance.Team=analyst; Care.Lead = director"}
    service({**ADA, "roles": ["Care.Lead"]})
    come_back(client)
    assert [grant.role for grant in Grant.objects.all()] == [Role.DIRECTOR]


@pytest.mark.parametrize("roles", [[], ["Some.Other.App"], None])
def test_without_a_role_of_ours_nobody_is_let_in(client, service, roles):
    service({**ADA, **({} if roles is None else {"roles": roles}), "groups": ["analyst"]})
    refused(client, "You have no role in Outturn.")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "lie",
    [
        {"instead": {"aud": "another-app"}}, {"instead": {"iss": "https://evil.example"}},
        {"instead": {"nonce": "other"}}, {"instead": {"nonce": None}},
        {"instead": {"exp": 1_700_000_000}}, {"instead": {"exp": None}},
        {"instead": {"aud": ["another-app", "third"]}}, {"wrong_key": True},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_proves_nothing_is_refused(client, service, lie):
    service({**ADA, "roles": ["administrator"]}, **lie)
    refused(client)
    assert not User.objects.exists()


def test_an_answer_serves_once_and_only_whoever_asked(client, service):
    back, _ = come_back(client)
    other = Client()
    assert other.get(back).status_code == 403
    client.post("/sign-out/")
    assert client.get(back).status_code == 403
    start = client.get("/sign-in/council/")
    code = requests.get(start.url, allow_redirects=False, timeout=5).headers["Location"]
    forged = code.split("&state=")[0] + "&state=forged"
    assert client.get(forged).status_code == 403
    fresh = client.get("/sign-in/council/")
    state = parse_qs(urlsplit(fresh.url).query)["state"][0]
    stolen = parse_qs(urlsplit(back).query)["code"][0]
    assert client.get(f"/sign-in/council/back/?code={stolen}&state={state}").status_code == 403
    assert not who(client)


def test_a_code_without_its_verifier_is_worthless(client, service):
    start = client.get("/sign-in/council/")
    session = client.session
    [key] = [key for key in list(session.keys()) if key.startswith("_state_")]
    session[key] = {**session[key], "data": {**session[key]["data"], "code_verifier": "x" * 48}}
    session.save()
    _, answer = come_back(client, start)
    assert answer.status_code == 403


def test_refused_there_is_refused_here_in_our_words(client, service):
    answer = client.get("/sign-in/council/back/?error=access_denied&error_description=%3Cb%3EMrs%20Smith%3C/b%3E")
    assert answer.status_code == 403
    assert "Mrs Smith" not in answer.content.decode()


def test_a_closed_account_stays_closed(client, service):
    come_back(client)
    user = User.objects.get()
    Grant.objects.create(user=User.objects.create(username="eve"), role=Role.ADMINISTRATOR)
    actions.close(user, by="eve")
    assert client.get("/account/").status_code == 302
    refused(Client(), "Your account in Outturn is closed.")


def test_an_account_made_ready_is_taken_and_one_with_a_password_is_not(client, service):
    ready = actions.add_person("ada@council.example", "Ada", "", by="eve")
    service(ADA)
    actions.give_role(ready, Grant(role=Role.OWNER), by="eve")
    come_back(client)
    assert who(client) == str(ready.pk)
    client.post("/sign-out/")
    Identity.objects.all().delete()
    ready.set_password("harbour lantern 7")
    ready.save()
    service({**ADA, "roles": ["analyst"]})
    refused(client, "There is another account named ada@council.example")


def test_signing_out_offers_to_leave_the_service_too(client, service, provider):
    come_back(client)
    page = client.post("/sign-out/").content.decode()
    assert f'href="{provider}/logout/?' in page
    assert not who(client)


def test_a_service_that_does_not_answer_is_told_and_leaves_the_other_way_in(client, settings):
    settings.OIDC = {"issuer": "http://127.0.0.1:9", "client_id": CLIENT, "client_secret": "", "roles": "", "name": ""}
    page = client.get("/sign-in/council/")
    assert page.status_code == 502
    assert "does not answer" in page.content.decode()
    assert 'name="password"' in page.content.decode()


def test_without_settings_there_is_no_such_page(client):
    assert client.get("/sign-in/council/").status_code == 404
    assert client.get("/sign-in/council/back/?code=x").status_code == 404
    assert "/sign-in/council/" not in client.get("/sign-in/").content.decode()
