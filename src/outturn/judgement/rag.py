"""Red, Amber or Green from a result and its target, by a named rule; and the status of a priority from its measures.

Councils' rules are data (`RULES`), so that a page can print the rule it judged by. Data never raise here: what cannot
be judged gives a status without a colour whose sentence says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction

from ..terms.basis import TimeBasis
from ..terms.period import YEAR_START_MONTH, Period
from ..terms.polarity import Better, Polarity
from ..terms.status import Rag
from ..terms.unit import Unit
from ..terms.value import MOST_DIGITS, Figure, Missing, Notation, Value

Given = Value | Decimal | int | float | None
Inputs = tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far short is still accepted, the limit included: in the measure's own unit, or in per cent of the target."""

    size: Decimal = Decimal(0)
    relative: bool = False

    def of(self, base: Fraction) -> Fraction | None:
        """In the measure's own unit. None for a share of nothing, which says nothing."""
        if not self.relative or not self.size:
            return Fraction(self.size)
        return Fraction(self.size) * abs(base) / 100 if base else None

    @property
    def words(self) -> str:
        """As a sentence says it."""
        return f"{self.size.normalize():,f}{'%' if self.relative else ''}"


class AmberBy(Enum):
    """What makes a result that is not Green an Amber one."""

    DISTANCE = "within the wider tolerance"
    AGREED = "within the tolerance agreed for the indicator"
    HELD = "no worse than before"
    IMPROVED = "better than before"
    NEVER = "no result is Amber"


@dataclass(frozen=True, slots=True)
class Rule:
    """How one council gives a status. `words` are its own for Green, Amber and Red; `note` says what is not known."""

    name: str
    amber_by: AmberBy
    green: Tolerance = Tolerance()
    amber: Tolerance | None = None
    words: tuple[str, str, str] = ("Green", "Amber", "Red")
    note: str = ""

    def allowing(self, amber: Tolerance, green: Tolerance | None = None) -> "Rule":
        """The rule with the tolerance agreed for one indicator in place of its own."""
        return replace(self, amber_by=AmberBy.DISTANCE, amber=amber, green=green or self.green)

    def word(self, rag: Rag) -> str:
        """The council's own word for a status."""
        return self.words[(Rag.GREEN, Rag.AMBER, Rag.RED).index(rag)]

    @property
    def sentence(self) -> str:
        """The rule for the reader."""
        at = f"within {self.green.words} of target" if self.green.size else "at target or better"
        green, amber, red = self.words
        if self.amber_by is AmberBy.NEVER:
            return f"{green} {at}, otherwise {red}."
        wider = f"within {self.amber.words} of target" if self.amber else self.amber_by.value
        return f"{green} {at}, otherwise {amber} if {wider}, otherwise {red}."


