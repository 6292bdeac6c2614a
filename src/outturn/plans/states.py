"""The states an entry of a reporting round goes through: one table of moves, and everything that follows from it.

The buttons, the refusals and the diagram in the documentation (`python -m outturn.plans.states`) all come from TABLE.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from .roles import Deed, Owners, Person


class State(StrEnum):
    """Where an entry stands, in the words that are shown."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    HEAD = "agreed by the head of service"
    DIRECTOR = "agreed by the director"
    PORTFOLIO = "agreed by the portfolio holder"
    PUBLISHED = "published"
    RESTATED = "restated"


LEVELS = (State.HEAD, State.DIRECTOR, State.PORTFOLIO)
"""Those that a council may ask to agree, in this order; it chooses any of them, or none."""

SIGNED = (State.CHECKED, *LEVELS)
OUT = (State.PUBLISHED, State.RESTATED)


class Move(StrEnum):
    """What is done to an entry, as its button says it."""

    CHANGE = "change"
    SUBMIT = "submit"
    RETURN = "return with a note"
    CHECK = "mark as checked"
    AGREE_HEAD = "agree as head of service"
    AGREE_DIRECTOR = "agree as director"
    AGREE_PORTFOLIO = "agree as portfolio holder"
    PUBLISH = "publish"
    RESTATE = "take up again to restate"
    PUBLISH_AGAIN = "publish the restatement"


AGREE: Mapping[State, Move] = dict(
    zip(LEVELS, (Move.AGREE_HEAD, Move.AGREE_DIRECTOR, Move.AGREE_PORTFOLIO), strict=True)
)


class Reason(StrEnum):
    """Why a published figure moves. Exactly one of them: readers must know which, so they are never mixed."""

    DATA = "data arrived or were corrected"
    DEFINITION = "the definition changed"
    JUDGEMENT = "the judgement rule changed"


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's word that an entry may go on, for what it said then."""

    step: State
    by: str  # an account
    digest: str  # of what was signed


@dataclass(frozen=True, slots=True)
class Entry:
    """All that decides which moves an entry may make."""

    council: str = ""
    service: str = ""
    plan: str = ""
    owner: Owners = ""
    levels: tuple[State, ...] = LEVELS
    state: State = State.DRAFT
    digest: str = ""  # of what it says now
    owing: tuple[str, ...] = ()  # what is still to be written, a sentence each
    writers: frozenset[str] = frozenset()  # accounts that wrote any of it since it was last published
    signed: tuple[Signature, ...] = ()
    was_published: bool = False
    reason: Reason | None = None  # of the restatement that is under way
    figure_moved: bool = False  # against what was published

    @property
    def signers(self) -> frozenset[str]:
        """Everybody whose signature holds."""
        return frozenset(each.by for each in self.signed)

    @property
    def missing(self) -> list[State]:
        """The levels that have yet to agree."""
        given = {each.step for each in self.signed}
        return [level for level in self.levels if level not in given]

    @property
    def is_agreed(self) -> bool:
        """Whether anybody above the owner has agreed it, so that readers inside the council may see it."""
        return self.state in (*LEVELS, *OUT)


def as_it_stands(entry: Entry) -> Entry:
    """The entry as its content leaves it: signatures hold for as long as it says what was signed."""
    if entry.state not in SIGNED or all(each.digest == entry.digest for each in entry.signed):
        return entry
    return moved(entry, Move.CHANGE)


# What a move asks for besides the state and the role. Each answers with the sentence of its refusal, or nothing.

Condition = Callable[[Entry, Person], str]


def complete(entry: Entry, _: Person) -> str:
    """Nothing is left to write."""
    return " ".join(entry.owing)


def somebody_else(entry: Entry, person: Person) -> str:
    """Nobody signs what they wrote, and nobody signs twice."""
    if person.account in entry.writers:
        return "You wrote or changed this entry, so somebody else must sign it off."
    if person.account in entry.signers:
        return "You have signed this entry at an earlier step, so somebody else must sign it off now."
    return ""


def _turn_of(level: State) -> Condition:
    def turn(entry: Entry, _: Person) -> str:
        """The level is asked, and those before it have agreed."""
        if level not in entry.levels:
            return f"In this round nothing has to be {level.value}."
        before = entry.missing[: entry.missing.index(level)] if level in entry.missing else []
        return f"It has to be {before[0].value} first." if before else ""

    return turn


