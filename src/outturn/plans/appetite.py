"""How much risk a council accepts, and who has to know: appetite and escalation, by the council's own rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..terms.status import Rag
from .risk import Risk
from .scheme import FIVE_BY_FIVE, Line, Scheme


class Level(StrEnum):
    """Whose register a risk stands in, the lowest first."""

    SERVICE = "service"
    DIRECTORATE = "directorate"
    CORPORATE = "corporate"


OUTSIDE = "outside appetite"


@dataclass(frozen=True, slots=True)
class RiskRules:
    """How a council scores risks and what it does about the scores.

    An appetite is the highest that is accepted: for every risk, or by category. `escalation` has the line from which a
    risk goes to a level; None there stands for any risk outside its appetite.
    """

    scheme: Scheme = FIVE_BY_FIVE
    appetite: Line | None = None
    appetites: Mapping[str, Line] = field(default_factory=dict)
    escalation: Mapping[Level, Line | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Appetite:
    """Whether a risk is within the appetite for it; None where that cannot be told."""

    within: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """The level a risk has come to, and why."""

    level: Level
    because: str


def appetite_of(risk: Risk, rules: RiskRules) -> Appetite:
    """Hold a risk against its own line, that of its category, or the council's."""
    category = {name.casefold(): (line, f" for {name}") for name, line in rules.appetites.items()}
    line, whose = category.get(risk.category.casefold(), (rules.appetite, ""))
    if risk.appetite:
        try:
            line, whose = rules.scheme.read_line(risk.appetite), " for this risk"
        except ValueError:  # of a scheme that the council had before
            words = f"Its own appetite, {risk.appetite}, is no line by “{rules.scheme.name}”. Set it again."
            return Appetite(None, words)
    if line is None:
        return Appetite(None, "No appetite has been set for it.")
    above = _compare(risk, line)
    if above is None:
        return Appetite(None, f"{_why_not(risk)}, so it cannot be held against the appetite of {line.words}{whose}.")
    side = "above" if above > 0 else "within"
    return Appetite(above <= 0, f"{risk.now.printed} is {side} the appetite of {line.words}{whose}.")


def escalated(risk: Risk, rules: RiskRules) -> Escalated:
    """The highest level to which a rule takes the risk."""
    unknown = ""
    for level in reversed(Level):
        if level not in rules.escalation:
            continue
        line = rules.escalation[level]
        if line is None:
            if appetite_of(risk, rules).within is False:
                return Escalated(level, "It is outside its appetite.")
            continue
        above = _compare(risk, line)
        if above is None:
            unknown = f" {_why_not(risk)}, so the line of {line.words} cannot be applied."
        elif above >= 0:
            return Escalated(level, f"{risk.now.printed} is at or above {line.words}.")
    if not rules.escalation:
        return Escalated(Level.SERVICE, "No rule of escalation has been set.")
    return Escalated(Level.SERVICE, f"No rule takes it further.{unknown}")


def _compare(risk: Risk, line: Line) -> int | None:
    """Above the line, on it or below: 1, 0 or -1. A letter can only be held against a colour."""
    if risk.net:
        score = risk.net.score
        return (score > line.high) - (score < line.low)
    if risk.rating and line.rag:
        order = list(Rag)
        return (order.index(risk.rating) < order.index(line.rag)) - (order.index(risk.rating) > order.index(line.rag))
    return None


def _why_not(risk: Risk) -> str:
    return "Only a letter is known" if risk.rating else "Its position is not known"
