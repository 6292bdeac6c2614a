"""How far chance alone could move a figure that was fully counted: 95% limits for proportions and for rates.

Methods as in the Fingertips technical guidance: Wilson's score for proportions; for counts Byar's approximation, and
below 10 the exact Poisson limits. They do not describe sampling: nobody was sampled.
"""

from math import exp, sqrt
from statistics import NormalDist

LEVEL = 0.95
EXACT_BELOW = 10


def wilson(numerator: int, denominator: int, level: float = LEVEL) -> tuple[float, float]:
    """Limits of a proportion, 0 to 1. Raises ValueError unless 0 <= numerator <= denominator and denominator > 0."""
    if not 0 <= numerator <= denominator or denominator == 0:
        raise ValueError(f"{numerator} of {denominator} is no proportion.")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    middle = 2 * numerator + z * z
    spread = z * sqrt(z * z + 4 * numerator * (1 - numerator / denominator))
    size = 2 * (denominator + z * z)
    return max(0.0, (middle - spread) / size), min(1.0, (middle + spread) / size)


def of_count(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Limits of a count of independent events. Raises ValueError for a negative one."""
    if count < 0:
        raise ValueError(f"{count} is no count.")
    if count < EXACT_BELOW:
        tail = (1 - level) / 2
        lower = 0.0 if count == 0 else _mean_for(count - 1, 1 - tail)
        return lower, _mean_for(count, tail)
    z = NormalDist().inv_cdf(0.5 + level / 2)

    def byar(n: int, sign: int) -> float:
        return float(n * (1 - 1 / (9 * n) + sign * z / (3 * sqrt(n))) ** 3)

    return byar(count, -1), byar(count + 1, 1)


def _mean_for(count: int, probability: float) -> float:
    """The Poisson mean for which `count` or fewer events have this probability."""
    low, high = 0.0, 100.0
    for _ in range(100):
        middle = (low + high) / 2
        if _at_most(count, middle) > probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    term = total = 1.0
    for number in range(1, count + 1):
        term *= mean / number
        total += term
    return total * exp(-mean)
