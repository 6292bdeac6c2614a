"""Rounds: from the opening to what is published, who sees what meanwhile, and what two people do at once."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from time import perf_counter

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from outturn.plans.roles import Grant as Scope
from outturn.plans.roles import Person, Role
from outturn.plans.round import TEMPLATE, Step, dates_for
from outturn.plans.states import LEVELS, Move, NotAllowed, Reason, State
from outturn.site.checks.reading import found_in
from outturn.site.councils.actions import load_council
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator, Result
from outturn.site.people.models import Grant, Holding
from outturn.site.plans.models import Plan, PlanIndicator
from outturn.site.plans.reading import read_plan
from outturn.site.rounds import moving
from outturn.site.rounds.models import LONGEST, Calendar, Entry, Publication, Round
from outturn.site.rounds.opening import open_round
from outturn.site.rounds.owed import owed_by
from outturn.site.rounds.progress import board_of
from outturn.site.rounds.reading import entries_of, find_entry, read_entries
from outturn.site.rounds.visible import INSIDE, PUBLIC, reader_for, seen_by
from outturn.site.scorecards.models import QuarterReport
from outturn.site.trail.models import Change
from outturn.terms.period import Period
from outturn.terms.value import read_value

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[2] / "examples"
Q2 = Period.quarter(2026, 2)
DATES = dates_for(Q2)
HERE = "/harrowmere/rounds/2026-27-q2/"
REVIEWS = HERE + "entries/reviews/"
WHOSE = "Head of Community Social Work"
CARD = "/harrowmere/scorecards/2026-27/"


def person(account: str, *roles: Role, post: str = "") -> Person:
    posts = frozenset({("harrowmere", post)}) if post else frozenset()
    return Person(account, account, tuple(Scope(role, "harrowmere") for role in roles), posts)


ADA = person("ada", Role.OWNER, post=WHOSE)
BEN = person("ben", Role.HEAD_OF_SERVICE)
CLEO = person("cleo", Role.DIRECTOR)
DEV = person("dev", Role.PORTFOLIO_HOLDER)
EVE = person("eve", Role.ANALYST)
FAY = person("fay", Role.VIEWER)
UP = ((Move.CHECK, EVE), (Move.AGREE_HEAD, BEN), (Move.AGREE_DIRECTOR, CLEO), (Move.AGREE_PORTFOLIO, DEV))


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two councils, loaded once and taken back at the end."""
    folder = tmp_path_factory.mktemp("definitions")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(DEFINITIONS=folder):
            for slug in ("leeds", "harrowmere"):
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


@pytest.fixture
def opened(examples) -> Round:
    return open_round(Council.objects.get(slug="harrowmere"), Q2, levels=LEVELS, dates=DATES, by="eve")


@pytest.fixture
def people(account):
    """A client for each of six people."""
    clients = {}
    for who in (ADA, BEN, CLEO, DEV, EVE, FAY):
        user = account(who.account, who.grants[0].role, council="harrowmere")
        Holding.objects.bulk_create([Holding(user=user, council=council, post=post) for council, post in who.posts])
        clients[who.account] = Client()
        clients[who.account].force_login(user)
    return clients


def entry(name: str = "reviews") -> Entry:
    return Entry.objects.get(name=name, round__quarter=Q2.code)


def now(name: str = "reviews"):
    return find_entry("harrowmere", "2026-27-q2", name)


def written(name: str = "reviews", by: Person = ADA) -> Entry:
    one = entry(name)
    if one.indicator:
        moving.take_figure(one, by, read_value("43.6%", {}), reason="", source="Case system")
        moving.write(one, by, happened="287 of 640 have been seen.", help_needed="Two more reviewers.")
    else:
        moving.write(one, by, happened="Twelve carers came.", why="The survey was read.", status="Amber")
    moving.make_move(one, Move.SUBMIT, by)
    return one


def signed(one: Entry, upto: int = 4) -> Entry:
    for move, who in UP[:upto]:
        moving.make_move(one, move, who)
    return one


