"""A finding: what a named rule saw, where, and in which words."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How sure the rule is that something is wrong. In order of gravity."""

    ERROR = "error"
    """Two things that stand there cannot both be true, or what has to be there is missing."""
    WARNING = "warning"
    """Most probably a mistake."""
    QUERY = "query"
    """May be right; whoever answers for it should say."""

    @property
    def heading(self) -> str:
        """Over the findings of this severity."""
        return HEADINGS[self]


HEADINGS = {
    Severity.ERROR: "Cannot be right",
    Severity.WARNING: "Probably mistakes",
    Severity.QUERY: "Questions to ask",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about: a kind, and its place below the council as in the site's addresses.

    kinds and places: indicator (slug,) · action (plan slug, reference) · risk (plan slug, reference) · plan (slug,)
    · priority (scorecard slug, number) · scorecard (slug,) · catalogue (framework, code) · council ().
    """

    kind: str
    place: tuple[str, ...]
    title: str  # as people call it: PVP02, ASCP07, “Reablement”

    @property
    def key(self) -> str:
        """indicator:pvp02, action:2018-19/ASCP07."""
        return f"{self.kind}:{'/'.join(self.place)}"

    @property
    def words(self) -> str:
        """Indicator PVP02, Action ASCP07; its title alone where that says what it is."""
        said = self.title.casefold().startswith(self.kind) or self.kind == "council"
        return self.title if said else f"{self.kind.capitalize()} {self.title}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found. `words` says what is wrong with which figures, and what to do about it."""

    rule: str  # its id: D1
    severity: Severity
    subject: Subject
    words: str
    periods: tuple[str, ...] = ()  # codes of the periods whose figures are concerned, for a mark beside them
    also: tuple[Subject, ...] = ()  # other things it is about

    @property
    def key(self) -> str:
        """Identifies it for as long as nothing it says changes: a dismissal holds no longer than that."""
        said = hashlib.sha256(self.words.encode()).hexdigest()[:16]
        return f"{self.rule}:{self.subject.key}:{said}"
