"""Every form: what it takes, what it refuses and in which words, and that a refusal changes nothing."""

import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers
from django.db import transaction
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outturn.site.councils.actions import load_council
from outturn.site.indicators.models import Indicator, Result, Target
from outturn.site.plans.models import Action, Milestone, Plan, PlanIndicator, Resource, Risk, Update
from outturn.site.scorecards.models import Block, MeasureLine, Priority, QuarterReport, Scorecard
from outturn.site.trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("examples")]


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The example councils, loaded once and taken back at the end: these tests open a great many pages."""
    folder = tmp_path_factory.mktemp("definitions")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEFINITIONS=folder):
            for slug in ("york", "leeds", "harrowmere"):
                load_council(EXAMPLES / slug, by="tester")
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def own_definitions(loaded, settings):
    settings.DEFINITIONS = loaded
    return loaded


@pytest.fixture
def examples(loaded, db):
    """In place of loading them for each test."""


PLAN = "/york/plans/2018-19/"
ACTION = PLAN + "actions/ASCP17/"
HASC = "/harrowmere/plans/2026-27/actions/HASC01/"
CARD = "/leeds/scorecards/2012-13/"
RESULTS = "/york/indicators/pvp02/results/"
RULES, OWN_RULES = "/york/judging/edit/", "/york/indicators/pvp02/judging/edit/"
WORDS = "/york/indicators/pvp02/words/"
WORD = {
    "said": "Green", "because": "Two homes opened.", "by": "Head of Service", "since": "2 November 2026",
    "until": "31 January 2027",
}


class FormReader(HTMLParser):
    """What a browser would send back from a page, were its button pressed at once."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.inside = False
        self.select = self.area = ""

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        name = found.get("name", "")
        if tag == "form":
            self.inside = "novalidate" in found
        if not self.inside or (tag in ("input", "select", "textarea") and "disabled" in found):
            return
        if name:
            self.names.add(name)
        is_box = found.get("type") in ("radio", "checkbox")
        if tag == "input" and (not is_box or "checked" in found):
            self.data.setdefault(name, []).append(found.get("value", "on" if is_box else ""))
        if tag == "select":
            self.select = name
        if tag == "option" and self.select and (self.select not in self.data or "selected" in found):
            self.data[self.select] = [found["value"]]
        if tag == "textarea":
            self.area, self.data[name] = name, [""]

    def handle_data(self, data):
        if self.area:
            self.data[self.area][0] += data.replace("\n", "\r\n")  # as every browser sends it

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.data[self.area][0] = self.data[self.area][0].removeprefix("\r\n")
            self.area = ""
        if tag == "select":
            self.select = ""


def read_form(client, address) -> FormReader:
    reader = FormReader()
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    reader.feed(page.content.decode())
    return reader


def fill(client, address, **typed):
    """Open the page, type, press the button."""
    return client.post(address, {**read_form(client, address).data, **typed})


def words_of(page) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.content.decode())).split())


def errors_of(page) -> list[str]:
    html = page.content.decode()
    assert page.status_code == 200, page.status_code
    summary = html.split('class="error-summary"')[1].split("</ul>")[0]
    return [unescape(re.sub("<[^>]+>", "", item)) for item in re.findall("<li.*?</li>", summary, re.DOTALL)]


def everything() -> str:
    """Every row of ours in the database, as text."""
    configs = [config for config in apps.get_app_configs() if config.name.startswith("outturn")]
    ours = [model for config in configs for model in config.get_models()]
    return serializers.serialize("json", [row for model in ours for row in model.objects.order_by("pk")])


@pytest.fixture
def ben(account):
    client = Client()
    client.force_login(account("ben"))
    return client


# Every form takes something good

