"""Forms for service plans and everything in them."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from outturn.plans.action import ActionState, read_milestone_date
from outturn.plans.files import slug_of
from outturn.plans.reference import read_reference
from outturn.plans.risk import IMPACTS, LIKELIHOODS, Position, position_faults
from outturn.site.councils.actions import value_fields
from outturn.site.editing import STAYS, Crumbs, EditForm, Typed, date_field, lines_of, read_sensible_date
from outturn.site.indicators.forms import ValueText, definition_field, first_value, stored_indicator, use_indicator
from outturn.site.indicators.models import Indicator
from outturn.terms.period import MONTHS, Period, PeriodKind, UnreadablePeriod, read_date, read_due, write_date
from outturn.terms.polarity import Polarity
from outturn.terms.status import Rag
from outturn.terms.unit import Unit

from .models import Action, Demographic, Milestone, Plan, PlanIndicator, Resource, Risk, Section, Update

LIKE_A_DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d+|\d{4}-\d{1,2}-\d+|(?:\d{1,2}(?:st|nd|rd|th)? )?(?P<month>[A-Za-z]+) \d+"
)
POSTS = "Posts, never people. One on each line."


def read_year(text: str) -> Period:
    """A financial year."""
    period = Period.read(text)
    if period.kind is not PeriodKind.YEAR:
        raise UnreadablePeriod(f"“{text}” is not a financial year. Years look like 2018/19.")
    return period


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


def refused_by(read: Callable[[str], Any], text: str) -> None:
    """Refuse a text that a rule cannot read, in the rule's words."""
    try:
        read(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None


# Actions and risks


class ReferencedForm(PartForm):
    """Something known by its reference, which is part of its address and history and so stays the same."""

    def prepare(self) -> None:
        field = self.fields["reference"]
        field.disabled = not self.adding
        field.help_text = "Such as ASCP12. It cannot be changed afterwards." if self.adding else STAYS
        plan = self.plan
        self._offer("indicators", Q(listed__plan=plan), lambda item: f"{item.code} {item.title} ({item.basis})")
        self._offer("risks", Q(plan=plan), lambda item: f"{item.reference} {item.title}")

    def _offer(self, name: str, condition: Q, words: Any) -> None:
        """What may be linked: what the plan lists, and what is linked already."""
        field = self.fields.get(name)
        if not field:
            return
        if self.instance.pk:
            condition |= Q(pk__in=getattr(self.instance, name).values("pk"))
        field.queryset = field.queryset.filter(condition).distinct()
        field.label_from_instance = words
        field.help_text = "" if field.queryset.exists() else "The plan has none yet."

    def clean_reference(self) -> str:
        text = self.cleaned_data["reference"]
        if not self.adding:
            return text
        text = " ".join(text.split())
        refused_by(read_reference, text)
        twin = type(self.instance).objects.filter(plan=self.plan, reference__iexact=text).first()
        if twin:
            there = twin.reference
            self.elsewhere = f"Edit {there}", reverse(f"{self.kind}-edit", args=self._place(there))
            raise ValidationError(f"This plan has {there} already. Choose another reference, or edit that one.")
        return text

    def _place(self, reference: str) -> list[str]:
        return [self.council.slug, self.plan.slug, reference]

    @property
    def subject(self) -> str:
        return f"{self.plan.slug}/{self.instance.reference}"

    @property
    def name(self) -> str:
        return self.instance.reference

    @property
    def address(self) -> str:
        return reverse(self.kind, args=self._place(self.instance.reference))


def clean_lines(name: str):
    """A method that tidies a field with one entry on each line."""
    return lambda form: lines_of(form.cleaned_data[name])


class ActionForm(ReferencedForm):
    """What is to be done, by whom, and by when."""

    kind = noun = "action"
    short = ("reference",)
    timing = forms.ChoiceField(
        label="When is it to be completed",
        widget=forms.RadioSelect,
        choices=[
            (ActionState.OPEN.value, "By a date or month, written below"),
            (ActionState.STANDING.value, "Standing (ongoing): it has no end, and is reviewed on the day written below"),
            (ActionState.COMPLETE.value, "Complete"),
        ],
        error_messages={"required": "Choose when it is to be completed."},
    )
    by_date = Typed(
        str, label="By when", only_if=True, max_length=60,
        help_text="For an action by a date: 31 March 2019 or March 2019.",
    )
    next_review = date_field(
        "Next review", only_if=True, help_text="For standing work: the day it is next looked at, as 1 October 2018."
    )
    field_order = ("reference", "theme", "text", "type", "owners", "timing", "by_date", "next_review")
    clean_owners = clean_lines("owners")

    class Meta:
        model = Action
        fields = ("reference", "theme", "text", "type", "owners", "next_review", "indicators", "risks")
        labels = {
            "theme": "Priority theme", "text": "Action", "owners": "Accountable officers",
            "indicators": "Indicators it serves", "risks": "Risks it reduces",
        }
        help_texts = {
            "theme": "Such as Safeguarding.",
            "text": "What is to be done, in a sentence.",
            "type": "As the plan prints it: BAU, Major or Statutory.",
            "owners": POSTS,
        }
        widgets = {"indicators": forms.CheckboxSelectMultiple, "risks": forms.CheckboxSelectMultiple}

    def start(self, thing: Any) -> dict[str, Any]:
        return {"timing": thing.state, "by_date": thing.completed_by if thing.state == ActionState.OPEN else ""}

    def clean(self) -> None:
        timing, words = self.cleaned_data.get("timing"), " ".join((self.cleaned_data.get("by_date") or "").split())
        action = self.instance
        action.state, action.due, action.completed_by = timing or "", None, (timing or "").capitalize()
        if timing == ActionState.OPEN:
            action.due, action.completed_by = self._read_due(words), words
        elif timing == ActionState.STANDING:
            action.completed_by = "Ongoing"
            if not self.cleaned_data.get("next_review") and "next_review" not in self.errors:
                words = "Standing work has no end, so write the day on which it is next reviewed."
                self.add_error("next_review", words)
        if timing and timing != ActionState.STANDING and "next_review" not in self.errors:
            self.cleaned_data["next_review"] = None

    def _read_due(self, words: str) -> date | None:
        if "by_date" in self.errors:
            return None
        if not words:
            self.add_error("by_date", "Write the date or month, or choose Standing or Complete above.")
            return None
        try:
            due = read_due(words)
            read_sensible_date(due.isoformat())
            return due
        except ValueError as error:
            self.add_error("by_date", f"{error} A month alone will do: March 2019.")
            return None

    @property
    def words(self) -> str:
        return f"{self.instance.reference} {self.instance.text}"


class StepForm(PartForm):
    """Something below an action."""

    @property
    def action(self) -> Action:
        """The action it is below."""
        return self.instance.action

    @property
    def plan(self) -> Plan:
        return self.action.plan

    def place(self, *more: Any) -> list[Any]:
        """The arguments of an address below the action."""
        return [self.council.slug, self.plan.slug, self.action.reference, *more]

    @property
    def subject(self) -> str:
        return f"{self.plan.slug}/{self.action.reference}/{self.instance.order}"

    @property
    def crumbs(self) -> Crumbs:
        title = Truncator(f"{self.action.reference} {self.action.text}").chars(100)
        return [*super().crumbs, (title, reverse("action", args=self.place()))]


class MilestoneForm(StepForm):
    """A step of an action."""

    kind = noun = "milestone"

    class Meta:
        model = Milestone
        fields = ("text", "printed_date", "done")
        labels = {"text": "Milestone", "printed_date": "By when", "done": "It is done"}
        help_texts = {
            "printed_date": "31 March 2019 or March 2019. Other words, such as from July, are printed but never late."
        }

    def clean_printed_date(self) -> str:
        words = " ".join(self.cleaned_data["printed_date"].split())
        due = self.instance.due = read_milestone_date(words)
        if due:
            refused_by(read_sensible_date, due.isoformat())
        elif (like := LIKE_A_DATE.fullmatch(words)) and (like["month"] or "may").casefold() in MONTHS:
            refused_by(read_date, words)  # meant as a date
        return words

    @property
    def name(self) -> str:
        return str(self.instance.order)

    @property
    def words(self) -> str:
        return f"{self.action.reference} {self.instance.text}"

    @property
    def address(self) -> str:
        return reverse("milestone", args=self.place(self.instance.order))


class UpdateForm(StepForm):
    """A dated note of progress on an action or one of its milestones."""

    kind = noun = "update"
    appends = True
    date = date_field("Date", help_text="Such as 11 July 2018.")
    field_order = ("date", "text")

    class Meta:
        model = Update
        fields = ("date", "text")
        labels = {"text": "Update"}
        help_texts = {"text": "What has happened since the last one."}

    def start(self, thing: Any) -> dict[str, Any]:
        return {"date": timezone.localdate()}

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError(f"{write_date(day)} is yet to come. Write the day on which this was so.")
        return day

    def clean(self) -> None:
        self.instance.by = self.by

    @property
    def subject(self) -> str:
        step = self.instance.milestone
        return "/".join([self.plan.slug, self.action.reference, *([str(step.order)] if step else [])])

    @property
    def words(self) -> str:
        step = self.instance.milestone
        return f"{self.action.reference} {step.text if step else self.action.text}"

    @property
    def address(self) -> str:
        step = self.instance.milestone
        return reverse("milestone", args=self.place(step.order)) if step else self.crumbs[-1][1]


def _scale(label: str, words: tuple[str, ...]) -> forms.TypedChoiceField:
    choices = [("", ""), *((number, f"{number} {word}") for number, word in enumerate(words, 1))]
    return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, required=False, label=label)


