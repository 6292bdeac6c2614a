"""Did it work? The figures before a day and after it, and whether they differ by more than chance allows.

Only the time is compared: a figure that moved after an action began need not have moved because of it. That there is
not enough to tell is the usual answer for the first year, and not a fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from math import isfinite, sqrt
from statistics import fmean

from ..catalogue.indicator import Break
from ..terms.basis import TimeBasis
from ..terms.period import Period, PeriodKind, write_date
from ..terms.unit import Unit
from ..terms.value import Figure, Notation
from . import comparison, spc_limits
from .hoped import Change
from .judging import PERS, Known, Pair, each_alone, in_turn
from .spc_rules import Rule, signals
from .variation import FEWEST


class Answer(Enum):
    """What can be said. Most young actions have no evidence yet, and that is an answer."""

    MOVED = "moved as hoped"
    OTHER = "moved the other way"
    SMALLER = "no shift as large as hoped"
    NO_EVIDENCE = "no evidence yet"
    NOT_ENOUGH = "not enough results yet"
    UNSTEADY = "not steady before"
    REFUSED = "cannot be compared"


@dataclass(frozen=True, slots=True)
class Effect:
    """The figures before and after, their means, and the difference with its limits. `reached` is None if untold."""

    answer: Answer
    sentence: str
    since: date
    hoped: Change
    rule: str = ""
    before: Mapping[Period, Decimal] = field(default_factory=dict)
    between: Mapping[Period, Decimal] = field(default_factory=dict)  # of the time in which it began
    after: Mapping[Period, Decimal] = field(default_factory=dict)
    mean_before: float | None = None
    mean_after: float | None = None
    low: float | None = None
    high: float | None = None
    reached: bool | None = None
    reach: float | None = None  # how far from their mean single figures lie by chance

    @property
    def difference(self) -> float | None:
        if self.mean_before is None or self.mean_after is None:
            return None
        return self.mean_after - self.mean_before


def effect(known: Known, hoped: Change, since: date) -> Effect:
    """Compare what is known from a day on with what was known before it."""
    found = Effect(Answer.REFUSED, "", since, hoped)
    day = write_date(since)
    newest = known.newest()
    if known.unit is Unit.YES_NO:
        return replace(found, sentence="Cannot be compared: yes or no has no size.")
    if known.basis is TimeBasis.FORECAST:
        return replace(found, sentence="Cannot be compared: forecasts are not results.")
    if newest is None:
        return replace(found, answer=Answer.NOT_ENOUGH, sentence="Not enough results yet: there is none.")
    so_far = known.basis in (TimeBasis.YTD_SUM, TimeBasis.YTD_AVERAGE) and newest.kind is not PeriodKind.YEAR
    if so_far and not (known.basis is TimeBasis.YTD_SUM and known.unit.is_additive):
        words = "Cannot be compared: figures of the year so far overlap. Name one with figures of each period."
        return replace(found, sentence=words)
    figures = _figures(known, apart=so_far)
    before, after, broken = _sides(figures, known, since, apart=so_far)
    found = replace(found, before=before, after=after, between=_between(figures, before, after))
    if broken and not (before and after):
        words = f"Cannot be compared: the definition changed from {broken.period.words}. {broken.because}"
        return replace(found, sentence=words)
    if not before or not after:
        side = f"after {day}" if before else f"before {day}"
        words = f"Not enough results yet: there is none wholly {side}."
        return replace(found, answer=Answer.NOT_ENOUGH, sentence=words)
    if moving := _moving(list(before.values())):
        words = f"Not steady before {day}: {moving}, so an average of them says nothing of what came after."
        return replace(found, answer=Answer.UNSTEADY, sentence=words)
    pairs = {period: known.counts[period] for period in (*before, *after) if period in known.counts}
    if known.unit in PERS and len(pairs) == len(before) + len(after):
        found = _by_counts(found, known, pairs)
    else:
        found = _by_ranges(found)
    return replace(found, sentence=_sentence(found, _notation(known, newest))) if not found.sentence else found


def _figures(known: Known, *, apart: bool) -> dict[Period, Decimal]:
    """The figures of the newest one's kind, each of its own period."""
    periods = in_turn(known, across_breaks=True) or tuple(
        period for period, value in known.results.items() if isinstance(value, Figure)
    )
    if apart:
        amounts = each_alone(known, periods)
    else:
        values = [known.results.get(period) for period in periods]
        amounts = [value.amount if isinstance(value, Figure) else None for value in values]
    return {period: amount for period, amount in zip(periods, amounts, strict=True) if amount is not None}


