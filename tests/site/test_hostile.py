# ruff: noqa: F811  fixtures of the round's own stories
"""What goes wrong by accident or on purpose while a round is written: nothing typed is lost, and nothing gets through.

Beside the stories of each part: forged moves and guessed entries in test_rounds, keeping of forms in test_sign_in,
forged calendars in test_notices, tampering in test_trail and test_cli_trail.
"""

import csv
import io
import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from outturn.plans.roles import Role
from outturn.plans.states import Move, State
from outturn.site.requests.models import Request
from outturn.site.rounds import moving
from outturn.site.rounds.models import LONGEST
from outturn.site.trail import triggers
from outturn.site.trail.chain import Broken, follow
from outturn.site.trail.keeping import rows
from outturn.site.trail.models import Change

from .test_rounds import (  # noqa: F401
    ADA,
    EVE,
    HERE,
    REVIEWS,
    entry,
    examples,
    loaded,
    now,
    opened,
    own_definitions,
    people,
    written,
)

pytestmark = pytest.mark.django_db
COMMENTARY = REVIEWS + "commentary/"
WORD = (
    "\ufeffWe’ve “seen” 287 of 640\u00a0– 45 %…\r\n\r\n\u2022\tFirst\u200b point\x0b\u00b7\tSecond\u2028o\tThird\u00ad"
    "\r\n\u201cDone\u201d \u2013 50\u202f%\u2013ish \U0001f44d"
)
HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% raw %}", "javascript:alert(1)")
FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-1+1|cmd", "@SUM(A1)", "\t=1+1", "  =1+1", "\n=1+1")


def fields(html: str) -> dict[str, str]:
    """The long fields of a page, as a browser would send them again."""
    found = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL)
    return {name: unescape(text) for name, text in found}


def edited(client: Client, **said: str):
    """Open the form, type, and send it."""
    page = client.get(COMMENTARY).content.decode()
    return client.post(COMMENTARY, {"seen": re.search('name="seen" value="([0-9]+)"', page)[1], **said})


# --- text