def text(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    return " ".join(unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def filled(client: Client, address: str) -> dict[str, str]:
    """A form's short fields as the page has them."""
    page = client.get(address).content.decode()
    found = [dict(re.findall('([a-z]+)="([^"]*)"', each)) for each in re.findall("<input [^>]+>", page)]
    return {each["name"]: unescape(each.get("value", "")) for each in found if each.get("type") in ("text", "hidden")}


# --- opening


def test_a_round_is_opened_from_the_calendar_with_an_entry_for_everything(people, examples):
    address = reverse("round-open", args=["harrowmere", "2026-27-q2"])
    shown = filled(people["eve"], address)
    assert shown["data_cut"] == "14 October 2026"
    typed = shown | {"levels": [LEVELS[1].value], "scrutiny": "3 December 2026"}
    assert people["eve"].post(address, typed).status_code == 302
    stored = Round.objects.get()
    assert stored.asked == (State.DIRECTOR,)
    assert stored.calendar == {**DATES, Step.SCRUTINY: date(2026, 12, 3)}
    kinds = [(bool(each.indicator), bool(each.priority)) for each in stored.entries.all()]
    assert (kinds.count((True, False)), kinds.count((False, True))) == (15, 12)
    assert entry("reviews").owners == WHOSE
    assert entry("2026-27-8").happened.startswith("287 of 640 have been seen.")
    assert Change.objects.get(kind="round").by == "eve"
    again = people["eve"].post(address, typed)
    assert "There is a round for this quarter already." in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"clinic": "1 October 2026"}, "1 October 2026 is before the owner commentary on 21 October 2026."),
        ({"publication": "25 December 2026"}, "is Christmas Day, not a working day. Choose another."),
        ({"data_cut": "soon"}, "“soon” is not a date we can read."),
    ],
)
def test_dates_that_cannot_be_are_refused(people, examples, typed, said):
    address = reverse("round-open", args=["harrowmere", "2026-27-q2"])
    dates = {step.name.lower(): day.isoformat() for step, day in DATES.items()}
    page = people["eve"].post(address, dates | typed).content.decode()
    assert said in unescape(page)
    assert not Round.objects.exists()


def test_a_quarter_nobody_planned_for_has_no_round(people, examples):
    page = people["eve"].post(reverse("round-open", args=["harrowmere", "2024-25-q1"]), {}).content.decode()
    assert "There is no plan or scorecard for 2024/25" in page
    assert people["ada"].get(reverse("round-open", args=["harrowmere", "2026-27-q2"])).status_code == 403


def test_a_councils_own_calendar_dates_its_next_round(people, examples):
    address = "/harrowmere/rounds/calendar/edit/"
    rules = {step.name.lower(): rule.words for step, rule in TEMPLATE.items()}
    refused = people["eve"].post(address, rules | {"clinic": "2 working days"}).content.decode()
    assert "2 working days is before the owner commentary" in refused
    people["eve"].post(address, rules | {"publication": "Friday after 60 working days"})
    assert Calendar.objects.get().template[Step.PUBLICATION].words == "Friday after 60 working days"
    shown = filled(people["eve"], reverse("round-open", args=["harrowmere", "2026-27-q2"]))
    assert shown["publication"] == "8 January 2027"


def test_what_is_listed_later_joins_the_round(people, opened):
    Entry.objects.filter(name="reviews").delete()
    people["eve"].post(HERE + "fill/")
    assert entry("reviews").order == 27
    people["eve"].post(HERE + "fill/")
    assert "Nothing was missing" in text(people["eve"], HERE)


# --- an entry's way, through the pages


def press(client: Client, address: str, move: str, **sent: str):
    return client.post(address + "move/", {"move": move, "seen": now().data.digest, **sent})