NEW_ACTION = {
    "reference": "ASCP99", "theme": "Safeguarding", "text": "Do the thing.", "type": "BAU",
    "owners": "Head of Service\r\n\r\n Head of  Reviews ", "timing": "open", "by_date": "March 2019",
}
NEW_PLAN = {
    "title": "Public Health", "year": "2019/20", "service": "Public Health", "directorate": "Health",
    "plan_holder": "Director of Public Health", "director": "Corporate Director", "cabinet_member": "Executive Member",
}
GOOD = [
    ("/york/plans/add/", NEW_PLAN, "plan", "2019-20"),
    (PLAN + "edit/", {"director": "Chief Officer"}, "plan", "2018-19"),
    (PLAN + "sections/add/", {"number": "9", "kind": "context", "heading": "More", "text": "Words."},
     "section", "2018-19/{last}"),
    (PLAN + "sections/1/edit/", {"heading": "Other"}, "section", "2018-19/1"),
    (PLAN + "resources/add/", {"label": "Agency staff", "value": "£1.2m", "unit": "£", "part_of": "Net Revenue Budget"},
     "resource", "2018-19/{last}"),
    (PLAN + "resources/1/edit/", {"value": "330.5"}, "resource", "2018-19/1"),
    (PLAN + "demographics/add/", {"subject": "Carers", "now": "About 18,000"}, "demographic", "2018-19/{last}"),
    (PLAN + "demographics/1/edit/", {"now": "9,512"}, "demographic", "2018-19/1"),
    (PLAN + "add-action/", NEW_ACTION, "action", "2018-19/ASCP99"),
    (ACTION + "edit/", {"theme": "Prevention", "timing": "complete"}, "action", "2018-19/ASCP17"),
    (ACTION + "updates/add/", {"date": "11th July 2018", "text": "It began."}, "update", "2018-19/ASCP17"),
    (HASC + "updates/1/edit/", {"text": "Corrected."}, "update", "2026-27/HASC01/updates/1"),
    (HASC + "milestones/3/updates/1/edit/", {"date": "1 September 2026"}, "update", "2026-27/HASC01/3/updates/1"),
    (ACTION + "milestones/add/", {"text": "First draft", "printed_date": "from July"},
     "milestone", "2018-19/ASCP17/{last}"),
    (ACTION + "milestones/1/edit/", {"done": "on"}, "milestone", "2018-19/ASCP17/1"),
    (ACTION + "milestones/1/updates/add/", {"text": "Half way."}, "update", "2018-19/ASCP17/1"),
    (PLAN + "add-risk/", {"reference": "0999", "title": "Fire", "owner": "Head of Property", "rating": "Red"},
     "risk", "2018-19/0999"),
    (PLAN + "risks/0544/edit/", {"rating": "", "net_likelihood": "4", "net_impact": "5"}, "risk", "2018-19/0544"),
    (PLAN + "risks/0544/reviews/add/", {"text": "Stays where it is.", "next_review": "1 March 2027"},
     "review", "2018-19/0544/reviews/1"),
    ("/harrowmere/risks/rules/edit/", {"scheme": "5 by 5, Canterbury", "appetite": "Medium"},
     "risk rules", "every risk"),
    (HASC + "expects/add/", {"indicator": "reviews", "change": "-5%", "since": "Q3 2026/27"},
     "expectation", "2026-27/HASC01/expects/1"),
    ("/harrowmere/plans/2026-27/actions/HASC10/expects/1/edit/", {"change": "−7"},
     "expectation", "2026-27/HASC10/expects/1"),
    ("/harrowmere/plans/2026-27/add-indicator/", {"definition": "ascof-2015-18/ASCOF4B/annual", "heading": "Safety"},
     "listing", "2026-27/ascof4b"),
    (PLAN + "indicators/pvp02/edit/", {"owner": "Head of Service", "direction": "Good"}, "listing", "2018-19/pvp02"),
    ("/leeds/scorecards/add/", {"title": "Adults", "directorate": "Adults", "year": "2013/14"}, "scorecard", "2013-14"),
    (CARD + "edit/", {"directorate": "Adults and Health"}, "scorecard", "2012-13"),
    (CARD + "blocks/add/", {"heading": "Ours", "kind": "self-assessment", "shows": ["progress"]},
     "block", "2012-13/{last}"),
    (CARD + "blocks/1/edit/", {"heading": "Theirs"}, "block", "2012-13/1"),
    (CARD + "blocks/1/add-priority/", {"title": "Be kind", "portfolios": "Health\r\nAdults"},
     "priority", "2012-13/{last}"),
    (CARD + "priorities/1/edit/", {"title": "Appraise"}, "priority", "2012-13/1"),
    (CARD + "priorities/1/add-measure/", {"definition": "ascof-2015-18/ASCOF4B/annual", "target": "90%"},
     "measure", "2012-13/1/ascof4b"),
    (CARD + "priorities/1/q1/edit/", {"status": "Red"}, "report", "2012-13/1/2012-13 Q1"),
    (CARD + "priorities/1/q3/edit/", {"status": "Green", "progress": "Done."}, "report", "2012-13/1/2012-13 Q3"),
    ("/leeds/indicators/add/", {"definition": "ascof-2015-18/ASCOF4B/annual"}, "indicator", "ascof4b"),
    (RESULTS + "add/", {"period": "Q1 2018/19", "value": "1,762"}, "result", "pvp02/2018-19 Q1"),
    (RESULTS + "2017-18/edit/", {"value": "240", "reason": "Late returns came in."}, "result", "pvp02/2017-18"),
    ("/york/indicators/pvp02/targets/add/", {"period": "2018/19", "value": "230"}, "target", "pvp02/2018-19"),
    (RULES,
     {"status_rule": "Within 10%", "smallest_change": "1%", "compared_with": "Cathedral cities: E06000014; E06000023"},
     "judging", "every indicator"),
    (OWN_RULES, {"amber_within": "20", "limits_anew": "2016/17: A second team began."},
     "judging", "pvp02"),
    (WORDS + "add/", WORD, "word", "pvp02/2017-18"),
    ("/harrowmere/indicators/start-days/words/1/edit/", {"until": "31 December 2026", "reason": "Waits fell sooner."},
     "word", "start-days/2026-27 Q2"),
    ("/harrowmere/indicators/{target}/targets/{period}/edit/", {"value": "awaited"}, "target", "{target}/{period}"),
]


