"""Time basis: what stretch of time a figure sums up, and what it may be added to."""

from enum import Enum
from typing import Literal

from .period import Period
from .unit import Unit

Over = Literal["time", "areas"]


class NotAdditive(ValueError):
    """A sum that would mean nothing. The message says why and what to do."""


class TimeBasis(Enum):
    """Siblings of one indicator: the same definition, over different stretches of time.

    Each has its wording, whether counts on it add up over successive periods, and a sentence for the reader.
    Counts on every basis add up over areas; rates, percentages and scores add up over nothing.
    """

    SNAPSHOT = ("snapshot", False, "The position on one day. Days cannot be added together.")
    IN_PERIOD = ("in period", True, "What happened within the period. Counts for successive periods add up.")
    YTD_SUM = ("year-to-date sum", False, "Adds up from 1 April, so the latest figure already holds those before it.")
    YTD_AVERAGE = ("year-to-date average", False, "The average of the months so far this year.")
    ROLLING = ("rolling 12 months", False, "The last twelve months, so successive figures overlap.")
    ANNUAL = ("annual", True, "One figure a year.")
    FORECAST = ("forecast", False, "What is expected at the end of the year.")

    def __init__(self, wording: str, adds_over_time: bool, sentence: str) -> None:
        self.wording = wording
        self.adds_over_time = adds_over_time
        self.sentence = sentence

    @classmethod
    def read(cls, text: str) -> "TimeBasis":
        """The basis of that wording. Raises ValueError listing all of them."""
        for basis in cls:
            if basis.wording == " ".join(text.split()).casefold():
                return basis
        raise ValueError(f"“{text}” is not a time basis. Write one of: {', '.join(basis.wording for basis in cls)}.")

    def period_for(self, reported: Period) -> Period | None:
        """The stretch of time that a figure printed for a quarter or a year is of.

        None on the bases that no records tell of: averages of months, and forecasts.
        """
        year = reported.financial_year
        return {
            TimeBasis.SNAPSHOT: Period.snapshot(reported.end),
            TimeBasis.IN_PERIOD: reported,
            TimeBasis.YTD_SUM: year if reported.end == year.end else Period.to_date(reported.end),
            TimeBasis.ROLLING: Period.rolling(reported.end),
            TimeBasis.ANNUAL: year,
        }.get(self)

    def adds_up(self, unit: Unit, over: Over) -> bool:
        """Whether figures on this basis may be added over time or areas."""
        return unit.is_additive and (over == "areas" or self.adds_over_time)

    def check_adds_up(self, unit: Unit, over: Over) -> None:
        """Raise NotAdditive, with the reason, for a sum that would mean nothing."""
        if not unit.is_additive:
            raise NotAdditive(f"Figures in {unit.words} cannot be added. Add numerators and denominators instead.")
        if not self.adds_up(unit, over):
            raise NotAdditive(f"{self.sentence} Use the latest figure instead of a sum.")
