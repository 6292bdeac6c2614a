"""The quarterly submissions of a made-up council: which months each covers, and when it was made and received."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

LATEST_END = date(2026, 9, 30)
MOST = 14  # the collection began with the year to June 2023
RELEASE_2_FROM = date(2025, 7, 1)
MADE_AFTER, RECEIVED_AFTER = timedelta(days=14), timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Quarter:
    """One submission: a rolling 12 months that end with a quarter."""

    end: date
    uk_dates: bool = False

    @property
    def start(self) -> date:
        """The first of the 12 months' days."""
        return date(self.end.year - (self.end.month != 12), self.end.month % 12 + 1, 1)

    @property
    def made(self) -> date:
        """The day the file was made: what was recorded later is not in it."""
        return self.end + MADE_AFTER

    @property
    def received(self) -> date:
        """The day the file arrived."""
        return self.end + RECEIVED_AFTER

    @property
    def release(self) -> int:
        """The release of the specification whose words the file uses."""
        return 1 if self.end < RELEASE_2_FROM else 2

    @property
    def day_form(self) -> str:
        """How the file writes a day, as SQL's strftime has it."""
        return "'%d/%m/%Y'" if self.uk_dates else "'%Y-%m-%d'"

    def file_name(self, area: str) -> str:
        """What a council would call it."""
        return f"cld_{area}_{self.start:%Y%m%d}_{self.end:%Y%m%d}.csv"


def quarters_to(last: date, number: int) -> tuple[Quarter, ...]:
    """The last `number` quarters up to one that ends on `last`, oldest first. One in the middle has British dates."""
    ends = [_months_before(last, 3 * back) for back in reversed(range(number))]
    return tuple(Quarter(end, uk_dates=number >= 4 and place == number // 2) for place, end in enumerate(ends))


def _months_before(end: date, months: int) -> date:
    year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])
