"""Forms for what a plan promises and fears: actions, their milestones and updates, and risks."""

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
from outturn.plans.reference import read_reference
from outturn.plans.risk import IMPACTS, LIKELIHOODS, Position, position_faults
from outturn.site.editing import STAYS, Crumbs, Typed, clean_lines, date_field, read_sensible_date
from outturn.terms.period import MONTHS, read_date, read_due, write_date
from outturn.terms.status import Rag

from .forms import PartForm
from .models import Action, Milestone, Plan, Risk, Update

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
        field_classes = {"indicators": Links, "risks": Links}

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


def _scale(label: str, words: tuple[str, ...]) -> forms.TypedChoiceField:
    choices = [("", ""), *((number, f"{number} {word}") for number, word in enumerate(words, 1))]
    return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, required=False, label=label)


POSITIONS = {"gross": "before controls", "net": "as it stands", "target": "where it should be"}


class RiskForm(ReferencedForm):
    """A risk: the letter that was published, or its positions on the 5 by 5 matrix."""

    kind = noun = "risk"
    short = ("reference",)
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
        field_classes = {"indicators": Links}

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
