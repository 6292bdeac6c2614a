"""The checks on the site: what is found, marks beside it, dismissing with a reason, and taking that back."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone

from outturn.plans.files import TAKEN
from outturn.sense.finding import Finding, Severity, Subject
from outturn.sense.rule import CHECKS, RULES, rule
from outturn.site.checks import reading
from outturn.site.checks.models import Dismissal
from outturn.site.checks.picture import picture_of
from outturn.site.councils.actions import load_council
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator, Result
from outturn.site.plans.models import Action
from outturn.site.trail.actions import note_change
from outturn.site.trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("examples")]

EXAMPLES = Path(__file__).parents[2] / "examples"
PVP02 = Subject("indicator", ("pvp02",), "PVP02")
ASCP17 = Subject("action", ("2018-19", "ASCP17"), "ASCP17")


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """York and Leeds, loaded once and taken back at the end."""
    folder = tmp_path_factory.mktemp("definitions")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEFINITIONS=folder):
            for slug in ("york", "leeds"):
                load_council(EXAMPLES / slug, by="tester")
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def own_definitions(loaded, settings):
    settings.DEFINITIONS = loaded


@pytest.fixture
def examples(loaded, db):
    """In place of loading them for each test."""


@pytest.fixture
def staff(account):
    """A client signed in as a member of staff, whose password nobody types here."""
    client = Client()
    client.force_login(account("ada"))
    return client


def newest_result(picture):
    """Z1: says PVP02's newest figure, so that it says something else when that changes."""
    if series := picture.series.get("pvp02"):
        period, value = list(series.results.items())[-1]
        yield Finding("Z1", Severity.ERROR, PVP02, f"It ends at {value.printed}.", (period.code,), also=(ASCP17,))


def long_actions(picture):
    """Z2: actions with many words; a question."""
    for plan in picture.plans:
        for action in plan.actions:
            if len(action.text.split()) > 12:
                subject = Subject("action", (plan.slug, action.reference), action.reference)
                yield Finding("Z2", Severity.QUERY, subject, f"It has {len(action.text.split())} words.")


@pytest.fixture(autouse=True)
def two_rules():
    """In place of the real ones, which may come to find something else."""
    kept = {**RULES}
    RULES.clear()
    rule("Z1", "Newest figure", Severity.ERROR, "Looks at PVP02.", found="It ends.", passed="No PVP02.")(newest_result)
    rule("Z2", "Long action", Severity.QUERY, "Counts words.", found="Thirteen.", passed="Twelve.")(long_actions)
    yield
    RULES.clear()
    RULES.update(kept)
    del CHECKS["Z1"], CHECKS["Z2"]


def words_of(page) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.content.decode().split("<main")[1])).split())


def found(council="york") -> reading.Found:
    return reading.found_now(Council.objects.get(slug=council))


def mark_of(id: str) -> str:
    return next(row.mark for row in found().open if row.rule.id == id)


def fill(client, address, **typed):
    """Open the page, type, press the button."""
    seen = re.search('name="seen" value="([0-9]+)"', client.get(address).content.decode())[1]
    return client.post(address, {"seen": seen, **typed}, follow=True)


def dismiss(client, id, **typed):
    return fill(client, f"/york/checks/{mark_of(id)}/dismiss/", **typed)


def change_result(printed):
    Result.objects.filter(indicator__slug="pvp02", period="2017-18").update(printed=printed)
    note_change(by="ada", verb="changed", council="york", kind="result", subject="pvp02/2017-18", title="PVP02",
                before={"printed": ""}, after={"printed": printed})


# What is found


def test_the_page_groups_what_was_found_by_how_sure_it_is(staff):
    page = staff.get("/york/checks/")
    words = words_of(page)
    assert words.index("Cannot be right") < words.index("Questions to ask")
    assert "Indicator PVP02 : Newest figure It ends at 236." in words
    assert "Check Z1" in words
    assert "2017/18 · also about Action ASCP17" in words
    html = page.content.decode()
    assert 'href="/york/indicators/pvp02/"' in html
    assert 'href="/checks/Z1/"' in html