@pytest.fixture
def placed():
    """Fill in what the examples decide: a target that is there."""
    target = Target.objects.filter(indicator__council__slug="harrowmere").select_related("indicator").first()
    place = {"target": target.indicator.slug, "period": target.period}
    return lambda text: re.sub(r"\{(target|period)\}", lambda match: place[match[1]], text)


TOLD_ELSEWHERE = {"calendar-edit", "round-edit", "request-add", "request-edit", "request-reply-edit"}


def test_every_editing_address_is_among_the_good_ones():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    editing = {name for name in names if name.endswith(("-add", "-edit"))} - TOLD_ELSEWHERE
    assert len(editing) == len(GOOD) - 1  # one report is changed, another begun


@pytest.mark.parametrize(("address", "typed", "kind", "subject"), GOOD, ids=[case[0] for case in GOOD])
def test_a_good_form_is_saved_with_its_row_in_the_trail(staff, placed, address, typed, kind, subject):
    newest = Change.objects.first().pk
    answer = fill(staff, placed(address), **typed)
    assert answer.status_code == 302, errors_of(answer)
    assert "There is a problem" not in words_of(staff.get(answer.url, follow=True))
    changes = Change.objects.filter(pk__gt=newest, kind=kind)
    assert len(changes) == 1
    change = changes[0]
    assert re.fullmatch(re.escape(placed(subject)).replace(r"\{last\}", "[0-9]+"), change.subject)
    assert change.by == "ada"
    assert change.verb == ("added" if not change.before else "changed")
    assert change.after
    assert change.title


def test_a_visitor_is_sent_to_sign_in_and_changes_nothing(client, placed):
    before = everything()
    for address, typed, _, _ in GOOD:
        for answer in (client.get(placed(address)), client.post(placed(address), typed)):
            assert answer.status_code == 302, address
            assert answer.url.startswith(reverse("login")), address
    assert everything() == before


def test_an_edit_page_sent_back_untouched_changes_nothing(staff, placed):
    before = everything()
    for address in (placed(case[0]) for case in GOOD if "/edit/" in case[0] and "/q3/" not in case[0]):
        answer = fill(staff, address)
        if answer.status_code == 302:
            assert "Nothing was changed" in words_of(staff.get(answer.url, follow=True)), address
        else:  # published without what we ask of those who edit
            assert errors_of(answer), address
        assert everything() == before, address


def test_a_page_refuses_what_no_form_sends(staff, placed):
    before = everything()
    for address in (placed(case[0]) for case in GOOD):
        reader = read_form(staff, address)
        seen, texts = reader.data["seen"], reader.names - {"seen", "csrfmiddlewaretoken"}
        for hostile in ("a\0b", "9" * 40_000):
            assert errors_of(staff.post(address, {"seen": seen, **dict.fromkeys(texts, hostile)})), address
        assert "has no field “council”" in errors_of(staff.post(address, {**reader.data, "council": "leeds"}))[0]
        assert staff.put(address, {}).status_code == 405
        assert staff.delete(address).status_code == 405
    assert staff.post(address, {"note": "a" * 10_000_000}).status_code == 400
    assert everything() == before


def test_a_form_without_its_token_is_refused(staff):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    before = everything()
    assert strict.post(PLAN + "edit/", {"title": "Mine"}).status_code == 403
    assert everything() == before


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/plans/add/", "/york/plans/1999-00/edit/", PLAN + "sections/99/edit/", PLAN + "actions/NONE/edit/",
        ACTION + "milestones/99/edit/", ACTION + f"milestones/{10**30}/edit/", PLAN + "actions/A%00/edit/",
        PLAN + "risks/NONE/edit/", PLAN + "indicators/none/edit/", RESULTS + "1999-00/edit/",
        WORDS + "1/edit/", WORDS + f"{10**30}/edit/", "/leeds/indicators/pvp02/judging/edit/",
        "/leeds/plans/2018-19/actions/ASCP01/edit/", CARD + "blocks/99/edit/", CARD + "priorities/99/q1/edit/",
        CARD + "priorities/1/q5/edit/", "/leeds/indicators/pvp02/results/add/",
    ],
)
def test_what_is_not_there_cannot_be_edited(staff, address):
    assert staff.get(address).status_code == 404
    assert staff.post(address, {}).status_code == 404