def test_a_figure_and_its_words_go_all_the_way(people, opened, client):
    ada = people["ada"]
    assert press(ada, REVIEWS, "submit").status_code == 409  # nothing is confirmed or written
    assert filled(ada, REVIEWS + "figure/")["value"] == "43.6% (provisional)"
    figure = {"value": "43.6%", "numerator": "1,090", "denominator": "2,500", "source": "", "seen": "999999"}
    assert "Write where the figure comes from" in unescape(ada.post(REVIEWS + "figure/", figure).content.decode())
    assert ada.post(REVIEWS + "figure/", figure | {"source": "Case system", "reason": "Final."}).status_code == 302
    ada.post(REVIEWS + "commentary/", {"happened": "Seen: 287 of 640.", "help_needed": "Reviewers.", "seen": "999999"})
    assert now().data.owing == ()
    press(ada, REVIEWS, "submit")
    assert now().state is State.SUBMITTED
    for (_, who), move in zip(UP, ("check", "agree-head", "agree-director", "agree-portfolio"), strict=True):
        assert "Seen: 287 of 640." not in text(client, "/harrowmere/indicators/reviews/")
        assert press(people[who.account], REVIEWS, move).status_code == 302
    press(people["eve"], REVIEWS, "publish")
    assert now().state is State.PUBLISHED
    public = text(client, "/harrowmere/indicators/reviews/")
    assert "43.6%" in public
    assert "Seen: 287 of 640." in public
    assert "Reviewers." not in public  # what help is needed stays inside
    moves = Change.objects.filter(kind="entry").order_by("id").values_list("by", "after__state")
    assert "Agreed by the portfolio holder: dev" in text(people["fay"], REVIEWS)
    assert [by for by, _ in moves] == ["ada", "eve", "ben", "cleo", "dev", "eve"]
    assert list(moves)[-1][1] == "published"


def test_a_confirmed_figure_needs_one_press(people, opened):
    Result.objects.filter(indicator__slug="reviews", period=Q2.code).update(source="Case system")
    assert now().data.owing == ("Confirm the figure.", "Write what happened.")
    people["ada"].post(REVIEWS + "confirm/", {"seen": now().data.digest})
    assert now().data.owing == ("Write what happened.",)
    assert "ada" in now().data.writers


def test_an_entry_comes_back_with_a_note_and_stands_first_in_its_owners_work(people, opened):
    written()
    assert "Write a note" in press(people["eve"], REVIEWS, "return").content.decode()
    press(people["eve"], REVIEWS, "return", note="Say which 640.")
    assert now().state is State.RETURNED
    owed = owed_by(ADA, today=date(2026, 11, 25))
    assert [one.because for one in owed if "REVIEWS" in one.title] == ["Returned: Say which 640."]
    page = text(people["ada"], "/my-work/")
    assert "Returned: Say which 640." in page
    assert "Say which 640." in text(people["ada"], REVIEWS)


@pytest.mark.parametrize(
    ("who", "move", "said"),
    [
        ("fay", "check", ""),
        ("ben", "check", "Only an analyst or administrator may mark an entry as checked, or return it."),
        ("cleo", "agree-director", "It is submitted, and has to be checked next."),
    ],
)
def test_a_forged_move_is_refused_with_its_sentence_and_changes_nothing(people, opened, who, move, said):
    written()
    before = Change.objects.count()
    answer = press(people[who], REVIEWS, move)
    assert answer.status_code == (409 if said else 403)
    assert said in unescape(answer.content.decode())
    assert (now().state, Change.objects.count()) == (State.SUBMITTED, before)
    assert people[who].post(REVIEWS + "move/", {"move": "change"}).status_code in (403, 404)


def test_a_move_sent_twice_is_made_once(people, opened):
    written()
    sent = {"move": "check", "seen": now().data.digest}
    assert [people["eve"].post(REVIEWS + "move/", sent).status_code for _ in range(2)] == [302, 409]
    assert entry().signoffs.count() == 1


def test_nobody_signs_what_they_changed(people, opened):
    written()
    moving.write(entry(), EVE, why="Late.")
    assert "somebody else must sign" in unescape(press(people["eve"], REVIEWS, "check").content.decode())
    with pytest.raises(NotAllowed, match="You wrote or changed this entry"):
        moving.make_move(entry(), Move.CHECK, EVE)


