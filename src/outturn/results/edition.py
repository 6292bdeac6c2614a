"""One edition after another: what the public sees of newer results, given what it saw before.

A figure that was shown stays as it is until it has moved by 5 or more, or is final where it was provisional: two
editions side by side never tell of fewer than 5 people (decision 16). What was withheld is taken for the same number
until it has moved by 5 or more, and the sums that a reader could make of it then are not forgotten.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from outturn.terms.value import Flag

from .disclosure import Past, withheld_items, without
from .links import ALL, AMOUNT, COUNTED
from .tables import SMALLEST, Quantity, Sum, is_small, of_people, tables

KEPT = (
    f"Kept as it was released: it is shown anew once it has moved by {SMALLEST} or more and gives no smaller change "
    "away, or becomes final."
)

Data = Mapping[str, Any]
Key = tuple[str, str | None, str, frozenset[tuple[str, str]]]  # measure, part, period, breakdown
Known = tuple[Quantity, int]  # a quantity since the edition in which it was first withheld with its size


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure as the public has it: the result behind it, and the names of what is withheld of it.

    The empty name is the figure's, the others are side counts. `kept` says that there are newer files. `instead` is
    what is shown for the time being, where there is no figure and there was one before.
    """

    behind: Data
    withheld: frozenset[str] = frozenset()
    kept: bool = False
    instead: Data | None = None

    @property
    def shown(self) -> dict[str, Any]:
        """What the public sees."""
        if self.instead is not None:
            return dict(self.instead)
        data = without(self.behind, self.withheld)
        return data | {"notes": [*data.get("notes", ()), KEPT]} if self.kept else data


@dataclass(slots=True)
class Memory:
    """What readers could make of quantities that were withheld: the sums of them, and how large each was."""

    sizes: dict[Known, int] = field(default_factory=dict)
    sums: list[Mapping[Known, int]] = field(default_factory=list)


def key_of(one: Data) -> Key:
    """What a figure of an area is about."""
    return one["measure"], one["part"], one["period"], frozenset(one["breakdown"].items())


def next_edition(
    before: Mapping[Key, Entry], memory: Memory, results: Iterable[Data]
) -> tuple[dict[Key, Entry], Memory]:
    """What the public sees of an area after some newer results, and what it can make of that.

    Whatever the results do not speak of stays as it was. Raises ValueError for a figure given twice.
    """
    edition = _Edition(before, memory, list(results))
    return edition.entries(), edition.memory()


@dataclass(frozen=True, slots=True)
class _Step:
    """From what the public has of an item to what it is now."""

    before: Entry | None
    now: Data
    side: str = ""

    @property
    def old(self) -> dict[str, int]:
        return of_people(self.before.behind, self.side) if self.before else {}

    @property
    def was_withheld(self) -> bool:
        return self.before is not None and self.side in self.before.withheld

    @property
    def moves(self) -> dict[str, int]:
        """By how many people it has moved: of a proportion those counted, and the rest."""
        old, new = self.old, of_people(self.now, self.side)
        people = new.keys() & old.keys() - ({AMOUNT, ALL} if COUNTED in new else {AMOUNT})
        return {name: new[name] - old[name] for name in people}

    @property
    def is_near(self) -> bool:
        return bool(self.old) and all(abs(move) < SMALLEST for move in self.moves.values())

    @property
    def is_unmoved(self) -> bool:
        return bool(self.old) and self.old == of_people(self.now, self.side)

    @property
    def is_final_now(self) -> bool:
        provisional = Flag.PROVISIONAL.value
        return self.before is not None and provisional in self.before.behind["flags"] and (
            provisional not in self.now["flags"]
        )

    @property
    def secret_moves(self) -> set[str]:
        """What has moved by a few people: of what was withheld, what was small."""
        if self.is_final_now:
            return set()
        found = {name for name, move in self.moves.items() if 0 < abs(move) < SMALLEST
                 and (not self.was_withheld or is_small(self.old[name]))}  # fmt: skip
        return found | ({AMOUNT} & self.old.keys() if found else set())

    def stays(self, *, hidden: bool) -> bool:
        """Whether the result behind it stays the one before.

        What was shown and cannot be shown anew stays as well, while it is provisional and not too small.
        """
        if hidden:
            new = of_people(self.now, self.side)
            may_wait = bool(self.old) and not self.was_withheld and Flag.PROVISIONAL.value in self.now["flags"]
            return self.is_near or (may_wait and not any(map(is_small, new.values())))
        figure = ("value", "denominator", "unit")
        return self.before is not None and self.is_unmoved and not self.was_withheld and not self.is_final_now and (
            all(self.before.behind[name] == self.now[name] for name in figure)
        )


def _entry(before: Entry | None, now: Data, hidden: Collection[str]) -> Entry:
    behind, sides = now, dict(now["side_counts"])
    withheld = set(hidden)
    for side in ("", *sides):
        step = _Step(before, now, side)
        if before and step.stays(hidden=side in hidden):
            if not step.was_withheld:
                withheld.discard(side)
            if side:
                sides[side] = before.behind["side_counts"][side]
            else:
                behind = before.behind
    kept = "" not in withheld and behind["as_of"] != now["as_of"]
    return Entry({**behind, "side_counts": sides}, frozenset(withheld), kept)


