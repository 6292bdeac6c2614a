"""Charts as SVG text: a trend, a sparkline and a bar of statuses, each with words for those who cannot see it.

A figure is always labelled as it was printed; an absence keeps its token and is never drawn as nought.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import svg
from .axis import plain, ticks_for
from .svg import INK, LINE, MUTED, ROW, RULE

NO_FIGURES = "No figures yet"

SLOT, LETTER = 76, 7
"""Narrowest room for one point, and the width allowed for a letter."""
LEFT, RIGHT, PLOT = 64, 24, 190
MARGIN_WRAP = 16
"""Letters in a row of words at the end of the target line."""


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a series, or a target. `amount` is None where there is no figure; `printed` then says why."""

    label: str
    amount: Decimal | None
    printed: str


# --- the trend


def trend(
    points: Sequence[Point],
    *,
    title: str,
    description: str,
    unit_words: str,
    target: Point | None = None,
    breaks: Sequence[str] = (),
    key: str = "",
) -> str:
    """A line of figures over time.

    `breaks` are the labels of points that cannot be compared with those before them. Give a `key` where the very same
    chart stands twice on one page, so that their ids differ.
    """
    chart = _Trend(tuple(points), unit_words, target, frozenset(breaks))
    return svg.frame(chart.width, chart.height, title, description, chart.drawing(), key)


