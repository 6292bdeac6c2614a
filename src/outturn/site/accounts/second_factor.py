"""The second step of signing in: a code from an app on one's phone (TOTP), or a recovery code."""

import base64
import hashlib
import hmac
import io
import secrets
from datetime import UTC, datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac

from outturn.plans.roles import Person
from outturn.site.people.actions import note

from .models import RecoveryCode, SecondFactor

CODES = 10
STEP = 30  # seconds, as every app has it
DRIFT = (0, -1, 1)  # steps that a phone's clock may be off


def has(user: User) -> bool:
    """Whether signing in asks for it."""
    return SecondFactor.objects.filter(user=user, confirmed=True).exists()


def is_lacking(person: Person, signed_on: bool) -> bool:
    """Whether one of their roles may not do without, and nothing was shown yet."""
    if signed_on or not any(role in settings.TWO_FACTOR_FOR for role in person.roles()):
        return False
    return not SecondFactor.objects.filter(user__username=person.account, confirmed=True).exists()


def begin(user: User) -> str:
    """A secret to put on the phone; the same one until it has been confirmed."""
    found, _ = SecondFactor.objects.get_or_create(
        user=user, defaults={"secret": _sealed(pyotp.random_base32())}
    )  # fmt: skip
    secret = _opened(found.secret)
    if not secret:  # sealed with a key that is no more
        secret = pyotp.random_base32()
        SecondFactor.objects.filter(pk=found.pk).update(secret=_sealed(secret), confirmed=False)
    return secret


def picture(user: User, secret: str) -> str:
    """The QR code, as SVG to stand in a page. It has no style of its own, which our policy would refuse."""
    address = pyotp.TOTP(secret).provisioning_uri(name=user.get_username(), issuer_name="Outturn")
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=False,
        light="#fff", dark="#000", title="QR code to be read by the app on your phone",
    )  # fmt: skip
    return drawn.getvalue().decode()


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """Take it into use where the phone shows the right code, and give the recovery codes; else nothing."""
    if not _is_right(user, code):
        return []
    SecondFactor.objects.filter(user=user).update(confirmed=True)
    note(user.username, "changed", user.username, f"{user.username}: second step added")
    return new_codes(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """Recovery codes in place of all earlier ones."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [f"{text[:5]}-{text[5:]}" for text in (secrets.token_hex(5) for _ in range(CODES))]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return codes


def passes(user: User, code: str) -> bool:
    """Whether a code from the phone, or a recovery code, opens the door. Each does so once."""
    if _is_right(user, code):
        return True
    used, _ = RecoveryCode.objects.filter(user=user, digest=_digest(user, code)).delete()
    if used:
        note(user.username, "used", user.username, f"{user.username}: recovery code")
    return bool(used)


@transaction.atomic
def remove(user: User, *, by: str) -> None:
    """As when the phone is lost."""
    RecoveryCode.objects.filter(user=user).delete()
    SecondFactor.objects.filter(user=user).delete()
    note(by, "removed", user.username, f"{user.username}: second step removed")


def _is_right(user: User, code: str) -> bool:
    """Compare with the code of now and its neighbours. The step is kept, in one statement, so none serves twice."""
    found = SecondFactor.objects.filter(user=user).first()
    secret = _opened(found.secret) if found else ""
    typed = "".join(code.split())
    if not (found and secret and typed.isdecimal()):
        return False
    now = int(datetime.now(UTC).timestamp()) // STEP
    right = [now + off for off in DRIFT if hmac.compare_digest(pyotp.TOTP(secret).at((now + off) * STEP), typed)]
    return bool(right) and bool(
        SecondFactor.objects.filter(pk=found.pk, last_step__lt=right[0]).update(last_step=right[0])
    )


def _digest(user: User, code: str) -> str:
    tidy = "".join(code.split()).replace("-", "").casefold()
    return salted_hmac("outturn.recovery", f"{user.pk} {tidy}", algorithm="sha256").hexdigest()


def _seal() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"outturn.totp {settings.SECRET_KEY}".encode()).digest()))


def _sealed(secret: str) -> str:
    return _seal().encrypt(secret.encode()).decode()


def _opened(sealed: str) -> str:
    try:
        return _seal().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""