@pytest.mark.parametrize(("query", "rules"), [
    ("", {"Z1", "Z2"}), ("?severity=query", {"Z2"}), ("?rule=Z1", {"Z1"}), ("?kind=action", {"Z2"}),
    ("?kind=action&rule=Z1", set()), ("?rule=nonsense", set()), ("?page=99", {"Z1", "Z2"}),
])
def test_it_is_narrowed_down(staff, query, rules):
    page = staff.get(f"/york/checks/{query}").content.decode()
    assert set(re.findall(r"Dismiss<span class=\"vh\"> (\w\d)", page)) == rules


def test_only_those_signed_in_see_what_is_found(client):
    assert client.get("/york/checks/").url == "/sign-in/?next=/york/checks/"
    for path in ("/york/", "/york/plans/2018-19/", "/york/indicators/pvp02/"):
        page = client.get(path).content.decode()
        assert "/york/checks/" not in page
        assert "flag--" not in page
        assert "It ends at" not in page
    assert client.get("/nowhere/checks/").status_code == 302


def test_a_council_without_findings_says_so(staff):
    assert "The checks find nothing." in words_of(staff.get("/leeds/checks/"))
    assert staff.get("/nowhere/checks/").status_code == 404


def test_everybody_may_read_the_rules(client):
    assert "Z2 Long action Counts words." in words_of(client.get("/checks/"))
    words = words_of(client.get("/checks/Z2/"))
    for part in ("Long action", "Counts words.", "Thirteen.", "Twelve.", "Questions to ask"):
        assert part in words
    assert client.get("/checks/Z9/").status_code == 404


def test_no_council_can_take_an_address_of_the_site():
    patterns = [str(part.pattern) for part in get_resolver().url_patterns]
    for included in (part for part in get_resolver().url_patterns if not str(part.pattern)):
        patterns += [str(part.pattern) for part in getattr(included, "url_patterns", [])]
    own = {pattern.partition("/")[0] for pattern in patterns if pattern and not pattern.startswith("<")}
    assert "checks" in own
    assert own <= set(TAKEN)


def test_the_picture_holds_what_the_database_does(examples):
    Result.objects.filter(indicator__slug="pvp02", period="2017-18").update(numerator=236, denominator=1000)
    picture = picture_of(Council.objects.get(slug="york"), timezone.localdate())
    series = picture.series["pvp02"]
    assert [(period.words, pair) for period, pair in series.counts.items()] == [("2017/18", (236, 1000))]
    assert len(picture.series) == Council.objects.get(slug="york").indicators.count()
    assert {key.framework for key in picture.catalogue} >= {"york"}
    assert not {"leeds", "harrowmere"} & {key.framework for key in picture.catalogue}


def test_more_findings_and_figures_take_no_more_queries(staff, django_assert_num_queries):
    taken = []
    for words in (1, 20):
        Action.objects.update(text="word " * words)
        for number in range(words):
            one = Indicator.objects.get(slug="pvp02")
            one.pk, one.slug = None, f"copy-{words}-{number}"
            one.save()
            Result.objects.create(indicator=one, period="2017-18", printed="1", numerator=1, denominator=2)
        change_result(str(words))
        with CaptureQueriesContext(connection) as queries:
            assert ("It has 20 words." in words_of(staff.get("/york/checks/"))) == (words == 20)
        taken.append(len(queries))
        for path in ("/york/checks/", "/york/checks/?rule=Z2"):
            with django_assert_num_queries(10):  # session, account, four of who it is, twice council and newest change
                staff.get(path)
    assert taken[0] == taken[1]


def test_a_rule_that_fails_leaves_the_other_pages_alone(staff, monkeypatch, caplog):
    monkeypatch.setattr(reading, "findings", lambda picture: 1 / 0)
    assert "The checks could not be run" in words_of(staff.get("/york/checks/"))
    assert staff.get("/york/plans/2018-19/").status_code == 200
    assert "ZeroDivisionError" in caplog.text


# Marks


@pytest.mark.parametrize("path", [
    "/york/indicators/pvp02/", "/york/plans/2018-19/actions/ASCP17/",
])
def test_the_page_of_a_thing_lists_its_findings(staff, path):
    assert "It ends at 236." in words_of(staff.get(path))


def test_a_mark_stands_beside_the_thing_and_the_figure(staff):
    page = staff.get("/york/plans/2018-19/").content.decode()
    row = page.split('href="/york/indicators/pvp02/"')[1].split("</tr>")[0]
    assert '<span aria-hidden="true">!!</span> 1 finding<span class="vh"> of the checks, an error</span>' in row
    figures = dict(re.findall(r'data-label="([^"]+)">(.*?)</td>', row))
    assert "1 finding of the checks on 2017/18: error" in figures["2017/18"]
    assert "finding" not in figures["2016/17"]
    action = page.split('href="/york/plans/2018-19/actions/ASCP17/"')[1].split("</th>")[0]
    assert "of the checks, an error among them" in action or "1 finding" in action


