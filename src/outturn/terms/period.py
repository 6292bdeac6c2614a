"""Periods as English councils count them: the financial year starts on 1 April."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

YEAR_START_MONTH = 4
YEAR = "((?:19|20)[0-9]{2})"  # a year outside these is a slip of the keyboard
FINANCIAL_YEAR = re.compile(f"{YEAR}[-/–]([0-9]{{2}}|[0-9]{{4}})")


class PeriodKind(StrEnum):
    """What sort of stretch of time, or point in it, a figure is for."""

    YEAR = "financial year"
    QUARTER = "quarter"
    MONTH = "month"
    TO_DATE = "year to date"
    ROLLING = "rolling 12 months"
    SNAPSHOT = "snapshot date"
    SURVEY = "survey year"


MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}


class UnreadablePeriod(ValueError):
    """Text that names no period or date. The message says how to write one."""


@dataclass(frozen=True, slots=True)
class Period:
    """A kind of period with its first and last day, both included.

    What is worked out from one is kept: there are few, and pages ask for the same ones thousands of times.
    """

    kind: PeriodKind
    start: date
    end: date

    @classmethod
    def year(cls, first: int) -> "Period":
        """The financial year that starts on 1 April of `first`."""
        return cls(PeriodKind.YEAR, date(first, 4, 1), date(first + 1, 3, 31))

    @classmethod
    def survey(cls, first: int) -> "Period":
        """A survey reported for the financial year that starts in `first`, whenever its fieldwork was."""
        return cls(PeriodKind.SURVEY, date(first, 4, 1), date(first + 1, 3, 31))

    @classmethod
    def quarter(cls, first: int, number: int) -> "Period":
        """Quarter 1 (April to June) to 4 (January to March) of the financial year that starts in `first`."""
        if number not in (1, 2, 3, 4):
            raise UnreadablePeriod(f"There is no quarter {number}. Quarters are 1 to 4; quarter 1 starts on 1 April.")
        start = _add_months(date(first, YEAR_START_MONTH, 1), 3 * (number - 1))
        return cls(PeriodKind.QUARTER, start, _add_months(start, 3) - timedelta(days=1))

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        """A calendar month."""
        start = date(year, month, 1)
        return cls(PeriodKind.MONTH, start, _add_months(start, 1) - timedelta(days=1))

    @classmethod
    def to_date(cls, end: date) -> "Period":
        """The financial year so far: from 1 April to `end`, itself included."""
        first = end.year if end.month >= YEAR_START_MONTH else end.year - 1
        return cls(PeriodKind.TO_DATE, date(first, YEAR_START_MONTH, 1), end)

    @classmethod
    def rolling(cls, end: date) -> "Period":
        """The twelve months that end on `end`, itself included."""
        after = end + timedelta(days=1)
        return cls(PeriodKind.ROLLING, _same_day(after, after.year - 1), end)

    @classmethod
    def snapshot(cls, day: date) -> "Period":
        """The position on one day."""
        return cls(PeriodKind.SNAPSHOT, day, day)

    @classmethod
    def read(cls, text: str) -> "Period":
        """Read `2018/19`, `2018-19`, `Q1 2012/13`, `2012-13 Q1`, `March 2018`, `2018-03`, `12 months to 31 March 2018`,
        `2018/19 to 30 November 2018`, `survey 2016/17`, `2016/17 survey`, `31 March 2018` and `2018-03-31`.
        Raises UnreadablePeriod.

        `2011-12` is the financial year; December 2011 is `month 2011-12`, as its code says.
        """
        words = " ".join(text.split())
        if match := re.fullmatch(r"(?:12 months to|12m to) (.+)", words, re.IGNORECASE):
            return cls.rolling(read_date(match[1]))
        if match := re.fullmatch(r"(\S+) to (.+)", words, re.IGNORECASE):
            return _to_date(_year(match[1]), read_date(match[2]))
        if match := re.fullmatch(r"survey (\S+)|(\S+) survey", words, re.IGNORECASE):
            return cls.survey(_year(match[1] or match[2]))
        if match := re.fullmatch(r"(?:Q|Quarter )([0-9]) (\S+)", words, re.IGNORECASE):
            return cls.quarter(_year(match[2]), int(match[1]))
        if match := re.fullmatch(r"(\S+) (?:Q|Quarter )([0-9])", words, re.IGNORECASE):
            return cls.quarter(_year(match[1]), int(match[2]))
        if (first := _first_year(words)) is not None:
            return cls.year(first)
        if (month := _month(re.sub("^month ", "", words))) is not None:
            return month
        if (day := _date(re.sub("^at ", "", words))) is not None:
            return cls.snapshot(day)
        raise UnreadablePeriod(
            f"“{words[:60]}” is not a period. Periods look like 2018/19, Q1 2018/19, March 2018 or 31 March 2018."
        )

    @property
    def first_year(self) -> int:
        """The calendar year in which this period's financial year starts (by the period's last day)."""
        return self.end.year if self.end.month >= YEAR_START_MONTH else self.end.year - 1

    @property
    def quarter_number(self) -> int:
        """1 to 4: the quarter of the financial year in which the period ends."""
        return (self.end.month - YEAR_START_MONTH) % 12 // 3 + 1

    @property
    @lru_cache(4096)  # noqa: B019
    def code(self) -> str:
        """One spelling per period, which sorts by time within a kind and which `read` takes back."""
        if self.kind is PeriodKind.MONTH:
            return f"month {self.start:%Y-%m}"
        if self.kind is PeriodKind.ROLLING:
            return f"12m to {self.end}"
        if self.kind is PeriodKind.SNAPSHOT:
            return f"at {self.end}"
        year = f"{self.first_year}-{(self.first_year + 1) % 100:02}"
        if self.kind is PeriodKind.TO_DATE:
            return f"{year} to {self.end}"
        if self.kind is PeriodKind.QUARTER:
            return f"{year} Q{self.quarter_number}"
        return f"survey {year}" if self.kind is PeriodKind.SURVEY else year

    @property
    @lru_cache(4096)  # noqa: B019
    def words(self) -> str:
        """As a page says it: 2018/19, Quarter 1 2012/13, March 2018, 12 months to 31 March 2018."""
        if self.kind is PeriodKind.MONTH:
            return f"{self.start:%B %Y}"
        if self.kind is PeriodKind.ROLLING:
            return f"12 months to {write_date(self.end)}"
        if self.kind is PeriodKind.SNAPSHOT:
            return write_date(self.end)
        year = f"{self.first_year}/{(self.first_year + 1) % 100:02}"
        if self.kind is PeriodKind.TO_DATE:
            return f"{year} to {write_date(self.end)}"
        if self.kind is PeriodKind.QUARTER:
            return f"Quarter {self.quarter_number} {year}"
        return f"{year} survey" if self.kind is PeriodKind.SURVEY else year

    @property
    @lru_cache(4096)  # noqa: B019
    def financial_year(self) -> "Period":
        """The financial year in which the period ends."""
        return Period.year(self.first_year)

    def quarters(self) -> list["Period"]:
        """The four quarters of the period's financial year."""
        return [Period.quarter(self.first_year, number) for number in (1, 2, 3, 4)]

    def previous(self) -> "Period":
        """The period of the same kind just before: for rolling, year to date and snapshot, a month earlier."""
        return self._moved(-1)

    def next(self) -> "Period":
        """The period of the same kind just after: for rolling, year to date and snapshot, a month later."""
        return self._moved(1)

    def same_last_year(self) -> "Period":
        """The same period a year before."""
        steps = {PeriodKind.QUARTER: 4, PeriodKind.YEAR: 1, PeriodKind.SURVEY: 1}.get(self.kind, 12)
        return self._moved(-steps)

    @lru_cache(4096)  # noqa: B019
    def _moved(self, steps: int) -> "Period":
        months = {PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12, PeriodKind.SURVEY: 12}.get(self.kind, 1) * steps
        if self.kind is PeriodKind.ROLLING:
            return Period.rolling(_month_end_kept(self.end, months))
        if self.kind is PeriodKind.TO_DATE:
            return Period.to_date(_month_end_kept(self.end, months))
        if self.kind is PeriodKind.SNAPSHOT:
            return Period.snapshot(_month_end_kept(self.end, months))
        start = _add_months(self.start, months)
        length = {PeriodKind.QUARTER: 3, PeriodKind.MONTH: 1}.get(self.kind, 12)
        return Period(self.kind, start, _add_months(start, length) - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class SurveyCalendar:
    """When a survey runs: every `every` years since the financial year that starts in `first`.

    The carers' survey (SACE) is biennial: 2012/13, 2014/15, 2016/17 …, so 2015/16 rightly has no figure.
    """

    first: int
    every: int = 2

    def runs_in(self, period: Period) -> bool:
        """Whether the survey runs in the period's financial year."""
        return period.first_year >= self.first and (period.first_year - self.first) % self.every == 0

    def next_run(self, after: Period) -> Period:
        """The first survey year after the period's financial year."""
        year = max(after.first_year + 1, self.first)
        return Period.survey(year + (self.first - year) % self.every)


def read_date(text: str) -> date:
    """Read a day: `11th July 2018`, `11 July 2018`, `11/07/2018` (day first), `2018-07-11`. Raises UnreadablePeriod."""
    words = " ".join(text.split())
    if (day := _date(words)) is None:
        raise UnreadablePeriod(f"“{words[:60]}” is not a date we can read. Dates look like 11 July 2018.")
    return day


def read_span(text: str) -> Period:
    """A period as `Period.read` takes it, or as its first and last day: `1 Apr 24 - 31 Mar 25`, `2024-04-01 to
    2025-03-31`. Raises UnreadablePeriod.
    """
    words = " ".join(text.split())
    days = re.fullmatch(r"(.+?) (?:-|–|to) (.+)", words)
    start, end = (_date(re.sub("(?<= )([0-9]{2})$", r"20\1", day)) for day in days.groups()) if days else (None, None)
    if not start or not end:
        return Period.read(text)
    first = Period.snapshot(start).first_year
    quarters = [Period.quarter(first, number) for number in (1, 2, 3, 4)]
    month, to_date, rolling = Period.month(start.year, start.month), Period.to_date(end), Period.rolling(end)
    for period in (Period.year(first), *quarters, month, rolling, to_date):
        if (period.start, period.end) == (start, end):
            return period
    raise UnreadablePeriod(f"“{text}” is no year, quarter, month, twelve months or part of a year from 1 April.")


def read_year(text: str) -> Period:
    """A financial year, and no other period. Raises UnreadablePeriod."""
    period = Period.read(text)
    if period.kind is not PeriodKind.YEAR:
        raise UnreadablePeriod(f"“{text}” is not a financial year. Years look like 2018/19.")
    return period


def read_due(text: str) -> date:
    """The last day on which something promised for `text` is in time: a date, or the end of a month (`March 2019`)."""
    month = _month(" ".join(text.split()))
    return month.end if month else read_date(text)


def write_date(day: date) -> str:
    """As a page says it: 11 July 2018."""
    return f"{day.day} {day:%B %Y}"


def _date(words: str) -> date | None:
    try:
        if match := re.fullmatch(f"{YEAR}-([0-9]{{2}})-([0-9]{{2}})", words):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.fullmatch(f"([0-9]{{1,2}})/([0-9]{{1,2}})/{YEAR}", words):
            return date(int(match[3]), int(match[2]), int(match[1]))
        match = re.fullmatch(f"([0-9]{{1,2}})(?:st|nd|rd|th)? ([A-Za-z]+) {YEAR}", words)
        if match and match[2].casefold() in MONTHS:
            return date(int(match[3]), MONTHS[match[2].casefold()], int(match[1]))
    except ValueError:
        pass  # a date that is not in the calendar gets the same answer as no date
    return None


def _month(words: str) -> Period | None:
    if match := re.fullmatch(f"([A-Za-z]+) {YEAR}", words):
        number = MONTHS.get(match[1].casefold())
        return Period.month(int(match[2]), number) if number else None
    match = re.fullmatch(f"{YEAR}-(0[1-9]|1[0-2])", words)
    return Period.month(int(match[1]), int(match[2])) if match else None


def _first_year(words: str) -> int | None:
    """`2012-13` is a year and `2012-11` is November: a financial year's second half is the next year."""
    match = FINANCIAL_YEAR.fullmatch(words)
    if match and int(match[2]) == (int(match[1]) + 1) % (100 if len(match[2]) == 2 else 10_000):
        return int(match[1])
    return None


def _year(words: str) -> int:
    if (first := _first_year(words)) is None:
        raise UnreadablePeriod(f"“{words[:60]}” is not a financial year. Years look like 2018/19.")
    return first


def _to_date(first: int, end: date) -> Period:
    period = Period.to_date(end)
    if period.start.year != first:
        raise UnreadablePeriod(f"{write_date(end)} is not in {Period.year(first).words}.")
    return period


def _add_months(first_of_month: date, months: int) -> date:
    count = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _month_end_kept(day: date, months: int) -> date:
    """`months` later; the end of a month stays the end of a month, since that is when councils count."""
    target = _add_months(day.replace(day=1), months)
    last = calendar.monthrange(target.year, target.month)[1]
    is_month_end = (day + timedelta(days=1)).day == 1
    return target.replace(day=last if is_month_end else min(day.day, last))


def _same_day(day: date, year: int) -> date:
    """The same day in another year; 29 February becomes 1 March."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
