"""Red, Amber or Green from a result and its target, by a named rule; and the status of a priority from its measures.

Councils' rules are data (`RULES`), so that a page can print the rule it judged by. Data never raise here: what cannot
be judged gives a status without a colour whose sentence says why.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from enum import Enum, StrEnum
from functools import lru_cache

from ..terms.basis import TimeBasis
from ..terms.period import YEAR_START_MONTH, Period, PeriodKind
from ..terms.polarity import Better, Polarity
from ..terms.status import Rag
from ..terms.unit import Unit
from ..terms.value import MOST_DIGITS, Figure, Missing, Notation, Value

Given = Value | Decimal | int | float | None
Inputs = tuple[tuple[str, object], ...]
EXACT = Context(prec=4 * MOST_DIGITS)
"""Digits enough for the product of two amounts with all their decimals: within it nothing but a division is rounded."""
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far short is still accepted, the limit included: in the measure's own unit, or in per cent of the target."""

    size: Decimal = NOTHING
    relative: bool = False

    def of(self, base: Decimal) -> Decimal | None:
        """In the measure's own unit. None for a share of nothing, which says nothing."""
        if not self.relative or not self.size:
            return self.size
        return self.size * abs(base) / 100 if base else None

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
    with localcontext(EXACT):
        rag, said = _status(result, target, polarity, rule, earlier)
    return Status(rule, inputs, f"{rule.word(rag)}: {said}." if rag else f"No status, because {said}.", rag)


def _status(
    result: Given, target: Given, polarity: Polarity, rule: Rule, earlier: Given
) -> tuple[Rag | None, str]:
    """The status with its grounds, or none with the reason."""
    amount = number(result)
    if amount is None:
        return None, _fault("the result", result)
    if polarity.better is Better.NEUTRAL:
        return None, "no direction is better"
    within = polarity.better is Better.WITHIN
    aim = _nearer_end(amount, polarity) if within else number(target)
    if aim is None:
        return None, "the wanted range has no ends" if within else _fault("the target", target)
    short = _short(amount, aim, polarity)
    if within and not short:
        return Rag.GREEN, _said(result, target, short, aim, polarity, rule)
    green, amber = rule.green.of(aim), rule.amber.of(aim) if rule.amber else NOTHING
    if green is None or amber is None:
        return None, "a share of a target of zero is nothing: give a tolerance in the measure's own unit"
    if rule.amber_by is AmberBy.AGREED:
        return None, "the rule takes a tolerance agreed for the indicator, and none is given"
    said = _said(result, target, short, aim, polarity, rule)
    if short <= green:
        return Rag.GREEN, said + (f", within {_allowed(rule.green, green, result)}" if short > 0 else "")
    if rule.amber_by in (AmberBy.HELD, AmberBy.IMPROVED):
        return _by_earlier(amount, earlier, polarity, rule, said)
    if rule.amber_by is AmberBy.DISTANCE and rule.amber and short <= amber:
        return Rag.AMBER, f"{said}, within {_allowed(rule.amber, amber, result)}"
    widest, size = (rule.amber, amber) if rule.amber else (rule.green, green)
    return Rag.RED, said + (f", beyond {_allowed(widest, size, result)}" if size else "")


def number(given: Given) -> Decimal | None:
    """The number exactly, or None where there is none to reckon with: missing, infinite, or a slip of the keyboard."""
    amount = given.amount if isinstance(given, Figure) else given
    if amount is None or isinstance(amount, Missing):
        return None
    if not isinstance(amount, Decimal):
        amount = Decimal(int(amount)) if isinstance(amount, bool) else Decimal(str(amount))  # 0.1 is meant as a tenth
    if not amount.is_finite():
        return None
    if not amount:
        return NOTHING
    return amount if abs(amount.adjusted()) < MOST_DIGITS else None


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


def _nearer_end(amount: Decimal, polarity: Polarity) -> Decimal | None:
    if polarity.low is None or polarity.high is None:
        return None
    return polarity.low if abs(amount - polarity.low) <= abs(amount - polarity.high) else polarity.high


def _short(amount: Decimal, aim: Decimal, polarity: Polarity) -> Decimal:
    """How much worse than its aim, in the measure's unit; below zero where better."""
    if polarity.better is Better.HIGHER:
        return aim - amount
    if polarity.better is Better.LOWER:
        return amount - aim
    return polarity.distance(amount) or NOTHING


def _said(result: Given, target: Given, short: Decimal, aim: Decimal, polarity: Polarity, rule: Rule) -> str:
    within = polarity.better is Better.WITHIN
    wanted = f"the wanted range of {polarity.low} to {polarity.high}" if within else f"the target of {write(target)}"
    if short <= 0:
        return f"{write(result)} {'is in' if within else 'meets'} {wanted}"
    limits = [limit for limit in (rule.green, rule.amber) if limit and limit.size]
    relative = bool(aim) and (limits[0].relative if limits else False)
    size = _told_apart(short / abs(aim) * 100 if relative else short, [limit.size for limit in limits])
    return f"{write(result)} is {size}{'%' if relative else ''} {'outside' if within else 'worse than'} {wanted}"


