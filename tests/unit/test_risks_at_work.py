"""Risks: schemes of scoring, appetite, escalation, movement, and what asks for a review."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.plans.action import Action, ActionState, Milestone
from outturn.plans.appetite import Level, RiskRules, appetite_of, escalated
from outturn.plans.asked import Breach, asks_of, review_overdue
from outturn.plans.risk import Review, Risk, Stood, history_faults, last_move, movement, since
from outturn.plans.risk_settings import risk_rules_of
from outturn.plans.scheme import (
    CANTERBURY,
    FIVE_BY_FIVE,
    LETTER_BY_NUMBER,
    LETTERS,
    SCHEMES,
    WORDS,
    Position,
)
from outturn.terms.period import Period
from outturn.terms.status import Rag
from outturn.textfiles import FaultyFiles

LETTER = Risk("0544", "Delays", "Head of Service", rating=Rag.AMBER)
DAY = date(2026, 11, 25)


def at(likelihood: int, impact: int, **more) -> Risk:
    return Risk("R1", "Harm", "Head of Service", net=Position(likelihood, impact), **more)


def rules(**plain) -> RiskRules:
    return risk_rules_of(plain)


# --- schemes


@pytest.mark.parametrize(("score", "band"), [(10, Rag.GREEN), (11, Rag.AMBER), (15, Rag.AMBER), (16, Rag.RED)])
def test_the_usual_bands_begin_where_they_are_published_to_begin(score, band):
    assert FIVE_BY_FIVE.band(score).rag is band


@pytest.mark.parametrize(
    ("score", "word"),
    [(25, "Very high"), (20, "High"), (12, "High/medium"), (9, "Medium"), (6, "Medium/low"), (5, "Low")],
)
def test_canterbury_has_words_of_its_own(score, word):
    assert CANTERBURY.band(score).word == word


def test_a_square_is_called_as_its_council_calls_it():
    assert Position(4, 5).words == "4 × 5 = 20, Red"
    assert Position(4, 4, CANTERBURY).words == "4 × 4 = 16, High (Red)"
    assert Position(4, 4, LETTER_BY_NUMBER).words == "A1, Outside tolerance (Red)"
    assert Position(1, 1, LETTER_BY_NUMBER).printed == "D4"
    assert Position(3, 4, WORDS).words == "Likely, Major, Above the line (Red)"


def test_a_position_outside_its_scheme_is_refused():
    with pytest.raises(ValueError, match="whole numbers from 1 to 4"):
        Position(5, 1, WORDS)
    with pytest.raises(ValueError, match="from 1 to 0"):
        Position(1, 1, LETTERS)


@pytest.mark.parametrize("scheme", [one for one in SCHEMES.values() if not one.is_letters], ids=lambda one: one.name)
def test_a_higher_step_is_never_a_lower_score_and_every_score_has_a_band(scheme):
    tall, wide = len(scheme.likelihoods), len(scheme.impacts)
    for row in range(1, tall + 1):
        for column in range(1, wide + 1):
            score = scheme.score(row, column)
            assert scheme.band(score)
            assert row == tall or scheme.score(row + 1, column) >= score
            assert column == wide or scheme.score(row, column + 1) >= score


@pytest.mark.parametrize(("text", "step"), [("3", 3), ("possible", 3), ("3 Possible", 3)])
def test_a_step_is_read_by_number_word_or_both(text, step):
    assert FIVE_BY_FIVE.read_step(0, text) == step


def test_a_step_by_a_mark_is_not_taken_for_a_number():
    assert LETTER_BY_NUMBER.read_step(0, "a") == 4
    assert LETTER_BY_NUMBER.read_step(1, "1") == 4  # 1 is what the worst is called
    with pytest.raises(ValueError, match=r"“E” is no likelihood by “Letter by number”. Write one of: D Very low;"):
        LETTER_BY_NUMBER.read_step(0, "E")
    with pytest.raises(ValueError, match="a risk has a letter and no position"):
        LETTERS.read_step(0, "3")


OWN = {
    "name": "Ours", "likelihood": ["Rare", "Likely"], "impact": ["Minor", "Major"],
    "bands": {"High": "Red from 3", "Low": "Green from 1"}, "squares": {"Rare": "1, 2", "Likely": "2, 3"},
}  # fmt: skip


def test_a_scheme_of_ones_own_is_a_table():
    scheme = rules(scheme=OWN).scheme
    assert Position(2, 2, scheme).words == "2 × 2 = 3, High (Red)"
    in_words = {**OWN, "bands": {"High": "Red", "Low": "Green"}, "squares": {"Rare": "Low, Low", "Likely": "Low, High"}}
    assert Position(2, 2, rules(scheme=in_words).scheme).words == "Likely, Major, High (Red)"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"likelihood": ["Rare"]}, "“likelihood” takes 2 to 10 words, the lowest first."),
        ({"likelihood_marks": ["A"]}, "“likelihood_marks” has 1 marks for 2 steps."),
        ({"bands": {}}, "“bands” is missing."),
        ({"bands": {"High": "Purple from 3"}}, "“Purple from 3” is no band. Write a colour and its lowest score"),
        ({"bands": {"High": "Red from 3", "Low": "Green from 3"}}, "begins at 3, no lower than the band before it."),
        ({"squares": {"Rare": "1, 2"}}, "squares, Likely: there are 0 for 2 impacts. Divide them by commas."),
        ({"squares": {"Rare": "1, 2", "Likely": "2, x"}}, "squares, Likely: “x” is no score."),
        ({"squares": {**OWN["squares"], "Often": "1, 2"}}, "“Often” is not one of the likelihoods."),
        ({"bands": {"High": "Red from 3", "Low": "Green from 2"}}, "A square with 1 is in no band."),
        ({"bands": {"High": "Red from 3"}, "squares": {}}, "Scores below 3 are in no band."),
    ],
)
def test_a_scheme_that_would_not_work_is_refused(changed, words):
    with pytest.raises(FaultyFiles) as refused:
        rules(scheme={**OWN, **changed})
    assert words in str(refused.value)


# --- appetite and escalation


def test_a_risk_is_held_against_its_own_line_then_its_categorys_then_the_councils():
    ours = rules(appetite="12", appetites={"Money": "15"})
    assert appetite_of(at(3, 4), ours).within
    assert appetite_of(at(3, 5), ours).sentence == "15 is above the appetite of 12."
    assert appetite_of(at(3, 5, category="money"), ours).sentence == "15 is within the appetite of 15 for Money."
    assert appetite_of(at(3, 5, category="Money", appetite="6"), ours).sentence.endswith("of 6 for this risk.")
    assert appetite_of(at(3, 5), RiskRules()).within is None


def test_a_letter_is_held_against_colours_alone():
    assert appetite_of(LETTER, rules(appetite="Amber")).within
    assert appetite_of(replace(LETTER, rating=Rag.RED), rules(appetite="Amber")).within is False
    untold = appetite_of(LETTER, rules(appetite="12"))
    assert untold.sentence == "Only a letter is known, so it cannot be held against the appetite of 12."


def test_a_band_as_a_line_counts_whole():
    assert appetite_of(at(3, 5), rules(appetite="Amber")).within  # 15, the highest Amber
    assert appetite_of(at(4, 4), rules(appetite="Amber")).within is False


def test_a_risk_goes_as_far_as_the_rules_take_it():
    ours = rules(appetite="8", escalation={"directorate": "outside appetite", "corporate": "16"})
    told = [(escalated(risk, ours).level, escalated(risk, ours).because) for risk in (at(2, 4), at(3, 3), at(4, 4))]
    assert told == [
        (Level.SERVICE, "No rule takes it further."),
        (Level.DIRECTORATE, "It is outside its appetite."),
        (Level.CORPORATE, "16 is at or above 16."),
    ]
    assert escalated(LETTER, ours).because.endswith("Only a letter is known, so the line of 16 cannot be applied.")
    assert escalated(at(5, 5), RiskRules()).because == "No rule of escalation has been set."


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ({"appetite": "26"}, "“26” is no line by “5 by 5”. Write a score from 1 to 25, or one of: Red, Amber, Green."),
        ({"appetites": {"Money": "lots"}}, "appetites, Money: “lots” is no line"),
        ({"escalation": {"cabinet": "16"}}, "Risks go on to a directorate or to corporate, not to “cabinet”."),
        ({"escalation": {"corporate": "often"}}, "Or: outside appetite."),
        ({"scheme": "6 by 6"}, "“6 by 6” is not a scheme for scoring risks. Write one of: 5 by 5;"),
        ({"apetite": "12"}, "Did you mean “appetite”?"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(plain, words):
    with pytest.raises(FaultyFiles) as refused:
        rules(**plain)
    assert words in str(refused.value)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 25))
def test_what_is_outside_an_appetite_stays_outside_a_lower_one(likelihood, impact, line):
    higher, lower = rules(appetite=str(line)), rules(appetite=str(max(line - 1, 1)))
    risk = at(likelihood, impact)
    assert appetite_of(risk, higher).within or not appetite_of(risk, lower).within


# --- movement


def stood(since: date | None, likelihood: int, impact: int) -> Stood:
    return Stood(since, Position(likelihood, impact))


def test_movement_is_told_in_words_with_its_day():
    risk = at(4, 4, history=(stood(date(2026, 4, 1), 3, 4), stood(date(2026, 8, 14), 4, 4)))
    moved, day = last_move(risk)
    assert (moved.words, moved.better, day) == ("up from 12 to 16", False, date(2026, 8, 14))
    assert since(risk, date(2026, 9, 30)).words == "no change"
    assert since(risk, date(2026, 6, 30)).words == "up from 12 to 16"
    assert since(risk, date(2026, 3, 31)).words == "not known"


def test_without_an_earlier_position_movement_is_not_known():
    assert last_move(at(4, 4))[0].words == "not known"
    assert not last_move(LETTER)[0].known


def test_a_letter_moves_and_does_not_become_a_score():
    amber, red = Stood(None, None, Rag.AMBER), Stood(DAY, None, Rag.RED)
    assert movement(amber, red).words == "up from Amber to Red"
    assert movement(amber, Stood(DAY, Position(4, 4))).known is False
    assert movement(stood(None, 3, 4), stood(DAY, 4, 3)).words == (
        "moved at the same height, from 3 × 4 = 12, Amber to 4 × 3 = 12, Amber"
    )


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
def test_turned_round_in_time_up_becomes_down(a, b, c, d):
    there, back = movement(stood(None, a, b), stood(DAY, c, d)), movement(stood(None, c, d), stood(DAY, a, b))
    assert (there.better is None) == (back.better is None)
    assert there.better is None or there.better is not back.better


def test_a_history_ends_where_the_risk_stands_and_begins_with_the_oldest():
    first, last = stood(date(2026, 4, 1), 3, 4), stood(date(2026, 8, 14), 4, 4)
    assert history_faults(at(4, 4, history=(first, last))) == []
    assert "14 August 2026 is 4 × 4 = 16, Red" in history_faults(at(3, 3, history=(first, last)))[0]
    assert "begin with the oldest" in history_faults(at(3, 4, history=(last, first)))[0]


# --- reviews


BREACH = Breach("START-DAYS", Period.quarter(2026, 2), red=True, concerning=True)
STEP = Milestone("Half seen", "31 August 2026", date(2026, 8, 31), number=3)
LATE = Action(
    "HASC01", "Reviews", "See everyone.", "BAU", ("Head",), "31 October 2026", ActionState.OPEN, date(2026, 10, 31),
    milestones=(STEP,), risks=("R1",),
)  # fmt: skip


def test_a_breach_and_a_late_action_ask_for_a_review():
    asks = asks_of(at(3, 4, indicators=("start-days",)), [LATE], {"start-days": BREACH, "other": BREACH}, DAY)
    assert [ask.words for ask in asks] == [
        "START-DAYS is Red by the rule and shows a special cause for concern for Quarter 2 2026/27.",
        "Action HASC01 was due by 31 October 2026 and is not complete.",
        "Milestone 3 of action HASC01, “Half seen”, was due by 31 August 2026.",
    ]


def test_a_review_answers_what_asked_and_a_new_date_asks_anew():
    risk = at(3, 4, indicators=("start-days",))
    keys = tuple(ask.key for ask in asks_of(risk, [LATE], {"start-days": BREACH}, DAY))
    reviewed = replace(risk, reviews=(Review(DAY, "Looked at.", keys),))
    assert asks_of(reviewed, [LATE], {"start-days": BREACH}, DAY) == []
    moved = replace(LATE, milestones=(replace(STEP, due=date(2026, 9, 30)),))
    assert [ask.key for ask in asks_of(reviewed, [moved], {}, DAY)] == ["HASC01/3 2026-09-30"]
    newer = replace(BREACH, period=Period.quarter(2026, 3))
    assert [ask.key for ask in asks_of(reviewed, [], {"start-days": newer}, DAY)] == ["start-days 2026-27 Q3"]


def test_what_is_in_time_or_serves_another_risk_asks_for_nothing():
    assert asks_of(at(3, 4), [replace(LATE, risks=("R2",))], {}, DAY) == []
    assert asks_of(at(3, 4), [LATE], {}, date(2026, 8, 31)) == []


def test_a_review_is_overdue_the_day_after():
    assert review_overdue(at(3, 4, next_review=DAY), DAY) == ""
    assert review_overdue(at(3, 4, next_review=date(2026, 11, 24)), DAY) == "Its review was due on 24 November 2026."
