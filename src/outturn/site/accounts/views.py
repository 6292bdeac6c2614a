"""Signing in and out."""

import logging

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outturn.site.people.actions import note

from . import attempts, entering, keeping, openid, passwords, second_factor
from .forms import RUN_OUT, TOO_MANY, CodeForm, SignInForm

log = logging.getLogger(__name__)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a name and password, then go where the person was going."""
    onward = onward_of(request)
    if request.user.is_authenticated:
        return redirect(onward)
    if request.method != "POST":
        return _ask(request, SignInForm(request), onward)
    account = request.POST.get("username", "").strip().casefold()[:150]
    keys = {"account": account, "address": attempts.address_of(request)}
    counted = attempts.begin(**keys)
    if counted is None:
        form = SignInForm(request, initial={"username": request.POST.get("username", "")})
        return _ask(request, form, onward, refusal=TOO_MANY, status=429)
    form = SignInForm(request, request.POST)
    if not form.is_valid():
        return _ask(request, form, onward)
    user = form.get_user()
    attempts.forget(counted, account=account)
    if passwords.has_run_out(user):
        return _ask(request, SignInForm(request), onward, refusal=RUN_OUT)
    if second_factor.has(user):
        return entering.half_way(request, user, onward)
    return entering.enter(request, user, onward, how="password")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: the code that the phone shows."""
    found = entering.half_signed_in(request)
    if not found:
        messages.info(request, "That took too long. Sign in again.")
        return redirect("login")
    user, onward = found
    form, refusal, status = CodeForm(request.POST if request.method == "POST" else None), "", 200
    if request.method == "POST" and form.is_valid():
        counted = attempts.begin(code=user.username)
        if counted is None:
            refusal, status = TOO_MANY, 429
        elif second_factor.passes(user, form.cleaned_data["code"]):
            attempts.forget(counted, code=user.username)
            return entering.enter(request, user, onward, how="password and second step")
        else:
            form.add_error("code", "This code is not right, or was used already. Wait for the next one and type that.")
    return render(request, "accounts/code.html", {"form": form, "refusal": refusal}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who this is. Where they came by single sign-on, offer to leave that too."""
    signed_on = request.session.get(entering.SIGNED_ON)
    if request.user.is_authenticated:
        name = request.user.get_username()
        note(name, "signed out", name, name, "sign-in")
    logout(request)
    if signed_on and openid.configured() and (address := openid.sign_out_address(request)):
        return render(request, "accounts/signed_out.html", {"address": address, "name": openid.name()})
    messages.success(request, "You have signed out.")
    return redirect(settings.LOGIN_REDIRECT_URL)


@never_cache
@require_safe
def sign_on(request: HttpRequest) -> HttpResponse:
    """Go to the council's own sign-in service."""
    if not openid.configured():
        raise Http404("This installation has no single sign-on.")
    request.session["sign_on_onward"] = onward_of(request)
    try:
        return openid.start(request)
    except openid.FAILED as error:
        log.warning("Single sign-on could not begin: %s", type(error).__name__)
        return _failed(request, "The sign-in service of your council does not answer.", 502)


@never_cache
@require_safe
def sign_on_back(request: HttpRequest) -> HttpResponse:
    """Come back from there."""
    if not openid.configured():
        raise Http404("This installation has no single sign-on.")
    onward = request.session.pop("sign_on_onward", resolve_url(settings.LOGIN_REDIRECT_URL))
    try:
        user = openid.finish(request)
    except openid.NotLetIn as refusal:
        return _failed(request, str(refusal), 403)
    except openid.FAILED as error:
        log.warning("Single sign-on was refused: %s", type(error).__name__)
        return _failed(request, f"The answer of the sign-in service proves nothing. {openid.AGAIN}", 403)
    return entering.enter(request, user, onward, how=entering.ON)


@never_cache
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """What was typed before the session ended, to be sent now or thrown away."""
    found = keeping.kept(request) if request.user.is_authenticated else None
    return render(request, "accounts/kept.html", {"kept": found})


@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """What was typed is not wanted after all."""
    keeping.throw_away(request)
    messages.info(request, "What was kept has been thrown away.")
    return redirect(settings.LOGIN_REDIRECT_URL)


def _ask(request: HttpRequest, form: SignInForm, onward: str, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "form": form, "onward": onward, "refusal": refusal, "kept": keeping.kept(request),
        "sign_on": openid.name() if openid.configured() else "",
    }  # fmt: skip
    return render(request, "accounts/login.html", context, status=status)


def _failed(request: HttpRequest, words: str, status: int) -> HttpResponse:
    context = {"form": SignInForm(request), "onward": resolve_url("home"), "refusal": words, "sign_on": openid.name()}
    return render(request, "accounts/login.html", context, status=status)


def onward_of(request: HttpRequest) -> str:
    """Where to go afterwards: an address on this site, or the front page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)
