"""Who may do what: roles, what each role may do, and for which services and plans a person has it.

The two tables below are the written word. The site, the states of a round and the documentation all read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person is here for, in the words that are shown."""

    VIEWER = "viewer"
    OWNER = "owner"
    HEAD_OF_SERVICE = "head of service"
    DIRECTOR = "director"
    PORTFOLIO_HOLDER = "portfolio holder"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class Deed(StrEnum):
    """What can be done, in words that follow “may”."""

    READ_AGREED = "read what is agreed but not yet published"
    READ_DRAFTS = "read figures and commentary that nobody has agreed yet"
    SEE_TRAIL = "see who changed what"
    SEE_EVERY_TRAIL = "see the whole trail, with who signed in and who looked at lists of people"
    EDIT_FIGURE = "type or confirm a figure"
    WRITE_COMMENTARY = "write commentary"
    EDIT_PLAN = "change plans, scorecards, actions and risks"
    ANSWER_REQUEST = "answer a request"
    RAISE_REQUEST = "raise and close requests"
    OVERRULE = "put a judgement of their own over a computed status"
    CHECK = "mark an entry as checked, or return it"
    AGREE_HEAD = "agree as head of service"
    AGREE_DIRECTOR = "agree as director"
    AGREE_PORTFOLIO = "agree as portfolio holder"
    PUBLISH = "publish a round, and restate what was published"
    DISMISS_CHECK = "dismiss what the checks found"
    SUBMIT_RECORDS = "send records, and read how they were checked"
    SET_UP = "open and close rounds, and set the rules by which results are judged"
    MANAGE_PEOPLE = "let people in, give roles, and make service tokens"


AGREEING = frozenset({Deed.AGREE_HEAD, Deed.AGREE_DIRECTOR, Deed.AGREE_PORTFOLIO})
READING = frozenset({Deed.READ_AGREED, Deed.READ_DRAFTS, Deed.SEE_TRAIL})
OWN_WORK = frozenset({Deed.EDIT_FIGURE, Deed.WRITE_COMMENTARY, Deed.EDIT_PLAN, Deed.ANSWER_REQUEST})
LEADING = READING | {
    Deed.WRITE_COMMENTARY, Deed.EDIT_PLAN, Deed.ANSWER_REQUEST, Deed.RAISE_REQUEST, Deed.OVERRULE, Deed.DISMISS_CHECK,
}  # fmt: skip

PERMISSIONS: Mapping[Role, frozenset[Deed]] = {
    Role.VIEWER: frozenset({Deed.READ_AGREED}),
    Role.OWNER: READING,
    Role.HEAD_OF_SERVICE: LEADING | {Deed.AGREE_HEAD},
    Role.DIRECTOR: LEADING | {Deed.AGREE_DIRECTOR},
    Role.PORTFOLIO_HOLDER: frozenset({Deed.READ_AGREED, Deed.RAISE_REQUEST, Deed.AGREE_PORTFOLIO}),
    Role.ANALYST: frozenset(Deed) - AGREEING - {Deed.MANAGE_PEOPLE, Deed.SEE_EVERY_TRAIL},
    Role.ADMINISTRATOR: frozenset(Deed) - AGREEING,
}
"""What each role may do wherever it was given. Seeing lists of people belongs to no role: it is given by name."""

OWN: Mapping[Role, frozenset[Deed]] = {
    Role.OWNER: OWN_WORK,
    Role.HEAD_OF_SERVICE: frozenset({Deed.EDIT_FIGURE}),
    Role.DIRECTOR: frozenset({Deed.EDIT_FIGURE}),
}
"""What a role may do besides, only with things whose owner is a post the person holds or stands in for."""

Owners = str | tuple[str, ...]


