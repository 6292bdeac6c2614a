"""Service plans as stored. Their rules are in `outturn.plans`, which knows nothing of a database."""

from django.db import models

from outturn.plans.action import ActionState
from outturn.plans.risk import RESPONSES
from outturn.plans.service_plan import SECTION_KINDS
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator
from outturn.terms.status import Direction, Rag


def choices(words):
    """Choices whose value is what the reader sees."""
    return [(str(word), str(word).capitalize()) for word in words]


class Plan(models.Model):
    """A service plan's front sheet."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="plans")
    slug = models.SlugField()
    title = models.CharField(max_length=200)
    year = models.CharField(max_length=10)
    service = models.CharField(max_length=200)
    directorate = models.CharField(max_length=200)
    plan_holder = models.CharField(max_length=200)
    director = models.CharField(max_length=200)
    cabinet_member = models.CharField(max_length=200)
    last_updated = models.DateField()
    printed_last_updated = models.CharField(max_length=60)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ["-year", "slug"]
        constraints = [models.UniqueConstraint(fields=["council", "slug"], name="one_plan_per_slug")]


class Part(models.Model):
    """Something that stands at a place in a plan."""

    order = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["order", "id"]


class Section(Part):
    """Running text."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=choices(SECTION_KINDS))
    heading = models.CharField(max_length=200)
    text = models.TextField()


class Resource(Part):
    """Staff or money."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="resources")
    label = models.CharField(max_length=200)
    printed = models.CharField(max_length=200)
    absence = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=20)
    part_of = models.CharField(max_length=200, blank=True)


class Demographic(Part):
    """A fact about the people served."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="demographics")
    subject = models.CharField(max_length=300)
    now = models.CharField(max_length=100)
    year = models.CharField(max_length=40, blank=True)
    projected = models.CharField(max_length=100, blank=True)
    by = models.CharField(max_length=60, blank=True)


class Risk(Part):
    """A risk with the positions that are known."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="risks")
    reference = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    owner = models.CharField(max_length=200)
    rating = models.CharField(max_length=5, blank=True, choices=choices(Rag))
    gross_likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    gross_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    net_likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    net_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    target_likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    target_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    cause = models.TextField(blank=True)
    consequence = models.TextField(blank=True)
    response = models.CharField(max_length=10, blank=True, choices=choices(RESPONSES))
    mitigations = models.TextField(blank=True)  # one on each line
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="risks")
    category = models.CharField(max_length=100, blank=True)
    appetite = models.CharField(max_length=60, blank=True)  # a line of its own, as typed
    next_review = models.DateField(null=True, blank=True)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["plan", "reference"], name="one_risk_per_reference")]


class RiskPosition(Part):
    """Where a risk stood from a day on. Kept for ever; the last is where it stands now."""

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="history")
    since = models.DateField(null=True, blank=True)  # empty: since before anybody kept it
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    impact = models.PositiveSmallIntegerField(null=True, blank=True)
    rating = models.CharField(max_length=5, blank=True)
    because = models.TextField(blank=True)


class RiskReview(Part):
    """Somebody looked at a risk again. `answers` has the keys of what had asked for it."""

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="reviews")
    date = models.DateField()
    text = models.TextField()
    answers = models.JSONField(default=list)
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-date", "-order"]


class Action(Part):
    """An action, due by a date or standing."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="actions")
    reference = models.CharField(max_length=30)
    theme = models.CharField(max_length=100)
    text = models.TextField()
    type = models.CharField(max_length=100)
    owners = models.TextField()  # posts, one on each line
    completed_by = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=choices(ActionState))
    due = models.DateField(null=True, blank=True)
    next_review = models.DateField(null=True, blank=True)
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="actions")
    risks = models.ManyToManyField(Risk, blank=True, related_name="actions")
    was = models.TextField(blank=True)  # the dates it had before, as printed, one on each line
    waits_for = models.TextField(blank=True)  # references, and milestones as HASC03/1, one on each line

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["plan", "reference"], name="one_action_per_reference")]


class Milestone(Part):
    """A step of an action."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="milestones")
    text = models.TextField()
    printed_date = models.CharField(max_length=60, blank=True)
    due = models.DateField(null=True, blank=True)
    done = models.BooleanField(default=False)
    was = models.TextField(blank=True)
    waits_for = models.TextField(blank=True)


class Expectation(Part):
    """What an action is to move: by how much, as `judgement.hoped` reads it, and from which day."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="expects")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="expected")
    change = models.CharField(max_length=30)
    since = models.DateField()


class Update(Part):
    """A dated note of progress on an action, or on one of its milestones. Its order is where it was added."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="updates")
    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, blank=True, related_name="updates")
    date = models.DateField()
    text = models.TextField()
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-date", "-order"]


class PlanIndicator(Part):
    """An indicator as a plan lists it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="listed")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="listed")
    heading = models.CharField(max_length=200)
    printed_code = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    printed_basis = models.CharField(max_length=60, blank=True)
    printed_polarity = models.CharField(max_length=40)
    direction = models.CharField(max_length=10, blank=True, choices=choices(Direction))
    owner = models.CharField(max_length=200, blank=True)
    include = models.BooleanField(default=True)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["plan", "indicator"], name="one_listing_per_indicator")]
