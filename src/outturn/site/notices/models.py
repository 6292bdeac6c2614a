"""How often people want to be told, what was sent to them, and the secret addresses of their calendars."""

from django.conf import settings
from django.db import models


class Preference(models.Model):
    """How often a person wants a digest. Without one it is every week."""

    class Often(models.TextChoices):
        """How often."""

        DAILY = "daily", "Every working day"
        WEEKLY = "weekly", "Once a week"
        NEVER = "none", "Never"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    often = models.CharField(max_length=6, choices=Often, default=Often.WEEKLY)


class Notice(models.Model):
    """A person's digest of a day. Whoever makes the row sends it, so nobody gets two.

    The row is made before anything is sent, and says afterwards what became of it.
    """

    class State(models.TextChoices):
        """What became of it."""

        CLAIMED = "claimed", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField()
    posts = models.TextField(blank=True)  # that they held then, one on each line
    state = models.CharField(max_length=10, choices=State, default=State.CLAIMED)
    claimed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=1)
    for_good = models.BooleanField(default=False)  # failed so that trying again is no use
    reason = models.CharField(max_length=300, blank=True)
    items = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day")]


class CalendarAddress(models.Model):
    """A secret address at which a calendar program reads a person's dates. Only its digest is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_address")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