NOT_FOUND = "How far off is tolerated was not found, so each indicator has to bring its own tolerance."
HAVERING = Rule("Havering", AmberBy.HELD, Tolerance(Decimal(10), relative=True), note="Against the same quarter.")
EAST_SUSSEX = Rule("East Sussex", AmberBy.NEVER, note="At year end; blue marks what is carried over.")
LINCOLNSHIRE = Rule(
    "Lincolnshire", AmberBy.IMPROVED, words=("Achieved", "Improving but not achieved", "Not achieved"),
    note="Since when it has to have improved was not found.",
)  # fmt: skip
BRIGHTON = Rule("Brighton & Hove", AmberBy.AGREED, note="Trend indicators have no target and are grey.")
REIGATE = Rule("Reigate", AmberBy.AGREED, note="Drawn as a star, a circle and a triangle.")
HARLOW = Rule("Harlow", AmberBy.AGREED, note="Drawn as a star, a circle and a triangle.")
ROTHERHAM = Rule("Rotherham", AmberBy.AGREED, note=f"Against the milestone for the period. {NOT_FOUND}")
HOLDOUT_02 = Rule(
    "A council that rates achieving or off target", AmberBy.AGREED,
    words=("Achieving", "Slightly off", "Significantly off"), note=NOT_FOUND,
)  # fmt: skip
WITHIN_5_PER_CENT = Rule("Within 5%", AmberBy.DISTANCE, amber=Tolerance(Decimal(5), relative=True))
WITHIN_5_POINTS = Rule("Within 5 points", AmberBy.DISTANCE, amber=Tolerance(Decimal(5)))
WITHIN_10_PER_CENT = Rule("Within 10%", AmberBy.DISTANCE, amber=Tolerance(Decimal(10), relative=True))
FIVE_AND_TEN = Rule(
    "Green within 5%, Amber within 10%", AmberBy.DISTANCE, Tolerance(Decimal(5), relative=True),
    Tolerance(Decimal(10), relative=True),
)  # fmt: skip
RULES = (
    HAVERING, EAST_SUSSEX, LINCOLNSHIRE, BRIGHTON, REIGATE, HARLOW, ROTHERHAM, HOLDOUT_02, WITHIN_5_PER_CENT,
    WITHIN_5_POINTS, WITHIN_10_PER_CENT, FIVE_AND_TEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """A status with its rule, what it was computed from, and a sentence; no `rag` where it cannot be judged."""

    rule: Rule
    inputs: Inputs
    sentence: str
    rag: Rag | None = None

    @property
    def words(self) -> str:
        """The council's word, or that there is none."""
        return self.rule.word(self.rag) if self.rag else "Not judged"


def status(result: Given, target: Given, polarity: Polarity, rule: Rule, earlier: Given = None) -> Status:
    """Judge a result against the target for the same period (`expected` gives it).

    A wanted range is its own target, and `target` is then not looked at. `earlier` is the result before, for rules
    that ask whether it held or improved.
    """
    inputs: Inputs = (("result", result), ("target", target), ("polarity", polarity), ("earlier", earlier))

    def unjudged(why: str) -> Status:
        return Status(rule, inputs, f"No status, because {why}.")

    fault = _fault("the result", result)
    amount = number(result)
    if fault or amount is None:
        return unjudged(fault)
    if polarity.better is Better.NEUTRAL:
        return unjudged("no direction is better")
    fault = "" if polarity.better is Better.WITHIN else _fault("the target", target)
    aim = _nearer_end(amount, polarity) if polarity.better is Better.WITHIN else number(target)
    if fault or aim is None:
        return unjudged(fault or "the wanted range has no ends")
    short = _short(amount, aim, polarity)
    if polarity.better is Better.WITHIN and not short:
        return _coloured(Rag.GREEN, rule, inputs, _said(result, target, short, aim, polarity, rule))
    green, amber = rule.green.of(aim), rule.amber.of(aim) if rule.amber else Fraction(0)
    if green is None or amber is None:
        return unjudged("a share of a target of zero is nothing: give a tolerance in the measure's own unit")
    if rule.amber_by is AmberBy.AGREED:
        return unjudged("the rule takes a tolerance agreed for the indicator, and none is given")
    said = _said(result, target, short, aim, polarity, rule)
    if short <= green:
        return _coloured(Rag.GREEN, rule, inputs, said + _allowed(short, rule.green))
    if rule.amber_by in (AmberBy.HELD, AmberBy.IMPROVED):
        return _by_earlier(amount, earlier, polarity, rule, inputs, said)
    if rule.amber_by is AmberBy.DISTANCE and rule.amber and short <= amber:
        return _coloured(Rag.AMBER, rule, inputs, said + _allowed(short, rule.amber))
    widest = rule.amber or rule.green
    return _coloured(Rag.RED, rule, inputs, said + (f", beyond the {widest.words} allowed" if widest.size else ""))


def number(given: Given) -> Fraction | None:
    """The number exactly, or None where there is none to reckon with: missing, infinite, or a slip of the keyboard."""
    amount = given.amount if isinstance(given, Figure) else given
    if amount is None or isinstance(amount, Missing):
        return None
    exact = Decimal(int(amount)) if isinstance(amount, bool) else Decimal(str(amount))  # 0.1 is meant as a tenth
    if not exact.is_finite():
        return None
    if not exact:
        return Fraction(0)
    return Fraction(exact) if abs(exact.adjusted()) < MOST_DIGITS else None


def write(given: Given) -> str:
    """A figure as its council prints it but without remarks; a number with no more digits than it needs."""
    if isinstance(given, Figure):
        return given.notation.write(given.amount)
    amount = number(given)
    if amount is None:
        return "nothing"
    return _trimmed(amount, 2 if abs(amount) >= 1 else 4)


def _fault(name: str, given: Given) -> str:
    if given is None:
        return f"{name} is missing"
    if isinstance(given, Missing):
        return f"{name} is missing: {given.words}"
    return f"{name} is not a number that can be reckoned with" if number(given) is None else ""


def _nearer_end(amount: Fraction, polarity: Polarity) -> Fraction | None:
    if polarity.low is None or polarity.high is None:
        return None
    low, high = Fraction(polarity.low), Fraction(polarity.high)
    return low if abs(amount - low) <= abs(amount - high) else high


def _short(amount: Fraction, aim: Fraction, polarity: Polarity) -> Fraction:
    """How much worse than its aim, in the measure's unit; below zero where better."""
    if polarity.better is Better.HIGHER:
        return aim - amount
    if polarity.better is Better.LOWER:
        return amount - aim
    inside = Fraction(polarity.low or 0) <= amount <= Fraction(polarity.high or 0)
    return Fraction(0) if inside else abs(amount - aim)


def _said(result: Given, target: Given, short: Fraction, aim: Fraction, polarity: Polarity, rule: Rule) -> str:
    within = polarity.better is Better.WITHIN
    wanted = f"the wanted range of {polarity.low} to {polarity.high}" if within else f"the target of {write(target)}"
    if short <= 0:
        return f"{write(result)} {'is in' if within else 'meets'} {wanted}"
    limits = [limit for limit in (rule.green, rule.amber) if limit and limit.size]
    relative = bool(aim) and (limits[0].relative if limits else False)
    size = _told_apart(short / abs(aim) * 100 if relative else short, [Fraction(limit.size) for limit in limits])
    return f"{write(result)} is {size}{'%' if relative else ''} {'outside' if within else 'worse than'} {wanted}"


def _allowed(short: Fraction, tolerance: Tolerance) -> str:
    return f", within the {tolerance.words} allowed" if short > 0 else ""


def _told_apart(size: Fraction, limits: Sequence[Fraction]) -> str:
    """Rounded to a decimal, or as many as keep it from reading like a limit that it is not, or like nothing."""
    for places in range(1, 12):
        text = _trimmed(size, places)
        shown = Fraction(text.replace(",", ""))
        if shown == size or shown not in (0, *limits):
            return text
    return f"{float(size):g}"


def _trimmed(amount: Fraction, places: int) -> str:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    text = Notation(decimals=places, grouped=True).write(exact)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _coloured(rag: Rag, rule: Rule, inputs: Inputs, said: str) -> Status:
    return Status(rule, inputs, f"{rule.word(rag)}: {said}.", rag)


def _by_earlier(amount: Fraction, earlier: Given, polarity: Polarity, rule: Rule, inputs: Inputs, said: str) -> Status:
    fault = _fault("the earlier result", earlier)
    before = number(earlier)
    if before is None:
        return Status(rule, inputs, f"No status, because {said}, and {fault}.")
    was, now = (from_good(value, polarity) for value in (before, amount))
    held = now <= was if rule.amber_by is AmberBy.HELD else now < was
    compared = "better than" if now < was else "no better or worse than" if now == was else "worse than"
    return _coloured(
        Rag.AMBER if held else Rag.RED, rule, inputs, f"{said}, and {compared} the {write(earlier)} before"
    )


def from_good(amount: Fraction, polarity: Polarity) -> Fraction:
    """As `Polarity.distance`, exactly: less is better. The wanted range has both ends."""
    if polarity.better is Better.HIGHER:
        return -amount
    if polarity.better is Better.LOWER:
        return amount
    return max(Fraction(polarity.low or 0) - amount, amount - Fraction(polarity.high or 0), Fraction(0))


class Shape(StrEnum):
    """How a target for the whole year is spread over it."""

    STRAIGHT = "straight line"
    LAST_YEAR = "last year's shape"
    GIVEN = "as given"


@dataclass(frozen=True, slots=True)
class Expected:
    """What is due by the end of a period; no `amount` where it cannot be said."""

    rule: str
    inputs: Inputs
    sentence: str
    amount: Decimal | None = None


def expected(
    target: Given,
    period: Period,
    basis: TimeBasis,
    unit: Unit,
    shape: Shape = Shape.STRAIGHT,
    last_year: Mapping[Period, Value] | None = None,
    milestones: Mapping[Period, Value] | None = None,
) -> Expected:
    """The part of a full year's target that is due in `period`.

    Only what adds up from 1 April is spread: rates, percentages, positions on a day and rolling years have the same
    target all year. `last_year` holds the running totals of the year before, its whole year included.
    """
    inputs: Inputs = (("target", target), ("period", period.code), ("basis", basis.wording), ("shape", shape.value))
    if shape is Shape.GIVEN:
        given = (milestones or {}).get(period)
        fault = _fault(f"the milestone for {period.words}", given)
        return _expected(shape, inputs, number(given), fault, f"{write(given)} is the milestone for {period.words}.")
    whole, fault = number(target), _fault("the target", target)
    if whole is None:
        return _expected(shape, inputs, None, fault, "")
    if basis is not TimeBasis.YTD_SUM or not unit.is_additive or _months(period) == 12:
        return _expected("not spread", inputs, whole, "", f"The target is {write(target)} all year.")
    if shape is Shape.STRAIGHT:
        share = _months(period) / 12
    else:
        found, fault = _share(period, last_year or {})
        if found is None:
            return _expected(shape, inputs, None, fault, "")
        share = found
    due = whole * share
    part = f"{write(_decimal(due))} of the year's {write(target)}"
    said = f"{part} is due by the end of {period.words}, by {shape.value}."
    return _expected(shape, inputs, due, "", said)


def _expected(rule: str, inputs: Inputs, amount: Fraction | None, fault: str, said: str) -> Expected:
    if amount is None:
        return Expected(rule, inputs, f"No target for the period, because {fault}.")
    return Expected(rule, inputs, said, _decimal(amount))


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)