# What is refused, and in which words

RISK = {"reference": "0999", "title": "Fire", "owner": "Head of Property"}
REFUSED = [
    (PLAN + "add-action/", {},
     ["Reference: Write the reference.", "When is it to be completed: Choose when it is to be"]),
    (PLAN + "add-action/", NEW_ACTION | {"timing": "standing"},
     ["Next review: Standing work has no end, so write the day on which it is next reviewed."]),
    (PLAN + "add-action/", NEW_ACTION | {"by_date": ""}, ["By when: Write the date or month, or choose Standing"]),
    (PLAN + "add-action/", NEW_ACTION | {"by_date": "soon"}, ["By when: “soon” is not a date we can read."]),
    (PLAN + "add-action/", NEW_ACTION | {"by_date": "31/02/2019"}, ["By when: “31/02/2019” is not a date"]),
    (PLAN + "add-action/", NEW_ACTION | {"by_date": "1 January 0001"}, ["By when: “1 January 0001” is not a date"]),
    (PLAN + "add-action/", NEW_ACTION | {"by_date": "1 January 9999"}, ["By when: “1 January 9999” is not a date"]),
    (PLAN + "add-action/", NEW_ACTION | {"by_date": "March 1901"}, ["By when: 31 March 1901 is too far away"]),
    (PLAN + "add-action/", NEW_ACTION | {"reference": "ascp01"}, ["Reference: This plan has ASCP01 already."]),
    (PLAN + "add-action/", NEW_ACTION | {"reference": ".."}, ["Reference: “..” cannot be a reference."]),
    (PLAN + "add-action/", NEW_ACTION | {"reference": "A/B?"}, ["Reference: “A/B?” cannot be a reference."]),
    (PLAN + "add-action/", NEW_ACTION | {"reference": "A" * 31},
     ["Reference: This has 31 characters. Shorten it to 30."]),
    (PLAN + "add-action/", NEW_ACTION | {"theme": "a\0b"}, ["Priority theme: Character 2 (U+0000) cannot be printed."]),
    (PLAN + "add-action/", NEW_ACTION | {"risks": ["999999"]}, ["Risks it reduces: That is not one of the choices."]),
    (PLAN + "add-action/", NEW_ACTION | {"risks": ["9" * 30, "\0"]},
     ["Risks it reduces: That is not one of the choices."]),
    (ACTION + "updates/add/", {"text": ""}, ["Update: Write the update."]),
    (ACTION + "updates/add/", {"text": "x", "date": "1 January 2099"}, ["Date: 1 January 2099 is too far away"]),
    (ACTION + "milestones/add/", {"text": "x", "printed_date": "31 June 2018"},
     ["By when: “31 June 2018” is not a date"]),
    (ACTION + "milestones/add/", {"text": "x", "printed_date": "March 9999"}, ["By when: “March 9999” is not a date"]),
    (PLAN + "add-risk/", RISK, ["Rating: Choose a rating, or the net likelihood and impact."]),
    (PLAN + "add-risk/", RISK | {"net_likelihood": "4"}, ["Choose the net impact too, or clear the likelihood."]),
    (PLAN + "add-risk/", RISK | {"net_likelihood": "9", "net_impact": "4"}, ["That is not one of the choices."]),
    (PLAN + "add-risk/",
     RISK | {"gross_likelihood": "1", "gross_impact": "2", "net_likelihood": "4", "net_impact": "4"},
     ["The net score (16) is above the gross score (2). Lower it."]),
    (PLAN + "add-risk/", RISK | {"rating": "Green", "net_likelihood": "4", "net_impact": "4"},
     ["Rating: The net position is 4 × 4 = 16, Red, but the rating says Green."]),
    (PLAN + "resources/add/", {"label": "x", "value": "£1.2 million", "unit": "£"},
     ["Amount: “£1.2 million” is neither"]),
    (PLAN + "add-indicator/", {"definition": "york/PVP02/snapshot", "heading": "x"}, ["Indicator and time basis: "]),
    (PLAN + "add-indicator/", {"definition": "ascof-2015-18/ASCOF4B/annual", "heading": "x", "printed_polarity": "?"},
     ["Polarity as printed: “?” is not a polarity."]),
    ("/york/plans/add/", NEW_PLAN | {"year": "2019/21"}, ["Financial year: “2019/21” is not a period."]),
    ("/york/plans/add/", NEW_PLAN | {"year": "March 2019"}, ["Financial year: “March 2019” is not a financial year."]),
    (CARD + "priorities/1/edit/", {"no_measure": "N/A"}, ["This priority has measures"]),
    (CARD + "priorities/1/q3/edit/", {}, ["Progress: Write the progress, or choose a status."]),
    (CARD + "priorities/1/q3/edit/", {"status": "Blue"}, ["Status: That is not one of the choices. Choose again."]),
    (RESULTS + "add/", {},
     ["Period: Write the period.", "Value: This is blank. Write a figure, or why there is none: "]),
    (RESULTS + "add/", {"period": "2017/18", "value": "1"}, ["Period: There is a result for 2017/18 already: 236."]),
    (RESULTS + "add/", {"period": "soon", "value": "1"}, ["Period: “soon” is not a period. Periods look like 2018/19"]),
    (RESULTS + "add/", {"period": "survey 2018/19", "value": "1"}, ["Write 2018/19."]),
    (RESULTS + "add/", {"period": "2081/82", "value": "1"}, ["Period: 2081/82 is more than 5 years away."]),
    (RESULTS + "add/", {"period": "2018/19", "value": "about 7"}, ["Value: “about 7” is neither a figure nor one of"]),
    (RESULTS + "add/", {"period": "2018/19", "value": "5", "numerator": "1", "denominator": "0"},
     ["Denominator: Nothing can be divided by nought or less."]),
    (RESULTS + "add/", {"period": "2018/19", "value": "NC", "numerator": "1"}, ["so there is nothing to work out"]),
    (RESULTS + "add/", {"period": "2018/19", "value": "5", "numerator": "NaN"}, ["Numerator: This is not a number."]),
    (RESULTS + "2017-18/edit/", {"value": "240"},
     ["Reason for the change: Readers have seen 236. Write why it becomes 240."]),
    (RULES, {"status_rule": "Tolerances of its own"}, ["Amber within: Write how far off is still Amber, too."]),
    (RULES, {"status_rule": "Kent"}, ["Rule for the status: That is not one of the choices. Choose again."]),
    (RULES, {"status_rule": ""}, ["Rule for the status: Choose the rule for the status."]),
    (RULES, {"amber_within": "5 points"}, ["Amber within: “5 points” is not a tolerance. Write 5% for a share"]),
    (RULES, {"compared_with": "A: B\n\nEveryone"}, ["Line 3: Write a colon, with something before and behind it."]),
    (RULES, {"compared_with": "A: B\nA: C"}, ["Line 2: A stands here twice. Keep one."]),
    (RULES, {"direction_rule": "Trend", "smallest_change": "1%"}, ["A trend is told from chance by its own test"]),
    (OWN_RULES, {"green_within": "10%", "amber_within": "5%"}, ["Amber (5%) is nearer the target than Green (10%)."]),
    (OWN_RULES, {"shape": "as given"}, ["so give the targets for parts of the year"]),
    (OWN_RULES, {"milestones": "Q1 2018/19: 60"}, ["the shape is “as given”, not “straight line”."]),
    (OWN_RULES, {"shape": "as given", "milestones": "Q9 2018/19: 60"}, ["Line 1: There is no quarter 9."]),
    (OWN_RULES, {"shape": "as given", "milestones": "Q1 2018/19: lots"}, ["Line 1: “lots” is neither a figure"]),
    (OWN_RULES, {"limits_anew": "spring: why"}, ["Line 1: “spring” is not a period."]),
    (WORDS + "add/", {}, ["Choose what is to be shown.", "Reason: Write the reason.", "Until: Write the last day"]),
    (WORDS + "add/", WORD | {"until": "1 November 2026"}, ["Until: That is before 2 November 2026, on which it"]),
    (WORDS + "add/", WORD | {"until": "3 November 2027"}, ["Until: That is more than a year after 2 November 2026."]),
    (WORDS + "add/", WORD | {"period": "Q1 2020/21"}, ["Period: There is no result for Quarter 1 2020/21, so"]),
    ("/harrowmere/indicators/start-days/words/add/", WORD | {"period": "Q2 2026/27"},
     ["Period: There is a word on the status for Quarter 2 2026/27 already. Edit that one instead."]),
    ("/harrowmere/indicators/start-days/words/1/edit/", {"until": "31 December 2026"},
     ["Reason for the change: Readers have seen this word. Write why it changes."]),
    ("/york/indicators/add/", {"definition": "leeds/SMOKING/in period"}, ["That is not one of the choices."]),
]


