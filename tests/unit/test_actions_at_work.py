"""Actions: dates that slip, what waits for what, and the timeline that shows it."""

import re
from dataclasses import replace
from datetime import date
from xml.dom.minidom import parseString

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.plans.action import Action, ActionState, Milestone, read_since, slippage
from outturn.plans.waiting import circle_with, held_up, waiting_faults
from outturn.publish.timeline import Lane, Mark, Moment, span, timeline
from outturn.terms.period import Period

DAY = date(2026, 11, 25)
YEAR = Period.year(2026)


def action(reference: str, *steps: Milestone, due: date | None = date(2027, 3, 31), waits_for: tuple[str, ...] = ()):
    numbered = tuple(replace(step, number=place) for place, step in enumerate(steps, 1))
    return Action(
        reference, "Theme", f"Do {reference}.", "BAU", ("Head",), "March 2027", ActionState.OPEN, due,
        milestones=numbered, waits_for=waits_for,
    )  # fmt: skip


def step(due: date | None = date(2027, 1, 31), done: bool = False, waits_for: tuple[str, ...] = ()) -> Milestone:
    return Milestone("A step", "printed", due, done, waits_for=waits_for)


# --- slippage and progress


@pytest.mark.parametrize(
    ("was", "due", "words"),
    [
        (["31 July 2026"], date(2026, 8, 1), "Originally 31 July 2026: 1 day later now, moved once"),
        (["July 2026", "August 2026"], date(2026, 9, 30), "Originally July 2026: 61 days later now, moved twice"),
        (["31 July 2026"] * 3, date(2026, 7, 30), "Originally 31 July 2026: 1 day earlier now, moved 3 times"),
        (["31 July 2026"], date(2026, 7, 31), "Originally 31 July 2026: the same day now, moved once"),
        (["31 July 2026"], None, "Originally 31 July 2026: moved once"),
    ],
)
def test_the_original_date_is_kept_beside_the_current_one(was, due, words):
    assert slippage(was, due).words == words


def test_what_never_moved_has_not_slipped():
    assert slippage([], DAY) is None


def test_progress_is_by_milestones():
    assert action("A").progress == ""
    assert action("A", step(done=True), step(), step()).progress == "1 of 3 milestones done (33%)"
    assert action("A", step(done=True)).progress == "1 of 1 milestone done (100%)"


@pytest.mark.parametrize("text", ["1 July 2026", "July 2026", "Q2 2026/27", "2026-07-01"])
def test_a_beginning_is_a_day_or_the_first_of_a_period(text):
    assert read_since(text) == date(2026, 7, 1)


# --- what waits for what


def test_a_circle_is_refused_and_told_whole():
    plan = [action("A", waits_for=("B",)), action("B", step(waits_for=("C/1",))), action("C", step(waits_for=("A",)))]
    assert waiting_faults(plan) == [
        ("A", f"A waits for {', which waits for '.join(('B', 'B/1', 'C/1', 'A'))}. Nothing in a circle can begin."),
    ]
    assert waiting_faults(plan[:2])[0][1] == "B/1 waits for “C/1”, and this plan has no such action or milestone."


def test_a_milestone_cannot_wait_for_the_action_it_is_part_of():
    assert waiting_faults([action("A", step(waits_for=("A",)))])
    assert waiting_faults([action("A", waits_for=("A",))])
    assert not waiting_faults([action("A", step(), step(waits_for=("A/1",)))])


def test_a_circle_is_seen_before_it_is_saved():
    plan = [action("A"), action("B", step(waits_for=("A",)))]
    assert circle_with(plan, "A", ["B"]).startswith("A waits for B, which waits for B/1")
    assert circle_with(plan, "", ["B"]) == ""  # what is not there yet has nobody waiting for it
    assert circle_with(plan, "B", ["A"]) == ""


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_a_circle_is_found_exactly_where_there_is_one(edges):
    wants: dict[int, set[int]] = {place: set() for place in range(6)}
    for here, there in edges:
        wants[here].add(there)
    left = set(wants)
    while free := {place for place in left if not wants[place] & left}:  # who waits for nobody goes first
        left -= free
    plan = [action(f"A{place}", waits_for=tuple(f"A{each}" for each in sorted(wants[place]))) for place in wants]
    assert bool(waiting_faults(plan)) == bool(left)


def test_a_late_one_holds_up_all_that_wait_for_it():
    late = step(date(2026, 10, 31))
    soon = date(2027, 1, 1)
    plan = [action("A", late, due=soon), action("B", due=soon, waits_for=("A",)), action("C", step(waits_for=("B",)))]
    held = held_up(plan, DAY)
    assert [(each.name, each.why) for each in held["B"]] == [("A/1", "is overdue")]
    assert [each.name for each in held["C/1"]] == ["A/1"]
    assert "A" not in held
    assert held_up([replace(plan[0], milestones=(replace(late, done=True, number=1),)), *plan[1:]], DAY) == {}


def test_what_is_due_after_what_waits_for_it_is_told():
    plan = [action("A", due=date(2027, 3, 31)), action("B", due=date(2027, 2, 28), waits_for=("A",))]
    assert [each.why for each in held_up(plan, DAY)["B"]] == ["is due by 31 March 2027, after this"]


# --- the timeline


def draw(*lanes: Lane, today: date = DAY) -> str:
    return timeline(lanes, start=YEAR.start, end=YEAR.end, today=today, title="T <1>", description="D & E")


def test_a_timeline_tells_its_marks_by_shape_and_by_word():
    late, planned = Moment(date(2026, 8, 31), Mark.LATE, date(2026, 7, 31)), Moment(date(2027, 1, 31), Mark.PLANNED)
    drawn = draw(Lane("A", (Moment(date(2026, 5, 31), Mark.DONE), late, planned), date(2027, 2, 28)))
    parseString(drawn)
    words = re.findall(r"<text[^>]*>([^<]*)", drawn)
    assert {"done", "late", "planned", "original date", "end of the action", "Today", "A"} <= set(words)
    assert "T &lt;1&gt;" in drawn
    assert "style=" not in drawn


def test_today_is_drawn_only_within_the_year_and_nothing_is_drawn_of_nothing():
    lane = Lane("A", (Moment(date(2026, 5, 31), Mark.DONE),))
    assert "Today" not in draw(lane, today=date(2028, 1, 1))
    assert draw(Lane("A", ())) == ""


def test_the_year_grows_by_quarters_to_hold_what_was_promised():
    assert span(YEAR, [date(2026, 5, 1)]) == (YEAR.start, YEAR.end)
    assert span(YEAR, [date(2026, 3, 1), date(2027, 5, 1)]) == (date(2026, 1, 1), date(2027, 6, 30))
    assert span(YEAR, [date(1999, 1, 1)]) == (YEAR.start, YEAR.end)
