"""How far chance alone could move a figure that was fully counted: 95% limits for proportions and for rates.

Methods as in the Fingertips technical guidance: Wilson's score for proportions; for counts Byar's approximation, and
below 10 the exact Poisson limits. They do not describe sampling: nobody was sampled.
"""

from functools import lru_cache
from math import sqrt
from statistics import NormalDist

LEVEL = 0.95
EXACT_BELOW = 10


@lru_cache
def normal(level: float) -> float:
    """How many standard errors an interval of this level reaches to either side."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(numerator: int, denominator: int, level: float = LEVEL) -> tuple[float, float]:
    """Limits of a proportion, 0 to 1. Raises ValueError unless 0 <= numerator <= denominator and denominator > 0."""
    if not 0 <= numerator <= denominator or denominator == 0:
        raise ValueError(f"{numerator} of {denominator} is no proportion.")
    z = normal(level)
    middle = 2 * numerator + z * z
    spread = z * sqrt(z * z + 4 * numerator * (1 - numerator / denominator))
    size = 2 * (denominator + z * z)
    return max(0.0, (middle - spread) / size), min(1.0, (middle + spread) / size)


def of_count(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Limits of a count of independent events. Raises ValueError for a negative one."""
    if count < 0:
        raise ValueError(f"{count} is no count.")
    z = normal(level)
    return _exact(count, level) if count < EXACT_BELOW else (_byar(count, -z), _byar(count + 1, z))


def _byar(count: int, z: float) -> float:
    return float(count * (1 - 1 / (9 * count) + z / (3 * sqrt(count))) ** 3)


@lru_cache
def _exact(count: int, level: float) -> tuple[float, float]:
    """The means for which so many events, or so few, have no more than their part of the chance left."""
    from scipy.special import gammaincinv  # slow to import, and measures start fast

    tail = (1 - level) / 2
    return float(gammaincinv(count, tail)) if count else 0.0, float(gammaincinv(count + 1, 1 - tail))