@pytest.mark.parametrize(("address", "typed", "said"), REFUSED)
def test_a_refusal_says_what_and_where_and_keeps_what_was_typed(staff, address, typed, said):
    before = everything()
    page = fill(staff, address, **typed)
    found = errors_of(page)
    for words in said:
        assert any(words in each for each in found), found
    assert page.content.decode().count("<h1>") == 1
    assert everything() == before


def test_a_percentage_must_follow_from_its_numbers(staff):
    indicator = next(
        found for found in Indicator.objects.filter(council__slug="york", code="ASCOF1C1a")
    )
    address = f"/york/indicators/{indicator.slug}/results/add/"
    typed = {"period": "Q2 2018/19", "numerator": "1,234", "denominator": "1,500"}
    before = everything()
    assert errors_of(fill(staff, address, value="83%", **typed)) == [
        "Value: 1,234 out of 1,500 is 82.3%, not 83%. Correct the value or the two numbers."
    ]
    assert everything() == before
    assert fill(staff, address, value="82.3%", **typed).status_code == 302
    stored = Result.objects.get(indicator=indicator, period="2018-19 Q2")
    assert (stored.printed, stored.numerator, stored.denominator) == ("82.3%", 1234, 1500)


def test_a_second_result_for_a_period_is_led_to_the_first(staff):
    page = fill(staff, RESULTS + "add/", period="2017-18", value="1")
    assert f'href="{RESULTS}2017-18/edit/"' in page.content.decode()


