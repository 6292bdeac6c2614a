"""Control limits: where figures lie while nothing but chance moves them, and which figures lie outside.

The XmR chart is that of NHS "Making Data Count" as NHSRplotthedots 0.2.2 works it out. Figures and lines are compared
before any division: a figure that lies exactly on a line is on it, whatever a float would make of the line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

LIMIT_OF_RANGES = Decimal("2.66")  # 3 / 1.128: three standard deviations, from the mean moving range of pairs
SCREEN_OF_RANGES = Decimal("3.267")  # the upper limit of moving ranges of pairs
EXACT = Context(prec=100)
"""Digits enough for sums and products of figures of up to 45 digits."""
ROUNDED = Context(prec=28)


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


def xmr(figures: Sequence[Decimal | None], base: int, screened: bool) -> list[Reading | None] | None:
    """Read each figure against limits drawn from the first `base` of them; None where they do not vary.

    A missing figure takes both its moving ranges with it. With `screened`, moving ranges of 3.267 times their mean
    and more are left out, once; the centre is the mean of all figures in either case.
    """
    with localcontext(EXACT):
        first = figures[:base]
        present = [amount for amount in first if amount is not None]
        ranges = [
            abs(later - earlier) for earlier, later in pairwise(first) if earlier is not None and later is not None
        ]
        if screened:
            mean = sum(ranges) * SCREEN_OF_RANGES
            ranges = [size for size in ranges if size * len(ranges) < mean]
        if not present or not any(ranges):
            return None
        # All lines are multiplied by `unit`, so that nothing has been divided when figures are compared with them.
        unit = 3 * len(present) * len(ranges)
        centre, third = 3 * len(ranges) * sum(present), LIMIT_OF_RANGES * len(present) * sum(ranges)
        lines = [centre + step * third for step in (-3, -2, 0, 2, 3)]
        limits = Limits(*(ROUNDED.divide(line, unit) for line in lines))
        low, near_low, _, near_high, high = lines

        def read(amount: Decimal) -> Reading:
            at = amount * unit
            outside = at < low or at > high
            near = not outside and (at < near_low or at > near_high)
            return Reading(limits, (at > centre) - (at < centre), outside, near)

        return [None if amount is None else read(amount) for amount in figures]


Counted = tuple[int, int | Fraction]
"""A count, and what it is out of: a whole number where it is one, because that is quicker."""


def p(counts: Sequence[Counted | None], base: int, per: int) -> list[Reading | None] | None:
    """Read each share, a count of people out of a known number, against binomial limits of its own denominator."""
    return _of_counts(counts, base, per, lambda count, out_of: count * (out_of - count))


def u(counts: Sequence[Counted | None], base: int, per: int) -> list[Reading | None] | None:
    """Read each rate, a count of independent events for a known number, against Poisson limits of its own denominator.

    Not for days, hours or money: one person gives many, and the limits would be far too narrow.
    """
    return _of_counts(counts, base, per, lambda count, out_of: count * out_of)


def _of_counts(
    counts: Sequence[Counted | None], base: int, per: int, spread: Callable[[int, int | Fraction], int | Fraction]
) -> list[Reading | None] | None:
    """With totals X of N, and x of n: the variance is spread(X, N) / N²n, the distance squared (xN - Xn)² / N²n²."""
    present = [pair for pair in counts[:base] if pair is not None]
    total, out_of_total = sum(count for count, _ in present), sum(out_of for _, out_of in present)
    variance = spread(total, out_of_total)
    if not present or not variance:
        return None
    centre, root = share(total, out_of_total, per), per * _decimal(variance).sqrt() / _decimal(out_of_total)

    def read(count: int, out_of: int | Fraction) -> Reading:
        apart = count * out_of_total - total * out_of
        outside = apart**2 > 9 * out_of * variance
        near = not outside and apart**2 > 4 * out_of * variance
        sigma = root / _decimal(out_of).sqrt()
        limits = Limits(centre - 3 * sigma, centre - 2 * sigma, centre, centre + 2 * sigma, centre + 3 * sigma)
        return Reading(limits, (apart > 0) - (apart < 0), outside, near)

    return [None if pair is None else read(*pair) for pair in counts]


def share(count: int, out_of: int | Fraction, per: int) -> Decimal:
    """As many in `per` as there are in `out_of`."""
    return ROUNDED.divide(per * count * out_of.denominator, out_of.numerator)


def _decimal(amount: int | Fraction) -> Decimal:
    return Decimal(amount.numerator) / amount.denominator
