"""Which file serves which period, as of a date, and why the others do not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .coverage import Coverage, Span, in_words
from .methods import Method

DAY = timedelta(days=1)
FIRST_DAY = date(2023, 4, 1)  # submission became mandatory
NHSE_YEAR: Span = (date(2023, 4, 1), date(2024, 3, 31))
NHSE_DEADLINE = date(2024, 8, 1)  # files received from this day on are too late


@dataclass(frozen=True, slots=True)
class Candidate:
    """A council's rows in one submission. `sequence` settles which of two files received at one moment is later."""

    id: str
    file: str
    area: str
    sequence: int
    received: datetime
    coverage: Coverage
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The file that serves a period, or None, and for every other file why it does not."""

    start: date
    end: date
    winner: Candidate | None
    others: tuple[tuple[Candidate, str], ...]


@dataclass(frozen=True, slots=True)
class ReferencePeriod:
    """The stretch for which one file's events are used, both days included. `last` marks the newest of a council."""

    start: date
    end: date
    candidate: Candidate
    last: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen for a council as of a date."""

    area: str
    as_of: date
    choices: tuple[Choice, ...]
    periods: tuple[ReferencePeriod, ...]

    @property
    def missing(self) -> tuple[Choice, ...]:
        """Periods that no file covers, between the first and the last that one does."""
        served = [number for number, choice in enumerate(self.choices) if choice.winner]
        if not served:
            return ()
        return tuple(choice for choice in self.choices[served[0] : served[-1]] if choice.winner is None)

    @property
    def newest(self) -> date:
        """The last day that any file was chosen for. There must be one."""
        return max(choice.end for choice in self.choices if choice.winner)

    def uncovered(self, start: date, end: date) -> list[Span]:
        """The stretches between two days, both included, that no file was chosen for."""
        left = [(start, end)]
        for choice in self.choices:
            if choice.winner:
                left = [
                    piece
                    for first, last in left
                    for piece in ((first, min(last, choice.start - DAY)), (max(first, choice.end + DAY), last))
                    if piece[0] <= piece[1]
                ]
        return left


def quarters(start: date, end: date) -> list[Span]:
    """The calendar quarters that lie wholly within two days, in order."""
    found: list[Span] = []
    first = date(start.year, 3 * ((start.month - 1) // 3) + 1, 1)
    while True:
        following = (first + timedelta(days=93)).replace(day=1)
        last = following - timedelta(days=1)
        if last > end:
            return found
        if first >= start:
            found.append((first, last))
        first = following


def select(area: str, candidates: Iterable[Candidate], method: Method, as_of: date) -> Selection:
    """The files for a council's joined events: for each quarter since April 2023 the latest that covers it."""
    ours = [one for one in candidates if one.area == area]
    if method.files == "one for the year 2023-24":
        return _selection(area, ours, [NHSE_YEAR], method, as_of, before=NHSE_DEADLINE)
    newest = max((one.received.date() for one in ours), default=FIRST_DAY)  # no file covers a day after it was sent
    return _selection(area, ours, quarters(FIRST_DAY, min(newest, as_of)), method, as_of)


def select_single(area: str, candidates: Iterable[Candidate], method: Method, end: date, as_of: date) -> Selection:
    """The one file for the twelve months that end on a day."""
    ours = [one for one in candidates if one.area == area]
    start = (end + timedelta(days=1)).replace(year=(end + timedelta(days=1)).year - 1)
    return _selection(area, ours, [(start, end)], method, as_of)


def _selection(
    area: str, ours: list[Candidate], spans: Sequence[Span], method: Method, as_of: date, before: date | None = None
) -> Selection:
    choices = tuple(choose(ours, start, end, as_of, before) for start, end in spans)
    return Selection(area, as_of, choices, _reference_periods(choices, method))


def choose(candidates: Iterable[Candidate], start: date, end: date, as_of: date, before: date | None = None) -> Choice:
    """The file for one period: covers all of it, received after its end and by the date asked, the latest received."""
    able: list[Candidate] = []
    others: list[tuple[Candidate, str]] = []
    for one in candidates:
        why = _why_not(one, start, end, as_of, before)
        if why:
            others.append((one, why))
        else:
            able.append(one)
    able.sort(key=lambda one: (one.received, one.sequence))
    winner = able.pop() if able else None
    if winner:
        others += [(one, f"{winner.file} was received later and covers the period too") for one in able]
    return Choice(start, end, winner, tuple(others))


def _why_not(one: Candidate, start: date, end: date, as_of: date, before: date | None) -> str:
    received = one.received.date()
    if one.withdrawn:
        return "it was withdrawn"
    if received > as_of:
        return f"it was received on {in_words(received)}, after {in_words(as_of)}"
    if before and received >= before:
        return (
            f"it was received on {in_words(received)}, and this method takes files received before {in_words(before)}"
        )
    if one.coverage.span is None:
        return "no period could be found that it covers"
    if not one.coverage.holds(start, end):
        first, last = one.coverage.span
        return f"it covers {in_words(first)} to {in_words(last)}, not all of the period"
    if received <= end:
        return f"it was received on {in_words(received)}, before the period was over"
    return ""


def _reference_periods(choices: Sequence[Choice], method: Method) -> tuple[ReferencePeriod, ...]:
    """The quarters a file won, put together. The last is the one that begins latest.

    Where a file won quarters on both sides of a newer one's, `whole stretch` gives it those between as well; the newer
    one then begins latest and counts as the last, as in the national program.
    """
    spans: list[tuple[date, date, Candidate]] = []
    for choice in choices:
        if choice.winner is None:
            continue
        joined = _to_join(spans, choice.winner, choice.start, whole_stretch=method.merging == "whole stretch")
        if joined is None:
            spans.append((choice.start, choice.end, choice.winner))
        else:
            spans[joined] = (spans[joined][0], choice.end, choice.winner)
    latest = max((start for start, _, _ in spans), default=None)
    return tuple(ReferencePeriod(start, end, one, start == latest) for start, end, one in sorted(spans, key=_start))


def _to_join(
    spans: Sequence[tuple[date, date, Candidate]], winner: Candidate, start: date, *, whole_stretch: bool
) -> int | None:
    for number, (_, end, one) in enumerate(spans):
        if one.id == winner.id and (whole_stretch or end + timedelta(days=1) == start):
            return number
    return None


def _start(span: tuple[date, date, Candidate]) -> date:
    return span[0]
