"""Any page as it was: random edits through the forms, and later every page of every moment again."""

import random
import re

import pytest
from django.db import transaction

from outturn.site.indicators.models import Indicator
from outturn.site.plans.models import Action, Milestone, Risk
from outturn.site.trail import past
from outturn.site.trail.actions import note_change
from outturn.site.trail.models import Change

from tests.site.test_editing import GOOD, fill, placed  # noqa: F401

pytestmark = pytest.mark.django_db

PAGES = [
    "/", "/york/", "/york/plans/", "/york/plans/2018-19/", "/york/plans/2018-19/?actions-sort=-owner", "/york/risks/",
    "/york/plans/2018-19/actions/ASCP17/", "/york/plans/2018-19/risks/0544/", "/york/indicators/",
    "/york/indicators/pvp02/", "/york/checks/", "/york/changes/", "/leeds/scorecards/2012-13/q1/",
    "/leeds/scorecards/2012-13/priorities/1/", "/harrowmere/plans/2026-27/actions/HASC01/",
    "/harrowmere/scorecards/2026-27/q2/", "/harrowmere/indicators/", "/harrowmere/indicators/start-days/",
    "/search/?q=agency",
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_past_of_another_test():
    yield
    past.forget()


def page_of(client, address, asked=None):
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}as-at={asked}" if asked is not None else address)
    assert answer.status_code == 200, (address, asked, answer.status_code)
    html = answer.content.decode()
    if asked is not None:
        assert html.count("This page is shown as it was on") == 1
        html = re.sub('<div class="notice notice--warning" role="status">\\s*<p class="notice__head">The past.*?</div>\\s*</div>\n', "", html, flags=re.DOTALL)
        html = re.sub(r'<input type="hidden" name="as-at" value="[^"]*">', "", html)
        html = re.sub(r'(&amp;|\?)as-at=[^"#&]*', "", html)
    html = re.sub('<div class="notice notice--(success|info)".*?</div>\\s*</div>', "", html, flags=re.DOTALL)
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", html).split()


def test_every_page_of_every_moment_is_the_same_again(staff, examples, placed):
    chance = random.Random(7)
    moments = []
    for address, typed, *_ in chance.sample(GOOD, 12):
        answer = fill(staff, placed(address), **typed)
        assert answer.status_code == 302, address
        staff.get(answer.url)  # which says that it was saved
        moments.append((Change.objects.first().id, {page: page_of(staff, page) for page in chance.sample(PAGES, 9)}))
    for number, pages in chance.sample(moments, len(moments)):
        for address, html in pages.items():
            assert page_of(staff, address, number) == html, (number, address)
