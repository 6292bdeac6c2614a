"""Rules on breaks in a series: sudden changes, years without a source, and decimals that tell of another source."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median

from ..judgement.rag import write
from ..terms.basis import TimeBasis
from ..terms.period import Period, PeriodKind
from ..terms.unit import Unit
from ..terms.value import Absence, Figure, Missing
from .finding import Finding, Severity, Subject
from .links import links
from .listings import Point, Row, codes_of, documents, figures, of_row, on_rows, pairs
from .picture import Picture, Series
from .rule import rule
from .wording import change, in_per_cent, listed, rounded, sentence

LARGE_POINTS, LARGE_SHARE = 15, Fraction(1, 2)
FEW = 20  # below this many of anything, half as many again may be chance
HISTORY = 8  # changes from which on a series shows what it is used to
ROBUST = 3 * Fraction("1.4826")  # median deviations from the middle change, which is three standard ones
LARGE_FOR_HISTORY = Fraction(1, 5)


@rule(
    "B1", "A sudden change", Severity.QUERY,
    "A change of more than 15 percentage points or of half, or far more than the series is used to, is more often a "
    "new way of counting than a new state of things. Breaks that the definition declares, and series that always jump, "
    "are not asked about.",
    found="2,435, then 931.", passed="1 project, then 3.",
)  # fmt: skip
def sudden(picture: Picture) -> Iterator[Finding]:
    for series in picture.series.values():
        steps = [step for step in pairs(series.results) if _comparable(series, *step)]
        usual = _usual([abs(after - before) for (_, _, before), (_, _, after) in steps])
        for (first, before, was), (then, after, now) in steps:
            if how := _too_much(series, was, now, usual):
                words = (
                    f"{write(before)} in {first.words}, then {write(after)} in {then.words}: {how}. If it is now "
                    "counted in another way, note the break in the definition; if not, explain it."
                )
                yield Finding("B1", Severity.QUERY, series.subject, words, (first.code, then.code))


def _comparable(series: Series, earlier: Point, later: Point) -> bool:
    """Whether a change between two figures means anything: not across a break, within a running year, or of money
    over and under a budget.
    """
    odd = series.basis is TimeBasis.FORECAST or series.definition.unit is Unit.YES_NO
    running = series.basis is TimeBasis.YTD_SUM and earlier[0].kind is not PeriodKind.YEAR
    return not odd and not running and not series.definition.broken_between(earlier[0], later[0])


def _usual(steps: list[Fraction]) -> Fraction | None:
    """The largest change that the series is used to, where there are enough to say."""
    if len(steps) < HISTORY:
        return None
    middle = median(steps)
    return middle + ROBUST * median(abs(step - middle) for step in steps)


def _too_much(series: Series, was: Fraction, now: Fraction, usual: Fraction | None) -> str:
    """In words what is too much about a change, or nothing: never where the series is used to as much."""
    unit, share, size = series.definition.unit, change(was, now), abs(now - was)
    if usual is not None and size <= usual:
        return ""
    if unit is Unit.PERCENT and size > LARGE_POINTS:
        return f"{rounded(size, 1)} percentage points {'up' if now > was else 'down'}"
    if share is None or (unit in (Unit.COUNT, Unit.FTE) and max(abs(was), abs(now)) < FEW):
        return ""
    if usual is not None and LARGE_FOR_HISTORY < abs(share) <= LARGE_SHARE:
        return f"a change of {in_per_cent(share)}, far more than its changes so far"
    return f"a change of {in_per_cent(share)}" if abs(share) > LARGE_SHARE else ""


@rule(
    "B2", "Figures and the years of their source", Severity.WARNING,
    "A figure for a year in which its survey did not run, or for which nothing was published, comes from somewhere "
    "else; “not collected” in a year that the survey ran needs a reason.",
    found="39.21% for a year whose national figures were suspended.", passed="NC in the years between two surveys.",
)  # fmt: skip
def sources(picture: Picture) -> Iterator[Finding]:
    for series in picture.series.values():
        survey = series.definition.survey
        unpublished = links().not_published.get(series.definition.key, {})
        for period, value in series.results.items():
            if period.kind not in (PeriodKind.YEAR, PeriodKind.SURVEY):
                continue  # a survey has one figure a year, and none in most quarters
            is_figure = isinstance(value, Figure) and not value.flags
            if is_figure and period in unpublished:
                words = (
                    f"{value.printed} is printed for {period.words}, but {unpublished[period]}. If it is the council's "
                    "own figure, mark it as such."
                )
                yield Finding("B2", Severity.WARNING, series.subject, words, (period.code,))
            elif is_figure and survey and not survey.runs_in(period):
                words = (
                    f"{value.printed} is printed for {period.words}, a year in which the survey did not run. Say where "
                    "it comes from, or move it to its year."
                )
                yield Finding("B2", Severity.WARNING, series.subject, words, (period.code,))
            elif survey and _says_not_collected(value) and survey.runs_in(period) and period.end < picture.today:
                words = f"The survey ran in {period.words}, but {value.printed} stands there. Enter it, or say why."
                yield Finding("B2", Severity.QUERY, series.subject, words, (period.code,))


def _says_not_collected(value: object) -> bool:
    return isinstance(value, Missing) and value.absence is Absence.NOT_COLLECTED


@rule(
    "B3", "One precision, one source", Severity.QUERY,
    "Figures of one row with more decimals in one year than in another, or padded with a nought in a whole column, "
    "come from different sources.",
    found="11.3, then 11.18.", passed="19.2, then 19.4.",
)  # fmt: skip
def decimals(picture: Picture) -> Iterator[Finding]:
    for document, rows in documents(picture):
        mixed = [row for row in rows if len({figure.notation.decimals for _, figure in _written(row)}) > 1]
        if mixed:
            told = listed(f"{row.code} ({', '.join(figure.printed for _, figure in _written(row))})" for row in mixed)
            words = (
                f"The figures of one row have different numbers of decimals: {told}. Say which come from another "
                "source, and print them alike."
            )
            yield on_rows(picture, document, "B3", Severity.QUERY, words, mixed)
        yield from _padded(picture, document, rows)


def _written(row: Row) -> list[tuple[Period, Figure]]:
    """The figures whose decimals tell something: 100% and 0 are often printed without any."""
    return [
        (period, figure) for period, figure, amount in figures(row.results)
        if amount not in (0, 100) and not figure.notation.clock and not figure.notation.yes_no
    ]  # fmt: skip


def _padded(picture: Picture, document: Subject, rows: Sequence[Row]) -> Iterator[Finding]:
    """Columns of percentages of one framework in which every last decimal is nought, beside one where they are not."""
    columns: dict[str, dict[Period, dict[str, tuple[Row, bool]]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        for period, figure in _written(row):
            if row.unit is Unit.PERCENT and figure.notation.decimals == 2:
                is_padded = figure.notation.write(figure.amount).rstrip("%").endswith("0")
                columns[row.framework][period][row.slug] = row, is_padded
    for by_period in columns.values():
        for period, cells in by_period.items():
            full = {when: [row for row, is_padded in others.values() if not is_padded]
                    for when, others in by_period.items()}  # fmt: skip
            when = max(full, key=lambda when: len(full[when]))
            if len(cells) >= 5 and not full[period] and len(full[when]) >= 3:
                words = (
                    f"All {len(cells)} percentages for {period.words} end in 0, as figures of one decimal do when "
                    f"padded; for {when.words} {len(full[when])} of {len(by_period[when])} have a second decimal: "
                    f"{codes_of(full[when])}. Say which year has published figures and which the council's own."
                )
                also = tuple(of_row(picture, row) for row in full[when])
                yield Finding("B3", Severity.QUERY, document, sentence(words), (period.code, when.code), also)
