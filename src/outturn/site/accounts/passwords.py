"""What a password must be, and passwords given for a start."""

import re
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from outturn.site.people.actions import note

from .models import TemporaryPassword

DAYS = 7
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class DressedUp(CommonPasswordValidator):
    """Refuses a common password with digits and signs put around it, such as Password2026!."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for one of those."""
        bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password).casefold()
        if len(set(password)) < 5 or (bare != password.casefold() and bare in self.passwords):
            raise ValidationError("This is a common password with a few signs added. Take several words instead.")

    def get_help_text(self) -> str:
        """For the page."""
        return "It must not be a common password with a few signs added."


@transaction.atomic
def give_temporary(user: User, *, by: str) -> str:
    """A password that serves to choose another. Every session of the account ends."""
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
    user.set_password(password)
    user.save(update_fields=["password"])
    until = timezone.now() + timedelta(days=DAYS)
    TemporaryPassword.objects.update_or_create(user=user, defaults={"until": until})
    note(by, "changed", user.username, f"{user.username}: temporary password")
    return password


@transaction.atomic
def change(user: User, password: str) -> None:
    """A person's own choice."""
    user.set_password(password)
    user.save(update_fields=["password"])
    TemporaryPassword.objects.filter(user=user).delete()
    note(user.username, "changed", user.username, f"{user.username}: password")


def is_temporary(user: User) -> bool:
    """Whether it must be changed before anything else."""
    return TemporaryPassword.objects.filter(user=user).exists()


def has_run_out(user: User) -> bool:
    """Whether a temporary password was left too long."""
    return TemporaryPassword.objects.filter(user=user, until__lt=timezone.now()).exists()
