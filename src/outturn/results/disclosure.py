"""Results made safe for the public: small numbers are withheld, and what would give them away by subtraction.

It looks at all results that it is given together: breakdowns and their totals, councils and their sum, periods that lie
within each other, and measures that count the same people (`tables`, `links`). As much is shown as can be, the total
before its breakdowns and the large before the small, so long as no small number follows from what is shown: neither by
adding and subtracting, nor within limits closer than 5 (`audit`). What was shown on earlier days is for `release`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from outturn.terms.value import Absence

from .audit import Reader, ranges
from .rounding import WITHHELD
from .tables import SMALLEST, Item, Quantity, Sum, Tables, tables

BECAUSE = f"Withheld, because it is of fewer than {SMALLEST}, or because with other figures it would give that away."


def published(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Results as data with small numbers withheld; a side count that is withheld is None.

    All withheld figures give the same reason, so that nobody learns which of them are small. Give each figure once:
    raises ValueError for two of the same measure, part, area, period, method and breakdown.
    """
    withheld: dict[int, set[str]] = defaultdict(set)
    for item in withheld_items(tables(results)):
        withheld[item.place].add(item.side_count)
    return [without(one, withheld[place]) for place, one in enumerate(results)]


def without(one: Mapping[str, Any], withheld: Collection[str]) -> dict[str, Any]:
    """A result without the side counts of some names; without its figure too where the empty name is among them."""
    sides = {name: None if name in withheld else number for name, number in one["side_counts"].items()}
    data = {**one, "side_counts": sides}
    if "" in withheld:
        data |= dict.fromkeys(WITHHELD) | {"state": Absence.SUPPRESSED.value, "because": BECAUSE}
    return data


@dataclass(frozen=True, slots=True)
class Past:
    """What the public knows from earlier days: items that it knows as they are, and sums of what was withheld.

    `withheld` are items that were withheld before, which are withheld again rather than others. `readings` are what may
    be made of the same sums: by who thinks that nothing moved but what did, and by who thinks that a little is nothing.
    """

    known: Collection[int] = ()  # by the places of items
    withheld: Collection[int] = ()
    readings: Sequence[Sequence[Sum]] = ()


def withheld_items(found: Tables, past: Past = Past()) -> list[Item]:
    """The items that must not be shown."""
    return [item for choice in _choices(found, past) for item in choice.withheld()]


def _choices(found: Tables, past: Past) -> Iterator["_Choice"]:
    """Items that have to do with each other, with their sums; only where there is a secret among them."""
    head: dict[Quantity, Quantity] = {}

    def top(one: Quantity) -> Quantity:
        while (above := head.setdefault(one, one)) != one:
            head[one] = head.setdefault(above, above)
            one = head[one]
        return one

    readings = [found.sums, *past.readings]
    for together in (*(one for reading in readings for one in reading), *(item.numbers for item in found.items)):
        first, *others = together
        for other in others:
            head[top(other)] = top(first)
    clusters = {top(secret): _Cluster(found, [[] for _ in readings]) for secret in found.secrets}
    for number, reading in enumerate(readings):
        for one in reading:
            if cluster := clusters.get(top(next(iter(one)))):
                cluster.readings[number].append(one)
    for place, item in sorted(enumerate(found.items), key=lambda each: (each[0] in past.withheld, each[1].order)):
        if cluster := clusters.get(top(next(iter(item.numbers)))):
            (cluster.known if place in past.known else cluster.items).append(item)
    for cluster in clusters.values():
        yield _Choice(cluster)


@dataclass(slots=True)
class _Cluster:
    """Items that have to do with each other, in the order in which they are shown where they can be."""

    found: Tables
    readings: list[list[Sum]]  # the first is of now
    known: list[Item] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


class _Choice:
    """What is shown of a cluster, and what is not."""

    def __init__(self, cluster: _Cluster) -> None:
        self.known, self.items, self.numbers = cluster.known, cluster.items, cluster.found.numbers
        self.sums, *self.past = cluster.readings
        self.quantities = {quantity for one in (*self.sums, *(item.numbers for item in self.items)) for quantity in one}
        self.secrets = self.left = self.quantities & cluster.found.secrets
        self.open = set(self.quantities)
        self.uses: dict[Quantity, list[Sum]] = defaultdict(list)
        for one in self.sums:
            if self.secrets & one.keys():
                for quantity in one:
                    self.uses[quantity].append(one)

    def withheld(self) -> list[Item]:
        """The items to withhold."""
        kept: set[int] = set()  # of items that were found to be needed as cover, by their place here
        while True:
            shown = self._shown(kept)
            if not (more := self._too_close(shown)):
                return [item for place, item in enumerate(self.items) if place not in shown]
            kept |= more

    def _shown(self, kept: Collection[int]) -> set[int]:
        """As many items as can be shown, one after another, by their place."""
        past = self.past or [[]]  # each reading has the numbers apart
        reader = Reader(
            ({(reading, quantity): times for quantity, times in one.items()}
             for reading, more in enumerate(past) for one in (*self.sums, *more)),
            product(range(len(past)), self.secrets),
        )  # fmt: skip

        def show(item: Item, *, anyhow: bool = False) -> bool:
            if is_shown := reader.show(product(range(len(past)), item.numbers), anyhow=anyhow):
                self.open -= item.numbers.keys()
            return is_shown

        self.open = set(self.quantities)
        for item in self.known:
            show(item, anyhow=True)
        self.left = {secret for secret in self.secrets if not reader.follows((0, secret))}
        return {
            place for place, item in enumerate(self.items)
            if not (item.secrets or place in kept or self._leaves_too_little(item)) and show(item)
        }  # fmt: skip

    def _leaves_too_little(self, item: Item) -> bool:
        """Whether what then is withheld of some total is so few that each of them could not be 5 or more."""
        for quantity in item.numbers.keys() & self.open:
            for one in self.uses[quantity]:
                still = [other for other in one if other in self.open and other not in item.numbers]
                if self.left.isdisjoint(still) or len({one[other] for other in still}) > 1:
                    continue
                those = [number for other in still if (number := self.numbers[other])]
                if len(those) < 2 or sum(those) < len(those) - 1 + SMALLEST:
                    return True
        return False

    def _too_close(self, shown: Collection[int]) -> set[int]:
        """For each secret within limits that are too close one more item to withhold."""
        past = self.past[0] if self.past else ()
        sums = [*(one for one in self.sums if self._holds(one)), *past]
        hidden = self.open | {quantity for one in past for quantity in one if quantity not in self.quantities}
        limits = ranges(sums, self.numbers, hidden, self.left, wide_enough=SMALLEST)
        close = [secret for secret, (low, high) in limits.items() if high is not None and high - low < SMALLEST]
        return {cover for secret in close if (cover := self._cover_for(secret, shown)) is not None}

    def _holds(self, one: Sum) -> bool:
        """Links between measures hold nearly always, not always."""
        return sum(times * self.numbers[quantity] for quantity, times in one.items()) == 0

    def _cover_for(self, secret: Quantity, shown: Collection[int]) -> int | None:
        """Of what was shown, the last that stands in one sum with a secret; or else with what does; and so on."""
        reached: set[Quantity] = set()
        near = {secret}
        while near > reached:
            reached = near
            near = reached | {quantity for one in self.sums if not reached.isdisjoint(one) for quantity in one}
            covers = [place for place in shown if any(
                number and quantity in near for quantity, number in self.items[place].numbers.items())]  # fmt: skip
            if covers:
                return max(covers)
        return None
