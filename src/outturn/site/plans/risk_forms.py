"""Forms for risks, for their reviews, and for how a council scores them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from outturn.plans.appetite import OUTSIDE, Level
from outturn.plans.risk import position_faults
from outturn.plans.risk_settings import risk_rules_of
from outturn.plans.roles import Deed
from outturn.plans.scheme import FIVE_BY_FIVE, SCHEMES, Position, Scheme
from outturn.site.councils.models import Council
from outturn.site.editing import Crumbs, EditForm, Typed, after_last, clean_lines, date_field
from outturn.site.indicators.judging_fields import Lines
from outturn.terms.period import write_date
from outturn.terms.status import Rag
from outturn.textfiles import FaultyFiles

from .at_work import asks_of_risk
from .delivery_forms import Links, ReferencedForm
from .forms import PartForm
from .models import Plan, Risk, RiskPosition, RiskReview

POSITIONS = {"gross": "before controls", "net": "as it stands", "target": "where it should be"}
PLACED = ("net_likelihood", "net_impact", "rating")


def _scale(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=[("", "")], coerce=int, empty_value=None, required=False, label=label)


class RiskForm(ReferencedForm):
    """A risk: the letter that was published, or its positions on the matrix of the council's scheme."""

    kind = noun = "risk"
    short = ("reference", "appetite")
    beside = tuple((f"{name}_likelihood", f"{name}_impact") for name in POSITIONS)
    gross_likelihood = _scale("Gross likelihood, before controls")
    gross_impact = _scale("Gross impact, before controls")
    net_likelihood = _scale("Net likelihood, as it stands")
    net_impact = _scale("Net impact, as it stands")
    target_likelihood = _scale("Target likelihood")
    target_impact = _scale("Target impact")
    next_review = date_field("Next review", required=False, help_text="The day it is next looked at: 1 October 2018.")
    appetite = Typed(str, label="Appetite of its own", required=False, max_length=60)
    field_order = (
        "reference", "title", "owner", "category", "rating", *(name for pair in beside for name in pair), "appetite",
        "next_review", "cause", "consequence",
    )
    clean_mitigations = clean_lines("mitigations")

    class Meta:
        model = Risk
        fields = (
            "reference", "title", "owner", "category", "rating", "gross_likelihood", "gross_impact", "net_likelihood",
            "net_impact", "target_likelihood", "target_impact", "appetite", "next_review", "cause", "consequence",
            "response", "mitigations", "indicators",
        )
        labels = {"title": "Risk", "mitigations": "What is being done", "indicators": "Indicators that would show it"}
        help_texts = {
            "owner": "A post, never a person.",
            "rating": "Where only the letter is known. Leave it out where likelihood and impact are given.",
            "mitigations": "One on each line.",
        }
        widgets = {"indicators": forms.CheckboxSelectMultiple}
        field_classes = {"indicators": Links}

    def prepare(self) -> None:
        super().prepare()
        rules = self.council.data().risks
        self.scheme = rules.scheme
        for name in POSITIONS:
            for axis, end in enumerate(("likelihood", "impact")):
                steps = range(1, len(self.scheme.words(axis)) + 1)
                field = self.fields[f"{name}_{end}"]
                field.choices = [("", ""), *((step, self.scheme.label(axis, step)) for step in steps)]
                if self.scheme.is_letters:
                    del self.fields[f"{name}_{end}"]
        if self.scheme.is_letters:
            self.fields["rating"].help_text = ""
        own = ", ".join(rules.appetites)
        self.fields["category"].help_text = f"Such as {own or 'Money'}, where risks are put in groups."
        self.fields["appetite"].read = lambda text: self.scheme.read_line(text).words
        usual = rules.appetite.words if rules.appetite else "none"
        self.fields["appetite"].help_text = (
            f"The highest that is accepted for this risk. Blank for that of its category, or of the council ({usual})."
        )
        self.stood = {name: getattr(self.instance, name) for name in PLACED}

    def clean_appetite(self) -> str:
        return self.cleaned_data["appetite"] or ""

    def clean(self) -> None:
        positions = {name: self._position(name) for name in POSITIONS}
        for words in position_faults(**positions):
            self.add_error("net_likelihood" if "net score" in words[:15] else "target_likelihood", words)
        rating, net = self.cleaned_data.get("rating"), positions["net"]
        if net and rating and Rag(rating) is not net.band:
            words = f"The net position is {net.words}, but the rating says {rating}. Change one, or clear the rating."
            self.add_error("rating", words)
        if not net and not rating and not self.errors:
            also = "" if self.scheme.is_letters else ", or the net likelihood and impact"
            self.add_error("rating", f"Choose a rating{also}.")

    def _position(self, name: str) -> Position | None:
        ends = {end: self.cleaned_data.get(f"{name}_{end}") for end in ("likelihood", "impact")}
        if any(f"{name}_{end}" in self.errors for end in ends):
            return None
        missing = [end for end, number in ends.items() if number is None]
        if len(missing) == 1:
            given = next(end for end in ends if end not in missing)
            self.add_error(f"{name}_{missing[0]}", f"Choose the {name} {missing[0]} too, or clear the {given}.")
        return None if missing else Position(**ends, scheme=self.scheme)

    def changed(self) -> None:
        super().changed()
        risk = self.instance
        now = {name: getattr(risk, name) for name in PLACED}
        if not self.adding and now != self.stood and not risk.history.exists():
            note_position(risk, self.stood, None, "")
        if self.adding or now != self.stood:
            note_position(risk, now, timezone.localdate(), self.cleaned_data.get("reason", ""))

    @property
    def words(self) -> str:
        return f"{self.instance.reference} {self.instance.title}"


