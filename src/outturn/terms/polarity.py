"""Polarity: which way is better."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Better(StrEnum):
    """The four answers to "which way is better?"."""

    HIGHER = "higher"
    LOWER = "lower"
    NEUTRAL = "neutral"
    WITHIN = "within"


SPELLINGS = {
    "higher": Better.HIGHER,
    "higher is better": Better.HIGHER,
    "up is good": Better.HIGHER,
    "high": Better.HIGHER,
    "high is good": Better.HIGHER,
    "lower": Better.LOWER,
    "lower is better": Better.LOWER,
    "up is bad": Better.LOWER,
    "low": Better.LOWER,
    "low is good": Better.LOWER,
    "neutral": Better.NEUTRAL,
    "no judgement": Better.NEUTRAL,
}
NUMBER = r"(-?[0-9]{1,12}(?:\.[0-9]{1,6})?)"
RANGE = re.compile(f"within {NUMBER} to {NUMBER}")


@dataclass(frozen=True, slots=True)
class Polarity:
    """Which way is better; `low` and `high` are the ends of the wanted range, both included."""

    better: Better
    low: Decimal | None = None
    high: Decimal | None = None

    @classmethod
    def read(cls, text: str) -> "Polarity":
        """Read `higher`, `lower`, `neutral`, `within 85 to 95`, and the spellings councils print (`Up is Good`)."""
        words = " ".join(text.split()).casefold()
        if words in SPELLINGS:
            return cls(SPELLINGS[words])
        match = RANGE.fullmatch(words)
        if match and Decimal(match[1]) <= Decimal(match[2]):
            return cls(Better.WITHIN, Decimal(match[1]), Decimal(match[2]))
        raise ValueError(
            f"“{text}” is not a polarity. Write higher, lower, neutral, or a range with its lower end first: "
            "within 85 to 95."
        )

    @property
    def wording(self) -> str:
        """The spelling that `read` takes back."""
        return f"within {self.low:f} to {self.high:f}" if self.better is Better.WITHIN else self.better.value

    @property
    def sentence(self) -> str:
        """For the reader."""
        if self.better is Better.NEUTRAL:
            return "No direction is better."
        if self.better is Better.WITHIN:
            at = f"{self.low}" if self.low == self.high else f"between {self.low} and {self.high}"
            return f"{at[0].upper()}{at[1:]} is best."
        return f"{self.better.value.capitalize()} is better."

    def distance(self, amount: Decimal) -> Decimal | None:
        """How far from good, so that less is always better; None where no direction is better."""
        if self.better is Better.HIGHER:
            return -amount
        if self.better is Better.LOWER:
            return amount
        if self.low is None or self.high is None:
            return None
        return max(self.low - amount, amount - self.high, Decimal(0))
