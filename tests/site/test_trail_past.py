"""Any page as it was: random edits through the forms, and later every page of every moment again."""

import json
import os
import random
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from outturn.plans.roles import Role
from outturn.results.store import Results
from outturn.site.councils.actions import load_council
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator, Result
from outturn.site.plans.models import Action, Milestone, Risk, Update
from outturn.site.trail import clock, past, travel, triggers
from outturn.site.trail.actions import note_change
from outturn.site.trail.models import Change
from outturn.workspace import Workspace

from .test_editing import GOOD, fill
from .test_worked_out import result

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGES = [
    "/", "/york/", "/york/plans/", "/york/plans/2018-19/", "/york/plans/2018-19/?actions-sort=-owner", "/york/risks/",
    "/york/plans/2018-19/actions/ASCP17/", "/york/plans/2018-19/risks/0544/", "/york/indicators/",
    "/york/indicators/pvp02/", "/york/checks/", "/york/changes/", "/leeds/scorecards/2012-13/q1/",
    "/leeds/scorecards/2012-13/priorities/1/", "/harrowmere/plans/2026-27/actions/HASC01/",
    "/harrowmere/scorecards/2026-27/q2/", "/harrowmere/indicators/", "/harrowmere/indicators/start-days/",
    "/search/?q=agency",
]  # fmt: skip
BANNER = re.compile('<div class="notice notice--warning" role="status">\\s*<p [^>]*>The past.*?</div>\\s*</div>', re.S)
LED_ON = re.compile(r'(&amp;|\?)as-at=[^"#&]*|<input type="hidden" name="as-at" value="[^"]*">')
ONCE = re.compile('<div class="notice notice--(success|info)".*?</div>\\s*</div>', re.S)


@pytest.fixture(autouse=True)
def no_past_of_another_test():
    past.forget()
    yield
    past.forget()


def page_of(client, address, asked=None):
    """A page's words and tags, without what says that it is of the past."""
    joint = "&" if "?" in address else "?"
    answer = client.get(address if asked is None else f"{address}{joint}as-at={asked}")
    assert answer.status_code == 200, (address, asked, answer.status_code)
    html = answer.content.decode()
    if asked is not None:
        html, banners = BANNER.subn("", html)
        assert banners == 1
        html = LED_ON.sub("", html)
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", ONCE.sub("", html)).split()


def played(client, edits):
    """Make some edits, keep pages of each moment, and give those pages that are not the same when asked for later."""
    chance = random.Random(7)
    moments = []
    for address, typed, *_ in chance.sample([good for good in GOOD if "{" not in good[0]], edits):
        answer = fill(client, address, **typed)
        assert answer.status_code == 302, address
        client.get(answer.url)  # which says that it was saved
        moments.append((Change.objects.first().id, {page: page_of(client, page) for page in chance.sample(PAGES, 6)}))
    return [
        [number, address] for number, pages in chance.sample(moments, len(moments))
        for address, html in pages.items() if page_of(client, address, number) != html
    ]  # fmt: skip


@pytest.mark.django_db
def test_every_page_of_every_moment_is_the_same_again(staff, examples):
    assert played(staff, 9) == []


PLAY = """
import json, django
django.setup()
from django.test import Client
from django.contrib.auth.models import User
from django.test import Client
from outturn.site.people.models import Grant
from tests.site.test_trail_past import played
user = User.objects.create(username="ada")
Grant.objects.create(user=user, role="administrator")
client = Client(headers={"host": "localhost"})
client.force_login(user)
print(json.dumps(played(client, 4)))
"""


