"""Results made safe for the public: small numbers are withheld, and what would give them away by subtraction.

It looks at all results that it is given together: breakdowns and their totals, councils and their sum, periods that lie
within each other, and measures that count the same people (`tables`, `links`). As much is shown as can be, the total
before its breakdowns and the large before the small, so long as no small number follows from what is shown: neither by
adding and subtracting, nor within limits closer than 5 (`audit`). What was shown on earlier days is for `release`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outturn.terms.value import Absence

from .audit import Reader, ranges
from .tables import SMALLEST, Item, Quantity, Sum, Tables, tables

BECAUSE = f"Withheld, because it is of fewer than {SMALLEST}, or because with other figures it would give that away."
WITHHELD = ("value", "numerator", "denominator", "units", "interval", "year_end")


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

    `withheld` are items that were withheld before, which are withheld again rather than others.
    """

    known: Collection[int] = ()  # by the places of items
    withheld: Collection[int] = ()
    sums: Sequence[Sum] = ()


def withheld_items(found: Tables, past: Past = Past()) -> list[Item]:
    """The items that must not be shown."""
    withheld: list[Item] = []
    for places, sums in _clusters(found, past.sums):
        cluster = _Cluster(found, [(place, found.items[place]) for place in places], sums, past)
        withheld += cluster.withheld()
    return withheld


def _clusters(found: Tables, more: Sequence[Sum]) -> Iterator[tuple[list[int], list[Sum]]]:
    """Items that have to do with each other, with their sums; only where there is a secret among them."""
    head: dict[Quantity, Quantity] = {}

    def top(one: Quantity) -> Quantity:
        while (above := head.setdefault(one, one)) != one:
            head[one] = head.setdefault(above, above)
            one = head[one]
        return one

    for together in (*found.sums, *more, *(item.numbers for item in found.items)):
        first, *others = together
        for other in others:
            head[top(other)] = top(first)
    with_secrets = {top(secret) for secret in found.secrets}
    items: dict[Quantity, list[int]] = defaultdict(list)
    sums: dict[Quantity, list[Sum]] = defaultdict(list)
    for place, item in enumerate(found.items):
        items[top(next(iter(item.numbers)))].append(place)
    for one in (*found.sums, *more):
        sums[top(next(iter(one)))].append(one)
    for key in with_secrets:
        yield items[key], sums[key]


class _Cluster:
    """Items that have to do with each other, and what may be shown of them."""

    def __init__(self, found: Tables, items: Iterable[tuple[int, Item]], sums: list[Sum], past: Past) -> None:
        self.numbers, self.sums = found.numbers, sums
        self.quantities = {quantity for one in sums for quantity in one}
        ordered = sorted(items, key=lambda one: (one[0] in past.withheld, one[1].order))
        self.known = [item for place, item in ordered if place in past.known]
        self.items = [item for place, item in ordered if place not in past.known]
        self.quantities |= {quantity for _, item in ordered for quantity in item.numbers}
        self.secrets = self.quantities & found.secrets
        self.uses: dict[Quantity, list[Sum]] = defaultdict(list)
        for one in sums:
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
        reader = Reader(self.sums, self.secrets)
        self.open = set(self.quantities)
        for item in self.known:
            reader.show(item.numbers, anyhow=True)
            self.open -= item.numbers.keys()
        self.left = {secret for secret in self.secrets if not reader.follows(secret)}
        shown = set()
        for place, item in enumerate(self.items):
            if item.secrets or place in kept or self._leaves_too_little(item):
                continue
            if reader.show(item.numbers):
                shown.add(place)
                self.open -= item.numbers.keys()
        return shown

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
        """For secrets within limits that are too close one more item each: the last shown that stands in their sums."""
        hidden = self.open
        limits = ranges(self.sums, self.numbers, hidden, self.left, wide_enough=SMALLEST)
        found = set()
        for secret, (low, high) in limits.items():
            if high is None or high - low >= SMALLEST:
                continue
            reached = {secret}
            for _ in range(len(self.sums)):  # further and further away, until there is something to withhold
                near = {quantity for one in self.sums if not reached.isdisjoint(one) for quantity in one}
                cover = [place for place in shown if any(
                    quantity in near and self.numbers[quantity] for quantity in self.items[place].numbers)]  # fmt: skip
                if cover:
                    found.add(max(cover))
                    break
                if near <= reached:
                    break
                reached |= near
        return found