def _window(period: Period, known: Known) -> tuple[date, date]:
    """The days that a figure is of."""
    if known.basis is TimeBasis.ROLLING:
        return Period.rolling(period.end).start, period.end
    return (period.end if known.basis is TimeBasis.SNAPSHOT else period.start), period.end


def _sides(
    figures: Mapping[Period, Decimal], known: Known, since: date, *, apart: bool
) -> tuple[dict[Period, Decimal], dict[Period, Decimal], Break | None]:
    """The figures wholly before and wholly after, none across a change of definition; and that change if it took any.

    Twelve months overlap with the twelve months a quarter later, so only those that do not are taken.
    """
    last = max((one for one in known.breaks if one.period.start <= since), key=_start, default=None)
    next_ = min((one for one in known.breaks if one.period.start > since), key=_start, default=None)
    before: dict[Period, Decimal] = {}
    after: dict[Period, Decimal] = {}
    broken: Break | None = None
    free = date.max
    for period in sorted(figures, key=lambda each: each.end, reverse=True):
        start, end = _window(period, known)
        if end >= free or not (start >= since or end < since):
            continue
        side, cut = (after, next_) if start >= since else (before, last)
        crosses = cut is not None and (end >= cut.period.start if side is after else start < cut.period.start)
        if crosses:
            broken = cut
            continue
        side[period] = figures[period]
        free = start if known.basis is TimeBasis.ROLLING else date.max
    if known.basis is TimeBasis.SNAPSHOT and known.unit in PERS and known.counts.keys() >= before.keys() | after.keys():
        before, after = dict(list(before.items())[:1]), dict(list(after.items())[:1])  # the same people, seen again
    return dict(reversed(before.items())), dict(reversed(after.items())), broken


def _start(one: Break) -> date:
    return one.period.start


def _between(
    figures: Mapping[Period, Decimal], before: Mapping[Period, Decimal], after: Mapping[Period, Decimal]
) -> dict[Period, Decimal]:
    """Those that fall between the two sides."""
    if not before or not after:
        return {}
    first, last = max(each.end for each in before), min(each.end for each in after)
    return {period: amount for period, amount in figures.items() if first < period.end < last}


def _moving(amounts: Sequence[Decimal]) -> str:
    """A run among the figures before, in words; empty where there is none, or too few to tell."""
    readings = spc_limits.xmr(amounts, len(amounts), screened=False) if len(amounts) >= FEWEST else None
    runs = {signal for one in signals(amounts, readings or []) for signal in one} if readings else set()
    for signal in runs:
        count = signal.last - signal.first + 1
        if signal.rule is Rule.TREND:
            return f"{count} figures running had {'risen' if signal.high else 'fallen'}"
        if signal.rule is Rule.SHIFT:
            return f"{count} figures running lay {'above' if signal.high else 'below'} their average"
    return ""


def _by_counts(found: Effect, known: Known, pairs: Mapping[Period, Pair]) -> Effect:
    """Shares and rates of all counts together, by the tests that a change of one is judged by."""
    per = PERS[known.unit]
    pair_before, pair_after = (
        (sum(pairs[period][0] for period in side), sum(pairs[period][1] for period in side))
        for side in (found.before, found.after)
    )
    test = comparison.shares if known.unit is Unit.PERCENT else comparison.rates
    judged = test(pair_before, pair_after, known.polarity)
    if judged.kind is comparison.Kind.CANNOT_TELL or judged.low is None or judged.high is None:
        return replace(
            found, answer=Answer.NOT_ENOUGH, rule=judged.rule, sentence=f"Not enough to tell. {judged.sentence}"
        )
    old, new = (float(per * count / out_of) for count, out_of in (pair_before, pair_after))
    low, high = judged.low, judged.high
    if known.unit is not Unit.PERCENT:  # the limits are of a ratio
        low, high = old * (low - 1), old * (high - 1)
    beyond = judged.kind is not comparison.Kind.SIMILAR
    return _judged(replace(found, rule=judged.rule, mean_before=old, mean_after=new, low=low, high=high), beyond)