def _nobody(one: Data) -> dict[str, Any]:
    """A result of nobody, for a breakdown that there was and is no more."""
    nought = {name: 0 for name in ("numerator", "denominator", "units") if one.get(name) is not None}
    return {**one, **nought, "side_counts": dict.fromkeys(one["side_counts"], 0)}


class _Edition:
    """The results of now beside what was released before."""

    def __init__(self, before: Mapping[Key, Entry], memory: Memory, given: Sequence[Data]) -> None:
        self.before, self.past = before, memory
        keys = {key_of(one) for one in given}
        asked = {key[:3] for key in keys}
        resting = {
            key: replace(before[key], kept=False, instead=one) for one in given
            if not of_people(one) and (key := key_of(one)) in before and of_people(before[key].behind)
        }  # fmt: skip
        self.given = [one for one in given if key_of(one) not in resting]
        silent = {key: one for key, one in before.items() if key not in keys}
        gone = [_nobody(one.behind) for key, one in silent.items() if one.withheld and key[:3] in asked]
        self.elsewhere = {key: one for key, one in silent.items() if key[:3] not in asked} | resting
        rows = [*self.given, *gone, *(one.behind for one in self.elsewhere.values())]
        self.keys = [key_of(one) for one in rows]
        self.tables = tables(rows)
        steps = [_Step(before.get(self.keys[item.place]), rows[item.place], item.side_count)
                 for item in self.tables.items]  # fmt: skip
        self._add_secrets(steps)
        self.names = self._names(0)
        self.sums = self._renamed(self.names)
        self.tables.numbers |= {self.names[known]: size for known, size in memory.sizes.items()}
        past = Past(
            known={place for place, step in enumerate(steps) if step.is_unmoved and not step.was_withheld},
            withheld={place for place, step in enumerate(steps) if step.was_withheld},
            readings=[self.sums, self._renamed(self._names(SMALLEST - 1))] if self.sums else [],
        )  # fmt: skip
        self.hidden = {(item.place, item.side_count) for item in withheld_items(self.tables, past)}

    def _add_secrets(self, steps: Iterable[_Step]) -> None:
        """What has moved by a few people is a secret too."""
        for place, step in enumerate(steps):
            item = self.tables.items[place]
            if secrets := frozenset(item.names[name] for name in step.secret_moves):
                self.tables.items[place] = replace(item, secrets=item.secrets | secrets)
                self.tables.secrets |= secrets

    def _names(self, at_most: int) -> dict[Known, Quantity]:
        """What withheld quantities of earlier editions are called in this one: what moved by more is something else."""
        names: dict[Known, Quantity] = {}
        numbers = self.tables.numbers
        for (quantity, since), size in self.past.sizes.items():
            is_same = quantity in numbers and abs(numbers[quantity] - size) <= at_most
            method = quantity.method if is_same else f"{quantity.method}, edition {since}"
            names[quantity, since] = quantity._replace(method=method)
        return names

    def _renamed(self, names: Mapping[Known, Quantity]) -> list[Sum]:
        return [{names[known]: times for known, times in one.items()} for one in self.past.sums]

    def entries(self) -> dict[Key, Entry]:
        """What the public sees. What is gone stays withheld where that it is gone must not be known."""
        hidden: dict[int, set[str]] = {}
        for place, side in self.hidden:
            hidden.setdefault(place, set()).add(side)
        found = dict(self.elsewhere)
        for place, key in enumerate(self.keys[: len(self.keys) - len(self.elsewhere)]):
            if place < len(self.given):
                found[key] = _entry(self.before.get(key), self.given[place], hidden.get(place, ()))
            elif place in hidden:
                found[key] = self.before[key]
        return found

    def memory(self) -> Memory:
        """The sums of what is withheld. Those in which nothing has its size of now are forgotten."""
        shown = {
            quantity for item in self.tables.items if (item.place, item.side_count) not in self.hidden
            for quantity in item.numbers
        }  # fmt: skip
        edition = 1 + max((since for _, since in self.past.sizes), default=0)
        back = {name: known for known, name in self.names.items()}
        sizes: dict[Known, int] = {}
        sums: dict[frozenset[tuple[Known, int]], Mapping[Known, int]] = {}  # each once
        for one in (*self.tables.sums, *self.sums):
            left = {name: times for name, times in one.items() if name not in shown}
            if any(back.get(name, (name, 0))[0] == name for name in left):
                known = {back.get(name, (name, edition)): times for name, times in left.items()}
                sums[frozenset(known.items())] = known
        for then in (known for one in sums.values() for known in one):
            is_new = then not in self.past.sizes
            sizes[then] = self.tables.numbers[then[0]] if is_new else self.past.sizes[then]
        return Memory(sizes, list(sums.values()))
