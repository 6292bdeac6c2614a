"""Tells browsers what a page of ours may do: nothing from elsewhere, and no script but where a page asks for ours."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
WITH_SCRIPT = POLICY.replace("script-src 'none'", "script-src 'self'; connect-src 'self'")
"""For the pages on which our own script shows how far a piece of work is. They work without it."""

UNUSED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def content_security(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. A PDF has no policy: some browsers' own viewers would be refused their style and script."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.get("Content-Type") != "application/pdf":
            response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", UNUSED)
        return response

    return respond
