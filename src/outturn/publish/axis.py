"""The axis of a chart: round steps, and numbers as a reader writes them."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal


def ticks_for(amounts: Sequence[Decimal]) -> list[Decimal]:
    """Round steps that hold every amount: from nought, unless that would flatten the line."""
    low, high = min(amounts), max(amounts)
    flattens = _would_flatten(low, high)
    if not flattens:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = low + 1
    step = _round_step((high - low) / 4)
    if flattens and low > 0:
        low -= step / 2  # room for words under the lowest mark
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * number for number in range(int(first), int(last) + 1)]


def _would_flatten(low: Decimal, high: Decimal) -> bool:
    """Whether the figures differ, but by so little that from nought they would look level."""
    return 0 < high - low < abs(high if low > 0 else low) / 5 and low * high > 0


def _round_step(rough: Decimal) -> Decimal:
    """The next of 1, 2, 5 or 10 times a power of ten."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough)


def plain(amount: Decimal) -> str:
    """1,500 and 0.25, with a true minus sign."""
    words = f"{amount:,f}"
    if "." in words:
        words = words.rstrip("0").rstrip(".")
    return words.replace("-", "−")
