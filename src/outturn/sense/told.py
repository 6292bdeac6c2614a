"""What a scorecard tells of each priority in each quarter: its status, its text, and its measures as judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ..judgement.judging import Known, target_for
from ..judgement.rag import Expected, Status, number, status
from ..judgement.settings import Chosen
from ..plans.scorecard import Block, MeasureLine, Priority, QuarterReport, Scorecard
from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.polarity import Better
from ..terms.unit import Unit
from ..terms.value import Figure, Value
from .finding import Finding, Severity, Subject
from .picture import Picture, Series


@dataclass(frozen=True)
class Told:
    """A measure of a priority in a quarter."""

    line: MeasureLine
    series: Series
    quarter: Period
    chosen: Chosen

    @property
    def result(self) -> Value | None:
        """What was entered for the quarter, or where that is no figure what the records say; None without either."""
        entered = self.line.results.get(self.quarter)
        return entered if isinstance(entered, Figure) else self.series.results.get(self.quarter, entered)

    @property
    def figure(self) -> Figure | None:
        """The result, where it is a number."""
        return self.result if isinstance(self.result, Figure) else None

    @property
    def has_target(self) -> bool:
        """Whether there is anything to hold it against: a target, or a wanted range."""
        better = self.line.polarity.better
        return better is Better.WITHIN or (better is not Better.NEUTRAL and isinstance(self.line.target, Figure))

    @property
    def whole_year(self) -> bool:
        """Whether the quarter is the last of its year."""
        return self.quarter.end == self.quarter.financial_year.end

    @cached_property
    def due(self) -> Expected:
        """What was due by the end of the quarter, by the council's settings."""
        targets = {self.quarter.financial_year: self.line.target} if self.line.target else {}
        known = Known(self.series.definition, self.line.basis, self.series.results, {**self.series.targets, **targets})
        return target_for(known, self.chosen, self.quarter)

    @cached_property
    def status(self) -> Status:
        """By the council's rule; without a colour where it cannot be judged.

        A rate that adds up from 1 April is not judged before the year is over unless milestones are given: nobody can
        tell whether its target is for the year or for every part of it.
        """
        rate = self.line.basis is TimeBasis.YTD_SUM and self.line.unit is Unit.PER_100K
        unclear = rate and not self.whole_year and self.quarter not in self.chosen.milestones
        target: Value | Decimal | None = None if unclear or not self.has_target else self.due.amount
        if target is not None and target == number(self.line.target):
            target = self.line.target  # so that a sentence has it as printed
        earlier = self.series.results.get(self.quarter.same_last_year())
        return status(self.result, target, self.line.polarity, self.chosen.status, earlier)

    @property
    def words(self) -> str:
        """REABLEMENT 187 against 2000, or what stands in place of the figure."""
        printed = self.result.printed if self.result else ""
        against = f" against {self.line.target.printed}" if self.line.target else ""
        return f"{self.line.code} {printed or 'blank'}{against}"


@dataclass(frozen=True, slots=True)
class Report:
    """A priority in a quarter of its scorecard."""

    card: Scorecard
    block: Block
    priority: Priority
    quarter: Period
    said: QuarterReport
    measures: tuple[Told, ...]

    @property
    def subject(self) -> Subject:
        """The priority as findings name it."""
        place = (self.card.slug, str(self.priority.number))
        return Subject("priority", place, f"“{self.priority.title.rstrip('.')}”")

    def finding(self, rule: str, severity: Severity, words: str) -> Finding:
        """A finding on the priority in the quarter, and on its measures also."""
        measures = tuple(told.series.subject for told in self.measures)
        return Finding(rule, severity, self.subject, words, (self.quarter.code,), measures)


def reports(picture: Picture) -> Iterator[Report]:
    """Every priority in every quarter for which its scorecard reports anything."""
    chosen = picture.council.judging.chosen
    for card in picture.scorecards:
        for quarter in card.reported:
            for block in card.blocks:
                for priority in block.priorities:
                    lines = [line for line in priority.measures if line.slug in picture.series]
                    told = tuple(Told(line, picture.series[line.slug], quarter, chosen(line.slug)) for line in lines)
                    yield Report(card, block, priority, quarter, priority.report(quarter), told)
