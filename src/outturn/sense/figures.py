"""Rules on the figures of one indicator: what is possible, what adds up, what changed too much or not at all."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from ..catalogue.indicator import Key
from ..judgement.rag import number, write
from ..terms.basis import TimeBasis
from ..terms.period import Period, PeriodKind, write_date
from ..terms.unit import Unit
from ..terms.value import Absence, Figure, Missing
from .finding import Finding, Severity, Subject
from .links import links
from .listings import Row, codes_of, figures, half, is_telling, of_card, of_plan, on_rows, on_series, told
from .picture import Picture, Series
from .rule import rule
from .wording import counted, rounded

NEVER_NEGATIVE = (Unit.COUNT, Unit.PER_100K, Unit.DAYS, Unit.WEEKS, Unit.SECONDS, Unit.FTE)
MAY_BE_NEGATIVE = re.compile(r"\b(change|variation|variance|difference|growth|gap|net|spen[dt])", re.IGNORECASE)
SHARE = re.compile("Of (the|those) ")  # so begins the numerator of what is a part of its denominator for sure
WHOLE_YEAR = (TimeBasis.IN_PERIOD, TimeBasis.ROLLING, TimeBasis.ANNUAL)
OUT_OF = re.compile(r"out of ([0-9]{1,3})\b")


@rule(
    "N1", "Figures that can be", Severity.ERROR,
    "A percentage of people is from 0 to 100, a score within its scale, and nothing is counted below nought.",
    found="104.2% of reviews.", passed="£-201 of variation.",
)  # fmt: skip
def possible(picture: Picture) -> Iterator[Finding]:
    for series in picture.series.values():
        low, high = _limits(series)
        beyond = [point for point in figures(series.results)
                  if (low is not None and point[2] < low) or (high is not None and point[2] > high)]  # fmt: skip
        if beyond:
            limits = f"below {low}" if high is None else f"outside {low} to {high}"
            sure = series.definition.unit is not Unit.PERCENT or SHARE.match(series.definition.numerator)
            severity = Severity.ERROR if sure else Severity.QUERY
            ask = "Correct it." if sure else "Correct it, or say what is counted that is no part of the whole."
            words = f"{told(beyond)} cannot be: nothing is {limits}. {ask}"
            yield on_series(series, "N1", severity, words, [point[0] for point in beyond])


def _limits(series: Series) -> tuple[Decimal | int | None, Decimal | int | None]:
    """The lowest and highest figure there can be, None where there is no end."""
    definition = series.definition
    if MAY_BE_NEGATIVE.search(f"{definition.title} {series.title}"):
        return None, None
    if definition.unit is Unit.SCORE:
        out_of = OUT_OF.search(f"{definition.title} {series.title}")
        return links().scores.get(definition.key, (0, int(out_of[1])) if out_of else (None, None))
    if definition.unit is Unit.PERCENT:
        whole = definition.denominator != "none" and "turnover" not in definition.title.casefold()
        return 0, 100 if whole else None
    return 0 if definition.unit in NEVER_NEGATIVE else None, None


@rule(
    "N2", "The value and its counts", Severity.ERROR,
    "A value must come out of its numerator and denominator to the last decimal printed, and a share's numerator "
    "cannot be above its denominator.",
    found="42 of 53 printed as 81.2%.", passed="42 of 53 printed as 79.25%.",
)  # fmt: skip
def from_counts(picture: Picture) -> Iterator[Finding]:
    for series in picture.series.values():
        for period, (numerator, denominator) in series.counts.items():
            value = series.results.get(period)
            if isinstance(value, Figure) and (fault := _against_counts(series, value, numerator, denominator)):
                words = f"{write(value)} in {period.words} rests on {numerator:,f} and {denominator:,f}, but {fault}."
                yield on_series(series, "N2", Severity.ERROR, words, [period])


def _against_counts(series: Series, value: Figure, numerator: Decimal, denominator: Decimal) -> str:
    """What does not hold between a value and its counts, with what to do; or nothing."""
    unit, given = series.definition.unit, [number(each) for each in (numerator, denominator, value)]
    if None in given or series.definition.denominator == "none":
        return ""
    count, of, amount = (Fraction(each) for each in given if each is not None)
    if of <= 0:
        return "nothing can be divided by that. Correct the denominator"
    if count < 0:
        return "a count cannot be below nought. Correct the numerator"
    if unit is Unit.PERCENT and count > of and SHARE.match(series.definition.numerator):
        return "a part cannot be above the whole. Correct the counts"
    per = {Unit.PERCENT: 100, Unit.PER_100K: 100_000, Unit.SCORE: 1}.get(unit)
    if per and abs(count / of * per - amount) > half(value):
        return f"they give {rounded(count / of * per, value.notation.decimals)}. Correct the value or its counts"
    return ""


@rule(
    "N3", "Figures of a year that add up", Severity.WARNING,
    "What adds up from April cannot fall within the year, and the quarters of a year, its running total at the end and "
    "the figure for the whole year must agree.",
    found="412 by December and 405 by March.", passed="Quarters of 10, 12, 9 and 11, and 42 for the year.",
)  # fmt: skip
def totals(picture: Picture) -> Iterator[Finding]:
    for series in picture.series.values():
        unit = series.definition.unit
        if series.basis is TimeBasis.YTD_SUM and (unit.is_additive or unit is Unit.PER_100K):
            yield from _falls(series)
    by_indicator: dict[Key, list[Series]] = defaultdict(list)
    for series in picture.series.values():
        by_indicator[series.definition.key].append(series)
    for siblings in by_indicator.values():
        yield from _disagreements(siblings)


def _falls(series: Series) -> Iterator[Finding]:
    ordered = [point for point in figures(series.results) if point[0].kind is not PeriodKind.YEAR]
    for (first, before, was), (then, after, now) in pairwise(ordered):
        same_year = first.kind is then.kind and first.financial_year == then.financial_year
        if same_year and now < was and not after.flags and not before.flags:
            words = (
                f"It adds up from April, but falls from {write(before)} in {first.words} to {write(after)} in "
                f"{then.words}. Mark the correction as revised, or correct the figure."
            )
            yield on_series(series, "N3", Severity.WARNING, words, [first, then])


def _disagreements(siblings: list[Series]) -> Iterator[Finding]:
    """The totals of one year, from whatever bases tell it, that are not the same."""
    totals_told: dict[int, list[tuple[str, Fraction, Fraction, Series, list[Period]]]] = defaultdict(list)
    for series in siblings:
        for what, where, amount, room in _year_totals(series):
            totals_told[where[-1].first_year].append((what, amount, room, series, where))
    for year, totals_of_year in sorted(totals_told.items()):
        (what, amount, room, series, where), *others = totals_of_year
        for other, found, more_room, elsewhere, there in others:
            if abs(found - amount) > (room + more_room if room != more_room else 0):  # rounded alike, they are alike
                words = (
                    f"For {Period.year(year).words} {what} is {_plain(amount)}, but {other} is {_plain(found)}. "
                    "Correct one of them, or say why they differ."
                )
                also = [elsewhere] if elsewhere is not series else []
                yield on_series(series, "N3", Severity.WARNING, words, [*where, *there], also)


def _year_totals(series: Series) -> Iterator[tuple[str, list[Period], Fraction, Fraction]]:
    """Each figure that stands for a whole year, in words, with how far rounding may have moved it. Flagged ones may
    yet change, and what does not add up is only compared within a year's own running figure.
    """
    unit, basis = series.definition.unit, series.basis
    if basis is not TimeBasis.YTD_SUM and not (unit.is_additive and basis in WHOLE_YEAR):
        return
    plain = {point[0]: point for point in figures(series.results) if not point[1].flags}
    for period, figure, amount in plain.values():
        ends_year = period.end == period.financial_year.end
        if period.kind is PeriodKind.YEAR or (ends_year and basis in (TimeBasis.YTD_SUM, TimeBasis.ROLLING)):
            yield f"the figure ({basis.wording}, {period.words})", [period], amount, half(figure, unit)
    if basis is TimeBasis.IN_PERIOD:
        for first in sorted({period.first_year for period in plain}):
            quarters = [plain[quarter] for quarter in Period.year(first).quarters() if quarter in plain]
            if len(quarters) == 4:
                yield (
                    "the sum of the quarters", [point[0] for point in quarters],
                    sum((point[2] for point in quarters), Fraction(0)),
                    sum((half(point[1], unit) for point in quarters), Fraction(0)),
                )  # fmt: skip


@rule(
    "N4", "The same figure again and again", Severity.QUERY,
    "Three periods with exactly the same figure may be a copy of the last one.",
    found="87.2%, 87.2% and 87.2%.", passed="0, 0 and 0 projects rated Red.",
)  # fmt: skip
def repeats(picture: Picture) -> Iterator[Finding]:
    for series in picture.series.values():
        by_kind = groupby(sorted(figures(series.results), key=lambda point: point[0].kind), lambda point: point[0].kind)
        for _, points in by_kind:
            for _, same in groupby(points, key=lambda point: point[2]):
                run = list(same)
                if len(run) >= 3 and is_telling(run[-1]) and series.definition.unit is not Unit.YES_NO:
                    words = (
                        f"{write(run[-1][1])} stands in {counted(len(run), 'period')} one after another, from "
                        f"{run[0][0].words} to {run[-1][0].words}. Make sure that it was measured each time."
                    )
                    yield on_series(series, "N4", Severity.QUERY, words, [point[0] for point in run])


AWAITED_AFTER = {"monthly": 62, "quarterly": 92, "annual": 366}  # days after the period's end


@rule(
    "N5", "Figures that should be there by now", Severity.QUERY,
    "A figure that is still awaited long after its period may have been forgotten.",
    found="A monthly measure, awaited three months after the year.", passed="A yearly one, awaited after three months.",
)  # fmt: skip
def overdue(picture: Picture) -> Iterator[Finding]:
    for document, rows, day in _days(picture):
        awaited: dict[Period, list[Row]] = defaultdict(list)
        for row in rows:
            if period := _overdue(picture, row, day):
                awaited[period].append(row)
        for period, late in awaited.items():
            words = (
                f"{codes_of(late)} {'has' if len(late) == 1 else 'have'} no figure for {period.words} by "
                f"{write_date(day)}, though the source gives it sooner. Enter it, or say why it is late."
            )
            yield on_rows(picture, document, "N5", Severity.QUERY, words, late, [period])


def _days(picture: Picture) -> Iterator[tuple[Subject, Sequence[Row], date]]:
    """Each document with the day it is judged on; scorecards of years past are left alone, since none is known."""
    for plan in picture.plans:
        yield of_plan(plan), plan.indicators, plan.as_at(picture.today)
    for card in picture.scorecards:
        if picture.today <= card.year.end:
            lines = [line for priority in card.priorities for line in priority.measures]
            yield of_card(card), lines, picture.today


def _overdue(picture: Picture, row: Row, day: date) -> Period | None:
    """The newest period that is awaited for too long. Not one that stopped, was never there, or is known elsewhere."""
    series = picture.series.get(row.slug)
    within = AWAITED_AFTER.get(series.definition.frequency) if series else None
    ended = sorted((period for period in row.results if period.end < day), key=lambda period: period.end)
    if not series or not within or not ended or (day - ended[-1].end).days <= within:
        return None
    newest, before = ended[-1], ended[-2:-1]
    stopped = [value for period in before if isinstance(value := row.results[period], Missing)]
    is_known = isinstance(series.results.get(newest), Figure)
    value = row.results[newest]
    is_gap = isinstance(value, Missing) and value.absence is Absence.AWAITED and bool(value.token)
    return newest if is_gap and not stopped and not is_known else None


def _plain(amount: Fraction) -> str:
    return rounded(amount, 0 if amount.denominator == 1 else 2)
