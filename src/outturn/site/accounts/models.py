"""What signing in needs to remember of an account, beside its password."""

from django.conf import settings
from django.db import models


class Attempt(models.Model):
    """A failed or unfinished attempt to sign in. The key is a digest, for people type passwords in the wrong field."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["key", "at"])]


class TemporaryPassword(models.Model):
    """Says that an account's password was given by somebody else, and must be changed before a moment."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="temporary_password")
    until = models.DateTimeField()


class SecondFactor(models.Model):
    """The secret shared with an app on a person's phone, encrypted."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=200)
    confirmed = models.BooleanField(default=False)
    last_step = models.BigIntegerField(default=0)  # of the newest code used, so that none is used twice


class RecoveryCode(models.Model):
    """A code that serves once in place of the phone. Only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)


class Identity(models.Model):
    """Who an account is to the council's own sign-in service: its stable identifier, never a name or e-mail address."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="identity")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_per_identity")]
