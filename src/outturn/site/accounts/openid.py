"""Single sign-on with the council's own accounts, by OpenID Connect as Microsoft Entra ID speaks it.

Authorization code with PKCE, state and nonce; the provider's keys and addresses come from its discovery document. What
people may do comes from the claim `roles` (app roles), never from groups, of which Entra leaves out those past 200.
"""

import logging
from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

from outturn.plans.roles import Role
from outturn.site.councils.models import Council
from outturn.site.people import actions
from outturn.site.people.models import Grant

from .models import Identity

log = logging.getLogger(__name__)
BY = "single sign-on"  # in the trail
SECONDS = 10  # to wait for the provider
FAILED = (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError)
AGAIN = "Begin again from the page “Sign in”. If it happens again, tell whoever runs Outturn for you."


class NotLetIn(Exception):
    """They are known to the council's service, and have no business here. The message says why."""


def configured() -> bool:
    """Whether this installation has single sign-on."""
    return bool(settings.OIDC["issuer"] and settings.OIDC["client_id"])


def name() -> str:
    """What the button calls the service."""
    return settings.OIDC["name"] or "your council account"


def start(request: HttpRequest) -> HttpResponse:
    """Send them to the provider. Raises one of FAILED where it cannot be reached."""
    return _client().authorize_redirect(request, _back(request, "sign-on-back"))


def finish(request: HttpRequest) -> User:
    """Whoever comes back from the provider. Raises one of FAILED for an answer that proves nothing, or NotLetIn."""
    issuer, client_id = settings.OIDC["issuer"], settings.OIDC["client_id"]
    token = _client().authorize_access_token(
        request,
        claims_options={
            "iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id},
            "exp": {"essential": True}, "nonce": {"essential": True},
        },
        leeway=60,
    )  # fmt: skip
    claims = token.get("userinfo")
    if not claims:
        raise ValueError("The provider sent no identity.")
    return account_of(claims)


def sign_out_address(request: HttpRequest) -> str:
    """Where the provider's own sign-out is, or empty."""
    try:
        client, back = _client(), _back(request, "home")
        return str(client.create_logout_url(post_logout_redirect_uri=back, client_id=client.client_id)["url"])
    except (*FAILED, RuntimeError):
        return ""


def _client() -> Any:
    return _made(settings.OIDC["issuer"], settings.OIDC["client_id"], settings.OIDC["client_secret"])


@cache
def _made(issuer: str, client_id: str, client_secret: str) -> Any:
    return OAuth().register(
        "council", client_id=client_id, client_secret=client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": SECONDS,
            "token_endpoint_auth_method": "client_secret_post" if client_secret else "none",
        },
    )  # fmt: skip


def _back(request: HttpRequest, page: str) -> str:
    scheme = "https" if settings.HTTPS else request.scheme
    return f"{scheme}://{request.get_host()}{reverse(page)}"


# From claims to an account


@transaction.atomic
def account_of(claims: dict[str, Any]) -> User:
    """The account of an identity, made on the first sign-in, with the roles the provider gives it now."""
    subject, issuer = str(claims.get("oid") or claims["sub"]), claims["iss"]
    identity = Identity.objects.filter(issuer=issuer, subject=subject).select_related("user").first()
    granted = roles_of(claims.get("roles") or [])
    user = identity.user if identity else None
    if user and not user.is_active:
        raise NotLetIn("Your account in Outturn is closed. Ask whoever runs Outturn for you.")
    waiting = None if user else _waiting(claims)
    if not granted and not Grant.objects.filter(user=user or waiting, by_sign_on=False).exists():
        raise NotLetIn("You have no role in Outturn. Ask whoever runs Outturn for you to give you one.")
    if not user:
        name, email = (str(claims.get(claim) or "") for claim in ("name", "email"))
        user = waiting or actions.add_person(_name(claims), name, email, by=BY)
        Identity.objects.create(user=user, issuer=issuer, subject=subject)
    _renew(user, granted)
    return user


def _name(claims: dict[str, Any]) -> str:
    wanted = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])[:150]
    if User.objects.filter(username__iexact=wanted).exists():
        raise NotLetIn(f"There is another account named {wanted} in Outturn. Ask whoever runs Outturn for you.")
    return wanted


def _waiting(claims: dict[str, Any]) -> User | None:
    """An account that an administrator made ready: of that name, never signed in to, with no password of its own."""
    user = User.objects.filter(username__iexact=str(claims.get("preferred_username") or ""), identity=None).first()
    if not user or user.has_usable_password():
        return None
    if not user.is_active:
        raise NotLetIn("Your account in Outturn is closed. Ask whoever runs Outturn for you.")
    return user


def _renew(user: User, granted: list[Grant]) -> None:
    """The roles that came from the provider follow it; those given here stay."""
    now = [grant.data() for grant in granted]
    for grant in user.grants.filter(by_sign_on=True):
        if grant.data() not in now:
            actions.take_role(grant, by=BY)
    for grant in granted:
        actions.give_role(user, grant, by=BY)


def roles_of(claimed: list[str]) -> list[Grant]:
    """App roles as our roles: “analyst”, “head-of-service@york”, or a name that OUTTURN_OIDC_ROLES translates.

    One that is neither is passed over, for an app may have roles that mean nothing here.
    """
    councils = set(Council.objects.values_list("slug", flat=True))
    words = dict(pair.split("=", 1) for pair in settings.OIDC["roles"].split(";") if "=" in pair)
    known = {key.strip(): value.strip() for key, value in words.items()}
    found = []
    for claim in claimed if isinstance(claimed, list) else [claimed]:
        role, _, council = known.get(str(claim), str(claim)).partition("@")
        role = role.strip().casefold().replace("-", " ")
        if role in list(Role) and council.strip() in {"", *councils}:
            found.append(Grant(role=role, council=council.strip(), by_sign_on=True))
        else:
            log.warning("An app role of the sign-on service is not one of ours, and was passed over.")
    return found
