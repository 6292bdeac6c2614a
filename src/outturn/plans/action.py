"""Actions and milestones: what is to be done, by whom and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..judgement.hoped import Change
from ..terms.period import Period, UnreadablePeriod, read_date, read_due, write_date


class ActionState(StrEnum):
    """Where an action stands. Standing work ("Ongoing") has no end; it has a next review date instead."""

    OPEN = "open"
    STANDING = "standing"
    COMPLETE = "complete"


class Timing(StrEnum):
    """How an action or milestone stands against its date, on a given day."""

    COMPLETE = "Complete"
    OVERDUE = "Overdue"
    DUE = "Due"
    REVIEW_OVERDUE = "Review overdue"
    NO_REVIEW_DATE = "No review date"
    STANDING = "Standing"
    NO_DATE = "No date"


STATES_IN_DATE_COLUMN = {"ongoing": ActionState.STANDING, "complete": ActionState.COMPLETE}
"""Councils write a status where the column asks for a date."""


@dataclass(frozen=True, slots=True)
class Update:
    """A dated note of progress. `by` is the account that wrote it, or empty for a published one."""

    date: date
    text: str
    by: str = ""
    number: int = 0  # its place in the list it was added to, from 1


@dataclass(frozen=True, slots=True)
class Slippage:
    """A promise whose date was moved: what it was at first, how many days later it is now, and how often it moved."""

    original: str  # as printed
    days: int | None  # None where one of the two names no day
    times: int

    @property
    def words(self) -> str:
        """Originally 31 July 2026: 122 days later now, moved twice."""
        often = {1: "once", 2: "twice"}.get(self.times, f"{self.times} times")
        later = ""
        if self.days is not None:
            size = f"{abs(self.days)} day{'' if abs(self.days) == 1 else 's'}"
            later = f"{size} {'later' if self.days > 0 else 'earlier'} now, " if self.days else "the same day now, "
        return f"Originally {self.original}: {later}moved {often}"


def slippage(was: Sequence[str], due: date | None) -> Slippage | None:
    """How far a date has slipped from the first of those it had before; None where it never moved."""
    if not was:
        return None
    first = read_milestone_date(was[0])
    return Slippage(was[0], (due - first).days if due and first else None, len(was))


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of an action. `printed_date` may hold words that name no day ("from July")."""

    text: str
    printed_date: str = ""
    due: date | None = None
    done: bool = False
    updates: tuple[Update, ...] = ()
    number: int = 0  # position within the action, from 1
    was: tuple[str, ...] = ()  # the dates it had before, as printed, oldest first
    waits_for: tuple[str, ...] = ()  # HASC03, or HASC03/1 for a milestone

    @property
    def slippage(self) -> Slippage | None:
        return slippage(self.was, self.due)

    def timing(self, as_at: date) -> Timing:
        """How the step stands against its date."""
        if self.done:
            return Timing.COMPLETE
        if not self.due:
            return Timing.NO_DATE
        return Timing.OVERDUE if self.due < as_at else Timing.DUE


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an action is to move: an indicator (by its slug), by how much, and the day from which it should show."""

    indicator: str
    by: Change
    since: date
    number: int = 0  # its place in the action, from 1


@dataclass(frozen=True, slots=True)
class Action:
    """An action of a service plan."""

    reference: str
    theme: str
    text: str
    type: str
    owners: tuple[str, ...]
    completed_by: str  # as printed
    state: ActionState
    due: date | None = None
    next_review: date | None = None
    milestones: tuple[Milestone, ...] = ()
    updates: tuple[Update, ...] = ()
    indicators: tuple[str, ...] = ()  # slugs of indicators it serves
    risks: tuple[str, ...] = ()  # references
    was: tuple[str, ...] = ()  # as of a milestone
    waits_for: tuple[str, ...] = ()
    expects: tuple[Expectation, ...] = ()

    @property
    def slippage(self) -> Slippage | None:
        return slippage(self.was, self.due)

    @property
    def progress(self) -> str:
        """2 of 4 milestones done (50%); empty where it has none."""
        done, total = sum(step.done for step in self.milestones), len(self.milestones)
        return f"{done} of {total} milestone{'' if total == 1 else 's'} done ({100 * done // total}%)" if total else ""

    def timing(self, as_at: date) -> Timing:
        """How the action stands against its date or its next review."""
        if self.state is ActionState.COMPLETE:
            return Timing.COMPLETE
        if self.state is ActionState.STANDING:
            if not self.next_review:
                return Timing.NO_REVIEW_DATE
            return Timing.REVIEW_OVERDUE if self.next_review < as_at else Timing.STANDING
        if not self.due:
            return Timing.NO_DATE
        return Timing.OVERDUE if self.due < as_at else Timing.DUE

    def late_milestones(self, as_at: date) -> list[Milestone]:
        """Steps past their date on an action that is still going."""
        if self.state is ActionState.COMPLETE:
            return []
        return [step for step in self.milestones if step.timing(as_at) is Timing.OVERDUE]

    @property
    def when(self) -> str:
        """The due column: as printed, with the next review where there is one."""
        if self.state is ActionState.STANDING and self.next_review:
            return f"{self.completed_by}; next review {write_date(self.next_review)}"
        return self.completed_by


def read_completed_by(printed: str) -> tuple[ActionState, date | None]:
    """The state and due date a "completed by" cell stands for. Raises ValueError for words that are neither."""
    state = STATES_IN_DATE_COLUMN.get(printed.casefold())
    if state:
        return state, None
    try:
        return ActionState.OPEN, read_due(printed)
    except UnreadablePeriod:
        raise ValueError(
            f"“{printed}” is neither a date nor a status. Write a date (31 March 2019), a month (March 2019), "
            "Ongoing or Complete."
        ) from None


def read_milestone_date(printed: str) -> date | None:
    """The last day of a printed date, or None where the words name no day we can be sure of ("from July")."""
    try:
        return read_due(printed)
    except UnreadablePeriod:
        return None


def read_since(printed: str) -> date:
    """The day from which something should show: a date, or the first day of a month, quarter or year."""
    try:
        return read_date(printed)
    except UnreadablePeriod:
        return Period.read(printed).start