@dataclass(frozen=True)
class _Trend:
    """Where everything goes. One instance draws one chart."""

    points: tuple[Point, ...]
    unit_words: str
    target: Point | None
    breaks: frozenset[str]

    @property
    def figures(self) -> list[Decimal]:
        return [point.amount for point in self.points if point.amount is not None]

    @property
    def slot(self) -> int:
        """Room for one point: the widest label or figure, so that no two ever overlap."""
        rows = [row for point in self.points for row in svg.rows(point.label) + svg.rows(point.printed)]
        return max([SLOT, *(len(row) * LETTER + 10 for row in rows)])

    @property
    def plot_width(self) -> int:
        return max(480, self.slot * len(self.points))

    @property
    def width(self) -> int:
        return LEFT + self.plot_width + self.right

    @property
    def top(self) -> int:
        """Room above the plot for the axis label, the words on a break, and the tallest figure."""
        return 2 * ROW + 14 + ROW * svg.most_rows(point.printed for point in self.points)

    @property
    def bottom(self) -> int:
        return self.top + PLOT

    @property
    def height(self) -> int:
        return self.bottom + 12 + ROW * svg.most_rows(point.label for point in self.points)

    @property
    def ticks(self) -> list[Decimal]:
        nought = [Decimal(0)] if len(self.points) == 1 else []
        return ticks_for([*self.figures, *self._target_amounts, *nought])

    @property
    def _target_amounts(self) -> list[Decimal]:
        return [] if self.target is None or self.target.amount is None else [self.target.amount]

    @property
    def target_words(self) -> str:
        return f"{self.target.label} {self.target.printed}".strip() if self.target else ""

    @property
    def right(self) -> int:
        """Room at the end of the target line for its words."""
        return max(RIGHT, 14 + LETTER * max(map(len, svg.rows(self.target_words, MARGIN_WRAP))))

    @property
    def axis_words(self) -> str:
        """The unit, and a warning wherever the axis does not start at nought."""
        unit = self.unit_words[:1].upper() + self.unit_words[1:] or "Amount"
        low = self.ticks[0]
        return unit if low <= 0 else f"{unit} (axis starts at {plain(low)}, not 0)"

    def x(self, index: int) -> float:
        return LEFT + (index + 0.5) * self.plot_width / len(self.points)

    def y(self, amount: Decimal) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - float((amount - low) / (high - low)) * PLOT

    def drawing(self) -> str:
        plot = self._plot() if self.figures else self._nothing()
        return "".join((*plot, *self._periods(), *self._marks()))

    def _plot(self) -> Iterator[str]:
        yield from (*self._grid(), *self._breaks(), *self._target(), *self._bar(), *self._line())

    def _nothing(self) -> Iterator[str]:
        """An empty plot that says so; each period still gives its reason."""
        yield svg.text(LEFT + self.plot_width / 2, self.top + PLOT / 2, NO_FIGURES, anchor="middle", fill=MUTED)
        yield svg.rule(LEFT, self.bottom, LEFT + self.plot_width, self.bottom, MUTED)

    def _grid(self) -> Iterator[str]:
        yield svg.text(12, ROW, self.axis_words, fill=MUTED, wrap=80)
        for tick in self.ticks:
            y = self.y(tick)
            yield svg.rule(LEFT, y, LEFT + self.plot_width, y, MUTED if tick == max(self.ticks[0], 0) else RULE)
            yield svg.text(LEFT - 8, y + 4, plain(tick), anchor="end", fill=MUTED)

    def _breaks(self) -> Iterator[str]:
        for index, point in enumerate(self.points):
            if index and point.label in self.breaks:
                x = (self.x(index - 1) + self.x(index)) / 2
                yield svg.rule(x, 2 * ROW + 4, x, self.bottom, MUTED, dashes="2 4")
                yield svg.text(x, 2 * ROW, "Not comparable with before", anchor="middle", fill=MUTED)

    def _target(self) -> Iterator[str]:
        for amount in self._target_amounts:
            y, end = self.y(amount), LEFT + self.plot_width
            yield svg.rule(LEFT, y, end, y, INK, dashes="7 4")
            yield svg.text(end + 8, y + 4, self.target_words, fill=INK, wrap=MARGIN_WRAP)

    def _periods(self) -> Iterator[str]:
        for index, point in enumerate(self.points):
            yield svg.text(self.x(index), self.bottom + ROW + 4, point.label, anchor="middle", fill=INK)

    def _line(self) -> Iterator[str]:
        for run in self._runs():
            if len(run) > 1:
                yield svg.path([(self.x(index), self._height_of(index)) for index in run], width="2.5")

    def _runs(self) -> list[list[int]]:
        return _runs([point.amount for point in self.points], self._starts)

    @property
    def _starts(self) -> set[int]:
        return {index for index, point in enumerate(self.points) if point.label in self.breaks}

    def _height_of(self, index: int) -> float:
        amount = self.points[index].amount
        return self.bottom if amount is None else self.y(amount)

    def _marks(self) -> Iterator[str]:
        for index, point in enumerate(self.points):
            if point.amount is None:
                yield svg.text(self.x(index), self.bottom - 8, point.printed, anchor="middle", fill=MUTED, rise=True)
            else:
                yield svg.dot(self.x(index), self.y(point.amount), 4)
                yield self._figure(index, point)

    def _bar(self) -> Iterator[str]:
        """One figure is no trend: a bar from nought says how much, and claims no direction."""
        if len(self.points) > 1:
            return
        top, floor = sorted((self._height_of(0), self.y(Decimal(0))))
        yield (
            f'<rect x="{self.x(0) - 22:.1f}" y="{top:.1f}" width="44" height="{floor - top:.1f}" '
            f'fill="{LINE}" fill-opacity="0.25"/>'
        )

    def _figure(self, index: int, point: Point) -> str:
        """Above the mark, or below it at the foot of a dip, where the line would cross the words."""
        y = self._height_of(index)
        rows = len(svg.rows(point.printed))
        below = self._is_dip(index) and y + 8 + ROW * rows < self.bottom
        return svg.text(
            self.x(index), y + ROW + 4 if below else y - 9, point.printed,
            anchor="middle", fill=INK, weight="600", rise=not below, halo=True,
        )  # fmt: skip

    def _is_dip(self, index: int) -> bool:
        run = next(run for run in self._runs() if index in run)
        beside = [self.points[other].amount for other in (index - 1, index + 1) if other in run]
        here = self.points[index].amount
        return bool(beside) and all(amount is not None and here is not None and amount > here for amount in beside)


