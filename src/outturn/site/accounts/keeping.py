"""What was typed into a form whose session had ended is kept, and offered again once its writer has signed in.

It is kept in the new session, which is in the database and known by a signed cookie, for an hour. It is never sent by
itself: whoever signs in reads it, and presses a button, or throws it away.
"""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

KEY, SECONDS, MOST = "kept_form", 60 * 60, 1_000_000
SECRET = ("/account/", "/sign-in/")  # pages with passwords and codes


def keep_what_was_typed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a form that is answered by the sign-in page was not lost. One that was sent again is done with."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return get_response(request)
        known = request.user.is_authenticated
        again = request.session.pop(KEY) if known and request.session.get(KEY, {}).get("to") == request.path else None
        response = get_response(request)
        if again and response.status_code >= 400:
            request.session[KEY] = again
        login = resolve_url("login")
        if not known and response.status_code == 302 and urlsplit(response["Location"]).path == login != request.path:
            keep(request)
        return response

    return respond


def keep(request: HttpRequest) -> bool:
    """Keep what was typed. False where it was a secret, or nothing, or far too much."""
    typed = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    size = sum(len(value) for values in typed.values() for value in values)
    if not typed or size > MOST or request.path.startswith(SECRET):
        return False
    request.session[KEY] = {"to": request.path, "typed": typed, "at": time.time(), "files": bool(request.FILES)}
    return True


def kept(request: HttpRequest) -> dict | None:
    """What is kept for this session, unless it has become too old."""
    found = request.session.get(KEY)
    if found and found["at"] < time.time() - SECONDS:
        throw_away(request)
        return None
    return found


def throw_away(request: HttpRequest) -> None:
    """Forget it."""
    request.session.pop(KEY, None)
