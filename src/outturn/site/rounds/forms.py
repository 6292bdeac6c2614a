"""Forms of a round: its dates, whose an entry is, its figure and its words."""

from typing import Any

from django import forms
from django.urls import reverse

from outturn.plans.roles import Deed
from outturn.plans.round import DayRule, Step, date_faults, dates_for, template_faults
from outturn.plans.states import BY_PLACE, LEVELS, WAITS, Move
from outturn.site.editing import Crumbs, EditForm, Typed, clean_lines, date_field
from outturn.site.indicators.forms import ResultForm
from outturn.site.plans.models import Plan
from outturn.site.scorecards.models import Scorecard
from outturn.terms.period import Period
from outturn.terms.value import Figure

from .content import WORDS
from .models import Calendar, Entry, Round
from .moving import stand_by
from .opening import fill
from .reading import Standing, read_entries


def field_of(step: Step) -> str:
    """What a step's field is called."""
    return step.name.lower()


def round_address(round: Round) -> str:
    """The board."""
    return reverse("round", args=[round.council.slug, round.address])


class RoundForm(EditForm):
    """A round's dates, and who has to agree."""

    section, kind, noun = "rounds", "round", "round"
    deed = Deed.SET_UP
    levels = forms.MultipleChoiceField(
        label="Who has to agree", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(level.value, level.value.capitalize()) for level in LEVELS],
        help_text="In this order, after an entry is checked. Nobody agrees what they wrote, and nobody agrees twice.",
    )  # fmt: skip

    class Meta:
        model = Round
        fields = ()

    def start(self, thing: Round) -> dict[str, Any]:
        if thing.pk:
            dates, levels = thing.calendar, thing.levels
        else:
            calendar = Calendar.objects.filter(council=thing.council).first()
            dates = dates_for(thing.period, *([calendar.template] if calendar else []))
            last = thing.council.rounds.first()
            levels = last.levels if last else list(LEVELS)
        return {"levels": levels, **{field_of(step): day for step, day in dates.items()}}

    def prepare(self) -> None:
        levels = self.fields.pop("levels")
        for step in Step:
            self.fields[field_of(step)] = date_field(step.value.capitalize(), help_text=step.words)
        self.fields["levels"] = levels
        if "reason" in self.fields:
            self.fields["reason"] = self.fields.pop("reason")

    def clean(self) -> None:
        if self.adding:
            self._clean_quarter()
        dates = {step: self.cleaned_data.get(field_of(step)) for step in Step}
        if all(dates.values()):
            for step, words in date_faults(self.instance.period, dates).items():
                self.add_error(field_of(step), words)
            self.instance.dates = {step.value: day.isoformat() for step, day in dates.items()}
        chosen = self.cleaned_data.get("levels", [])
        self.instance.levels = [level.value for level in LEVELS if level.value in chosen]

    def _clean_quarter(self) -> None:
        quarter = self.instance.period
        if self.council.rounds.filter(quarter=quarter.code).exists():
            self.elsewhere = f"Go to the round for {quarter.words}", round_address(self.instance)
            self.add_error(None, "There is a round for this quarter already.")
        year = quarter.financial_year
        if not any(model.objects.filter(council=self.council, year=year.code).exists() for model in (Plan, Scorecard)):
            self.add_error(None, f"There is no plan or scorecard for {year.words}, so there is nothing to report on.")

    def save(self, commit: bool = True) -> Round:
        self.instance.opened_by = self.instance.opened_by or self.by
        stored = super().save(commit)
        if self.adding:
            fill(stored)
        return stored

    @property
    def subject(self) -> str:
        return self.instance.quarter

    @property
    def name(self) -> str:
        return f"for {self.instance.period.words}"

    @property
    def words(self) -> str:
        return f"Round {self.instance.period.words}"

    @property
    def heading(self) -> str:
        return f"{'Open' if self.adding else 'Edit'} the round {self.name}"

    @property
    def crumbs(self) -> Crumbs:
        return [("Rounds", reverse("rounds", args=[self.council.slug]))]

    @property
    def address(self) -> str:
        return round_address(self.instance)

    def picture(self) -> dict[str, Any]:
        return {"levels": list(self.instance.levels), **self.instance.dates}


class CalendarForm(EditForm):
    """How a council's rounds are usually dated."""

    section, kind, noun = "rounds", "calendar", "calendar"
    deed = Deed.SET_UP

    class Meta:
        model = Calendar
        fields = ()

    def start(self, thing: Calendar) -> dict[str, Any]:
        return {field_of(step): rule for step, rule in thing.template.items()}

    def prepare(self) -> None:
        for step in Step:
            self.fields[field_of(step)] = Typed(
                DayRule.read, lambda rule: rule.words, label=step.value.capitalize(), help_text=step.words
            )
        hint = "After the quarter’s last day, such as 15 working days, or Tuesday after 30 working days."
        self.fields[field_of(Step.DATA_CUT)].help_text += f" {hint}"

    def clean(self) -> None:
        rules = {step: self.cleaned_data.get(field_of(step)) for step in Step}
        if all(rules.values()):
            for step, words in template_faults(rules).items():
                self.add_error(field_of(step), words)
            self.instance.rules = {step.value: rule.words for step, rule in rules.items()}

    @property
    def subject(self) -> str:
        return self.council.slug

    @property
    def heading(self) -> str:
        return "The usual calendar of a round"

    @property
    def words(self) -> str:
        return self.heading

    @property
    def crumbs(self) -> Crumbs:
        return [("Rounds", reverse("rounds", args=[self.council.slug]))]

    def picture(self) -> dict[str, Any]:
        return dict(self.instance.rules)


