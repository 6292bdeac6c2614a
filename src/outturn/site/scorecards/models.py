"""Scorecards as stored. Their shape and rules are in `outturn.plans.scorecard`."""

from django.db import models

from outturn.plans.scorecard import BLOCK_KINDS
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator
from outturn.site.plans.models import Part, choices
from outturn.terms.status import Rag


class Scorecard(models.Model):
    """A directorate's scorecard for a year."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="scorecards")
    slug = models.SlugField()
    title = models.CharField(max_length=200)
    directorate = models.CharField(max_length=200)
    year = models.CharField(max_length=10)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["-year", "slug"]
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="one_scorecard_per_slug")]


class Block(Part):
    """A headed part."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="blocks")
    heading = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, choices=choices(BLOCK_KINDS))
    measure_heading = models.CharField(max_length=100, blank=True)
    shows = models.JSONField(default=list)


class Priority(Part):
    """A priority. `number` identifies it on its scorecard."""

    block = models.ForeignKey(Block, models.CASCADE, related_name="priorities")
    number = models.PositiveIntegerField()
    title = models.TextField()
    portfolios = models.TextField()  # one on each line
    no_measure = models.CharField(max_length=20, blank=True)


class QuarterReport(models.Model):
    """What was said of a priority in a quarter."""

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="reports")
    quarter = models.CharField(max_length=12)
    status = models.CharField(max_length=5, blank=True, choices=choices(Rag))
    progress = models.TextField(blank=True)

    class Meta:
        ordering = ["quarter"]
        constraints = [models.UniqueConstraint(fields=["priority", "quarter"], name="one_report_per_quarter")]


class MeasureLine(Part):
    """A measure under a priority. Its results and target are the indicator's own."""

    priority = models.ForeignKey(Priority, models.CASCADE, related_name="measures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="lines")
    title = models.CharField(max_length=400)