POSITIONS = {"gross": "before controls", "net": "as it stands", "target": "where it should be"}


class RiskForm(ReferencedForm):
    """A risk: the letter that was published, or its positions on the 5 by 5 matrix."""

    kind = noun = "risk"
    short = ("reference", "rating")
    beside = tuple((f"{name}_likelihood", f"{name}_impact") for name in POSITIONS)
    gross_likelihood = _scale("Gross likelihood, before controls", LIKELIHOODS)
    gross_impact = _scale("Gross impact, before controls", IMPACTS)
    net_likelihood = _scale("Net likelihood, as it stands", LIKELIHOODS)
    net_impact = _scale("Net impact, as it stands", IMPACTS)
    target_likelihood = _scale("Target likelihood", LIKELIHOODS)
    target_impact = _scale("Target impact", IMPACTS)
    field_order = (
        "reference", "title", "owner", "rating", *(name for pair in beside for name in pair), "cause", "consequence",
    )
    clean_mitigations = clean_lines("mitigations")

    class Meta:
        model = Risk
        fields = (
            "reference", "title", "owner", "rating", "gross_likelihood", "gross_impact", "net_likelihood", "net_impact",
            "target_likelihood", "target_impact", "cause", "consequence", "response", "mitigations", "indicators",
        )
        labels = {"title": "Risk", "mitigations": "What is being done", "indicators": "Indicators that would show it"}
        help_texts = {
            "owner": "A post, never a person.",
            "rating": "Where only the letter is known. Leave it out where likelihood and impact are given.",
            "mitigations": "One on each line.",
        }
        widgets = {"indicators": forms.CheckboxSelectMultiple}

    def clean(self) -> None:
        positions = {name: self._position(name) for name in POSITIONS}
        for words in position_faults(**positions):
            self.add_error("net_likelihood" if "net score" in words[:15] else "target_likelihood", words)
        rating, net = self.cleaned_data.get("rating"), positions["net"]
        if net and rating and Rag(rating) is not net.band:
            words = f"The net position is {net.words}, but the rating says {rating}. Change one, or clear the rating."
            self.add_error("rating", words)
        if not net and not rating and not self.errors:
            self.add_error("rating", "Choose a rating, or the net likelihood and impact.")

    def _position(self, name: str) -> Position | None:
        ends = {end: self.cleaned_data.get(f"{name}_{end}") for end in ("likelihood", "impact")}
        if any(f"{name}_{end}" in self.errors for end in ends):
            return None
        missing = [end for end, number in ends.items() if number is None]
        if len(missing) == 1:
            given = next(end for end in ends if end not in missing)
            self.add_error(f"{name}_{missing[0]}", f"Choose the {name} {missing[0]} too, or clear the {given}.")
        return None if missing else Position(**ends)

    @property
    def words(self) -> str:
        return f"{self.instance.reference} {self.instance.title}"


# Indicators as the plan lists them


def read_printed_polarity(text: str) -> str:
    """Words for a polarity, as printed."""
    Polarity.read(text)
    return text


class ListingForm(PartForm):
    """An indicator as the plan lists it: which one it is cannot be changed afterwards."""

    kind = noun = "listing"
    short = ("printed_code", "direction")
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
