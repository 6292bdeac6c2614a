"""Withholding against GaussSuppression and Tau-Argus: what is too small, and whether what is withheld stays so."""

from collections.abc import Iterable
from itertools import product

from outturn.results.audit import Reader, ranges
from outturn.results.tables import is_small
from tests.oracles.tally import Folder, Row, Tally, compares, groups

Cell = tuple[str, ...]
DIMENSIONS = {
    "one_way_psr": ("psr",), "two_way": ("area", "age"), "hierarchical_ward": ("ward", "service"),
}  # fmt: skip
OTHER_THRESHOLD = "the case withholds up to 9, or zeros: we withhold 1 to 4"
OTHER_CHOICE = "which other figures are withheld to protect the small ones is a choice; both were audited and are safe"
TOTAL = "Total"


def _sums(cells: Iterable[Cell], above: dict[str, str]) -> list[dict[Cell, int]]:
    """Every total less its parts, along every dimension."""
    found: dict[tuple[int, Cell], dict[Cell, int]] = {}
    cells = set(cells)
    for cell, at in product(sorted(cells), range(max(map(len, cells)))):
        if cell[at] != TOTAL:
            whole = (*cell[:at], above.get(cell[at], TOTAL), *cell[at + 1 :])
            found.setdefault((at, whole), {whole: 1})[cell] = -1
    return list(found.values())


def _hidden(sums: list[dict[Cell, int]], numbers: dict[Cell, int], small: list[Cell]) -> set[Cell]:
    """What we withhold: the large are shown first, unless a small one would follow."""
    reader = Reader(sums, small)
    order = sorted(numbers, key=lambda cell: (-cell.count(TOTAL), -numbers[cell], cell))
    return {cell for cell in order if cell in small or not reader.show([cell])}


def _audited(sums, numbers, hidden, small, tally, whose) -> None:
    for cell, (low, high) in ranges(sums, numbers, hidden, small).items():
        tally.same((whose, cell), high is None or low < high, True)


@compares("sdc/gausssuppression_results.csv", "what is small; that neither their choice nor ours gives it away")
def gauss(folder: Folder, file: str, tally: Tally) -> None:
    wards = folder.rows("sdc/gausssuppression_inputs.csv")
    for (case, most, zeros), rows in groups(folder.rows(file), "case", "maxN", "protectZeros"):
        names = next(names for start, names in DIMENSIONS.items() if case.startswith(start))
        numbers = {_cell(row, names): int(row["freq"]) for row in rows}
        above = {row["ward"]: row["locality"] for row in wards if row["ward"]} if "ward" in names else {}
        sums = _sums(numbers, above)
        theirs = {_cell(row, names) for row in rows if row["suppressed"] == "TRUE"}
        primary = [_cell(row, names) for row in rows if row["primary"] == "TRUE"]
        small = [cell for cell, number in numbers.items() if is_small(number)]
        ours = _hidden(sums, numbers, small)
        reason = OTHER_THRESHOLD if (most, zeros) != ("4", "FALSE") else ""
        for cell in numbers:
            tally.same((case, cell, "small"), cell in small, cell in primary, reason)
            tally.same((case, cell, "withheld"), cell in ours, cell in theirs, reason or OTHER_CHOICE)
        _audited(sums, numbers, theirs, primary, tally, (case, "theirs"))
        _audited(sums, numbers, ours, small, tally, (case, "ours"))


def _cell(row: Row, names: tuple[str, ...]) -> Cell:
    return tuple(row[name] for name in names)


@compares("sdc/pytauargus_two_way_opt.csv", "what is small; that neither their choice nor ours gives it away")
def tau(folder: Folder, file: str, tally: Tally) -> None:
    rows = folder.rows(file)
    numbers = {(row["area"].strip(), row["age"].strip()): int(row["freq"]) for row in rows}
    status = {(row["area"].strip(), row["age"].strip()): row["status"] for row in rows}
    sums, small = _sums(numbers, {}), [cell for cell, number in numbers.items() if is_small(number)]
    theirs, ours = {cell for cell in numbers if status[cell] in "UM"}, _hidden(sums, numbers, small)
    for cell in numbers:
        tally.same((cell, "small"), cell in small, status[cell] == "U")
        tally.same((cell, "withheld"), cell in ours, cell in theirs, OTHER_CHOICE)
    _audited(sums, numbers, theirs, small, tally, "theirs")
    _audited(sums, numbers, ours, small, tally, "ours")