def note_position(risk: Risk, placed: Mapping[str, Any], since: date | None, because: str) -> None:
    """Keep where a risk stands from a day on."""
    likelihood, impact, rating = (placed[name] for name in PLACED)
    RiskPosition.objects.create(
        risk=risk, order=after_last(risk.history), since=since, likelihood=likelihood, impact=impact,
        rating="" if likelihood else rating, because=because,
    )  # fmt: skip


class RiskReviewForm(PartForm):
    """Somebody has looked at a risk: what came of it, and when it is looked at next."""

    kind, noun = "review", "review"
    date = date_field("Date of the review", help_text="Such as 11 July 2018.")
    answers = forms.MultipleChoiceField(
        label="What asked for it, and is answered by it", required=False, widget=forms.CheckboxSelectMultiple
    )
    next_review = date_field("Next review", help_text="The day it is next looked at.")
    field_order = ("date", "text", "answers", "next_review")

    class Meta:
        model = RiskReview
        fields = ("date", "text")
        labels = {"text": "What came of it"}
        help_texts = {
            "text": "Whether the risk still stands where it stood, and why. If it moved, edit the risk too.",
        }
        error_messages = {"text": {"required": "Write what came of it, so that others know why nothing more is asked."}}

    def start(self, thing: Any) -> dict[str, Any]:
        self.asks = asks_of_risk(thing.risk, self.council, by=self.by)
        return {
            "date": thing.date or timezone.localdate(), "next_review": None,
            "answers": thing.answers if thing.pk else [ask.key for ask in self.asks],
        }

    def prepare(self) -> None:
        self.fields["answers"].choices = [(ask.key, ask.words) for ask in self.asks]
        if not self.asks:
            del self.fields["answers"]

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if day > timezone.localdate():
            raise ValidationError(f"{write_date(day)} is yet to come. Write the day on which it was looked at.")
        return day

    def clean(self) -> None:
        day, following = self.cleaned_data.get("date"), self.cleaned_data.get("next_review")
        if day and following and following <= day:
            self.add_error("next_review", "The next review comes after this one. Write a later day.")
        self.instance.by = self.by
        self.instance.answers = self.cleaned_data.get("answers", [])

    def save(self, commit: bool = True) -> Any:
        risk = self.instance.risk
        risk.next_review = self.cleaned_data["next_review"]
        risk.save(update_fields=["next_review"])
        return super().save(commit)

    def picture(self) -> dict[str, Any]:
        following = self.instance.risk.next_review
        return {**super().picture(), "next_review": str(following) if following else None}

    @property
    def appends(self) -> bool:
        return True

    @property
    def plan(self) -> Plan:
        return self.instance.risk.plan

    @property
    def subject(self) -> str:
        return f"{self.plan.slug}/{self.instance.risk.reference}/reviews/{self.instance.order}"

    @property
    def name(self) -> str:
        return f"of {self.instance.risk.reference}"

    @property
    def words(self) -> str:
        return f"{self.instance.risk.reference} {self.instance.risk.title}"

    @property
    def heading(self) -> str:
        return f"Record a review of {self.instance.risk.reference}"

    @property
    def crumbs(self) -> Crumbs:
        risk = self.instance.risk
        place = [self.council.slug, self.plan.slug, risk.reference]
        return [*super().crumbs, (f"Risk {risk.reference}", reverse("risk", args=place))]


OWN_SCHEME = "as in the council’s file"
_LEVELS = (Level.DIRECTORATE.value, Level.CORPORATE.value)


