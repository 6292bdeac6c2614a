"""The change of an indicator that somebody hopes for."""

import re
from dataclasses import dataclass
from decimal import Decimal

CHANGE = re.compile(r"([+−-]) ?([0-9]{1,12}(?:\.[0-9]{1,6})?)(%?)")


@dataclass(frozen=True, slots=True)
class Change:
    """So much more or less: in the indicator's own unit, or as a share of what it was."""

    amount: Decimal
    relative: bool = False

    @property
    def words(self) -> str:
        """The spelling that `read_change` takes back."""
        sign = "+" if self.amount > 0 else "−"
        return f"{sign}{abs(self.amount):f}{'%' if self.relative else ''}"

    def of(self, before: float) -> float:
        return float(self.amount) * (abs(before) / 100 if self.relative else 1)


def read_change(text: str) -> Change:
    """`+60` is sixty more of the indicator's own unit, `-5%` a twentieth less than before. Raises ValueError."""
    match = CHANGE.fullmatch(" ".join(text.split()).replace(",", ""))
    amount = Decimal(match[2]) if match else Decimal(0)
    if not match or not amount:
        raise ValueError(
            f"“{text}” is not a change. Write + or −, and how much: +60 or −3.5 in the indicator’s own unit, −5% for a "
            "share of what it was."
        )
    return Change(amount if match[1] == "+" else -amount, bool(match[3]))