def test_who_reads_an_old_page_does_not_sign_a_new_figure(people, opened):
    written()
    seen = now().data.digest
    moving.write(entry(), ADA, why="Another cause.")
    answer = people["eve"].post(REVIEWS + "move/", {"move": "check", "seen": seen})
    assert "changed after you opened its page" in answer.content.decode()


# --- what changed since


def test_a_figure_changed_by_any_road_undoes_the_signatures_and_says_what_changed(people, opened):
    signed(written(), 2)
    assert now().state is State.HEAD
    people["eve"].post(
        "/harrowmere/indicators/reviews/results/2026-27 Q2/edit/",
        {"value": "43.9%", "source": "Case system", "reason": "Eight late reviews.", "seen": "999999"},
    )
    one = now()
    assert (one.state, one.data.signed, one.changed_since) == (
        State.SUBMITTED, (), "since it was agreed by the head of service"
    )  # fmt: skip
    assert ("Figure, Quarter 2 2026/27", "43.6%", "43.9%") in one.changed
    page = text(people["eve"], REVIEWS)
    assert "This changed since it was agreed by the head of service" in page
    board = board_of(opened, entries_of(opened), date(2026, 11, 25))
    assert [each.stored.name for each in board.changed] == ["reviews"]
    with pytest.raises(NotAllowed, match="Confirm the figure"):  # the owner has not seen it
        moving.make_move(entry(), Move.CHECK, person("eva", Role.ANALYST))


def test_putting_it_back_keeps_the_signatures(opened):
    signed(written(), 1)
    moving.write(entry(), ADA, why="Not this.")
    assert now().state is State.SUBMITTED
    moving.write(entry(), ADA, why="")
    assert now().state is State.CHECKED


def test_a_restatement_has_one_reason_and_the_old_figure_stands_until_it_is_published(people, opened, client):
    signed(written())
    moving.make_move(entry(), Move.PUBLISH, EVE)
    page = people["eve"].get(REVIEWS + "figure/")
    assert page.status_code == 200
    figure = {"value": "45.0%", "source": "S", "reason": "x", "seen": "999999"}
    assert "Take it up again to restate it" in people["eve"].post(REVIEWS + "figure/", figure).content.decode()
    asked = press(people["eve"], REVIEWS, "restate", note="A file.").content.decode()
    assert "Choose one of the three reasons" in asked
    press(people["eve"], REVIEWS, "restate", note="A late file came.", reason="DATA")
    moving.take_figure(entry(), ADA, read_value("45.0%", {}), reason="Late", source="Case system")
    assert "43.6%" in text(client, CARD + "q2/")
    assert "45.0%" not in text(client, CARD + "q2/")
    moving.make_move(entry(), Move.SUBMIT, ADA)
    signed(entry())
    moving.make_move(entry(), Move.PUBLISH_AGAIN, EVE)
    assert "45.0%" in text(client, CARD + "q2/")
    assert [(each.number, each.reason) for each in Publication.objects.all()] == [(1, ""), (2, Reason.DATA.value)]
    assert "Restatement 1, because data arrived or were corrected: A late file came." in text(people["fay"], REVIEWS)


def test_a_changed_rule_and_a_changed_figure_are_not_restated_together(opened):
    moving.make_move(signed(written()), Move.PUBLISH, EVE)
    moving.make_move(entry(), Move.RESTATE, EVE, note="Tolerance is 2% now.", reason=Reason.JUDGEMENT)
    moving.take_figure(entry(), ADA, read_value("45.0%", {}), reason="Late", source="Case system")
    moving.make_move(entry(), Move.SUBMIT, ADA)
    with pytest.raises(NotAllowed, match="the figure is another one too"):
        moving.make_move(signed(entry()), Move.PUBLISH_AGAIN, EVE)


# --- who sees what

HIDDEN = "43.6%"


def paper_of(client, monkeypatch) -> str:
    papers = []
    monkeypatch.setattr("outturn.publish.pdf.scorecard_pdf", lambda paper: papers.append(paper) or b"%PDF")
    client.get(CARD + "q2/scorecard.pdf")
    return str(papers[0])


