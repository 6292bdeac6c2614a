"""A result: one figure with everything that must travel with it, made from counts by one division and one rounding."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from outturn.measures.definition import Kind, Measure
from outturn.measures.running import Count
from outturn.terms.period import Period, PeriodKind
from outturn.terms.value import Absence, Flag

from .interval import of_count, wilson

ALL_COUNCILS = "all"  # the area of what several councils come to together
PUBLISHED = "published"  # the flag of a figure that was published elsewhere and not worked out here
SCALES = {Kind.PROPORTION: 100, Kind.RATE: 100_000}


@dataclass(frozen=True, slots=True)
class Absent:
    """Why there is no figure, as a kind of absence and as a sentence."""

    absence: Absence
    because: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a period's figures for an area rest on.

    `absent` where they cannot be given at all; `notes` are sentences that a reader should know.
    """

    as_of: datetime
    absent: Absent | None = None
    provisional: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. `value` is None where there is none, and then `state` and `because` say why."""

    measure: str
    part: str | None
    edition: str
    method: str
    reading: str
    area: str
    period: str
    basis: str
    breakdown: Mapping[str, str]
    numerator: int | None
    denominator: int | None
    value: Decimal | None
    unit: str
    state: str | None
    because: str
    flags: tuple[str, ...]
    notes: tuple[str, ...]
    side_counts: Mapping[str, int]
    interval: tuple[Decimal, Decimal] | None
    year_end: Decimal | None
    as_of: datetime
    units: int | None = None  # how many amounts a sum is of

    def as_data(self) -> dict[str, Any]:
        """For programs: numbers as JSON has them, moments as text."""
        data = {name: getattr(self, name) for name in self.__slots__}
        data |= {
            "value": _number(self.value),
            "breakdown": dict(self.breakdown),
            "flags": list(self.flags),
            "notes": list(self.notes),
            "side_counts": dict(self.side_counts),
            "interval": [_number(limit) for limit in self.interval] if self.interval else None,
            "year_end": _number(self.year_end),
            "as_of": self.as_of.isoformat(timespec="seconds"),
        }
        return data


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() and amount.as_tuple().exponent == 0 else float(amount)


def rounded(exact: Fraction, decimals: int) -> Decimal:
    """An exact fraction, rounded once, half away from zero."""
    unit = 10**decimals
    scaled = abs(exact) * unit
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    amount = Decimal(whole if exact >= 0 else -whole).scaleb(-decimals)
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Figures:
    """Turns a measure's counts into results under one method.

    `bases` says for each area and period what it rests on; `populations` gives the people of an area in a period, for
    rates.
    """

    measure: Measure
    method: str
    reading: str
    periods: Sequence[Period]
    bases: Mapping[tuple[str, str], Basis]
    populations: Mapping[tuple[str, str], int | Absent] = field(default_factory=dict)

    def results(self, counts: Iterable[Count]) -> list[Result]:
        """A result for each count, in the order of parts, areas, periods and breakdowns."""
        order = {period.code: number for number, period in enumerate(self.periods)}
        parts = [None, *self.measure.parts]
        found = sorted(
            counts,
            key=lambda one: (
                parts.index(one.part), one.la_code, order[one.period], len(one.breakdown), list(one.breakdown.values()),
            ),
        )  # fmt: skip
        return [self._result(count) for count in found]

    def together(self, counts: Iterable[Count], area: str) -> list[Result]:
        """The results of all areas as one. Only those with figures take part, and a note names the others.

        Numerators, denominators and populations are added, never figures.
        """
        bases: dict[tuple[str, str], Basis] = {}
        populations: dict[tuple[str, str], int | Absent] = {}
        taking_part: set[tuple[str, str]] = set()
        for period in self.periods:
            here = [key for key in self.bases if key[1] == period.code]
            usable = [key for key in here if not self.bases[key].absent and not self._lacks_population(key)]
            taking_part.update(usable or here)  # of those without a figure only the reason is told
            bases[area, period.code] = self._basis_together(here, usable)
            populations[area, period.code] = sum(_people(self.populations[key]) for key in usable if self.populations)
        figures = replace(self, bases=bases, populations=populations)
        return figures.results(summed((one for one in counts if (one.la_code, one.period) in taking_part), area))

    def _lacks_population(self, key: tuple[str, str]) -> bool:
        return isinstance(self.populations.get(key), Absent)

    def _basis_together(self, here: Sequence[tuple[str, str]], usable: Sequence[tuple[str, str]]) -> Basis:
        as_of = max(self.bases[key].as_of for key in here)
        if not usable:
            return Basis(as_of, Absent(Absence.AWAITED, "No council has a figure for this period."))
        without = sorted({area for area, _ in here} - {area for area, _ in usable})
        notes = (f"Without {', '.join(without)}: see their own results for the reason.",) if without else ()
        return Basis(as_of, provisional=any(self.bases[key].provisional for key in usable), notes=notes)

    def _result(self, count: Count) -> Result:
        measure, period = self.measure, next(one for one in self.periods if one.code == count.period)
        basis = self.bases[count.la_code, count.period]
        numerator, denominator, exact, absent = self._exact(count)
        if basis.absent:
            numerator = denominator = exact = None
            absent = basis.absent
        value = None if exact is None else rounded(exact, measure.decimals)
        return Result(
            measure.code, count.part, measure.edition, self.method, self.reading, count.la_code, count.period,
            period.kind.value, count.breakdown, numerator, denominator, value, measure.unit,
            None if absent is None else absent.absence.value, "" if absent is None else absent.because,
            (Flag.PROVISIONAL.value,) if basis.provisional and exact is not None else (), basis.notes,
            {} if basis.absent else dict(sorted(count.side_counts.items())),
            self._interval(numerator, denominator) if value is not None else None,
            self._year_end(exact, period) if exact is not None else None, basis.as_of,
            count.numerator if measure.kind is Kind.SUM and exact is not None else None,
        )  # fmt: skip

    def _exact(self, count: Count) -> tuple[int | None, int | None, Fraction | None, Absent | None]:
        """Numerator, denominator and the exact figure, or why there is none."""
        kind = self.measure.kind
        if kind is Kind.COUNT:
            return count.numerator, None, Fraction(count.numerator), None
        if kind is Kind.SUM:
            return count.amount, self.measure.divisor, Fraction(count.amount, self.measure.divisor), None
        if kind is Kind.MEDIAN:
            middle = median(count.amounts)
            nobody = Absent(Absence.NOT_APPLICABLE, f"There are no {self.measure.counts} to take the median of.")
            return None, sum(count.amounts.values()), middle, nobody if middle is None else None
        denominator: int | Absent = count.denominator
        if kind is Kind.RATE:
            denominator = self.populations[count.la_code, count.period]
        if isinstance(denominator, Absent):
            return count.numerator, None, None, denominator
        if denominator == 0:
            nobody = Absent(Absence.NOT_APPLICABLE, f"There are no {self.measure.counts} in the denominator.")
            return count.numerator, 0, None, nobody
        return count.numerator, denominator, Fraction(count.numerator * SCALES[kind], denominator), None

    def _interval(self, numerator: int | None, denominator: int | None) -> tuple[Decimal, Decimal] | None:
        kind = self.measure.kind
        if numerator is None or not denominator:
            return None
        if kind is Kind.PROPORTION and numerator <= denominator:
            low, high = wilson(numerator, denominator)
        elif kind is Kind.RATE:
            low, high = (limit / denominator for limit in of_count(numerator))
        else:
            return None
        scale = SCALES[kind]
        return rounded(Fraction(low * scale), self.measure.decimals), rounded(
            Fraction(high * scale), self.measure.decimals
        )

    def _year_end(self, exact: Fraction, period: Period) -> Decimal | None:
        """What a sum or a count comes to by the end of the year if it goes on as in the part that is over."""
        if self.measure.kind not in (Kind.SUM, Kind.COUNT) or period.kind is not PeriodKind.TO_DATE:
            return None
        return rounded(exact * days_in(period.financial_year) / days_in(period), self.measure.decimals)


def _people(population: int | Absent) -> int:
    return 0 if isinstance(population, Absent) else population


def median(amounts: Counter[int]) -> Fraction | None:
    """The middle of amounts, each with how often it occurs; of an even number, the mean of the two in the middle."""
    total = sum(amounts.values())
    if not total:
        return None
    middles, passed = [], 0
    for amount in sorted(amounts):
        for place in ((total - 1) // 2, total // 2):
            if passed <= place < passed + amounts[amount]:
                middles.append(amount)
        passed += amounts[amount]
    return Fraction(sum(middles), 2)


def summed(counts: Iterable[Count], area: str) -> list[Count]:
    """The counts of several areas as those of one: numerators and denominators are added, never figures."""
    found: dict[Any, Count] = {}
    for count in counts:
        key = (count.period, count.part, tuple(count.breakdown.items()))
        total = found.setdefault(key, Count(count.period, area, count.part, count.breakdown))
        total.numerator += count.numerator
        total.denominator += count.denominator
        total.amount += count.amount
        total.amounts.update(count.amounts)
        total.side_counts.update(count.side_counts)
    return list(found.values())


def days_in(period: Period) -> int:
    """The days of a period, first and last included."""
    return (period.end - period.start).days + 1
