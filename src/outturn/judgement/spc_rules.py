"""The NHS rules for special causes: which figures chance alone would hardly give.

They are symmetrical: upside down, high becomes low; backwards, a rise becomes a fall; nothing else changes. So the
figure on which a rise turns into a fall belongs to both. A missing figure makes no signal and ends every run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from .spc_limits import Reading

SHIFT = 7  # figures running on one side of the centre
TREND = 7  # figures running that rise or fall, each from the last
WINDOW = 3  # of so many figures running on one side ...
NEAR_IN_WINDOW = 2  # ... so many near the limit


class Rule(StrEnum):
    """In order of precedence: the first that holds names the signal."""

    OUTSIDE = "a figure outside the limits"
    TREND = f"{TREND} figures running, each higher or each lower than the last"
    TWO_OF_THREE = f"{NEAR_IN_WINDOW} of {WINDOW} figures running near one limit"
    SHIFT = f"{SHIFT} figures running on one side of the average"


PRECEDENCE = {rule: place for place, rule in enumerate(Rule)}


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that a figure is part of, whether on the high side or rising, and the stretch that made it so."""

    rule: Rule
    high: bool
    first: int
    last: int


def signals(figures: Sequence[Decimal | None], readings: Sequence[Reading | None]) -> list[tuple[Signal, ...]]:
    """What each figure is part of, in order of precedence, within one stretch between rebases."""
    found: list[list[Signal]] = [[] for _ in figures]
    for place, reading in enumerate(readings):
        if reading and reading.outside:
            found[place].append(Signal(Rule.OUTSIDE, reading.side > 0, place, place))
    for first, last, sign in _runs(_steps(figures), TREND - 1):
        for place in range(first, last + 2):
            found[place].append(Signal(Rule.TREND, sign > 0, first, last + 1))
    for signal, places in _near(readings):
        for place in places:
            found[place].append(signal)
    for first, last, side in _runs([reading.side if reading else 0 for reading in readings], SHIFT):
        for place in range(first, last + 1):
            found[place].append(Signal(Rule.SHIFT, side > 0, first, last))
    return [tuple(one) for one in found]


def leading(of_figure: Sequence[Signal]) -> tuple[Signal, ...]:
    """The signals of the first rule that holds: one, or at a turning point two."""
    return tuple(signal for signal in of_figure if signal.rule is of_figure[0].rule)


def _steps(figures: Sequence[Decimal | None]) -> list[int]:
    """Up, down or neither, from each figure to the next; a missing figure and a tie are neither."""
    return [
        0 if before is None or after is None else (after > before) - (after < before)
        for before, after in pairwise(figures)
    ]


def _runs(signs: Sequence[int], fewest: int) -> Iterator[tuple[int, int, int]]:
    """First and last place, and the sign, of each unbroken run of one sign."""
    for sign, run in groupby(range(len(signs)), key=lambda place: signs[place]):
        places = list(run)
        if sign and len(places) >= fewest:
            yield places[0], places[-1], sign


def _near(readings: Sequence[Reading | None]) -> Iterator[tuple[Signal, list[int]]]:
    """The near figures of each window, joined with those of the windows that share one of them."""
    joined: dict[int, tuple[int, int, int]] = {}
    for start in range(len(readings) - WINDOW + 1):
        window = range(start, start + WINDOW)
        near = [place for place in window if (reading := readings[place]) and reading.near]
        sides = {reading.side if (reading := readings[place]) else 0 for place in window}
        if len(near) >= NEAR_IN_WINDOW and len(sides) == 1:
            (side,) = sides
            for place in near:
                first = joined[place][0] if place in joined else start
                joined[place] = (first, window[-1], side)
    for place, (first, last, side) in joined.items():
        yield Signal(Rule.TWO_OF_THREE, side > 0, first, last), [place]
