"""Every change to who may do what, each in one transaction with its row in the trail."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from outturn.plans.roles import Deed, Person, Role
from outturn.site.trail.actions import note_change

from .models import Absence, Grant, Holding, ServiceToken

PEOPLE = "people:"  # in the trail; no council's own address can have a colon


def note(by: str, verb: str, account: str, title: str, kind: str = "account", **facts: Any) -> None:
    """A row in the trail about an account. Never a password, a code or a token."""
    before, after = facts.pop("before", {}), facts.pop("after", {})
    note_change(
        by=by, verb=verb, council=PEOPLE, kind=kind, subject=account, title=title, before=before, after=after
    )  # fmt: skip


def councils_of(user: User) -> set[str]:
    """Where a person has roles or posts; "" is everywhere, as for whoever may see lists of people."""
    everywhere = {""} if user.user_permissions.filter(codename="see_people").exists() else set()
    roles, posts = (rows.values_list("council", flat=True) for rows in (user.grants, user.holdings))
    return {*roles, *posts, *everywhere}


def demand_rule_over(ruler: Person, councils: Iterable[str]) -> None:
    """Raise PermissionDenied unless they manage people in each of the councils. "" takes an administrator of all."""
    for council in councils:
        if not ruler.may(Deed.MANAGE_PEOPLE, council):
            where = council or "every council"
            raise PermissionDenied(f"Only an administrator of {where} may do this, and you are not one.")


@transaction.atomic
def add_person(account: str, name: str, email: str, *, by: str) -> User:
    """An account that nobody can sign in with yet: it has no password."""
    first, _, last = name.strip().rpartition(" ")
    user = User(username=account, first_name=first, last_name=last, email=email, is_staff=True)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    note(by, "added", account, name or account, after={"name": name, "e-mail": email})
    return user


@transaction.atomic
def rename(user: User, name: str, email: str, *, by: str) -> None:
    """What pages call a person, and where notices go."""
    before = {"name": user.get_full_name(), "e-mail": user.email}
    user.first_name, _, user.last_name = name.strip().rpartition(" ")
    user.email = email
    user.full_clean(exclude=["password"])
    user.save(update_fields=["first_name", "last_name", "email"])
    note(by, "changed", user.username, name, before=before, after={"name": name, "e-mail": email})


@transaction.atomic
def give_role(user: User, grant: Grant, *, by: str) -> None:
    """Add a role, unless they have the very same."""
    if grant.data() not in [each.data() for each in user.grants.filter(by_sign_on=grant.by_sign_on)]:
        grant.user = user
        grant.save()
        note(by, "added", user.username, f"{user.username}: {grant.words}", "role", after={"role": grant.words})


@transaction.atomic
def take_role(grant: Grant, *, by: str) -> None:
    """Remove a role. The last administrator of all keeps theirs, or nobody could ever give one again."""
    if _opens_everything(grant) and not _another_administrator(grant.user):
        raise ValidationError("This is the only administrator of every council. Make somebody else one first.")
    words, account = grant.words, grant.user.username
    grant.delete()
    note(by, "removed", account, f"{account}: {words}", "role", before={"role": words})


def _opens_everything(grant: Grant) -> bool:
    return grant.role == Role.ADMINISTRATOR and not (grant.council or grant.services or grant.plans)


def _another_administrator(user: User) -> bool:
    others = Grant.objects.select_for_update().filter(role=Role.ADMINISTRATOR, council="", user__is_active=True)
    return any(_opens_everything(grant) for grant in others.exclude(user=user))


@transaction.atomic
def give_post(user: User, council: str, post: str, *, by: str) -> None:
    """A post they hold from now on."""
    post = " ".join(post.split())
    _, made = Holding.objects.get_or_create(user=user, council=council, post=post)
    if made:
        note(by, "added", user.username, f"{user.username}: {post}, {council}", "post", after={"post": post})


@transaction.atomic
def take_post(holding: Holding, *, by: str) -> None:
    """A post they no longer hold."""
    account, post, council = holding.user.username, holding.post, holding.council
    holding.delete()
    note(by, "removed", account, f"{account}: {post}, {council}", "post", before={"post": post})


@transaction.atomic
def add_absence(absence: Absence, *, by: str) -> None:
    """Days away, and who stands in."""
    absence.save()
    after = {"since": absence.first.isoformat(), "until": absence.last.isoformat()}
    if absence.deputy:
        after["deputy"] = absence.deputy.username
    note(by, "added", absence.user.username, f"{absence.user.username} away", "absence", after=after)


@transaction.atomic
def remove_absence(absence: Absence, *, by: str) -> None:
    """They are not away after all, or are back."""
    account, first, last = absence.user.username, absence.first.isoformat(), absence.last.isoformat()
    absence.delete()
    note(by, "removed", account, f"{account} away", "absence", before={"since": first, "until": last})


@transaction.atomic
def close(user: User, *, by: str) -> None:
    """Nobody signs in with it any more, and its sessions end. What they did stays in the trail."""
    administers = any(_opens_everything(grant) for grant in user.grants.all())
    if administers and user.is_active and not _another_administrator(user):
        raise ValidationError("This is the only administrator of every council. Make somebody else one first.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    note(by, "closed", user.username, f"{user.username} closed")


@transaction.atomic
def reopen(user: User, *, by: str) -> None:
    """They are back."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    note(by, "reopened", user.username, f"{user.username} reopened")


@transaction.atomic
def let_see_people(user: User, allow: bool, *, by: str) -> None:
    """Allow an account to see the lists that name people who have care and support, or no longer."""
    permission = Permission.objects.get(content_type__app_label="submissions", codename="see_people")
    (user.user_permissions.add if allow else user.user_permissions.remove)(permission)
    before, after = ({"may see lists of people": which} for which in (not allow, allow))
    note(by, "changed", user.username, f"{user.username}: lists of people", before=before, after=after)


def away(today: date) -> dict[str, Absence]:
    """Who is away, by account."""
    rows = Absence.objects.filter(first__lte=today, last__gte=today).select_related("user", "deputy")
    return {row.user.username: row for row in rows}


# Keys of programs

MARK = "outturn_"


@transaction.atomic
def make_token(token: ServiceToken, *, by: str) -> str:
    """Keep its digest, and give the token itself, which is never seen again."""
    shown = MARK + secrets.token_urlsafe(32)
    token.digest, token.made_by = _digest(shown), by
    token.save()
    note(by, "added", token.name, f"{token.name}: {token.words}", "token", after={"role": token.words})
    return shown


@transaction.atomic
def revoke_token(token: ServiceToken, *, by: str) -> None:
    """It opens nothing any more."""
    if not token.revoked_at:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        note(by, "revoked", token.name, token.name, "token")


def token_person(header: str) -> Person | None:
    """Whoever sends `Authorization: Bearer …`, or None. The day of its last use is kept."""
    scheme, _, shown = header.strip().partition(" ")
    if scheme.casefold() != "bearer" or not shown.strip().startswith(MARK):
        return None
    token = ServiceToken.objects.filter(digest=_digest(shown.strip()), revoked_at=None).first()
    if not token:
        return None
    today = timezone.localdate()
    if token.last_used != today:
        ServiceToken.objects.filter(pk=token.pk).update(last_used=today)
    return Person(account=f"token {token.pk}", name=token.name, grants=(token.data(),))


def _digest(shown: str) -> str:
    return salted_hmac("outturn.service-token", shown, algorithm="sha256").hexdigest()
