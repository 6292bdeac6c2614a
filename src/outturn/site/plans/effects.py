"""“Did it work?” as an action's page shows it: what was expected, the answer, a chart and its table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from outturn.judgement.effect import Answer, Effect, effect
from outturn.plans.action import Expectation
from outturn.publish.variation_chart import Mark, variation_chart
from outturn.site.indicators.judged import Series
from outturn.site.indicators.models import Indicator
from outturn.site.indicators.worked_out import short
from outturn.terms.period import Period, write_date
from outturn.terms.value import Figure, Notation


@dataclass(frozen=True, slots=True)
class Shown:
    """One expectation with its answer."""

    expectation: Expectation
    indicator: Indicator
    effect: Effect
    since: str
    unit: str
    chart: Markup
    rows: tuple[tuple[str, str, str], ...]  # period, figure, and on which side it is

    @property
    def better(self) -> bool | None:
        """Whether it went as hoped, for the mark beside the answer."""
        return {Answer.MOVED: True, Answer.OTHER: False}.get(self.effect.answer)


def effects_of(
    expectations: Sequence[Expectation], indicators: Mapping[str, Indicator], series: Mapping[str, Series]
) -> list[Shown]:
    """Each expectation held against what is known of its indicator."""
    return [
        _shown(one, indicators[one.indicator], series[one.indicator])
        for one in expectations if one.indicator in series and one.indicator in indicators
    ]  # fmt: skip


def _shown(one: Expectation, indicator: Indicator, series: Series) -> Shown:
    found = effect(series.known, one.by, one.since)
    newest = series.known.newest()
    value = series.known.results.get(newest) if newest else None
    notation = value.notation if isinstance(value, Figure) else Notation()
    rows = tuple(_rows(found, notation))
    unit = series.known.unit.words
    return Shown(one, indicator, found, write_date(one.since), unit, _chart(found, indicator, unit, notation), rows)


SIDES = ("before", "between", "after")


def _rows(found: Effect, notation: Notation) -> Iterator[tuple[str, str, str]]:
    words = {"before": "before", "between": "while it began: in neither", "after": "after"}
    for side in SIDES:
        for period, amount in getattr(found, side).items():
            yield period.words, notation.write(amount), words[side]


def _chart(found: Effect, indicator: Indicator, unit: str, notation: Notation) -> Markup:
    """The figures with the mean of either side, and how far chance alone would carry one; empty without both sides."""
    if found.mean_before is None or found.mean_after is None:
        return Markup()
    before, after = Decimal(repr(found.mean_before)), Decimal(repr(found.mean_after))
    reach = None if found.reach is None else Decimal(repr(found.reach))
    marks = [
        _mark(period, amount, notation, {"before": before, "after": after}.get(side), reach, before)
        for side in SIDES for period, amount in getattr(found, side).items()
    ]  # fmt: skip
    first = len(found.before) + len(found.between)
    marks[first] = replace(marks[first], anew=True)
    hoped = before + Decimal(repr(found.hoped.of(found.mean_before)))
    words = {
        "upper": "Chance, as before", "lower": "Chance, as before", "centre": "Mean", "target": "Hoped for",
        "anew": f"After {write_date(found.since)}",
    }  # fmt: skip
    drawn = variation_chart(
        marks, title=f"{indicator.code}: {indicator.title}, before and after {write_date(found.since)}",
        description=f"{found.sentence} The table below has every figure.", unit_words=unit, target=hoped, words=words,
        key=f"{indicator.slug} {found.since}",
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704 the chart module escapes every text it is given


def _mark(
    period: Period, amount: Decimal, notation: Notation, mean: Decimal | None, reach: Decimal | None, before: Decimal
) -> Mark:
    lines = (None, None) if reach is None else (before - reach, before + reach)
    return Mark(short(period), amount, notation.write(amount), lines[0], mean, lines[1])
