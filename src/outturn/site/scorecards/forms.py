"""Forms for scorecards, their blocks, priorities, measures and quarter reports."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.text import Truncator

from outturn.plans.roles import Deed
from outturn.plans.scorecard import BLOCK_COLUMNS
from outturn.site.councils.actions import value_fields
from outturn.site.editing import Crumbs, EditForm, clean_lines
from outturn.site.indicators.forms import ValueText, definition_field, stored_indicator, use_indicator
from outturn.site.indicators.models import Indicator, Target
from outturn.site.plans.forms import YearForm
from outturn.site.rounds.reading import entry_address
from outturn.site.trail.actions import note_change, picture
from outturn.terms.period import Period

from .models import Block, MeasureLine, Priority, QuarterReport, Scorecard


def card_address(card: Scorecard) -> str:
    """The scorecard's newest quarter."""
    return reverse("scorecard-latest", args=[card.council.slug, card.slug])


class ScorecardForm(YearForm):
    """A directorate's scorecard for a year."""

    section = "scorecards"
    kind = noun = "scorecard"
    field_order = ("title", "directorate", "year")

    class Meta:
        model = Scorecard
        fields = ("title", "directorate", "year", "source")
        help_texts = {"source": "Where it was published or agreed."}

    @property
    def crumbs(self) -> Crumbs:
        return [("Scorecards", reverse("scorecards", args=[self.council.slug]))]

    @property
    def address(self) -> str:
        return card_address(self.instance)


class CardPartForm(EditForm):
    """Something on a scorecard."""

    section = "scorecards"

    @property
    def card(self) -> Scorecard:
        """The scorecard it is on."""
        return self.instance.scorecard

    @property
    def crumbs(self) -> Crumbs:
        title = f"{self.card.title} {Period.read(self.card.year).words}"
        return [("Scorecards", reverse("scorecards", args=[self.council.slug])), (title, card_address(self.card))]


class BlockForm(CardPartForm):
    """A headed part of the scorecard."""

    kind = noun = "block"
    shows = forms.MultipleChoiceField(
        label="Columns it prints", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(column, column.capitalize()) for column in BLOCK_COLUMNS],
    )
    field_order = ("heading", "kind", "measure_heading", "shows")

    class Meta:
        model = Block
        fields = ("heading", "kind", "measure_heading", "shows")
        labels = {"measure_heading": "Heading of the measures"}
        help_texts = {
            "heading": "Such as Contribution to Cross Council Priorities.",
            "measure_heading": "What the document calls them, such as Supporting Measures.",
        }

    @property
    def subject(self) -> str:
        return f"{self.card.slug}/{self.instance.order}"

    @property
    def name(self) -> str:
        return self.instance.heading


class PriorityForm(CardPartForm):
    """A row of the scorecard."""

    kind = noun = "priority"
    short = ("no_measure",)
    clean_portfolios = clean_lines("portfolios")

    class Meta:
        model = Priority
        fields = ("title", "portfolios", "no_measure")
        labels = {"title": "Priority", "no_measure": "Printed where it has no measure"}
        help_texts = {
            "portfolios": "Cabinet responsibilities, never people. One on each line.",
            "no_measure": "Such as N/A. Leave it blank where the priority has measures.",
        }

    def clean_no_measure(self) -> str:
        words = self.cleaned_data["no_measure"]
        if words and self.instance.pk and self.instance.measures.exists():
            raise forms.ValidationError("This priority has measures, so nothing is printed in their place. Clear this.")
        return words

    @property
    def card(self) -> Scorecard:
        return self.instance.block.scorecard

    @property
    def subject(self) -> str:
        return f"{self.card.slug}/{self.instance.number}"

    @property
    def name(self) -> str:
        return str(self.instance.number)

    @property
    def words(self) -> str:
        return self.instance.title

    @property
    def address(self) -> str:
        return priority_address(self.instance)


def priority_address(priority: Priority) -> str:
    """The priority's page."""
    card = priority.block.scorecard
    return reverse("priority", args=[card.council.slug, card.slug, priority.number])


class BelowPriorityForm(CardPartForm):
    """Something below a priority."""

    @property
    def card(self) -> Scorecard:
        return self.instance.priority.block.scorecard

    @property
    def crumbs(self) -> Crumbs:
        priority = self.instance.priority
        return [*super().crumbs, (Truncator(priority.title).chars(100), priority_address(priority))]


