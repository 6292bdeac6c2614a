"""A reporting round's calendar: what happens on which working day after a quarter, and what is due by then."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from ..terms.period import Period, write_date
from .states import LEVELS, Move, State

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MOST_DAYS = 250  # working days: a year


class Step(StrEnum):
    """A date of the calendar, in the order in which they come."""

    DATA_CUT = "data cut"
    COMMENTARY = "owner commentary"
    CLINIC = "clinic"
    MANAGEMENT_TEAM = "management team"
    CABINET_MEMBER = "cabinet member"
    SCRUTINY = "scrutiny"
    PUBLICATION = "publication"

    @property
    def words(self) -> str:
        """What happens by then."""
        return STEP_WORDS[self]


STEP_WORDS: Mapping[Step, str] = {
    Step.DATA_CUT: "Figures are taken from the records as they stand on this day.",
    Step.COMMENTARY: "Owners have confirmed their figures and written their commentary.",
    Step.CLINIC: "Entries are checked, challenged, and agreed by the head of service.",
    Step.MANAGEMENT_TEAM: "The management team has read the round, and the director agrees it.",
    Step.CABINET_MEMBER: "The portfolio holder has read the round, and agrees it.",
    Step.SCRUTINY: "Scrutiny has the papers.",
    Step.PUBLICATION: "The quarter is published.",
}

DUE_BY: Mapping[Move, Step] = {
    Move.SUBMIT: Step.COMMENTARY,
    Move.CHECK: Step.CLINIC,
    Move.AGREE_HEAD: Step.CLINIC,
    Move.AGREE_DIRECTOR: Step.MANAGEMENT_TEAM,
    Move.AGREE_PORTFOLIO: Step.CABINET_MEMBER,
    Move.PUBLISH: Step.PUBLICATION,
    Move.PUBLISH_AGAIN: Step.PUBLICATION,
}
"""The step by which each move is owed."""


@lru_cache(1)
def bank_holidays() -> Mapping[date, str]:
    """England's, filled in year by year as they are asked for."""
    from holidays import country_holidays  # read when first needed: it takes its time

    return country_holidays("GB", subdiv="ENG")


def is_working(day: date) -> bool:
    """Monday to Friday, and no bank holiday in England."""
    return day.weekday() < len(WEEKDAYS) and day not in bank_holidays()


def working_days_after(day: date, number: int) -> date:
    """The working day that comes so many after a day, which need not be one itself."""
    while number:
        day += timedelta(days=1)
        number -= is_working(day)
    return day


@dataclass(frozen=True, slots=True)
class DayRule:
    """So many working days after the quarter ends, or the first Tuesday from then."""

    days: int
    weekday: int | None = None  # 0 for Monday

    @classmethod
    def read(cls, text: str) -> "DayRule":
        """Read `15 working days` and `Tuesday after 30 working days`. Raises ValueError."""
        match = re.fullmatch(r"(?:(\w+) (?:after|from) )?([0-9]{1,3}) working days?", " ".join(text.split()), re.I)
        weekday = match[1].capitalize() if match and match[1] else ""
        if not match or (weekday and weekday not in WEEKDAYS) or not 1 <= int(match[2]) <= MOST_DAYS:
            raise ValueError(
                f"“{text[:60]}” is not a rule for a day. Rules look like 15 working days, or Tuesday after 30 working "
                f"days, and have 1 to {MOST_DAYS} days."
            )
        return cls(int(match[2]), WEEKDAYS.index(weekday) if weekday else None)

    @property
    def words(self) -> str:
        """As `read` takes it."""
        after = f"{self.days} working day{'' if self.days == 1 else 's'}"
        return after if self.weekday is None else f"{WEEKDAYS[self.weekday]} after {after}"

    def day(self, quarter: Period) -> date:
        """The day for a quarter. A weekday that is a bank holiday gives way to the next week's."""
        day = working_days_after(quarter.end, self.days)
        while self.weekday is not None and (day.weekday() != self.weekday or not is_working(day)):
            day += timedelta(days=1)
        return day


Dates = Mapping[Step, date]
Template = Mapping[Step, DayRule]

TEMPLATE: Template = {
    Step.DATA_CUT: DayRule(10),
    Step.COMMENTARY: DayRule(15),
    Step.CLINIC: DayRule(20),
    Step.MANAGEMENT_TEAM: DayRule(30, WEEKDAYS.index("Tuesday")),
    Step.CABINET_MEMBER: DayRule(35),
    Step.SCRUTINY: DayRule(45),
    Step.PUBLICATION: DayRule(47),
}
"""The usual calendar, for a council that has set none of its own."""


def dates_for(quarter: Period, template: Template = TEMPLATE) -> dict[Step, date]:
    """The calendar of a quarter."""
    return {step: template[step].day(quarter) for step in Step}


def date_faults(quarter: Period, dates: Dates) -> dict[Step, str]:
    """What is wrong with dates that somebody wrote, by step."""
    faults = {}
    before, day_before = f"{quarter.words} ends", quarter.end
    for step in Step:
        if dates[step] < day_before:
            there = f"{write_date(dates[step])} is before {before} on {write_date(day_before)}."
            faults[step] = f"{there} Choose a later day."
        elif not is_working(dates[step]):
            named = bank_holidays().get(dates[step], f"a {dates[step]:%A}")
            faults[step] = f"{write_date(dates[step])} is {named}, not a working day. Choose another."
        before, day_before = f"the {step.value}", max(day_before, dates[step])
    return faults


def template_faults(template: Template) -> dict[Step, str]:
    """Rules that would put a step before the one it follows, by step."""
    faults = {}
    for earlier, later in pairwise(Step):
        if template[later].days < template[earlier].days:
            faults[later] = (
                f"{template[later].words} is before the {earlier.value}, {template[earlier].words}. Give it more days."
            )
    return faults


def step_now(dates: Dates, today: date) -> Step | None:
    """The step that comes next, or is today; None when all are over."""
    return next((step for step in Step if dates[step] >= today), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a round's entries have done each thing that has to be done to them."""

    move: Move
    step: Step
    due: date
    done: int
    total: int

    @property
    def left(self) -> int:
        """How many have not."""
        return self.total - self.done

    def is_late(self, today: date) -> bool:
        """Whether any should have by now."""
        return bool(self.left) and self.due < today


ORDER = (State.SUBMITTED, State.CHECKED, *LEVELS, State.PUBLISHED)
"""How far an entry has come."""

REACHED: Mapping[Move, State] = {
    Move.SUBMIT: State.SUBMITTED, Move.CHECK: State.CHECKED, Move.AGREE_HEAD: State.HEAD,
    Move.AGREE_DIRECTOR: State.DIRECTOR, Move.AGREE_PORTFOLIO: State.PORTFOLIO, Move.PUBLISH: State.PUBLISHED,
}  # fmt: skip


def progress(states: Iterable[State], levels: Iterable[State], dates: Dates) -> list[Progress]:
    """The round by step: what is done, what is left, and by when it is due."""
    asked = {State.SUBMITTED, State.CHECKED, *levels, State.PUBLISHED}
    places = [_place(state) for state in states]
    return [
        Progress(move, DUE_BY[move], dates[DUE_BY[move]], sum(at >= ORDER.index(to) for at in places), len(places))
        for move, to in REACHED.items() if to in asked
    ]  # fmt: skip


def _place(state: State) -> int:
    state = State.PUBLISHED if state is State.RESTATED else state
    return ORDER.index(state) if state in ORDER else -1
