"""What the documents of a picture list, and the figures among it that can be reckoned with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from ..catalogue.indicator import Key
from ..judgement.rag import number, write
from ..plans.scorecard import MeasureLine, Scorecard
from ..plans.service_plan import IndicatorRow, ServicePlan
from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.unit import Unit
from ..terms.value import SCALES, Figure, Value
from .finding import Finding, Severity, Subject
from .picture import Picture, Series
from .wording import counted, listed, sentence

Row = IndicatorRow | MeasureLine
Point = tuple[Period, Figure, Fraction]


def of_plan(plan: ServicePlan) -> Subject:
    """A plan as findings name it."""
    return Subject("plan", (plan.slug,), plan.title)


def of_card(card: Scorecard) -> Subject:
    """A scorecard as findings name it."""
    return Subject("scorecard", (card.slug,), card.title)


def of_row(picture: Picture, row: Row) -> Subject:
    """The indicator that a row or line lists."""
    series = picture.series.get(row.slug)
    return series.subject if series else Subject("indicator", (row.slug,), row.code)


def documents(picture: Picture) -> Iterator[tuple[Subject, Sequence[Row]]]:
    """Each plan and scorecard with the indicators it lists."""
    for plan in picture.plans:
        yield of_plan(plan), plan.indicators
    for card in picture.scorecards:
        yield of_card(card), [line for priority in card.priorities for line in priority.measures]


def figures(results: Mapping[Period, Value]) -> list[Point]:
    """The figures, oldest first, without what is missing or cannot be reckoned with."""
    points = [
        (period, value, Fraction(amount))
        for period, value in results.items()
        if isinstance(value, Figure) and (amount := number(value)) is not None
    ]
    return sorted(points, key=lambda point: (point[0].end, point[0].start))


def half(figure: Figure, unit: Unit | None = None) -> Fraction:
    """How far rounding may have moved a figure: half of the last place printed, and nothing where it is a count."""
    if unit is Unit.COUNT and not figure.notation.decimals and not figure.notation.scale:
        return Fraction(0)
    return Fraction(SCALES[figure.notation.scale]) / Fraction(2 * 10**figure.notation.decimals)


def told(points: Iterable[Point]) -> str:
    """260 in 2015/16 and 248 in 2016/17."""
    return listed(f"{write(figure)} in {period.words}" for period, figure, _ in points)


def is_telling(point: Point) -> bool:
    """Whether a figure is unlikely to come about twice by chance: not nought, not all, not a handful."""
    _, figure, amount = point
    return amount not in (0, 100) and (figure.notation.decimals > 0 or abs(amount) >= 20)


def pairs(results: Mapping[Period, Value]) -> Iterator[tuple[Point, Point]]:
    """Each figure with the one just before it of the same kind of period, where nothing is missing between them."""
    kinds = {period.kind for period in results}
    for kind in sorted(kinds):
        ordered = sorted((period for period in results if period.kind is kind), key=lambda period: period.end)
        known = {point[0]: point for point in figures(results)}
        for earlier, later in pairwise(ordered):
            if earlier in known and later in known and (later.end - earlier.end).days <= 366:
                yield known[earlier], known[later]


def by_key(picture: Picture) -> Mapping[Key, list[Series]]:
    """The series of each indicator, positions on a day last: they are the doubtful ones where there are several."""
    found: dict[Key, list[Series]] = defaultdict(list)
    for series in sorted(picture.series.values(), key=lambda one: one.basis is TimeBasis.SNAPSHOT):
        found[series.definition.key].append(series)
    return found


def shared(one: Series, other: Series) -> Iterator[tuple[Point, Point]]:
    """The figures of two series for the periods that both have."""
    others = {point[0]: point for point in figures(other.results)}
    for point in figures(one.results):
        if point[0] in others:
            yield point, others[point[0]]


def on_rows(
    picture: Picture, document: Subject, rule: str, severity: Severity, words: str, rows: Iterable[Row],
    periods: Iterable[Period] = (),
) -> Finding:  # fmt: skip
    """A finding on the indicator of one row; on the document where there are several, and on each of theirs also."""
    subjects = tuple(dict.fromkeys(of_row(picture, row) for row in rows))
    codes = tuple(period.code for period in sorted(set(periods), key=lambda period: period.end))
    if len(subjects) == 1:
        return Finding(rule, severity, subjects[0], sentence(words), codes)
    return Finding(rule, severity, document, sentence(words), codes, subjects)


def on_series(
    series: Series, rule: str, severity: Severity, words: str, periods: Iterable[Period], also: Iterable[Series] = ()
) -> Finding:
    """A finding on one indicator, and on others too."""
    codes = tuple(dict.fromkeys(period.code for period in periods))
    return Finding(rule, severity, series.subject, sentence(words), codes, tuple(one.subject for one in also))


def codes_of(rows: Iterable[Row]) -> str:
    """PVP01 and PVP06; three indicators (PVP01, PVP06 and PVP07)."""
    codes = list(dict.fromkeys(row.code for row in rows))
    return listed(codes) if len(codes) < 3 else f"{counted(len(codes), 'indicator')} ({listed(codes)})"
