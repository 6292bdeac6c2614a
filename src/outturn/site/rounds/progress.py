"""How a round goes: by step, by owner, and what would otherwise be overlooked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from outturn.plans.roles import key_of
from outturn.plans.round import DUE_BY, Progress, Step, progress, step_now
from outturn.plans.states import OUT, Move, State, next_move
from outturn.site.people.models import Holding

from .models import Round
from .reading import Standing

UNWRITTEN = (State.DRAFT, State.RETURNED)


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """One post's part of the round."""

    post: str
    total: int
    left: int  # to write and submit
    returned: int
    silent: bool  # nobody has touched any of theirs
    vacant: bool  # no account holds the post
    late: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All that the board shows beside the entries themselves."""

    steps: list[tuple[Step, date, bool]]  # whether it is the next one
    progress: list[Progress]
    owners: list[OwnerRow]
    ownerless: list[Standing]
    changed: list[Standing]  # since they were signed or published
    is_over: bool

    @property
    def silent(self) -> list[OwnerRow]:
        """Owners nobody has heard of."""
        return [row for row in self.owners if row.silent]

    @property
    def vacant(self) -> list[OwnerRow]:
        """Posts that nobody here holds, so that nobody is told."""
        return [row for row in self.owners if row.vacant]


def board_of(round: Round, entries: Sequence[Standing], today: date) -> Board:
    """The round on a day, in one question more."""
    dates = round.calendar
    following = step_now(dates, today)
    return Board(
        [(step, dates[step], step is following) for step in Step],
        progress([one.state for one in entries], round.asked, dates),
        _owners(round, entries, today),
        [one for one in entries if not one.data.owner],
        [one for one in entries if _changed(one)],
        all(one.state in OUT for one in entries),
    )


def _changed(one: Standing) -> bool:
    since_signed = one.stored.state != one.state.value
    return since_signed or (one.state in OUT and one.content != one.published)


def _owners(round: Round, entries: Sequence[Standing], today: date) -> list[OwnerRow]:
    held = {key_of(post) for post in Holding.objects.filter(council=round.council.slug).values_list("post", flat=True)}
    by_post: dict[str, list[Standing]] = {}
    for one in entries:
        for post in one.data.owner:
            by_post.setdefault(post, []).append(one)
    over = dates_over(round, today)
    rows = []
    for post, theirs in sorted(by_post.items()):
        left = [one for one in theirs if next_move(one.data) is Move.SUBMIT]
        silent = bool(left) and not any(one.data.writers or one.state not in UNWRITTEN for one in theirs)
        returned = sum(one.state is State.RETURNED for one in theirs)
        vacant = key_of(post) not in held
        rows.append(OwnerRow(post, len(theirs), len(left), returned, silent, vacant, over and bool(left)))
    return rows


def dates_over(round: Round, today: date) -> bool:
    """Whether owners should have written by now."""
    return round.calendar[DUE_BY[Move.SUBMIT]] < today