@pytest.mark.postgres
@pytest.mark.slow
def test_it_is_so_on_postgresql(postgres, tmp_path):
    env = {
        **os.environ, "OUTTURN_WORKSPACE": str(tmp_path / "w"), "OUTTURN_DATABASE": postgres,
        "DJANGO_SETTINGS_MODULE": "outturn.site.settings",
    }  # fmt: skip
    folders = [str(EXAMPLES / name) for name in ("york", "leeds", "harrowmere")]
    subprocess.run([sys.executable, "-m", "outturn", "load", *folders], env=env, check=True, timeout=120)
    play = [sys.executable, "-c", PLAY]
    done = subprocess.run(play, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def rows_of(model):
    return list(model.objects.order_by("pk").values_list(*(field.attname for field in model._meta.concrete_fields)))


def picture():
    return {model: rows_of(model) for model in triggers.tracked()}


def note():
    return note_change(by="ada", verb="added", council="york", kind="plan", subject="2018-19", title="x").id


@pytest.mark.django_db
def test_whatever_is_written_is_undone(examples):
    """Rows that go with what they belong to, bulk updates, links, JSON, and decimals to their last digit."""
    result = Result.objects.exclude(numerator=None).first() or Result.objects.first()
    steps = [
        lambda: Action.objects.filter(reference="ASCP17").delete(),
        lambda: Result.objects.filter(pk=result.pk).update(numerator="12345678901.2345", as_of="2026-10-01"),
        lambda: Risk.objects.update(title="Bulk", net_impact=None),
        lambda: Risk.objects.first().indicators.set(Indicator.objects.filter(council__slug="york")[:2]),
        lambda: Council.objects.update(judging={"a": [1.5, 0.1, {"b": None}]}, region="É"),
        lambda: Milestone.objects.bulk_create([Milestone(action=Action.objects.first(), text="%s {}", done=True)]),
        lambda: Update.objects.all().delete(),
        lambda: Council.objects.get(slug="leeds").scorecards.all().delete(),
        lambda: Risk.objects.first().indicators.clear(),
    ]
    moments = [(note(), picture())]
    for step in steps:
        step()
        moments.append((note(), picture()))
    Risk.objects.all().delete()  # and no change tells of it yet
    for number, was in reversed(moments):
        moment = past.find(str(number))
        with clock.going_to(moment), past.opened(moment.database):
            assert picture() == was, number


@pytest.mark.django_db
def test_the_past_cannot_be_written_to(examples):
    moment = past.find(str(note()))
    before = picture()
    with clock.going_to(moment), past.opened(moment.database):
        plan = Action.objects.first()
        plan.theme = "Another"
        with pytest.raises(OperationalError, match="readonly"):
            plan.save()
    assert picture() == before


@pytest.fixture
def times(monkeypatch, examples):
    """Changes the theme of an action at a moment of our choice."""
    real = timezone.now

    def at(moment, theme):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        Action.objects.filter(reference="ASCP01").update(theme=theme)
        number = note()
        monkeypatch.setattr(timezone, "now", real)
        return number

    return at


def theme_at(asked):
    moment = past.find(asked)
    with clock.going_to(moment), past.opened(moment.database):
        return Action.objects.get(reference="ASCP01").theme


@pytest.mark.django_db
def test_a_day_is_its_end_here_and_a_time_is_that_moment(times):
    summer = datetime(2026, 7, 1, 22, 59, 59, 999_999, tzinfo=UTC)  # a moment before midnight in London
    times(summer, "July")
    times(summer + timedelta(microseconds=1), "August comes")
    assert theme_at("2026-07-01") == theme_at("1 July 2026") == "July"
    assert theme_at("2026-07-02") == "August comes"
    assert theme_at("2026-07-01T23:59:59.999999") == "July"
    assert theme_at("2026-07-02T00:00:00") == theme_at("2026-07-01T23:00:00+00:00") == "August comes"


@pytest.mark.django_db
def test_of_changes_at_one_moment_the_last_counts_and_a_clock_may_go_back(times):
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    numbers = [times(noon, theme) for theme in ("one", "two", "three")]
    assert theme_at("2026-07-01T12:00:00+00:00") == "three"
    assert [theme_at(str(number)) for number in numbers] == ["one", "two", "three"]
    times(noon - timedelta(hours=1), "the clock went back")
    assert theme_at("2026-07-01T11:30:00+00:00") == theme_at("2026-07-01") == "the clock went back"
    assert theme_at(str(numbers[0])) == "one"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("yesterday", "“yesterday” is not a date. Write it as 1 October 2026 or 2026-10-01."),
        ("2026-13-01", "is not a date"), ("9999999", "There is no change 9999999."), ("0", "There is no change 0."),
        ("31 December 9999", "is not a date"),
        ("1 May 2090", "1 May 2090 is yet to come."), ("2026-01-01Tx", "is not a date"), ("9" * 30, "is not a date"),
        ("1 January 2001", "Pages cannot be shown as they were before"), ("<b>", "is not a date"), ("\0", "not a date"),
    ],
)
def test_what_is_no_moment_is_refused_in_a_sentence(staff, examples, asked, words):
    answer = staff.get("/york/", {"as-at": asked})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert "<b>" not in answer.content.decode()


