"""What a person is told: what they owe, and what those below them have owed for too long. Titles, days and links only.

No figure stands in a digest, agreed or not, and nobody's name: e-mail is read on other people's screens.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from outturn.plans.roles import Grant, Person, Role
from outturn.plans.round import is_working
from outturn.site.rounds.owed import Owed
from outturn.terms.period import write_date

SOON = timedelta(days=14)
MOST_LISTED = 50
LONGEST_TITLE = 150
ESCALATION = (
    (Role.HEAD_OF_SERVICE, 5, {Role.OWNER}),
    (Role.DIRECTOR, 10, {Role.OWNER, Role.HEAD_OF_SERVICE}),
)
"""Who hears of it when something is overdue by so many working days, and of whose work."""

RULE = " and to ".join(f"the {role} after {days} working days" for role, days, _ in ESCALATION)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, as a digest says it. `posts` owe it, where that is somebody else."""

    title: str
    due: date | None
    href: str
    posts: str = ""
    late: int = 0  # working days

    @property
    def when(self) -> str:
        """When it is or was due, and for how long it has been overdue."""
        due = f"due {write_date(self.due)}" if self.due else "no date set"
        return f"{due}, {self.late} working {'day' if self.late == 1 else 'days'} ago" if self.late else due


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything one person is told on a day."""

    day: date
    overdue: tuple[Line, ...] = ()
    soon: tuple[Line, ...] = ()
    raised: tuple[Line, ...] = ()  # to a head of service or director

    @property
    def items(self) -> int:
        """How many things it tells of."""
        return len(self.overdue) + len(self.soon) + len(self.raised)

    @property
    def subject(self) -> str:
        """The subject of the e-mail: counts only."""
        told = [(len(self.overdue), "overdue"), (len(self.soon), "due soon"), (len(self.raised), "overdue below you")]
        return f"Outturn: {', '.join(f'{count} {words}' for count, words in told if count)}"

    @property
    def groups(self) -> list[tuple[str, str, tuple[Line, ...], int]]:
        """Heading, a sentence, what to list, and how many more there are."""
        found = (
            ("Overdue", "", self.overdue),
            (f"Due by {write_date(self.day + SOON)}", "", self.soon),
            ("Overdue below you", f"What stays overdue is told to {RULE}.", self.raised),
        )
        return [
            (heading, words, lines[:MOST_LISTED], max(0, len(lines) - MOST_LISTED))
            for heading, words, lines in found
            if lines
        ]


def digests(owed: Mapping[Person, Sequence[Owed]], today: date) -> dict[Person, Digest]:
    """What each person is told today, for those who are told anything."""
    found = {}
    raised = _raised(owed, today)
    for person, things in owed.items():
        ordered = sorted(things, key=lambda one: (one.due or date.max, one.title))
        told = Digest(
            today,
            tuple(_line(one, today) for one in ordered if one.overdue),
            tuple(_line(one, today) for one in ordered if not one.overdue and one.due and one.due <= today + SOON),
            tuple(sorted(raised.get(person.account, ()), key=lambda line: (-line.late, line.title))),
        )
        if told.items:
            found[person] = told
    return found


def _line(one: Owed, today: date, posts: str = "") -> Line:
    title = " ".join(f"{one.kind.capitalize()}: {one.title}".split())
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
    return Line(title, one.due, one.href, posts, working_days_since(one.due, today) if one.due else 0)


@lru_cache(2_000)
def working_days_since(day: date, today: date) -> int:
    """How many working days have come since a day."""
    return sum(is_working(day + timedelta(days=number)) for number in range(1, (today - day).days + 1))


def _raised(owed: Mapping[Person, Sequence[Owed]], today: date) -> dict[str, set[Line]]:
    """What each head of service or director hears of, by account: once, however many owe it."""
    found: dict[str, set[Line]] = {}
    for person, things in owed.items():
        for council in {one.council for one in things if one.overdue}:
            posts = "; ".join(posts_of(person, council))
            lines = [_line(one, today, posts) for one in things if one.overdue and one.council == council]
            for role, days, below in ESCALATION:
                late = {line for line in lines if line.late > days}
                theirs = [grant for grant in person.grants if grant.role in below and grant.council in ("", council)]
                for above in _above(owed, person, theirs, council, role) if late and theirs else ():
                    found.setdefault(above.account, set()).update(late)
    return found


def _above(
    everybody: Iterable[Person], person: Person, theirs: Sequence[Grant], council: str, role: Role
) -> list[Person]:
    """Those who have the role over the services in which a person works."""
    return [
        other
        for other in everybody
        if other.account != person.account
        and any(grant.role is role and any(_meet(grant, own, council) for own in theirs) for grant in other.grants)
    ]


def _meet(above: Grant, own: Grant, council: str) -> bool:
    within = above.council in ("", council)
    return within and (not above.services or not own.services or bool(above.services & own.services))


def posts_of(person: Person, council: str = "") -> list[str]:
    """The posts of a person, or those they stand in for, in one council or in all."""
    held = person.posts | person.stands_in_for
    return sorted({post for where, post in held if not council or where == council}) or ["no post"]
