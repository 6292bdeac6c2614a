"""What was sent, how good it is, and how it differs from what came before. Nothing on these pages is one person's."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from outturn.plans.roles import Deed
from outturn.site.people.access import needs
from outturn.site.tables import Filter, Table

from . import charts, findings, reading, trail, worker
from .forms import WithdrawForm
from .models import OPEN, Job
from .reading import Submission

ON_A_PAGE = 25
MOST_JOBS = 20
FIRST_THINGS = 4  # that the summary names
RECENT_DAYS = 14  # that a refusal stays on the list

SEVERITY_FILTER = Filter(
    "severity", "How serious", "severity", order=reading.SEVERITIES,
    words={name: f"{name.capitalize()}s" for name in reading.SEVERITIES},
)  # fmt: skip
HEADING_FILTER = Filter("field", "Field", "heading", order=(reading.FILE_LEVEL,))


def may_see_people(user: Any) -> bool:
    """Whether somebody may see lists that name people."""
    return user.has_perm("submissions.see_people")


@require_safe
@needs(Deed.SUBMIT_RECORDS)
def submissions(request: HttpRequest) -> HttpResponse:
    """Every submission, newest first, and what is on its way."""
    every = reading.submissions()
    page = Paginator(every, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": [(each, _counts(each)) for each in page], "jobs": _recent_jobs(),
        "local": timezone.localtime,
    }  # fmt: skip
    return render(request, "submissions/list.html", context)


def _counts(submission: Submission) -> dict[str, int] | None:
    """Errors and warnings; none where the report cannot be read, which must not take the list away."""
    try:
        return {severity: submission.report.count(severity) for severity in reading.SEVERITIES}
    except Http404:
        return None


def _recent_jobs() -> list[Job]:
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    troubled = models.Q(state__in=[Job.State.REFUSED, Job.State.FAILED], ended_at__gte=since)
    return list(Job.objects.filter(models.Q(state__in=OPEN) | troubled).order_by("-id")[:MOST_JOBS])


@require_safe
@needs(Deed.SUBMIT_RECORDS)
def report(request: HttpRequest, id: str) -> HttpResponse:
    """How good a submission is: what matters most and what to do, then every rule, field and month."""
    chosen = reading.find_submission(id)
    found = chosen.report
    lines = findings.rule_lines(found)
    event = request.GET.get("event", "")
    event = event if event in reading.EVENTS else ""
    fields = findings.field_lines(found, event)
    worst = charts.worst_fields(fields)
    months = findings.months_of(found)
    sorts = {"rows": lambda line: line.rows, "title": lambda line: line.title, "field": lambda line: line.heading}
    context = {
        "submission": chosen,
        "report": found,
        "counts": {severity: found.count(severity) for severity in reading.SEVERITIES},
        "first": [line for line in lines if line.severity == "error"][:FIRST_THINGS],
        "table": Table(lines, request, "rules", filters=[SEVERITY_FILTER, HEADING_FILTER], sorts=sorts),
        "events": found.events(),
        "event_words": findings.event_words,
        "event": event,
        "kinds": reading.EVENTS,
        "modules": findings.modules(fields),
        "worst": worst,
        "field_chart": mark_safe(charts.field_bars(worst, title=_chart_title(event))) if worst else "",  # noqa: S308
        "small_bar": lambda line: mark_safe(charts.small_bar(line)),  # noqa: S308  our own SVG; what it quotes is escaped
        "share_words": charts.share_words,
        "months": months,
        "month_words": charts.month_words,
        "month_charts": [
            (kind, mark_safe(charts.month_columns(months, kind))) for kind in months.events  # noqa: S308
        ],
        "missing_headings": [reading.field_words(name).heading for name in found.data["headings"]["missing"]],
        "previous": reading.before(chosen, reading.submissions()),
        "history": trail.history(chosen),
        "may_see_people": may_see_people(request.user),
    }
    return render(request, "submissions/report.html", context)


def _chart_title(event: str) -> str:
    return f"Fields most often missing or invalid{f', {findings.event_words(event).lower()} only' if event else ''}"


@require_safe
@needs(Deed.SUBMIT_RECORDS)
def compare(request: HttpRequest, id: str) -> HttpResponse:
    """A submission beside the one before it, or beside another of the same council."""
    chosen = reading.find_submission(id)
    every = reading.submissions()
    others = [each for each in every if reading.is_comparable(chosen, each)]
    wanted = request.GET.get("with", "")
    other = next((each for each in others if each.id == wanted), None) if wanted else reading.before(chosen, every)
    if wanted and not other:
        raise Http404("There is no submission of this council with that id to compare with, or it was withdrawn.")
    context: dict[str, Any] = {"submission": chosen, "other": other, "others": others}
    if other:
        rules = findings.rule_changes(chosen.report, other.report)
        fields = findings.field_changes(chosen.report, other.report)
        moved = [each for each in fields if each.better is not None]
        context |= {
            "totals": findings.totals(chosen.report, other.report),
            "rules": rules,
            "gist": findings.gist(rules),
            "fields": moved,
            "steady": len(fields) - len(moved),
            "share_words": charts.share_words,
        }
    return render(request, "submissions/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Deed.SUBMIT_RECORDS)
def withdraw(request: HttpRequest, id: str) -> HttpResponse:
    """Ask why, then withdraw. Nothing is erased."""
    chosen = reading.find_submission(id)
    if chosen.withdrawn is not None:
        messages.info(request, "This submission was withdrawn already. Nothing was changed.")
        return redirect("submission", id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        because, by = form.cleaned_data["because"], request.user.get_username()
        try:
            worker.withdraw(id, because=because, by=by)
        except worker.CommandFailed as error:
            refusal = str(error)
        else:
            trail.note(chosen, by=by, verb="withdrawn", reason=because)
            messages.success(request, f"{chosen.file} was withdrawn.")
            return redirect("submission", id)
    return render(request, "submissions/withdraw.html", {"submission": chosen, "form": form, "refusal": refusal})
