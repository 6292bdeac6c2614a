"""Rules on the directions of travel that a plan prints, held against its own figures.

A direction is worked out again by the council's rule, or by the latest three results where it has chosen none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..catalogue.indicator import Break
from ..judgement.direction import HAVERING_SHORT_TERM, YORK, DirectionRule, Way, direction
from ..judgement.direction import Direction as Judged
from ..judgement.rag import write
from ..judgement.settings import Judging
from ..plans.service_plan import IndicatorRow, ServicePlan
from ..terms.period import Period, write_date
from ..terms.polarity import Better
from ..terms.status import Direction
from ..terms.value import Absence, Missing, Value
from .finding import Finding, Severity
from .listings import Point, codes_of, figures, of_plan, on_rows
from .picture import Picture
from .rule import rule
from .wording import change, counted, in_per_cent, listed

PRINTED = {
    Way.BETTER: Direction.GOOD,
    Way.WORSE: Direction.BAD,
    Way.NO_CLEAR_MOVEMENT: Direction.NEUTRAL,
    Way.NO_DIRECTION_WANTED: Direction.NEUTRAL,
}
DECIDED = {Way.BETTER: Direction.GOOD, Way.WORSE: Direction.BAD}
SOON = ("monthly", "quarterly")  # a figure of these is there when the year is reported


@dataclass(frozen=True, slots=True)
class Row:
    """A row with a printed direction, beside what its figures say: by the council's rule, and by the last two alone."""

    listed: IndicatorRow
    printed: Direction
    rule: DirectionRule
    breaks: tuple[Break, ...]
    points: list[Point]
    judged: Judged
    last: Judged

    @property
    def too_few(self) -> bool:
        """Whether it takes more results than there are; not where no direction is wanted."""
        return self.judged.way is Way.NOT_ENOUGH

    @property
    def due(self) -> Direction | None:
        """The direction that the results bear out, None where they cannot contradict the printed one.

        On too few, earlier years that are not shown may have counted too, but not against the last change.
        """
        if not self.too_few:
            return PRINTED.get(self.judged.way)
        return None if self.printed is Direction.NEUTRAL else DECIDED.get(self.last.way)

    @property
    def is_stale(self) -> bool:
        """Whether the printed direction is what the results gave before the newest came."""
        if self.due in (None, self.printed) or len(self.points) < 2:
            return False
        older = {period: figure for period, figure, _ in self.points[:-1]}
        judged = _judged(self.listed, older, self.rule, self.breaks)
        if judged.way is Way.NOT_ENOUGH and self.printed is not Direction.NEUTRAL:
            judged = _judged(self.listed, older, HAVERING_SHORT_TERM, self.breaks)
        return PRINTED.get(judged.way, Direction.NEUTRAL) is self.printed

    @property
    def story(self) -> str:
        """The sentence of the verdict that decides, with what to do."""
        return f"{(self.last if self.too_few else self.judged).sentence} Work the direction out again."

    @property
    def window(self) -> list[Period]:
        return [period for period, _, _ in self.points[-self.rule.against.takes :]]


def _judged(row: IndicatorRow, results: Mapping[Period, Value], by: DirectionRule, breaks: Sequence[Break]) -> Judged:
    return direction(results, row.polarity, by, breaks, row.basis)


def _rows(picture: Picture, plan: ServicePlan) -> Iterator[Row]:
    judging = picture.council.judging
    for row in plan.indicators:
        if row.direction:
            by = YORK if judging == Judging() else judging.chosen(row.slug).direction
            series = picture.series.get(row.slug)
            breaks = series.definition.breaks if series else ()
            yield Row(
                row, row.direction, by, breaks, figures(row.results), _judged(row, row.results, by, breaks),
                _judged(row, row.results, HAVERING_SHORT_TERM, breaks),
            )  # fmt: skip


