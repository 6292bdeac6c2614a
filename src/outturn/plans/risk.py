"""Risks: where they stand, where they stood, and who looked at them when."""

from dataclasses import dataclass
from datetime import date

from ..terms.period import write_date
from ..terms.status import Rag
from .scheme import Position

RESPONSES = ("treat", "tolerate", "transfer", "terminate")


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a risk stood from a day on: its net position, or the letter alone. Without a day, since before anybody kept
    it.
    """

    since: date | None
    net: Position | None
    rating: Rag | None = None
    because: str = ""

    @property
    def printed(self) -> str:
        """12, or Amber."""
        return self.net.printed if self.net else self.rating.value if self.rating else ""

    @property
    def words(self) -> str:
        return self.net.words if self.net else self.printed


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody looked at the risk, and what came of it. `answers` are the keys of what had asked for it."""

    date: date
    text: str
    answers: tuple[str, ...] = ()
    by: str = ""  # the account, where it was written here


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk: three positions where they are known, or just the letter that was published."""

    reference: str  # text: it may begin with a nought
    title: str
    owner: str
    rating: Rag | None = None
    gross: Position | None = None  # before controls
    net: Position | None = None  # as it stands, with controls
    target: Position | None = None  # where it should be
    cause: str = ""
    consequence: str = ""
    response: str = ""
    mitigations: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    category: str = ""
    appetite: str = ""  # a line of its own, as typed
    next_review: date | None = None
    history: tuple[Stood, ...] = ()  # oldest first; the last is where it stands now
    reviews: tuple[Review, ...] = ()  # newest first

    @property
    def band(self) -> Rag | None:
        """The band it stands in now: from the net position, or else as published."""
        return self.net.band if self.net else self.rating

    @property
    def now(self) -> Stood:
        """Where it stands, and since when."""
        return self.history[-1] if self.history else Stood(None, self.net, self.rating)

    def on(self, day: date) -> Stood | None:
        """Where it stood at the end of a day; None where that is not known."""
        known = [stood for stood in self.history if stood.since is None or stood.since <= day]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Movement:
    """How it moved between two positions; less is better. `better` is None for no change and for not known."""

    words: str
    better: bool | None = None
    known: bool = True


def movement(before: Stood | None, now: Stood) -> Movement:
    """From where it stood to where it stands."""
    if before is None or not (before.printed and now.printed):
        return Movement("not known", known=False)
    old, new = _height(before), _height(now)
    if before.net == now.net and (before.net or before.rating == now.rating):
        return Movement("no change")
    if bool(before.net) != bool(now.net) or (before.net and now.net and before.net.scheme != now.net.scheme):
        return Movement(f"{before.printed}, now {now.printed}: not comparable", known=False)
    if old == new:
        return Movement(f"moved at the same height, from {before.words} to {now.words}")
    word = "down" if new < old else "up"
    return Movement(f"{word} from {before.printed} to {now.printed}", new < old)


def _height(stood: Stood) -> int:
    return stood.net.score if stood.net else -list(Rag).index(stood.rating) if stood.rating else 0


def last_move(risk: Risk) -> tuple[Movement, date | None]:
    """Its movement since the position before, with the day of the change."""
    before = risk.history[-2] if len(risk.history) > 1 else None
    return movement(before, risk.now), risk.now.since if before else None


def since(risk: Risk, day: date) -> Movement:
    """Its movement since the end of a day, such as the last day of the quarter before."""
    return movement(risk.on(day), risk.now)


def position_faults(gross: Position | None, net: Position | None, target: Position | None) -> list[str]:
    """What is wrong with three positions taken together: controls can only lower a score."""
    faults = []
    if gross and net and net.score > gross.score:
        faults.append(f"The net score ({net.printed}) is above the gross score ({gross.printed}). Lower it.")
    if net and target and target.score > net.score:
        faults.append(f"The target score ({target.printed}) is above the net score ({net.printed}). Lower the target.")
    return faults


def history_faults(risk: Risk) -> list[str]:
    """What is wrong with where it stood: days out of order, or an end that is not where it stands."""
    faults = []
    days = [stood.since for stood in risk.history]
    known = [day for day in days if day]
    if known != sorted(known) or None in days[1:]:
        faults.append("The history should begin with the oldest position, and each later one needs its day.")
    last = risk.history[-1] if risk.history else None
    if last and (last.net, last.rating if not last.net else None) != (risk.net, None if risk.net else risk.rating):
        where = risk.net.words if risk.net else risk.rating or "nowhere"
        day = f" of {write_date(last.since)}" if last.since else ""
        faults.append(f"The newest position in the history{day} is {last.words}, and the risk stands at {where}.")
    return faults
