"""How often one is told, what was sent to whom, and calendars for other programs."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_POST, require_safe

from outturn.plans.roles import Deed, Person, Role
from outturn.plans.round import Step
from outturn.site.councils.views import find_council
from outturn.site.people.access import needs, person_of
from outturn.site.people.actions import note

from .calendars import PUBLIC, calendar, councils_of, make_address, rounds_of, stop_address, whose
from .digest import RULE, SOON
from .mail import MailServer, NotSent, outbox
from .models import CalendarAddress, Notice, Preference
from .sending import INTERRUPTED

ON_A_PAGE = 50


class OftenForm(forms.ModelForm):
    """How often a person wants to be told."""

    class Meta:
        model = Preference
        fields = ("often",)
        labels = {"often": "How often you are told by e-mail"}
        widgets = {"often": forms.RadioSelect}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """How often one is told, and one's calendar."""
    stored = Preference.objects.filter(user=request.user).first() or Preference(user=request.user)
    before = stored.often
    form = OftenForm(request.POST if request.method == "POST" else None, instance=stored)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            name = request.user.get_username()
            if stored.often != before:
                note(name, "changed", name, "How often they are told", "notices",
                     before={"often": before}, after={"often": stored.often})  # fmt: skip
        messages.success(request, f"How often you are told: {stored.get_often_display().lower()}.")
        return redirect("notices")
    return _page(request, form)


def _page(request: HttpRequest, form: OftenForm | None = None, address: str = "") -> HttpResponse:
    user: Any = request.user
    stored = Preference.objects.filter(user=user).first() or Preference(user=user)
    context = {
        "form": form or OftenForm(instance=stored), "address": address, "rule": RULE, "days": SOON.days,
        "calendar": CalendarAddress.objects.filter(user=user).first(), "email": user.email,
        "manages": person_of(request).may_somewhere(Deed.MANAGE_PEOPLE),
    }
    return render(request, "notices/mine.html", context)


@never_cache
@require_POST
@login_required
def calendar_new(request: HttpRequest) -> HttpResponse:
    """A secret address for one's calendar, shown this once."""
    return _page(request, address=make_address(request.user))


@require_POST
@login_required
def calendar_stop(request: HttpRequest) -> HttpResponse:
    """One's calendar is to be read by nobody any more."""
    stop_address(request.user)
    messages.success(request, "The address of your calendar opens nothing any more.")
    return redirect("notices")


@require_safe
@needs(Deed.MANAGE_PEOPLE)
def sent(request: HttpRequest) -> HttpResponse:
    """What was sent, to which post, when, and what became of it; and to whom nothing can be sent."""
    person = person_of(request)
    page = Paginator(_managed(person, Notice.objects.select_related("user"), "user__"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    silent = _managed(person, User.objects.filter(is_active=True, email="", holdings__isnull=False), "")
    context = {
        "page": page, "rows": [(row, _state(row), _time(row)) for row in page], "where": _where(),
        "silent": silent.order_by("username").distinct().prefetch_related("holdings"), "href": "?page=",
    }
    return render(request, "notices/sent.html", context)


def _managed(person: Person, found: QuerySet[Any], to_user: str) -> QuerySet[Any]:
    """Those about people whom an administrator manages."""
    if person.may(Deed.MANAGE_PEOPLE, ""):
        return found
    councils = {grant.council for grant in person.grants if grant.role is Role.ADMINISTRATOR}
    return found.filter(**{f"{to_user}grants__council__in": councils}).distinct()


def _state(notice: Notice) -> str:
    if notice.state == Notice.State.CLAIMED and notice.claimed_at < timezone.now() - INTERRUPTED:
        return "Interrupted: it is not known whether it went out"
    return str(notice.get_state_display())


def _time(notice: Notice) -> str:
    return f"{timezone.localtime(notice.ended_at):%H:%M}" if notice.ended_at else ""


def _where() -> str:
    try:
        box = outbox()
    except NotSent as refusal:
        return str(refusal)
    if isinstance(box, MailServer):
        return f"E-mail goes out by the mail server {box.host}."
    return "No mail server is set (OUTTURN_SMTP), so e-mail is written to files in the workspace’s folder outbox."


# Calendars


def _answer(made: bytes, caching: str) -> HttpResponse:
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = caching
    return response


@require_safe
@conditional_page
def secret_calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """All dates of a person's councils, for whoever knows the address."""
    user = whose(secret)
    if not user:
        raise Http404("No calendar has this address. It may have been stopped: make another on your page of notices.")
    return _answer(calendar("Outturn", rounds_of(councils_of(user)), Step), "private, no-cache")


@require_safe
@conditional_page
def council_calendar(request: HttpRequest, council: str) -> HttpResponse:
    """The public dates of a council's rounds."""
    stored = find_council(council)
    made = calendar(f"{stored.short_name}: performance reporting", rounds_of([stored.slug]), PUBLIC)
    return _answer(made, "public, max-age=3600")
