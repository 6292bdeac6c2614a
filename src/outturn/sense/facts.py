"""Rules on what is told twice, or ought to be told: twins, facts of the plan, denominators, and a framework's list."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from ..catalogue.indicator import Indicator
from ..judgement.rag import write
from ..plans.service_plan import ServicePlan
from ..terms.period import Period
from ..terms.status import Rag
from .finding import Finding, Severity
from .links import Edition, links
from .listings import by_key, figures, half, is_telling, of_plan, on_series, shared, told
from .picture import Picture, Series
from .rule import rule
from .wording import counted, listed


@rule(
    "S5", "Twins", Severity.QUERY,
    "Indicators with different meanings that print the same figures year after year may have been copied; those with "
    "nearly the same meaning should not be far apart.",
    found="94.50% and 92.54% for two indicators.", passed="42% for two indicators in one period.",
)  # fmt: skip
def twins(picture: Picture) -> Iterator[Finding]:
    alike: dict[object, list[Series]] = defaultdict(list)
    for series in picture.series.values():
        points = figures(series.results)
        if len(points) > 1 and any(is_telling(point) for point in points):
            alike[series.definition.unit, tuple((point[0], point[2]) for point in points)].append(series)
    for same in alike.values():
        first, *others = list({series.definition.key: series for series in same}.values())
        if others:
            points = figures(first.results)
            words = (
                f"{listed(one.definition.key.code for one in others)} {'prints' if len(others) == 1 else 'print'} the "
                f"same figures, {told(points)}. Make sure that none was copied from another."
            )
            yield on_series(first, "S5", Severity.QUERY, words, [point[0] for point in points], others)
    yield from _apart(picture)


def _apart(picture: Picture) -> Iterator[Finding]:
    known = by_key(picture)
    for one_key, other_key, apart, because in links().alike:
        for one, other in zip(known.get(one_key, [])[:1], known.get(other_key, [])[:1], strict=False):
            for mine, yours in shared(one, other):
                if abs(mine[2] - yours[2]) > apart:
                    words = (
                        f"{because}, but {one_key.code} is {write(mine[1])} and {other_key.code} {write(yours[1])} "
                        f"in {mine[0].words}. Ask how they are counted."
                    )
                    yield on_series(one, "S5", Severity.QUERY, words, [mine[0]], [other])


@rule(
    "C2", "One fact, told twice", Severity.QUERY,
    "What a plan tells of its staff, projects and risks should be what its indicators tell, or say what each covers.",
    found="329.27 FTE in the text and 594.2 in the table.", passed="The same number of posts in both.",
)  # fmt: skip
def told_twice(picture: Picture) -> Iterator[Finding]:
    known = by_key(picture)
    for key, kind, which in links().plan_facts:
        for series in known.get(key, [])[:1]:
            for plan in picture.plans:
                points = [point for point in figures(series.results) if point[0].end <= plan.last_updated]
                elsewhere = _in_plan(plan, kind, which)
                if not points or not elsewhere:
                    continue
                period, figure, amount = points[-1]
                if abs(amount - elsewhere[0]) > half(figure, series.definition.unit):
                    words = f"It is {write(figure)} in {period.words}, but {elsewhere[1]}. Say what each covers."
                    yield on_series(series, "C2", Severity.QUERY, words, [period])


def _in_plan(plan: ServicePlan, kind: str, which: str) -> tuple[Fraction, str] | None:
    """What a plan tells of a fact elsewhere, in words."""
    if kind == "resource":
        for resource in plan.resources:
            points = figures({plan.year: resource.value})
            if resource.label == which and points:
                return points[0][2], f"the plan's resources say {resource.value.printed} for {which}"
    if kind == "risks" and plan.risks:
        red = counted(sum(risk.band is Rag.RED for risk in plan.risks), "of them Red", "of them Red")
        return Fraction(len(plan.risks)), f"the plan lists {counted(len(plan.risks), 'risk')}, {red}"
    if kind == "actions" and plan.actions:
        found = [action.reference for action in plan.actions if action.type == which]
        named = f" ({listed(found)})" if found else ""
        return Fraction(len(found)), f"the plan has {counted(len(found), 'action')} of type {which}{named}"
    return None


@rule(
    "N6", "One denominator behind both", Severity.WARNING,
    "Two measures of the same people have the same denominator.",
    found="1,432 people behind one and 1,430 behind the other.", passed="1,432 behind both.",
)  # fmt: skip
def denominators(picture: Picture) -> Iterator[Finding]:
    known = by_key(picture)
    for one_key, other_key in links().same_denominator:
        for one in known.get(one_key, []):
            for other in known.get(other_key, []):
                for period in one.counts.keys() & other.counts.keys() if one.basis is other.basis else ():
                    mine, yours = one.counts[period][1], other.counts[period][1]
                    if mine != yours:
                        words = (
                            f"{mine:,f} people are behind it in {period.words} and {yours:,f} behind {other_key.code}, "
                            "which is a share of the same people. Correct one."
                        )
                        yield on_series(one, "N6", Severity.WARNING, words, [period], [other])


@rule(
    "V1", "The whole of a framework", Severity.QUERY,
    "A list that has most of a framework's measures should have them all, and none that has ended.",
    found="Every measure of 2016/17 but 1J.", passed="Three measures picked from a framework.",
)  # fmt: skip
def coverage(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        years = [period for period in plan.periods if period.end <= plan.last_updated]
        for framework, editions in links().editions.items():
            defined = {key.code: one for key, one in picture.catalogue.items() if key.framework == framework}
            there = {row.code for row in plan.indicators if row.framework == framework}
            if years and 2 * len(there) > len(defined):
                yield from _missing(plan, editions, defined, there, years[-1])
    for series in picture.series.values():
        for edition in links().editions.get(series.definition.key.framework, ()):
            if edition.code == series.definition.key.code and edition.until:
                late = [point[0] for point in figures(series.results) if point[0].start > edition.until.end]
                if late:
                    words = (
                        f"It has figures for {listed(period.words for period in late)}, but the measure ended with "
                        f"{edition.until.words}. Say what they are."
                    )
                    yield on_series(series, "V1", Severity.QUERY, words, late)


def _missing(
    plan: ServicePlan, editions: tuple[Edition, ...], defined: dict[str, Indicator], there: set[str], newest: Period
) -> Iterator[Finding]:
    ended = {one.code for one in editions if one.until and one.until.end < newest.end}
    missing = [f"{code} ({one.title})" for code, one in sorted(defined.items()) if code not in there | ended]
    for one in editions:
        if one.title and one.code not in there | ended and (not one.since or one.since.end <= newest.end):
            since = f", since {one.since.words}" if one.since else ""
            missing.append(f"{one.code} ({one.title}{since})")
    if missing:
        words = (
            f"The list has {len(there)} measures of the {next(iter(defined.values())).framework.title}, but not "
            f"{listed(missing)}. Add what is missing, or say why it is left out."
        )
        yield Finding("V1", Severity.QUERY, of_plan(plan), words)
