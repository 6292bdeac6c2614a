"""Every address of the site, asked for by every role and by a visitor, against the written table.

The table is docs/reference/permissions.md, made from TABLE below and from the roles' own. After a change here
`WRITE_PERMISSIONS=1 pytest tests/site/test_permissions.py` writes it anew.
"""

import os
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

from outturn.plans.roles import OWN, PERMISSIONS, Deed, Role, table
from outturn.plans.round import dates_for
from outturn.plans.states import LEVELS
from outturn.sense.rule import RULES
from outturn.site.checks.models import Dismissal
from outturn.site.checks.reading import found_now
from outturn.site.councils.actions import load_council
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result, Target
from outturn.site.people.models import Absence, Grant, Holding, ServiceToken
from outturn.site.requests.models import Request
from outturn.site.rounds.opening import open_round
from outturn.site.trail.models import Change
from outturn.terms.period import Period

from .conftest import EXAMPLES

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"
EVERYBODY, SIGNED_IN, LISTS = "everybody", "whoever is signed in", "who may see lists of people"
SETTING, SECRET = "everybody, where it is set up", "whoever has the secret address"


class Somewhere(str):
    """A deed that must be theirs for something in the council, to open the page at all."""


TABLE: list[tuple[str, str]] = [
    (EVERYBODY, """home search help catalogue definition check-rules check-rule roles methods deviations method council
        plans plan plan-pdf action milestone risk risks scorecards scorecard-latest scorecard scorecard-pdf priority
        indicators indicator login login-code logout changes change council-calendar kept kept-throw-away"""),
    (SETTING, "sign-on sign-on-back"),
    (SECRET, "calendar"),
    (SIGNED_IN, """account own-password own-second-factor own-recovery-codes add-own-absence own-absence-remove my-work
        notices calendar-new calendar-stop round-sign"""),
    (Deed.EDIT_PLAN, """plan-add plan-edit section-add section-edit resource-add resource-edit demographic-add
        demographic-edit action-add risk-add listing-add listing-edit action-edit update-add update-edit milestone-add
        milestone-edit milestone-update-add milestone-update-edit risk-edit
        review-add expectation-add expectation-edit scorecard-add scorecard-edit block-add
        block-edit priority-add priority-edit measure-add indicator-add target-add target-edit"""),
    (Deed.EDIT_FIGURE, "result-add result-edit entry-figure"),
    (Deed.WRITE_COMMENTARY, "report-edit entry-commentary"),
    (Deed.OVERRULE, "word-add word-edit"),
    (Deed.SET_UP, """judging-edit indicator-judging-edit risk-rules-edit round-open round-edit calendar-edit
        entry-owner"""),
    (Somewhere(Deed.SET_UP), "round-fill"),
    (Somewhere(Deed.READ_DRAFTS), "entry entry-move entry-confirm checks"),
    (Somewhere(Deed.READ_AGREED), "rounds round requests requests-outstanding request"),
    (Deed.RAISE_REQUEST, "request-add request-add-about request-edit request-again request-close"),
    (Deed.ANSWER_REQUEST, "request-answer request-reply-edit"),
    (Deed.DISMISS_CHECK, "dismiss take-back"),
    (Somewhere(Deed.SUBMIT_RECORDS), """submissions submission-send submission-receive submission-sent submission-state
        submission-again submission submission-compare submission-withdraw"""),
    (LISTS, "submission-rows submission-download cases cases-download"),
    (Somewhere(Deed.MANAGE_PEOPLE), """people add-person people-file people-file-example people-tokens
        people-token-revoke person person-name give-role give-post add-absence person-remove person-do notices-sent"""),
    (Somewhere(Deed.SEE_TRAIL), "changes-export"),
    (Deed.SEE_EVERY_TRAIL, "trail trail-export trail-row"),
]  # fmt: skip
PAGES = {name: need for need, names in TABLE for name in names.split()}
NOT_HERE = {
    "submission", "submission-sent", "submission-state", "submission-compare", "submission-withdraw", "submission-rows",
    "submission-download", "cases", "cases-download", "sign-on", "sign-on-back", "calendar", "entry-move",
    "own-absence-remove",
}  # fmt: skip
"""Pages of things that the example has none of: whoever may ask is told so."""

