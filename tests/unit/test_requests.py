"""The rules of requests: how one stands, who closes it, what a pack must show again, and how a file says all that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outturn.plans.request_file import read_requests
from outturn.plans.requests import (
    About,
    Asker,
    Closing,
    Reply,
    Request,
    RequestKind,
    RequestState,
    Standing,
    closing_fault,
    outstanding_of,
    reply_fault,
)
from outturn.textfiles import Faults

ASKED, DUE = date(2026, 9, 10), date(2026, 9, 30)
OWNER = "Head of Commissioning"
REQUEST = Request(1, Asker.SCRUTINY, "Budget Panel", ASKED, RequestKind.QUESTION, "Why?", OWNER, DUE)


def day(number: int) -> date:
    return ASKED + timedelta(days=number)


def told(*replies: tuple[int, int | None], closed: int | None = None) -> Request:
    """A request with replies on days after it was asked, those with a due day asking again."""
    said = tuple(Reply(day(on), "…", OWNER, day(due) if due else None) for on, due in replies)
    return replace(REQUEST, replies=said, closing=None if closed is None else Closing(day(closed), "Content."))


@pytest.mark.parametrize(
    ("request_", "on", "state", "standing"),
    [
        (REQUEST, DUE, RequestState.OPEN, Standing.DUE),
        (REQUEST, DUE + timedelta(days=1), RequestState.OPEN, Standing.OVERDUE),
        (told((5, None)), day(90), RequestState.ANSWERED, Standing.ANSWERED),
        (told((5, None), (9, 40)), day(40), RequestState.OPEN, Standing.DUE),
        (told((5, None), (9, 40)), day(41), RequestState.OPEN, Standing.OVERDUE),
        (told((5, None), (9, 40), (39, None)), day(90), RequestState.ANSWERED, Standing.ANSWERED),
        (told((5, None), closed=6), day(90), RequestState.CLOSED, Standing.CLOSED),
    ],
)
def test_how_a_request_stands(request_, on, state, standing):
    assert (request_.state, request_.standing(on)) == (state, standing)


def test_a_pack_shows_what_was_asked_before_it_until_it_was_closed_before_it():
    numbers = lambda one, on: [found.number for found in outstanding_of([one], on)]  # noqa: E731
    assert numbers(REQUEST, ASKED) == []
    assert numbers(REQUEST, day(1)) == [1]
    assert numbers(told(closed=7), day(7)) == [1]
    assert numbers(told(closed=7), day(8)) == []


def test_an_old_pack_knows_nothing_of_later_answers():
    [one] = outstanding_of([told((5, None), (9, 40), closed=20)], day(7))
    assert one.standing(day(7)) is Standing.ANSWERED
    assert one.closing is None
    assert one.due == DUE


def test_what_presses_most_comes_first():
    later = replace(REQUEST, number=2, first_due=day(90))
    answered = replace(told((5, None)), number=3)
    assert [one.number for one in outstanding_of([answered, later, REQUEST], day(60))] == [1, 2, 3]


days = st.integers(0, 60)


@given(st.lists(st.tuples(days, st.none() | st.integers(60, 90)), max_size=4), st.none() | days, days)
def test_a_request_is_in_every_pack_from_the_day_after_it_was_asked_to_the_day_it_was_closed(replies, closed, on):
    request = told(*sorted(replies, key=lambda reply: reply[0]), closed=closed)
    assert bool(outstanding_of([request], day(on))) == (on > 0 and (closed is None or closed >= on))


@pytest.mark.parametrize("post", [OWNER, " head  of COMMISSIONING"])
def test_whoever_owes_the_answer_cannot_close_it(post):
    assert "cannot be the one who closes" in closing_fault(REQUEST, Closing(day(3), "Enough.", post))


def test_whoever_asked_closes_it_or_somebody_on_their_behalf():
    for post in ("", "Clerk"):
        assert closing_fault(told((5, None)), Closing(day(5), "Content.", post)) == ""
    assert "cannot have been closed before" in closing_fault(told((5, None)), Closing(day(4), "Content."))
    assert told(closed=3).closed_words() == "Closed on 13 September 2026 by Budget Panel"
    by_clerk = replace(REQUEST, closing=Closing(day(3), "…", "Clerk"))
    assert by_clerk.closed_words().endswith("by Clerk on behalf of Budget Panel")


def test_replies_that_cannot_be():
    assert "before that day" in reply_fault(REQUEST, Reply(day(-1), "…", OWNER))
    assert "cannot be due before" in reply_fault(REQUEST, Reply(day(5), "…", "Panel", day(4)))
    assert "was closed" in reply_fault(told(closed=3), Reply(day(5), "…", OWNER))
    assert reply_fault(told(closed=3), Reply(day(5), "…", "Panel", day(9))) == ""


THINGS = frozenset({About("action", "2026-27/A1"), About("action", "2025-26/A1"), About("indicator", "waits")})
ENTRY = """requests:
  - asked_by: scrutiny
    meeting: Budget Panel
    date: 10 September 2026
    kind: question
    question: Why?
    owner: Head of Commissioning
    due: 30 September 2026
    # more
"""
END = "# more"


def read(tmp_path, text: str):
    path, faults = tmp_path / "requests.yaml", Faults()
    path.write_text(text, "utf-8")
    return read_requests(path, faults, THINGS), [fault.words for fault in faults.found]


def test_a_file_is_read(tmp_path):
    more = """    about: {indicators: [WAITS], actions: [2026-27/A1]}
    replies:
      - {date: 15 September 2026, by: Head of Commissioning, text: Because.}
      - {date: 19 September 2026, by: Budget Panel, text: Why so?, due: 20 October 2026}
    closed: {date: 20 October 2026, because: Content., on_behalf: Clerk}
"""
    [found], faults = read(tmp_path, ENTRY + more)
    assert not faults
    expected = told((5, None), (9, 40), closed=40)
    assert (found.due, found.closing.post) == (expected.due, "Clerk")
    assert found.about == (About("indicator", "waits"), About("action", "2026-27/A1"))
    assert [reply.number for reply in found.replies] == [1, 2]
    assert read_requests(tmp_path / "none.yaml", Faults(), THINGS) == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("scrutiny", "the king", "Write one of: management team, cabinet member, scrutiny, other"),
        ("kind: question", "kind: wish", "request for change"),
        ("scrutiny\n    meeting: Budget Panel", "other", "Say who asked"),
        ("due: 30 September 2026", "due: 9 September 2026", "cannot be due before"),
        ("question: Why?", "question:", "“question” is missing or blank"),
        ("due: 30 September 2026", "due: soon", "is not a date"),
        ("owner:", "ownr:", "“owner” is missing"),
        (END, "about: {actions: [A1]}", "Several are called A1. Write one of: 2025-26/A1, 2026-27/A1"),
        (END, "about: {risks: [R1]}", "There is no risk R1"),
        (END, "about: {people: [Ada]}", "“people” is not known"),
        (END, "closed: {date: 1 October 2026, because: …, on_behalf: Head of Commissioning}", "owes the answer"),
        (END, "replies: [{date: 1 May 2026, by: Clerk, text: …}]", "nobody can have replied"),
    ],
)
def test_a_fault_in_a_file_is_told(tmp_path, old, new, words):
    _, faults = read(tmp_path, ENTRY.replace(old, new))
    assert any(words in fault for fault in faults), faults