PAGES = {
    "scorecard": CARD + "q2/", "latest": CARD, "priority": CARD + "priorities/8/",
    "indicator": "/harrowmere/indicators/reviews/", "list": "/harrowmere/indicators/", "overview": "/harrowmere/",
    "plan": "/harrowmere/plans/2026-27/",
    "search": "/search/?q=640", "changes": "/harrowmere/changes/",
}  # fmt: skip
SECRETS = (HIDDEN, "287 of 640")


@pytest.mark.parametrize("page", [*PAGES, "paper"])
def test_the_public_sees_nothing_of_a_quarter_before_it_is_published(client, people, opened, page, monkeypatch):
    written()

    def shown(reader):
        return paper_of(reader, monkeypatch) if page == "paper" else text(reader, PAGES[page])

    for reader in (client, people["fay"]):  # a viewer reads what is agreed, and nothing is
        assert not [secret for secret in SECRETS if secret in shown(reader)], page
    if page not in ("search", "overview", "plan"):
        assert [secret for secret in SECRETS if secret in shown(people["eve"])], page


@pytest.mark.parametrize("page", ["scorecard", "indicator", "list", "paper"])
def test_what_is_agreed_is_for_viewers_and_what_is_published_for_everybody(client, people, opened, page, monkeypatch):
    def shown(reader):
        return HIDDEN in (paper_of(reader, monkeypatch) if page == "paper" else text(reader, PAGES[page]))

    signed(written(), 2)
    assert (shown(client), shown(people["fay"])) == (False, True)
    for move, who in UP[2:]:
        moving.make_move(entry(), move, who)
    moving.make_move(entry(), Move.PUBLISH, EVE)
    assert (shown(client), shown(people["fay"])) == (True, True)


def test_what_is_kept_back_among_published_figures_is_awaited(client, opened):
    moving.make_move(signed(written()), Move.PUBLISH, EVE)
    assert "55.0% 42.0% 43.6% not yet due not yet due" in text(client, CARD + "q2/")
    assert "64.0 58.2 awaited not yet due not yet due" in text(client, CARD + "q2/")


def test_drafts_are_bounded_by_service_and_plan(opened):
    council = opened.council
    inside = reader_for(EVE, council)
    assert inside is INSIDE
    elsewhere = Person("gus", "gus", (Scope(Role.HEAD_OF_SERVICE, "harrowmere", frozenset({"Housing"})),))
    ours = Person("ivy", "ivy", (Scope(Role.HEAD_OF_SERVICE, "harrowmere", frozenset({"Adult Social Care"})),))
    plan = Plan.objects.get(council=council)
    found = {each: read_plan(plan, reader_for(each, council)) for each in (elsewhere, ours)}
    assert found[elsewhere] == read_plan(plan, PUBLIC)
    assert not seen_by(council, reader_for(elsewhere, council)).shown
    assert ("reviews", Q2.code) in seen_by(council, reader_for(ours, council)).shown


def test_the_checks_speak_of_a_draft_only_to_those_who_may_read_it(opened):
    written()
    council, today = opened.council, date(2026, 11, 25)
    inside, outside = (
        [row.finding.words for row in found_in(council, today, reader).rows] for reader in (INSIDE, PUBLIC)
    )
    assert any("Quarter 2 2026/27" in words for words in inside)
    assert not any("Quarter 2 2026/27" in words or HIDDEN in words for words in outside)


def test_history_before_the_first_round_and_other_councils_stay_in_sight(client, opened):
    assert "42.0%" in text(client, CARD + "q1/")
    assert "2012-13" in client.get("/leeds/scorecards/2012-13/").headers["Location"]
    assert "1.92" in text(client, "/leeds/scorecards/2012-13/q1/")
    assert client.get(CARD).headers["Location"] == CARD + "q1/"


