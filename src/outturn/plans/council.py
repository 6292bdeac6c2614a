"""A council as its files describe it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..judgement.settings import Judging, Peers, Population
from ..terms.period import Period
from ..terms.value import Absence
from .appetite import RiskRules
from .history import PastSeries
from .requests import Request
from .scorecard import Scorecard
from .service_plan import ServicePlan
from .words import Word


@dataclass(frozen=True, slots=True)
class Council:
    """Who the council is, and what it prints when there is no figure."""

    slug: str
    name: str
    short_name: str
    kind: str
    source: str
    absences: Mapping[str, Absence] = field(default_factory=dict)
    area: str = ""  # its code in returns, by which its records are found; empty where it has none here
    judging: Judging = field(default_factory=Judging)
    populations: tuple[Population, ...] = ()
    peers: Peers = field(default_factory=Peers)
    risks: RiskRules = field(default_factory=RiskRules)


@dataclass(frozen=True, slots=True)
class CouncilFiles:
    """Everything in one council's folder."""

    council: Council
    plans: tuple[ServicePlan, ...] = ()
    scorecards: tuple[Scorecard, ...] = ()
    settled: Mapping[str, Any] = field(default_factory=dict)  # the settings as the file words them
    words: tuple[Word, ...] = ()
    history: tuple[PastSeries, ...] = ()
    requests: tuple[Request, ...] = ()

    def results(self) -> dict[str, set[Period]]:
        """The periods that each indicator has a result for, by its slug."""
        found: dict[str, set[Period]] = {}
        lines = [line for card in self.scorecards for priority in card.priorities for line in priority.measures]
        listed = [(row.slug, row.results) for plan in self.plans for row in plan.indicators]
        listed += [(past.slug, past.results) for past in self.history]
        for slug, results in (*listed, *((line.slug, line.results) for line in lines)):
            found.setdefault(slug, set()).update(results)
        return found
