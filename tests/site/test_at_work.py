"""Risks and actions at work on their pages and forms, and what posts owe to them."""

from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from outturn.plans.files import read_council_files
from outturn.plans.roles import Person
from outturn.site.councils.actions import load_council
from outturn.site.councils.definitions import catalogue_with
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Result
from outturn.site.plans.models import Milestone, Risk
from outturn.site.plans.owed import owed
from outturn.site.trail.models import Change
from outturn.textfiles import FaultyFiles
from tests.site.test_editing import errors_of, fill, words_of

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAN = "/harrowmere/plans/2026-27/"
TODAY = date(2026, 11, 25)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Harrowmere, loaded once and taken back at the end."""
    folder = tmp_path_factory.mktemp("definitions")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEFINITIONS=folder):
            load_council(EXAMPLES / "harrowmere", by="tester")
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def own_definitions(loaded, settings):
    settings.DEFINITIONS = loaded


@pytest.fixture(autouse=True)
def harrowmere(loaded, db, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


def risk(reference: str) -> Risk:
    return Risk.objects.get(plan__council__slug="harrowmere", reference=reference)


def edit(staff, place: str, **typed):
    """Fill in a form, which must be taken; the page it leads to."""
    answer = fill(staff, PLAN + place, **typed)
    assert answer.status_code == 302, errors_of(answer)
    return words_of(staff.get(answer.url))


# --- risks


def test_a_risk_tells_its_movement_appetite_and_level(client):
    page = words_of(client.get(PLAN + "risks/RSK-01/"))
    for words in (
        "Up from 12 to 16 on 14 August 2026",
        "Since 30 September 2026 No change",
        "Outside appetite 16 is above the appetite of 15 for Money.",
        "Corporate 16 is at or above 16.",
        "Eleven high-cost placements began over the summer.",
        "2 October 2026 Reviewed.",
        "Next review 15 January 2027",
    ):
        assert words in page
    assert "recovery plan" not in page  # what was said in a review is for those who prepare
    assert "Movement Not known" in words_of(client.get(PLAN + "risks/RSK-07/"))


def test_what_a_review_said_is_for_those_who_prepare(staff):
    page = words_of(staff.get(PLAN + "risks/RSK-01/"))
    assert "The score stays at 16 until Cabinet has agreed the recovery plan." in page


def test_a_breach_asks_for_a_review_until_somebody_reviews_it(client, staff):
    asked = "START-DAYS is Red by the rule for Quarter 2 2026/27."
    assert asked in words_of(client.get(PLAN + "risks/RSK-03/"))
    assert asked in words_of(client.get("/harrowmere/risks/"))
    said = "Both homes have a second provider."
    page = edit(staff, "risks/RSK-03/reviews/add/", text=said, next_review="1 March 2027")
    assert "Review asked for" not in page
    assert said in page
    assert risk("RSK-03").next_review == date(2027, 3, 1)
    change = Change.objects.first()
    assert (change.kind, change.subject, change.after["next_review"]) == (
        "review", "2026-27/RSK-03/reviews/1", "2027-03-01"
    )  # fmt: skip
    Result.objects.create(
        indicator=Council.objects.get(slug="harrowmere").indicators.get(slug="start-days"), period="2026-27 Q3",
        printed="30.0",
    )  # fmt: skip
    edit(staff, "risks/RSK-03/edit/", title="A big care provider fails")  # anything that changes what is remembered
    assert "START-DAYS is Red by the rule for Quarter 3 2026/27." in words_of(client.get(PLAN + "risks/RSK-03/"))


def test_only_what_the_reviewer_ticked_is_answered(staff):
    page = edit(
        staff, "risks/RSK-03/reviews/add/", text="Only the homes.", next_review="1 March 2027",
        answers=["start-days 2026-27 Q2"],
    )  # fmt: skip
    assert "Review asked for" in page
    assert "START-DAYS is Red" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": ""}, "Write what came of it"),
        ({"date": "26 November 2026"}, "26 November 2026 is yet to come."),
        ({"next_review": "1 November 2026"}, "The next review comes after this one."),
        ({"next_review": ""}, "Write the next review."),
        ({"answers": ["HASC99 2026-01-01"]}, "That is not one of the choices."),
    ],
)
def test_a_review_that_says_nothing_clears_nothing(staff, typed, words):
    good = {"text": "Looked at.", "next_review": "1 March 2027"}
    answer = fill(staff, PLAN + "risks/RSK-03/reviews/add/", **{**good, **typed})
    assert words in " ".join(errors_of(answer))
    assert not risk("RSK-03").reviews.exists()


def test_each_change_of_position_is_kept_with_its_day_and_reason(staff):
    page = edit(
        staff, "risks/RSK-07/edit/", net_likelihood="5", net_impact="3", reason="More applications than ever."
    )  # fmt: skip
    assert "Up from 12 to 15 on 25 November 2026" in page
    assert "25 November 2026 5 × 3 = 15, Amber Up from 12 to 15 More applications than ever." in page
    assert "Not known 4 × 3 = 12, Amber Not known" in page  # nobody kept since when it stood there
    edit(staff, "risks/RSK-07/edit/", title="Other words")
    assert risk("RSK-07").history.count() == 2
    edit(staff, "add-risk/", reference="RSK-09", title="Fire", owner="Head of Property", rating="Red")
    assert [(row.since, row.rating) for row in risk("RSK-09").history.all()] == [(TODAY, "Red")]


def test_a_risks_own_appetite_is_a_line_of_the_councils_scheme(staff):
    answer = fill(staff, PLAN + "risks/RSK-07/edit/", appetite="a lot")
    assert "“a lot” is no line by “5 by 5”. Write a score from 1 to 25" in " ".join(errors_of(answer))
    assert "12 is above the appetite of 9 for this risk." in edit(staff, "risks/RSK-07/edit/", appetite="9")


def test_the_register_is_filtered_by_level_and_by_review(client):
    assert "1 of 8 risks shown." in words_of(client.get("/harrowmere/risks/?level=corporate"))
    assert "RSK-03" in words_of(client.get("/harrowmere/risks/?review=asked+for")).split("Register")[-1]


# --- how a council scores its risks


def test_a_council_changes_its_scheme_and_every_page_follows(client, staff):
    answer = fill(
        staff, "/harrowmere/risks/rules/edit/", scheme="5 by 5, Canterbury", appetite="Medium", appetites="",
        corporate="Very high", reason="Agreed by Audit.",
    )  # fmt: skip
    assert answer.status_code == 302, errors_of(answer)
    page = words_of(client.get(PLAN + "risks/RSK-01/"))
    assert "Outside appetite 16 is above the appetite of Medium." in page
    assert "Directorate It is outside its appetite." in page
    assert "Red High" in page
    assert client.get(PLAN + "plan.pdf").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"scheme": "4 by 4 in words", "appetite": "", "appetites": "", "corporate": ""}, "no square for RSK-01"),
        ({"scheme": "6 by 6"}, "That is not one of the choices."),
        ({"appetite": "99"}, "“99” is no line by “5 by 5”."),
        ({"appetites": "Money: lots"}, "appetites, Money: “lots” is no line"),
        ({"appetites": "Money"}, "Line 1: Write a colon"),
        ({"corporate": "sometimes"}, "Or: outside appetite."),
    ],
)
def test_rules_that_cannot_stand_are_refused_and_change_nothing(staff, typed, words):
    before = Council.objects.get(slug="harrowmere").risks
    answer = fill(staff, "/harrowmere/risks/rules/edit/", **typed)
    assert words in " ".join(errors_of(answer))
    assert Council.objects.get(slug="harrowmere").risks == before


@pytest.mark.parametrize("scheme", ["Letter by number", "4 by 4 in words", "A letter only"])
def test_pages_and_forms_speak_the_scheme_of_the_council(client, staff, scheme):
    Risk.objects.update(
        rating="Red", appetite="", **{f"{name}_{end}": None for name in ("gross", "net", "target") for end in
                                      ("likelihood", "impact")},
    )  # fmt: skip
    for each in Risk.objects.all():
        each.history.all().delete()
    rules = "/harrowmere/risks/rules/edit/"
    answer = fill(staff, rules, scheme=scheme, appetite="", appetites="", corporate="Red", directorate="")
    assert answer.status_code == 302, errors_of(answer)
    form = words_of(staff.get(PLAN + "risks/RSK-01/edit/"))
    if scheme == "A letter only":
        assert "likelihood" not in form
        assert "Rating" in form
        return
    page = edit(staff, "risks/RSK-01/edit/", rating="", net_likelihood="4", net_impact="4")
    assert {"Letter by number": "A1, Outside tolerance (Red)", "4 by 4 in words": "Very likely, Major"}[scheme] in page
    assert "Corporate" in page
    for path in (PLAN, "/harrowmere/risks/", PLAN + "plan.pdf"):
        assert client.get(path).status_code == 200


# --- actions


def test_a_date_that_is_moved_keeps_the_one_it_had(staff):
    place = "actions/HASC03/milestones/1/"
    assert "Originally 31 July 2026: 122 days later now, moved once" in edit(
        staff, place + "edit/", printed_date="30 November 2026"
    )
    edit(staff, place + "edit/", text="Building is handed over")
    edit(staff, place + "edit/", printed_date="31 December 2026")
    step = Milestone.objects.get(action__reference="HASC03", order=1)
    assert step.was.splitlines() == ["31 July 2026", "30 November 2026"]
    page = edit(staff, "actions/HASC02/edit/", timing="open", by_date="30 April 2027")
    assert "Originally 31 March 2027: 30 days later now, moved once" in page


def test_a_late_milestone_flags_what_waits_for_it(client):
    page = words_of(client.get(PLAN + "actions/HASC03/"))
    assert "Held up: HASC03/1 (Building handed over) is overdue." in page
    assert "held up by HASC03/1, HASC03/2" in words_of(client.get(PLAN))
    assert "Held up:" in words_of(client.get(PLAN + "actions/HASC03/milestones/3/"))


def test_a_circle_of_waiting_is_refused_in_the_form(staff):
    answer = fill(staff, PLAN + "actions/HASC03/milestones/1/edit/", waits_for=["HASC03/3"])
    assert "HASC03/1 waits for HASC03/3, which waits for HASC03/1." in " ".join(errors_of(answer))
    answer = fill(staff, PLAN + "actions/HASC01/edit/", waits_for=["HASC99"])
    assert "That is not one of the choices." in " ".join(errors_of(answer))
    page = edit(staff, "actions/HASC02/edit/", waits_for=["HASC08", "HASC03/1"])
    assert "Cannot be done before HASC03/1 , HASC08" in page.replace("HASC08 , HASC03/1", "HASC03/1 , HASC08")


def test_the_timeline_stands_beside_its_table(client):
    html = client.get(PLAN).content.decode()
    assert "Actions and their milestones, 1 April 2026 to 31 March 2027" in html
    page = words_of(client.get(PLAN + "actions/HASC03/"))
    assert "HASC03 Care provider appointed 31 October 2026 Late Originally 31 August 2026: 61 days later now" in page
    assert "0 of 3 milestones done (0%)" in page


def test_an_action_says_whether_it_worked_and_never_why(client):
    page = words_of(client.get(PLAN + "actions/HASC10/"))
    assert "Moved as hoped: 16.4 before 1 April 2026" in page
    assert "This says what happened after a day, and not what it happened because of." in page
    assert "Not enough results yet" in words_of(client.get(PLAN + "actions/HASC08/"))
    assert "figures of the year so far overlap" in words_of(client.get(PLAN + "actions/HASC06/"))
    assert "Nobody has said which indicator it should move" in words_of(client.get(PLAN + "actions/HASC03/"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"change": "5"}, "“5” is not a change."),
        ({"since": "spring"}, "“spring” is not a period."),
        ({"since": "1 July 1926"}, "is too far away to be right."),
        ({"indicator": "999999"}, "That is not one of the choices."),
        ({"indicator": ""}, "Choose the indicator it should move."),
    ],
)
def test_an_expectation_that_nobody_could_test_is_refused(staff, typed, words):
    good = {"indicator": "reviews", "change": "+5", "since": "1 July 2026"}
    answer = fill(staff, PLAN + "actions/HASC01/expects/add/", **{**good, **typed})
    assert words in " ".join(errors_of(answer))


# --- the files


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("waits_for: [HASC11/2]", "waits_for: [HASC11/9]", "HASC11/3 waits for “HASC11/9”, and this plan has no such"),
        ("waits_for: [HASC11/2]", "waits_for: [HASC11]", "Nothing in a circle can begin."),
        ("was: [30 October 2026]", "was: [soon]", "was: “soon” is not a date we can read."),
        ('by: "-6"', 'by: "6"', "“6” is not a change."),
        ("by: \"-6\", from: 1 April 2026", "by: \"-6\", from: spring", "“spring” is not a period."),
        ("appetite: 6 ", "appetite: 66 ", "“66” is no line by “5 by 5”."),
        ("since: 14 August 2026\n        likelihood: 4", "since: 14 August 2026\n        likelihood: 5",
         "The newest position in the history of 14 August 2026 is 5 × 4 = 20, Red"),
        ("net: {likelihood: 4, impact: 4}", "net: {likelihood: 4, impact: 9}", "“9” is no impact by “5 by 5”."),
    ],
)  # fmt: skip
def test_a_fault_in_the_files_is_told_with_its_line(tmp_path, old, new, words):
    folder = tmp_path / "harrowmere"
    for path in (EXAMPLES / "harrowmere").rglob("*.yaml"):
        copy = folder / path.relative_to(EXAMPLES / "harrowmere")
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8")
        copy.write_text(text.replace(old, new) if path.name.startswith("plan-") else text, "utf-8")
    with pytest.raises(FaultyFiles) as refused:
        read_council_files(folder, catalogue_with)
    assert any(words in fault.words and fault.line for fault in refused.value.faults), refused.value.faults


# --- what posts owe


def owes(*posts: str, stands_in: tuple[str, ...] = ()):
    pairs = [frozenset(("harrowmere", post) for post in some) for some in (posts, stands_in)]
    return {one.title.split()[0]: one for one in owed(Person("ada", posts=pairs[0], stands_in_for=pairs[1]), TODAY)}


def test_a_post_owes_its_late_and_its_coming_work():
    found = owes("Head of Commissioning")
    assert {"HASC03/1", "HASC03/2", "HASC07", "RSK-03"} <= found.keys()
    assert "HASC03/3" not in found  # due at the end of January
    assert found["HASC03/1"].overdue
    assert found["HASC03/1"].href == PLAN + "actions/HASC03/milestones/1/"
    assert found["RSK-03"].because.startswith("Review asked for: OCCUPANCY shows a special cause for concern")
    assert "HASC01" not in found


def test_a_deputy_owes_it_too_and_others_nothing():
    assert "HASC01" in owes(stands_in=("head of community  social work",))
    assert owes("Head of Nothing") == {}
    assert list(owed(Person(), TODAY)) == []


def test_a_plan_whose_year_is_over_is_owed_no_more():
    later = date(2027, 4, 1)
    person = Person("ada", posts=frozenset({("harrowmere", "Head of Commissioning")}))
    assert list(owed(person, later)) == []
