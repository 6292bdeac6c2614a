"""Sending files, and seeing how far their check has come. Works without script; with it, bytes are counted too."""

import secrets

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outturn.plans.roles import Deed
from outturn.site.headers import WITH_SCRIPT
from outturn.site.people.access import needs

from . import runner, trail, uploads
from .forms import SendForm
from .models import Job
from .receiving import largest_upload, note_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Deed.SUBMIT_RECORDS)
def send(request: HttpRequest, note: str = "") -> HttpResponse:
    """Ask for files; keep them, and let them be checked. `note` is for the web server: see receiving.py."""
    if request.method != "POST":
        return _ask(request, SendForm())
    if fault := uploads.upload_fault(request):
        return _ask(request, SendForm(), refusal=fault, status=507)
    form = SendForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, form, status=422)
    by = request.user.get_username()
    received = form.cleaned_data["received"]
    try:
        jobs = _keep(
            form.cleaned_data["files"], by=by, area=form.cleaned_data["area"],
            received=received.isoformat() if received else f"{timezone.localtime():%Y-%m-%dT%H:%M:%S}",
        )
    except OSError as error:
        return _ask(request, SendForm(), refusal=uploads.disk_words(error), status=507)
    runner.WAKE.set()
    return redirect("submission-sent", jobs[0].sending)


def _keep(files: list[UploadedFile], *, by: str, received: str, area: str) -> list[Job]:
    """All of the files with their jobs, or none."""
    sending = secrets.token_hex(16)
    kept = []
    try:
        for each in files:
            kept.append((uploads.keep(each), each.size))
        with transaction.atomic():
            jobs = [
                Job.objects.create(
                    sending=sending, file_name=place.name, place=place.as_posix(), size=size, received=received,
                    area=area, by=by,
                )
                for place, size in kept
            ]
            trail.note_sent(by=by, sending=sending, files=[job.file_name for job in jobs])
            return jobs
    except BaseException:
        for place, _ in kept:
            uploads.discard(place.as_posix())
        raise


def _ask(request: HttpRequest, form: SendForm, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": form, "refusal": refusal, "note": note_for(request.user.get_username()), "largest": largest_upload(),
    }  # fmt: skip
    return _with_script(render(request, "submissions/send.html", context, status=status))


def _with_script(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = WITH_SCRIPT
    return response


@never_cache
@require_safe
@needs(Deed.SUBMIT_RECORDS)
def sent(request: HttpRequest, sending: str) -> HttpResponse:
    """How far the files of one sending have come. `?still` keeps the page from loading itself again."""
    jobs = _jobs(sending)
    context = {
        "jobs": jobs, "open": sum(job.is_open for job in jobs), "words": words_of(jobs), "stage_words": stage_words,
        "still": "still" in request.GET,
    }  # fmt: skip
    return _with_script(render(request, "submissions/sent.html", context))


@never_cache
@require_safe
@needs(Deed.SUBMIT_RECORDS)
def state(request: HttpRequest, sending: str) -> HttpResponse:
    """The same for our script."""
    jobs = _jobs(sending)
    rows = [{"id": job.pk, "percent": job.percent, "words": stage_words(job), "state": job.state} for job in jobs]
    return JsonResponse({"jobs": rows, "open": sum(job.is_open for job in jobs), "words": words_of(jobs)})


@require_POST
@needs(Deed.SUBMIT_RECORDS)
def again(request: HttpRequest, sending: str, job: int) -> HttpResponse:
    """Try once more what stopped by accident. What was refused stays refused: the file must change."""
    failed = Job.objects.filter(sending=sending, pk=job, state=Job.State.FAILED)
    if failed.update(state=Job.State.WAITING, tries=0, percent=0, stage="", result={}, ended_at=None):
        messages.success(request, "The check will begin again.")
        runner.WAKE.set()
    else:
        messages.info(request, "Nothing was changed: this file is not one that stopped.")
    return redirect("submission-sent", sending)


def _jobs(sending: str) -> list[Job]:
    jobs = list(Job.objects.filter(sending=sending))
    if not jobs:
        raise Http404("Nothing was sent under this address, or it was so long ago that it is no longer listed.")
    return jobs


def words_of(jobs: list[Job]) -> str:
    """How many of the files are done with."""
    ended = sum(not job.is_open for job in jobs)
    if len(jobs) == 1:
        return "The check has ended." if ended else "The file is being checked."
    return f"{ended} of {len(jobs)} files checked."


def stage_words(job: Job) -> str:
    """What is being done with a file at this moment."""
    if job.state == Job.State.WAITING:
        return "Waiting for its turn"
    if job.state == Job.State.RUNNING:
        return f"{job.stage or 'Checking'}, {job.percent}%"
    return Job.State(job.state).label
