"""Whether two figures really differ, and whether one is better, similar or worse than a benchmark.

Changes of shares are judged by the pooled chi-square test, or Fisher's exact test where fewer than five are expected
somewhere; of rates by the exact conditional test; of surveys by their standard errors. Two limits that overlap are no
test. Where no split of so few could have been clear, the verdict is that we cannot tell, not that nothing changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from math import erfc, fsum, inf, lgamma, log, sqrt

from scipy.special import betainc, betaincc, betaincinv

from ..results.interval import LEVEL, normal, wilson
from ..terms.polarity import Better, Polarity
from .uncertainty import (
    SURVEY_Z,
    Inputs,
    Interval,
    Number,
    cannot,
    count_fault,
    exactly,
    number_fault,
    percent,
    share_fault,
    size_fault,
    write,
)  # fmt: skip

FEWEST_EXPECTED = 5
"""Below this many expected in any of the four cells the chi-square test is not to be trusted."""
MOST_EXACT = 1_000_000
"""Above this many events exact sums are slow, and the normal approximation differs by less than is printed."""
FARTHEST = 1_000_000
"""Populations further apart than this many times are not two sizes of one thing."""
TIE = 1 + 1e-7
"""Two probabilities this near are one, as in R, where rounding could part equals."""


class Kind(Enum):
    """Better and worse where a direction is wanted, higher and lower where none is."""

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    SIMILAR = "similar"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict on two figures: `difference` is after less before, or the ratio of two rates, with its limits."""

    kind: Kind
    rule: str
    inputs: Inputs
    sentence: str
    level: float = LEVEL
    p: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None


Pair = tuple[Number | None, Number | None]
"""A count, and what it is out of."""


def shares(before: Pair, after: Pair, polarity: Polarity, level: float = LEVEL, places: int = 1) -> Comparison:
    """Compare two shares of different people, in percentage points, with Newcombe's limits of the difference."""
    inputs: Inputs = (("before", before), ("after", after), ("polarity", polarity.wording))
    rule = "Pooled chi-square test, or Fisher's exact test"
    fault = _named(share_fault(*before), "before") or _named(share_fault(*after), "after")
    if fault:
        return Comparison(Kind.CANNOT_TELL, rule, inputs, cannot(fault), level)
    (x, n), (y, m) = _whole(before), _whole(after)
    exact = min(x + y, n + m - x - y) * min(n, m) < FEWEST_EXPECTED * (n + m)
    rule = "Fisher's exact test" if exact else "Pooled chi-square test"
    p, least = fisher(x, n, y, m) if exact else (chance_of(chi_square(x, n, y, m)), 0.0)
    low, high = (100 * limit for limit in newcombe(x, n, y, m, level))
    old, new, difference = 100 * x / n, 100 * y / m, 100 * (y * n - x * m) / (n * m)
    found = Comparison(Kind.SIMILAR, rule, inputs, "", level, p, difference, low, high)
    apart = f"{write(old, places)}% and {write(new, places)}%"
    return _judged(found, (old, new), polarity, apart, None if x + y in (0, n + m) else least)


def rates(
    before: Pair, after: Pair, polarity: Polarity, per: int = 100_000, level: float = LEVEL, places: int = 1
) -> Comparison:
    """Compare two rates of events that happen one by one, by the exact conditional test, as a ratio."""
    rule = "Exact conditional test of two rates"
    inputs: Inputs = (("before", before), ("after", after), ("per", per), ("polarity", polarity.wording))
    fault = _named(_rate_fault(*before), "before") or _named(_rate_fault(*after), "after")
    if fault:
        return Comparison(Kind.CANNOT_TELL, rule, inputs, cannot(fault), level)
    x, y = int(before[0] or 0), int(after[0] or 0)
    people, later = exactly(before[1] or 0), exactly(after[1] or 0)
    if max(people, later) > FARTHEST * min(people, later):
        fault = "one population is more than a million times the other"
        return Comparison(Kind.CANNOT_TELL, rule, inputs, cannot(fault), level)
    share = float(later / (people + later))
    old, new = float(per * x / people), float(per * y / later)
    p = binomial_test(y, x + y, share)
    limits = share_limits(y, x + y, level) if x + y else (0.0, 1.0)
    low, high = (limit / (1 - limit) * float(people / later) if limit < 1 else inf for limit in limits)
    ratio = new / old if x else None
    found = Comparison(Kind.SIMILAR, rule, inputs, "", level, p, ratio, low, high)
    # Where this one is clear, one can be; that saves most figures the reckoning.
    least = p if p < 1 - level else min(binomial_test(0, x + y, share), binomial_test(x + y, x + y, share))
    apart = f"{write(old, places)} and {write(new, places)}"
    return _judged(found, (old, new), polarity, apart, least if x + y else None)


