"""The cases behind a figure, for those allowed to see people; each look is written down."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from outturn.site.submissions import trail, uploads, worker
from outturn.site.submissions.people import ON_A_PAGE, for_those_allowed
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period

from .models import Indicator
from .reading import definition_of
from .worked_out import Section, section, source_of

STANDINGS = {"counted": "Counted", "not-counted": "In the denominator, not counted", "left-out": "Left out"}


@require_safe
@for_those_allowed
def cases(request: HttpRequest, council: str, slug: str) -> HttpResponse:
    """A page of the cases behind an indicator's figure for a period, each with what decided it."""
    stored, found = _found(council, slug, request.GET)
    only = request.GET.get("only", "")
    only = only if only in STANDINGS else ""
    number = int(text) if (text := request.GET.get("page", "1")).isdecimal() and len(text) < 8 else 1
    refusal, rows, total = "", [], 0
    try:
        answer = worker.cases_page(
            **_asked(stored, found), only=only, by=request.user.get_username(), start=ON_A_PAGE * (max(number, 1) - 1),
            count=ON_A_PAGE,
        )  # fmt: skip
        rows, total = answer["rows"], answer["shown"]
    except worker.CommandFailed as error:
        refusal = str(error)
    page = Paginator(range(total), ON_A_PAGE).get_page(number)
    carried = urlencode({"period": _code(found), **({"only": only} if only else {})})
    if total and not rows:  # the list has become shorter, or somebody typed a page that is not there
        return redirect(f"{request.path}?{carried}&page={page.number}")
    if rows and request.method == "GET":
        facts = {"rows": len(rows), "page": page.number, "only": only, "period": _code(found)}
        trail.note_cases(f"{council}/{slug}", stored.title, by=request.user.get_username(), verb="seen", **facts)
    context = {
        "council": stored.council.data(), "indicator": stored, "worked_out": found, "rows": [_row(row) for row in rows],
        "page": page, "total": total, "refusal": refusal, "only": only, "href": f"{request.path}?{carried}&page=",
        "groups": _groups(found, only), "history": trail.history_of_cases(f"{council}/{slug}"),
    }  # fmt: skip
    return render(request, "indicators/cases.html", context)


@require_POST
@for_those_allowed
def download(request: HttpRequest, council: str, slug: str) -> HttpResponse:
    """All of the cases as CSV. Asked for by a button, never by a link that something might follow by itself."""
    stored, found = _found(council, slug, request.POST)
    only = request.POST.get("only", "")
    only = only if only in STANDINGS else ""
    place = Path(tempfile.mkdtemp(prefix="list-", dir=uploads.folder()))
    try:
        file = place / f"{slug}-{_code(found).replace(' ', '-')}-cases.csv"
        by = request.user.get_username()
        rows = worker.write_cases(**_asked(stored, found), file=file, only=only, by=by)
        opened = file.open("rb")
    except (worker.CommandFailed, OSError) as error:
        messages.error(request, uploads.disk_words(error) if isinstance(error, OSError) else str(error))
        return redirect(f"{reverse('cases', args=[council, slug])}?{urlencode({'period': _code(found)})}")
    finally:
        shutil.rmtree(place, ignore_errors=True)  # the open file can still be read
    facts = {"rows": rows, "only": only, "period": _code(found)}
    trail.note_cases(f"{council}/{slug}", stored.title, by=by, verb="downloaded", **facts)
    return FileResponse(opened, as_attachment=True, filename=file.name, content_type="text/csv; charset=utf-8")


def _found(council: str, slug: str, asked: Any) -> tuple[Indicator, Section]:
    """The indicator, and what was worked out of it for the period asked for. Http404 where there is nothing."""
    stored = get_object_or_404(Indicator.objects.select_related("council"), council__slug=council, slug=slug)
    source = source_of(definition_of(stored.framework, stored.code), TimeBasis.read(stored.basis))
    if not (source and stored.council.area):
        raise Http404("This indicator is not worked out from records, so there are no cases behind it.")
    found = section(stored.council, source, timezone.localdate(), asked=asked.get("period", ""), to_staff=True)
    if not found.chosen:
        raise Http404("No figure of this indicator has been worked out yet, so there are no cases behind it.")
    return stored, found


def _asked(stored: Indicator, found: Section) -> dict[str, str]:
    source = found.source
    return {
        "area": stored.council.area, "code": source.code, "period": _code(found), "part": source.part or "",
    }  # fmt: skip


def _code(found: Section) -> str:
    return found.chosen.code if found.chosen else ""


def _row(row: dict[str, Any]) -> dict[str, Any]:
    standing = "counted" if row["counted"] else "not-counted" if row["included"] else "left-out"
    days = [Period.read(row[name]).words for name in ("start_date", "end_date") if row[name]]
    return {**row, "key": standing, "standing": STANDINGS[standing], "when": " to ".join(days)}


def _groups(found: Section, only: str) -> list[dict[str, Any]]:
    periods = [
        (period.code, period.words) for period, told in found.series if not all(one.is_missing for one in told)
    ]
    return [
        {"name": "period", "label": "Period", "chosen": _code(found), "options": periods},
        {"name": "only", "label": "Show", "chosen": only, "options": [("", "All cases"), *STANDINGS.items()]},
    ]
