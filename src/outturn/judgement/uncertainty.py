"""How far a figure could be from what it describes: intervals, by named rules, each with its inputs and a sentence.

Data never raise here. A number that is missing, infinite, below zero or above its denominator gives an interval
without limits whose sentence says why. Figures come out in the unit they are printed in: `per` is 100 for a
percentage and 100,000 for admissions. The limits of a full count say what chance alone could do; nobody was sampled.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor, fsum, isfinite, sqrt
from statistics import fmean, stdev

from scipy.special import stdtrit

from ..results.interval import EXACT_BELOW, LEVEL, normal, of_count, wilson

Number = int | float | Decimal
Inputs = tuple[tuple[str, object], ...]

SURVEY_Z = 1.96
"""The literal that NHS Digital's survey pipeline multiplies by, not the quantile."""
LARGEST, SMALLEST, MOST_COUNTED = 10**15, Decimal("0.000001"), 10**9
"""Beyond these a number is a slip of the keyboard, and arithmetic with it would lose its way."""
ONE_PERSON_SHOWS = 100
"""In a smaller denominator one person more or fewer moves a percentage by a point or more, and the sentence says so."""
FEWEST_FOR_STANDARDISING = 10
"""Directly standardised rates of fewer events are not shown (Office for Health Improvement and Disparities)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its limits; no limits where they cannot be judged, and the sentence says why."""

    rule: str
    inputs: Inputs
    sentence: str
    level: float = LEVEL
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def limits(self) -> tuple[float, float] | None:
        """Both limits, or None where there are none."""
        return None if self.low is None or self.high is None else (self.low, self.high)


def proportion(
    count: Number | None, out_of: Number | None, per: int = 100, level: float = LEVEL, places: int = 1
) -> Interval:
    """Wilson's score interval for a share of people."""
    rule, inputs = "Wilson score interval", (("count", count), ("out_of", out_of), ("per", per))
    fault = share_fault(count, out_of)
    if fault or count is None or out_of is None:
        return Interval(rule, inputs, cannot(fault), level)
    x, n = int(count), int(out_of)
    low, high = (per * limit for limit in wilson(x, n, level))
    low, high = low if x else 0.0, high if x < n else float(per)  # exactly, though floats come out a hair inside
    value = per * x / n
    sentence = _by_chance(value, low, high, level, places)
    if n < ONE_PERSON_SHOWS:
        sentence = f"{sentence[:-1]}, and one person more or fewer out of {n} moves it by {write(per / n, places)}."
    return Interval(rule, inputs, sentence, level, value, low, high)


def rate(
    count: Number | None, population: Number | None, per: int = 100_000, level: float = LEVEL, places: int = 1
) -> Interval:
    """Limits of a rate of events that happen one by one, such as admissions; not of days, hours or pounds."""
    inputs = (("count", count), ("population", population), ("per", per))
    fault = count_fault("the count", count) or size_fault("the population", population)
    if fault or count is None or population is None:
        return Interval("Byar's approximation, exact below 10", inputs, cannot(fault), level)
    rule = "Exact Poisson limits" if count < EXACT_BELOW else "Byar's approximation"
    x, people = int(count), exactly(population)
    value, each = float(per * x / people), float(per / people)
    low, high = (each * limit for limit in of_count(x, level))
    sentence = _by_chance(value, low, high, level, places)
    if x < EXACT_BELOW:
        sentence = f"{sentence[:-1]}, and it rests on {x} {'event' if x == 1 else 'events'} only."
    return Interval(rule, inputs, sentence, level, value, low, high)


def mean(values: Sequence[Number | None], level: float = LEVEL, places: int = 1) -> Interval:
    """Student's t interval for a mean of values that are not badly skewed; missing values are passed over."""
    rule, inputs = "Student's t", (("values", tuple(values)),)
    there = [value for value in values if value is not None]
    fault = next((fault for value in there if (fault := number_fault("a value", value))), "")
    if fault or not there:
        return Interval(rule, inputs, cannot(fault or "there are no values"), level)
    numbers = [float(value) for value in there]
    middle = fmean(numbers)
    if len(numbers) == 1 or min(numbers) == max(numbers):
        fault = "one value says nothing of how much values vary" if len(numbers) == 1 else "all values are the same"
        return Interval(rule, inputs, cannot(fault), level, middle)
    reach = float(stdtrit(len(numbers) - 1, 0.5 + level / 2)) * stdev(numbers) / sqrt(len(numbers))
    low, high = middle - reach, middle + reach
    return Interval(rule, inputs, f"{_figure(middle, low, high, level, places)}.", level, middle, low, high)


@dataclass(frozen=True, slots=True)
class Band:
    """One age band: events, people, and the people that the standard population has in it."""

    count: Number | None
    population: Number | None
    standard: Number | None