def test_a_published_priority_is_the_scorecards_report(client, people, opened):
    one = written("2026-27-11", person("ada", Role.OWNER, post=entry("2026-27-11").owners.splitlines()[0]))
    signed(one)
    moving.make_move(one, Move.PUBLISH, EVE)
    report = QuarterReport.objects.get(priority=one.priority, quarter=Q2.code)
    assert (report.status, report.progress) == ("Amber", "Twelve carers came.\n\nThe survey was read.")
    assert "Twelve carers came." in text(client, CARD + "q2/")
    assert "Stand by carers" in text(client, "/search/?q=Twelve+carers+came")
    typed = {"status": "Red", "progress": "No.", "seen": "999999"}
    refused = people["eve"].post(CARD + "priorities/11/q2/edit/", typed).content.decode()
    assert "This quarter has a round. Write it there" in refused


# --- guessed addresses


@pytest.mark.parametrize("below", ["", "figure/", "commentary/", "owner/"])
def test_a_guessed_entry_is_not_opened(client, people, opened, below):
    assert people["fay"].get(REVIEWS + below).status_code == 403
    assert client.get(REVIEWS + below).status_code == 302
    assert people["eve"].get(f"/leeds/rounds/2026-27-q2/entries/reviews/{below}").status_code == 404
    other = HERE + "entries/budget-forecast/" + below
    assert people["ada"].get(other).status_code == (200 if below == "" else 403)


def test_only_the_posts_holder_writes(people, opened):
    other = HERE + "entries/budget-forecast/"
    assert people["ada"].post(other + "commentary/", {"happened": "Mine."}).status_code == 403
    assert "only where a post of yours is the owner" in unescape(
        people["ada"].post(other + "confirm/", {}).content.decode()
    )
    assert entry("budget-forecast").happened == ""


def test_an_owner_given_in_the_round_may_write(people, opened):
    Entry.objects.filter(name="budget-forecast").update(owners="")
    people["eve"].post(HERE + "entries/budget-forecast/owner/", {"owners": WHOSE, "seen": "999999"})
    figure = {"value": "£685", "source": "Ledger", "seen": "999999", "reason": "Final."}
    for below, typed in (("commentary", {"happened": "Mine.", "seen": "999999"}), ("figure", figure)):
        assert people["ada"].post(f"{HERE}entries/budget-forecast/{below}/", typed).status_code == 302


# --- words


def test_two_people_write_one_commentary_and_neither_is_lost(people, opened):
    for post in ("ada", "eve"):
        seen = re.search('name="seen" value="([0-9]+)"', people[post].get(REVIEWS + "commentary/").content.decode())[1]
        if post == "ada":
            first = seen
    people["ada"].post(REVIEWS + "commentary/", {"happened": "Ada’s text.", "seen": first})
    answer = people["eve"].post(REVIEWS + "commentary/", {"happened": "Eve’s text.", "seen": first})
    page = unescape(answer.content.decode())
    assert "Ada’s text." in page
    assert "Eve’s text." in page
    assert entry().happened == "Ada’s text."
    seen = re.search('name="seen" value="([0-9]+)"', page)[1]
    people["eve"].post(REVIEWS + "commentary/", {"happened": "Both texts.", "seen": seen})
    assert entry().happened == "Both texts."


def test_a_long_text_pasted_from_word_is_kept_whole(people, opened):
    pasted = "“Smart” quotes – and\r\na list:\x0b•\u00a0one\r\n•\tTwo "
    long = pasted + "x" * (LONGEST - len(pasted))
    assert people["ada"].post(REVIEWS + "commentary/", {"happened": long, "seen": "999999"}).status_code == 302
    kept = entry().happened
    assert kept.startswith("“Smart” quotes – and\na list:\n•\u00a0one\n•\tTwo xxx")
    assert len(kept) >= LONGEST - 3
    refused = people["ada"].post(REVIEWS + "commentary/", {"happened": "y" * (LONGEST + 1), "seen": "999999"})
    assert "This has 100001 characters. Shorten it to 100000." in refused.content.decode()
    assert entry().happened == kept


