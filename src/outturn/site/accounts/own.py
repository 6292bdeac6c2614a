"""A person's own account: what they may do here, who stands in for them, their password and their phone."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outturn.site.people import actions
from outturn.site.people.models import Absence
from outturn.site.people.views import about, ask_absence

from . import attempts, entering, keeping, passwords, second_factor
from .forms import TOO_MANY, CodeForm, PasswordForm
from .views import onward_of

form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@login_required(login_url="login")
def account(request: HttpRequest) -> HttpResponse:
    """What Outturn knows of whoever asks."""
    context = about(request.user) | {"own": True, "codes": request.user.recovery_codes.count()}
    return render(request, "people/person.html", context)


@form_page
@login_required(login_url="login")
def add_absence(request: HttpRequest) -> HttpResponse:
    """Days on which they are away, and who stands in."""
    return ask_absence(request, request.user, reverse("account"))


@require_POST
@login_required(login_url="login")
def remove_absence(request: HttpRequest, number: int) -> HttpResponse:
    """They are not away after all."""
    absence = get_object_or_404(Absence, user=request.user, pk=number)
    actions.remove_absence(absence, by=request.user.get_username())
    messages.success(request, "Removed.")
    return redirect("account")


@sensitive_post_parameters("old_password", "new_password", "again")
@never_cache
@form_page
@login_required(login_url="login")
def password(request: HttpRequest) -> HttpResponse:
    """Choose another password. Every other session of the account ends."""
    if not request.user.has_usable_password():
        raise PermissionDenied("You sign in with your council account, so its password is changed there.")
    form = PasswordForm(request.user, request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST":
        counted = attempts.begin(account=request.user.username.casefold())
        if counted is None:
            form, refusal = PasswordForm(request.user), TOO_MANY
        elif form.is_valid():
            attempts.forget(counted, account=request.user.username.casefold())
            passwords.change(request.user, form.cleaned_data["new_password"])
            request.session[entering.TEMPORARY] = False
            update_session_auth_hash(request, request.user)
            messages.success(request, "Your password was changed. You are signed out everywhere else.")
            return _on(request)
    forced = request.session.get(entering.TEMPORARY, False)
    context = {"form": form, "forced": forced, "onward": onward_of(request), "refusal": refusal}
    return render(request, "accounts/password.html", context)


@sensitive_post_parameters("code")
@never_cache
@form_page
@login_required(login_url="login")
def second_step(request: HttpRequest) -> HttpResponse:
    """Put the secret on the phone and show that it is there; then read the recovery codes, once."""
    user = request.user
    if second_factor.has(user):
        return redirect("account")
    secret = second_factor.begin(user)
    form, refusal = CodeForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        counted = attempts.begin(code=user.username)
        if counted is None:
            refusal = TOO_MANY
        elif codes := second_factor.confirm(user, form.cleaned_data["code"]):
            attempts.forget(counted, code=user.username)
            return render(request, "accounts/recovery.html", {"codes": codes, "onward": onward_of(request)})
        else:
            form.add_error("code", "This is not the code that belongs to it. Check your phone’s clock, and try again.")
    context = {
        "form": form, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), "refusal": refusal,
        "picture": second_factor.picture(user, secret), "onward": onward_of(request),
    }  # fmt: skip
    return render(request, "accounts/second_step.html", context)


@sensitive_post_parameters("code")
@never_cache
@require_POST
@login_required(login_url="login")
def new_codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes in place of the old ones, for whoever shows the phone's code."""
    counted = attempts.begin(code=request.user.username)
    if counted is None or not second_factor.passes(request.user, request.POST.get("code", "")):
        messages.error(request, "The code was not right, so nothing was changed." if counted else TOO_MANY)
        return redirect("account")
    attempts.forget(counted, code=request.user.username)
    if "remove" in request.POST:
        second_factor.remove(request.user, by=request.user.get_username())
        messages.success(request, "The second step was removed. Your password alone signs you in.")
        return redirect("account")
    codes = second_factor.new_codes(request.user)
    return render(request, "accounts/recovery.html", {"codes": codes, "onward": reverse("account")})


def _on(request: HttpRequest) -> HttpResponse:
    return redirect("kept" if keeping.kept(request) else onward_of(request))
