"""Rules on targets: what is due by now, a target of nothing, and a printed forecast."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from ..judgement.rag import number, write
from ..terms.basis import TimeBasis
from ..terms.polarity import Better
from ..terms.status import Rag
from ..terms.unit import Unit
from ..terms.value import SCALES, Figure, Notation
from .finding import Finding, Severity
from .picture import Picture, Series
from .rule import rule
from .told import Report, Told, reports
from .wording import listed, rounded, sentence

NOTHING = Decimal(0)


def _on_measure(id: str, report: Report, told: Told, words: str) -> Finding:
    return Finding(id, Severity.QUERY, told.series.subject, words, (report.quarter.code,), (report.subject,))


@rule(
    "T2", "What is due by now", Severity.QUERY,
    "A sum that adds up from 1 April has to be held against the part of its target that is due by now. The target of "
    "the whole year hides how far behind it is.",
    found="187 by Quarter 1, where a straight line to 2,000 gives 500.", passed="480 by Quarter 1 of the same 2,000.",
)  # fmt: skip
def due_by_now(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        for told in report.measures:
            spread = told.line.unit.is_additive and told.due.rule != "not spread"
            if spread and told.status.rag is Rag.RED:
                yield _on_measure("T2", report, told, _behind(told))


def _behind(told: Told) -> str:
    result, target = number(told.figure) or NOTHING, number(told.line.target)
    share = f" is {rounded(result / target * 100, 1)}% of the year's {write(told.line.target)}" if target else ""
    pace = ""
    if told.line.basis is TimeBasis.YTD_SUM and not told.whole_year:
        pace = f" Going on like this, the year ends at {write(result * 4 / told.quarter.quarter_number)}."
    return (
        f"{write(told.figure)} in {told.quarter.words}{share}, where {write(told.due.amount)} is due, by "
        f"{told.due.rule}.{pace} Print what is due beside it, and say how the rest is to be made up."
    )


@rule(
    "T4", "A target of nothing", Severity.WARNING,
    "A share of nothing is nothing, so a tolerance in per cent cannot tell Amber from Red; and a deviation without a "
    "sign does not say on which side of nothing it is.",
    found="A target of £0 judged within 5%, and a result of £49k.", passed="A target of £0 with £100,000 allowed.",
)  # fmt: skip
def nothing_wanted(picture: Picture) -> Iterator[Finding]:
    for slug, series in picture.series.items():
        rule = picture.council.judging.chosen(slug).status
        zeros = [(when, target) for when, target in series.targets.items() if number(target) == 0]
        if not zeros or series.definition.polarity.better is Better.NEUTRAL:
            continue
        said, ask = [], []
        if any(tolerance and tolerance.of(NOTHING) is None for tolerance in (rule.green, rule.amber)):
            said.append(f"“{rule.name}” allows a share of the target, and a share of nothing is nothing")
            ask.append(f"give a tolerance in {series.definition.unit.words}")
        if unsigned := _unsigned(series):
            said.append(f"{listed(unsigned)} does not say whether that is over or under")
            ask.append("print the sign")
        if said:
            words = f"The target is {write(zeros[-1][1])}: {', and '.join(said)}. {sentence(' and '.join(ask))}."
            periods = tuple(when.code for when, _ in zeros)
            yield Finding("T4", Severity.WARNING, series.subject, words, periods)


def _unsigned(series: Series) -> list[str]:
    """Figures that may be on either side of nothing and do not say on which."""
    polarity = series.definition.polarity
    if polarity.better is not Better.WITHIN or polarity.low != polarity.high:
        return []
    figures = [value for value in series.results.values() if isinstance(value, Figure)]
    return [write(figure) for figure in figures if figure.amount > 0 and not figure.notation.plus]


@rule(
    "T5", "A printed forecast", Severity.QUERY,
    "An estimate of the year's end that is printed beside a part of the year can be checked against a straight line, "
    "as far as both were rounded.",
    found="30,000 in Quarter 1 with an estimate of 90,000.", passed="32117 in Quarter 1 with an estimate of 128469.",
)  # fmt: skip
def forecast(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        for told in report.measures:
            figure, adds_up = told.figure, told.line.basis is TimeBasis.YTD_SUM and told.line.unit.is_additive
            if not figure or not figure.year_end or not adds_up:
                continue
            so_far, estimate = number(figure), number(figure.year_end)
            if so_far is None or estimate is None:
                continue
            times = Decimal(4) / report.quarter.quarter_number
            rounding = (_step(figure) * times + _step(figure.year_end)) / 2
            if abs(so_far * times - estimate) > rounding:
                line = f"a straight line from {write(figure)} in {report.quarter.words} gives {write(so_far * times)}"
                words = f"The estimate for the year is {write(figure.year_end)}, and {line}. Say how it was estimated."
                yield _on_measure("T5", report, told, words)


def _step(figure: Figure) -> Decimal:
    """What one more in its last digit is worth."""
    return SCALES[figure.notation.scale].scaleb(-figure.notation.decimals)


@rule(
    "U1", "Unit and sign", Severity.QUERY,
    "A figure should be printed in the unit of its title and its target, in one scale, one figure to a cell.",
    found="A target of £0 beside a result of £49k.", passed="A target of 45% beside a result of 29.5%.",
)  # fmt: skip
def one_unit(picture: Picture) -> Iterator[Finding]:
    said: set[tuple[str, str]] = set()  # a target's fault is told once, not every quarter
    for report in reports(picture):
        for told in report.measures:
            for words in _printed(told):
                if (told.line.slug, words) not in said:
                    said.add((told.line.slug, words))
                    yield _on_measure("U1", report, told, words)


def _printed(told: Told) -> Iterator[str]:
    target, figure, when = told.line.target, told.figure, told.quarter.words
    if isinstance(target, Figure) and figure:
        odd = [name for name, of in SIGNS.items() if of(target.notation) != of(figure.notation)]
        if odd:
            both = f"The target is printed as {write(target)} and the result of {when} as {write(figure)}"
            yield f"{both}: they differ in {listed(odd)}. Print both alike."
    for cell, name in ((target, "The target"), (figure, f"The result of {when}")):
        second = isinstance(cell, Figure) and (cell.equivalent or cell.year_end)
        if isinstance(cell, Figure) and second:
            what = "an estimate of the year's end" if cell.year_end else _implied(told, cell)
            commas = " Larger figures are easier to read with commas." if _is_long(cell) else ""
            yield (
                f"{name} is two figures in one cell, {write(cell)} and {write(second)}{what and f', {what}'}. Give "
                f"the second a place of its own.{commas}"
            )


SIGNS: dict[str, Callable[[Notation], object]] = {
    "the pound sign": lambda notation: notation.pound,
    "the percent sign": lambda notation: notation.percent,
    "scale": lambda notation: notation.scale,
    "how time is written": lambda notation: notation.clock,
    "the words behind the number": lambda notation: notation.words,
}


def _implied(told: Told, cell: Figure) -> str:
    """How many people a rate rests on when the count is beside it."""
    rate, count = number(cell), number(cell.equivalent)
    if told.line.unit is not Unit.PER_100K or not rate or not count or rate < 0 or count < 0:
        return ""
    return f"which together mean {rounded(count / rate * 100_000)} people: check which count of the population that is"


def _is_long(figure: Figure) -> bool:
    return abs(figure.amount) >= 10_000 and not figure.notation.grouped and not figure.notation.scale
