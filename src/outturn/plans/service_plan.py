"""A service plan: front sheet, sections, resources, demographics, actions, risks and indicators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.polarity import Polarity
from ..terms.status import Direction
from ..terms.unit import Unit
from ..terms.value import Figure, Value
from .action import Action
from .risk import Risk

SECTION_KINDS = ("description", "context", "strategies", "challenges", "priorities")


@dataclass(frozen=True, slots=True)
class Section:
    """Running text: paragraphs, and lists whose lines begin with a dash."""

    number: str
    kind: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Resource:
    """Staff or money the service has."""

    label: str
    value: Value
    unit: Unit
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Demographic:
    """A fact about the people served, with its projection."""

    subject: str
    now: str
    year: str = ""
    projected: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as a plan lists it: printed words beside what they mean."""

    slug: str  # identifies the indicator within its council
    framework: str
    code: str  # as the catalogue spells it
    printed_code: str
    title: str
    heading: str
    basis: TimeBasis
    printed_basis: str
    unit: Unit
    results: Mapping[Period, Value]
    targets: Mapping[Period, Value]
    printed_polarity: str
    polarity: Polarity
    direction: Direction | None
    owner: str
    include: bool

    @property
    def newest(self) -> Period | None:
        """The period of the newest figure that the plan prints."""
        there = [period for period, value in self.results.items() if isinstance(value, Figure)]
        return max(there, key=lambda period: (period.end, period.start), default=None)


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A plan for one service and one year."""

    slug: str
    title: str
    year: Period
    service: str
    directorate: str
    plan_holder: str
    director: str
    cabinet_member: str
    last_updated: date
    printed_last_updated: str
    source: str
    sections: tuple[Section, ...] = ()
    resources: tuple[Resource, ...] = ()
    demographics: tuple[Demographic, ...] = ()
    actions: tuple[Action, ...] = ()
    risks: tuple[Risk, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()

    def as_at(self, today: date) -> date:
        """The day on which the plan is judged: today, or its last update once its year is over.

        Without this, everything in a plan of years ago would be overdue.
        """
        return day_judged(self.year, self.last_updated, today)

    @property
    def periods(self) -> list[Period]:
        """The periods for which any indicator has a result, oldest first."""
        return sorted({period for row in self.indicators for period in row.results}, key=lambda period: period.end)


def day_judged(year: Period, last_updated: date, today: date) -> date:
    """Today, or the last update once the year is over."""
    return today if today <= year.end else last_updated


def paragraphs(text: str) -> list[tuple[str, list[str]]]:
    """Running text as blocks: ("paragraph", [text]) and ("list", [items]), for every renderer alike."""
    blocks: list[tuple[str, list[str]]] = []
    for chunk in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        prose: list[str] = []
        items: list[str] = []
        for line in lines:
            if line.startswith("- "):
                items.append(line[2:].strip())
            elif items:
                items[-1] += f" {line}"  # a list item that goes on in the next line
            else:
                prose.append(line)
        if prose:
            blocks.append(("paragraph", [" ".join(prose)]))
        if items:
            blocks.append(("list", items))
    return blocks
