"""The form for a person's word over a computed status."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from outturn.judgement.overrule import term_fault
from outturn.plans.roles import Deed
from outturn.plans.words import ACCEPTED
from outturn.site.editing import STAYS, Crumbs, EditForm, Typed, date_field
from outturn.terms.period import Period
from outturn.terms.status import Rag

from .forms import above_indicator, read_period
from .models import Word
from .reading import definition_of


class WordForm(EditForm):
    """Another status than the computed one, or that a shortfall is accepted, with a reason and a last day."""

    section = "indicators"
    kind = "word"
    deed = Deed.OVERRULE
    noun = "word on the status"
    period = Typed(
        read_period, lambda period: period.words, label="Period", max_length=60,
        help_text="Of the figure whose status it is: 2018/19, Q1 2018/19, March 2018.",
    )
    said = forms.ChoiceField(
        label="What is to be shown",
        help_text="The computed status is always shown beside it, with who says otherwise, why, and until when.",
        error_messages={"required": "Choose what is to be shown."},
        choices=[
            ("", "Choose one"),
            *((rag.value, f"{rag.value}, whatever was computed") for rag in (Rag.GREEN, Rag.AMBER, Rag.RED)),
            (ACCEPTED, "The computed status, and that it is accepted for now"),
        ],
    )
    since = date_field("From", help_text="The first day on which it holds, such as 15 October 2026.")
    until = date_field(
        "Until", help_text="The last day on which it holds, within a year. To end it early, bring this forward.",
        error_messages={"required": "Write the last day on which it holds."},
    )
    field_order = ("period", "said", "because", "by", "since", "until")
    beside = (("since", "until"),)

    class Meta:
        model = Word
        fields = ("period", "because", "by", "since", "until")
        labels = {"because": "Reason", "by": "Post of whoever decides"}
        help_texts = {"because": "Readers see it.", "by": "Such as Head of Commissioning. A post, never a person."}

    def start(self, thing: Any) -> dict[str, Any]:
        said = (thing.rag or ACCEPTED) if thing.pk else ""
        return {
            "period": Period.read(thing.period) if thing.pk else self._newest(thing),
            "said": said, "since": thing.since or timezone.localdate(),
        }

    def _newest(self, word: Word) -> Period | None:
        periods = [Period.read(code) for code in word.indicator.results.values_list("period", flat=True)]
        return max(periods, key=lambda period: period.end, default=None)

    def prepare(self) -> None:
        self.fields["period"].disabled = not self.adding
        if not self.adding:
            self.fields["period"].help_text = STAYS

    def clean_period(self) -> Period:
        period = self.cleaned_data["period"]
        indicator = self.instance.indicator
        twin = indicator.words.filter(period=period.code).exclude(pk=self.instance.pk).first()
        if twin:
            where = reverse("word-edit", args=[self.council.slug, indicator.slug, twin.order])
            self.elsewhere = f"Edit the word for {period.words}", where
            raise ValidationError(f"There is a word on the status for {period.words} already. Edit that one instead.")
        from_records = self.council.area and definition_of(indicator.framework, indicator.code).computed_by
        if not from_records and not indicator.results.filter(period=period.code).exists():
            raise ValidationError(f"There is no result for {period.words}, so there is no status to speak of.")
        return period

    def clean(self) -> None:
        period, said = self.cleaned_data.get("period"), self.cleaned_data.get("said")
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and (fault := term_fault(since, until)):
            self.add_error("until", fault)
        if said:
            accepts = said == ACCEPTED
            self.instance.kind, self.instance.rag = (Word.ACCEPTED, "") if accepts else (Word.OVERRULE, said)
        if period:
            self.cleaned_data["period"] = self.instance.period = period.code
        if self.own_changes and not self.adding and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Readers have seen this word. Write why it changes.")

    @property
    def subject(self) -> str:
        return f"{self.instance.indicator.slug}/{self.instance.period}"

    @property
    def name(self) -> str:
        return f"for {Period.read(self.instance.period).words}"

    @property
    def words(self) -> str:
        return f"{self.instance.indicator.code} {self.noun} {self.name}"

    @property
    def heading(self) -> str:
        return "Overrule or accept a status" if self.adding else super().heading

    @property
    def crumbs(self) -> Crumbs:
        return above_indicator(self.instance.indicator)
