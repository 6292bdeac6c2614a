"""A strip of dots as SVG: one figure of every area on a line, this one marked, England and others as upright lines.

The marked area differs by shape and words, not by colour alone; who a dot is stands in the table beside the chart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property

from . import svg
from .axis import plain, ticks_for
from .svg import INK, LINE, MUTED, ROW, RULE

LEFT, WIDTH, RIGHT = 36, 600, 36
RADIUS, STEP = 5, 11
"""Of a dot, and from one dot to the one above it."""
LETTER = 7
"""The width allowed for a letter."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An area and its figure; `is_near` marks those of a group the council compares itself with."""

    name: str
    amount: Decimal
    printed: str
    is_near: bool = False


def strip(
    dots: Sequence[Dot], *, own: Dot | None = None, lines: Sequence[Dot] = (), title: str, unit_words: str,
    better: str = "", key: str = "",
) -> str:  # fmt: skip
    """Areas along an axis, those of equal height on top of each other; empty text without any.

    `better` says which end is better: `higher`, `lower`, or nothing.
    """
    if not dots:
        return ""
    chart = _Strip(tuple(dots), own, tuple(lines), unit_words, better)
    words = describe(dots, own=own, lines=lines, unit_words=unit_words)
    return svg.frame(LEFT + WIDTH + RIGHT, chart.height, title, words, chart.drawing(), key)


def describe(dots: Sequence[Dot], *, own: Dot | None = None, lines: Sequence[Dot] = (), unit_words: str = "") -> str:
    """The chart in words, made from its numbers."""
    if not dots:
        return ""
    ordered = sorted(dots, key=lambda dot: dot.amount)
    first, last, halfway = ordered[0], ordered[-1], ordered[(len(ordered) - 1) // 2]
    unit = f" ({unit_words})" if unit_words else ""
    said = [
        f"One figure{unit}: {first.name} {first.printed}." if len(ordered) == 1 else
        f"{len(ordered)} areas{unit}, from {first.name} with {first.printed} to {last.name} with {last.printed}; "
        f"half of them have {halfway.printed} or less."
    ]  # fmt: skip
    if own:
        below, above = (sum(sign * (dot.amount - own.amount) > 0 for dot in dots) for sign in (-1, 1))
        said.append(f"{own.name} has {own.printed}: {below} are below it and {above} above.")
    said += [f"{line.name} has {line.printed}." for line in lines]
    return " ".join(said)


@dataclass(frozen=True)
class _Strip:
    dots: tuple[Dot, ...]
    own: Dot | None
    lines: tuple[Dot, ...]
    unit_words: str
    better: str

    @cached_property
    def ticks(self) -> list[Decimal]:
        """Round steps around the figures, not from nought: no length is read off here."""
        amounts = [dot.amount for dot in (*self.dots, *self.lines, *([self.own] if self.own else []))]
        first, second, *_ = ticks_for([Decimal(0), max(amounts) - min(amounts)])
        step = second - first
        low = (min(amounts) / step).to_integral_value(ROUND_FLOOR)
        high = max((max(amounts) / step).to_integral_value(ROUND_CEILING), low + 1)
        return [step * number for number in range(int(low), int(high) + 1)]

    @cached_property
    def places(self) -> list[tuple[Dot, int]]:
        """Each dot with how many it stands above: in the lowest row where it covers no other."""
        ends: list[float] = []
        found = []
        for dot in sorted(self.dots, key=lambda one: one.amount):
            x = self.x(dot.amount)
            row = next((row for row, end in enumerate(ends) if x >= end), len(ends))
            ends[row : row + 1] = [x + 2 * RADIUS]
            found.append((dot, row))
        return found

    @property
    def top(self) -> int:
        """Below the words on the upright lines, a row for each, and the name of the marked area."""
        return ROW * (len(self.lines) + 1) + 26

    @cached_property
    def axis(self) -> int:
        return self.top + 24 + STEP * (1 + max(row for _, row in self.places))

    @property
    def height(self) -> int:
        return self.axis + 3 * ROW + 6

    def x(self, amount: Decimal) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return LEFT + float((amount - low) / (high - low)) * WIDTH

    def drawing(self) -> str:
        return "".join((*self._scale(), *self._uprights(), *self._dots(), *self._marked()))

    def _scale(self) -> Iterator[str]:
        yield svg.rule(LEFT, self.axis, LEFT + WIDTH, self.axis, MUTED)
        for tick in self.ticks:
            yield svg.rule(self.x(tick), self.axis, self.x(tick), self.axis + 5, RULE)
            yield svg.text(self.x(tick), self.axis + ROW + 4, plain(tick), anchor="middle", fill=MUTED)
        foot = self.axis + 2 * ROW + 10
        unit = self.unit_words[:1].upper() + self.unit_words[1:] or "Amount"
        yield svg.text(LEFT + WIDTH / 2, foot, unit, anchor="middle", fill=MUTED, wrap=60)
        if self.better == "higher":
            yield svg.text(LEFT + WIDTH, foot, "better →", anchor="end", fill=MUTED)
        elif self.better == "lower":
            yield svg.text(LEFT, foot, "← better", fill=MUTED)

    def _uprights(self) -> Iterator[str]:
        for number, line in enumerate(self.lines):
            x, y = self.x(line.amount), ROW * (number + 1)
            words = f"{line.name} {line.printed}"
            yield svg.rule(x, y + 4, x, self.axis, INK, dashes="6 4" if number == 0 else "2 4")
            yield svg.text(x, y, words, anchor=_anchor(x, words), fill=INK, halo=True, wrap=80)

    def _dots(self) -> Iterator[str]:
        for dot, row in self.places:
            fill = MUTED if dot.is_near else "#fff"
            x, y = self.x(dot.amount), self.axis - 10 - STEP * row
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}" fill="{fill}" stroke="{MUTED}"/>'

    def _marked(self) -> Iterator[str]:
        if self.own is None:
            return
        x, y = self.x(self.own.amount), self.top + 8
        words = f"{self.own.name} {self.own.printed}"
        corners = f"{x:.1f},{y - 9:.1f} {x + 9:.1f},{y:.1f} {x:.1f},{y + 9:.1f} {x - 9:.1f},{y:.1f}"
        yield svg.rule(x, y, x, self.axis, LINE)
        yield f'<polygon points="{corners}" fill="{LINE}"/>'
        yield svg.text(x, y - 14, words, anchor=_anchor(x, words), fill=LINE, weight="600", halo=True, wrap=80)


def _anchor(x: float, words: str) -> str:
    half = len(words) * LETTER / 2
    return "start" if x - half < 0 else "end" if x + half > LEFT + WIDTH + RIGHT else "middle"