def test_the_navigation_says_how_many_are_open(staff):
    page = " ".join(re.sub("<[^>]+>", "", staff.get("/york/").content.decode()).split())
    assert f"Checks ({len(found().open)} open findings)" in page


# Dismissing


def test_a_dismissal_needs_a_reason_and_keeps_it(staff):
    assert "Write the reason." in words_of(dismiss(staff, "Z1"))
    assert not Dismissal.objects.exists()
    page = dismiss(staff, "Z1", because="The register says so.")
    today = timezone.localdate()
    assert f"Dismissed by ada on {today.day} {today:%B %Y}: The register says so." in words_of(page)
    stored = Dismissal.objects.get()
    assert (stored.rule, stored.subject, stored.words) == ("Z1", "indicator:pvp02", "It ends at 236.")
    change = Change.objects.first()
    assert (change.kind, change.subject, change.by) == ("dismissal", "pvp02/Z1", "ada")
    assert change.after["because"] == "The register says so."
    assert "It ends at 236." not in words_of(staff.get("/york/indicators/pvp02/"))


def test_a_dismissal_lapses_when_the_finding_says_something_else(staff):
    dismiss(staff, "Z1", because="The register says so.")
    change_result("240")
    words = words_of(staff.get("/york/checks/"))
    assert "It ends at 240." in words
    assert "when it said: “It ends at 236.” The reason was: The register says so." in words
    change_result("236")
    assert [row.finding.words for row in found().dismissed] == ["It ends at 236."]


def test_a_dismissal_is_taken_back_with_a_reason(staff):
    dismiss(staff, "Z1", because="The register says so.")
    number = Dismissal.objects.get().pk
    address = f"/york/checks/dismissals/{number}/take-back/"
    assert "The register says so." in words_of(staff.get(address))
    assert "Write the reason." in words_of(fill(staff, address))
    fill(staff, address, taken_back_because="The register was wrong.")
    assert mark_of("Z1")
    stored = Dismissal.objects.get()
    assert (stored.taken_back_by, stored.taken_back_because) == ("ada", "The register was wrong.")
    assert "taken back already" in words_of(staff.get(address))
    dismiss(staff, "Z1", because="It was right after all.")
    assert [said.because for said in Dismissal.objects.all()] == ["It was right after all.", "The register says so."]


def test_a_finding_that_is_gone_is_not_dismissed_but_said_to_be_gone(staff):
    address = f"/york/checks/{mark_of('Z1')}/dismiss/"
    assert staff.get(address).status_code == 200
    change_result("240")
    for answer in (staff.get(address, follow=True), staff.post(address, {"because": "So."}, follow=True)):
        assert "That finding is not there any more" in words_of(answer)
    assert not Dismissal.objects.exists()
    dismiss(staff, "Z1", because="So.")
    assert staff.get("/york/checks/0123456789abcdef/dismiss/").url == "/york/checks/"


def test_the_form_is_for_those_signed_in_and_takes_nothing_else(staff):
    address = f"/york/checks/{mark_of('Z1')}/dismiss/"
    for method in (Client().get, Client().post):
        assert method(address).url == f"/sign-in/?next={address}"
    page = staff.post(address, {"because": "So.", "by": "grace"})
    assert "This page has no field “by”" in words_of(page)
    assert "cannot be printed" in words_of(staff.post(address, {"because": "a\0b"}))
    assert staff.put(address).status_code == 405
    assert staff.get("/york/checks/dismissals/99/take-back/").status_code == 404
    assert not Dismissal.objects.exists()


def test_the_history_tells_staff_alone(staff):
    dismiss(staff, "Z1", because="The register says so.")
    for query in ("", "?kind=dismissal", "?kind=indicator&subject=pvp02"):
        words = words_of(staff.get(f"/york/changes/{query}"))
        assert "Dismissal added: Z1 on PVP02" in words
        assert "Reason nothing The register says so. What was found nothing It ends at 236." in words
        assert "register" not in words_of(Client().get(f"/york/changes/{query}"))