def every_level(entry: Entry, _: Person) -> str:
    """Every level that the council asks has agreed."""
    return f"It has to be {entry.missing[0].value} first." if entry.missing else ""


def first_time(entry: Entry, _: Person) -> str:
    """It was never published."""
    return "It was published before, so it is published as a restatement." if entry.was_published else ""


def again(entry: Entry, _: Person) -> str:
    """It was published before, and is published for one of three reasons."""
    return "" if entry.was_published else "It was never published, so there is nothing to restate."


def unmixed(entry: Entry, _: Person) -> str:
    """A changed rule moves no figure."""
    if entry.reason is Reason.JUDGEMENT and entry.figure_moved:
        return (
            f"The reason given is that {entry.reason.value}, but the figure is another one too. Put the published "
            "figure back, publish this, and restate the figure for its own reason afterwards."
        )
    return ""


class Asks(Enum):
    """What the person has to give with a move."""

    NOTHING = ""
    NOTE = "Write a note: what is wrong, and what is to be done about it."
    REASON = "Choose one of the three reasons, and write what happened. A restatement has exactly one."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    move: Move
    at: State
    to: State
    who: tuple[Deed, ...]  # any of them
    given: tuple[Condition, ...] = ()
    asks: Asks = Asks.NOTHING


WRITING = (Deed.EDIT_FIGURE, Deed.WRITE_COMMENTARY)
AGREEING = dict(zip(LEVELS, (Deed.AGREE_HEAD, Deed.AGREE_DIRECTOR, Deed.AGREE_PORTFOLIO), strict=True))
RETURNING = (Deed.CHECK, *AGREEING.values())

TABLE: tuple[Row, ...] = (
    *(Row(Move.CHANGE, at, at, WRITING) for at in (State.DRAFT, State.RETURNED, State.SUBMITTED)),
    *(Row(Move.CHANGE, at, State.SUBMITTED, WRITING) for at in SIGNED),
    *(Row(Move.SUBMIT, at, State.SUBMITTED, WRITING, (complete,)) for at in (State.DRAFT, State.RETURNED)),
    Row(Move.CHECK, State.SUBMITTED, State.CHECKED, (Deed.CHECK,), (complete, somebody_else)),
    *(
        Row(AGREE[level], at, level, (AGREEING[level],), (_turn_of(level), somebody_else))
        for level in LEVELS for at in SIGNED[: SIGNED.index(level)]
    ),
    *(Row(Move.RETURN, at, State.RETURNED, RETURNING, asks=Asks.NOTE) for at in (State.SUBMITTED, *SIGNED)),
    *(Row(Move.PUBLISH, at, State.PUBLISHED, (Deed.PUBLISH,), (first_time, every_level)) for at in SIGNED),
    *(Row(Move.PUBLISH_AGAIN, at, State.RESTATED, (Deed.PUBLISH,), (again, every_level, unmixed)) for at in SIGNED),
    *(Row(Move.RESTATE, at, State.DRAFT, (Deed.PUBLISH,), asks=Asks.REASON) for at in OUT),
)  # fmt: skip

BY_PLACE: Mapping[tuple[Move, State], Row] = {(row.move, row.at): row for row in TABLE}

