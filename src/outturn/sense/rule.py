"""The rules by name. A module of rules adds its own with `@rule`; `checks` runs them all."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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

    def check(self, picture: Picture) -> Iterator[Finding]:
        """What all checks of the rule find."""
        return chain.from_iterable(check(picture) for check in CHECKS[self.id])


RULES: dict[str, Rule] = {}
CHECKS: defaultdict[str, list[Check]] = defaultdict(list)  # of each rule, whichever module was read first


def rule(id: str, name: str, severity: Severity, words: str, *, found: str, passed: str) -> Callable[[Check], Check]:
    """Add a check to the rules. One that finds with several severities names its usual one."""

    def add(check: Check) -> Check:
        if id in RULES:
            raise ValueError(f"There are two rules {id}.")
        RULES[id] = Rule(id, name, severity, words, found, passed)
        CHECKS[id].insert(0, check)
        return check

    return add


def also(id: str) -> Callable[[Check], Check]:
    """Add to a rule that stands elsewhere, for things of another kind: I3 looks at indicators, actions and risks."""

    def add(check: Check) -> Check:
        CHECKS[id].append(check)
        return check

    return add