def test_a_councils_own_word_for_no_figure_is_typed(staff):
    fill(staff, RESULTS + "add/", period="2018/19", value="nc")
    stored = Result.objects.get(indicator__slug="pvp02", period="2018-19")
    assert (stored.printed, stored.absence) == ("nc", "not collected")


# Actions, steps and plans

def test_an_action_keeps_what_was_printed_beside_what_it_means(staff):
    fill(staff, PLAN + "add-action/", **NEW_ACTION)
    action = Action.objects.get(reference="ASCP99")
    assert (action.completed_by, action.due, action.state) == ("March 2019", date(2019, 3, 31), "open")
    assert action.owners == "Head of Service\nHead of Reviews"
    fill(staff, PLAN + "actions/ASCP99/edit/", timing="standing", next_review="1/10/2018")
    action.refresh_from_db()
    assert (action.completed_by, action.due, action.next_review) == ("Ongoing", None, date(2018, 10, 1))
    fill(staff, PLAN + "actions/ASCP99/edit/", timing="complete")
    action.refresh_from_db()
    assert (action.completed_by, action.due, action.next_review) == ("Complete", None, None)


def test_links_are_part_of_the_change(staff):
    risk = Risk.objects.get(plan__council__slug="york", reference="0544")
    fill(staff, ACTION + "edit/", risks=[risk.pk])
    assert Change.objects.first().after["risks"] == ["0544"]
    assert list(Action.objects.get(reference="ASCP17").risks.all()) == [risk]


def test_an_update_is_signed_by_its_writer_and_dated_today(staff):
    fill(staff, ACTION + "milestones/1/updates/add/", text="Half way.")
    update = Update.objects.get(text="Half way.")
    assert (update.by, update.date, update.milestone.order) == ("ada", timezone.localdate(), 1)


@pytest.mark.parametrize("below", ["", "milestones/1/"])
def test_an_update_can_be_corrected_and_stays_its_writers(staff, ben, below):
    written = Update.objects.filter(action__reference="ASCP17").order_by("order")
    fill(staff, f"{ACTION}{below}updates/add/", text="Half way.")
    fill(staff, f"{ACTION}{below}updates/add/", text="Nearly there.")
    fill(ben, f"{ACTION}{below}updates/1/edit/", text="A third of the way.", date="1 November 2026")
    assert [(update.text, update.by) for update in written] == [
        ("A third of the way.", "ada"),
        ("Nearly there.", "ada"),
    ]
    change = Change.objects.first()
    assert (change.by, change.verb, change.kind) == ("ben", "changed", "update")
    assert change.subject == f"2018-19/ASCP17/{'1/' if below else ''}updates/1"
    page = ben.get(f"{ACTION}{below}")
    assert f'href="{ACTION}{below}updates/1/edit/"'.encode() in page.content
    assert staff.get(f"{ACTION}{below}updates/3/edit/").status_code == 404


def test_two_people_who_correct_one_update_do_not_lose_either(staff, ben):
    fill(staff, ACTION + "updates/add/", text="Half way.")
    mine = {**read_form(staff, ACTION + "updates/1/edit/").data, "text": "Mine"}
    fill(ben, ACTION + "updates/1/edit/", text="Bens")
    assert errors_of(staff.post(ACTION + "updates/1/edit/", mine))[0].startswith("ben changed this")


@pytest.mark.parametrize(
    ("printed", "due"),
    [("from July", None), ("6 weeks after it begins", None), ("2018/19", None), ("Phase 2", None), ("", None),
     ("March 2019", date(2019, 3, 31)), ("1/4/2019", date(2019, 4, 1))],
)
def test_words_that_name_no_day_are_a_milestones_date_but_never_due(staff, printed, due):
    fill(staff, ACTION + "milestones/add/", text="First draft", printed_date=printed)
    step = Milestone.objects.get(text="First draft")
    assert (step.printed_date, step.due) == (printed, due)
    assert step.order == step.action.milestones.count()