def _runs(amounts: Sequence[Decimal | None], starts: set[int]) -> list[list[int]]:
    """Stretches that may be joined: a gap ends one, and so does a break."""
    runs: list[list[int]] = [[]]
    for index, amount in enumerate(amounts):
        if amount is None or index in starts:
            runs.append([])
        if amount is not None:
            runs[-1].append(index)
    return [run for run in runs if run]


# --- the sparkline

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 24, 4


def sparkline(points: Sequence[Point], *, breaks: Sequence[str] = ()) -> str:
    """A wordless line for a table that already shows the figures; empty text where there are none."""
    amounts = [point.amount for point in points]
    figures = [amount for amount in amounts if amount is not None]
    if not figures:
        return ""
    places = {index: (_spark_x(index, len(amounts)), _spark_y(amount, figures))
              for index, amount in enumerate(amounts) if amount is not None}  # fmt: skip
    runs = _runs(amounts, {index for index, point in enumerate(points) if point.label in breaks})
    lines = [svg.path([places[index] for index in run], width="1.5") for run in runs if len(run) > 1]
    alone = {run[0] for run in runs if len(run) == 1} | {max(places)}
    dots = [svg.dot(*places[index], 2.5) for index in sorted(alone)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sparkline" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" '
        f'width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" aria-hidden="true" focusable="false">'
        f"{''.join(lines + dots)}</svg>"
    )


def _spark_x(index: int, count: int) -> float:
    return SPARK_EDGE + (index + 0.5) * (SPARK_WIDTH - 2 * SPARK_EDGE) / count


def _spark_y(amount: Decimal, figures: Sequence[Decimal]) -> float:
    low, high = min(figures), max(figures)
    share = float((amount - low) / (high - low)) if high > low else 0.5
    return SPARK_HEIGHT - SPARK_EDGE - share * (SPARK_HEIGHT - 2 * SPARK_EDGE)


# --- the bar of statuses

STATUSES = {
    "Red": ("#f3c6c2", "#8c1c13", "M0 8 8 0"),
    "Amber": ("#fbe3b5", "#704a00", "M2 4h4"),
    "Green": ("#cfe8d8", "#1b5e34", ""),
    "No status": ("#ffffff", "#55616d", ""),
}
"""Tint, ink and the stroke of the pattern laid over the tint. Plain green and plain white differ by their shape."""
NO_STATUSES = "No statuses yet"
BAR_WIDTH, BAR_HEIGHT, LEGEND = 640, 22, 140


def status_bar(counts: Mapping[str, int], *, title: str = "Statuses", key: str = "") -> str:
    """How many are Red, Amber, Green or neither. Anything else counted (such as "") has no status."""
    shown = tally(counts)
    total = sum(shown.values())
    prefix = svg.identity("bar", title, repr(shown), key)
    body = _stack(shown, total, prefix) if total else svg.text(0, 16, NO_STATUSES, fill=MUTED)
    return svg.frame(BAR_WIDTH, BAR_HEIGHT + 30, title, status_words(counts), body, key)