PLACES = {
    "council": "harrowmere", "plan": "2026-27", "card": "2026-27", "quarter": 2, "reference": "HASC01", "order": 1,
    "job": 1, "note": "x" * 32, "sending": "b" * 32, "round": "2026-27-q2", "framework": "ascof-2015-18",
    "code": "ASCOF1A", "account": "spare", "kind": "absence", "deed": "reopen", "secret": "x", "move": "check",
    "update": 1, "number": 1, "id": "a" * 16, "slug": "reviews", "period": "2026-27 Q1", "name": "reviews",
}  # fmt: skip


def addresses() -> dict[str, str]:
    """Each name with its pattern."""

    def walk(resolver, above=""):
        for each in resolver.url_patterns:
            here = above + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each, here)
            else:
                yield each.name, "/" + here

    return dict(walk(get_resolver()))


BEGINNING = """# Who may open and do what

Written by `tests/site/test_permissions.py`, which asks for every address as every role and as a visitor, and compares.

## Roles

“own”: only what a post of theirs owns, or a post they stand in for. A role can be bound to a council, and there to
services and plans. Seeing lists that name people is no role’s: it is given to each person by name.

{roles}

## Addresses

| address | who may |
| --- | --- |
{addresses}
"""


def document() -> str:
    """The written table, as it should be."""
    patterns = addresses()
    rows = [f"| `{patterns[name]}` | {_words(PAGES[name])} |" for name in sorted(patterns, key=patterns.__getitem__)]
    return BEGINNING.format(roles=table(), addresses="\n".join(rows))


def _words(need: str) -> str:
    if isinstance(need, Somewhere):
        return f"who may {need}, for anything there"
    return f"who may {need}" if isinstance(need, Deed) else need


def test_the_written_table_says_what_is_so():
    assert set(addresses()) == set(PAGES), "Give each new address its place in TABLE."
    if os.environ.get("WRITE_PERMISSIONS"):
        DOCUMENT.write_text(document(), "utf-8")
    assert DOCUMENT.read_text("utf-8") == document(), "Run with WRITE_PERMISSIONS=1, and read what changed."


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """Harrowmere with one of everything, and somebody of each role: loaded once and taken back at the end."""
    folder = tmp_path_factory.mktemp("definitions")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DEFINITIONS=folder):
        load_council(EXAMPLES / "harrowmere", by="tester")
        yield _people(), _numbers(), folder
        transaction.set_rollback(True)


def _people():
    from django.contrib.auth.models import User

    clients = {"visitor": Client()}
    for role in Role:
        user = User.objects.create(username=role.replace(" ", "-"))
        Grant.objects.create(user=user, role=role)
        Holding.objects.create(user=user, council="harrowmere", post="A post that owns nothing")
        clients[role] = Client()
        clients[role].force_login(user)
    spare = User.objects.create(username="spare", is_active=False)
    Absence.objects.create(user=spare, first="2026-01-01", last="2026-01-02")
    return clients


