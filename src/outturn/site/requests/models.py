"""Requests as stored. Their rules are in `outturn.plans.requests`."""

from typing import Any

from django.db import models

from outturn.plans.requests import Asker, RequestKind
from outturn.site.councils.models import Council
from outturn.site.plans.models import choices


class Request(models.Model):
    """Something asked of the service. `number` identifies it within its council."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="requests")
    number = models.PositiveIntegerField(editable=False)
    asked_by = models.CharField(max_length=20, choices=choices(Asker))
    meeting = models.CharField(max_length=200, blank=True)
    asked_on = models.DateField()
    kind = models.CharField(max_length=30, choices=choices(RequestKind))
    question = models.TextField()
    owner = models.CharField(max_length=200)
    first_due = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closed_because = models.TextField(blank=True)
    closed_by = models.CharField(max_length=200, blank=True)  # a post on behalf of whoever asked; empty: they did

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["council", "number"], name="one_request_per_number")]

    def places(self) -> list[dict[str, Any]]:
        """It belongs to the whole council, so a role in any service of it will do."""
        services = {*self.council.plans.values_list("service", flat=True),
                    *self.council.scorecards.values_list("directorate", flat=True)}  # fmt: skip
        return [{"service": service, "owner": (self.owner,)} for service in ("", *sorted(services))]


class Link(models.Model):
    """A thing that a request concerns, as `outturn.plans.requests.About` has it."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10)
    place = models.CharField(max_length=200)

    class Meta:
        ordering = ["kind", "place"]


class Reply(models.Model):
    """An answer, or with a new due date the question asked again. Its order is where it was added."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="replies")
    order = models.PositiveIntegerField()
    on = models.DateField()
    text = models.TextField()
    by = models.CharField(max_length=200)
    due = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["order"]

    def places(self) -> list[dict[str, Any]]:
        """Where its request belongs."""
        return self.request.places()