def test_a_change_in_a_plan_dates_the_plan_today(staff):
    fill(staff, ACTION + "edit/", theme="Prevention")
    plan = Plan.objects.get(council__slug="york")
    today = timezone.localdate()
    assert plan.last_updated == today
    assert plan.printed_last_updated == f"{today.day} {today:%B %Y}"
    assert Change.objects.first().kind == "action"


def test_a_reference_stays_what_it_is(staff):
    answer = fill(staff, ACTION + "edit/", reference="OTHER", theme="Prevention")
    assert answer.status_code == 302
    assert Action.objects.get(theme="Prevention", plan__council__slug="york", reference="ASCP17")


def test_two_documents_of_one_year_have_addresses_of_their_own(staff):
    fill(staff, "/york/plans/add/", **NEW_PLAN | {"year": "2018/19"})
    assert set(Plan.objects.filter(council__slug="york").values_list("slug", flat=True)) == {
        "2018-19", "2018-19-public-health",
    }


def test_a_new_plan_can_be_read_at_once(staff):
    answer = fill(staff, "/york/plans/add/", **NEW_PLAN)
    assert "Public Health" in words_of(staff.get(answer.url))


def test_a_resource_holds_its_value_and_the_whole_it_is_part_of(staff):
    fill(staff, PLAN + "resources/add/", label="Agency", value="£1.2m", unit="£", part_of="Net Revenue Budget")
    stored = Resource.objects.get(label="Agency")
    assert (stored.printed, stored.absence, stored.part_of) == ("£1.2m", "", "Net Revenue Budget")


def test_listing_an_indicator_brings_it_into_use_and_notes_both(staff):
    newest = Change.objects.first().pk
    address = "/harrowmere/plans/2026-27/add-indicator/"
    fill(staff, address, definition="ascof-2015-18/ASCOF4B/annual", heading="Safety")
    row = PlanIndicator.objects.get(indicator__slug="ascof4b", plan__council__slug="harrowmere")
    assert row.printed_code == "ASCOF4B"
    assert row.title == row.indicator.title
    assert set(Change.objects.filter(pk__gt=newest).values_list("kind", flat=True)) == {"listing", "indicator"}


# Scorecards

def test_a_measure_brings_its_target_for_the_year(staff):
    fill(staff, CARD + "priorities/1/add-measure/", definition="ascof-2015-18/ASCOF4B/annual", target="90%")
    line = MeasureLine.objects.get(indicator__slug="ascof4b", indicator__council__slug="leeds")
    assert line.priority.number == 1
    assert Target.objects.get(indicator=line.indicator, period="2012-13").printed == "90%"
    assert Change.objects.filter(kind="target", subject="ascof4b/2012-13", after__printed="90%").exists()


def test_a_target_that_is_there_is_not_overwritten_from_the_scorecard(staff):
    other = Priority.objects.get(block__scorecard__council__slug="leeds", number=2)
    line = MeasureLine.objects.filter(priority__number=1, priority__block__scorecard__council__slug="leeds").first()
    key = f"{line.indicator.framework}/{line.indicator.code}/{line.indicator.basis}"
    page = fill(staff, f"{CARD}priorities/{other.number}/add-measure/", definition=key, target="12%")
    assert any("is 100% already" in each for each in errors_of(page)), errors_of(page)


def test_a_priority_takes_the_next_number_of_its_scorecard(staff):
    last = Priority.objects.filter(block__scorecard__council__slug="leeds").order_by("-number").first().number
    answer = fill(staff, CARD + "blocks/1/add-priority/", title="Be kind", portfolios="Health")
    assert answer.url.endswith(f"/priorities/{last + 1}/")


def test_a_quarter_report_is_begun_once_and_then_changed(staff):
    address = CARD + "priorities/1/q3/edit/"
    fill(staff, address, status="Green", progress="Done.")
    fill(staff, address, status="Red")
    report = QuarterReport.objects.get(priority__number=1, quarter="2012-13 Q3")
    assert (report.status, report.progress) == ("Red", "Done.")
    assert [change.verb for change in Change.objects.filter(kind="report")] == ["changed", "added"]


def test_a_blocks_columns_are_kept(staff):
    fill(staff, CARD + "blocks/1/edit/", shows=["target"])
    assert Block.objects.get(scorecard__council__slug="leeds", order=1).shows == ["target"]
    assert Scorecard.objects.get(council__slug="leeds").blocks.count() > 1


# Two people at once, one person twice

