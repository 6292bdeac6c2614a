"""Who may note, answer and close requests. They belong to the whole council, so a role in any part of it will do."""

from outturn.plans.requests import Request
from outturn.plans.roles import Deed, Person


def may_raise(person: Person, council: str) -> bool:
    """Whether they may note what was asked."""
    return person.may_somewhere(Deed.RAISE_REQUEST, council)


def may_answer(person: Person, council: str, owner: str) -> bool:
    """Whether they may answer: whoever owes the answer, and those who may answer for everybody."""
    return person.may(Deed.ANSWER_REQUEST, council, owner=owner) or (
        person.may_somewhere(Deed.ANSWER_REQUEST, council) and person.acts_for(council, owner)
    )


def why_not_close(person: Person, council: str, request: Request) -> str:
    """The sentence shown where they may not close it; empty where they may."""
    if not may_raise(person, council):
        return person.why_not(Deed.RAISE_REQUEST, council)
    if person.acts_for(council, request.owner):
        return f"You act for {request.owner}, who owes the answer, so you cannot close this. {request.who} may."
    return ""
