"""Risks on the common 5 by 5 scheme: likelihood times impact, in three positions."""

from dataclasses import dataclass

from ..terms.status import Rag

LIKELIHOODS = ("Remote", "Unlikely", "Possible", "Probable", "Highly probable")
IMPACTS = ("Insignificant", "Minor", "Moderate", "Major", "Catastrophic")
RED_FROM, AMBER_FROM = 16, 11
"""Bands of the 5 by 5 product: 16 to 25 Red, 11 to 15 Amber, 1 to 10 Green (LBHF, RBKC and WCC, 2017)."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place on the matrix. Both ends run from 1 to 5. Raises ValueError outside it."""

    likelihood: int
    impact: int

    def __post_init__(self) -> None:
        if not (1 <= self.likelihood <= 5 and 1 <= self.impact <= 5):
            raise ValueError("Likelihood and impact are whole numbers from 1 to 5.")

    @property
    def score(self) -> int:
        """Likelihood times impact."""
        return self.likelihood * self.impact

    @property
    def band(self) -> Rag:
        """Red, Amber or Green by the score."""
        return Rag.RED if self.score >= RED_FROM else Rag.AMBER if self.score >= AMBER_FROM else Rag.GREEN

    @property
    def words(self) -> str:
        """4 × 5 = 20, Red."""
        return f"{self.likelihood} × {self.impact} = {self.score}, {self.band.value}"


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk: three positions where they are known, or just the letter that was published."""

    reference: str  # text: it may begin with a nought
    title: str
    owner: str
    rating: Rag | None = None
    gross: Position | None = None  # before controls
    net: Position | None = None  # as it stands, with controls
    target: Position | None = None  # where it should be
    cause: str = ""
    consequence: str = ""
    response: str = ""
    mitigations: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()

    @property
    def band(self) -> Rag | None:
        """The band it stands in now: from the net position, or else as published."""
        return self.net.band if self.net else self.rating


RESPONSES = ("treat", "tolerate", "transfer", "terminate")


def position_faults(gross: Position | None, net: Position | None, target: Position | None) -> list[str]:
    """What is wrong with three positions taken together: controls can only lower a score."""
    faults = []
    if gross and net and net.score > gross.score:
        faults.append(f"The net score ({net.score}) is above the gross score ({gross.score}). Lower it.")
    if net and target and target.score > net.score:
        faults.append(f"The target score ({target.score}) is above the net score ({net.score}). Lower the target.")
    return faults
