"""Who did what, when: one row each, written in the transaction of the change itself, and chained to the row before."""

from django.db import models
from django.utils import timezone


class Change(models.Model):
    """One change by one person to one thing, one look at a list of people, one sign-in, one export.

    No foreign key leads out of here, so history never blocks a deletion and survives one. The newest number is the
    version of everything that can be read. Numbers are in the order of the commits: `keeping` gives them one at a time.
    """

    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150)
    verb = models.CharField(max_length=20)  # loaded, added, changed, removed; seen, downloaded; signed in …
    council = models.SlugField(blank=True)  # empty for what belongs to none
    kind = models.CharField(max_length=40)  # action, risk, result …
    subject = models.CharField(max_length=200)  # stable within kind and council, such as 2018-19/ASCP01
    title = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    undo = models.JSONField(null=True)  # how every row touched is put back; none for what was kept before this was
    prior = models.CharField(max_length=64, blank=True)  # the digest of the row before
    digest = models.CharField(max_length=64)  # of all of the above: see `chain`

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["council", "kind", "subject"]),
            models.Index(fields=["council", "by"], name="trail_by"),
            models.Index(fields=["council", "at"], name="trail_when"),
            models.Index(fields=["at"], name="trail_at"),
            models.Index(fields=["id"], condition=models.Q(undo__isnull=True), name="trail_without_undo"),
        ]


class Pending(models.Model):
    """A row of another table that was just written, put here by the database itself. The next change takes it along."""

    place = models.CharField(max_length=100)  # the table
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
