"""Control limits: where figures lie while nothing but chance moves them, and which figures lie outside.

The XmR chart is that of NHS "Making Data Count" as NHSRplotthedots 0.2.2 works it out. Everything is compared in
whole numbers: a figure that lies exactly on a line is on it, whatever a float would make of the line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, lcm

LIMIT_OF_RANGES = Fraction("2.66")  # 3 / 1.128: three standard deviations, from the mean moving range of pairs
SCREEN_OF_RANGES = Fraction("3.267")  # the upper limit of moving ranges of pairs
NEAR = Fraction(2, 3)  # two standard deviations of three


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines of a chart at one figure. Judge by them as they are, and draw them within what is possible."""

    lower: Decimal
    near_lower: Decimal
    centre: Decimal
    near_upper: Decimal
    upper: Decimal

    def drawn(self, lowest: Decimal | None, highest: Decimal | None) -> "Limits":
        """The lines kept within what is possible, for a picture only."""
        lines = [self.lower, self.near_lower, self.centre, self.near_upper, self.upper]
        if lowest is not None:
            lines = [max(line, lowest) for line in lines]
        if highest is not None:
            lines = [min(line, highest) for line in lines]
        return Limits(*lines)


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a figure lies: its side of the centre (1, 0 or -1), outside the limits, or near one of them from within."""

    limits: Limits
    side: int
    outside: bool
    near: bool


def xmr(figures: Sequence[Fraction | None], base: int, screened: bool) -> list[Reading | None] | None:
    """Read each figure against limits drawn from the first `base` of them; None where they do not vary.

    A missing figure takes both its moving ranges with it. With `screened`, moving ranges of 3.267 times their mean
    and more are left out, once; the centre is the mean of all figures in either case.
    """
    scale = lcm(*(figure.denominator for figure in figures if figure is not None))
    whole = [None if figure is None else int(figure * scale) for figure in figures]
    present = [amount for amount in whole[:base] if amount is not None]
    ranges = [
        abs(later - earlier) for earlier, later in pairwise(whole[:base]) if earlier is not None and later is not None
    ]
    if screened:
        ranges = [size for size in ranges if size * len(ranges) < SCREEN_OF_RANGES * sum(ranges)]
    if not present or not any(ranges):
        return None
    centre = Fraction(sum(present), len(present))
    reach = LIMIT_OF_RANGES * Fraction(sum(ranges), len(ranges))
    lines = (centre - reach, centre - NEAR * reach, centre, centre + NEAR * reach, centre + reach)
    limits = Limits(*(_decimal(line / scale) for line in lines))
    # A whole number is below a line when it is below the next whole number up, and above likewise.
    low, near_low, middle_up = (ceil(line) for line in lines[:3])
    middle_down, near_high, high = (floor(line) for line in lines[2:])

    def read(amount: int) -> Reading:
        outside = amount < low or amount > high
        near = not outside and (amount < near_low or amount > near_high)
        return Reading(limits, (amount > middle_down) - (amount < middle_up), outside, near)

    return [None if amount is None else read(amount) for amount in whole]


Counted = tuple[int, Fraction]


def p(counts: Sequence[Counted | None], base: int, per: int) -> list[Reading | None] | None:
    """Read each share, a count of people out of a known number, against binomial limits of its own denominator."""
    return _of_counts(counts, base, per, lambda count, out_of: count * (out_of - count))


def u(counts: Sequence[Counted | None], base: int, per: int) -> list[Reading | None] | None:
    """Read each rate, a count of independent events for a known number, against Poisson limits of its own denominator.

    Not for days, hours or money: one person gives many, and the limits would be far too narrow.
    """
    return _of_counts(counts, base, per, lambda count, out_of: count * out_of)


def _of_counts(
    counts: Sequence[Counted | None], base: int, per: int, spread: Callable[[int, Fraction], Fraction]
) -> list[Reading | None] | None:
    """With totals X of N, and x of n: the variance is spread(X, N) / N²n, the distance squared (xN - Xn)² / N²n²."""
    present = [pair for pair in counts[:base] if pair is not None]
    total, out_of_total = sum(count for count, _ in present), sum((out_of for _, out_of in present), Fraction(0))
    variance = spread(total, out_of_total)
    if not present or not variance:
        return None
    centre, root = _decimal(Fraction(total) / out_of_total * per), _decimal(variance / out_of_total**2 * per**2).sqrt()

    def read(count: int, out_of: Fraction) -> Reading:
        apart = count * out_of_total - total * out_of
        outside = apart**2 > 9 * out_of * variance
        near = not outside and apart**2 > 4 * out_of * variance
        sigma = root / _decimal(out_of).sqrt()
        limits = Limits(centre - 3 * sigma, centre - 2 * sigma, centre, centre + 2 * sigma, centre + 3 * sigma)
        return Reading(limits, (apart > 0) - (apart < 0), outside, near)

    return [None if pair is None else read(*pair) for pair in counts]


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
