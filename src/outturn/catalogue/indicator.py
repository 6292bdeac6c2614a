"""What is measured: one definition per indicator, known by framework and code together."""

from dataclasses import dataclass
from enum import StrEnum

from ..terms.basis import TimeBasis
from ..terms.period import Period, SurveyCalendar
from ..terms.polarity import Polarity
from ..terms.unit import Unit


class Standing(StrEnum):
    """How sure the definition is."""

    ESTABLISHED = "established"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """An indicator's identity.

    The framework is part of it because codes are reused: ASCOF 2A was admissions until 2022/23 and is the outcome of
    short-term services since. Two keys are one indicator only when both parts are equal.
    """

    framework: str
    code: str

    def __str__(self) -> str:
        return f"{self.framework}/{self.code}"


@dataclass(frozen=True, slots=True)
class Break:
    """A year from which figures cannot be compared with those before."""

    period: Period
    because: str


@dataclass(frozen=True, slots=True)
class Framework:
    """A set of definitions that one publisher keeps under one meaning."""

    id: str
    title: str
    publisher: str
    editions: str
    notes: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A definition. Every word of it comes from a file under review."""

    key: Key
    framework: Framework
    title: str
    meaning: str
    numerator: str
    denominator: str  # "none" for counts
    unit: Unit
    decimals: int | None
    bases: tuple[TimeBasis, ...]
    polarity: Polarity
    source: str
    frequency: str
    survey: SurveyCalendar | None
    standing: Standing
    breaks: tuple[Break, ...]
    came_from: str
    notes: str
    computed_by: str  # the measure that works it out from records, with its part where it has several; or empty

    def broken_between(self, earlier: Period, later: Period) -> Break | None:
        """The break, if any, that keeps two periods from being compared; twelve months can straddle one."""
        for found in self.breaks:
            if earlier.start < found.period.start <= later.end:
                return found
        return None


def normal_code(printed: str) -> str:
    """A code as the catalogue spells it: councils print `ASCOF2C 1` and `ASCOF2C1` in one table."""
    return "".join(printed.split())
