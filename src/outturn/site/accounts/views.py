"""Signing in and out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .attempts import ATTEMPTS
from .forms import SignInForm


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a name and password, then go where the person was going."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return redirect(onward)
    if request.method != "POST":
        return _ask(request, SignInForm(request), onward)
    key = request.META.get("REMOTE_ADDR"), request.POST.get("username", "").strip().casefold()[:150]
    if not ATTEMPTS.begin(key):
        form = SignInForm(request, initial={"username": request.POST.get("username", "")})
        return _ask(request, form, onward, refusal=form.error_messages["too_many"], status=429)
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return _ask(request, form, onward)
    ATTEMPTS.forget(key)
    login(request, form.get_user())
    return redirect(onward)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who this is."""
    logout(request)
    messages.success(request, "You have signed out.")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _ask(request: HttpRequest, form: SignInForm, onward: str, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "onward": onward, "refusal": refusal}
    return render(request, "accounts/login.html", context, status=status)


def _onward(request: HttpRequest) -> str:
    """Where to go afterwards: an address on this site, or the front page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)