def _numbers():
    council = Council.objects.get()
    open_round(council, Period.quarter(2026, 2), levels=LEVELS, dates=dates_for(Period.quarter(2026, 2)), by="tester")
    found = found_now(council).open[0]
    dismissal = Dismissal.objects.create(council=council, key="k", rule="Z1", subject="2026-27", title="t", words="w")
    result, target = (model.objects.select_related("indicator").first() for model in (Result, Target))
    word = council.indicators.get(slug="start-days").words.get()
    asked = Request.objects.filter(council=council).first()
    token = ServiceToken.objects.create(name="x", digest="x", role="viewer")
    changed = Change.objects.filter(council="harrowmere", kind="council").first()
    numbers = {
        "dismiss": {"mark": found.mark}, "take-back": {"number": dismissal.pk}, "trail-row": {"number": changed.pk},
        "word-edit": {"slug": word.indicator.slug, "number": word.order}, "change": {"number": changed.pk},
        "target-edit": {"slug": target.indicator.slug, "period": target.period},
        "result-edit": {"slug": result.indicator.slug, "period": result.period},
        "people-token-revoke": {"number": token.pk}, "person-remove": {"number": Absence.objects.get().pk},
        "method": {"slug": "status"}, "check-rule": {"rule": next(iter(RULES))}, "round-open": {"round": "2026-27-q3"},
        "request-add-about": {"kind": "action", "place": "2026-27/HASC01"}, "milestone-update-edit": {"number": 3},
        "risk": {"reference": council.plans.get().risks.first().reference},
    }  # fmt: skip
    numbers["risk-edit"] = numbers["review-add"] = numbers["risk"]
    numbers["expectation-edit"] = {"reference": "HASC10"}
    for name in PAGES:
        if name.startswith("request"):
            numbers.setdefault(name, {"number": asked.pk})
    return numbers


def address_of(name, numbers):
    [(_, parts), *_] = get_resolver().reverse_dict.getlist(name)[0][0]
    place = PLACES | numbers.get(name, {})
    return reverse(name, kwargs={part: place[part] for part in parts})


@pytest.fixture
def opened(site, settings, db):
    """Ask for a page, and tell what came of it: in, refused, sign in, or not there."""
    clients, numbers, settings.DEFINITIONS = site

    def ask(name, who):
        address, client = address_of(name, numbers), clients[who]
        cookies = client.cookies.copy()
        with transaction.atomic():
            answer = client.get(address)
            if answer.status_code == 405:
                answer = client.post(address)
            transaction.set_rollback(True)
        client.cookies = cookies  # as they were before signing out
        if answer.status_code == 302 and answer.url.startswith("/sign-in/?"):
            return "sign in"
        return {403: "refused", 404: "not there"}.get(answer.status_code, "in")

    return ask


def expected(need: str, who: str, name: str) -> str:
    inside = "not there" if name in NOT_HERE else "in"
    if need in (EVERYBODY, SETTING, SECRET):
        return inside
    if who == "visitor":
        return "refused" if need == Deed.SEE_EVERY_TRAIL or name == "changes-export" else "sign in"  # in a sentence
    if need == SIGNED_IN:
        return inside
    if need == LISTS:
        return "refused"
    role = Role(who)
    allowed = PERMISSIONS[role] | (OWN.get(role, frozenset()) if isinstance(need, Somewhere) else frozenset())
    return inside if need in allowed else "refused"


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_those_whom_the_table_names(opened, name):
    found = {str(who): opened(name, who) for who in ("visitor", *Role)}
    assert found == {who: expected(PAGES[name], who, name) for who in found}


def test_no_address_takes_a_form_without_its_token(site, db, settings):
    clients, numbers, settings.DEFINITIONS = site
    client = Client(enforce_csrf_checks=True)
    client.cookies = clients[Role.ADMINISTRATOR].cookies.copy()
    said = {name: client.post(address_of(name, numbers), {"a": "b"}).status_code for name in PAGES}
    assert said == dict.fromkeys(PAGES, 403)


def test_an_owner_changes_what_is_theirs_and_nobody_elses(site, db, settings):
    clients, _, settings.DEFINITIONS = site
    holding = Holding.objects.get(user__username="owner")
    plan = Council.objects.get().plans.get()
    mine, *_ = plan.risks.all()
    others = [risk for risk in plan.risks.all() if risk.owner != mine.owner]
    assert others
    Holding.objects.filter(pk=holding.pk).update(post=mine.owner.upper())
    try:
        said = [clients[Role.OWNER].get(f"/harrowmere/plans/2026-27/risks/{risk.reference}/edit/").status_code
                for risk in (mine, *others)]  # fmt: skip
    finally:
        Holding.objects.filter(pk=holding.pk).update(post=holding.post)
    assert said == [200, *[403] * len(others)]