def test_script_is_text(people, opened):
    people["ada"].post(REVIEWS + "commentary/", {"happened": "<script>alert(1)</script>=1+1", "seen": "999999"})
    for address in (REVIEWS, HERE, REVIEWS + "commentary/"):
        page = people["ada"].get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_the_checks_advise_on_words_and_never_stand_in_the_way(people, opened):
    words = {"happened": "The share of people with long-term support who were reviewed fell.", "seen": "999999"}
    assert people["ada"].post(REVIEWS + "commentary/", words).status_code == 302
    for address in (REVIEWS, REVIEWS + "commentary/"):
        page = text(people["ada"], address)
        assert "What the checks say of the words" in page
        assert "The text says “" in page
    moving.write(entry("2026-27-8"), EVE, happened="", status="Red")
    assert "Red in Quarter 2 2026/27 without a word on progress." in text(people["eve"], HERE + "entries/2026-27-8/")


# --- together


def test_a_director_agrees_many_at_once_or_none_of_them(people, opened):
    for name in ("reviews", "sw-fte"):
        one = written(name, person("ada", Role.OWNER, post=entry(name).owners))
        signed(one, 2)
    address = HERE + "sign/agree-director/"
    page = people["cleo"].get(address).content.decode()
    seen = dict(re.findall('name="(seen-[^"]+)" value="([^"]+)"', page))
    assert set(seen) == {"seen-reviews", "seen-sw-fte"}
    assert "2 entries" in text(people["cleo"], "/my-work/")
    assert "Nothing was chosen" in people["cleo"].post(address, seen).content.decode()
    stale = people["cleo"].post(address, seen | {"entry": ["reviews", "sw-fte"], "seen-reviews": "x"})
    assert "Nothing was done for any of them" in stale.content.decode()
    assert now().state is State.HEAD
    assert people["cleo"].post(address, seen | {"entry": ["reviews", "sw-fte"]}).status_code == 302
    assert {now("reviews").state, now("sw-fte").state} == {State.DIRECTOR}
    assert people["fay"].get(HERE + "sign/publish/").status_code == 200
    assert "Nothing waits for you here" in text(people["fay"], HERE + "sign/publish/")


def test_the_board_surfaces_what_would_be_overlooked(people, opened):
    written()
    Entry.objects.filter(name="budget-forecast").update(owners="")
    board = board_of(opened, entries_of(opened), date(2026, 11, 25))
    assert "budget-forecast" in [one.stored.name for one in board.ownerless]
    assert WHOSE not in [row.post for row in (*board.silent, *board.vacant)]
    assert "Head of Provider Services" in [row.post for row in board.silent]
    assert "Head of Provider Services" in [row.post for row in board.vacant]
    page = text(people["eve"], HERE)
    for words in ("Entries without an owner", "Posts that no account holds", "Owners not heard from", "Late"):
        assert words in page
    assert "not yours to read" in text(people["fay"], HERE)


def test_a_deputy_owes_what_whoever_is_away_owes(opened):
    deputy = Person("gus", "gus", ADA.grants, stands_in_for=ADA.posts)
    titles = [one.title for one in owed_by(deputy, today=date(2026, 11, 25))]
    assert titles == [one.title for one in owed_by(ADA, today=date(2026, 11, 25))]
    assert any("REVIEWS" in title for title in titles)
    assert owed_by(deputy, council="york", today=date(2026, 11, 25)) == []


def test_a_figure_from_records_is_taken_over_with_its_numbers(people, opened, monkeypatch):
    from outturn.site.indicators.worked_out import Told
    from outturn.site.rounds import page, views

    told = Told({
        "value": 43.8, "unit": "%", "state": None, "flags": ["provisional"], "numerator": 1095, "denominator": 2500,
        "breakdown": {}, "because": "", "notes": [], "year_end": None, "as_of": "2026-10-14T09:00:00", "interval": None,
    })  # fmt: skip
    for module in (page, views):
        monkeypatch.setattr(module, "told_for", lambda one: told)
    assert "43.8% (1,095 of 2,500)" in text(people["ada"], REVIEWS)
    people["ada"].post(REVIEWS + "confirm/", {"seen": now().data.digest, "take": "1"})
    row = Result.objects.get(indicator__slug="reviews", period=Q2.code)
    assert (row.printed, row.numerator, row.source) == ("43.8% (provisional)", Decimal(1095), "Worked out from records")
    assert now().data.owing == ("Write what happened.",)