WAITS: Mapping[State, str] = {
    State.DRAFT: "It is a draft. Its owner has to submit it first.",
    State.SUBMITTED: "It is submitted, and has to be checked next.",
    State.RETURNED: "It was returned with a note. Its owner has to put it right and submit it again.",
    **dict.fromkeys(SIGNED, "It is on its way to publication already."),
    **dict.fromkeys(OUT, "It is published. Take it up again to restate it; readers keep what was published till then."),
}
"""Why a move that the table does not have at a state cannot be made there."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The move can be made."""

    row: Row


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot, and why. Where it is `pointless`, nobody could make it here, and it need not be spoken of."""

    sentence: str
    pointless: bool = False


class NotAllowed(Exception):
    """A move was asked for that cannot be made. Its message is the sentence."""


def may_move(entry: Entry, move: Move, person: Person) -> Allowed | Refused:
    """Whether the person may make the move, and if not the sentence that says why."""
    row = BY_PLACE.get((move, entry.state))
    if not row:
        return Refused(WAITS[entry.state], pointless=True)
    place = entry.council, entry.service, entry.plan, entry.owner
    if not any(person.may(deed, *place) for deed in row.who):
        return Refused(person.why_not(row.who[0], *place))
    for condition in row.given:
        if sentence := condition(entry, person):
            nobody = condition in (first_time, again) or (move in AGREE.values() and row.to not in entry.levels)
            return Refused(sentence, pointless=nobody)
    return Allowed(row)


def check_move(
    entry: Entry, move: Move, person: Person, *, note: str = "", reason: Reason | None = None
) -> Row:
    """The move's row. Raises NotAllowed with the sentence of its refusal."""
    answer = may_move(entry, move, person)
    if isinstance(answer, Refused):
        raise NotAllowed(answer.sentence)
    asks = answer.row.asks
    if (asks is not Asks.NOTHING and not note.strip()) or (asks is Asks.REASON and reason is None):
        raise NotAllowed(asks.value)
    return answer.row


def moved(entry: Entry, move: Move, by: str = "", reason: Reason | None = None) -> Entry:
    """The entry after a move that was checked."""
    row = BY_PLACE[move, entry.state]
    new = replace(entry, state=row.to)
    if row.to in SIGNED:
        return replace(new, signed=(*entry.signed, Signature(row.to, by, entry.digest)))
    if row.to in OUT:
        return replace(new, was_published=True, writers=frozenset(), reason=None)
    return replace(new, signed=(), reason=reason if move is Move.RESTATE else entry.reason)


def next_move(entry: Entry) -> Move | None:
    """What has to happen to an entry before it can go on; None once it is published."""
    if entry.state in OUT:
        return None
    if entry.state in SIGNED:
        publish = Move.PUBLISH_AGAIN if entry.was_published else Move.PUBLISH
        return AGREE[entry.missing[0]] if entry.missing else publish
    return Move.CHECK if entry.state is State.SUBMITTED else Move.SUBMIT


# The page of the documentation

TITLE = "The states of an entry"
HEAD = f"""# {TITLE}

An entry is one indicator or one priority in a reporting round: its figure, and the words beside it. This page is made
from the table in `outturn.plans.states` by `python -m outturn.plans.states`.
"""
TAIL = """
* Nobody signs what they wrote or changed since it was last published, and nobody signs an entry twice.
* A change after a sign-off, wherever it is made, returns the entry to *submitted*; its page lists what changed since.
* A council asks any of the three levels to agree, or none, always in this order. Those it does not ask are skipped.
* Until an entry is published for the first time its quarter is blank for the public. While it is restated, readers keep
  what was published.
"""


def page() -> str:
    """docs/reference/states.md, the whole of it."""
    names = {state: f"s{number}" for number, state in enumerate(State)}
    diagram = ["stateDiagram-v2", *(f'    state "{state.value}" as {name}' for state, name in names.items())]
    diagram += ["    [*] --> s0", *(f"    {names[row.at]} --> {names[row.to]}: {row.move.value}" for row in TABLE)]
    columns = "| move | from | to | who may | given that |\n|---|---|---|---|---|"
    rows = [
        f"| {row.move.value} | {row.at.value} | {row.to.value} | {_words(row.who)} | {_given(row)} |" for row in TABLE
    ]
    waits = [f"* *{state.value}*: {words}" for state, words in WAITS.items()]
    reasons = [f"* {reason.value}" for reason in Reason]
    parts = (
        HEAD, "```mermaid", *diagram, "```", "", columns, *rows, TAIL,
        "## Why a move cannot be made at a state\n", *waits, "",
        "## The three reasons for a restatement\n", *reasons, "",
    )  # fmt: skip
    return "\n".join(parts)


def _words(deeds: Iterable[Deed]) -> str:
    return " or ".join(f"who may {deed.value}" for deed in deeds)


def _given(row: Row) -> str:
    said = [(condition.__doc__ or "").rstrip(".").lower() for condition in row.given]
    asks = {Asks.NOTE: "a note is written", Asks.REASON: "one of three reasons is given, with what happened"}
    return "; ".join([*said, *filter(None, [asks.get(row.asks)])])


if __name__ == "__main__":
    print(page(), end="")