def directly_standardised(
    bands: Iterable[Band], per: int = 100_000, level: float = LEVEL, places: int = 1
) -> Interval:
    """Dobson's limits with Byar's, for a rate weighted to a standard population. No count in a band is no event."""
    rule, rows = "Dobson's method", tuple(bands)
    inputs = (("bands", rows), ("per", per))
    fault = next((fault for band in rows if (fault := _band_fault(band))), "")
    if fault or not rows:
        return Interval(rule, inputs, cannot(fault or "there are no bands"), level)
    table = [(int(b.count or 0), float(b.population or 0), float(b.standard or 0)) for b in rows]
    events, weights = sum(count for count, _, _ in table), fsum(standard for _, _, standard in table)
    if events < FEWEST_FOR_STANDARDISING:
        fault = f"a standardised rate takes {FEWEST_FOR_STANDARDISING} events, and there are {events}"
        return Interval(rule, inputs, cannot(fault), level)
    value = per * fsum(standard * count / people for count, people, standard in table) / weights
    variance = fsum(count * (standard / people) ** 2 for count, people, standard in table) / weights**2
    low, high = (value + per * sqrt(variance / events) * (limit - events) for limit in of_count(events, level))
    sentence = _by_chance(value, low, high, level, places)
    return Interval(rule, inputs, sentence, level, value, low, high)