def estimates(before: Pair, after: Pair, polarity: Polarity, level: float = LEVEL, places: int = 1) -> Comparison:
    """Compare two survey estimates, each a figure and its 95% margin of error, of samples drawn independently."""
    rule = "Difference over its standard error"
    inputs: Inputs = (("before", before), ("after", after), ("polarity", polarity.wording))
    fault = _named(_margin_fault(*before), "before") or _named(_margin_fault(*after), "after")
    if fault:
        return Comparison(Kind.CANNOT_TELL, rule, inputs, cannot(fault), level)
    old, new = float(before[0] or 0), float(after[0] or 0)
    error = sqrt(float(before[1] or 0) ** 2 + float(after[1] or 0) ** 2) / SURVEY_Z
    if not error:
        return Comparison(Kind.CANNOT_TELL, rule, inputs, cannot("both margins of error are zero"), level)
    p, reach = chance_of(((new - old) / error) ** 2), normal(level) * error
    found = Comparison(Kind.SIMILAR, rule, inputs, "", level, p, new - old, new - old - reach, new - old + reach)
    return _judged(found, (old, new), polarity, f"{write(old, places)} and {write(new, places)}", None)


def with_benchmark(
    figure: Interval, benchmark: Number | None, polarity: Polarity, *, itself: bool = False, places: int = 1
) -> Comparison:
    """Better, similar or worse, as Fingertips has it: the benchmark is taken as fixed, and on a limit is similar.

    `itself` says that the figure is the benchmark's own; an area is never compared with itself.
    """
    rule = "Benchmark against the figure's limits"
    inputs: Inputs = (("figure", figure), ("benchmark", benchmark), ("polarity", polarity.wording))
    fault = number_fault("the benchmark", benchmark) or ("an area is not compared with itself" if itself else "")
    if not fault and figure.limits is None:
        fault = figure.sentence.removeprefix("Cannot judge: ").removesuffix(".")
    if fault or benchmark is None or figure.limits is None or figure.value is None:
        return Comparison(Kind.CANNOT_TELL, rule, inputs, cannot(fault or "the figure is missing"), figure.level)
    (low, high), fixed = figure.limits, float(benchmark)
    apart = figure.value - fixed, low - fixed, high - fixed
    found = Comparison(Kind.SIMILAR, rule, inputs, "", figure.level, None, *apart)
    limits = f"{write(low, places)} to {write(high, places)} at {percent(figure.level)}"
    if low <= fixed <= high:
        return replace(found, sentence=f"Similar to {write(fixed, places)}, which lies within the limits {limits}.")
    kind = kind_of(fixed, figure.value, polarity)
    sentence = f"{kind.value.capitalize()} than {write(fixed, places)}, which lies outside the limits {limits}."
    return replace(found, kind=kind, sentence=sentence)


def clear_of_false_alarms(found: Sequence[Comparison], level: float = LEVEL) -> list[bool]:
    """Which of many comparisons stand when a share of false ones is allowed for (Benjamini and Hochberg's rule).

    Of thirty figures that did not move, one or two look as if they had. Those without a test do not stand.
    """
    tested = sorted(one.p for one in found if one.p is not None)
    bars = [p for rank, p in enumerate(tested, 1) if p * len(tested) <= rank * (1 - level)]
    return [bool(bars) and one.p is not None and one.p <= bars[-1] for one in found]


def kind_of(old: float, new: float, polarity: Polarity) -> Kind:
    """What a difference that is beyond chance means, by which way is better."""
    was, now = polarity.distance(Decimal(repr(old))), polarity.distance(Decimal(repr(new)))
    if polarity.better is Better.NEUTRAL or was is None or now is None or was == now:
        return Kind.HIGHER if new > old else Kind.LOWER
    return Kind.BETTER if now < was else Kind.WORSE


def chi_square(x: int, n: int, y: int, m: int) -> float:
    """Of two shares, pooled, without continuity correction; zero where nobody counts, or everybody."""
    counted, others = x + y, n + m - x - y
    return (y * n - x * m) ** 2 * (n + m) / (n * m * counted * others) if counted and others else 0.0


def chance_of(square: float) -> float:
    """How often chance alone gives a chi-square of one degree of freedom as large as this."""
    return erfc(sqrt(square / 2))


