"""What an indicator's page says of its figures: verdicts with their methods, and a chart over time with its table."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from outturn.judgement.judging import Ahead, Charted
from outturn.judgement.variation import Point, Variation
from outturn.publish.variation_chart import Mark, variation_chart
from outturn.terms.period import Period
from outturn.terms.unit import Unit
from outturn.terms.value import Figure, Notation

from .judged import Judged, Series
from .worked_out import short

MARKS = {
    Variation.IMPROVING: "better", Variation.CONCERNING: "worse", Variation.NEITHER: "neither",
    Variation.TURNING: "turning",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One period in the chart's table."""

    period: Period
    figure: str
    limits: str
    mark: str  # in words
    signals: str
    because: str  # why the limits are drawn anew from here


@dataclass(frozen=True, slots=True)
class Section:
    """The verdicts on the newest figure, and the chart where there is one."""

    judged: Judged
    ahead: Ahead
    charted: Charted
    chart: Markup
    rows: tuple[ChartRow, ...]

    @property
    def others(self) -> list[tuple[str, str, bool | None, str]]:
        """Direction by the other usual comparisons: against what, the answer, better or not, and a sentence."""
        own = self.judged.verdicts.direction.rule.against
        return [
            (each.rule.against.words, each.way.value, each.better, each.sentence)
            for each in self.judged.verdicts.directions if each.rule.against is not own
        ]


def section(series: Series, judged: Judged, title: str) -> Section:
    """Everything the page shows. `title` names the chart."""
    found = series.charted()
    rows = tuple(_rows(series, found))
    return Section(judged, series.ahead(), found, _chart(series, found, rows, title), rows)


def _chart(series: Series, found: Charted, rows: tuple[ChartRow, ...], title: str) -> Markup:
    """Empty where no limits could be drawn: the chart of results above shows as much."""
    points = found.chart.points
    if not any(point.limits for point in points):
        return Markup()
    lowest, highest = _possible(series, points)
    starts = {stretch.first for stretch in found.chart.stretches}
    marks = [_mark(point, row, lowest, highest, point.place in starts) for point, row in zip(points, rows, strict=True)]
    known = series.known
    words = known.unit.words + (", each period by itself" if found.apart else "")
    verdicts = f"{found.chart.variation.sentence} {found.chart.assurance.sentence}"
    drawn = variation_chart(
        marks, title=title, description=f"{verdicts} The table below has every figure.", unit_words=words,
        target=found.chart.assurance.target,
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704 the chart module escapes every text it is given


def _possible(series: Series, points: tuple[Point, ...]) -> tuple[Decimal | None, Decimal | None]:
    """Between which a line is drawn: figures that were never below nought will not be, nor shares above everybody."""
    amounts = [point.amount for point in points if point.amount is not None]
    lowest = Decimal(0) if min(amounts) >= 0 else None
    highest = Decimal(100) if series.known.unit is Unit.PERCENT and max(amounts) <= 100 else None
    return lowest, highest


def _mark(point: Point, row: ChartRow, lowest: Decimal | None, highest: Decimal | None, starts: bool) -> Mark:
    lines = point.limits.drawn(lowest, highest) if point.limits else None
    return Mark(
        short(row.period), point.amount, row.figure, lines and lines.lower, lines and lines.centre,
        lines and lines.upper, MARKS.get(point.variation, ""), anew=starts,
    )  # fmt: skip


def _rows(series: Series, found: Charted) -> Iterator[ChartRow]:
    known = series.known
    newest = known.results.get(found.periods[-1]) if found.periods else None
    notation = newest.notation if isinstance(newest, Figure) else Notation()
    because = {stretch.first: stretch.because for stretch in found.chart.stretches}
    for point, period in zip(found.chart.points, found.periods, strict=False):
        value = known.results.get(period)
        written = "" if point.amount is None else notation.write(point.amount)
        limits = point.limits
        yield ChartRow(
            period,
            written or (value.words if value else "no figure"),
            f"{_limit(limits.lower, notation)} to {_limit(limits.upper, notation)}" if limits else "none",
            point.variation.value if limits else "not judged",
            "; ".join(dict.fromkeys(signal.rule.value for signal in point.signals)),
            because.get(point.place, ""),
        )


def _limit(amount: Decimal, notation: Notation) -> str:
    """With one more decimal than figures have, since limits lie between them."""
    return Notation(notation.decimals + 1, notation.grouped, notation.pound, notation.percent).write(amount)
