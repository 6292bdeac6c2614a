"""The rows to put right, with values as received: for those allowed to see people, and each look is written down."""

import shutil
import tempfile
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from . import findings, reading, trail, uploads, worker
from .views import may_see_people

ON_A_PAGE = 50
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LABELS = {"severity": ("How serious", "All"), "rule": ("Rule", "Every rule"), "column": ("Field", "Every field")}


def for_those_allowed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse whoever may not see people, in a sentence; let no browser or proxy keep the page."""

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, **place: Any) -> HttpResponse:
        if not may_see_people(request.user):
            raise PermissionDenied(
                "This list names people who have care and support, and your account may not see it. Whoever runs "
                "Outturn can allow it: outturn account NAME --may-see-people."
            )
        return view(request, **place)

    return page


@require_safe
@for_those_allowed
def worklist(request: HttpRequest, id: str) -> HttpResponse:
    """A page of the worklist, narrowed down by rule, field and severity."""
    chosen = reading.find_submission(id)
    lines = findings.rule_lines(chosen.report)
    choices = findings.choices(lines)
    wanted = {name: _known(request.GET.get(name, ""), options) for name, options in choices.items()}
    total = findings.expected(lines, wanted)
    page = _page(total, request)
    refusal, rows = "", []
    try:
        answer = worker.worklist_page(id, **wanted, start=ON_A_PAGE * (page.number - 1), count=ON_A_PAGE)
        rows = answer["rows"]
        page = _page(answer["total"], request)
    except worker.CommandFailed as error:
        refusal = str(error)
    if rows and request.method == "GET":
        first = rows[0].get("row")
        trail.note(
            chosen, by=request.user.get_username(), verb="seen", rows=len(rows), first_row=first, page=page.number,
            **wanted,
        )
    carried = urlencode({name: value for name, value in wanted.items() if value})
    context = {
        "submission": chosen, "rows": rows, "page": page, "refusal": refusal, "groups": _groups(choices, wanted),
        "href": f"{request.path}?{carried}{'&' if carried else ''}page=", "total": page.paginator.count,
    }  # fmt: skip
    return render(request, "submissions/rows.html", context)


def _known(value: str, options: list[tuple[str, str]]) -> str:
    return value if any(value == key for key, _ in options) else ""


def _page(total: int, request: HttpRequest) -> Any:
    return Paginator(range(total), ON_A_PAGE).get_page(request.GET.get("page"))


def _groups(choices: dict[str, list[tuple[str, str]]], wanted: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": label, "chosen": wanted[name], "options": [("", everything), *choices[name]]}
        for name, (label, everything) in LABELS.items()
    ]


@require_POST
@for_those_allowed
def download(request: HttpRequest, id: str) -> HttpResponse:
    """The whole worklist as a file. Asked for by a button, never by a link that something might follow by itself."""
    chosen = reading.find_submission(id)
    kind = request.POST.get("form", "")
    kind = kind if kind in FORMS else "csv"
    place = Path(tempfile.mkdtemp(prefix="list-", dir=uploads.folder()))
    try:
        file = place / f"{Path(chosen.file).stem}-worklist.{kind}"
        worker.write_worklist(id, file)
        opened = file.open("rb")
    except (worker.CommandFailed, OSError) as error:
        words = uploads.disk_words(error) if isinstance(error, OSError) else str(error)
        messages.error(request, words)
        return redirect("submission-rows", id)
    finally:
        _remove(place)
    trail.note(
        chosen, by=request.user.get_username(), verb="downloaded", form=kind,
        rows=sum(line.rows for line in findings.rule_lines(chosen.report)),
    )
    return FileResponse(opened, as_attachment=True, filename=file.name, content_type=FORMS[kind])


def _remove(place: Path) -> None:
    """Take the file's name away at once: the open file can still be read, and nothing is left if we are killed.

    Windows removes no open file; there the next start of the server clears it away.
    """
    shutil.rmtree(place, ignore_errors=True)
