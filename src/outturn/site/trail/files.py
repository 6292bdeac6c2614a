"""The trail as a file: written for export, by page or command, and read back to be verified elsewhere."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from outturn.plans.roles import Deed
from outturn.site.councils.views import find_council
from outturn.site.people.access import demand_somewhere, person_of

from .actions import note_change
from .chain import CONTENT, Row, stamp
from .keeping import AT_ONCE, tell_export
from .narrowing import Asked
from .views import demand_all, rows_for

COLUMNS = (*CONTENT, "digest")
WHOLE = ("before", "after", "undo")  # columns of JSON
APOSTROPHE = "'"


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """A row to a line."""
    for row in rows:
        yield json.dumps({**row, "at": stamp(row["at"])}, ensure_ascii=False) + "\n"


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """A table that a spreadsheet opens safely, beginning with the mark by which Excel knows UTF-8."""
    yield "\ufeff" + _csv_line(COLUMNS)
    for row in rows:
        yield _csv_line([_cell(name, row[name]) for name in COLUMNS])


def _csv_line(cells: Iterable[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(name: str, value: Any) -> str:
    """What would be taken for a formula begins with an apostrophe, and so does what has one, to be told apart."""
    if name == "at":
        return stamp(value)
    text = json.dumps(value, ensure_ascii=False) if name in WHOLE else str(value)
    risky = text.startswith((APOSTROPHE, "\t", "\r")) or text.lstrip().startswith(("=", "+", "-", "@"))
    return APOSTROPHE + text if risky else text


WRITERS: dict[str, tuple[Callable[[Iterable[Row]], Iterator[str]], str]] = {
    "csv": (csv_lines, "text/csv; charset=utf-8"), "jsonl": (json_lines, "application/x-ndjson"),
}  # fmt: skip


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of an exported file. Raises ValueError with a sentence where it is none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(_read_csv(file) if path.suffix.casefold() == ".csv" else map(json.loads, file), 1):
            if not isinstance(row, dict) or not set(COLUMNS) <= set(row):
                raise ValueError(f"row {number} is not one of a trail")
            yield row


def _read_csv(file: Iterable[str]) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(2**31 - 1)
    for row in csv.DictReader(file):
        cells = {name: (cell or "").removeprefix(APOSTROPHE) for name, cell in row.items() if name}
        if set(COLUMNS) <= set(cells):
            cells |= {name: json.loads(cells[name]) for name in WHOLE} | {"id": int(cells["id"])}
        yield cells


# The button


@require_POST
def export_changes(request: HttpRequest, council: str) -> HttpResponse:
    """A council's changes, as they were narrowed down."""
    find_council(council)
    demand_somewhere(person_of(request), Deed.SEE_TRAIL, council)
    return _export(request, council)


@require_POST
def export_trail(request: HttpRequest) -> HttpResponse:
    """All of it: not narrowed down, the chain can be verified elsewhere."""
    demand_all(request)
    return _export(request, "")


def _export(request: HttpRequest, council: str) -> HttpResponse:
    form = request.POST.get("form", "")
    form = form if form in WRITERS else "csv"
    asked = Asked.read(request.POST, names=True)
    note_export(by=request.user.get_username(), council=council, form=form, **asked.carried())
    rows = asked.of(rows_for(request, council).defer(None), names=True).order_by("id").values(*COLUMNS)
    write, kind = WRITERS[form]
    name = f"{council or 'outturn'}-trail-{timezone.localdate()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(write(rows.iterator(AT_ONCE)), content_type=kind, headers=headers)


def note_export(*, by: str, council: str, form: str, **facts: Any) -> None:
    """The export is in the trail before it is written, and so in the export too."""
    note_change(
        by=by, verb="exported", council=council, kind="trail", subject="trail", title="Trail of changes",
        after={"form": form, **facts},
    )  # fmt: skip
    if not council and not facts:
        tell_export()
