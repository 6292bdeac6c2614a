"""When an action is late, and when "late" would be the wrong word."""

from datetime import date

import pytest

from outturn.plans.action import Action, ActionState, Milestone, Timing, read_completed_by, read_milestone_date

JULY_2018 = date(2018, 7, 11)


def action(completed_by: str, **more) -> Action:
    state, due = read_completed_by(completed_by)
    return Action("ASCP01", "Safeguarding", "…", "BAU", ("Head of Service",), completed_by, state, due, **more)


@pytest.mark.parametrize(
    ("as_at", "timing"),
    [
        (date(2019, 3, 30), Timing.DUE),
        (date(2019, 3, 31), Timing.DUE),  # a month means its last day, and that day is still in time
        (date(2019, 4, 1), Timing.OVERDUE),
    ],
)
def test_an_action_due_in_a_month_is_late_from_the_day_after_its_end(as_at, timing):
    assert action("March 2019").timing(as_at) is timing


def test_ongoing_work_gets_a_review_date_rather_than_a_false_due_date():
    standing = action("Ongoing")
    assert standing.due is None
    assert standing.timing(JULY_2018) is Timing.NO_REVIEW_DATE
    assert action("Ongoing", next_review=date(2018, 7, 11)).timing(JULY_2018) is Timing.STANDING
    assert action("Ongoing", next_review=date(2018, 7, 10)).timing(JULY_2018) is Timing.REVIEW_OVERDUE
    assert action("Ongoing", next_review=date(2018, 10, 1)).when == "Ongoing; next review 1 October 2018"


def test_complete_is_a_status_in_a_date_column():
    done = action("Complete", milestones=(Milestone("Moves made", "March 2018", date(2018, 3, 31)),))
    assert done.state is ActionState.COMPLETE
    assert done.timing(date(2030, 1, 1)) is Timing.COMPLETE
    assert done.late_milestones(date(2030, 1, 1)) == []


def test_a_milestone_a_year_past_on_an_open_action_is_late():
    "York's ASCP08: the Section 117 policy, to be agreed July 2017, in a plan of July 2018."
    step = Milestone("To be agreed with partners", "July 2017", read_milestone_date("July 2017"))
    assert action("Ongoing", milestones=(step,)).late_milestones(JULY_2018) == [step]


@pytest.mark.parametrize("printed", ["from July", "April", "2018/2019", "", "quarterly"])
def test_words_that_name_no_day_are_kept_and_never_guessed(printed):
    step = Milestone("Workshops", printed, read_milestone_date(printed))
    assert step.due is None
    assert step.timing(JULY_2018) is Timing.NO_DATE


def test_a_milestone_that_is_done_is_complete_whatever_its_date():
    assert Milestone("…", "March 2018", date(2018, 3, 31), done=True).timing(JULY_2018) is Timing.COMPLETE
    assert Milestone("…", "March 2018", date(2018, 3, 31)).timing(date(2018, 3, 31)) is Timing.DUE


def test_a_due_cell_that_is_neither_date_nor_status_says_what_to_write():
    with pytest.raises(ValueError, match=r"“soon” is neither a date nor a status\. Write a date"):
        read_completed_by("soon")


def test_an_open_action_without_a_date_says_so():
    undated = Action("A1", "Theme", "…", "BAU", ("Post",), "TBC", ActionState.OPEN)
    assert undated.timing(JULY_2018) is Timing.NO_DATE
    assert undated.when == "TBC"
