"""A timeline as SVG: a lane for each promise, with what is done, late and planned told apart by shape and by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from ..terms.period import Period
from . import svg
from .svg import INK, LINE, MUTED, ROW, RULE

LEFT, WIDE, LANE, TOP, LEGEND = 96, 640, 34, 48, 30
RIGHT = 96  # for the word at a mark
NEAR = 11  # marks closer than this would hide each other
LATE = "#b3440c"


class Mark(Enum):
    """How a promise stands. The word is printed in the key."""

    DONE = "done"
    LATE = "late"
    PLANNED = "planned"
    REVIEW = "next review"


@dataclass(frozen=True, slots=True)
class Moment:
    """A promise for a day, and the day it was for at first where that was another."""

    day: date
    mark: Mark
    original: date | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A row: its label, what is promised, and the day on which all of it ends, if it does."""

    label: str
    moments: tuple[Moment, ...]
    end: date | None = None


def timeline(
    lanes: Sequence[Lane], *, start: date, end: date, today: date, title: str, description: str, key: str = ""
) -> str:
    """Lanes between two days, with a line for today where it is among them; empty text without anything to draw."""
    drawn = _Timeline(tuple(lanes), start, end, today)
    if not any(lane.moments or lane.end for lane in lanes):
        return ""
    return svg.frame(LEFT + WIDE + RIGHT, drawn.bottom + LEGEND, title, description, drawn.drawing(), key)


@dataclass(frozen=True)
class _Timeline:
    """Where everything goes."""

    lanes: tuple[Lane, ...]
    start: date
    end: date
    today: date

    @property
    def bottom(self) -> int:
        return TOP + LANE * len(self.lanes)

    def x(self, day: date) -> float:
        """Days before the beginning and after the end stand at the edge."""
        kept = min(max(day, self.start), self.end)
        return LEFT + WIDE * (kept - self.start).days / max((self.end - self.start).days, 1)

    def drawing(self) -> str:
        return "".join((*self._months(), *self._lanes(), *self._today(), *self._key()))

    def _months(self) -> Iterator[str]:
        quarter = Period.quarter(Period.snapshot(self.start).first_year, 1)
        while quarter.end < self.start:
            quarter = quarter.next()
        while quarter.start <= self.end:
            x = self.x(quarter.start)
            yield svg.rule(x, TOP - 6, x, self.bottom, RULE)
            yield svg.text(x + 3, TOP - 12, f"{quarter.start:%b %Y}", fill=MUTED)
            quarter = quarter.next()
        yield svg.rule(LEFT + WIDE, TOP - 6, LEFT + WIDE, self.bottom, RULE)

    def _lanes(self) -> Iterator[str]:
        for place, lane in enumerate(self.lanes):
            y = TOP + LANE * (place + 0.5)
            yield svg.rule(LEFT, y, LEFT + WIDE, y, RULE)
            yield svg.text(LEFT - 10, y + 4, lane.label, anchor="end", fill=INK)
            if lane.end:
                yield svg.rule(self.x(self.start), y, self.x(lane.end), y, LINE)
                yield svg.rule(self.x(lane.end), y - 9, self.x(lane.end), y + 9, LINE)
            yield from self._moments(lane, y)

    def _moments(self, lane: Lane, y: float) -> Iterator[str]:
        last = float("-inf")
        for moment in sorted(lane.moments, key=lambda each: each.day):
            x = last = max(self.x(moment.day), last + NEAR)
            if moment.original and moment.original != moment.day:
                yield svg.rule(self.x(moment.original), y, x, y, LATE, "3 3")
                yield f'<circle cx="{self.x(moment.original):.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="{LATE}"/>'
            yield shape(moment.mark, x, y)
            if len(lane.moments) == 1:
                yield svg.text(x + 11, y + 4, moment.mark.value, fill=INK, halo=True)

    def _today(self) -> Iterator[str]:
        if self.start <= self.today <= self.end:
            x = self.x(self.today)
            yield svg.rule(x, TOP - 6, x, self.bottom, INK, "6 4")
            yield svg.text(x, ROW, "Today", anchor="middle", fill=INK, weight="600", halo=True)

    def _key(self) -> Iterator[str]:
        """Only what was drawn."""
        used = {moment.mark for lane in self.lanes for moment in lane.moments}
        x, y = float(LEFT), self.bottom + LEGEND / 2 + 4
        for mark in Mark:
            if mark in used:
                yield shape(mark, x, y - 4)
                yield svg.text(x + 12, y, mark.value, fill=INK)
                x += 48 + 7 * len(mark.value)
        if any(moment.original for lane in self.lanes for moment in lane.moments):
            yield f'<circle cx="{x:.1f}" cy="{y - 4:.1f}" r="3" fill="#fff" stroke="{LATE}"/>'
            yield svg.text(x + 12, y, "original date", fill=INK)
            x += 48 + 7 * len("original date")
        if any(lane.end for lane in self.lanes):
            yield svg.rule(x, y - 13, x, y + 5, LINE)
            yield svg.text(x + 12, y, "end of the action", fill=INK)


def shape(mark: Mark, x: float, y: float) -> str:
    """A disc for done, a diamond for late, a ring for planned, a triangle for a review."""
    if mark is Mark.DONE:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{LINE}"/>'
    if mark is Mark.LATE:
        return f'<path d="M{x:.1f} {y - 8:.1f}l8 8-8 8-8-8z" fill="{LATE}"/>'
    if mark is Mark.REVIEW:
        return f'<path d="M{x:.1f} {y - 7:.1f}l7 12h-14z" fill="#fff" stroke="{INK}" stroke-width="1.5"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="#fff" stroke="{LINE}" stroke-width="2"/>'


def span(year: Period, days: Sequence[date]) -> tuple[date, date]:
    """The year, longer by whole quarters where promises lie outside it, and by no more than a year at either end."""
    start, end = year.start, year.end
    for quarter in _quarters(year):
        if any(quarter.start <= day <= quarter.end for day in days):
            start, end = min(start, quarter.start), max(end, quarter.end)
    return start, end


def _quarters(year: Period) -> list[Period]:
    return [quarter for each in (year.previous(), year, year.next()) for quarter in each.quarters()]
