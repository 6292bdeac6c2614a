"""Councils whose code changed: which old codes belong to which present one.

The installation's list is `lists/area-codes.csv` in the workspace, with the columns `Old Code, New Code` and, if
wanted, `From` (the day of the change, for readers only: rows of both codes count with the new one whatever their date).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from outturn.textfiles import Faults
from outturn.workspace import Workspace

LIST = "area-codes.csv"
OLD, NEW, SINCE = "Old Code", "New Code", "From"


@dataclass(frozen=True)
class AreaCodes:
    """The present code of each old one."""

    changes: Mapping[str, str] = field(default_factory=dict)

    def current(self, code: str) -> str:
        """The present code of a council's code."""
        while code in self.changes:
            code = self.changes[code]
        return code

    def codes_of(self, area: str) -> tuple[str, ...]:
        """Every code of a council, the present one first."""
        present = self.current(area)
        return (present, *sorted(old for old in self.changes if self.current(old) == present))

    def merged(self, areas: Mapping[str, int]) -> dict[str, int]:
        """Rows by council, those under old codes with the present one."""
        found: dict[str, int] = {}
        for code, rows in areas.items():
            present = self.current(code)
            found[present] = found.get(present, 0) + rows
        return found


NO_CHANGES = AreaCodes()


def read_area_codes(workspace: Workspace) -> AreaCodes:
    """The list of a workspace; none changed where it has none. Raises FaultyFiles with every fault of the list."""
    path = workspace.lists / LIST
    if not path.is_file():
        return NO_CHANGES
    faults = Faults()
    changes: dict[str, str] = {}
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = path.read_text("cp1252", "replace").splitlines()
    reader = csv.DictReader(lines)
    headings = [heading.strip() for heading in reader.fieldnames or ()]
    reader.fieldnames = headings
    for heading in (OLD, NEW):
        if heading not in headings:
            faults.add(LIST, 1, f"No column is headed “{heading}”. The headings are {OLD}, {NEW} and {SINCE}.")
    faults.raise_any()
    for row in reader:
        old, new, since = ((row.get(heading) or "").strip() for heading in (OLD, NEW, SINCE))
        old, new = old.upper(), new.upper()
        if not (old or new or since):
            continue
        said = _what_is_wrong(old, new, since, changes)
        if said:
            faults.add(LIST, reader.line_num, said)
        else:
            changes[old] = new
    faults.raise_any()
    return AreaCodes(changes)


def _what_is_wrong(old: str, new: str, since: str, changes: Mapping[str, str]) -> str:
    """A sentence about a row of the list, or nothing."""
    if not old or not new:
        return f"“{OLD}” and “{NEW}” must both be filled. Write the code that is no longer used, then the present one."
    if old == new:
        return f"{old} stands on both sides. Write the code that is no longer used, then the present one."
    if old in changes:
        return (
            f"{old} has become {changes[old]} in a row above. A code can become only one other: keep one of the rows."
        )
    if AreaCodes(changes).current(new) == old:
        return f"{old} cannot become {new}, which has become {old}. Keep the row whose second code is used today."
    try:
        if since:
            date.fromisoformat(since)
    except ValueError:
        return f"“{since}” is not a date. Write it as 2023-04-01, or leave it blank."
    return ""


def advice(file: str, areas: Iterable[str]) -> str:
    """What to say of a file in which several codes occur, or nothing. Give `areas` as merged by the list."""
    codes = sorted(code for code in areas if code)
    if len(codes) < 2:
        return ""
    return (
        f"{file} has rows of {len(codes)} councils: {_few(codes)}. Each is counted on its own. "
        f"{how_to_join(codes[0], codes[1])}"
    )


def how_to_join(old: str, new: str) -> str:
    """What to write in the list so that two codes count as one council."""
    return (
        f"If two are codes of one council, write the row “{old},{new}” (the old code first) under the headings "
        f"“{OLD},{NEW}” in lists/{LIST} of the workspace."
    )


def _few(codes: list[str], most: int = 8) -> str:
    return ", ".join(codes[:most]) + (f" and {len(codes) - most} more" if len(codes) > most else "")
