"""A quarterly scorecard: blocks of priorities, each with a status of its own, a progress summary and its measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.polarity import Polarity
from ..terms.status import Rag
from ..terms.unit import Unit
from ..terms.value import Absence, Missing, Value, token_key

BLOCK_KINDS = ("cross-council priorities", "directorate priorities", "city priority plans", "self-assessment")
BLOCK_COLUMNS = ("progress", "target")
NOT_YET_DUE = Missing(Absence.NOT_YET_DUE)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure under a priority: its target for the year and its result for each quarter reached."""

    slug: str  # identifies the indicator within its council
    framework: str
    code: str
    title: str  # as printed
    basis: TimeBasis
    unit: Unit
    polarity: Polarity
    target: Value | None
    results: Mapping[Period, Value]
    notes: Mapping[Period, str] = field(default_factory=dict)  # on a quarter's result

    def known_at(self, reached: Period) -> list[Value]:
        """A value for each quarter of the year, as the sheet stood at one: those after it are not yet due."""
        return [
            self.results.get(each, NOT_YET_DUE) if each.end <= reached.end else NOT_YET_DUE
            for each in reached.quarters()
        ]


@dataclass(frozen=True, slots=True)
class QuarterReport:
    """What was said of a priority in a quarter. The status is the officers' judgement of the priority itself."""

    quarter: Period
    status: Rag | None = None
    progress: str = ""


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority. `no_measure` is what the document prints where there is none (N/A)."""

    number: int  # position on the scorecard, from 1
    title: str
    portfolios: tuple[str, ...]
    reports: tuple[QuarterReport, ...] = ()
    measures: tuple[MeasureLine, ...] = ()
    no_measure: str = ""

    @property
    def absent(self) -> Missing:
        """What stands in every cell of a priority without a measure."""
        return Missing(Absence.NOT_APPLICABLE, self.no_measure or "N/A")

    def report(self, quarter: Period) -> QuarterReport:
        """The report for a quarter, empty where none was made."""
        return next((report for report in self.reports if report.quarter == quarter), QuarterReport(quarter))


@dataclass(frozen=True, slots=True)
class Block:
    """A headed part of the scorecard. `shows` names which of the optional columns it prints."""

    heading: str
    kind: str
    measure_heading: str
    shows: tuple[str, ...]
    priorities: tuple[Priority, ...] = ()


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A directorate's scorecard for a year."""

    slug: str
    title: str
    directorate: str
    year: Period
    source: str
    blocks: tuple[Block, ...] = ()

    @property
    def priorities(self) -> list[Priority]:
        """Every priority, in order."""
        return [priority for block in self.blocks for priority in block.priorities]

    @property
    def reported(self) -> list[Period]:
        """The quarters for which anything was reported, in order."""
        quarters = {report.quarter for priority in self.priorities for report in priority.reports}
        quarters |= {quarter for priority in self.priorities for line in priority.measures for quarter in line.results}
        return sorted(quarters, key=lambda quarter: quarter.end)

    @property
    def tokens(self) -> list[tuple[str, str]]:
        """What is printed in place of figures, with its meaning."""
        values = [value for each in self.priorities for line in each.measures for value in line.results.values()]
        return token_key([*values, *(each.absent for each in self.priorities if each.no_measure)])

    def tally(self, quarter: Period) -> dict[Rag | None, int]:
        """How many priorities stand at each status, None for those without."""
        counts: dict[Rag | None, int] = dict.fromkeys((*Rag, None), 0)
        for priority in self.priorities:
            counts[priority.report(quarter).status] += 1
        return counts