class RiskRulesForm(EditForm):
    """How the council scores its risks, how much it accepts, and who has to know."""

    deed = Deed.SET_UP
    section = "risks"
    kind, noun = "risk rules", "rules for risks"
    scheme = forms.ChoiceField(label="How risks are scored")
    appetite = Typed(str, label="Appetite", required=False, max_length=60)
    appetites = Lines(
        str, label="Appetite by category", help_text="One on each line: Safeguarding: 8. They go before the other."
    )
    directorate = Typed(str, label="Goes to the directorate", required=False, max_length=60)
    corporate = Typed(str, label="Goes to corporate", required=False, max_length=60)
    field_order = ("scheme", "appetite", "appetites", "directorate", "corporate")
    short = ("appetite",)

    class Meta:
        model = Council
        fields = ()

    def start(self, thing: Any) -> dict[str, Any]:
        plain = thing.risks
        escalation = plain.get("escalation", {})
        named = plain.get("scheme", FIVE_BY_FIVE.name)
        return {
            "scheme": named if isinstance(named, str) else OWN_SCHEME, "appetite": plain.get("appetite"),
            "appetites": plain.get("appetites", {}), **{level: escalation.get(level) for level in _LEVELS},
        }

    def prepare(self) -> None:
        offered = [(name, f"{name}. {scheme.source}") for name, scheme in SCHEMES.items()]
        if isinstance(self.council.risks.get("scheme"), dict):
            offered.insert(0, (OWN_SCHEME, f"{self.council.data().risks.scheme.name}, {OWN_SCHEME}"))
        self.fields["scheme"].choices = offered
        self.fields["scheme"].widget = forms.RadioSelect(choices=offered)
        self.fields["appetite"].help_text = "The highest that is accepted: a score, or a band such as Amber."
        help_text = f"From a score or band on, such as 12 or Red; or: {OUTSIDE}. Blank for by no rule."
        self.fields["directorate"].help_text = self.fields["corporate"].help_text = help_text

    def clean(self) -> None:
        if self.errors:
            return
        plain = self._plain()
        try:
            rules = risk_rules_of(plain)
        except FaultyFiles as error:
            for fault in error.faults:
                self.add_error(_field_of(fault.words), fault.words)
            return
        if lost := self._without_square(rules.scheme):
            words = f"By “{rules.scheme.name}” there is no square for {', '.join(lost)}. Move them first."
            self.add_error("scheme", words)

    def _plain(self) -> dict[str, Any]:
        found = self.cleaned_data
        scheme = self.council.risks["scheme"] if found["scheme"] == OWN_SCHEME else found["scheme"]
        escalation = {level: found[level] for level in _LEVELS if found[level]}
        plain = {"scheme": scheme, "escalation": escalation, **{key: found[key] for key in ("appetite", "appetites")}}
        return {key: value for key, value in plain.items() if value}

    def _without_square(self, scheme: Scheme) -> list[str]:
        """Risks that stand, or stood, where the scheme has nothing."""
        ends = [f"{name}_{end}" for name in POSITIONS for end in ("likelihood", "impact")]
        rows = list(Risk.objects.filter(plan__council=self.council).values_list("reference", *ends))
        rows += RiskPosition.objects.filter(risk__plan__council=self.council).values_list(
            "risk__reference", "likelihood", "impact"
        )
        tall, wide = len(scheme.likelihoods), len(scheme.impacts)
        return sorted({
            name for name, *steps in rows
            if any(step and step > (wide if place % 2 else tall) for place, step in enumerate(steps))
        })  # fmt: skip

    def save(self, commit: bool = True) -> Any:
        if self.own_changes:
            self.council.risks = self._plain()
            self.council.save(update_fields=["risks"])
            self.instance.risks = self.council.risks
        return self.instance

    def picture(self) -> dict[str, Any]:
        held = self.start(self.council)
        appetites = "; ".join(f"{name}: {line}" for name, line in held["appetites"].items())
        return {**held, "appetites": appetites, "appetite": held["appetite"] or ""}

    @property
    def subject(self) -> str:
        return "every risk"

    @property
    def words(self) -> str:
        return "How risks are scored"

    @property
    def heading(self) -> str:
        return f"How {self.council.short_name} scores its risks"

    @property
    def crumbs(self) -> Crumbs:
        return [("Risk register", reverse("risks", args=[self.council.slug]))]


def _field_of(words: str) -> str:
    """The field that a fault in the rules is of."""
    level = next((level for level in _LEVELS if words.startswith(f"escalation, {level}")), "")
    return level or ("appetites" if words.startswith("appetites") else "appetite")
