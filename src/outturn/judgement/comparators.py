"""A figure beside those of England, the region, peers and neighbours: better, similar or worse, and by how much.

England and a region are taken as they were published, and as fixed. A group of councils is *pooled* where the counts of
all that have a figure are known, as England's figure is made; otherwise it is the *mean of councils*, and says so.
The two differ, since pooling gives large councils more weight. The area itself is never among its peers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from ..terms.polarity import Polarity
from .comparison import Comparison, Kind, with_benchmark
from .funnel import OUTER
from .standing import Area, Scale, difference, interval
from .uncertainty import cannot, number_fault, percent


class Kinds(StrEnum):
    """What a figure is compared with."""

    ENGLAND = "England"
    REGION = "region"
    PEERS = "peers"
    NEIGHBOURS = "statistical neighbours"


class How(StrEnum):
    """How the figure of a comparator came about."""

    PUBLISHED = "as published"
    POOLED = "pooled"
    MEAN = "mean of councils"
    NONE = "no figure"


@dataclass(frozen=True, slots=True)
class Others:
    """What to compare with: one area as published, or a group of councils. `note` says who chose a group, and why."""

    name: str
    kind: Kinds
    areas: tuple[Area, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparator:
    """One figure that stands beside an area's own, and the verdict on the two."""

    name: str
    kind: Kinds
    how: How
    of: int
    """How many councils a group's figure is of."""
    value: float | None
    gap: float | None
    """The area's own figure less this one."""
    sentence: str
    verdict: Comparison
    note: str = ""


def compared(
    own: Area, others: Iterable[Others], polarity: Polarity, scale: Scale, level: float = OUTER
) -> tuple[Comparator, ...]:
    """The comparators in the order given.

    The level is high, for a large council differs from England by more than chance in nearly everything: read the gap
    beside the word.
    """
    return tuple(_compared(own, each, polarity, scale, level) for each in others)


def together(areas: Sequence[Area], scale: Scale) -> tuple[How, Area]:
    """The figure of several councils together, with its counts where it is pooled. Those without a figure are left out.

    Survey estimates are never pooled: what was sampled where is not published.
    """
    there = [area for area in areas if not number_fault("", area.value)]
    name = f"{len(there)} councils"
    if not there:
        return How.NONE, Area(name, None)
    if all(interval(area, scale).limits and area.margin is None for area in there):
        count, out_of = sum(int(area.count or 0) for area in there), sum(int(area.out_of or 0) for area in there)
        return How.POOLED, Area(name, float(Fraction(scale.per * count, out_of)), count, out_of)
    return How.MEAN, Area(name, float(sum(Fraction(area.value or 0) for area in there) / len(there)))


def _compared(own: Area, others: Others, polarity: Polarity, scale: Scale, level: float) -> Comparator:
    is_group = others.kind in (Kinds.PEERS, Kinds.NEIGHBOURS)
    areas = [area for area in others.areas if not (is_group and own.code and area.code == own.code)]
    there = [area for area in areas if not number_fault("", area.value)]
    if is_group:
        how, theirs = together(areas, scale)
    else:
        how, theirs = (How.PUBLISHED, there[0]) if there else (How.NONE, Area(others.name, None))
    verdict = _verdict(own, theirs, how, polarity, scale, level)
    verdict = replace(verdict, sentence=_sentence(own, theirs, others.name, verdict, scale))
    value = None if theirs.value is None else float(theirs.value)
    gap = None if value is None or number_fault("", own.value) else float(own.value or 0) - value
    of = len(there) if is_group else 1
    return Comparator(others.name, others.kind, how, of, value, gap, verdict.sentence, verdict, others.note)


def _verdict(own: Area, theirs: Area, how: How, polarity: Polarity, scale: Scale, level: float) -> Comparison:
    limits = interval(own, scale, level)
    if how is How.POOLED and limits.limits:  # its people are others than the area's own, so both may vary
        return difference(theirs, own, polarity, scale, level)
    itself = bool(own.code) and own.code == theirs.code
    return with_benchmark(limits, theirs.value, polarity, itself=itself, places=scale.places)


def _sentence(own: Area, theirs: Area, name: str, verdict: Comparison, scale: Scale) -> str:
    if theirs.value is None:
        return cannot(f"there is no figure for {name}")
    if verdict.kind is Kind.CANNOT_TELL:
        return verdict.sentence
    both = f"{scale.write(own.value or 0)} against {scale.write(theirs.value)}"
    if verdict.kind is Kind.SIMILAR:
        return f"Similar to {name}: {both}, no further apart than chance allows ({percent(verdict.level)} limits)."
    told = f"{both}, further apart than chance allows ({percent(verdict.level)} limits)"
    return f"{verdict.kind.value.capitalize()} than {name}: {told}."
