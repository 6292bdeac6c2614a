"""Runs every rule over a picture."""

from collections.abc import Sequence

from . import (  # noqa: F401  they add their rules
    actions,
    changes,
    claims,
    commentary,
    copies,
    directions,
    facts,
    figures,
    indicators,
    relations,
    risks,
    scorecards,
    seams,
    targets,
)
from .finding import Finding, Severity
from .picture import Picture
from .rule import RULES

ORDER = {severity: place for place, severity in enumerate(Severity)}


def findings(picture: Picture) -> list[Finding]:
    """What all rules find, the gravest first, then by rule and subject."""
    found = [one for rule in RULES.values() for one in rule.check(picture)]
    return sorted(found, key=lambda one: (ORDER[one.severity], one.rule, one.subject.key))


def of_subject(found: Sequence[Finding], kind: str, *place: str) -> list[Finding]:
    """Those about one thing, named first or also."""
    return [one for one in found if any((s.kind, s.place) == (kind, place) for s in (one.subject, *one.also))]
