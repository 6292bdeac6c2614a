"""Which actions and milestones wait for which: circles refused, and who is held up by a late one.

A thing is known as HASC03, or HASC03/1 for a milestone. Nothing can be done before what it waits for is; an action is
not done before its milestones are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from ..terms.period import write_date
from .action import Action, Milestone, Timing

Thing = Action | Milestone


@dataclass(frozen=True, slots=True)
class Held:
    """Something that is waited for and holds others up, with what is the matter."""

    name: str
    words: str
    why: str


def things_of(actions: Iterable[Action]) -> dict[str, Thing]:
    """Every action and milestone by what it is known as."""
    found: dict[str, Thing] = {}
    for action in actions:
        found[action.reference] = action
        found.update({f"{action.reference}/{step.number}": step for step in action.milestones})
    return found


def waiting_faults(actions: Sequence[Action]) -> list[tuple[str, str]]:
    """The name of each thing that waits for what is not there or for itself, with what is wrong."""
    things = things_of(actions)
    faults = [
        (name, f"{name} waits for “{wanted}”, and this plan has no such action or milestone.")
        for name, thing in things.items() for wanted in thing.waits_for if wanted not in things
    ]  # fmt: skip
    seen: set[str] = set()
    for name in things:
        circle = _circle(name, things) if name not in seen else []
        if circle:
            seen.update(circle)
            said = ", which waits for ".join(circle[1:])
            faults.append((_asking(circle, things), f"{circle[0]} waits for {said}. Nothing in a circle can begin."))
    return faults


def circle_with(actions: Sequence[Action], name: str, waits_for: Sequence[str]) -> str:
    """What would be wrong if a thing of these waited for others; empty where nothing would, or it is not there yet."""
    changed = [_waiting(action, name, tuple(waits_for)) for action in actions]
    faults = waiting_faults(changed) if name and waits_for else []
    return faults[0][1] if faults else ""


def _waiting(action: Action, name: str, waits_for: tuple[str, ...]) -> Action:
    if action.reference == name:
        return replace(action, waits_for=waits_for)
    steps = tuple(
        replace(step, waits_for=waits_for) if f"{action.reference}/{step.number}" == name else step
        for step in action.milestones
    )
    return replace(action, milestones=steps)


def _asking(circle: Sequence[str], things: Mapping[str, Thing]) -> str:
    """The first in a circle that says itself what it waits for."""
    return next(name for name, wanted in pairwise(circle) if wanted in things[name].waits_for)


def _needs(name: str, things: Mapping[str, Thing]) -> Iterator[str]:
    """What must be done before a thing is done."""
    thing = things[name]
    yield from (wanted for wanted in thing.waits_for if wanted in things)
    if isinstance(thing, Action):
        yield from (f"{name}/{step.number}" for step in thing.milestones)


def _circle(start: str, things: Mapping[str, Thing]) -> list[str]:
    """The way from a thing back to itself, or nothing."""
    came: dict[str, str] = {}
    ahead = [start]
    while ahead:
        here = ahead.pop()
        for there in _needs(here, things):
            if there == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1] if here != start else [start, start]
            if there not in came:
                came[there] = here
                ahead.append(there)
    return []


def held_up(actions: Iterable[Action], as_at: date) -> dict[str, tuple[Held, ...]]:
    """By name, what holds each thing up that waits for something: what is late before it, or due only after it."""
    things = things_of(actions)
    return {
        name: found for name, thing in things.items()
        if thing.waits_for and not _is_done(thing, as_at) and (found := tuple(_holding(name, things, as_at)))
    }  # fmt: skip


def _holding(name: str, things: Mapping[str, Thing], as_at: date) -> Iterator[Held]:
    due = things[name].due
    ahead = [wanted for wanted in things[name].waits_for if wanted in things]
    direct, seen = set(ahead), {name}
    while ahead:
        here = ahead.pop(0)
        thing = things[here]
        if here in seen or _is_done(thing, as_at):
            continue
        seen.add(here)
        if thing.timing(as_at) is Timing.OVERDUE:
            yield Held(here, thing.text, "is overdue")
        elif here in direct and due and thing.due and thing.due > due:
            yield Held(here, thing.text, f"is due by {write_date(thing.due)}, after this")
        ahead += _needs(here, things)


def _is_done(thing: Thing, as_at: date) -> bool:
    return thing.timing(as_at) is Timing.COMPLETE
