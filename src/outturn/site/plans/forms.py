"""Forms for a service plan: its front sheet, sections, resources, population facts, and the indicators it lists."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone

from outturn.plans.reference import slug_of
from outturn.site.councils.actions import value_fields
from outturn.site.editing import STAYS, Crumbs, EditForm, Typed
from outturn.site.indicators.forms import ValueText, definition_field, first_value, stored_indicator, use_indicator
from outturn.site.indicators.models import Indicator
from outturn.terms.period import Period, read_year, write_date
from outturn.terms.polarity import Polarity
from outturn.terms.unit import Unit

from .models import Demographic, Plan, PlanIndicator, Resource, Section


class YearForm(EditForm):
    """A document for a financial year, which is part of its address and so stays the same."""

    year = Typed(read_year, lambda year: year.words, label="Financial year", help_text="Such as 2018/19.")

    def start(self, thing: Any) -> dict[str, Any]:
        return {"year": Period.read(thing.year) if thing.pk else None}

    def prepare(self) -> None:
        self.fields["year"].disabled = not self.adding
        if not self.adding:
            self.fields["year"].help_text = STAYS

    def clean(self) -> None:
        year = self.cleaned_data.get("year")
        if not year:
            return
        self.cleaned_data["year"] = year.code
        if self.adding:
            self.instance.slug = self._free_slug(year.code)

    def _free_slug(self, code: str) -> str:
        """The year, or where another document has that address, the year with the first words of the title."""
        slugs = set(type(self.instance).objects.filter(council=self.council).values_list("slug", flat=True))
        long = f"{code}-{slug_of(self.cleaned_data.get('title', ''))[:30]}".strip("-")
        wanted = [code.casefold(), long, *(f"{long}-{number}" for number in range(2, len(slugs) + 3))]
        return next(slug for slug in wanted if slug not in slugs)

    @property
    def subject(self) -> str:
        return self.instance.slug

    @property
    def name(self) -> str:
        return Period.read(self.instance.year).words

    @property
    def words(self) -> str:
        return f"{self.instance.title} {self.name}"


class PlanForm(YearForm):
    """The front sheet."""

    section, kind, noun = "plans", "plan", "service plan"
    field_order = ("title", "year")

    class Meta:
        model = Plan
        fields = (
            "title", "year", "service", "directorate", "plan_holder", "director", "cabinet_member", "source",
        )
        help_texts = {
            "plan_holder": "A post, such as Assistant Director Adults and Social Care.",
            "source": "Where it was published or agreed.",
        }

    @property
    def crumbs(self) -> Crumbs:
        return [("Service plans", reverse("plans", args=[self.council.slug]))]

    @property
    def address(self) -> str:
        return plan_address(self.instance)

    def changed(self) -> None:
        note_update(self.instance)

    def clean(self) -> None:
        super().clean()
        if self.adding:
            set_updated(self.instance)


def set_updated(plan: Plan) -> None:
    """Date the plan today."""
    plan.last_updated = timezone.localdate()
    plan.printed_last_updated = write_date(plan.last_updated)


def note_update(plan: Plan) -> None:
    """Date the plan today and store it: something in it has changed."""
    set_updated(plan)
    plan.save(update_fields=["last_updated", "printed_last_updated"])


def plan_address(plan: Plan) -> str:
    """The plan's page."""
    return reverse("plan", args=[plan.council.slug, plan.slug])


class PartForm(EditForm):
    """Something in a plan."""

    section = "plans"

    @property
    def plan(self) -> Plan:
        """The plan it is in."""
        return self.instance.plan

    @property
    def subject(self) -> str:
        return f"{self.plan.slug}/{self.instance.order}"

    @property
    def crumbs(self) -> Crumbs:
        title = f"{self.plan.title} {Period.read(self.plan.year).words}"
        return [("Service plans", reverse("plans", args=[self.council.slug])), (title, plan_address(self.plan))]

    def changed(self) -> None:
        note_update(self.plan)


class SectionForm(PartForm):
    """Running text."""

    kind = noun = "section"
    short, long = ("number",), ("text",)

    class Meta:
        model = Section
        fields = ("number", "kind", "heading", "text")
        help_texts = {
            "number": "As the document numbers it, such as 1.a.",
            "text": "A blank line begins a new paragraph. Lines that begin with a dash and a space are a list.",
        }

    @property
    def name(self) -> str:
        return f"{self.instance.number} {self.instance.heading}"


