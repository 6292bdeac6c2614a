"""What agrees, what differs for a reason that can be given, and what differs without one."""

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

DIGITS = 12
"""A number printed with more significant digits than these is compared to as many: reckoned in another order, the last
few of a double differ."""


@dataclass(slots=True)
class Tally:
    """The values of one file. Every value is counted once: it agrees, is explained, or is not explained."""

    agree: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)

    @property
    def values(self) -> int:
        """How many were compared."""
        return self.agree + self.explained.total() + len(self.unexplained)

    def near(self, where: object, ours: object, printed: str, reason: str = "") -> None:
        """Compare a number with one that was printed, to its last digit or `DIGITS`. A reason explains a difference."""
        try:
            agrees = abs(Decimal(str(ours)) - Decimal(printed)) <= _step(printed)
        except ArithmeticError:  # one of the two is no number
            agrees = False
        self._count(agrees, where, ours, printed, reason)

    def same(self, where: object, ours: object, theirs: object, reason: str = "") -> None:
        """Compare two answers, which have to be equal."""
        self._count(ours == theirs, where, ours, theirs, reason)

    def _count(self, agrees: bool, where: object, ours: object, theirs: object, reason: str) -> None:
        if agrees:
            self.agree += 1
        elif reason:
            self.explained[reason] += 1
        else:
            self.unexplained.append(f"{where}: ours is {ours}, theirs {theirs}")


def _step(printed: str) -> Decimal:
    """What the last digit that counts is worth, and a hair, as a double stands for a decimal."""
    exact = Decimal(printed)
    last = max(int(exact.as_tuple().exponent), exact.adjusted() + 1 - DIGITS if exact else -DIGITS)
    return Decimal("0.5000001").scaleb(last)


Row = dict[str, str]


class Folder:
    """The data, as CSV and JSON files, which may be gzip-compressed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = cache(self._rows)

    def files(self) -> list[str]:
        """Their paths within the folder, without the ending of compression."""
        found = (path for path in self.path.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.path).as_posix().removesuffix(".gz") for path in found)

    def text(self, file: str) -> str:
        """What a file holds."""
        path = self.path / file
        if path.is_file():
            return path.read_text("utf-8-sig")
        return gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()).decode("utf-8-sig")

    def json(self, file: str) -> dict[str, object]:
        """A file of JSON."""
        return json.loads(self.text(file))

    def _rows(self, file: str) -> list[Row]:
        return list(csv.DictReader(io.StringIO(self.text(file))))


Compare = Callable[[Folder, str, Tally], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, for the files that match a pattern, and how."""

    pattern: str
    what: str
    compare: Compare


COMPARISONS: list[Comparison] = []


def compares(pattern: str, what: str) -> Callable[[Compare], Compare]:
    """Have a function compare the files that match: `spc/ptd_*.csv`."""

    def register(compare: Compare) -> Compare:
        COMPARISONS.append(Comparison(pattern, what, compare))
        return compare

    return register


def comparison_of(file: str) -> Comparison | None:
    """How a file is compared, if it is."""
    return next((one for one in COMPARISONS if fnmatch(file, one.pattern)), None)


def groups(rows: Iterable[Row], *names: str) -> Iterator[tuple[tuple[str, ...], Sequence[Row]]]:
    """The rows that have the same in these columns, together and in their order."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    yield from found.items()


def is_number(text: str) -> bool:
    """Whether a cell holds a number: not blank, not [c] or [x]."""
    return text.replace(".", "", 1).isdigit()
