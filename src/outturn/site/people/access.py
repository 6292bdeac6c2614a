"""Who asks, and may they? Every page that is not for everybody says so with `needs`."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from outturn.plans.roles import Deed, Person, Role

from .models import Absence, Grant, Holding
from .places import places_of

VISITOR = Person()


def person_of(request: HttpRequest) -> Person:
    """Whoever asks, with the roles and posts they have today. Read once for a request."""
    found: Person | None = getattr(request, "outturn_person", None)
    if found is None:
        user = getattr(request, "user", None)
        found = read_person(user, timezone.localdate()) if user and user.is_authenticated else VISITOR
        request.outturn_person = found  # type: ignore[attr-defined]
    return found


def read_person(user: Any, today: date) -> Person:
    """An account as a person: with what is theirs, and what is lent to them by those they stand in for.

    Nobody lends the keys of the house: an administrator's deputy does not become one.
    """
    if not user.is_active:
        return Person(user.get_username(), name_of(user))
    lenders = list(
        Absence.objects.filter(deputy=user, first__lte=today, last__gte=today, user__is_active=True)
        .values_list("user", flat=True)
    )  # fmt: skip
    theirs = Q(user=user)
    lent = Q(user__in=lenders) & ~Q(role=Role.ADMINISTRATOR)
    posts = Holding.objects.filter(user__in=[user.pk, *lenders]).values_list("user", "council", "post")
    return Person(
        account=user.get_username(),
        name=name_of(user),
        grants=tuple(grant.data() for grant in Grant.objects.filter(theirs | lent)),
        posts=frozenset((council, post) for holder, council, post in posts if holder == user.pk),
        stands_in_for=frozenset((council, post) for holder, council, post in posts if holder != user.pk),
        may_see_people=user.user_permissions.filter(codename="see_people").exists(),
    )


def name_of(user: Any) -> str:
    """What a page calls an account."""
    return user.get_full_name() or user.get_username()


def needs(deed: Deed) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let in only those who may do this to something in the council, or anywhere where a page belongs to none."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required(login_url="login")
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **place: Any) -> HttpResponse:
            demand_somewhere(person_of(request), deed, place.get("council", ""))
            return view(request, *args, **place)

        return page

    return guard


def reads_drafts(request: HttpRequest) -> bool:
    """Whether to show what is for those who prepare the papers of the council whose page it is."""
    match = request.resolver_match
    return person_of(request).may_somewhere(Deed.READ_DRAFTS, match.kwargs.get("council", "") if match else "")


def demand_somewhere(person: Person, deed: Deed, council: str = "") -> None:
    """Raise PermissionDenied with the sentence unless there can be something they may do this to."""
    if not person.may_somewhere(deed, council):
        raise PermissionDenied(person.why_not(deed, council))


def demand(person: Person, deed: Deed, council: str, thing: Model) -> None:
    """Raise PermissionDenied with the sentence unless they may do this to a stored thing of the council."""
    refusals = [person.why_not(deed, council, **place) for place in places_of(thing)]
    if all(refusals):
        raise PermissionDenied(refusals[0])


def person(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `person` on every page, and the `deeds` to ask about."""
    return {"person": person_of(request), "deeds": Deed}
