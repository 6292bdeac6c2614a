"""A council's indicators with their results and targets. What they mean stands in the catalogue, not here."""

from django.db import models

from outturn.site.councils.models import Council


class Indicator(models.Model):
    """One definition on one time basis, as one council uses it."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="indicators")
    slug = models.SlugField(max_length=120)
    framework = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    basis = models.CharField(max_length=30)
    title = models.CharField(max_length=400)

    class Meta:
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="one_indicator_per_slug")]


class PeriodValue(models.Model):
    """A value for a period: the text as printed, and why there is no figure where there is none."""

    period = models.CharField(max_length=30)  # Period.code
    printed = models.CharField(max_length=200, blank=True)
    absence = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        abstract = True


class Result(PeriodValue):
    """What was achieved in a period. Numerator and denominator are kept where they are known."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="results")
    numerator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    as_of = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "period"], name="one_result_per_period")]


class Target(PeriodValue):
    """What was aimed at for a period."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "period"], name="one_target_per_period")]


class Word(models.Model):
    """A person's word over the computed status for a period, until a day: another status, or that it is accepted.

    One to a period: what was said before stands in the trail.
    """

    OVERRULE, ACCEPTED = "overrule", "accepted"

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="words")
    order = models.PositiveIntegerField()  # its address
    period = models.CharField(max_length=30)  # Period.code
    kind = models.CharField(max_length=20, choices=[(OVERRULE, "overrule"), (ACCEPTED, "accepted variance")])
    rag = models.CharField(max_length=10, blank=True)  # where it overrules
    because = models.TextField()
    by = models.CharField(max_length=200)  # a post
    since = models.DateField()
    until = models.DateField()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "period"], name="one_word_per_period"),
            models.UniqueConstraint(fields=["indicator", "order"], name="one_word_per_place"),
        ]
