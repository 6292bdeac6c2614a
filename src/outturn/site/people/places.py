"""Where a stored thing belongs: its service, its plan and its owners, by which roles are bounded."""

from typing import Any, TypedDict

from django.db.models import Model

STEPS = ("milestone", "action", "risk", "priority", "block", "scorecard", "plan", "indicator")


class Place(TypedDict, total=False):
    """For `Person.may`."""

    service: str
    plan: str
    owner: tuple[str, ...]


def places_of(thing: Model) -> list[Place]:
    """Climb from a thing to the plan or scorecard it is part of; the nearest owners on the way count.

    An indicator belongs to every plan and scorecard that lists it.
    """
    if hasattr(thing, "places"):  # it knows better, as what belongs to no one plan does
        return thing.places()
    owners: tuple[str, ...] = ()
    at: Any = thing
    while at is not None:
        owners = owners or _owners(at)
        if hasattr(at, "service"):
            return [Place(service=at.service, plan=at.slug, owner=owners)]
        if hasattr(at, "directorate"):
            return [Place(service=at.directorate, owner=owners)]
        if hasattr(at, "framework"):
            return _listings(at) or [Place()]
        at = next((above for name in STEPS if (above := getattr(at, name, None)) is not None), None)
    return [Place(owner=owners)]


def _owners(thing: Any) -> tuple[str, ...]:
    text = next((words for name in ("owner", "owners", "portfolios") if (words := getattr(thing, name, ""))), "")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _listings(indicator: Any) -> list[Place]:
    if indicator.pk is None:
        return []
    listed = indicator.listed.values_list("plan__service", "plan__slug", "owner")
    lines = indicator.lines.values_list("priority__block__scorecard__directorate", "priority__portfolios")
    return [
        *(Place(service=service, plan=plan, owner=(owner,)) for service, plan, owner in listed),
        *(Place(service=service, owner=tuple(owners.splitlines())) for service, owners in lines),
    ]
