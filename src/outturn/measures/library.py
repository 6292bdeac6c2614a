"""All measures and the tables they share, from the files in this package."""

import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from outturn.textfiles import Faults

from .definition import Measure, SharedTable, read_measure, read_shared_table

HERE = Path(__file__).parent
FOLDERS = ("ascof", "local")


class UnknownMeasure(ValueError):
    """No such measure. The message names the nearest."""


@dataclass(frozen=True)
class Library:
    """The measures by code, and the shared tables by name."""

    measures: Mapping[str, Measure]
    tables: Mapping[str, SharedTable]

    def find(self, code: str) -> Measure:
        """The measure of that code, capitals or not; `ASCOF 2A` is 2A. Raises UnknownMeasure."""
        wanted = code.strip().upper().removeprefix("ASCOF").strip(" -")
        for known, measure in self.measures.items():
            if known.upper() == wanted:
                return measure
        near = difflib.get_close_matches(wanted, self.measures, 1)
        advice = f"Did you mean {near[0]}? " if near else ""
        raise UnknownMeasure(f"There is no measure {code}. {advice}The measures are {', '.join(self.measures)}.")

    def digest(self, measure: Measure) -> str:
        """Changes with anything in the measure's SQL, or in the tables it shares."""
        text = repr([(table.name, table.steps) for table in self.tables_for(measure)]) + repr(measure.steps)
        return hashlib.sha256((text + repr((measure.kind, measure.groups, measure.bands))).encode()).hexdigest()[:20]

    def tables_for(self, measure: Measure) -> list[SharedTable]:
        """The shared tables it needs, each after those it needs itself."""
        found: dict[str, SharedTable] = {}

        def add(names: Iterable[str]) -> None:
            for name in names:
                if name not in found:
                    add(self.tables[name].uses)
                    found[name] = self.tables[name]

        add(measure.uses)
        return list(found.values())


@cache
def load_library(folder: Path = HERE) -> Library:
    """Every measure and shared table under a folder. Raises FaultyFiles with all that is wrong with them."""
    faults = Faults()
    tables = {}
    for path in sorted((folder / "shared").glob("*.sql")):
        if table := read_shared_table(path, faults):
            tables[table.name] = table
    measures = {}
    for path in (file for name in FOLDERS for file in sorted((folder / name).glob("*.sql"))):
        if measure := read_measure(path, faults):
            measures[measure.code] = measure
            for name in measure.uses:
                if name not in tables:
                    faults.add(path.name, None, f"uses: there is no shared table “{name}”.")
    faults.raise_any()
    return Library(measures, tables)


def load_measures(folder: Path = HERE) -> Mapping[str, Measure]:
    """Every measure by its code: ASCOF's, then local ones."""
    return load_library(folder).measures
