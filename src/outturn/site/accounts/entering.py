"""What happens once it is known who somebody is, and what they must do before anything else."""

import time
from collections.abc import Callable

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from outturn.site.people.access import person_of
from outturn.site.people.actions import note

from . import keeping, passwords, second_factor
from .attempts import address_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF, MINUTES = "half_signed_in", 10
SIGNED_ON = "signed_on"  # in the session of whoever came by single sign-on
ON = "single sign-on"
TEMPORARY = "temporary_password"


def half_way(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    """The password was right; the phone is asked next. Until then they are nobody."""
    request.session.cycle_key()
    request.session[HALF] = {"user": user.pk, "onward": onward, "at": time.time(), "seal": user.get_session_auth_hash()}
    return redirect("login-code")


def half_signed_in(request: HttpRequest) -> tuple[User, str] | None:
    """Who is half way, and where to."""
    half = request.session.get(HALF)
    if not half or half["at"] < time.time() - MINUTES * 60:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    return (user, half["onward"]) if user and user.get_session_auth_hash() == half["seal"] else None


def enter(request: HttpRequest, user: User, onward: str, *, how: str) -> HttpResponse:
    """Let them in, write it down, and lead on: to what they had typed before, where anything was kept."""
    request.session.pop(HALF, None)
    login(request, user, backend=BACKEND)
    request.session[SIGNED_ON] = how == ON
    request.session[TEMPORARY] = how != ON and passwords.is_temporary(user)
    facts = {"how": how, "address": address_of(request)}
    note(user.username, "signed in", user.username, user.username, "sign-in", after=facts)
    return redirect("kept" if keeping.kept(request) else onward)


def first_things_first(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whoever has a temporary password, or lacks a second step that their role needs, does that first.

    Whoever came by single sign-on has shown both to the council's own service.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        return _first(request) or get_response(request)

    return respond


def _first(request: HttpRequest) -> HttpResponse | None:
    if request.path.split("/")[1] in ("account", "sign-out", "sign-in", "static") or not request.user.is_authenticated:
        return None
    name = "own-password" if request.session.get(TEMPORARY) else ""
    if not name and second_factor.is_lacking(person_of(request), request.session.get(SIGNED_ON, False)):
        name = "own-second-factor"
    if not name:
        return None
    if request.method == "POST":
        keeping.keep(request)
        return redirect(name)
    return redirect_to_login(request.get_full_path(), reverse(name))
