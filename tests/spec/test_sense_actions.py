"""Actions and risks as a plan of 11 July 2018 lists them: what the checks find, and what they pass."""

from datetime import date

import pytest

from outturn.plans.action import Action, Milestone, Update, read_completed_by, read_milestone_date
from outturn.plans.risk import Position, Risk
from outturn.sense.checking import RULES
from outturn.terms.status import Rag

from .sense_stories import picture, row

POST = ("Head of Care",)


def action(
    reference="A01", text="Improve the pathway.", when="Ongoing", *steps, owners=POST, kind="BAU", review=None,
    notes=(), indicators=(), risks=(),
):  # fmt: skip
    """A step is “Policy agreed, July 2017” with a trailing “, done”, or without a date."""
    state, due = read_completed_by(when) if when else (read_completed_by("March 2019")[0], None)
    updates = tuple(Update(day, "What happened.") for day in notes)
    return Action(
        reference, "Theme", text, kind, owners, when, state, due, review,
        tuple(step(number, each) for number, each in enumerate(steps, 1)), updates, indicators, risks,
    )  # fmt: skip


def step(number, told):
    text, _, rest = told.partition(", ")
    printed, done = rest.removesuffix("done").rstrip(", "), rest.endswith("done")
    return Milestone(text, printed, read_milestone_date(printed), done, number=number)


def risk(reference="0544", owner="Head of Care", rating=Rag.AMBER, **more):
    return Risk(reference, "Delays", owner, rating, **more)


def words(rule, *actions, risks=(), rows=(), today=date(2018, 7, 11)):
    made = picture(*rows, actions=actions, risks=risks, today=today)
    return [one.words for one in RULES[rule].check(made)]


# A1


def test_a_status_in_the_date_column_is_told_once_for_the_plan():
    [one] = words(
        "A1", action("A01"), action("A02"), action("A03", when="Complete"), action("A04", when="March 2019"),
        action("A05", when=""),
    )  # fmt: skip
    assert one == (
        "Of five actions, two say Ongoing without a next review (A01 and A02), one says Complete and not when (A03) "
        "and one has no date at all (A05). Give a next review to what goes on, a dated note to what is finished and a "
        "date to the rest."
    )


def test_a_next_review_and_a_dated_note_pass():
    reviewed = action(review=date(2018, 10, 1))
    assert words("A1", reviewed, action("A02", when="Complete", notes=[date(2018, 7, 3)])) == []


# A2


def test_a_step_whose_date_has_passed_is_late_unless_a_later_note_says_what_happened():
    late = "Policy agreed, July 2017"
    [one] = words("A2", action("A08", "Improve the pathway.", "Ongoing", late))
    assert one.startswith("“Policy agreed” was due July 2017, with nothing noted since.")
    assert words("A2", action("A08", "Improve.", "Ongoing", late, notes=[date(2017, 7, 31)])) != []
    assert words("A2", action("A08", "Improve.", "Ongoing", late, notes=[date(2017, 8, 1)])) == []
    assert words("A2", action("A08", "Improve.", "Ongoing", f"{late}, done")) == []
    assert words("A2", action("A08", "Improve.", "Complete", late)) == []  # that is A3's to say


def test_an_action_and_a_review_can_be_late_too():
    assert words("A2", action(when="June 2018"))[0].startswith("The action was due June 2018, with")
    assert words("A2", action(review=date(2018, 7, 1)))[0].startswith("Its review was due on 1 July 2018, with")
    assert words("A2", action(when="July 2018"), action("A02", review=date(2018, 7, 12))) == []


def test_a_plan_of_years_ago_is_judged_as_at_its_last_update():
    assert words("A2", action(when="March 2019"), today=date(2026, 11, 25)) == []


# A3


@pytest.mark.parametrize("printed", ["from July", "April", "(October)"])
def test_a_milestone_without_a_year(printed):
    assert f"“{printed}”" in words("A3", action("A06", "Improve.", "March 2019", f"Workshops, {printed}"))[0]


def test_a_step_that_is_done_needs_no_year():
    assert words("A3", action("A06", "Improve.", "March 2019", "Workshops, April, done")) == []


@pytest.mark.parametrize("printed", ["through 2018/2019", "from June 2018", "March 2018"])
def test_a_year_is_enough_though_it_names_no_day(printed):
    assert words("A3", action("A19", "Improve.", "March 2019", f"Model in use, {printed}")) == []


def test_an_action_that_goes_on_has_a_milestone_or_a_review():
    assert words("A3", action("A21"), action("A22")) == [
        "A21 and A22 have no milestone and no next review. Say what is to be seen by when."
    ]
    assert words("A3", action(review=date(2018, 10, 1)), action("A02", when="Complete")) == []


def test_complete_with_an_open_step_cannot_be():
    made = picture(actions=(action("A10", "Improve.", "Complete", "Changes made, June 2018"),))
    [one] = RULES["A3"].check(made)
    assert (one.severity, one.words) == (
        "error", "It is Complete, and “Changes made” is still open. Mark it done, or open the action again.",
    )  # fmt: skip


