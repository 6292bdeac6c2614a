"""Counts attempts to sign in, in the database: however many processes serve the site, a password cannot be guessed.

Ten failures close an account's door for a quarter of an hour, wherever they came from; a hundred an address's.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Attempt

MINUTES = 15
MOST = {"account": 10, "code": 10, "address": 100}
"""An address may be a whole council's, so it has more."""


def begin(**keys: str) -> list[int] | None:
    """Count an attempt before its outcome is known, so that many at once gain nothing. None: too many already."""
    now = timezone.now()
    since = now - timedelta(minutes=MINUTES)
    Attempt.objects.filter(at__lt=since).delete()
    counted = {kind: Attempt.objects.create(key=_digest(kind, key), at=now) for kind, key in keys.items()}
    made = [attempt.pk for attempt in counted.values()]
    for kind, attempt in counted.items():
        if Attempt.objects.filter(key=attempt.key).count() > MOST[kind]:
            Attempt.objects.filter(pk__in=made).delete()  # or whoever keeps trying would keep the door closed
            return None
    return made


def forget(made: list[int], **keys: str) -> None:
    """The attempt succeeded: neither it nor the failures before it count any more against the account."""
    Attempt.objects.filter(pk__in=made).delete()
    Attempt.objects.filter(key__in=[_digest(kind, key) for kind, key in keys.items()]).delete()


def address_of(request: HttpRequest) -> str:
    """Where a request came from. Behind a proxy that is what the proxy itself says, which is the last entry."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _digest(kind: str, key: str) -> str:
    return salted_hmac(f"outturn.attempt.{kind}", key, algorithm="sha256").hexdigest()