# --- how much it takes


def test_more_entries_take_no_more_queries(people, opened, django_assert_max_num_queries):
    def taken() -> dict[str, int]:
        found = {}
        for who, address in (("eve", HERE), ("eve", "/my-work/"), ("ada", "/my-work/"), ("eve", REVIEWS),
                             ("eve", HERE + "sign/check/")):  # fmt: skip
            people[who].get(address)
            with django_assert_max_num_queries(40) as counted:
                people[who].get(address)
            found[who + address] = len(counted)
        return found

    written()
    before = taken()
    many_entries(opened, 40)
    for one in opened.entries.filter(name__startswith="extra"):
        moving.write(one, EVE, happened="More.")
    assert taken() == before


def many_entries(opened: Round, number: int) -> None:
    some = entry("reviews").indicator
    for each in range(number):
        indicator = Indicator.objects.create(
            council=opened.council, slug=f"extra-{each}", framework=some.framework, code=some.code, basis=some.basis,
            title=f"Extra {each}",
        )  # fmt: skip
        Entry.objects.create(
            round=opened, name=indicator.slug, order=100 + each, indicator=indicator, owners=WHOSE,
            plan=entry("reviews").plan, period=Q2.code,
        )  # fmt: skip


@pytest.mark.slow
def test_a_round_of_60_indicators_and_50_people_runs_from_end_to_end(examples, client):
    council, plan = Council.objects.get(slug="harrowmere"), Plan.objects.get(council__slug="harrowmere")
    some = Indicator.objects.get(council=council, slug="reviews")
    for number in range(60):
        indicator = Indicator.objects.create(
            council=council, slug=f"made-{number}", framework=some.framework, code=some.code, basis=some.basis,
            title=f"Made up {number}",
        )  # fmt: skip
        PlanIndicator.objects.create(
            plan=plan, indicator=indicator, order=100 + number, heading="Made up", printed_code=f"M{number}",
            title=indicator.title, printed_polarity="Up is Good", owner=f"Post {number % 38}",
        )  # fmt: skip
    owners = {f"Post {each}": person(f"owner{each}", Role.OWNER, post=f"Post {each}") for each in range(38)}
    heads = [person(f"head{each}", Role.HEAD_OF_SERVICE) for each in range(5)]
    directors = [person(f"director{each}", Role.DIRECTOR) for each in range(2)]
    others = [person(f"analyst{each}", Role.ANALYST) for each in range(3)]
    holders = [person(f"member{each}", Role.PORTFOLIO_HOLDER) for each in range(2)]
    assert len(owners) + len(heads) + len(directors) + len(others) + len(holders) == 50

    began = perf_counter()
    opened = open_round(council, Q2, levels=LEVELS, dates=DATES, by="analyst0")
    made = list(opened.entries.filter(name__startswith="made").select_related("round__council", "indicator"))
    for number, one in enumerate(made):
        owner = owners[one.owners]
        moving.take_figure(one, owner, read_value(f"{40 + number % 20}.5%", {}), reason="", source="Case system")
        moving.write(one, owner, happened=f"It stands at {40 + number % 20}.5%.", why="More reviewers.")
        moving.make_move(one, Move.SUBMIT, owner)
    steps = ((Move.CHECK, others), (Move.AGREE_HEAD, heads), (Move.AGREE_DIRECTOR, directors),
             (Move.AGREE_PORTFOLIO, holders), (Move.PUBLISH, others[:1]))  # fmt: skip
    for move, theirs in steps:
        for place, who in enumerate(theirs):
            moving.move_all(made[place :: len(theirs)], move, who)
    found = read_entries(Entry.objects.filter(pk__in=[one.pk for one in made]))
    assert {one.state for one in found} == {State.PUBLISHED}
    assert Publication.objects.count() == 60
    assert perf_counter() - began < 15  # on a busy machine; otherwise it takes about a second
    assert "It stands at 40.5%." in text(client, "/harrowmere/indicators/made-0/")
    assert Grant.objects.count() == 0  # all of it by people, none by their browsers