def test_a_stale_edit_is_refused_shows_both_and_may_then_be_saved(staff, ben):
    address = ACTION + "edit/"
    mine = {**read_form(staff, address).data, "theme": "Mine"}
    fill(ben, address, theme="Bens")
    before = everything()
    page = staff.post(address, mine)
    assert everything() == before
    said = errors_of(page)[0]
    assert said.startswith("ben changed this on ")
    words = words_of(page)
    assert "Priority theme Bens Mine" in words
    reader = FormReader()
    reader.feed(page.content.decode())
    assert reader.data["theme"] == ["Mine"]
    assert staff.post(address, reader.data).status_code == 302
    assert Action.objects.get(reference="ASCP17", plan__council__slug="york").theme == "Mine"
    assert Change.objects.first().before == {"theme": "Bens"}


def test_two_people_who_begin_one_report_do_not_lose_either(staff, ben):
    address = CARD + "priorities/1/q3/edit/"
    mine = {**read_form(staff, address).data, "progress": "Mine"}
    fill(ben, address, progress="Bens")
    assert errors_of(staff.post(address, mine))[0].startswith("ben changed this")


def test_a_form_that_saw_nothing_cannot_overwrite(staff, ben):
    data = read_form(staff, ACTION + "edit/").data
    fill(ben, ACTION + "edit/", theme="Bens")
    for seen in ("", "x", "-1", "9" * 400):
        page = staff.post(ACTION + "edit/", {**data, "theme": "Mine", "seen": seen})
        assert "ben changed this" in errors_of(page)[0]


def test_edits_of_two_things_do_not_disturb_each_other(staff, ben):
    mine = {**read_form(staff, ACTION + "edit/").data, "theme": "Mine"}
    fill(ben, PLAN + "actions/ASCP18/edit/", theme="Bens")
    fill(ben, ACTION + "updates/add/", text="News.")
    assert staff.post(ACTION + "edit/", mine).status_code == 302


@pytest.mark.parametrize("address", [ACTION + "milestones/add/", ACTION + "updates/add/"])
def test_a_button_pressed_twice_adds_once(staff, address):
    data = {**read_form(staff, address).data, "text": "Only once."}
    for _ in range(2):
        assert staff.get(staff.post(address, data).url).status_code == 200
    assert Change.objects.filter(verb="added", by="ada").count() == 1
    other = {**read_form(staff, address).data, "text": "Only once."}
    assert staff.post(address, other).status_code == 302
    assert Change.objects.filter(verb="added", by="ada").count() == 2  # meant, since the page was opened again


def test_a_document_sent_twice_is_one_document(staff):
    data = {**read_form(staff, "/york/plans/add/").data, **NEW_PLAN}
    assert [staff.post("/york/plans/add/", data).status_code for _ in range(2)] == [302, 302]
    assert Plan.objects.filter(title="Public Health").count() == 1


def test_an_edit_sent_twice_is_saved_once_without_a_quarrel(staff):
    data = {**read_form(staff, ACTION + "edit/").data, "theme": "Mine"}
    assert [staff.post(ACTION + "edit/", data).status_code for _ in range(2)] == [302, 302]
    assert Change.objects.filter(by="ada").count() == 1


def test_markup_is_text(staff):
    hostile = "<script>alert(1)</script>{{ 7*7 }}"
    answer = fill(staff, ACTION + "edit/", theme=hostile)
    for address in (answer.url, ACTION + "edit/", "/york/changes/"):
        html = staff.get(address).content.decode()
        assert "<script" not in html
        assert "{{ 7*7 }}" in unescape(html)


# A refused form changes nothing, whatever was typed

SCRAPS = st.sampled_from(
    ["", " ", "0", "-1", "99999999999999999999", "NC", "-", "12.5%", "Red", "open", "standing", "on", "<b>", "%s",
     "'\"", "31 February 2019", "2018/19", "Q1 2018/19", "a\nb", "é", "\u202e", "\x00", "1" * 500]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=st.sampled_from(GOOD), typed=st.lists(st.tuples(st.integers(0, 30), SCRAPS), min_size=1, max_size=5))
def test_a_refused_form_changes_nothing(staff, placed, case, typed):
    address = placed(case[0])
    with transaction.atomic():
        reader = read_form(staff, address)
        names = sorted(reader.names - {"seen", "csrfmiddlewaretoken"})
        data = reader.data | {names[place % len(names)]: scrap for place, scrap in typed}
        before, newest = everything(), Change.objects.first().pk
        answer = staff.post(address, data)
        assert answer.status_code in (200, 302)
        if answer.status_code == 200:
            assert errors_of(answer)
            assert everything() == before
        else:
            assert Change.objects.filter(pk__gt=newest).exists() == (everything() != before)
            assert staff.get(answer.url, follow=True).status_code == 200
        transaction.set_rollback(True)