@pytest.mark.django_db
def test_nothing_is_shown_of_the_time_before_changes_said_how_they_are_undone(staff, examples):
    triggers.remove()
    Change.objects.filter(council="leeds").update(undo=None)
    triggers.install()
    leeds = Change.objects.get(council="leeds")
    assert "cannot be shown as they were before" in staff.get(f"/york/?as-at={leeds.id - 1}").content.decode()
    assert staff.get(f"/york/?as-at={leeds.id}").status_code == 200


@pytest.mark.django_db
def test_only_those_who_read_drafts_go_back_and_only_to_read(client, account, examples):
    number = note()
    address = f"/york/plans/2018-19/?as-at={number}"
    assert "Sign in to read figures and commentary" in client.get(address).content.decode()
    client.force_login(account("fay", Role.VIEWER))
    assert client.get(address).status_code == 400
    client.force_login(account("ada", Role.ANALYST))
    assert client.get(address).status_code == 200
    for method in (client.post, client.put, client.delete):
        answer = method(address)
        assert answer.status_code == 400
        assert "the past, which cannot be changed. Nothing was saved." in answer.content.decode()
    assert "this form is of the present" in client.get(f"/york/plans/2018-19/edit/?as-at={number}").content.decode()
    for now_only in ("/submissions/", "/trail/", "/people/"):
        assert client.get(f"{now_only}?as-at={number}").status_code == 400
    assert client.get(f"/nowhere/indicators/none/?as-at={number}").status_code == 404
    assert client.get("/york/?as-at=").status_code == 200


@pytest.mark.django_db
def test_links_and_forms_lead_to_the_same_moment(staff, examples):
    html = staff.get(f"/york/plans/2018-19/?actions-sort=-owner&as-at={note()}").content.decode()
    number = Change.objects.first().id
    addresses = re.findall(r'<a (?!data-now)[^>]*href="([/?][^"]*)"', html)
    assert len(addresses) > 50
    led = [address for address in addresses if not address.startswith(travel.LEAVING)]
    assert all(f"as-at={number}" in address for address in led)
    assert len(led) > len(addresses) - 5
    assert 'data-now href="/york/plans/2018-19/?actions-sort=-owner"' in html
    assert 'action="/sign-out/"' in html
    searching = html.split('role="search"')[1].split("</form>")[0]
    assert f'name="as-at" value="{number}"' in searching


def test_a_form_that_posts_is_led_to_the_past_where_it_is_refused():
    form = '<form class="x" action="/a/?b=1" method="post"><a href="/sign-in/">x</a><a href="#x">y</a>'
    led = travel.lead_on(form, '1"<')
    assert led.startswith('<form class="x" action="/a/?b=1&amp;as-at=1%22%3C" method="post">')
    assert led.endswith('<a href="/sign-in/">x</a><a href="#x">y</a>')


@pytest.mark.django_db
def test_figures_from_records_are_those_told_by_then(staff, settings, tmp_path, monkeypatch):
    settings.WORKSPACE = Workspace(tmp_path)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 25, 12, tzinfo=UTC))
    load_council(EXAMPLES / "exampleshire", by="tester")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 25, 12, tzinfo=UTC))
    for day, value in ((1, "80.0"), (20, "81.5")):
        told = result(value, 52, 65)
        Results(settings.WORKSPACE.results).tell([told], "", datetime(2026, 11, day))
    for day, value in (("2026-11-24", "81.5%"), ("2026-11-19", "80.0%"), ("2026-10-31", "")):
        html = staff.get(f"/exampleshire/indicators/reable-out/?as-at={day}").content.decode()
        assert {figure for figure in ("80.0%", "81.5%") if figure in html} == {value} - {""}, day


@pytest.mark.django_db(transaction=True)
def test_after_a_test_that_commits_the_trail_is_empty_and_guarded():
    note()


@pytest.mark.django_db
def test_which_the_next_test_sees():
    assert not Change.objects.exists()
    assert triggers.missing() == []


@pytest.mark.django_db
def test_the_past_is_made_once_and_the_oldest_goes(examples, monkeypatch):
    numbers = [note() for _ in range(past.MOST_KEPT + 2)]
    files = [past.find(str(number)).database for number in numbers]
    assert past.find(str(numbers[-1])).database == files[-1]
    assert [file.exists() for file in files] == [False, False] + [True] * past.MOST_KEPT
