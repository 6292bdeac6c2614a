"""What a council has settled: by which rules it is judged, how many people it has, and who it is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..plans.reference import slug_of
from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.value import Value
from .direction import HAVERING_SHORT_TERM, DirectionRule
from .rag import WITHIN_5_PER_CENT, RollUpBy, Rule, Shape


@dataclass(frozen=True, slots=True)
class DatedRebase:
    """A period from which a chart's limits are drawn anew, with the reason."""

    period: Period
    because: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """How one indicator is judged. `milestones` are the targets for parts of the year where `shape` is as given;
    `peers` the names of the groups it may be held against, or none for all of them.
    """

    status: Rule = WITHIN_5_PER_CENT
    direction: DirectionRule = HAVERING_SHORT_TERM
    shape: Shape = Shape.STRAIGHT
    milestones: Mapping[Period, Value] = field(default_factory=dict)
    rebases: tuple[DatedRebase, ...] = ()
    peers: tuple[str, ...] = ()


COUNTS = ("none", "nearest 5", "nearest 10")
"""How counts are rounded for the public: names of `results.rounding.STYLES`."""


@dataclass(frozen=True, slots=True)
class Judging:
    """A council's way of judging, and of printing counts for the public. `own` has what differs, by an indicator's slug
    or by that of its code, which then counts for all its time bases.
    """

    status: Rule = WITHIN_5_PER_CENT
    direction: DirectionRule = HAVERING_SHORT_TERM
    priorities: RollUpBy = RollUpBy.JUDGED
    own: Mapping[str, Chosen] = field(default_factory=dict)
    public_counts: str = COUNTS[0]

    def chosen(self, slug: str) -> Chosen:
        """How the indicator with this slug is judged."""
        for name in names_of(slug):
            if name in self.own:
                return self.own[name]
        return Chosen(self.status, self.direction)


@lru_cache(4096)
def names_of(slug: str) -> tuple[str, ...]:
    """The names by which an indicator can be meant, the closest first: its slug, and that without the time basis."""
    codes = (slug.removesuffix(f"-{slug_of(basis.wording)}") for basis in TimeBasis)
    return tuple(dict.fromkeys([slug, *codes]))


@dataclass(frozen=True, slots=True)
class Population:
    """People who lived in the council's area in the middle of `year`. `ages` is one of `AGES`."""

    year: int
    ages: str
    people: int
    source: str


AGES = ("18 and over", "18 to 64", "65 and over")


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """Councils that this one compares itself with, by code or name as comparators spell them; `note` says why them."""

    name: str
    areas: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Peers:
    """Who the council is compared with: its region, by code or name as comparators spell it, and its own groups."""

    region: str = ""
    groups: tuple[PeerGroup, ...] = ()
