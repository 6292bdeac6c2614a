"""Results of earlier periods that no plan or scorecard here prints, so that today's can be judged against them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.value import Value

COUNTS = re.compile("([0-9][0-9,]*) of ([0-9][0-9,]*)")


@dataclass(frozen=True, slots=True)
class PastSeries:
    """Earlier results of one indicator on one time basis, with their counts where those are known."""

    slug: str  # identifies the indicator within its council
    framework: str
    code: str
    title: str
    basis: TimeBasis
    results: Mapping[Period, Value]
    targets: Mapping[Period, Value] = field(default_factory=dict)
    counts: Mapping[Period, tuple[Decimal, Decimal]] = field(default_factory=dict)


def read_counts(text: str) -> tuple[Decimal, Decimal]:
    """Numerator and denominator of `41 of 52`. Raises ValueError saying how to write them."""
    match = COUNTS.fullmatch(" ".join(text.split()))
    if not match or not (out_of := Decimal(match[2].replace(",", ""))):
        raise ValueError(f"“{text}” is not so many of so many. Write numerator and denominator: 41 of 52.")
    return Decimal(match[1].replace(",", "")), out_of
