"""Results as data, with the parts of them that reveal people; and what their numbers are made of."""

from datetime import datetime
from itertools import product


def figure(
    numerator, denominator=None, *, unit="number", area="950", sides=None, units=None, measure="M", part=None,
    period="2024-25", as_of=datetime(2026, 1, 1), flags=(), **breakdown,
):  # fmt: skip
    """One result."""
    return {
        "measure": measure, "part": part, "area": area, "period": period, "method": "DHSC-2526", "reading": "executed",
        "breakdown": breakdown, "numerator": numerator, "denominator": denominator, "value": 1.5, "unit": unit,
        "state": None, "because": "", "flags": list(flags), "notes": [], "side_counts": sides or {},
        "interval": [1, 2], "year_end": 3, "units": units, "as_of": as_of.isoformat(),
    }  # fmt: skip


def cells_of(one, height, width):
    """Which cells of a table, numbered row by row, add up to a result of it."""
    row, column = one["breakdown"].get("row"), one["breakdown"].get("column")
    return [
        at * width + across for at, across in product(range(height), range(width))
        if row in (None, str(at)) and column in (None, str(across))
    ]  # fmt: skip


def table(cells, **more):
    """The results of a table in rows: the total, the margins and the cells."""
    height, width = len(cells), len(cells[0])
    rows, columns = [None, *map(str, range(height))], [None, *map(str, range(width))]
    found = []
    for row, column in product(rows, columns):
        breakdown = {name: value for name, value in (("row", row), ("column", column)) if value}
        one = figure(0, **breakdown, **more)
        flat = [number for line in cells for number in line]
        found.append({**one, "numerator": sum(flat[place] for place in cells_of(one, height, width))})
    return found