class ResourceForm(PartForm):
    """Staff or money."""

    kind = noun = "resource"
    beside = (("value", "unit"),)
    value = ValueText(label="Amount", help_text="As it is to be printed: 329.27 or £44.53m.")
    unit = forms.ChoiceField(choices=[("", "Choose one"), *((unit.wording, unit.words) for unit in Unit)])
    part_of = forms.ChoiceField(label="Part of", required=False, help_text="Where it is already counted in another.")
    field_order = ("label", "value", "unit", "part_of")

    class Meta:
        model = Resource
        fields = ("label", "unit", "part_of")
        labels = {"label": "Resource"}
        help_texts = {"label": "Such as Staff FTEs, or Net Revenue Budget."}

    def start(self, thing: Any) -> dict[str, Any]:
        return {"value": first_value(thing)}

    def prepare(self) -> None:
        self.fields["value"].speak(self.council)
        others = self.plan.resources.exclude(pk=self.instance.pk).values_list("label", flat=True)
        known = dict.fromkeys(filter(None, [*others, self.instance.part_of]))
        self.fields["part_of"].choices = [("", "Nothing else"), *((label, label) for label in known)]

    def clean(self) -> None:
        if value := self.cleaned_data.get("value"):
            for field, text in value_fields(value).items():
                setattr(self.instance, field, text)

    @property
    def name(self) -> str:
        return self.instance.label


class DemographicForm(PartForm):
    """A fact about the people served."""

    kind, noun = "demographic", "population fact"
    short = ("year", "by")
    beside = (("now", "year"), ("projected", "by"))

    class Meta:
        model = Demographic
        fields = ("subject", "now", "year", "projected", "by")
        labels = {"now": "Figure now", "year": "In the year", "projected": "Figure expected", "by": "By when"}
        help_texts = {
            "subject": "Who it is about, such as older people with a long-term health problem.",
            "now": "In figures or words, such as Almost 9,500.",
        }

    @property
    def name(self) -> str:
        return self.instance.subject


def read_printed_polarity(text: str) -> str:
    """Words for a polarity, as printed."""
    Polarity.read(text)
    return text


class ListingForm(PartForm):
    """An indicator as the plan lists it: which one it is cannot be changed afterwards."""

    kind = noun = "listing"
    short = ("printed_code",)
    definition = definition_field()
    printed_polarity = Typed(
        read_printed_polarity, label="Polarity as printed", required=False, max_length=40,
        help_text="Up is Good, Up is Bad, Neutral, or a range such as within 85 to 95. Blank for the definition’s own.",
    )
    field_order = ("definition", "heading", "printed_code", "title", "printed_basis", "printed_polarity")

    class Meta:
        model = PlanIndicator
        fields = (
            "heading", "printed_code", "title", "printed_basis", "printed_polarity", "direction", "owner", "include",
        )
        labels = {
            "printed_code": "Code as printed", "title": "Title as printed", "printed_basis": "Time basis as printed",
            "direction": "Latest direction of travel", "include": "Include it in reports",
        }
        help_texts = {
            "heading": "The part of the table it stands in, such as Service Delivery.",
            "printed_code": "Blank for the definition’s own.", "title": "Blank for the definition’s own.",
            "printed_basis": "Where the council words it in its own way, such as Monthly Snapshot.",
            "owner": "A post, never a person.",
        }

    def prepare(self) -> None:
        if self.adding:
            self.fields["definition"].offer(self.council)
            self.fields["title"].required = self.fields["printed_code"].required = False
        else:
            del self.fields["definition"]
            self.fields["printed_polarity"].required = True

    def clean(self) -> None:
        chosen = self.cleaned_data.get("definition")
        if not chosen:
            return
        definition, _ = chosen
        own = {"title": definition.title, "printed_code": definition.key.code,
               "printed_polarity": definition.polarity.wording}
        for name, words in own.items():
            self.cleaned_data[name] = self.cleaned_data.get(name) or words
        stored = stored_indicator(self.council, *chosen)
        if stored and self.plan.listed.filter(indicator=stored).exists():
            place = [self.council.slug, self.plan.slug, stored.slug]
            self.elsewhere = f"Edit how the plan lists {stored.code}", reverse("listing-edit", args=place)
            self.add_error("definition", "The plan lists this indicator already. Edit that one instead.")

    def save(self, commit: bool = True) -> PlanIndicator:
        if self.adding:
            self.instance.indicator = use_indicator(self.council, *self.cleaned_data["definition"], by=self.by)
        return super().save(commit)

    @property
    def _indicator(self) -> Indicator | None:
        return self.instance.indicator if self.instance.indicator_id else None

    @property
    def subject(self) -> str:
        return f"{self.plan.slug}/{self._indicator.slug if self._indicator else ''}"

    @property
    def name(self) -> str:
        return self.instance.printed_code

    @property
    def words(self) -> str:
        return f"{self.instance.printed_code} {self.instance.title}"

    @property
    def heading(self) -> str:
        return "Add an indicator to the plan" if self.adding else f"Edit how the plan lists {self.name}"
