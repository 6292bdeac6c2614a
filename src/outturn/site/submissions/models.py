"""The checks that were asked for on the site, and how far each has come. Submissions themselves lie on disk."""

from django.db import models


class Job(models.Model):
    """One file that was sent, waiting to be checked and stored by `outturn submit`, or done with.

    `result` holds aggregates and the command's own sentences only, never a row of the file.
    """

    class State(models.TextChoices):
        """Where a job stands."""

        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being checked"
        DONE = "done", "Stored"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Stopped"

    sending = models.CharField(max_length=32, db_index=True)  # files sent together share it
    file_name = models.CharField(max_length=200)
    place = models.CharField(max_length=300)  # of the upload, below the workspace's uploads folder
    size = models.BigIntegerField()  # bytes
    received = models.CharField(max_length=19)  # 2025-07-31, or the moment it was sent: 2025-07-31T10:11:00
    area = models.CharField(max_length=10, blank=True)
    by = models.CharField(max_length=150)
    sent_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    percent = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=100, blank=True)
    runner = models.CharField(max_length=32, blank=True)  # who holds it
    seen_alive = models.DateTimeField(null=True)  # when its runner last said so
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        permissions = [("see_people", "May see lists of people")]

    @property
    def is_open(self) -> bool:
        """Whether anything more will happen by itself."""
        return self.state in OPEN

    @property
    def submission(self) -> str:
        """The id of what was stored, or empty."""
        return str(self.result.get("id") or "")


class WorkedOut(models.Model):
    """When a council's measures were last worked out, and from what. The figures stand in the workspace's results."""

    area = models.CharField(max_length=10, unique=True)
    made_from = models.CharField(max_length=64)  # changes with what is stored, what is asked and how it is counted
    at = models.DateTimeField()
    faults = models.JSONField(default=list)  # sentences that say why there is no figure


OPEN = (Job.State.WAITING, Job.State.RUNNING)
