"""Where an area stands among others: its rank and how far chance could move it, its fifth or quarter, the median.

Ranks of noisy figures mislead, so a rank always comes with the range that chance allows. All verdicts count only areas
that have a figure, and the area itself among them; those without one are never taken for the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from ..results.interval import LEVEL, normal
from ..terms.polarity import Better, Polarity
from .comparison import Comparison, Kind, estimates, rates, shares
from .uncertainty import (
    SURVEY_Z,
    Inputs,
    Interval,
    Number,
    cannot,
    number_fault,
    percent,
    proportion,
    rate,
    write,
)

FIFTHS, QUARTERS = 5, 4
PARTS = {FIFTHS: "fifth", QUARTERS: "quarter"}
WORDS = {
    FIFTHS: ("{0}", "second {0}", "middle", "second {1}", "{1}"), QUARTERS: ("{0}", "second {0}", "second {1}", "{1}"),
}  # fmt: skip
"""From one end to the other. Fingertips has worse, middle and better, which could be taken for more than one fifth."""
NO_DIRECTION = "no direction is better, so there is no best"


@dataclass(frozen=True, slots=True)
class Scale:
    """What figures are out of, how they are printed, and whether they are rates of events."""

    per: int = 100
    places: int = 1
    is_rate: bool = False
    sign: str = ""
    """What is printed behind a figure, such as a % sign."""

    def write(self, value: Number) -> str:
        """A figure for a reader."""
        return f"{write(float(value), self.places)}{self.sign}"


@dataclass(frozen=True, slots=True)
class Area:
    """An area's figure as it was published or recorded, with what it rests on where that is known.

    `count` and `out_of` for a full count, the 95% `margin` of error for a survey. `code` tells areas apart.
    """

    name: str
    value: Number | None
    count: Number | None = None
    out_of: Number | None = None
    margin: Number | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among `of` areas, 1 being the best, and the places between which chance could have put it."""

    rule: str
    inputs: Inputs
    sentence: str
    place: int | None = None
    of: int = 0
    best: int | None = None
    worst: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The fifth or quarter that an area is in: `number` 1 is that of the best, or of the lowest where none is best."""

    rule: str
    inputs: Inputs
    sentence: str
    number: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Middle:
    """How far from the median, in median absolute deviations: half of all areas lie within one."""

    rule: str
    inputs: Inputs
    sentence: str
    median: float | None = None
    deviation: float | None = None
    distance: float | None = None


def rank(own: Area, others: Sequence[Area], polarity: Polarity, scale: Scale, level: float = LEVEL) -> Rank:
    """The rank with ties given the best of their places, and the range of ranks at a level.

    The range leaves out every place that an area clearly better or worse holds, each tested at a level that makes all
    the tests together as sure as `level` (Bonferroni's rule), so that it holds the true rank at least that often.
    """
    rule = "Rank, ties sharing the best place; range by tests of each difference"
    inputs: Inputs = (("own", own), ("others", tuple(others)), ("polarity", polarity.wording), ("level", level))
    rest = _there(own, others)
    fault = number_fault("the figure", own.value) or _alone(rest)
    if not fault and polarity.better is Better.NEUTRAL:
        fault = NO_DIRECTION
    if fault:
        return Rank(rule, inputs, cannot(fault), of=len(rest) + 1)
    ours = _badness(own, polarity)
    place, of = 1 + sum(_badness(area, polarity) < ours for area in rest), len(rest) + 1
    found = Rank(rule, inputs, "", place, of)
    tied = sum(_badness(area, polarity) == ours for area in rest)
    shared = f", shared with {tied} {'other' if tied == 1 else 'others'}" if tied else ""
    sentence = f"Ranked {place} of {of}{shared} (1 is best)"
    if polarity.better is Better.WITHIN:
        return replace(found, sentence=f"{sentence}; how far chance could move a rank by nearness is not worked out.")
    each = 1 - (1 - level) / len(rest)
    verdicts = [difference(area, own, polarity, scale, each).kind for area in rest if _is_testable(own, area)]
    if not verdicts:
        return replace(found, sentence=f"{sentence}; how far chance could move it is not known, for want of counts.")
    best, worst = 1 + verdicts.count(Kind.WORSE), of - verdicts.count(Kind.BETTER)
    best, worst = min(best, place), max(worst, place)
    chance = f"chance alone could have put it anywhere from {best} to {worst}"
    if best == worst:
        chance = "no other place is within the reach of chance"
    return replace(found, best=best, worst=worst, sentence=f"{sentence}; {chance}.")


def part(
    own: Area, others: Sequence[Area], polarity: Polarity, parts: int = FIFTHS, ranked: Rank | None = None
) -> Part:
    """The fifth (or quarter) by rank, as PHEindicatormethods has it: equal figures are always in one part.

    Given the rank as well, the sentence says into which other parts chance could have put it.
    """
    noun = PARTS[parts]
    rule = f"{noun.capitalize()}s by rank (phe_quantile)"
    inputs: Inputs = (("own", own), ("others", tuple(others)), ("polarity", polarity.wording), ("parts", parts))
    rest = _there(own, others)
    of = len(rest) + 1
    fault = number_fault("the figure", own.value)
    if not fault and of < parts:
        fault = f"{noun}s take {parts} councils, and {of} {'has' if of == 1 else 'have'} a figure"
    if fault:
        return Part(rule, inputs, cannot(fault))
    ends = ("lowest", "highest") if polarity.better is Better.NEUTRAL else ("best", "worst")
    names = [words.format(*ends) for words in WORDS[parts]]
    ours = _badness(own, polarity)
    number = quantile(1 + sum(_badness(area, polarity) < ours for area in rest), of, parts)
    sentence = f"In the {names[number - 1]} {noun} of {of} councils"
    if ranked and ranked.best and ranked.worst:
        first, last = (names[quantile(place, of, parts) - 1] for place in (ranked.best, ranked.worst))
        where = f"anywhere from the {first} to the {last}" if (first, last) != ends else "in any of them"
        sentence += f"; chance alone could have put it {where}" if first != last else ", whatever chance did"
    return Part(rule, inputs, f"{sentence}.", number, f"{names[number - 1]} {noun}")


def quantile(place: int, of: int, parts: int) -> int:
    """The part of the place from one end (ties sharing the first of theirs): PHEindicatormethods' formula, exactly."""
    above = -((-(of + 1 - place) * parts) // of)  # rounded up
    return max(1, parts + 1 - above)


def middle(own: Area, others: Sequence[Area], scale: Scale) -> Middle:
    """The distance from the median in raw median absolute deviations, without the factor for a normal curve."""
    rule = "Distance from the median in median absolute deviations"
    inputs: Inputs = (("own", own), ("others", tuple(others)))
    rest = _there(own, others)
    fault = number_fault("the figure", own.value) or _alone(rest)
    if fault or own.value is None:
        return Middle(rule, inputs, cannot(fault))
    values = [_exact(area.value) for area in (own, *rest)]
    centre = median(values)
    deviation = median(abs(value - centre) for value in values)
    found = Middle(rule, inputs, "", float(centre), float(deviation))
    told = f"The median of {len(values)} councils is {scale.write(centre)}"
    if not deviation:
        return replace(found, sentence=f"{told}, and at least half of them are at it.")
    distance = float((_exact(own.value) - centre) / deviation)
    near = f"half of them lie within {write(float(deviation), scale.places)} of it"
    side = f"{write(abs(distance), 1)} times as far {'above' if distance > 0 else 'below'} it" if distance else "at it"
    return replace(found, distance=distance, sentence=f"{told}, and {near}; this figure lies {side}.")


def interval(area: Area, scale: Scale, level: float = LEVEL) -> Interval:
    """The limits of an area's figure: from its margin of error, or from its counts where they give its figure."""
    inputs: Inputs = (("area", area), ("scale", scale))
    fault = number_fault("the figure", area.value)
    if not fault and area.margin is not None:
        fault = number_fault("the margin of error", area.margin)
        if not fault and area.margin < 0:
            fault = "the margin of error is below zero"
    if fault or area.value is None:
        return Interval("None", inputs, cannot(fault), level)
    value = float(area.value)
    if area.margin is not None:
        reach = float(area.margin) * normal(level) / SURVEY_Z
        low, high = value - reach, value + reach
        limits = f"{scale.write(low)} to {scale.write(high)}"
        words = f"{scale.write(value)}, with {percent(level)} limits of {limits}."
        return Interval("Published margin of error", inputs, words, level, value, low, high)
    if area.count is None or area.out_of is None:
        return Interval("None", inputs, cannot("what the figure rests on is not known"), level, value)
    reckon = rate if scale.is_rate else proportion
    found = reckon(area.count, area.out_of, scale.per, level, scale.places)
    if found.value is not None and abs(found.value - value) > 10**-scale.places:
        given = f"{scale.write(value)} is not {area.count:,} out of {area.out_of:,}"
        return Interval("None", inputs, cannot(given), level, value)
    return found


def difference(before: Area, after: Area, polarity: Polarity, scale: Scale, level: float = LEVEL) -> Comparison:
    """Whether two areas' figures differ by more than chance; better means that `after` is."""
    if before.margin is not None and after.margin is not None:
        pair = (before.value, before.margin), (after.value, after.margin)
        return estimates(*pair, polarity, level, scale.places)
    counts = (before.count, before.out_of), (after.count, after.out_of)
    if scale.is_rate:
        return rates(*counts, polarity, scale.per, level, scale.places)
    return shares(*counts, polarity, level, scale.places)


def _is_testable(one: Area, other: Area) -> bool:
    if one.margin is not None and other.margin is not None:
        return True
    return None not in (one.count, one.out_of, other.count, other.out_of)


def _there(own: Area, others: Sequence[Area]) -> list[Area]:
    """The others that have a figure, without the area itself."""
    return [
        area for area in others
        if not number_fault("", area.value) and not (own.code and area.code == own.code)
    ]  # fmt: skip


def _alone(rest: Sequence[Area]) -> str:
    return "" if rest else "no other area has a figure"


def _badness(area: Area, polarity: Polarity) -> Decimal:
    """Less is better; where no direction is, less is lower."""
    value = _exact(area.value)
    distance = polarity.distance(value)
    return value if distance is None else distance


def _exact(value: Number | None) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))