def _months(period: Period) -> Fraction:
    """Months of the financial year gone by the period's last day; a month that is not over counts by its days."""
    days = Period.month(period.end.year, period.end.month).end.day
    return (period.end.month - YEAR_START_MONTH) % 12 + Fraction(period.end.day, days)


def _share(period: Period, last_year: Mapping[Period, Value]) -> tuple[Fraction | None, str]:
    before = period.same_last_year()
    year = before.financial_year
    ends = (year, Period.quarter(year.first_year, 4), Period.to_date(year.end))
    part = number(last_year.get(before))
    whole = next((total for end in ends if (total := number(last_year.get(end))) is not None), None)
    if part is None or whole is None:
        return None, f"there is no figure for {before.words if part is None else year.words} to take the shape from"
    if whole <= 0 or not 0 <= part <= whole:
        return None, f"the figures of {year.words} do not add up from nothing to a total"
    return part / whole, ""


class RollUpBy(Enum):
    """How a priority gets its status."""

    WORST = "the worst status of its measures"
    MOST = "the status that most of its measures have, and of equals the worse"
    JUDGED = "an officer's judgement, kept apart from its measures as in Leeds and Oxfordshire"


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The status of a priority with its rule, the statuses it came from and a sentence."""

    rule: RollUpBy
    inputs: tuple[Rag | None, ...]
    sentence: str
    rag: Rag | None = None


WORST_FIRST = (Rag.RED, Rag.AMBER, Rag.GREEN)


def roll_up(measures: Sequence[Rag | None], rule: RollUpBy = RollUpBy.WORST, judged: Rag | None = None) -> RolledUp:
    """The status of a priority. A measure without status never counts as Green: it stops the roll-up if it could
    change the answer.
    """
    inputs = tuple(measures)
    counts = ", ".join(f"{inputs.count(rag)} {rag.value}" for rag in WORST_FIRST if rag in inputs)
    without = inputs.count(None)
    listed = ", ".join(filter(None, (counts, f"{without} without status" if without else ""))) or "no measures"
    if rule is RollUpBy.JUDGED:
        word = f"{judged.value} by" if judged else "No status, because there is no record of"
        return RolledUp(rule, inputs, f"{word} {rule.value}: {listed}.", judged)
    if without == len(inputs):
        return RolledUp(rule, inputs, f"No status, because nothing under it has one: {listed}.")
    answers = {_picked([filling if rag is None else rag for rag in inputs], rule) for filling in WORST_FIRST}
    if len(answers) > 1:
        return RolledUp(rule, inputs, f"No status, because what is missing could change it: {listed}.")
    rag = answers.pop()
    return RolledUp(rule, inputs, f"{rag.value}, {rule.value}: {listed}.", rag)


def _picked(measures: Sequence[Rag], rule: RollUpBy) -> Rag:
    if rule is RollUpBy.WORST:
        return next(rag for rag in WORST_FIRST if rag in measures)
    return max(WORST_FIRST, key=measures.count)  # the first, and so the worse, of equals