def key_of(name: str) -> str:
    """A post or service without differences of case and spacing, to tell whether two are the same."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Grant:
    """A role given to a person. Empty means all: every council, every service, every plan."""

    role: Role
    council: str = ""  # its slug
    services: frozenset[str] = frozenset()  # as plans name them; a scorecard's is its directorate
    plans: frozenset[str] = frozenset()  # slugs

    def covers(self, council: str, service: str = "", plan: str = "") -> bool:
        """Whether it holds there. One bound to services or plans does not reach what belongs to none."""
        return (
            self.council in ("", council)
            and (not self.services or key_of(service) in map(key_of, self.services))
            and (not self.plans or plan in self.plans)
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever asks. Without an account it is a visitor, who reads what is published."""

    account: str = ""
    name: str = ""
    grants: tuple[Grant, ...] = ()  # of those stood in for, too
    posts: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # of council and post
    stands_in_for: frozenset[tuple[str, str]] = field(default_factory=frozenset)  # today
    may_see_people: bool = False

    def may(self, what: Deed, council: str, service: str = "", plan: str = "", owner: Owners = "") -> bool:
        """Whether this deed is theirs, to a thing of that service and plan with that owner."""
        return any(
            what in PERMISSIONS[grant.role]
            or (what in OWN.get(grant.role, ()) and self.acts_for(council, owner))
            for grant in self.grants
            if grant.covers(council, service, plan)
        )  # fmt: skip

    def may_somewhere(self, what: Deed, council: str = "") -> bool:
        """Whether there can be anything in the council, or anywhere, that they may do this to."""
        return any(
            what in PERMISSIONS[grant.role] | OWN.get(grant.role, frozenset())
            for grant in self.grants
            if not council or grant.council in ("", council)
        )

    def acts_for(self, council: str, owner: Owners) -> bool:
        """Whether an owner is a post of theirs, or one they stand in for today."""
        theirs = {(place, key_of(post)) for place, post in self.posts | self.stands_in_for}
        owners = (owner,) if isinstance(owner, str) else owner
        return any((council, key_of(each)) in theirs for each in owners)

    def roles(self, council: str = "") -> tuple[Role, ...]:
        """Their roles in the council, or anywhere, in the order of the table."""
        held = {grant.role for grant in self.grants if not council or grant.council in ("", council)}
        return tuple(role for role in Role if role in held)

    def why_not(self, what: Deed, council: str, service: str = "", plan: str = "", owner: Owners = "") -> str:
        """The sentence shown in place of the deed; empty where it is allowed."""
        if self.may(what, council, service, plan, owner):
            return ""
        if not self.account:
            return f"Sign in to {what}."
        held = self.roles(council)
        reaching = [grant.role for grant in self.grants if grant.covers(council, service, plan)]
        if any(what in OWN.get(role, ()) for role in reaching):
            owners = ", ".join((owner,) if isinstance(owner, str) else owner)
            named = f"The owner here is {owners}." if owners else "This has no owner."
            return f"You may {what} only where a post of yours is the owner. {named}"
        if any(what in PERMISSIONS[role] or what in OWN.get(role, ()) for role in held):
            return f"You may {what} in this council, but not for {service or 'what belongs to the whole of it'}."
        return f"{_who_may(what)} may {what}. {_roles_words(held)}"


def _who_may(what: Deed) -> str:
    allowed = [role for role in Role if what in PERMISSIONS[role] or what in OWN.get(role, ())]
    return f"Only {_article(listed([*allowed], 'or'))}"


def _roles_words(held: tuple[Role, ...]) -> str:
    return f"You are {_article(listed([*held], 'and'))}." if held else "You have no role in this council."


def _article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def listed(words: list[str], joint: str) -> str:
    """One, two or three."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def table() -> str:
    """The table of roles and deeds, for the documentation."""
    lines = [
        f"| may | {' | '.join(Role)} |",
        f"| --- |{' --- |' * len(Role)}",
        *(f"| {deed} | {' | '.join(_cell(role, deed) for role in Role)} |" for deed in Deed),
    ]
    return "\n".join(lines)


def _cell(role: Role, deed: Deed) -> str:
    return "yes" if deed in PERMISSIONS[role] else "own" if deed in OWN.get(role, ()) else "–"
