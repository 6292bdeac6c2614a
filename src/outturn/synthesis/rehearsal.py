"""A rehearsal: a made-up council with planted faults goes through the checks, and both are compared."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from outturn.engines.duck import open_duckdb
from outturn.engines.sql import literal
from outturn.returns.checking import COMPLAINTS, check_file
from outturn.returns.layout import load_layout
from outturn.returns.rules import load_rules

from .council import Progress, synthesise
from .faults import KEY, read_key

Fault = tuple[str, int | None, str, str]  # file, row, heading, rule


@dataclass(frozen=True, slots=True)
class RuleResult:
    """How one rule did: faults planted for it, those it missed, and what it reported where nothing was planted."""

    rule: str
    planted: int
    missed: int
    extra: int

    @property
    def reported(self) -> int:
        """Planted faults that the rule reported."""
        return self.planted - self.missed


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How the checks did. `missed` and `extra` are single faults; `never_planted` are rules for rows that had none."""

    rows: int
    rules: tuple[RuleResult, ...]
    missed: tuple[Fault, ...]
    extra: tuple[Fault, ...]
    never_planted: tuple[str, ...]

    @property
    def planted(self) -> int:
        """Faults planted."""
        return sum(rule.planted for rule in self.rules)

    @property
    def is_perfect(self) -> bool:
        """Whether every fault was reported and nothing else."""
        return not self.missed and not self.extra


def rehearse(*, people: int, seed: int, faults: float, quarters: int, progress: Progress) -> Rehearsal:
    """Make up a council in a temporary folder, check its files, and compare with the key."""
    with tempfile.TemporaryDirectory(prefix="outturn-rehearsal-") as name:
        folder = Path(name)
        made = synthesise(
            folder / "council", people=people, seed=seed, quarters=quarters, faults=faults,
            progress=lambda words, share: progress(words, share / 2),
        )  # fmt: skip
        reported: Counter[Fault] = Counter()
        for number, file in enumerate(made.files):
            progress(f"Checking {file.file}", 0.5 + 0.5 * number / len(made.files))
            reported.update(_reported(made.folder / file.file, folder / f"checked-{number}", file.received))
        key: Counter[Fault] = Counter(read_key(made.folder / KEY)) if faults else Counter()
        return _compare(made.rows, key, reported)


def _reported(file: Path, folder: Path, received: date) -> Iterator[Fault]:
    """What the checks say of a file."""
    folder.mkdir()
    check_file(file, folder, received=datetime.combine(received, time(9)))
    layout = load_layout()
    with open_duckdb(folder) as connection:
        found = connection.execute(f'SELECT "row", "column", rule FROM {literal(folder / COMPLAINTS)}').fetchall()
    for row, column, rule in found:
        yield file.name, row, layout.field(column).header if column else "", rule


def _compare(rows: int, key: Counter[Fault], reported: Counter[Fault]) -> Rehearsal:
    missed, extra = key - reported, reported - key
    names = sorted({fault[3] for fault in (*key, *reported)})
    counts = [_by_rule(faults) for faults in (key, missed, extra)]
    rules = tuple(RuleResult(name, *(count[name] for count in counts)) for name in names)
    about_rows = [rule.id for rule in load_rules(load_layout()) if not rule.found_by and not rule.whole_file]
    return Rehearsal(
        rows, rules, _in_order(missed.elements()), _in_order(extra.elements()),
        tuple(rule for rule in about_rows if rule not in counts[0]),
    )  # fmt: skip


def _by_rule(faults: Counter[Fault]) -> Counter[str]:
    return Counter(fault[3] for fault in faults.elements())


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault[0], fault[1] or 0, *fault[2:])))
