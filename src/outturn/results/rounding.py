"""Counts rounded for the public, as surveys are, and what a percentage printed beside them gives away all the same.

Every count and every total is rounded by itself, so sums may not add up; percentages are of the unrounded counts. House
styles are data (`STYLES`). After section 9 of the statistics notes: the department's survey tables for adults and
carers, and the rule that many government bodies print.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..terms.value import Absence
from .result import PUBLISHED, rounded
from .tables import SMALLEST, is_small

WITHHELD = ("value", "numerator", "denominator", "units", "interval", "year_end")
TOO_FINE = "Withheld, because with its rounded counts it would tell of fewer than 5."
MAY_NOT_ADD_UP = "Each count and total is rounded by itself, so they may not add up. Percentages are of exact counts."


@dataclass(frozen=True, slots=True)
class Style:
    """How a publisher rounds. `nearest` 1 is not at all; counts under `smallest` but not nought are said in words."""

    name: str
    nearest: int = 1
    smallest: int = 0

    def of(self, count: int) -> int:
        """A count to the nearest multiple, half away from zero."""
        return int(rounded(Fraction(count, self.nearest), 0)) * self.nearest

    def words(self, count: int | None) -> str:
        """As it is printed. A true nought stays one; no count is no words."""
        if count is None:
            return ""
        if 0 < count < self.smallest:
            return f"fewer than {self.smallest}"
        return f"{self.of(count):,}"

    def behind(self, printed: int) -> range:
        """The counts that are printed as this number."""
        if printed == 0 and self.smallest:
            return range(1)
        return range(max(printed - self.nearest // 2, self.smallest), printed + (self.nearest + 1) // 2)


STYLES = {
    style.name: style for style in (
        Style("none"), Style("nearest 5", 5, SMALLEST), Style("nearest 10", 10, SMALLEST), Style("survey", 5),
    )
}  # fmt: skip
"""none; nearest 5 and 10 with 1 to 4 as “fewer than 5”; and the survey tables, whose small bases are withheld whole."""


def fractions_behind(value: Decimal, denominators: Iterable[int]) -> list[tuple[int, int]]:
    """Every so many out of so many that rounds to a percentage as it is printed, with all its decimals.

    84.8% of “35” people, who are 33 to 37, can only be 28 of 33.
    """
    decimals = max(0, -int(value.as_tuple().exponent))
    found = []
    for denominator in denominators:
        if denominator <= 0:
            continue
        middle = int(value * denominator / 100)
        found += [
            (numerator, denominator) for numerator in range(max(0, middle - 1), min(denominator, middle + 2) + 1)
            if rounded(Fraction(100 * numerator, denominator), decimals) == value
        ]  # fmt: skip
    return found


def gives_away(behind: Sequence[tuple[int, int]]) -> bool:
    """Whether fractions are so few that one is known, or all of them tell of fewer than 5 people."""
    return len(behind) == 1 or all(is_small(some) or is_small(of - some) for some, of in behind)


def percentage(numerator: int, denominator: int, style: Style, decimals: int = 1) -> Decimal | None:
    """A percentage with as many decimals as keep the fraction behind it unknown; None where even none is too many.

    None too where there is nobody, or more are counted than there are.
    """
    if not 0 <= numerator <= denominator or denominator == 0:
        return None
    if is_small(numerator) or is_small(denominator - numerator):
        return None
    if style.nearest == 1:  # the fraction is printed anyway
        return rounded(Fraction(100 * numerator, denominator), decimals)
    for places in range(decimals, -1, -1):
        value = rounded(Fraction(100 * numerator, denominator), places)
        if not gives_away(fractions_behind(value, style.behind(style.of(denominator)))):
            return value
    return None


def for_the_public(one: Mapping[str, Any], style: Style) -> dict[str, Any]:
    """A result, given as data, as a style prints it: its counts rounded, and a percentage no finer than is safe."""
    found = dict(one)
    if style.nearest == 1 or one["value"] is None or PUBLISHED in one["flags"]:
        return found
    numerator, denominator = one["numerator"], one["denominator"]
    if one["unit"] == "%" and numerator is not None and denominator:
        decimals = max(0, -int(Decimal(str(one["value"])).as_tuple().exponent))
        value = percentage(numerator, denominator, style, decimals)
        found["value"] = None if value is None else float(value)
    elif one["unit"] == "number":
        found["value"] = style.of(int(one["value"]))
    if found["value"] is None:
        return found | dict.fromkeys(WITHHELD) | {"state": Absence.SUPPRESSED.value, "because": TOO_FINE}
    rounded_counts = {name: style.of(one[name]) for name in ("numerator", "denominator", "units")
                      if isinstance(one.get(name), int) and (name != "denominator" or one["unit"] == "%")}  # fmt: skip
    sides = {name: None if count is None else style.of(count) for name, count in one["side_counts"].items()}
    return found | rounded_counts | {"side_counts": sides, "notes": [*one["notes"], MAY_NOT_ADD_UP], "interval": None}


# Surveys

SMALLEST_BASE = 3
"""Respondents below which a survey figure is withheld with its base and margin of error (ASCS, SACE)."""


def base_withheld(base: int | None) -> bool:
    """Whether 1 or 2 answered, so that nothing is told. Of nobody there is nothing to withhold."""
    return base is not None and 0 < base < SMALLEST_BASE


def pair_withheld(bases: Sequence[int | None]) -> bool:
    """Whether two groups that make up a total are both withheld, because either is (SACE: the sexes, the age bands)."""
    return any(map(base_withheld, bases))
