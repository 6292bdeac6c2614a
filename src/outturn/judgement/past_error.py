"""How far off year-end estimates were on series whose year was over: the table that `benchmarks/backtest.py` wrote."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SIZES = ((1200, "1,200 a year and more"), (120, "120 to 1,200 a year"), (0, "under 120 a year"))
LARGEST, ANY = SIZES[0][1], "any"
SUM, SHARE, POSITION, ROLLING = "sum", "share", "position", "rolling"
"""Kinds of figure: what adds up over a year, a percentage of the year so far, what stands on a day, twelve months."""
MOST_YEARS_TRIED = 2


@dataclass(frozen=True, slots=True)
class PastError:
    """How far off one way of estimating was after so many months, over so many years of other series."""

    kind: str
    tried: int
    middle: float  # per cent of the figure, or points of a percentage
    reach80: float  # of the logarithm: so many in 100 were off by no more
    reach95: float
    months: int

    @property
    def sentence(self) -> str:
        """For the reader, beside the estimate."""
        off = f"{self.middle:.1f}{' points' if self.kind == SHARE else '%'}"
        return (
            f"Tried on {self.tried:,} years of other series, such an estimate was off by {off} in the middle "
            f"after {self.months} months."
        )


def size_of(estimate: float) -> str:
    """In which class of size a year's count is; small counts are hard to foretell."""
    return next(name for least, name in SIZES if estimate >= least or not least)


def past_error(kind: str, rule: str, years: int, size: str, months: float) -> PastError | None:
    """The row for an estimate made so; None where that was not tried."""
    return _table().get((kind, rule, min(years, MOST_YEARS_TRIED), size, int(months)))


@lru_cache
def _table() -> dict[tuple[str, str, int, str, int], PastError]:
    lines = (Path(__file__).parent / "backtest.csv").read_text("utf-8").splitlines()
    table = {}
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        kind, months = row["kind"], int(row["months"])
        table[kind, row["rule"], int(row["years"]), row["size"], months] = PastError(
            kind, int(row["tried"]), float(row["middle"]), float(row["reach80"]), float(row["reach95"]), months
        )
    return table
