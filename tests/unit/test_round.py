"""The calendar of a round: working days, rules for days, and what is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.plans.round import (
    DUE_BY,
    REACHED,
    TEMPLATE,
    WEEKDAYS,
    DayRule,
    Step,
    bank_holidays,
    date_faults,
    dates_for,
    is_working,
    progress,
    step_now,
    template_faults,
    working_days_after,
)
from outturn.plans.states import LEVELS, Move, State
from outturn.terms.period import Period

Q3 = Period.quarter(2026, 3)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 12, 24), True), (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # Boxing Day is a Saturday, so Monday is its substitute
        (date(2027, 1, 1), False), (date(2027, 3, 29), False), (date(2026, 11, 28), False),
        (date(2026, 11, 30), True),  # St Andrew's is Scotland's
        (date(2023, 5, 8), False),  # the coronation
    ],
)  # fmt: skip
def test_working_days_are_englands(day, working):
    assert is_working(day) is working


def test_the_days_after_a_quarter_skip_new_year():
    assert working_days_after(Q3.end, 1) == date(2027, 1, 4)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 60), st.integers(0, 60))
def test_working_days_add_up(day, first, second):
    there = working_days_after(day, first + second)
    assert working_days_after(working_days_after(day, first), second) == there
    assert sum(is_working(day + timedelta(days=each)) for each in range(1, (there - day).days + 1)) == first + second


@pytest.mark.parametrize("text", ["15 working days", "1 working day", "Tuesday after 30 working days"])
def test_a_rule_is_written_as_it_is_read(text):
    assert DayRule.read(text).words == text
    assert DayRule.read(f"  {text.lower()} ").words == text


@pytest.mark.parametrize(
    "text", ["", "soon", "0 working days", "999 working days", "Sunday after 3 working days", "15"]
)
def test_what_is_no_rule_is_told_what_one_looks_like(text):
    with pytest.raises(ValueError, match="Rules look like 15 working days"):
        DayRule.read(text)


def test_a_weekday_that_is_a_holiday_gives_way_to_the_next():
    assert DayRule(60, WEEKDAYS.index("Monday")).day(Q3) == date(2027, 4, 5)  # not Easter Monday, 29 March


@given(st.integers(2020, 2035), st.integers(1, 4))
def test_the_usual_calendar_is_in_order_and_on_working_days(year, number):
    quarter = Period.quarter(year, number)
    assert date_faults(quarter, dates_for(quarter)) == {}


def test_a_date_out_of_order_is_named():
    dates = {**dates_for(Q3), Step.CLINIC: date(2027, 1, 5), Step.SCRUTINY: date(2027, 3, 6)}
    assert date_faults(Q3, dates) == {
        Step.CLINIC: "5 January 2027 is before the owner commentary on 22 January 2027. Choose a later day.",
        Step.SCRUTINY: "6 March 2027 is a Saturday, not a working day. Choose another.",
    }
    easter = date(2027, 3, 29)
    assert bank_holidays()[easter] in date_faults(Q3, {**dates, Step.SCRUTINY: easter})[Step.SCRUTINY]


def test_a_template_out_of_order_is_named():
    faults = template_faults({**TEMPLATE, Step.CLINIC: DayRule(5)})
    assert faults == {Step.CLINIC: "5 working days is before the owner commentary, 15 working days. Give it more days."}


def test_where_a_round_stands_today():
    dates = dates_for(Q3)
    assert step_now(dates, Q3.end) is Step.DATA_CUT
    assert step_now(dates, dates[Step.CLINIC]) is Step.CLINIC
    assert step_now(dates, dates[Step.PUBLICATION] + timedelta(days=1)) is None


def test_progress_counts_what_every_entry_has_behind_it():
    dates = dates_for(Q3)
    states = [State.DRAFT, State.RETURNED, State.SUBMITTED, State.DIRECTOR, State.RESTATED]
    found = progress(states, (State.DIRECTOR,), dates)
    assert [(each.move, each.done, each.left) for each in found] == [
        (Move.SUBMIT, 3, 2), (Move.CHECK, 2, 3), (Move.AGREE_DIRECTOR, 2, 3), (Move.PUBLISH, 1, 4),
    ]  # fmt: skip
    assert found[0].is_late(found[0].due + timedelta(days=1))
    assert not found[0].is_late(found[0].due)


def test_every_move_that_is_owed_has_its_day():
    assert set(REACHED) < set(DUE_BY)
    assert len(progress([], LEVELS, dates_for(Q3))) == len(REACHED)