def tally(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts in the order they are shown, with every other word counted as having no status."""
    shown = {word: counts.get(word, 0) for word in STATUSES}
    shown["No status"] += sum(count for word, count in counts.items() if word not in STATUSES)
    return shown


def status_words(counts: Mapping[str, int]) -> str:
    """2 Red, 4 Amber, 9 Green, 1 with no status."""
    if not any(counts.values()):
        return f"{NO_STATUSES}."
    words = [f"{count} {'with no status' if word == 'No status' else word}" for word, count in tally(counts).items()]
    return ", ".join(words) + "."


def _patterns(prefix: str) -> str:
    return "<defs>" + "".join(
        f'<pattern id="{prefix}-{word}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{tint}"/><path d="{stroke}" stroke="{ink}" stroke-width="1" fill="none"/>'
        "</pattern>"
        for word, (tint, ink, stroke) in STATUSES.items() if stroke
    ) + "</defs>"  # fmt: skip


def _stack(shown: Mapping[str, int], total: int, prefix: str) -> str:
    parts, x = [_patterns(prefix)], 0.5
    for word, count in shown.items():
        tint, ink, stroke = STATUSES[word]
        width = (BAR_WIDTH - 1) * count / total
        fill = f"url(#{prefix}-{word})" if stroke else tint
        if count:
            parts.append(
                f'<rect x="{x:.1f}" y="0.5" width="{width:.1f}" height="{BAR_HEIGHT}" fill="{fill}" stroke="{ink}"/>'
            )
        x += width
    return "".join((*parts, *(_legend(place, word, shown[word]) for place, word in enumerate(shown))))


def _legend(place: int, word: str, count: int) -> str:
    x, y = place * LEGEND + 7, BAR_HEIGHT + 19
    return status_shape(word, x, y) + svg.text(x + 13, y + 5, f"{count} {word}", fill=INK, weight="600")


def status_shape(word: str, x: float, y: float) -> str:
    """Diamond, triangle, disc or ring around a centre: the shape tells the status where the colour cannot."""
    _, ink, _ = STATUSES[word]
    if word == "Red":
        return f'<path d="M{x} {y - 7}l7 7-7 7-7-7z" fill="{ink}"/>'
    if word == "Amber":
        return f'<path d="M{x} {y - 6}l7 12h-14z" fill="{ink}"/>'
    fill = ink if word == "Green" else "none"
    return f'<circle cx="{x}" cy="{y}" r="5.5" fill="{fill}" stroke="{ink}" stroke-width="1.5"/>'


# --- words


def describe(
    points: Sequence[Point], target: Point | None = None, *, unit_words: str = "", breaks: Sequence[str] = ()
) -> str:
    """The text alternative of a trend, made from its numbers: the gist, every figure, the gaps, the target."""
    figures = [point for point in points if point.amount is not None]
    comparable = not any(point.label in breaks for point in points[1:])
    sentences = [
        _gist(figures, unit_words, comparable),
        _every(figures) if len(figures) > 2 or not comparable else "",
        *(f"No figure for {point.label} ({point.printed})." for point in points if point.amount is None),
        *(f"Figures from {point.label} cannot be compared with those before." for point in points[1:]
          if point.label in breaks),
        _against(figures, target),
    ]  # fmt: skip
    return " ".join(sentence for sentence in sentences if sentence)


def _gist(figures: Sequence[Point], unit_words: str, comparable: bool) -> str:
    unit = f" ({unit_words})" if unit_words else ""
    if not figures:
        return f"{NO_FIGURES}."
    if len(figures) == 1:
        return f"One figure{unit}: {figures[0].printed} in {figures[0].label}."
    if not comparable:
        return f"{len(figures)} figures{unit}, not all comparable."
    first, last = figures[0], figures[-1]
    return f"{len(figures)} figures{unit}, from {first.printed} in {first.label} to {last.printed} in {last.label}."


def _every(figures: Sequence[Point]) -> str:
    return "; ".join(f"{point.label}: {point.printed}" for point in figures) + "." if figures else ""


def _against(figures: Sequence[Point], target: Point | None) -> str:
    """Where the latest figure stands, in words that judge nothing: above may be good or bad."""
    if target is None:
        return ""
    named = f"{target.label or 'Target'} {target.printed}".strip()
    if not figures or target.amount is None or figures[-1].amount is None:
        return f"{named}."
    latest = figures[-1].amount
    side = "equal to it" if latest == target.amount else "above it" if latest > target.amount else "below it"
    return f"{named}; the latest figure is {side}."
