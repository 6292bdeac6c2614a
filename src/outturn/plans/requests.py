"""What was asked of a service, at whichever meeting, remembered until whoever asked is content.

A request reappears in every pack until it is closed, and only whoever asked closes it, or somebody else on their
behalf: never the post that owes the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ..terms.period import write_date
from .roles import key_of


class Asker(StrEnum):
    """Who asks."""

    MANAGEMENT_TEAM = "management team"
    CABINET_MEMBER = "cabinet member"
    SCRUTINY = "scrutiny"
    OTHER = "other"


class RequestKind(StrEnum):
    """What is wanted."""

    QUESTION = "question"
    CHANGE = "request for change"
    INFORMATION = "information promised"


class RequestState(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Standing(StrEnum):
    """How a request stands on a day, what presses most first."""

    OVERDUE = "Overdue"
    DUE = "Due"
    ANSWERED = "Answered, not closed"
    CLOSED = "Closed"


@dataclass(frozen=True, slots=True, order=True)
class About:
    """A thing that a request concerns. `place` is its address below that kind: `2026-27/HASC01`, or a slug."""

    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or with a new due date the question asked again by who was not content with the answer."""

    on: date
    text: str
    by: str  # a post, or whoever asked
    due: date | None = None
    number: int = 0  # its place in the list, from 1

    @property
    def asks_again(self) -> bool:
        """Whether the question stands again."""
        return self.due is not None


@dataclass(frozen=True, slots=True)
class Closing:
    """That whoever asked is content. `post` acts on their behalf, or is empty where they close it themselves."""

    on: date
    because: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing asked, in the words it was asked in."""

    number: int  # within the council, from 1
    asked_by: Asker
    meeting: str  # or whatever else names who asked: Adults and Health Scrutiny Committee
    asked_on: date
    kind: RequestKind
    question: str
    owner: str  # the post that owes the answer
    first_due: date
    about: tuple[About, ...] = ()
    replies: tuple[Reply, ...] = ()  # oldest first
    closing: Closing | None = None

    @property
    def who(self) -> str:
        """Who asked, for the reader."""
        return self.meeting or self.asked_by.capitalize()

    @property
    def due(self) -> date:
        """When the answer is owed: the date set when it was last asked."""
        return next((reply.due for reply in reversed(self.replies) if reply.due), self.first_due)

    @property
    def state(self) -> RequestState:
        """How far it has come."""
        if self.closing:
            return RequestState.CLOSED
        answered = self.replies and not self.replies[-1].asks_again
        return RequestState.ANSWERED if answered else RequestState.OPEN

    def standing(self, on: date) -> Standing:
        """How it stands on a day. What was answered is no longer overdue: it waits for whoever asked."""
        if self.state is RequestState.OPEN:
            return Standing.OVERDUE if self.due < on else Standing.DUE
        return Standing.CLOSED if self.closing else Standing.ANSWERED

    @property
    def last_on(self) -> date:
        """The day on which anything was last said of it."""
        return max([self.asked_on, *(reply.on for reply in self.replies)])

    def as_at(self, day: date) -> "Request":
        """The request as it stood at the end of a day."""
        closing = self.closing if self.closing and self.closing.on <= day else None
        return replace(self, replies=tuple(reply for reply in self.replies if reply.on <= day), closing=closing)

    def closed_words(self) -> str:
        """When and by whom it was closed; empty where it was not."""
        if not self.closing:
            return ""
        by = f"{self.closing.post} on behalf of {self.who}" if self.closing.post else self.who
        return f"Closed on {write_date(self.closing.on)} by {by}"


def in_order(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Replies as they were said, which need not be as they were noted."""
    return tuple(sorted(replies, key=lambda reply: (reply.on, reply.number)))


def outstanding_of(requests: Iterable[Request], on: date) -> list[Request]:
    """What was asked before a day and not closed before it, as it stands then: what a pack of that day must show.

    What presses most comes first.
    """
    found = [request.as_at(on) for request in requests if request.asked_on < on and not _closed_before(request, on)]
    places = list(Standing)
    return sorted(found, key=lambda one: (places.index(one.standing(on)), one.due, one.number))


def _closed_before(request: Request, on: date) -> bool:
    return request.closing is not None and request.closing.on < on


def due_fault(asked_on: date, due: date) -> str:
    """What is wrong with a due date, or empty."""
    if due >= asked_on:
        return ""
    return f"It was asked on {write_date(asked_on)}, so the answer cannot be due before that day."


def reply_fault(request: Request, reply: Reply) -> str:
    """What is wrong with one more reply, or empty."""
    if request.closing and not reply.asks_again:
        return "This was closed. Whoever asked may ask again; until then there is nothing to answer."
    if reply.on < request.asked_on:
        return f"It was asked on {write_date(request.asked_on)}, so nobody can have replied before that day."
    return due_fault(reply.on, reply.due) if reply.due else ""


def closing_fault(request: Request, closing: Closing) -> str:
    """What is wrong with closing it so, or empty."""
    if closing.on < request.last_on:
        return f"Something was said of it on {write_date(request.last_on)}, so it cannot have been closed before."
    if closing.post and key_of(closing.post) == key_of(request.owner):
        return (
            f"{request.owner} owes the answer, so cannot be the one who closes this. {request.who} may, or somebody "
            "else on their behalf."
        )
    return ""
