"""Pages for administrators: who is here, and what each may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outturn.plans.roles import PERMISSIONS, Deed, Role
from outturn.site.accounts import second_factor
from outturn.site.accounts.passwords import give_temporary

from . import actions
from .access import name_of, needs, person_of
from .forms import AbsenceForm, NameForm, NewPersonForm, PostForm, ScopeForm
from .models import Absence, Grant, Holding

ON_A_PAGE = 50
administrators = needs(Deed.MANAGE_PEOPLE)
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@administrators
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, found by name, role and whether it is open."""
    wanted = {name: request.GET.get(name, "").replace("\x00", "")[:150] for name in ("q", "role", "state")}
    found = User.objects.order_by("username").prefetch_related("grants", "holdings")
    if wanted["q"]:
        words = Q(username__icontains=wanted["q"]) | Q(first_name__icontains=wanted["q"])
        found = found.filter(words | Q(last_name__icontains=wanted["q"]) | Q(holdings__post__icontains=wanted["q"]))
    if wanted["role"] in list(Role):
        found = found.filter(grants__role=wanted["role"])
    if wanted["state"] in ("open", "closed"):
        found = found.filter(is_active=wanted["state"] == "open")
    page = Paginator(found.distinct(), ON_A_PAGE).get_page(request.GET.get("page"))
    carried = urlencode({name: words for name, words in wanted.items() if words})
    context = {
        "page": page, "q": wanted["q"], "href": f"{request.path}?{carried}{'&' if carried else ''}page=",
        "action": request.path, "name_of": name_of,
        "away": actions.away(timezone.localdate()),
        "groups": [
            {"name": "role", "label": "Role", "chosen": wanted["role"],
             "options": [("", "Every role"), *((role.value, role.value.capitalize()) for role in Role)]},
            {"name": "state", "label": "Account", "chosen": wanted["state"],
             "options": [("", "Open and closed"), ("open", "Open"), ("closed", "Closed")]},
        ],
    }  # fmt: skip
    return render(request, "people/list.html", context)


@require_safe
@never_cache
@administrators
def one(request: HttpRequest, account: str) -> HttpResponse:
    """All about one account."""
    user = find_user(account)
    return render(request, "people/person.html", about(user) | {"own": False})


def about(user: User) -> dict[str, Any]:
    """What a page says of an account."""
    return {
        "user_": user, "name": name_of(user), "grants": list(user.grants.all()), "holdings": list(user.holdings.all()),
        "absences": user.absences.filter(last__gte=timezone.localdate()).select_related("deputy"),
        "standing_in": user.standing_in.filter(last__gte=timezone.localdate()).select_related("user"),
        "may_see_people": user.is_active and user.has_perm("submissions.see_people"),
        "second_factor": second_factor.has(user), "local": user.has_usable_password(),
        "signs_on": hasattr(user, "identity"),
    }  # fmt: skip


def find_user(account: str) -> User:
    """The account, or Http404."""
    if "\x00" in account:
        raise Http404("No account has such a name.")
    return get_object_or_404(User.objects.select_related("identity"), username=account)


def by(request: HttpRequest) -> str:
    """Who does it."""
    return request.user.get_username()


