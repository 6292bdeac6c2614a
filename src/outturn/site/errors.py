"""Error pages that say what happened, where, and what to do next."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from .accounts import keeping


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. The request is not passed on: its host may be the very thing that is wrong."""
    return _page(
        None, 400, "This address or form cannot be used",
        "The request was not one that Outturn understands, so nothing was changed.",
        "Go back, check the address and what you typed, and try again.",
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the refusal's own sentence where it has one."""
    words = str(exception) or "Your account may not see or change this."
    return _page(
        request, 403, "You may not do that", words, "Sign in with another account, or ask whoever runs Outturn for you."
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the view's own sentence where it has one."""
    words = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    if not words or words.endswith("given query."):  # Django's own, which names our classes
        words = "There is no page at this address. It may have been removed, or the address may be mistyped."
    next_step = "Check the address, search for it above, or begin at the front page."
    return _page(request, 404, "Page not found", words, next_step)


def our_fault(request: HttpRequest) -> HttpResponse:
    """500. The request is not passed on: the database that knows its user may be what failed."""
    return _page(
        None, 500, "Outturn could not do that",
        "Something went wrong on our side. The change you were making, if any, was not stored.",
        "Try again in a minute. If it happens again, tell whoever runs Outturn for you the time and the address.",
    )


def form_not_accepted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token. One of our own pages, by the browser's word, is kept and offered again."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and keeping.keep(request):
        return redirect("kept" if request.user.is_authenticated else "login")
    return _page(
        request, 403, "The form was not accepted",
        "The page was open for too long, you signed in or out in another tab, or your browser keeps no cookies. "
        "Nothing was changed.",
        "Go back, reload the page, and send the form again.",
    )


def page_for_wrong_method(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. Django answers a wrong method with an empty body; a person deserves a page."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405:
            return response
        page = _page(
            request, 405, "That cannot be done at this address",
            f"It was asked with {request.method}, and takes {response.get('Allow', 'another method')} only. "
            "Nothing was changed.",
            "Go back and use the links and buttons of the page.",
        )
        page["Allow"] = response.get("Allow", "")
        return page

    return respond


def _page(request: HttpRequest | None, status: int, heading: str, words: str, next_step: str) -> HttpResponse:
    context = {"status": status, "heading": heading, "words": words, "next_step": next_step}
    return render(request, "error.html", context, status=status)