def test_steps_stand_in_order_and_before_the_end_of_their_action():
    before = action("A20", "Reshape.", "Ongoing", "Support reshaped, Mar 2018", "Papers agreed, June 2018, done")
    [one] = words("A3", before)
    assert one.startswith("“Support reshaped” (Mar 2018) is open, though “Papers agreed” (June 2018) is done.")
    after = action("A17", "Redesign.", "March 2019", "Delivery, October 2019")
    assert "after the action itself (March 2019)" in words("A3", after)[0]
    in_order = action("A14", "Roll out.", "March 2019", "Site open, April 2018, done", "All areas, March 2019")
    assert words("A3", in_order) == []


# A4


@pytest.mark.parametrize(
    "text",
    ["Put this into effect in the services we provide.", "Implementation of this within services.", "Deliver it."],
)
def test_a_word_that_points_at_nothing(text):
    assert words("A4", action(text=text, review=date(2018, 10, 1)))[0].startswith("Nothing in the action says what")


@pytest.mark.parametrize(
    "text",
    [
        "Put this plan into effect.", "Help the Board to draw up its plan and carry it out.",
        "Keep the record and its index.",
    ],
)
def test_a_word_with_its_noun_passes(text):
    assert words("A4", action(text=text)) == []


@pytest.mark.parametrize(
    "text",
    ["Work with partners to support people at home,", "Plan activities with HR and business", "Redesign care, e.g."],
)
def test_a_text_that_breaks_off(text):
    assert "breaks off" in words("A4", action(text=text))[0]


def test_the_same_milestone_in_two_actions():
    both = action("A03", "Plan.", "Ongoing", "TC plan in place"), action("A04", "Do.", "Ongoing", "TC Plan in place")
    assert words("A4", *both) == [
        "“TC Plan in place” stands in A03 too. Say in which of them it belongs, or how they differ."
    ]
    short = action("A03", "Plan.", "Ongoing", "Plan agreed"), action("A04", "Do.", "Ongoing", "Plan agreed")
    assert words("A4", *short) == []  # two words are no copy


# A5, I3, O1


def test_an_action_says_what_it_is_for():
    assert words("A5", action("A01"), action("A02", risks=("0544",)), action("A03", indicators=("x",))) == [
        "A01 names no indicator and no risk. Say what each should change, and by what that will be seen."
    ]


def test_what_law_demands_is_marked():
    dols = action("A19", "Make the DoLS service part of normal work.", risks=("1",))
    assert "A19 (DoLS) rest on law" in words("A5", dols)[0]
    assert words("A5", dols, action("A20", kind="Statutory", risks=("1",))) == []


def test_numbers_that_are_skipped():
    assert words("I3", *(action(f"ASCP{number:02}") for number in (1, 2, 3, 4, 6))) == [
        "The actions have no ASCP05. Say whether it was dropped, or put back what was lost."
    ]
    register = [risk(reference) for reference in ("0544", "2002", "2004", "2005", "2006", "2008", "2076")]
    assert words("I3", risks=register) == [
        "The risks have no 2003 and 2007. Say whether they were closed, or are kept elsewhere."
    ]
    assert words("I3", risks=[risk("1"), risk("20"), risk("300"), risk("4000")]) == []


def test_one_post_answers_for_an_action_or_a_risk():
    two = action("A09", owners=("Head of Care", "Head of Safeguarding"))
    assert "Two or more posts answer for A09." in words("O1", two)[0]
    assert words("O1", action(owners=()))[0].startswith("No post answers for A01.")
    assert words("O1", action(owners=("Organisational Health Check",)))[0].endswith("is not a post. Write the post.")
    assert words("O1", risks=[risk(owner=" ")]) == ["No post answers for it. Write one."]
    assert words("O1", action(), risks=[risk()]) == []


# Risks


def test_a_letter_is_not_a_position():
    [one] = words("R1", risks=[risk("0544"), risk("2002", net=Position(3, 4), rating=None)])
    assert one.startswith("One risk (0544) has one letter for a rating: no likelihood and impact")


def test_controls_can_only_lower_a_score():
    upside_down = risk(gross=Position(3, 4), net=Position(4, 4), target=Position(5, 5))
    assert [one.split(".")[0] for one in words("R1", risks=[upside_down])] == [
        "The net score (16) is above the gross score (12)", "The target score (25) is above the net score (16)",
    ]  # fmt: skip
    assert words("R1", risks=[risk(gross=Position(4, 4), net=Position(4, 3), target=Position(4, 3))]) == []


def test_a_red_risk_is_answered_by_an_action_or_a_control():
    bare = risk(rating=Rag.RED)
    assert words("R2", risks=[bare])[0].startswith("It is Red, and neither an action nor a control")
    assert words("R2", action(risks=("0544",)), risks=[bare]) == []
    assert words("R2", risks=[risk(), risk("2", rating=Rag.RED, mitigations=("Weekly panel",))]) == []


def test_a_risk_is_held_against_the_indicators_it_names():
    rows = [
        row("D1", "13.2 | 16.85", direction="Bad"), row("D2", "6.9 | 7.49", direction="Bad"),
        row("D3", "189 | 124", direction="Good"),
    ]  # fmt: skip
    [one] = words("T3", rows=rows, risks=[risk(indicators=("d1", "d2", "d3"))])
    assert one.startswith("It is Amber, though D1 (13.2 to 16.85) and D2 (6.9 to 7.49) are marked Bad.")
    as_many = risk(indicators=("d1", "d3"))
    assert words("T3", rows=rows, risks=[as_many, risk("9", rating=Rag.RED, indicators=("d1", "d2"))]) == []
