"""Everything the checks look at, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..catalogue.indicator import Indicator, Key
from ..plans.council import Council
from ..plans.scorecard import Scorecard
from ..plans.service_plan import ServicePlan
from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.value import Value
from .finding import Subject


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator of the council on one time basis, with all its results and targets, whoever printed them."""

    slug: str
    definition: Indicator
    basis: TimeBasis
    title: str
    results: Mapping[Period, Value]
    targets: Mapping[Period, Value] = field(default_factory=dict)
    counts: Mapping[Period, tuple[Decimal, Decimal]] = field(default_factory=dict)  # numerator, denominator if known

    @property
    def subject(self) -> Subject:
        """The indicator as findings name it: by its code, and by its basis too where it has several."""
        code = self.definition.key.code
        several = len(self.definition.bases) > 1
        return Subject("indicator", (self.slug,), f"{code} ({self.basis.wording})" if several else code)


@dataclass(frozen=True, slots=True)
class Picture:
    """A council as the checks see it on a day."""

    council: Council
    catalogue: Mapping[Key, Indicator]
    series: Mapping[str, Series]  # by slug
    plans: Sequence[ServicePlan]
    scorecards: Sequence[Scorecard]
    today: date