class MeasureForm(BelowPriorityForm):
    """A measure under a priority, with its target for the year."""

    kind = noun = "measure"
    definition = definition_field()
    target = ValueText(
        label="Target for the year", required=False,
        help_text="As it is to be printed, such as 90%. Leave it blank where there is none, or it is set already.",
    )
    field_order = ("definition", "title", "target")

    class Meta:
        model = MeasureLine
        fields = ("title",)
        labels = {"title": "Title as printed"}
        help_texts = {"title": "Blank for the definition’s own."}

    def prepare(self) -> None:
        self.fields["definition"].offer(self.council)
        self.fields["target"].speak(self.council)
        self.fields["title"].required = False

    def clean(self) -> None:
        priority = self.instance.priority
        if priority.no_measure:
            self.elsewhere = "Edit the priority", reverse("priority-edit", args=self._place())
            self.add_error(None, f"This priority prints {priority.no_measure} for its measure. Clear that first.")
        chosen = self.cleaned_data.get("definition")
        if not chosen:
            return
        self.cleaned_data["title"] = self.cleaned_data.get("title") or chosen[0].title
        stored = stored_indicator(self.council, *chosen)
        if stored and priority.measures.filter(indicator=stored).exists():
            self.add_error("definition", "This priority has that measure already. Choose another.")
        if stored and self.cleaned_data.get("target"):
            self._check_target(stored)

    def _check_target(self, stored: Indicator) -> None:
        old = stored.targets.filter(period=self.card.year).first()
        if old and old.printed != self.cleaned_data["target"].printed:
            year = Period.read(self.card.year)
            where = reverse("target-edit", args=[self.council.slug, stored.slug, year.code])
            self.elsewhere = f"Edit the target for {year.words}", where
            there = f"The target for {year.words} is {old.printed or old.absence} already."
            self.add_error("target", f"{there} Leave this blank, or edit that one.")

    def save(self, commit: bool = True) -> MeasureLine:
        indicator = use_indicator(self.council, *self.cleaned_data["definition"], by=self.by)
        self.instance.indicator = indicator
        if value := self.cleaned_data.get("target"):
            target, is_new = Target.objects.get_or_create(
                indicator=indicator, period=self.card.year, defaults=value_fields(value)
            )
            if is_new:
                note_change(
                    by=self.by, verb="added", council=self.council.slug, kind="target",
                    subject=f"{indicator.slug}/{target.period}", after=picture(target),
                    title=f"{indicator.code} target for {Period.read(target.period).words}",
                )
        return super().save(commit)

    def _place(self) -> list[Any]:
        return [self.council.slug, self.card.slug, self.instance.priority.number]

    @property
    def subject(self) -> str:
        slug = self.instance.indicator.slug if self.instance.indicator_id else ""
        return f"{self.card.slug}/{self.instance.priority.number}/{slug}"

    @property
    def words(self) -> str:
        return self.instance.title


class ReportForm(BelowPriorityForm):
    """What is said of a priority in a quarter."""

    kind = noun = "report"
    deed = Deed.WRITE_COMMENTARY
    long = ("progress",)

    class Meta:
        model = QuarterReport
        fields = ("status", "progress")
        help_texts = {
            "status": "The officers’ judgement of the priority itself.",
            "progress": "What was done, and what is still to do.",
        }

    def clean(self) -> None:
        entry = self.instance.priority.entries.filter(round__quarter=self.instance.quarter).first()
        if entry:
            self.elsewhere = "Go to its entry in the round", entry_address(entry)
            self.add_error(None, "This quarter has a round. Write it there; it comes here when it is published.")
        if not self.errors and not (self.cleaned_data["status"] or self.cleaned_data["progress"]):
            self.add_error("progress", "Write the progress, or choose a status. A report needs one of them.")

    @property
    def subject(self) -> str:
        return f"{self.card.slug}/{self.instance.priority.number}/{self.instance.quarter}"

    @property
    def name(self) -> str:
        return f"for {Period.read(self.instance.quarter).words}"

    @property
    def words(self) -> str:
        return f"{self.instance.priority.title}: {Period.read(self.instance.quarter).words}"

    @property
    def heading(self) -> str:
        return f"Report {self.name}"

    @property
    def address(self) -> str:
        return self.crumbs[-1][1]
