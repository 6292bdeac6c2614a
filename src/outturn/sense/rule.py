"""The rules by name. A module of rules adds its own with `@rule`; `checks` runs them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import chain

from .finding import Finding, Severity
from .picture import Picture

Check = Callable[[Picture], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named check, with an example either way for its page."""

    id: str
    name: str
    severity: Severity
    words: str  # what it looks for and why, for the reader
    found: str  # an example that it finds
    passed: str  # one that it passes
    check: Check


RULES: dict[str, Rule] = {}


def rule(id: str, name: str, severity: Severity, words: str, *, found: str, passed: str) -> Callable[[Check], Check]:
    """Add a check to the rules. One that finds with several severities names its usual one."""

    def add(check: Check) -> Check:
        if id in RULES:
            raise ValueError(f"There are two rules {id}.")
        RULES[id] = Rule(id, name, severity, words, found, passed, check)
        return check

    return add


def also(id: str) -> Callable[[Check], Check]:
    """Add to a rule that is there already, for things of another kind: I3 looks at indicators, actions and risks."""

    def add(check: Check) -> Check:
        first = RULES[id].check
        RULES[id] = replace(RULES[id], check=lambda picture: chain(first(picture), check(picture)))
        return check

    return add
