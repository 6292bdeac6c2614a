"""Who changed what, when: one row per change, written in the transaction of the change itself."""

from django.db import models


class Change(models.Model):
    """One change by one person to one thing.

    No foreign key leads out of here, so history never blocks a deletion and survives one. The newest id is the
    version of everything that can be read.
    """

    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=150)
    verb = models.CharField(max_length=20)  # loaded, added, changed, removed
    council = models.SlugField()
    kind = models.CharField(max_length=40)  # action, risk, result …
    subject = models.CharField(max_length=200)  # stable within kind and council, such as 2018-19/ASCP01
    title = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["council", "kind", "subject"])]
