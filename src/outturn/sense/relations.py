"""Rules between indicators, and between indicators and the plan around them, by the links of relations.yaml."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from ..catalogue.indicator import Key
from ..judgement.rag import write
from ..plans.service_plan import ServicePlan
from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.unit import Unit
from .finding import Finding, Severity, Subject
from .links import links
from .listings import Point, by_key, figures, half, of_plan, on_series, shared
from .picture import Picture, Series
from .rule import rule
from .wording import listed, rounded

NOT_A_DAY = (TimeBasis.YTD_SUM, TimeBasis.YTD_AVERAGE, TimeBasis.ROLLING, TimeBasis.IN_PERIOD)


@rule(
    "K1", "One indicator, two kinds, the same figures", Severity.WARNING,
    "A position on a day, a sum since April and an average of months are different things. Where all figures agree, "
    "one of the rows has the wrong name.",
    found="683.1 and 647.8, as “YTD Cumulative” and as “Monthly Snapshot”.", passed="A rolling year and a year's sum.",
)  # fmt: skip
def mislabelled(picture: Picture) -> Iterator[Finding]:
    for siblings in by_key(picture).values():
        for one, other in combinations(siblings, 2):
            both = list(shared(one, other))
            same = both and all(first[2] == second[2] for first, second in both) and any(first[2] for first, _ in both)
            if same and _cannot_agree(one.basis, other.basis):
                words = (
                    f"{listed(write(first[1]) for first, _ in both)} stand there both as {one.basis.wording} and as "
                    f"{other.basis.wording}, which cannot both be true. Correct the name of one, or take it out."
                )
                yield on_series(one, "K1", Severity.WARNING, words, [point[0] for point, _ in both], [other])


def _cannot_agree(one: TimeBasis, other: TimeBasis) -> bool:
    """At a year's end a sum, a rolling year and a year's figure agree rightly; a day or an average does not."""
    if TimeBasis.SNAPSHOT in (one, other):
        return one in NOT_A_DAY or other in NOT_A_DAY
    return TimeBasis.YTD_AVERAGE in (one, other) and {TimeBasis.YTD_SUM, TimeBasis.IN_PERIOD} & {one, other} != set()


@rule(
    "K2", "A total that is called a snapshot", Severity.WARNING,
    "A count on a day cannot be what twelve months of counts add up to.",
    found="A “Snapshot” of 124 where the rate's twelve counts add up to 124.", passed="A snapshot of 11 beside it.",
)  # fmt: skip
def totals_as_snapshots(picture: Picture) -> Iterator[Finding]:
    for count, rate, things in _counts_and_rates(picture):
        for point, (_, of_rate, _), implied in _with_implied(picture, count, rate):
            period, figure, amount = point
            years = [year for year, number in implied.items() if number == amount]
            adds_up = links().rates[rate.definition.key].adds_up
            if count.basis is TimeBasis.SNAPSHOT and adds_up > 1 and years:
                people = _people(picture, rate, years[0])
                words = (
                    f"{write(figure)} in {period.words} is called a snapshot, but {rate.definition.key.code} of "
                    f"{write(of_rate)} comes from {rounded(amount)} {things} over {adds_up} counts "
                    f"({write(of_rate)} × {people:,} × {adds_up} / 100,000). So it is their total: correct its name."
                )
                yield on_series(count, "K2", Severity.WARNING, words, [period], [rate])


@rule(
    "S3", "A count and the rate it belongs to", Severity.WARNING,
    "A rate and its population give the count behind it, which should be the count that is printed.",
    found="683.1 for every 100,000 of 37,037, and 260 admissions.", passed="The same rate, and 253 admissions.",
)  # fmt: skip
def counts_and_rates(picture: Picture) -> Iterator[Finding]:
    for count, rate, things in _counts_and_rates(picture):
        odd = [
            (point, of_rate, implied) for point, of_rate, implied in _with_implied(picture, count, rate)
            if implied and point[2] not in implied.values()
        ]  # fmt: skip
        if odd:
            words = _implied_words(picture, rate, things, odd)
            yield on_series(count, "S3", Severity.WARNING, words, [point[0] for point, _, _ in odd], [rate])


Odd = tuple[Point, Point, Mapping[int, int]]


def _implied_words(picture: Picture, rate: Series, things: str, odd: Sequence[Odd]) -> str:
    years = [next(iter(implied)) for _, _, implied in odd]
    numbers = [str(implied[year]) for year, (_, _, implied) in zip(years, odd, strict=True)]
    people = [_people(picture, rate, year) for year in years]
    others = [rounded(amount * 100_000 / many / _adds_up(rate), of_rate.notation.decimals)
              for many, ((_, _, amount), (_, of_rate, _), _) in zip(people, odd, strict=True)]  # fmt: skip
    printed = [write(figure) for (_, figure, _), _, _ in odd]
    one = len(odd) == 1
    when = listed(period.words for (period, _, _), _, _ in odd)
    of = listed(f"{many:,} in mid-{year}" for year, many in zip(years, people, strict=True))
    ages = links().rates[rate.definition.key].ages
    return (
        f"The {'rate' if one else 'rates'} of {rate.definition.key.code} for {when} {'implies' if one else 'imply'} "
        f"{_each(numbers)} {things}, not {_each(printed)} (people aged {ages}: {of}). With {_each(printed)} the "
        f"{'rate' if one else 'rates'} would be {_each(others)}. Ask which is right, and what the other leaves out."
    )


def _each(texts: Sequence[str]) -> str:
    """As `listed`, but what stands there twice is said twice."""
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))


def _counts_and_rates(picture: Picture) -> Iterator[tuple[Series, Series, str]]:
    known = by_key(picture)
    for count, rate, things in links().counts:
        if count in known and rate in known:
            yield known[count][0], known[rate][0], things


def _with_implied(picture: Picture, count: Series, rate: Series) -> Iterator[tuple[Point, Point, Mapping[int, int]]]:
    for point, of_rate in shared(count, rate):
        yield point, of_rate, implied_counts(picture, rate.definition.key, of_rate)


def implied_counts(picture: Picture, rate: Key, point: Point) -> dict[int, int]:
    """By year of the population, the only whole count that gives a rate as it is printed; the likeliest year first.

    Empty for years in which none does, and where so many would that it tells nothing: that takes a rate whose last
    decimal is worth less than half a person.
    """
    period, figure, amount = point
    told = links().rates.get(rate)
    if not told or period != period.financial_year or (told.until and period.end > told.until.end):
        return {}
    found = {}
    years = [one for one in picture.council.populations if one.ages == told.ages and one.people > 0]
    for population in sorted(years, key=lambda one: (abs(one.year - period.first_year), one.year)):
        people_per_unit = Fraction(population.people * told.adds_up, 100_000)
        low, high = (amount - half(figure)) * people_per_unit, (amount + half(figure)) * people_per_unit
        number = round(amount * people_per_unit)
        if high - low < Fraction(1, 2) and low <= number <= high:
            found[population.year] = number
    return found


def _adds_up(rate: Series) -> int:
    return links().rates[rate.definition.key].adds_up


def _people(picture: Picture, rate: Series, year: int) -> int:
    ages = links().rates[rate.definition.key].ages
    return next(one.people for one in picture.council.populations if (one.year, one.ages) == (year, ages))


@rule(
    "S4", "One year's population for one year's rates", Severity.QUERY,
    "The rates of a year should rest on people counted in the same year. Which count a rate rests on shows where "
    "only one gives a whole number of people.",
    found="Delays on mid-2015 and admissions on mid-2016.", passed="Both on mid-2016.",
)  # fmt: skip
def populations(picture: Picture) -> Iterator[Finding]:
    needed: dict[Period, dict[int, list[Series]]] = defaultdict(lambda: defaultdict(list))
    known = by_key(picture)
    for key in links().rates:
        for series in known.get(key, [])[:1]:
            for point in figures(series.results):
                years = implied_counts(picture, key, point)
                if len(years) == 1:
                    needed[point[0]][next(iter(years))].append(series)
    for period, by_year in needed.items():
        if len(by_year) > 1:
            told = "; ".join(
                f"{listed(one.definition.key.code for one in rates)} only on that of mid-{year}"
                for year, rates in sorted(by_year.items())
            )
            words = (
                f"Rates of {period.words} rest on different populations: a whole number of people gives {told}. Use "
                "one year's estimate for all, or say beside each rate which it rests on."
            )
            also = tuple(one.subject for _, rates in sorted(by_year.items()) for one in rates)
            council = Subject("council", (), picture.council.name)
            yield Finding("S4", Severity.QUERY, council, words, (period.code,), also)


@rule(
    "S1", "A part is not above its whole", Severity.ERROR,
    "What is counted within something else cannot be more than it.",
    found="89 delays at one hospital where the rate means 43 in all.", passed="0 of 3 large projects rated Red.",
)  # fmt: skip
def parts(picture: Picture) -> Iterator[Finding]:
    known = by_key(picture)
    for key, whole_key in links().parts:
        for part in known.get(key, []):
            for whole in known.get(whole_key, []):
                if part.definition.unit is whole.definition.unit and part.basis is whole.basis:
                    yield from _above(part, whole)
            for whole in known.get(whole_key, [])[:1]:
                if part.definition.unit.is_additive and not whole.definition.unit.is_additive:
                    yield from _above_implied(picture, part, whole)
    for plan in picture.plans:
        yield from _resources(plan)


def _above(part: Series, whole: Series) -> Iterator[Finding]:
    unit = part.definition.unit
    both = [(of_part, of_whole) for of_part, of_whole in shared(part, whole)
            if of_part[2] - of_whole[2] > half(of_part[1], unit) + half(of_whole[1], unit)]  # fmt: skip
    if both:
        told = listed(f"{write(mine[1])} of {write(yours[1])} in {mine[0].words}" for mine, yours in both)
        words = f"It is a part of {whole.subject.title}, but above it: {told}. Correct one of the two."
        yield on_series(part, "S1", Severity.ERROR, words, [point[0] for point, _ in both], [whole])


def _above_implied(picture: Picture, part: Series, whole: Series) -> Iterator[Finding]:
    for of_part, of_whole in shared(part, whole):
        implied = implied_counts(picture, whole.definition.key, of_whole)
        if implied and of_part[2] > max(implied.values()):
            year, number = next(iter(implied.items()))
            words = (
                f"It prints {write(of_part[1])} in {of_part[0].words}, but {whole.definition.key.code}, of which it "
                f"is a part, means {number} ({write(of_whole[1])} for every 100,000 of the "
                f"{_people(picture, whole, year):,} people in mid-{year}{_over(_adds_up(whole))}). Ask whether the two "
                "count alike."
            )
            yield on_series(part, "S1", Severity.WARNING, words, [of_part[0]], [whole])


def _over(counts: int) -> str:
    return f", over {counts} counts" if counts > 1 else ""


def _resources(plan: ServicePlan) -> Iterator[Finding]:
    """Resources whose parts are above them: money together, since every pound is in one part; staff each."""
    for whole in plan.resources:
        inside = [one for one in plan.resources if one.part_of == whole.label and one.unit is whole.unit]
        for group in [inside] if whole.unit in (Unit.POUNDS, Unit.POUNDS_000) else [[one] for one in inside]:
            points = [point for one in (whole, *group) for point in figures({plan.year: one.value})]
            if len(points) < 1 + len(group) or not group:
                continue  # what is not known may balance the rest
            total, *amounts = (amount for _, _, amount in points)
            if sum(amounts) - total > sum(half(figure, whole.unit) for _, figure, _ in points):
                told = listed(f"{one.label} {one.value.printed}" for one in group)
                more = "its part, {}, is more" if len(group) == 1 else "its parts, {}, are more"
                words = (
                    f"{whole.label} is {whole.value.printed}, but {more.format(told)}. Add the line that balances "
                    "them, such as income, or correct one."
                )
                yield Finding("S1", Severity.WARNING, of_plan(plan), words)


@rule(
    "S2", "Parts add up to their whole", Severity.WARNING,
    "Indicators that together make up another should add up to it, but for rounding.",
    found="6.07 and 10.77 beside 17.85.", passed="6.07 and 10.77 beside 16.85.",
)  # fmt: skip
def sums(picture: Picture) -> Iterator[Finding]:
    known = by_key(picture)
    for whole_key, part_keys in links().sums:
        if whole_key not in known or any(key not in known for key in part_keys):
            continue
        whole, of_parts = known[whole_key][0], [known[key][0] for key in part_keys]
        by_period = [{point[0]: point for point in figures(one.results)} for one in of_parts]
        for period, figure, amount in figures(whole.results):
            if any(period not in points for points in by_period):
                continue
            found = [points[period] for points in by_period]
            total = sum((point[2] for point in found), Fraction(0))
            unit = whole.definition.unit
            room = half(figure, unit) + sum((half(point[1], unit) for point in found), Fraction(0))
            if abs(total - amount) > room:
                named = zip(of_parts, found, strict=True)
                told = listed(f"{one.definition.key.code} {write(point[1])}" for one, point in named)
                words = (
                    f"{write(figure)} in {period.words} should be what {told} add up to, which is "
                    f"{rounded(total, figure.notation.decimals)}. Correct one of them."
                )
                yield on_series(whole, "S2", Severity.WARNING, words, [period], of_parts)