def test_text_typed_in_a_session_that_expires_is_offered_again_and_saved_whole(people, opened, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = User.objects.get(username="ada")
    user.set_password("harbour lantern 7")
    user.save()
    ada, long = people["ada"], (WORD + "\n") * 1000
    ada.force_login(user)
    seen = re.search('name="seen" value="([0-9]+)"', ada.get(COMMENTARY).content.decode())[1]
    Session.objects.all().delete()
    asked = ada.post(COMMENTARY, {"happened": long, "why": WORD, "seen": seen})
    assert "What you typed is kept" in ada.get(asked.url).content.decode()
    assert entry().happened == ""
    moving.write(entry(), ADA, why="Meanwhile.")  # by herself, elsewhere
    said = ada.post("/sign-in/", {"username": "ada", "password": "harbour lantern 7"})
    kept = fields(ada.get(said.url).content.decode())
    refused = ada.post(COMMENTARY, kept)  # it is stale now, and shows both
    assert "Meanwhile." in refused.content.decode()
    again = fields(refused.content.decode())
    page = refused.content.decode()
    ada.post(COMMENTARY, again | {"seen": re.search('name="seen" value="([0-9]+)"', page)[1]})
    assert entry().happened.count("“seen” 287 of 640") == 1000
    assert "• First" in " ".join(entry().why.split()).replace("\u200b", "")


def test_text_pasted_from_word_keeps_every_mark_and_line(people, opened):
    assert edited(people["ada"], happened=WORD).status_code == 302
    kept = entry().happened
    for words in ("We’ve “seen” 287", "45 %…\n\n•\tFirst", "point\n·\tSecond\no\tThird", "50\u202f%–ish \U0001f44d"):
        assert words in kept
    assert "\r" not in kept
    assert "\x0b" not in kept
    before = Change.objects.count()
    assert edited(people["ada"], **fields(people["ada"].get(COMMENTARY).content.decode())).status_code == 302
    assert (entry().happened, Change.objects.count()) == (kept, before)  # sent back untouched it says the same
    page = people["ada"].get(REVIEWS).content.decode()
    assert "“seen” 287" in unescape(page)


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b[31m", "\ufffe"])
def test_what_cannot_be_printed_is_refused_with_its_place_and_the_text_is_still_there(people, opened, bad):
    answer = edited(people["ada"], happened=f"Seen{bad} 287.", why="Kept.")
    page = unescape(answer.content.decode())
    assert "Character 5 (U+" in page
    assert "Kept." in page
    assert entry().why == ""


def test_a_hundred_thousand_characters_in_every_part_are_kept_and_one_more_is_refused_and_still_there(people, opened):
    parts = ("happened", "why", "doing", "by_when", "help_needed")
    assert edited(people["ada"], **dict.fromkeys(parts, "é" * LONGEST)).status_code == 302
    assert {len(getattr(entry(), name)) for name in parts} == {LONGEST}
    assert people["ada"].get(REVIEWS).status_code == people["eve"].get(HERE).status_code == 200
    refused = edited(people["ada"], happened="y" * (LONGEST + 1))
    assert "This has 100001 characters. Shorten it to 100000." in refused.content.decode()
    assert len(fields(refused.content.decode())["happened"]) == LONGEST + 1
    assert entry().happened == "é" * LONGEST


def test_a_note_that_is_too_long_is_refused_and_still_there(people, opened):
    written()
    sent = {"move": "return", "note": "n" * 100_000, "seen": now().data.digest}
    answer = people["eve"].post(REVIEWS + "move/", sent)
    assert answer.status_code == 409
    assert "The note has 100,000 characters. Shorten it to 20,000." in answer.content.decode()
    assert "n" * 100_000 in answer.content.decode()
    assert now().state is State.SUBMITTED


# --- script and formulas


@pytest.mark.parametrize("hostile", HOSTILE)
def test_script_in_words_notes_and_answers_is_text_wherever_it_is_shown(people, opened, hostile):
    written()
    moving.write(entry(), ADA, happened=hostile, help_needed=hostile)
    moving.make_move(entry(), Move.RETURN, EVE, note=hostile)
    asked = Request.objects.filter(council__slug="harrowmere").first()
    answer = {"on": "25 November 2026", "by": hostile, "text": hostile, "seen": "999999"}
    assert people["eve"].post(f"/harrowmere/requests/{asked.number}/answer/", answer).status_code == 302
    places = (REVIEWS, COMMENTARY, HERE, "/my-work/", f"/harrowmere/requests/{asked.number}/", "/harrowmere/changes/",
              "/harrowmere/indicators/reviews/")  # fmt: skip
    shown = 0
    for who in ("ada", "eve"):
        for address in places:
            page = people[who].get(address).content.decode()
            assert "<script>alert" not in page, address
            assert "<img" not in page, address
            assert "href=\"javascript:" not in page.casefold(), address
            shown += hostile in unescape(page)
    assert shown >= 9


def test_no_export_hands_a_spreadsheet_a_formula(people, opened):
    for number, formula in enumerate(FORMULAS):
        moving.write(entry(), ADA, happened=f"{formula} {number}", why=formula)
    written(by=ADA)
    moving.make_move(entry(), Move.RETURN, EVE, note=FORMULAS[0])
    answer = people["eve"].post("/harrowmere/changes/export/", {"form": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    risky = [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@")) or cell.startswith(("\t", "\r"))]
    assert risky == []


# --- forged, guessed and sent again


def test_nobody_reaches_into_another_council(people, opened, account):
    gus = Client()
    gus.force_login(account("gus", Role.ANALYST, council="leeds"))
    before = Change.objects.count()
    written_to = {"happened": "Mine.", "seen": "999999"}
    asked = Request.objects.filter(council__slug="harrowmere").first()
    posts = [
        (COMMENTARY, written_to), (REVIEWS + "figure/", {"value": "1%", "seen": "999999"}),
        (REVIEWS + "owner/", {"owners": "Gus", "seen": "999999"}), (REVIEWS + "confirm/", {}),
        (REVIEWS + "move/", {"move": "submit"}), (HERE + "fill/", {}), (HERE + "edit/", {"seen": "999999"}),
        (f"/harrowmere/requests/{asked.number}/answer/", {"text": "Mine."}),
        (f"/leeds/requests/{asked.number}/answer/", {"text": "Mine."}),
        ("/leeds/rounds/2026-27-q2/entries/reviews/commentary/", written_to),
        ("/leeds/rounds/2026-27-q2/entries/reviews/move/", {"move": "submit"}),
    ]  # fmt: skip
    said = [gus.post(address, sent).status_code for address, sent in posts]
    assert said == [403] * 8 + [404] * 3
    assert Change.objects.count() == before


def test_signing_together_takes_no_entry_that_does_not_wait_for_this_person(people, opened):
    written()
    foreign = {"entry": ["budget-forecast", "nothing", "../reviews", "1"], "seen-budget-forecast": ""}
    answer = people["eve"].post(HERE + "sign/check/", foreign)
    assert answer.status_code == 409
    assert people["cleo"].post(HERE + "sign/check/", {"entry": "reviews"}).status_code == 409
    assert (entry("budget-forecast").state, entry().state) == ("draft", "submitted")


def test_moves_sent_again_later_do_nothing_to_what_has_changed_since(people, opened):
    written()
    sent = {"move": "check", "seen": now().data.digest}
    assert people["eve"].post(REVIEWS + "move/", sent).status_code == 302
    moving.make_move(entry(), Move.RETURN, EVE, note="Again.")
    moving.write(entry(), ADA, why="Another.")
    moving.make_move(entry(), Move.SUBMIT, ADA)
    before = Change.objects.count()
    answer = people["eve"].post(REVIEWS + "move/", sent)  # what eve read then is not what stands there now
    assert answer.status_code == 409
    assert (now().state, Change.objects.count()) == (State.SUBMITTED, before)


def test_a_commentary_changed_behind_the_products_back_is_found(opened):
    written()
    number = Change.objects.filter(kind="commentary").first().pk
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_change SET after = '{\"happened\": \"Nothing.\"}' WHERE id = %s", [number])
    with pytest.raises(Broken):
        [*follow(rows())]
