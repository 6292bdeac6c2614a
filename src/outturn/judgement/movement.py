"""The change between the two newest figures of a series, in words that say better or worse, not just up or down."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from ..catalogue.indicator import Indicator
from ..terms.period import Period
from ..terms.polarity import Better, Polarity
from ..terms.value import Figure, Notation, Value


class Kind(Enum):
    """The outcomes, kept apart because readers act on them differently. True is better, False is worse."""

    BETTER = True
    WORSE = False
    SAME = "no change"
    NO_DIRECTION_WANTED = "no direction is better"
    NOT_ENOUGH = "not enough results"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class Movement:
    """A change with its sentence."""

    kind: Kind
    sentence: str

    @property
    def better(self) -> bool | None:
        """True for better, False for worse, None where neither can be said."""
        return self.kind.value if isinstance(self.kind.value, bool) else None


def latest_movement(results: Mapping[Period, Value], polarity: Polarity, definition: Indicator) -> Movement:
    """Compare the newest figure with the one before it, of the same kind of period.

    Missing values are passed over, never taken as zero. Two figures are no trend: this says only what changed.
    """
    figures = [
        (period, value) for period, value in sorted(results.items(), key=lambda item: item[0].end)
        if isinstance(value, Figure)
    ]
    kinds = [period.kind for period, _ in figures]
    figures = [item for item in figures if item[0].kind is kinds[-1]]
    if len(figures) < 2:
        return Movement(Kind.NOT_ENOUGH, "Not enough results to say whether it moved: it takes two figures.")
    (before_period, before), (after_period, after) = figures[-2:]
    broken = definition.broken_between(before_period, after_period)
    if broken:
        return Movement(Kind.NOT_COMPARABLE, f"Not comparable with {before_period.words}. {broken.because}")
    return _compare(before_period, before, after, polarity)


def _compare(since: Period, before: Figure, after: Figure, polarity: Polarity) -> Movement:
    change = after.amount - before.amount
    if not change:
        return Movement(Kind.SAME, f"The same as in {since.words}.")
    moved = f"{'Up' if change > 0 else 'Down'} {write_change(before, after)} since {since.words}"
    if after.notation.yes_no:
        moved = f"{after.printed}, and was {before.printed} in {since.words}"
    if polarity.better is Better.NEUTRAL:
        return Movement(Kind.NO_DIRECTION_WANTED, f"{moved}. No direction is better.")
    was, now = polarity.distance(before.amount), polarity.distance(after.amount)
    if was is None or now is None or was == now:
        return Movement(Kind.SAME, f"{moved}, no nearer to or further from the wanted range.")
    kind = Kind.BETTER if now < was else Kind.WORSE
    return Movement(kind, f"{moved}, which is {'better' if kind is Kind.BETTER else 'worse'}.")


def write_change(before: Figure, after: Figure) -> str:
    """The size of a change in the newer figure's notation; percentages differ by percentage points."""
    decimals = max(before.notation.decimals, after.notation.decimals)
    size = abs(after.amount - before.amount)
    if after.notation.percent:
        return f"{Notation(decimals=decimals).write(size)} percentage points"
    grouped = size >= Decimal(1000)
    return replace(after.notation, decimals=decimals, grouped=grouped, plus=False, words="").write(size)
