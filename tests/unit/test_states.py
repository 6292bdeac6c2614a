"""An entry's way to publication: the table, its refusals, and what no sequence of moves can bring about."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outturn.plans.roles import Deed, Grant, Person, Role
from outturn.plans.states import (
    AGREE,
    LEVELS,
    OUT,
    SIGNED,
    TABLE,
    WAITS,
    Allowed,
    Asks,
    Entry,
    Move,
    NotAllowed,
    Reason,
    Refused,
    State,
    as_it_stands,
    check_move,
    may_move,
    moved,
    next_move,
    page,
)

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "states.md"
POST = "Head of Reviews"


def person(account: str, *roles: Role) -> Person:
    posts = frozenset({("york", POST)}) if Role.OWNER in roles else frozenset()
    return Person(account, account, tuple(Grant(role) for role in roles), posts)


ADA = person("ada", Role.OWNER)
BEN = person("ben", Role.HEAD_OF_SERVICE)
CLEO = person("cleo", Role.DIRECTOR)
DEV = person("dev", Role.PORTFOLIO_HOLDER)
EVE = person("eve", Role.ANALYST)
FAY = person("fay", Role.VIEWER)
ALL_ROLES = person("omni", *Role)
FIRST = Entry("york", "Adult Social Care", "2018-19", POST, digest="1", writers=frozenset({"ada"}))


def walk(entry: Entry, *moves: tuple[Move, Person]) -> Entry:
    for move, who in moves:
        check_move(entry, move, who, note="Because.", reason=Reason.DATA)
        entry = moved(entry, move, who.account, Reason.DATA)
    return entry


TO_DIRECTOR = ((Move.SUBMIT, ADA), (Move.CHECK, EVE), (Move.AGREE_HEAD, BEN), (Move.AGREE_DIRECTOR, CLEO))
ALL_THE_WAY = (*TO_DIRECTOR, (Move.AGREE_PORTFOLIO, DEV), (Move.PUBLISH, EVE))


def test_an_entry_goes_all_the_way():
    assert walk(FIRST, *ALL_THE_WAY).state is State.PUBLISHED


def test_levels_that_a_council_does_not_ask_are_skipped():
    entry = walk(replace(FIRST, levels=()), (Move.SUBMIT, ADA), (Move.CHECK, EVE), (Move.PUBLISH, EVE))
    assert entry.state is State.PUBLISHED
    only = replace(FIRST, levels=(State.DIRECTOR,))
    assert walk(only, (Move.SUBMIT, ADA), (Move.CHECK, EVE), (Move.AGREE_DIRECTOR, CLEO)).missing == []


def refusal(entry: Entry, move: Move, who: Person) -> str:
    with pytest.raises(NotAllowed) as refused:
        check_move(entry, move, who, note="Because.", reason=Reason.DATA)
    return str(refused.value)


CHECKED = walk(FIRST, *TO_DIRECTOR[:2])


@pytest.mark.parametrize(
    ("entry", "move", "who", "said"),
    [
        (replace(FIRST, owing=("Write what happened.",)), Move.SUBMIT, ADA, "Write what happened."),
        (FIRST, Move.CHECK, EVE, "It is a draft. Its owner has to submit it first."),
        (CHECKED, Move.AGREE_DIRECTOR, CLEO, "It has to be agreed by the head of service first."),
        (CHECKED, Move.PUBLISH, EVE, "It has to be agreed by the head of service first."),
        (replace(CHECKED, levels=LEVELS[1:]), Move.AGREE_HEAD, BEN,
         "In this round nothing has to be agreed by the head of service."),
        (replace(CHECKED, writers=frozenset({"ben"})), Move.AGREE_HEAD, BEN,
         "You wrote or changed this entry, so somebody else must sign it off."),
        (replace(walk(FIRST, TO_DIRECTOR[0], (Move.CHECK, ALL_ROLES))), Move.AGREE_HEAD, ALL_ROLES,
         "You have signed this entry at an earlier step, so somebody else must sign it off now."),
        (walk(FIRST, *ALL_THE_WAY), Move.CHANGE, ADA,
         "It is published. Take it up again to restate it; readers keep what was published till then."),
        (walk(FIRST, TO_DIRECTOR[0]), Move.CHECK, FAY,
         "Only an analyst or administrator may mark an entry as checked, or return it. You are a viewer."),
    ],
)  # fmt: skip
def test_a_refusal_says_why(entry, move, who, said):
    assert refusal(entry, move, who) == said


@pytest.mark.parametrize("move", [Move.RETURN, Move.RESTATE])
def test_what_must_be_explained_is_not_done_in_silence(move):
    entry = walk(FIRST, *(ALL_THE_WAY if move is Move.RESTATE else ALL_THE_WAY[:1]))
    row = may_move(entry, move, EVE)
    assert isinstance(row, Allowed)
    with pytest.raises(NotAllowed, match=re.escape(row.row.asks.value)):
        check_move(entry, move, EVE, note="  ", reason=Reason.DATA)
    if move is Move.RESTATE:
        with pytest.raises(NotAllowed, match="exactly one"):
            check_move(entry, move, EVE, note="A late file came.")


def test_a_change_after_a_signature_takes_it_back_to_submitted():
    entry = as_it_stands(replace(CHECKED, digest="2"))
    assert (entry.state, entry.signed) == (State.SUBMITTED, ())
    assert as_it_stands(CHECKED) is CHECKED


def test_putting_the_words_back_does_not_cost_a_signature():
    assert as_it_stands(replace(replace(CHECKED, digest="2"), digest="1")).state is State.CHECKED


def test_a_restatement_is_signed_by_everybody_again():
    entry = walk(FIRST, *ALL_THE_WAY, (Move.RESTATE, EVE))
    assert (entry.state, entry.signed, entry.reason) == (State.DRAFT, (), Reason.DATA)
    assert "restatement" in refusal(walk(entry, *ALL_THE_WAY[:-1]), Move.PUBLISH, EVE)
    entry = walk(entry, *ALL_THE_WAY[:-1], (Move.PUBLISH_AGAIN, EVE))
    assert (entry.state, entry.reason) == (State.RESTATED, None)


def test_a_changed_rule_restates_no_figure():
    entry = walk(FIRST, *ALL_THE_WAY, (Move.RESTATE, EVE), *ALL_THE_WAY[:-1])
    mixed = replace(entry, reason=Reason.JUDGEMENT, figure_moved=True)
    assert "the judgement rule changed" in refusal(mixed, Move.PUBLISH_AGAIN, EVE)
    assert isinstance(may_move(replace(mixed, figure_moved=False), Move.PUBLISH_AGAIN, EVE), Allowed)


def test_what_comes_next_is_always_a_move_of_the_table():
    entry = FIRST
    for move, who in ALL_THE_WAY:
        assert next_move(entry) is move
        entry = walk(entry, (move, who))
    assert next_move(entry) is None


PEOPLE = [ADA, BEN, CLEO, DEV, EVE, FAY, ALL_ROLES, person("ada", *Role), person("hal", *Role), person("ivy", *Role)]
STEPS = st.tuples(st.sampled_from(Move), st.sampled_from(PEOPLE), st.sampled_from(["same", "same", "other"]))
LEVELS_ASKED = st.sets(st.sampled_from(LEVELS)).map(lambda chosen: tuple(each for each in LEVELS if each in chosen))


@settings(max_examples=300, deadline=None)
@given(levels=LEVELS_ASKED, steps=st.lists(STEPS, max_size=30), forwards=st.booleans())
def test_nothing_is_published_without_every_agreement_by_people_of_their_own(levels, steps, forwards):
    entry = replace(FIRST, levels=levels)
    for move, who, content in steps:
        wanted = (next_move(entry) or move) if forwards else move
        answer = may_move(entry, wanted, who)
        if isinstance(answer, Refused):
            assert answer.sentence.endswith(".")
            continue
        if wanted is Move.CHANGE:
            entry = replace(entry, writers=entry.writers | {who.account}, digest=content)
        if answer.row.to in OUT and answer.row.at not in OUT:
            steps_signed = [each.step for each in entry.signed]
            signers = [each.by for each in entry.signed]
            assert steps_signed == [State.CHECKED, *levels]
            assert len(set(signers)) == len(signers)
            assert not entry.writers & set(signers)
            assert all(each.digest == entry.digest for each in entry.signed)
        entry = as_it_stands(moved(entry, wanted, who.account, Reason.DATA))


@given(st.sampled_from(State), st.sampled_from(Move), st.sampled_from(PEOPLE), LEVELS_ASKED)
def test_every_refusal_has_a_sentence(state, move, who, levels):
    answer = may_move(replace(FIRST, state=state, levels=levels, owing=("Write why.",)), move, who)
    assert isinstance(answer, Allowed) or re.fullmatch(r"[A-Z].+\.", answer.sentence)


def test_the_table_is_whole():
    assert set(WAITS) == set(State)
    assert {row.at for row in TABLE} == set(State)
    assert {row.to for row in TABLE} == set(State)
    assert {row.move for row in TABLE} == set(Move)
    assert len({(row.move, row.at) for row in TABLE}) == len(TABLE)
    into = {row.at for row in TABLE if row.to in OUT}
    assert into == set(SIGNED), "nothing is published that was not signed"
    assert {row.who for row in TABLE if row.move in AGREE.values()} == {
        (Deed.AGREE_HEAD,), (Deed.AGREE_DIRECTOR,), (Deed.AGREE_PORTFOLIO,)
    }  # fmt: skip
    assert {row.asks for row in TABLE if row.move is Move.RESTATE} == {Asks.REASON}


def test_the_page_in_the_documentation_is_the_table():
    text = DOCS.read_text("utf-8")
    assert text == page(), "Make it anew: python -m outturn.plans.states > docs/reference/states.md"
    names = {short: name for name, short in re.findall(r'state "(.+)" as (s\d)', text)}
    drawn = re.findall(r"^    (s\d) --> (s\d): (.+)$", text, re.MULTILINE)
    assert sorted((names[at], names[to], move) for at, to, move in drawn) == sorted(
        (row.at.value, row.to.value, row.move.value) for row in TABLE
    )
