"""A chart over time with its limits, as SVG: which figures chance alone could have given, and which not.

A special cause differs from chance by the shape of its mark as well as by its colour, and the table beside the chart
says all of it in words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import svg
from .axis import plain, ticks_for
from .svg import INK, LINE, MUTED, ROW, RULE

LEFT, PLOT, TOP = 64, 210, 44
NARROWEST, WIDEST, WHOLE = 18, 76, 560
"""Room for a point, and the room that all of them share."""
LETTER, MARGIN = 7, 132
"""The width allowed for a letter, and the room for words at the end of the lines."""
MARKS = {"better": LINE, "worse": "#b3440c", "neither": "#5b3a8c", "turning": "#5b3a8c", "": MUTED}
"""Blue, orange and purple, as the NHS draws special causes; grey for common cause."""

WORDS = {
    "upper": "Upper limit", "centre": "Average", "lower": "Lower limit", "target": "Target",
    "anew": "Limits drawn anew",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One period: its figure, if any, its own limits, and the mark of a special cause (a key of `MARKS`)."""

    label: str
    amount: Decimal | None
    printed: str
    lower: Decimal | None = None
    centre: Decimal | None = None
    upper: Decimal | None = None
    mark: str = ""
    anew: bool = False  # limits are drawn anew from here


def variation_chart(
    marks: Sequence[Mark], *, title: str, description: str, unit_words: str, target: Decimal | None = None,
    key: str = "", words: Mapping[str, str] = WORDS,
) -> str:  # fmt: skip
    """Figures over time between the lines of `marks`, with a target where there is one; empty text without figures.

    `words` are those at the lines, where the lines stand for something else.
    """
    chart = _Chart(tuple(marks), unit_words, target, words)
    if not chart.amounts:
        return ""
    return svg.frame(chart.width, chart.height, title, description, chart.drawing(), key)