@rule(
    "D1", "The printed direction against the figures", Severity.WARNING,
    "Good, Bad or Neutral should follow from the results, the polarity and the council's rule.",
    found="260, 248 and 236, lower is better, and Bad.", passed="94%, 93% and 96%, and Neutral.",
)  # fmt: skip
def contradictions(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        for row in _rows(picture, plan):
            if row.due not in (None, row.printed) and not row.is_stale:
                words = f"{row.printed} is printed, but the figures say {row.due}. {row.story}"
                yield on_rows(picture, of_plan(plan), "D1", Severity.WARNING, words, [row.listed], row.window)


@rule(
    "D2", "Enough results for a direction", Severity.QUERY,
    "A direction on fewer results than the rule takes is none. Neutral then means “not enough results”, which is not "
    "“no clear movement”.",
    found="One result, and Good.", passed="Three results that go both ways, and Neutral.",
)  # fmt: skip
def too_few(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        short = [row for row in _rows(picture, plan) if row.too_few]
        sure = [row for row in short if row.printed is not Direction.NEUTRAL]
        unsure = [row for row in short if row.printed is Direction.NEUTRAL]
        if sure:
            words = (
                f"{_takes(sure)}, but Good or Bad is printed on fewer: {_numbers(sure)}. Show the earlier years that "
                "it rests on, or print “not enough results”."
            )
            yield on_rows(picture, of_plan(plan), "D2", Severity.QUERY, words, [row.listed for row in sure])
        if unsure:
            words = (
                f"{_takes(unsure)}, and Neutral is printed on fewer: {_numbers(unsure)}. Print “not enough results”, "
                "so that nobody takes it for “no clear movement”."
            )
            yield on_rows(picture, of_plan(plan), "D2", Severity.QUERY, words, [row.listed for row in unsure])


def _takes(rows: list[Row]) -> str:
    takes = max(row.rule.against.takes for row in rows)
    return f"A direction takes {counted(takes, 'result')}"


def _numbers(rows: list[Row]) -> str:
    """On one result, PVP01 and PVP06; on two results, STF08."""
    by_number: dict[int, list[str]] = {}
    for row in rows:
        by_number.setdefault(len(row.points), []).append(row.listed.code)
    return "; ".join(
        f"on {counted(number, 'result')}, {listed(codes)}" for number, codes in sorted(by_number.items())
    )


@rule(
    "D3", "A direction that is out of date", Severity.WARNING,
    "A direction that holds only without the newest result was not worked out again when that came; and one whose "
    "newest result is still awaited speaks of the year before.",
    found="8,377, 10,535 and 8,551, lower is better, and still Bad.",
    passed="Two years of a yearly survey, and the third not yet due.",
)  # fmt: skip
def stale(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        rows = list(_rows(picture, plan))
        for row in rows:
            if row.is_stale:
                period, figure, _ = row.points[-1]
                words = (
                    f"{row.printed} is printed, which fits only without the newest result, {write(figure)} in "
                    f"{period.words}. With it the direction is {row.due}. {row.story}"
                )
                yield on_rows(picture, of_plan(plan), "D3", Severity.WARNING, words, [row.listed], row.window)
        for newest in plan.periods[-1:]:
            day = plan.as_at(picture.today)
            late = [row.listed for row in rows if newest.end < day and _is_awaited(picture, row, newest)]
            if late:
                words = (
                    f"Good or Bad is printed for {codes_of(late)}, but speaks of the years before {newest.words}: that "
                    f"is still awaited on {write_date(day)}, though the source gives it sooner. Enter the figure, or "
                    "say beside the direction which year it is of."
                )
                yield on_rows(picture, of_plan(plan), "D3", Severity.QUERY, words, late, [newest])


def _is_awaited(picture: Picture, row: Row, newest: Period) -> bool:
    """Whether a figure that comes within the year is still awaited, and a direction printed that needs it."""
    series, value = picture.series.get(row.listed.slug), row.listed.results.get(newest)
    is_gap = isinstance(value, Missing) and value.absence is Absence.AWAITED
    comes_soon = series is not None and series.definition.frequency in SOON
    return is_gap and comes_soon and bool(row.points) and row.printed is not Direction.NEUTRAL


@rule(
    "D4", "One threshold for all", Severity.QUERY,
    "Where a small change is Good or Bad, a larger one on as many results should not be Neutral.",
    found="+1.0% Good beside +1.2% Neutral.", passed="+8% Good beside +0.4% Neutral.",
)  # fmt: skip
def thresholds(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        changes = [
            (row, size) for row in _rows(picture, plan)
            if row.too_few and row.listed.polarity.better is not Better.NEUTRAL and (size := _last_change(row))
        ]  # fmt: skip
        judged = [(row, size) for row, size in changes if row.printed is not Direction.NEUTRAL]
        if not judged:
            continue
        smallest = min((size for _, size in judged), key=abs)
        larger = [(row, size) for row, size in changes
                  if row.printed is Direction.NEUTRAL and abs(size) > abs(smallest)]  # fmt: skip
        if larger:
            larger.sort(key=lambda found: -abs(found[1]))
            words = (
                f"On two results, Good or Bad is printed for {_sizes(judged)}, but Neutral for larger changes: "
                f"{_sizes(larger)}. No one threshold gives both. Say by which rule they are worked out, and use it for "
                "all."
            )
            rows = [row.listed for row, _ in [*judged, *larger]]
            yield on_rows(picture, of_plan(plan), "D4", Severity.QUERY, words, rows)


def _last_change(row: Row) -> Fraction | None:
    """The last change as a share, where both results can be compared."""
    if len(row.points) < 2 or row.last.way is Way.NOT_COMPARABLE:
        return None
    (_, _, before), (_, _, after) = row.points[-2:]
    return change(before, after)


def _sizes(changes: list[tuple[Row, Fraction]]) -> str:
    return listed(f"{row.listed.code} {in_per_cent(size)}" for row, size in changes)