def _by_ranges(found: Effect) -> Effect:
    """The difference of two means, by how much the figures before differed from each to the next."""
    before, after = list(found.before.values()), list(found.after.values())
    rule = "Limits of an XmR chart, for a mean"
    means = replace(found, rule=rule, mean_before=fmean(map(float, before)), mean_after=fmean(map(float, after)))
    if len(before) < FEWEST:
        is_one = "is" if len(before) == 1 else "are"
        words = f"Not enough results yet: there {is_one} {len(before)} of the {FEWEST} figures before that limits take."
        return replace(means, answer=Answer.NOT_ENOUGH, sentence=words)
    readings = spc_limits.xmr(before, len(before), screened=False)
    first = next(filter(None, readings or []), None)
    if first is None:
        words = "Not enough to tell: the figures before do not vary, so chance has no measure."
        return replace(means, answer=Answer.NOT_ENOUGH, sentence=words)
    reach = float(first.limits.upper - first.limits.centre)
    apart = reach * sqrt(1 / len(before) + 1 / len(after))
    difference = means.difference or 0.0
    found = replace(means, reach=reach, low=difference - apart, high=difference + apart)
    return _judged(found, abs(difference) > apart)


def _judged(found: Effect, beyond: bool) -> Effect:
    """What the difference and its limits say of the change hoped for."""
    difference, low, high = found.difference or 0.0, found.low or 0.0, found.high or 0.0
    hoped = found.hoped.of(found.mean_before or 0.0)
    way = 1 if hoped > 0 else -1
    best = high if way > 0 else -low
    as_hoped = beyond and difference * way > 0
    reached = True if as_hoped and difference * way >= hoped * way else False if best < hoped * way else None
    answer = (
        Answer.MOVED if as_hoped else Answer.OTHER if beyond
        else Answer.SMALLER if reached is False else Answer.NO_EVIDENCE
    )  # fmt: skip
    return replace(found, answer=answer, reached=reached)


REACHED = {True: "has been reached", False: "has not been reached", None: "may or may not have been reached"}


def _sentence(found: Effect, notation: Notation) -> str:
    day = write_date(found.since)
    difference, low, high = found.difference or 0.0, found.low or 0.0, found.high or 0.0
    way = "up" if difference > 0 else "down"
    reach = "further than" if found.answer in (Answer.MOVED, Answer.OTHER) else "no further than"
    limits = f"{_signed(low, notation)} {f'to {_signed(high, notation)}' if isfinite(high) else 'or more'}"
    moved = f"{way} by {_written(abs(difference), notation)}, {reach}" if difference else f"the same, {reach}"
    return (
        f"{found.answer.value.capitalize()}: {_written(found.mean_before or 0.0, notation)} before {day} "
        f"({_counted(found.before)}), {_written(found.mean_after or 0.0, notation)} after ({_counted(found.after)}): "
        f"{moved} chance allows (limits of the difference {limits}). The change hoped for, {found.hoped.words}, "
        f"{REACHED[found.reached]}."
    )


def _counted(side: Mapping[Period, Decimal]) -> str:
    first, last = min(side, key=lambda each: each.end), max(side, key=lambda each: each.end)
    if len(side) == 1:
        return f"one figure, {first.words}"
    return f"{len(side)} figures, {first.words} to {last.words}"


def _notation(known: Known, newest: Period) -> Notation:
    """As figures are printed, with one more decimal, since means lie between them."""
    value = known.results[newest]
    own = value.notation if isinstance(value, Figure) else Notation()
    return Notation(own.decimals + 1, own.grouped, own.pound, own.percent)


def _written(amount: float, notation: Notation) -> str:
    return notation.write(Decimal(repr(amount)))


def _signed(amount: float, notation: Notation) -> str:
    return _written(amount, replace(notation, plus=True)).replace("-", "−")
