"""Client Level Data files for tests: clean example rows of the rules, with cells changed."""

import csv
from pathlib import Path

from outturn.returns.layout import load_layout
from outturn.returns.rules import load_example_rows

LAYOUT = load_layout("cld")
CLEAN = load_example_rows(LAYOUT)


def write_cld(path: Path, rows=None, *, without=(), **how) -> Path:
    """A file of rows, each a mapping of field names to texts; by default one clean row of each kind."""
    fields = [field for field in LAYOUT.fields if field.name not in without]
    with path.open("w", encoding=how.pop("encoding", "utf-8"), newline="") as file:
        writer = csv.writer(file, **how)
        writer.writerow([field.header for field in fields])
        writer.writerows([row.get(field.name, "") for field in fields] for row in (rows or CLEAN.values()))
    return path


def clean_row(kind: str, **cells: str) -> dict[str, str]:
    """A clean row of a kind (request, assessment, service, review, …) with some cells changed."""
    return {**CLEAN[kind], **cells}
