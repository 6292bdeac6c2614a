"""A council's rounds: their calendar, their entries, who signed what, and what was published."""

from datetime import date

from django.db import models
from django.db.models import Q

from outturn.plans.round import TEMPLATE, Dates, DayRule, Step, Template
from outturn.plans.states import Reason, State
from outturn.site.councils.models import Council
from outturn.site.indicators.models import Indicator
from outturn.site.plans.models import Plan, choices
from outturn.site.scorecards.models import Priority, Scorecard
from outturn.terms.period import Period
from outturn.terms.status import Rag

LONGEST = 100_000  # characters in each part of a commentary


class Calendar(models.Model):
    """How a council's rounds are usually dated: a rule for each step."""

    council = models.OneToOneField(Council, models.CASCADE, related_name="calendar")
    rules = models.JSONField(default=dict)

    @property
    def template(self) -> Template:
        """The rules as they are applied."""
        return {step: DayRule.read(self.rules[step]) if step in self.rules else TEMPLATE[step] for step in Step}


class Round(models.Model):
    """The reporting of one quarter."""

    council = models.ForeignKey(Council, models.CASCADE, related_name="rounds")
    quarter = models.CharField(max_length=12)  # Period.code
    levels = models.JSONField(default=list)  # states that have to be agreed
    dates = models.JSONField(default=dict)  # by step
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-quarter"]
        constraints = [models.UniqueConstraint(fields=["council", "quarter"], name="one_round_per_quarter")]

    @property
    def period(self) -> Period:
        """The quarter."""
        return Period.read(self.quarter)

    @property
    def calendar(self) -> Dates:
        """The day of each step."""
        return {step: date.fromisoformat(self.dates[step]) for step in Step}

    @property
    def asked(self) -> tuple[State, ...]:
        """The levels that have to agree, in their order."""
        return tuple(State(level) for level in self.levels)

    @property
    def address(self) -> str:
        """Its part of an address: 2026-27-q2."""
        return self.quarter.lower().replace(" ", "-")


class Entry(models.Model):
    """One indicator or one priority in a round: whose it is, where it stands and what is said of it.

    An indicator's figure stays where all its figures are; of a priority, the status is here.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="entries")
    name = models.SlugField(max_length=120)  # its part of an address
    order = models.PositiveIntegerField()
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, related_name="entries")
    priority = models.ForeignKey(Priority, models.PROTECT, null=True, related_name="entries")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="entries")  # that lists the indicator
    scorecard = models.ForeignKey(Scorecard, models.PROTECT, null=True, related_name="entries")  # where no plan does
    period = models.CharField(max_length=30, blank=True)  # code of what the figure is for
    owners = models.TextField(blank=True)  # posts, one on each line
    state = models.CharField(max_length=40, default=State.DRAFT.value)
    confirmed = models.CharField(max_length=64, blank=True)  # digest of the figure that its owner stands by
    status = models.CharField("Overall progress", max_length=5, blank=True, choices=choices(Rag))
    happened = models.TextField("What happened", blank=True, max_length=LONGEST)
    why = models.TextField("Why", blank=True, max_length=LONGEST)
    doing = models.TextField("What we are doing", blank=True, max_length=LONGEST)
    by_when = models.TextField("By when", blank=True, max_length=LONGEST)
    help_needed = models.TextField("What help is needed", blank=True, max_length=LONGEST)
    note = models.TextField(blank=True)  # with which it was returned
    reason = models.CharField(max_length=40, blank=True, choices=choices(Reason))  # of a restatement under way
    because = models.TextField(blank=True)  # of the restatement

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "name"], name="one_entry_per_name"),
            models.UniqueConstraint(fields=["round", "indicator"], name="one_entry_per_indicator"),
            models.UniqueConstraint(fields=["round", "priority"], name="one_entry_per_priority"),
            models.CheckConstraint(
                condition=Q(indicator=None, priority__isnull=False) | Q(indicator__isnull=False, priority=None),
                name="an_entry_is_of_one_thing",
            ),
        ]

    @property
    def title(self) -> str:
        """What people call it."""
        named = self.indicator
        return f"{named.code} {named.title} ({named.basis})" if named else self.priority.title

    @property
    def subject(self) -> str:
        """Its place in the trail: below its indicator or priority."""
        above = self.indicator.slug if self.indicator else f"{self.scorecard.slug}/{self.priority.number}"
        return f"{above}/{self.round.quarter}"

    @property
    def scope(self) -> tuple[str, str]:
        """The service and the plan it belongs to; of a scorecard, the directorate and no plan."""
        if self.plan:
            return self.plan.service, self.plan.slug
        return (self.scorecard.directorate if self.scorecard else ""), ""

    @property
    def posts(self) -> tuple[str, ...]:
        """Whose it is."""
        return tuple(self.owners.splitlines())


class SignOff(models.Model):
    """Somebody's signature under an entry, with what it said. It holds until the entry is returned or changes."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="signoffs")
    step = models.CharField(max_length=40)  # a state
    by = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    holds = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]


class Publication(models.Model):
    """What was published of an entry: first, and at each restatement. Never changed."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="publications")
    number = models.PositiveIntegerField()  # 1, and one more with each restatement
    by = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    content = models.JSONField()
    reason = models.CharField(max_length=40, blank=True)
    because = models.TextField(blank=True)
    seen = models.PositiveBigIntegerField()  # the newest change then: who changed anything since is its writer

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="one_publication_per_number")]
