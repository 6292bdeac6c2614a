"""Sign-ins that were refused. What was typed is kept only where it is an account's name: it may be a password."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from .actions import note_change

COUNCIL = "people:"  # as everything about accounts has it
UNKNOWN = "unknown account"


def note_refused(request: HttpRequest | None = None, credentials: Any = None, **_: Any) -> None:
    """Somebody gave the wrong name or password."""
    typed = str((credentials or {}).get(get_user_model().USERNAME_FIELD, ""))[:150]
    known = get_user_model().objects.filter(username=typed).exists()
    name = typed if known else UNKNOWN
    address = request.META.get("REMOTE_ADDR", "") if request else ""
    note_change(
        by=name, verb="refused", council=COUNCIL, kind="sign-in", subject=name, title=name, after={"address": address}
    )


def watch() -> None:
    """Begin to write refusals down."""
    user_login_failed.connect(note_refused, dispatch_uid="trail")