@dataclass(frozen=True)
class _Chart:
    """Where everything goes."""

    marks: tuple[Mark, ...]
    unit_words: str
    target: Decimal | None
    words: Mapping[str, str]

    @property
    def amounts(self) -> list[Decimal]:
        lines = [line for mark in self.marks for line in (mark.amount, mark.lower, mark.upper) if line is not None]
        return lines if any(mark.amount is not None for mark in self.marks) else []

    @property
    def slot(self) -> float:
        return min(WIDEST, max(NARROWEST, WHOLE / len(self.marks)))

    @property
    def end(self) -> float:
        return LEFT + self.slot * len(self.marks)

    @property
    def width(self) -> float:
        return self.end + MARGIN

    @property
    def bottom(self) -> int:
        return TOP + PLOT

    @property
    def every(self) -> int:
        """How many periods there are to a label, so that no two overlap; the newest always has one."""
        widest = max(len(mark.label) for mark in self.marks) * LETTER + 20
        return -(-widest // int(self.slot))

    @property
    def height(self) -> int:
        return self.bottom + ROW + 12

    @property
    def ticks(self) -> list[Decimal]:
        return ticks_for([*self.amounts, *([self.target] if self.target is not None else [])])

    def x(self, place: int) -> float:
        return LEFT + (place + 0.5) * self.slot

    def y(self, amount: Decimal) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - float((amount - low) / (high - low)) * PLOT

    def drawing(self) -> str:
        return "".join((*self._grid(), *self._lines(), *self._target(), *self._figures(), *self._periods()))

    def _grid(self) -> Iterator[str]:
        low = self.ticks[0]
        unit = self.unit_words[:1].upper() + self.unit_words[1:] or "Amount"
        unit += "" if low <= 0 else f" (axis starts at {plain(low)}, not 0)"
        yield svg.text(12, ROW, unit, fill=MUTED, wrap=80)
        for tick in self.ticks:
            yield svg.rule(LEFT, self.y(tick), self.end, self.y(tick), MUTED if tick == max(low, 0) else RULE)
            yield svg.text(LEFT - 8, self.y(tick) + 4, plain(tick), anchor="end", fill=MUTED)

    def _lines(self) -> Iterator[str]:
        """The average and both limits, each in steps, since those of counts have their own at every figure."""
        for name, dashes in (("centre", ""), ("lower", "5 4"), ("upper", "5 4")):
            for place, mark in enumerate(self.marks):
                line: Decimal | None = getattr(mark, name)
                if line is not None:
                    y = self.y(line)
                    yield svg.rule(self.x(place) - self.slot / 2, y, self.x(place) + self.slot / 2, y, MUTED, dashes)
        for place, mark in enumerate(self.marks):
            if place and mark.anew:
                x = self.x(place) - self.slot / 2
                yield svg.rule(x, TOP - 6, x, self.bottom, MUTED, dashes="2 4")
                yield svg.text(x, TOP - 10, self.words["anew"], anchor="middle", fill=MUTED)
        yield from self._ends()

    def _ends(self) -> Iterator[str]:
        """What the lines are, at their end, moved apart where they would overlap."""
        last = self.marks[-1]
        lines = {"upper": last.upper, "centre": last.centre, "lower": last.lower, "target": self.target}
        named = [(line, name) for name, line in lines.items() if line is not None]
        y = float("-inf")
        for line, name in sorted(named, reverse=True):
            y = max(self.y(line) + 4, y + ROW)
            ink, weight = (INK, "600") if name == "target" else (MUTED, "400")
            yield svg.text(self.end + 8, y, self.words[name], fill=ink, weight=weight)

    def _target(self) -> Iterator[str]:
        if self.target is not None:
            yield svg.rule(LEFT, self.y(self.target), self.end, self.y(self.target), INK, dashes="9 3 2 3")

    def _figures(self) -> Iterator[str]:
        run: list[tuple[float, float]] = []
        for place, mark in enumerate(self.marks):
            if mark.amount is None or mark.anew:
                yield from [svg.path(run, width="1.5")] if len(run) > 1 else []
                run = []
            if mark.amount is not None:
                run.append((self.x(place), self.y(mark.amount)))
        yield from [svg.path(run, width="1.5")] if len(run) > 1 else []
        for place, mark in enumerate(self.marks):
            if mark.amount is not None:
                yield _shape(mark.mark, self.x(place), self.y(mark.amount))
        for place in self._worded():
            mark = self.marks[place]
            if mark.amount is not None:
                yield svg.text(
                    self.x(place), self.y(mark.amount) - 10, mark.printed, anchor="middle", fill=INK, weight="600",
                    rise=True, halo=True,
                )  # fmt: skip

    def _worded(self) -> list[int]:
        """Where figures are written: at the newest, and at those that stand out as far as there is room."""
        there = [place for place, mark in enumerate(self.marks) if mark.amount is not None]
        found = [there[-1]]
        for place in reversed(there[:-1]):
            room = (found[-1] - place) * self.slot
            if self.marks[place].mark and room > LETTER * len(self.marks[place].printed) + 12:
                found.append(place)
        return found

    def _periods(self) -> Iterator[str]:
        last = len(self.marks) - 1
        for place, mark in enumerate(self.marks):
            if (last - place) % self.every == 0:
                yield svg.text(self.x(place), self.bottom + ROW + 4, mark.label, anchor="middle", fill=INK, wrap=80)


def _shape(mark: str, x: float, y: float) -> str:
    """A disc for chance, a diamond for better, a square for worse, a triangle for neither."""
    ink = MARKS[mark]
    if mark == "better":
        return f'<path d="M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z" fill="{ink}"/>'
    if mark == "worse":
        return f'<rect x="{x - 5.5:.1f}" y="{y - 5.5:.1f}" width="11" height="11" fill="{ink}"/>'
    if mark:
        return f'<path d="M{x:.1f} {y - 7:.1f}l7 12h-14z" fill="{ink}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{ink}"/>'