def entry_crumbs(entry: Entry) -> Crumbs:
    """The pages above what belongs to an entry."""
    place = [entry.round.council.slug, entry.round.address]
    return [
        ("Rounds", reverse("rounds", args=place[:1])), (entry.round.period.words, reverse("round", args=place)),
        (entry.title[:100], reverse("entry", args=[*place, entry.name])),
    ]  # fmt: skip


def refuse_state(form: EditForm, one: Standing) -> None:
    """Nothing is changed where the table has no change."""
    if (Move.CHANGE, one.state) not in BY_PLACE:
        form.add_error(None, WAITS[one.state])


class OwnerForm(EditForm):
    """Whose an entry is."""

    section, kind, noun = "rounds", "entry", "owner"
    deed = Deed.SET_UP
    clean_owners = clean_lines("owners")

    class Meta:
        model = Entry
        fields = ("owners",)
        help_texts = {"owners": "Posts, never people, as plans name them. One on each line."}

    @property
    def subject(self) -> str:
        return self.instance.subject

    @property
    def words(self) -> str:
        return f"{self.instance.title}: {self.instance.round.period.words}"

    @property
    def heading(self) -> str:
        return f"Owner, {self.instance.round.period.words}"

    @property
    def crumbs(self) -> Crumbs:
        return entry_crumbs(self.instance)

    def picture(self) -> dict[str, Any]:
        return {"owners": self.instance.owners}


class CommentaryForm(OwnerForm):
    """What an entry says in words; of a priority, its status too."""

    kind, noun = "commentary", "commentary"
    long = ("happened",)
    deed = Deed.WRITE_COMMENTARY

    class Meta:
        model = Entry
        fields = ("status", *WORDS)
        help_texts = {
            "status": "The officers’ judgement of the priority itself.",
            "happened": "The change in the figure in a sentence or two, for a reader who sees it for the first time. "
            "It is needed before this can be submitted.",
            "why": "What brought it about, and how you know.",
            "doing": "What is done about it, by whom. Name the plan’s action where there is one.",
            "by_when": "A day, and what will be different then.",
            "help_needed": "From whom, and what. It is read inside the council only.",
        }

    def prepare(self) -> None:
        self.fields.pop("reason", None)  # the words are the reason
        if self.instance.indicator_id:
            del self.fields["status"]
        (self.standing,) = read_entries(Entry.objects.filter(pk=self.instance.pk))

    def clean(self) -> None:
        refuse_state(self, self.standing)

    @property
    def findings(self) -> list[Any]:
        """What the checks say of the words as they are stored. They never stand in the way."""
        from .remarks import remarks

        return remarks(self.standing)

    @property
    def heading(self) -> str:
        return f"Commentary, {self.instance.round.period.words}"

    def picture(self) -> dict[str, Any]:
        return {name: getattr(self.instance, name) for name in ("status", *WORDS)}


class FigureForm(ResultForm):
    """An entry's figure. Whoever saves it stands by it."""

    section, noun = "rounds", "figure"
    deed = Deed.EDIT_FIGURE
    source = Typed(
        str, only_if=True, label="Source", max_length=300,
        help_text="Needed with a figure: the return or system it comes from, such as SALT table STS002a.",
    )  # fmt: skip

    def start(self, thing: Any) -> dict[str, Any]:
        return {**super().start(thing), "period": Period.read(thing.period)}

    def prepare(self) -> None:
        super().prepare()
        self.fields["period"].disabled = True
        self.fields["period"].help_text = ""

    def clean(self) -> None:
        super().clean()
        refuse_state(self, self.instance.standing)
        if isinstance(self.cleaned_data.get("value"), Figure) and not self.cleaned_data.get("source"):
            self.add_error("source", "Write where the figure comes from: the system, the report or the return.")

    def clean_source(self) -> str:
        return self.cleaned_data["source"] or ""

    def width(self, field: forms.BoundField) -> str:
        return "" if field.name == "source" else super().width(field)

    def changed(self) -> None:
        (now,) = read_entries(Entry.objects.filter(pk=self.entry.pk))
        stand_by(now, self.by)

    @property
    def entry(self) -> Entry:
        """The entry whose figure it is."""
        return self.instance.standing.stored

    @property
    def heading(self) -> str:
        return f"Figure for {Period.read(self.instance.period).words}"

    @property
    def crumbs(self) -> Crumbs:
        return entry_crumbs(self.entry)

