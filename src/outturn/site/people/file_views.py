"""Joiners and leavers from a file, and the keys of programs."""

import hashlib

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from outturn.site.accounts import openid
from outturn.site.accounts.passwords import give_temporary
from outturn.site.submissions.uploads import upload_fault

from . import actions, files
from .access import person_of
from .forms import FileForm, TokenForm
from .models import ServiceToken
from .views import administrators, by, form_page, sent


@never_cache
@form_page
@administrators
def upload(request: HttpRequest) -> HttpResponse:
    """The file, then what it would change, then done. Nothing is kept between: the text travels with the form."""
    if request.method != "POST":
        return _ask(request, FileForm())
    if fault := upload_fault(request):
        return _ask(request, FileForm(), refusal=fault)
    if "text" in request.POST:
        return _apply(request, request.POST["text"], request.POST.get("name", "file"))
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, form)
    file = form.cleaned_data["file"]
    if file.size > files.MOST_BYTES:
        return _ask(request, form, refusal="The file is larger than 2 MB. Divide it.")
    return _preview(request, files.decode(file.read()), file.name)


def _preview(request: HttpRequest, text: str, name: str, changed: bool = False) -> HttpResponse:
    reading = files.read(text, name, ruler=person_of(request))
    context = {
        "form": FileForm(), "faults": reading.faults, "steps": reading.steps, "text": text, "name": name,
        "digest": _digest(reading), "changed": changed, "previewed": True, "columns": files.COLUMNS,
    }  # fmt: skip
    return render(request, "people/file.html", context)


def _apply(request: HttpRequest, text: str, name: str) -> HttpResponse:
    reading = files.read(text, name, ruler=person_of(request))
    if reading.faults or _digest(reading) != request.POST.get("digest"):
        return _preview(request, text, name, changed=True)
    try:
        files.apply(reading)
    except ValidationError as error:
        messages.error(request, f"Nothing was changed. {' '.join(error.messages)}")
        return _preview(request, text, name)
    passwords = []
    if not openid.configured():
        joiners = User.objects.filter(username__in=reading.joiners, is_active=True).order_by("username")
        passwords = [(user.username, give_temporary(user, by=by(request))) for user in joiners]
    messages.success(request, f"{len(reading.steps)} changes were made.")
    if not passwords:
        return redirect("people")
    return render(request, "people/passwords.html", {"passwords": passwords})


def _digest(reading: files.Reading) -> str:
    return hashlib.sha256("\n".join(f"{step.account}\t{step.words}" for step in reading.steps).encode()).hexdigest()


def _ask(request: HttpRequest, form: FileForm, refusal: str = "") -> HttpResponse:
    context = {"form": form, "refusal": refusal, "columns": files.COLUMNS}
    return render(request, "people/file.html", context)


@never_cache
@form_page
@administrators
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys there are, and one more. A new one is shown once, on the page that answers."""
    form, shown = TokenForm(sent(request)), ""
    if request.method == "POST" and form.is_valid():
        token: ServiceToken = form.scope()
        actions.demand_rule_over(person_of(request), [token.council])
        shown, form = actions.make_token(token, by=by(request)), TokenForm()
    context = {"form": form, "shown": shown, "tokens": ServiceToken.objects.all()}
    return render(request, "people/tokens.html", context)


@require_POST
@administrators
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """A key that opens nothing any more."""
    token = get_object_or_404(ServiceToken, pk=number)
    actions.demand_rule_over(person_of(request), [token.council])
    actions.revoke_token(token, by=by(request))
    messages.success(request, f"The token for {token.name} was revoked.")
    return redirect(reverse("people-tokens"))


@require_safe
@administrators
def example(request: HttpRequest) -> HttpResponse:
    """An empty file with the names of the columns."""
    response = HttpResponse(",".join(files.COLUMNS) + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response