def _allowed(tolerance: Tolerance, size: Decimal, result: Given) -> str:
    """A share of a percentage says too how many points it comes to, since readers take 5% of 2% for five points."""
    of_share = tolerance.relative and isinstance(result, Figure) and result.notation.percent
    return f"the {tolerance.words}{f' ({_trimmed(size, 2)} points)' if of_share else ''} allowed"


def _told_apart(size: Decimal, limits: Sequence[Decimal]) -> str:
    """Rounded to a decimal, or as many as keep it from reading like a limit that it is not, or like nothing."""
    for places in range(1, 12):
        text = _trimmed(size, places)
        shown = Decimal(text.replace(",", ""))
        if shown == size or shown not in (0, *limits):
            return text
    return f"{float(size):g}"


def _trimmed(amount: Decimal, places: int) -> str:
    text = _grouped(places).write(amount)
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache
def _grouped(places: int) -> Notation:
    return Notation(decimals=places, grouped=True)


def _by_earlier(
    amount: Decimal, earlier: Given, polarity: Polarity, rule: Rule, said: str
) -> tuple[Rag | None, str]:
    before = number(earlier)
    if before is None:
        return None, f"{said}, and {_fault('the earlier result', earlier)}"
    was, now = (polarity.distance(value) or NOTHING for value in (before, amount))
    held = now <= was if rule.amber_by is AmberBy.HELD else now < was
    compared = "better than" if now < was else "no better or worse than" if now == was else "worse than"
    return Rag.AMBER if held else Rag.RED, f"{said}, and {compared} the {write(earlier)} before"


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
    """The part of a full year's target that is due by the end of `period`, or in it where each stands by itself.

    Only what adds up is spread: rates, percentages, positions on a day and rolling years have the same target all
    year. `last_year` holds the results of the year before on the same basis, its whole year included.
    """
    inputs: Inputs = (("target", target), ("period", period.code), ("basis", basis.wording), ("shape", shape.value))
    if shape is Shape.GIVEN:
        given = (milestones or {}).get(period)
        fault = _fault(f"the milestone for {period.words}", given)
        return _expected(shape, inputs, number(given), fault, f"{write(given)} is the milestone for {period.words}.")
    whole = number(target)
    if whole is None:
        return _expected(shape, inputs, None, _fault("the target", target), "")
    alone = basis is TimeBasis.IN_PERIOD and period.kind in PARTS
    gone, year = PARTS[period.kind] if alone else _days(period)
    if not (alone or basis is TimeBasis.YTD_SUM) or not unit.is_additive or gone == year:
        return _expected("not spread", inputs, whole, "", f"The target is {write(target)} all year.")
    if shape is Shape.LAST_YEAR:
        gone, year, fault = _last_year(period, last_year or {}, alone)
        if fault:
            return _expected(shape, inputs, None, fault, "")
    with localcontext(EXACT):
        due = whole * gone / year
    due = +due  # rounded to as many digits as elsewhere
    part = f"{write(due)} of the year's {write(target)}"
    said = f"{part} is due {'in' if alone else 'by the end of'} {period.words}, by {shape.value}."
    return _expected(shape, inputs, due, "", said)


def _expected(rule: str, inputs: Inputs, amount: Decimal | None, fault: str, said: str) -> Expected:
    return Expected(rule, inputs, f"No target for the period, because {fault}." if amount is None else said, amount)


PARTS = {PeriodKind.QUARTER: (Decimal(1), Decimal(4)), PeriodKind.MONTH: (Decimal(1), Decimal(12))}
"""The part of a year that a period is, out of how many."""


def _days(period: Period) -> tuple[Decimal, Decimal]:
    """How much of the financial year is gone by the period's last day, out of how much, were all months as long."""
    days = monthrange(period.end.year, period.end.month)[1]
    return Decimal((period.end.month - YEAR_START_MONTH) % 12 * days + period.end.day), Decimal(12 * days)


def _last_year(period: Period, results: Mapping[Period, Value], alone: bool) -> tuple[Decimal, Decimal, str]:
    """The same for last year's results, or a reason. Where each period stands alone, no part of it is the whole."""
    before = period.same_last_year()
    year = before.financial_year
    ends = (year,) if alone else (year, Period.quarter(year.first_year, 4), Period.to_date(year.end))
    part = number(results.get(before))
    whole = next((total for end in ends if (total := number(results.get(end))) is not None), None)
    fault = ""
    if part is None or whole is None:
        fault = f"there is no figure for {before.words if part is None else year.words} to take the shape from"
    elif whole <= 0 or not 0 <= part <= whole:
        fault = f"the figures of {year.words} do not add up from nothing to a total"
    return part or NOTHING, whole or NOTHING, fault


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