def indirectly_standardised(
    observed: Number | None, expected: Number | None, per: int = 100, level: float = LEVEL, places: int = 1
) -> Interval:
    """Events observed for each `per` that the standard rates lead one to expect; Byar's limits, or exact ones."""
    rule, inputs = "Observed over expected", (("observed", observed), ("expected", expected), ("per", per))
    fault = count_fault("the number observed", observed) or size_fault("the number expected", expected)
    if fault:
        return Interval(rule, inputs, cannot(fault), level)
    found = rate(observed, expected, per, level, places)
    return Interval(rule, inputs, found.sentence, level, found.value, found.low, found.high)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of a survey: people eligible, people who answered this question, their mean, and its variance.

    The people eligible in a group of a stratum are the stratum's, times the group's part of those who answered.
    For a share of `said` among `answered` the mean is the share and the variance its own, by `of_answers`.
    """

    eligible: Number | None
    answered: Number | None
    mean: Number | None
    variance: Number | None

    @classmethod
    def of_answers(cls, eligible: Number | None, answered: Number | None, said: Number | None) -> "Stratum":
        """A stratum in which `said` of those who answered gave the answer; one that makes no sense has no mean."""
        if share_fault(said, answered) or said is None or answered is None:
            nobody = not (count_fault("", answered) or count_fault("", said)) and answered == said == 0
            return cls(eligible, answered, 0 if nobody else None, 0)
        share = int(said) / int(answered)
        return cls(eligible, answered, share, share * (1 - share) * int(answered) / max(int(answered) - 1, 1))


def survey(strata: Iterable[Stratum], per: int = 100, level: float = LEVEL, places: int = 1) -> Interval:
    """A survey's stratified estimate with finite population correction, as the adult social care surveys make it.

    A stratum that nobody answered drops out of the population; one with a single answer adds no variance, and the
    sentence warns of it. The reach is 1.96 standard errors at 95%.
    """
    rule, rows = "Stratified estimate with finite population correction", tuple(strata)
    inputs = (("strata", rows), ("per", per))
    fault = next((fault for stratum in rows if (fault := _stratum_fault(stratum))), "")
    table = [] if fault else [
        (float(row.eligible or 0), int(row.answered or 0), float(row.mean or 0), float(row.variance or 0))
        for row in rows if row.answered
    ]  # fmt: skip
    if not table:
        return Interval(rule, inputs, cannot(fault or "nobody answered"), level)
    people = sum(eligible for eligible, _, _, _ in table)
    value = per * fsum(eligible * middle for eligible, _, middle, _ in table) / people
    variance = fsum(
        eligible**2 * (1 - answered / eligible) * spread / answered
        for eligible, answered, _, spread in table if answered > 1
    )  # fmt: skip
    if all(answered == 1 for _, answered, _, _ in table):
        return Interval(rule, inputs, cannot("one answer in a stratum says nothing of how answers vary"), level, value)
    reach = (SURVEY_Z if level == LEVEL else normal(level)) * per * sqrt(variance) / people
    low, high = value - reach, value + reach
    sentence = f"{_figure(value, low, high, level, places)}, as far as those who answered stand for the others."
    if any(answered == 1 for _, answered, _, _ in table):
        sentence = f"{sentence[:-1]}; the limits are too narrow, for one stratum has a single answer."
    return Interval(rule, inputs, sentence, level, value, low, high)


@dataclass(frozen=True, slots=True)
class Sample:
    """How many have to answer, and so have to be asked; neither where it cannot be said."""

    rule: str
    inputs: Inputs
    sentence: str
    answers: int | None = None
    asked: int | None = None


def sample_size(people: Number | None, response: Number | None, margin: float = 5.0) -> Sample:
    """For a share of one half to be known to `margin` percentage points at 95%, where `response` (0 to 1) answer.

    As the calculator of the Survey of Adult Carers does: with the finite population correction, and no rounding before
    the end (its guidance, appendix D).
    """
    rule = "Sample size for a share of one half"
    inputs: Inputs = (("people", people), ("response", response), ("margin", margin))
    fault = count_fault("the number of people", people) or size_fault("the response rate", response)
    if not fault and (not people or (response or 0) > 1):
        fault = "the response rate is above 1" if people else "there are no people"
    if fault or not people or not response:
        return Sample(rule, inputs, cannot(fault))
    room = (margin / 100 / SURVEY_Z) ** 2
    needed = min(float(people), (0.25 + room) / (0.25 / int(people) + room))
    answers, asked = floor(needed + 0.5), min(int(people), floor(needed / float(response) + 0.5))
    sentence = f"{asked:,} of {int(people):,} people are to be asked, so that {answers:,} answer."
    if needed / float(response) > people:
        sentence = f"All {int(people):,} people are to be asked, and fewer than the {answers:,} needed will answer."
    return Sample(rule, inputs, sentence, answers, asked)


def published(
    value: Number | None, low: Number | None, high: Number | None, level: float = LEVEL, places: int = 1
) -> Interval:
    """A figure published with its limits, taken as it stands."""
    rule, inputs = "As published", (("value", value), ("low", low), ("high", high))
    named: tuple[tuple[str, Number | None], ...]
    named = (("the figure", value), ("its lower limit", low), ("its upper limit", high))
    fault = next((found for name, number in named if (found := number_fault(name, number))), "")
    if fault or value is None or low is None or high is None:
        return Interval(rule, inputs, cannot(fault), level)
    if not low <= value <= high:
        return Interval(rule, inputs, cannot("the figure does not lie between its limits"), level)
    figures = float(value), float(low), float(high)
    return Interval(rule, inputs, f"{_figure(*figures, level, places)}, as published.", level, *figures)


def number_fault(name: str, number: Number | None) -> str:
    """Why it cannot be reckoned with, or an empty text."""
    if number is None:
        return f"{name} is missing"
    if not (isinstance(number, int) or (number.is_finite() if isinstance(number, Decimal) else isfinite(number))):
        return f"{name} is not a finite number"
    return "" if -LARGEST <= number <= LARGEST else f"{name} is too large to be true"


def count_fault(name: str, number: Number | None) -> str:
    """Why it cannot be a count, or an empty text."""
    fault = number_fault(name, number)
    if fault or number is None:
        return fault
    if number < 0:
        return f"{name} is below zero"
    if number > MOST_COUNTED:
        return f"{name} is too large to be true"
    return "" if number == int(number) else f"{name} is not a whole number"


def size_fault(name: str, number: Number | None) -> str:
    """Why nothing can be divided by it, or an empty text."""
    fault = number_fault(name, number)
    if fault or number is None:
        return fault
    return "" if number >= SMALLEST else f"{name} is {'below zero' if number < 0 else 'zero'}"


def share_fault(count: Number | None, out_of: Number | None) -> str:
    """Why the one cannot be a share of the other, or an empty text."""
    fault = count_fault("the count", count) or count_fault("the number it is out of", out_of)
    if fault or count is None or out_of is None:
        return fault
    if not out_of:
        return "the number it is out of is zero"
    return f"the count, {int(count)}, is above the {int(out_of)} it is out of" if count > out_of else ""


def _band_fault(band: Band) -> str:
    fault = "" if band.count is None else count_fault("the count of a band", band.count)
    return (
        fault or size_fault("the population of a band", band.population)
        or size_fault("the standard population of a band", band.standard)
    )  # fmt: skip


def _stratum_fault(row: Stratum) -> str:
    fault = (
        number_fault("the people of a stratum", row.eligible) or count_fault("the answers of a stratum", row.answered)
        or number_fault("the mean of a stratum", row.mean) or number_fault("the variance of a stratum", row.variance)
    )  # fmt: skip
    if fault or row.eligible is None or row.answered is None or row.variance is None:
        return fault
    if row.answered > row.eligible:
        return "more people answered than there are in a stratum"
    return "the variance of a stratum is below zero" if row.variance < 0 else ""


def exactly(number: Number) -> int | Fraction:
    """For arithmetic that rounds only at its end; a whole number stays one, because that is quicker."""
    return number if isinstance(number, int) else Fraction(number)


def cannot(fault: str) -> str:
    """The sentence of a verdict that was not reached."""
    return f"Cannot judge: {fault}."


@lru_cache
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def write(number: float, places: int) -> str:
    """For a reader: rounded once, half away from zero."""
    rounded = Decimal(repr(number)).quantize(_step(places), ROUND_HALF_UP)
    return f"{rounded or abs(rounded):,f}"


def _by_chance(value: float, low: float, high: float, level: float, places: int) -> str:
    limits = f"{write(low, places)} to {write(high, places)}"
    return f"{write(value, places)}; chance alone could make it anything from {limits} ({percent(level)} limits)."


def _figure(value: float, low: float, high: float, level: float, places: int) -> str:
    return f"{write(value, places)}, with {percent(level)} limits of {write(low, places)} to {write(high, places)}"


@lru_cache
def percent(level: float) -> str:
    """The level as it is printed: 95% or 99.8%."""
    return f"{round(100 * level, 6):g}%"
