"""Findings that somebody says may stand, with the reason. What is found is worked out anew, and never stored."""

from django.db import models

from outturn.site.councils.models import Council


class Dismissal(models.Model):
    """A finding that may stand. It holds for as long as the finding says the same, or until it is taken back.

    Kept for ever, with the words as they stood, since by then the finding may say something else.
    """

    council = models.ForeignKey(Council, models.CASCADE, related_name="dismissals")
    key = models.CharField(max_length=300, editable=False)  # Finding.key
    rule = models.CharField(max_length=10, editable=False)
    subject = models.CharField(max_length=250, editable=False)  # Subject.key
    title = models.CharField(max_length=300, editable=False)  # of the subject
    words = models.TextField()
    because = models.TextField()
    by = models.CharField(max_length=150, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    taken_back_because = models.TextField(blank=True)
    taken_back_by = models.CharField(max_length=150, blank=True, editable=False)
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "key"], condition=models.Q(taken_back_at=None), name="one_dismissal_per_finding"
            )
        ]