def newcombe(x: int, n: int, y: int, m: int, level: float = LEVEL) -> tuple[float, float]:
    """Limits of the difference between two shares, made of Wilson's limits of each."""
    old, new = x / n, y / m
    (low, high), (lower, upper) = wilson(x, n, level), wilson(y, m, level)
    return (
        new - old - sqrt((new - lower) ** 2 + (high - old) ** 2),
        new - old + sqrt((upper - new) ** 2 + (old - low) ** 2),
    )


def fisher(x: int, n: int, y: int, m: int) -> tuple[float, float]:
    """The two-sided chance of a split as uneven as this, and the least that any split of as many could have."""
    total = x + y
    lowest, highest = max(0, total - m), min(total, n)
    likeliest = (n + 1) * (total + 1) // (n + m + 2)
    above = [1.0]  # chances over that of the likeliest
    for k in range(likeliest, highest):
        above.append(above[-1] * (n - k) * (total - k) / ((k + 1) * (m - total + k + 1)))
    below = [1.0]
    for k in range(likeliest, lowest, -1):
        below.append(below[-1] * k * (m - total + k) / ((n - k + 1) * (total - k + 1)))
    whole = fsum(above) + fsum(below[1:])
    splits = [one / whole for one in (*below[:0:-1], *above)]

    def chance(probability: float) -> float:
        return min(1.0, sum(other for other in splits if other <= probability * TIE))

    return chance(splits[x - lowest]), chance(min(splits))


def binomial_test(count: int, total: int, share: float) -> float:
    """The two-sided chance of a count as unlikely as this: all counts no likelier than it, as in R."""
    if not total:
        return 1.0
    if total > MOST_EXACT:
        return chance_of((count - total * share) ** 2 / (total * share * (1 - share)))

    odds = log(share / (1 - share))

    def likely(k: int) -> float:
        """The logarithm of its chance, but for a term that is the same for all."""
        return k * odds - lgamma(k + 1) - lgamma(total - k + 1)

    bar, peak = likely(count) + log(TIE), min(total, int((total + 1) * share))
    if likely(peak) <= bar:
        return 1.0
    # On the other side of the peak likelihood falls steadily, so the first count no likelier is found by halving.
    rising = count < peak
    near, far = peak, total + 1 if rising else -1
    while abs(far - near) > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if likely(middle) <= bar else (middle, far)
    low, high = (count, far) if rising else (far, count)
    as_few = float(betaincc(low + 1, total - low, share)) if low >= 0 else 0.0
    as_many = float(betainc(high, total - high + 1, share)) if high <= total else 0.0
    return min(1.0, as_few + as_many)


def share_limits(count: int, total: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact limits of a share (Clopper and Pearson's)."""
    tail = (1 - level) / 2
    return (
        float(betaincinv(count, total - count + 1, tail)) if count else 0.0,
        float(betaincinv(count + 1, total - count, 1 - tail)) if count < total else 1.0,
    )


def _judged(
    found: Comparison, figures: tuple[float, float], polarity: Polarity, apart: str, least: float | None
) -> Comparison:
    """The verdict and its sentence; `least` is the smallest chance that any split of so few could have had."""
    if found.p is None or (figures[0] == figures[1] and least is None):
        return replace(found, sentence=f"{apart} are the same.")
    if least is not None and least >= 1 - found.level:
        few = f"{apart} rest on too few: however they had fallen, it could have been chance"
        return replace(found, kind=Kind.CANNOT_TELL, sentence=cannot(few))
    chance = "less than 0.1%" if found.p < 0.001 else f"{100 * found.p:.2g}%" if found.p < 0.995 else "100%"
    if found.p >= 1 - found.level:
        return replace(found, sentence=f"{apart} are no further apart than chance allows ({chance} of the time).")
    kind = kind_of(*figures, polarity)
    word = "Up" if figures[1] > figures[0] else "Down"
    judged = f", which is {kind.value}" if kind in (Kind.BETTER, Kind.WORSE) else ""
    sentence = f"{word}{judged}: {apart} are further apart than chance allows ({chance} of the time)."
    return replace(found, kind=kind, sentence=sentence)


def _whole(pair: Pair) -> tuple[int, int]:
    return int(pair[0] or 0), int(pair[1] or 0)


def _named(fault: str, when: str) -> str:
    return f"{when}, {fault}" if fault else ""


def _rate_fault(count: Number | None, people: Number | None) -> str:
    return count_fault("the count", count) or size_fault("the population", people)


def _margin_fault(figure: Number | None, margin: Number | None) -> str:
    fault = number_fault("the figure", figure) or number_fault("the margin of error", margin)
    return fault or ("the margin of error is below zero" if (margin or 0) < 0 else "")
