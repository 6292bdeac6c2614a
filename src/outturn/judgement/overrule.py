"""A person's word over a computed status, with a reason and a last day; the computed status stays beside it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ..terms.period import write_date
from ..terms.status import Rag
from .rag import Status


@dataclass(frozen=True, slots=True)
class Overrule:
    """Another status than the computed one. `by` is a post, and `until` the last day on which it holds."""

    rag: Rag
    because: str
    by: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class AcceptedVariance:
    """A shortfall that has been accepted until a day: the status stays as computed, and is said to be accepted."""

    because: str
    by: str
    since: date
    until: date


def term_fault(since: date, until: date) -> str:
    """Why a word cannot hold from one day to the other, both included, or nothing. None holds for more than a year."""
    if until < since:
        return f"That is before {write_date(since)}, on which it begins. Write that day or a later one."
    leap_day = (since.month, since.day) == (2, 29)
    longest = date(since.year + 1, 2, 28) if leap_day else since.replace(year=since.year + 1)
    if until > longest:
        return f"That is more than a year after {write_date(since)}. Write {write_date(longest)} or an earlier day."
    return ""


class Standing(StrEnum):
    """Whether a person's word holds."""

    NONE = "as computed"
    HOLDS = "holds"
    NOT_YET = "not yet in force"
    EXPIRED = "expired"
    INCOMPLETE = "without a reason or a name"


@dataclass(frozen=True, slots=True)
class Shown:
    """The status to show, with both that it came from and a sentence."""

    computed: Status
    word: Overrule | AcceptedVariance | None
    standing: Standing
    rag: Rag | None
    sentence: str


def shown(computed: Status, word: Overrule | AcceptedVariance | None, on: date) -> Shown:
    """The status on a day. A word without a reason, without a name or out of its time changes nothing, and says so."""
    standing = _standing(word, on)
    if word is None:
        return Shown(computed, word, standing, computed.rag, computed.sentence)
    what = "Accepted" if isinstance(word, AcceptedVariance) else f"Overruled to {computed.rule.word(word.rag)}"
    if standing is not Standing.HOLDS:
        why = {
            Standing.NOT_YET: f"starts on {write_date(word.since)}",
            Standing.EXPIRED: f"ended on {write_date(word.until)}",
        }.get(standing, "has no reason or no name, and so does not count")
        return Shown(computed, word, standing, computed.rag, f"{computed.sentence} “{what}” {why}.")
    because = word.because.strip().rstrip(".")
    said = f"{what} by {word.by.strip()} until {write_date(word.until)}: {because}. Computed: {computed.sentence}"
    rag = computed.rag if isinstance(word, AcceptedVariance) else word.rag
    return Shown(computed, word, standing, rag, said)


def _standing(word: Overrule | AcceptedVariance | None, on: date) -> Standing:
    if word is None:
        return Standing.NONE
    if not word.because.strip() or not word.by.strip():
        return Standing.INCOMPLETE
    if on > word.until:
        return Standing.EXPIRED
    return Standing.NOT_YET if on < word.since else Standing.HOLDS
