"""Published figures beside ours: what differs, and what would make them equal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from outturn.measures.definition import Measure
from outturn.returns.published import Key, Theirs

from .result import SCALES, Result, rounded

ROUNDED_TO = 5
MARKERS = {
    "[c]": "They withhold it, because it is small.", "[x]": "They have no figure, or a denominator of nought.",
    "[z]": "They say that it does not apply.", "[u]": "They say that it is not reliable.",
    "[low]": "Theirs rounds to nought.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """A published figure and ours. `verdict`: the same, the same but for rounding, different, or not compared."""

    measure: str
    part: str | None
    area: str
    period: str
    breakdown: Mapping[str, str]
    theirs: Mapping[str, float]
    ours: Mapping[str, float | None]
    verdict: str
    reasons: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


SAME, SAME_ROUNDED, DIFFERENT, NOT_COMPARED = "the same", "the same but for rounding", "different", "not compared"


def key_of(result: Result) -> Key:
    """What a result is about."""
    return (result.measure, result.part, result.area, result.period, tuple(sorted(result.breakdown.items())))


def beside(key: Key, theirs: Theirs, ours: Result | None, measure: Measure) -> Beside:
    """A published figure beside ours, with the reasons that the two alone show."""
    reasons = list(dict.fromkeys(MARKERS.get(one, f"They print {one}.") for one in theirs.markers.values()))
    if ours is None:
        verdict = NOT_COMPARED
        reasons.append(f"We have no such figure of {measure.code}.")
    elif ours.value is None:
        is_nobody = ours.denominator == 0 == theirs.numbers.get("denominator")
        verdict = SAME if is_nobody else NOT_COMPARED
        reasons.append(ours.because)
    elif not theirs.numbers:
        verdict = NOT_COMPARED
    else:
        verdict = agreement(theirs, ours, measure)
        if verdict == SAME_ROUNDED:
            reasons.append(f"Their numbers are ours to the nearest {ROUNDED_TO}.")
    return Beside(
        key[0], key[1], key[2], key[3], dict(key[4]),
        {name: float(number) for name, number in theirs.numbers.items()},
        {"numerator": ours.numerator, "denominator": ours.denominator,
         "outcome": None if ours.value is None else float(ours.value)} if ours else {},
        verdict, tuple(reasons),
    )  # fmt: skip


def agreement(theirs: Theirs, ours: Result, measure: Measure) -> str:
    """Whether all numbers they give are ours, exactly or to the nearest 5 (populations are never rounded)."""
    if not all(_same_outcome(number, ours, measure) for name, number in theirs.numbers.items() if name == "outcome"):
        return DIFFERENT
    rounds = False
    for name, number in theirs.numbers.items():
        our = {"numerator": ours.numerator, "denominator": ours.denominator}.get(name)
        if name == "outcome" or our == number:
            continue
        if our is None or number != rounded(Fraction(our, ROUNDED_TO), 0) * ROUNDED_TO:
            return DIFFERENT
        rounds = True
    return SAME_ROUNDED if rounds else SAME


def _same_outcome(number: Decimal, ours: Result, measure: Measure) -> bool:
    """To as many places as the less precise of the two has."""
    if ours.value is None:
        return False
    exponent = number.as_tuple().exponent
    places = min(-exponent if isinstance(exponent, int) else 0, measure.decimals)
    scale = SCALES.get(measure.kind)
    if scale and ours.numerator is not None and ours.denominator:
        return rounded(Fraction(ours.numerator * scale, ours.denominator), places) == rounded(Fraction(number), places)
    return rounded(Fraction(ours.value), places) == rounded(Fraction(number), places)


def differences(theirs: Theirs, ours: Result) -> Iterator[str]:
    """The numbers that differ, in words."""
    values = {"numerator": ours.numerator, "denominator": ours.denominator, "outcome": ours.value}
    for name, number in theirs.numbers.items():
        our = values[name]
        if our is not None and Decimal(our) != number:
            yield f"{name} {number.normalize():f} against our {Decimal(our).normalize():f}"


def agreeing(theirs: Theirs, tried: Sequence[tuple[str, Result]], measure: Measure) -> list[str]:
    """The names under which our figure is theirs."""
    return [name for name, ours in tried if ours.value is not None and agreement(theirs, ours, measure) != DIFFERENT]