def ruled(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that change an account: only for an administrator of every council that it has to do with."""

    @administrators
    @wraps(view)
    def page(request: HttpRequest, account: str, **place: Any) -> HttpResponse:
        user = find_user(account)
        actions.demand_rule_over(person_of(request), actions.councils_of(user))
        return view(request, user, **place)

    return page


def answer(
    request: HttpRequest, form: forms.Form, heading: str, back: str, save: Callable[[], str], button: str = "Save"
) -> HttpResponse:
    """The one way such a form is asked, refused or saved. `save` gives the sentence to show."""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, save())
            return redirect(back)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "heading": heading, "back": back, "button": button}
    return render(request, "people/form.html", context)


def sent(request: HttpRequest) -> Any:
    """What was filled in, or None before."""
    return request.POST if request.method == "POST" else None


def href(user: User) -> str:
    """An account's page."""
    return reverse("person", args=[user.username])


@form_page
@administrators
def add(request: HttpRequest) -> HttpResponse:
    """A new account, without a role and without a password."""
    form = NewPersonForm(sent(request))

    def save() -> str:
        data = form.cleaned_data
        actions.add_person(data["account"], data["name"], data["email"], by=by(request))
        return f"{data['account']} was added. Give them a role, and a password unless they use single sign-on."

    back = reverse("people")
    if request.method == "POST" and form.is_valid():
        back = reverse("person", args=[form.cleaned_data["account"]])
    return answer(request, form, "Add a person", back, save)


@form_page
@ruled
def rename(request: HttpRequest, user: User) -> HttpResponse:
    """Their name and e-mail address."""
    form = NameForm(sent(request), initial={"name": user.get_full_name(), "email": user.email})

    def save() -> str:
        actions.rename(user, form.cleaned_data["name"], form.cleaned_data["email"], by=by(request))
        return "Name and e-mail address saved."

    return answer(request, form, f"Name and e-mail address of {user.username}", href(user), save)


@form_page
@ruled
def add_role(request: HttpRequest, user: User) -> HttpResponse:
    """One more role."""
    form = ScopeForm(sent(request))

    def save() -> str:
        grant: Grant = form.scope()
        actions.demand_rule_over(person_of(request), [grant.council])
        actions.give_role(user, grant, by=by(request))
        return f"{name_of(user)} is now: {grant.words}."

    return answer(request, form, f"Give {name_of(user)} a role", href(user), save, "Give the role")


@form_page
@ruled
def add_post(request: HttpRequest, user: User) -> HttpResponse:
    """One more post."""
    form = PostForm(sent(request))

    def save() -> str:
        data = form.cleaned_data
        actions.demand_rule_over(person_of(request), [data["council"]])
        actions.give_post(user, data["council"], data["post"], by=by(request))
        return f"{name_of(user)} now holds the post {data['post']}."

    return answer(request, form, f"Give {name_of(user)} a post", href(user), save, "Give the post")


@form_page
@ruled
def add_absence(request: HttpRequest, user: User) -> HttpResponse:
    """Days away, and a deputy."""
    return ask_absence(request, user, href(user))


def ask_absence(request: HttpRequest, user: User, back: str) -> HttpResponse:
    """The form for days away."""
    form = AbsenceForm(sent(request), user=user)

    def save() -> str:
        actions.add_absence(form.absence(), by=by(request))
        return "Days away saved."

    return answer(request, form, f"Days on which {name_of(user)} is away", back, save)


@require_POST
@ruled
def remove(request: HttpRequest, user: User, kind: str, number: int) -> HttpResponse:
    """Take a role, a post or days away."""
    ways: dict[str, tuple[Any, Callable[..., None]]] = {
        "role": (Grant, actions.take_role), "post": (Holding, actions.take_post),
        "absence": (Absence, actions.remove_absence),
    }  # fmt: skip
    if kind not in ways:
        raise Http404("There is nothing of that name to be removed.")
    model, take = ways[kind]
    try:
        take(get_object_or_404(model, user=user, pk=number), by=by(request))
        messages.success(request, "Removed.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(href(user))


@require_POST
@ruled
def do(request: HttpRequest, user: User, deed: str) -> HttpResponse:
    """Something done to the account as a whole, by a button."""
    if deed == "password":
        return _password(request, user)
    if deed in ("people", "no-people"):
        actions.demand_rule_over(person_of(request), [""])  # records belong to no council's plans
    if deed == "close" and user.pk == request.user.pk:
        raise PermissionDenied("You cannot close your own account. Another administrator can.")
    deeds: dict[str, tuple[Callable[[], None], str]] = {
        "close": (lambda: actions.close(user, by=by(request)), "The account is closed, and signed out everywhere."),
        "reopen": (lambda: actions.reopen(user, by=by(request)), "The account is open again."),
        "people": (lambda: actions.let_see_people(user, True, by=by(request)), "They may see lists of people."),
        "no-people": (lambda: actions.let_see_people(user, False, by=by(request)), "They see no lists of people now."),
        "forget-phone": (lambda: second_factor.remove(user, by=by(request)), "The second step was removed."),
    }
    if deed not in deeds:
        raise Http404("There is nothing of that name to be done.")
    act, said = deeds[deed]
    try:
        act()
        messages.success(request, said)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(href(user))


def _password(request: HttpRequest, user: User) -> HttpResponse:
    """A temporary password, shown once."""
    password = give_temporary(user, by=by(request))
    context = about(user) | {"own": False, "password": password}
    response = render(request, "people/person.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, from the table itself."""
    return render(request, "people/roles.html", {"roles": Role, "deeds": Deed, "permissions": PERMISSIONS, "own": _own})


def _own(role: Role, deed: Deed) -> bool:
    from outturn.plans.roles import OWN

    return deed in OWN.get(role, ())
