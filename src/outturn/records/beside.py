"""Every area's figures in the `comparators` files, by framework and code, for pages that set a council beside others.

`published` reads the same files for what is shown as a council's own; here surveys count too, with their margins.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from outturn.catalogue.indicator import normal_code
from outturn.catalogue.library import load_catalogue
from outturn.returns.published import (
    DENOMINATOR,
    FIGURES,
    MARGINS,
    NUMERATOR,
    OUTCOME,
    Complaints,
    dated,
    group_of,
    measure_and_part,
)
from outturn.returns.table import stored_rows

from .published import YEAR
from .store import Submission

FRAMEWORK = "ascof-2023-24"
"""What the codes of these files mean: files up to 2022-23, of other codes, are refused where they are submitted."""
ENGLAND, REGION, TYPE, COUNCIL = "England", "region", "council type", "council"
LEVELS = {
    "england": ENGLAND, "national": ENGLAND, "country": ENGLAND, "region": REGION, "regional": REGION,
    "council type": TYPE, "local authority": COUNCIL, "council": COUNCIL,
}  # fmt: skip
EVERYBODY = ""
"""The breakdown of a figure that is not broken down."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One area's figure as it was published, for one measure, breakdown and period. A marker stands for a figure."""

    framework: str
    code: str
    breakdown: str
    period: str
    area: str
    ons: str
    name: str
    kind: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    margin: Decimal | None = None
    marker: str = ""


FIELDS = {NUMERATOR: "numerator", DENOMINATOR: "denominator", OUTCOME: "value"} | dict.fromkeys(MARGINS, "margin")


def figures_of_all(file: Submission, spill: Path) -> Iterator[Beside]:
    """The figures of a stored file that have an outcome, or a marker in its place."""
    found: dict[tuple[str, str, str, str], Beside] = {}
    rows = stored_rows(FIGURES, file.rows_file, spill)
    for row in dated(rows, str(file.manifest.get(YEAR, "")), Complaints()):
        code, breakdown = _code(row["measure"]), _breakdown(row["measure"], row["breakdown"])
        field = FIELDS.get(row["type"])
        if breakdown is None or field is None:
            continue
        key = code, breakdown, row["period"], row["area"]
        one = found.get(key) or Beside(
            FRAMEWORK, *key, row["ons"] or "", row["name"] or row["area"], _kind(row)
        )
        found[key] = _with(one, field, row["value"])
    yield from (one for one in found.values() if one.value is not None or one.marker)


def _with(one: Beside, field: str, text: str) -> Beside:
    if text.startswith("["):
        return replace(one, marker=text) if field == "value" else one
    number: Any = Decimal(text)
    return replace(one, **{field: number})


@cache
def _code(printed: str) -> str:
    """The catalogue's code; of a measure that no definition here describes, the printed one."""
    measure, part = measure_and_part(printed) or ("", None)
    works_it_out = f"{measure} {part or ''}".strip()
    codes = {one.computed_by: one.key.code for one in load_catalogue().within(FRAMEWORK)}
    return codes.get(works_it_out, normal_code(printed))


@cache
def _breakdown(printed: str, group: str) -> str | None:
    measure, _ = measure_and_part(printed) or ("", None)
    found = group_of(measure, group)
    return None if found is None else breakdown_of(dict(found))


def breakdown_of(groups: Mapping[str, str]) -> str:
    """A breakdown as one text, which is empty for everybody."""
    return json.dumps(groups, sort_keys=True) if groups else EVERYBODY


def _kind(row: Mapping[str, Any]) -> str:
    """What sort of area: as the file says, or as its code looks."""
    level, code = row["level"] or "", row["area"]
    if code == "ENGLAND" or (row["ons"] or code).startswith("E92"):
        return ENGLAND
    if level:
        return LEVELS.get(level, TYPE)
    return COUNCIL if code.isdigit() or code[:3] in ("E06", "E08", "E09", "E10") else REGION
