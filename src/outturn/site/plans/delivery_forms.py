"""Forms for what a plan promises: actions, their milestones and updates, and what they are to move."""

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

from outturn.judgement.hoped import read_change
from outturn.plans.action import ActionState, read_milestone_date, read_since
from outturn.plans.reference import read_reference
from outturn.plans.waiting import circle_with, things_of
from outturn.site.editing import STAYS, Crumbs, Typed, clean_lines, date_field, read_sensible_date
from outturn.terms.period import MONTHS, read_date, read_due, write_date

from .forms import PartForm
from .models import Action, Expectation, Milestone, Plan, Update
from .reading import lines, read_actions

LIKE_A_DATE = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d+|\d{4}-\d{1,2}-\d+|(?:\d{1,2}(?:st|nd|rd|th)? )?(?P<month>[A-Za-z]+) \d+"
)
POSTS = "Posts, never people. One on each line."


def refused_by(read: Callable[[str], Any], text: str) -> None:
    """Refuse a text that a rule cannot read, in the rule's words."""
    try:
        read(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class Links(forms.ModelMultipleChoiceField):
    """Boxes to tick. What no box says is refused before the database is asked, which may not take such a number."""

    def clean(self, value: Any) -> Any:
        known = {str(item.pk) for item in self.queryset}
        if set(map(str, value or [])) - known:
            raise ValidationError(self.error_messages["invalid_choice"])
        return super().clean(value)


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


class WaitsFor(forms.MultipleChoiceField):
    """Boxes for the actions and milestones of a plan that must be done first."""

    def __init__(self) -> None:
        super().__init__(label="Cannot be done before", required=False, widget=forms.CheckboxSelectMultiple)

    def offer(self, plan: Plan, name: str) -> None:
        """Everything in the plan but the thing itself and what is part of it."""
        self.actions, self.name = read_actions(plan), name
        there = things_of(self.actions)
        self.choices = [
            (key, Truncator(f"{key} {thing.text}").chars(100)) for key, thing in there.items()
            if not name or (key != name and not key.startswith(f"{name}/"))
        ]  # fmt: skip
        self.help_text = "" if self.choices else "The plan has nothing else yet."

    def clean(self, value: Any) -> str:
        wanted = super().clean(value)
        if words := circle_with(self.actions, self.name, wanted):
            raise ValidationError(words)
        return "\n".join(wanted)


def note_slip(thing: Any, before: tuple[str, date | None], due: date | None) -> None:
    """Keep the date that a promise had before, where it is moved to another day."""
    words, day = before
    if thing.pk and day and due and day != due:
        thing.was = "\n".join([*lines(thing.was), words])


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
    waits_for = WaitsFor()
    field_order = ("reference", "theme", "text", "type", "owners", "timing", "by_date", "next_review", "waits_for")
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
        field_classes = {"indicators": Links, "risks": Links}

    def start(self, thing: Any) -> dict[str, Any]:
        return {
            "timing": thing.state, "by_date": thing.completed_by if thing.state == ActionState.OPEN else "",
            "waits_for": list(lines(thing.waits_for)),
        }

    def prepare(self) -> None:
        super().prepare()
        self.fields["waits_for"].offer(self.plan, self.instance.reference)
        self.promised = self.instance.completed_by, self.instance.due

    def clean(self) -> None:
        timing, words = self.cleaned_data.get("timing"), " ".join((self.cleaned_data.get("by_date") or "").split())
        action = self.instance
        action.waits_for = self.cleaned_data.get("waits_for", action.waits_for)
        action.state, action.due, action.completed_by = timing or "", None, (timing or "").capitalize()
        if timing == ActionState.OPEN:
            action.due, action.completed_by = self._read_due(words), words
            note_slip(action, self.promised, action.due)
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
    waits_for = WaitsFor()

    class Meta:
        model = Milestone
        fields = ("text", "printed_date", "done")
        labels = {"text": "Milestone", "printed_date": "By when", "done": "It is done"}
        help_texts = {
            "printed_date": "31 March 2019 or March 2019. Other words, such as from July, are printed but never late."
        }

    def start(self, thing: Any) -> dict[str, Any]:
        return {"waits_for": list(lines(thing.waits_for))}

    def prepare(self) -> None:
        self.promised = self.instance.printed_date, self.instance.due
        name = f"{self.action.reference}/{self.instance.order}" if self.instance.pk else ""
        self.fields["waits_for"].offer(self.plan, name)

    def clean(self) -> None:
        step = self.instance
        step.waits_for = self.cleaned_data.get("waits_for", step.waits_for)
        if "printed_date" in self.cleaned_data:
            note_slip(step, self.promised, step.due)

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


class ExpectationForm(StepForm):
    """What an action is to move, by how much, and from when it should show."""

    kind, noun = "expectation", "expected effect"
    short = ("change",)
    change = Typed(
        read_change, lambda change: change.words, label="By how much", max_length=30,
        help_text="+60 or −3.5 in the indicator’s own unit, per figure; −5% for a share of what it was.",
        error_messages={"required": "Write by how much."},
    )
    since = Typed(
        read_since, write_date, label="From when it should show", max_length=60,
        help_text="A day, month or quarter: 1 July 2026, July 2026, Q2 2026/27. Figures wholly before it are compared "
        "with those wholly after it.",
        error_messages={"required": "Write from when it should show."},
    )
    field_order = ("indicator", "change", "since")

    class Meta:
        model = Expectation
        fields = ("indicator", "change", "since")
        labels = {"indicator": "Indicator it should move"}

    def start(self, thing: Any) -> dict[str, Any]:
        indicator = thing.indicator.slug if thing.pk else None
        return {"change": read_change(thing.change) if thing.pk else None, "indicator": indicator}

    def prepare(self) -> None:
        field = self.fields["indicator"]
        field.queryset, field.to_field_name = self.council.indicators.all(), "slug"
        field.label_from_instance = lambda item: f"{item.code} {item.title} ({item.basis})"
        field.empty_label = "Choose one"

    def clean_change(self) -> str:
        return self.cleaned_data["change"].words

    def clean_since(self) -> date:
        day = self.cleaned_data["since"]
        refused_by(read_sensible_date, day.isoformat())
        return day

    @property
    def subject(self) -> str:
        return f"{self.plan.slug}/{self.action.reference}/expects/{self.instance.order}"

    @property
    def name(self) -> str:
        return f"on {self.instance.indicator.code}" if self.instance.indicator_id else ""

    @property
    def words(self) -> str:
        return f"{self.action.reference} {self.noun} {self.name}"


class UpdateForm(StepForm):
    """A dated note of progress on an action or one of its milestones."""

    kind = noun = "update"
    date = date_field("Date", help_text="Such as 11 July 2018.")
    field_order = ("date", "text")

    class Meta:
        model = Update
        fields = ("date", "text")
        labels = {"text": "Update"}
        help_texts = {"text": "What has happened since the last one."}

    def start(self, thing: Any) -> dict[str, Any]:
        return {"date": thing.date or timezone.localdate()}

    @property
    def appends(self) -> bool:
        return self.adding

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError(f"{write_date(day)} is yet to come. Write the day on which this was so.")
        return day

    def clean(self) -> None:
        if self.adding:  # it stays its author's; the trail says who edited it
            self.instance.by = self.by

    @property
    def subject(self) -> str:
        step = self.instance.milestone
        own = [] if self.adding else ["updates", str(self.instance.order)]
        return "/".join([self.plan.slug, self.action.reference, *([str(step.order)] if step else []), *own])

    @property
    def words(self) -> str:
        step = self.instance.milestone
        return f"{self.action.reference} {step.text if step else self.action.text}"

    @property
    def address(self) -> str:
        step = self.instance.milestone
        return reverse("milestone", args=self.place(step.order)) if step else self.crumbs[-1][1]
