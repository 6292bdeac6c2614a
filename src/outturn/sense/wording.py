"""How findings put things: lists, numbers of things, and changes, each rounded once."""

from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction

from ..terms.value import Notation

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def listed(things: Iterable[str]) -> str:
    """A, B and C."""
    *most, last = list(dict.fromkeys(things)) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def counted(number: int, one: str, several: str = "") -> str:
    """Three indicators; 12 indicators; one indicator."""
    word = WORDS[number] if 0 <= number < len(WORDS) else f"{number:,}"
    return f"{word} {one if number == 1 else several or one + 's'}"


def sentence(words: str) -> str:
    """The words with their first letter large."""
    return words[:1].upper() + words[1:]


def rounded(amount: Fraction | Decimal, places: int = 0) -> str:
    """Half away from zero, with commas: 37,037 or 702.0."""
    with localcontext(prec=60):  # a product of the largest figures that are read has half as many digits
        exact = amount if isinstance(amount, Decimal) else Decimal(amount.numerator) / Decimal(amount.denominator)
        return Notation(decimals=places, grouped=True).write(exact)


def change(before: Fraction, after: Fraction) -> Fraction | None:
    """How much of what it was a figure rose, below nought where it fell; None where that means nothing."""
    if not before or (before < 0) != (after < 0):
        return None
    return (after - before) / abs(before)


def in_per_cent(share: Fraction) -> str:
    """A change as +1.0% or −62%: a decimal below ten per cent, none above, and +1,000% or more at most."""
    size = abs(share) * 100
    if size >= 1000:
        return f"{'−' if share < 0 else '+'}1,000% or more"
    return f"{'−' if share < 0 else '+'}{rounded(size, 1 if size < 10 else 0)}%"
