"""Forms for a council's indicators, their results and targets."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from outturn.catalogue.indicator import Indicator as Definition
from outturn.catalogue.indicator import Key
from outturn.catalogue.library import national_folders
from outturn.plans.reference import indicator_slug
from outturn.plans.roles import Deed
from outturn.site.councils.actions import value_fields
from outturn.site.councils.definitions import catalogue
from outturn.site.councils.models import Council
from outturn.site.editing import STAYS, Crumbs, EditForm, Typed, date_field
from outturn.site.trail.actions import note_change, picture
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period, PeriodKind
from outturn.terms.unit import Unit
from outturn.terms.value import STANDARD_TOKENS, Figure, UnreadableValue, Value, read_value

from .models import Indicator, Result, Target
from .reading import definition_of, stored_value

YEARS_AHEAD = 5

# Values


class ValueText(Typed):
    """A figure, or the council's word for why there is none. `speak` tells it which words those are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_value, lambda value: value.printed, **kwargs)

    def speak(self, council: Council) -> None:
        """Read as the council writes."""
        own = council.data().absences
        tokens = {**own, **STANDARD_TOKENS, **own}  # named in this order, and the council’s meaning prevails
        self.read = lambda text: read_value(text, tokens)
        try:
            read_value("", {token: absence for token, absence in tokens.items() if token})
        except UnreadableValue as error:
            self.error_messages["required"] = str(error).replace("The cell is blank.", "This is blank.")


def first_value(thing: Any) -> Value | None:
    """The value a stored row holds, or None for a new one."""
    return stored_value(thing.printed, thing.absence) if thing.pk else None


# Which indicator


class DefinitionChoice(forms.ChoiceField):
    """A definition on one of its time bases: those the council uses first, then by framework."""

    def offer(self, council: Council) -> None:
        """The council's choices: national frameworks and its own, never another council's."""
        open_frameworks = {path.name for path in national_folders()} | {council.slug}
        used = set(council.indicators.values_list("framework", "code", "basis"))
        groups: dict[str, list[tuple[str, str]]] = {"In use here": []}
        for key, definition in sorted(catalogue().indicators.items()):
            if key.framework not in open_frameworks:
                continue
            for basis in definition.bases:
                place = (key.framework, key.code, basis.wording)
                words = f"{key.code} {definition.title} ({basis.wording})"
                heading = "In use here" if place in used else definition.framework.title
                groups.setdefault(heading, []).append(("/".join(place), words))
        self.choices = [("", "Choose one"), *((heading, found) for heading, found in groups.items() if found)]

    def clean(self, value: Any) -> tuple[Definition, TimeBasis] | None:
        chosen = super().clean(value)
        if not chosen:
            return None
        framework, code, basis = chosen.split("/", 2)  # neither framework nor code holds a slash
        return catalogue().indicators[Key(framework, code)], TimeBasis.read(basis)


def definition_field(**kwargs: Any) -> DefinitionChoice:
    """Which indicator, on which time basis."""
    hint = "What it means stands in the catalogue of definitions. One code on two time bases is two indicators."
    return DefinitionChoice(**{"label": "Indicator and time basis", "help_text": hint, **kwargs})


def stored_indicator(council: Council, definition: Definition, basis: TimeBasis) -> Indicator | None:
    """The council's indicator for a definition, where it has one."""
    return council.indicators.filter(slug=indicator_slug(definition, basis)).first()


def use_indicator(council: Council, definition: Definition, basis: TimeBasis, *, by: str) -> Indicator:
    """The council's indicator for a definition, added to what it uses where needed."""
    found = stored_indicator(council, definition, basis)
    if found:
        return found
    new = Indicator.objects.create(
        council=council, slug=indicator_slug(definition, basis), framework=definition.key.framework,
        code=definition.key.code, basis=basis.wording, title=definition.title,
    )
    note_change(
        by=by, verb="added", council=council.slug, kind="indicator", subject=new.slug, title=f"{new.code} {new.title}",
        after=picture(new),
    )
    return new


class IndicatorForm(EditForm):
    """An indicator the council begins to use."""

    section = "indicators"
    kind = noun = "indicator"
    definition = definition_field()
    field_order = ("definition", "title")

    class Meta:
        model = Indicator
        fields = ("title",)
        help_texts = {"title": "Only where the council words it in its own way."}

    def prepare(self) -> None:
        self.fields["title"].required = False
        self.fields["definition"].offer(self.council)

    def clean(self) -> None:
        chosen = self.cleaned_data.get("definition")
        if not chosen:
            return
        definition, basis = chosen
        if stored := stored_indicator(self.council, definition, basis):
            self.elsewhere = f"Go to {stored.code}, {stored.title}", _address(stored)
            self.add_error("definition", "The council uses this indicator already. Add results to that one.")
        self.cleaned_data["title"] = self.cleaned_data.get("title") or definition.title
        self.instance.slug = indicator_slug(definition, basis)
        self.instance.framework, self.instance.code = definition.key.framework, definition.key.code
        self.instance.basis = basis.wording

    @property
    def subject(self) -> str:
        return self.instance.slug

    @property
    def name(self) -> str:
        return self.instance.code

    @property
    def words(self) -> str:
        return f"{self.instance.code} {self.instance.title}"

    @property
    def crumbs(self) -> Crumbs:
        return [("Indicators", reverse("indicators", args=[self.council.slug]))]

    @property
    def address(self) -> str:
        return _address(self.instance)


def _address(indicator: Indicator) -> str:
    return reverse("indicator", args=[indicator.council.slug, indicator.slug])


def above_indicator(indicator: Indicator) -> Crumbs:
    """The pages above what belongs to an indicator."""
    title = f"{indicator.code} {indicator.title} ({indicator.basis})"
    return [("Indicators", reverse("indicators", args=[indicator.council.slug])), (title, _address(indicator))]


# Results and targets


def read_period(text: str) -> Period:
    """A period a council can report on."""
    period = Period.read(text)
    if period.kind is PeriodKind.SURVEY:
        year = period.financial_year.words
        raise ValueError(f"Surveys stand here by financial year. Write {year}.")
    if period.first_year > timezone.localdate().year + YEARS_AHEAD:
        raise ValueError(f"{period.words} is more than {YEARS_AHEAD} years away. Check the year.")
    return period


class PeriodValueForm(EditForm):
    """A value of an indicator for a period, which stays the same once it is there."""

    section = "indicators"
    asks_reason = True
    value = ValueText(
        label="Value",
        help_text="As it is to be printed: 1,762, 93.88%, £-201, £7.2m, 12.5 (provisional); or the word for no figure.",
    )
    period = Typed(
        read_period, lambda period: period.words, label="Period", max_length=60,
        help_text="2018/19, Q1 2018/19, March 2018, 12 months to 31 March 2018, or 31 March 2018.",
    )

    def start(self, thing: Any) -> dict[str, Any]:
        return {"value": first_value(thing), "period": Period.read(thing.period) if thing.pk else None}

    def prepare(self) -> None:
        self.fields["value"].speak(self.council)
        self.fields["period"].disabled = not self.adding
        if not self.adding:
            self.fields["period"].help_text = STAYS

    def clean_period(self) -> Period:
        period = self.cleaned_data["period"]
        siblings = getattr(self.instance.indicator, f"{self.kind}s")
        twin = siblings.filter(period=period.code).exclude(pk=self.instance.pk).first()
        if twin:
            where = reverse(f"{self.kind}-edit", args=[self.council.slug, self.instance.indicator.slug, period.code])
            self.elsewhere = f"Edit the {self.kind} for {period.words}", where
            there = f"There is a {self.kind} for {period.words} already: {twin.printed or twin.absence}."
            raise ValidationError(f"{there} Edit that one instead.")
        return period

    def clean(self) -> None:
        value, period = self.cleaned_data.get("value"), self.cleaned_data.get("period")
        if value and period:
            for field, text in value_fields(value).items():
                setattr(self.instance, field, text)
        if period:
            self.cleaned_data["period"] = self.instance.period = period.code

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
    def crumbs(self) -> Crumbs:
        return above_indicator(self.instance.indicator)


class Number(forms.DecimalField):
    """A number that may be written with commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=18, decimal_places=4, required=False, widget=forms.TextInput, **kwargs)
        self.error_messages["invalid"] = "This is not a number. Write it in digits, such as 1,762."

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class ResultForm(PeriodValueForm):
    """What was achieved, with how it was worked out."""

    kind = noun = "result"
    deed = Deed.EDIT_FIGURE
    short = ("numerator", "denominator")
    numerator = Number(label="Numerator")
    denominator = Number(label="Denominator")
    as_of = date_field("Data as at", required=False, help_text="The day the data were taken, such as 11 July 2018.")
    field_order = ("period", "value", "numerator", "denominator", "as_of", "source", "note")

    class Meta:
        model = Result
        fields = ("period", "numerator", "denominator", "as_of", "source", "note")
        help_texts = {
            "source": "The return or system it comes from, such as SALT table STS002a.",
            "note": "What a reader must know. It is shown beside the result.",
        }

    def prepare(self) -> None:
        super().prepare()
        definition = definition_of(self.instance.indicator.framework, self.instance.indicator.code)
        self.unit = definition.unit
        self.fields["numerator"].help_text = definition.numerator
        self.fields["denominator"].help_text = "" if definition.denominator == "none" else definition.denominator

    def clean(self) -> None:
        before = first_value(self.instance)
        super().clean()
        value = self.cleaned_data.get("value")
        above, below = (self.cleaned_data.get(name) for name in ("numerator", "denominator"))
        if below is not None and below <= 0:
            words = "Nothing can be divided by nought or less. Write how many there were, or leave this blank."
            self.add_error("denominator", words)
        elif value and value.is_missing and (above is not None or below is not None):
            words = f"The value is “{value.printed}”, so there is nothing to work out. Leave both numbers blank."
            self.add_error("numerator" if above is not None else "denominator", words)
        elif isinstance(value, Figure) and above is not None and below:
            self._check_share(value, above, below)
        changes_figure = isinstance(before, Figure) and value and value.printed != before.printed
        if changes_figure and not self.cleaned_data.get("reason"):
            words = f"Readers have seen {before.printed}. Write why it becomes {value.printed}."
            self.add_error("reason", words)

    def _check_share(self, value: Figure, above: Decimal, below: Decimal) -> None:
        if self.unit is not Unit.PERCENT:
            return
        share = above / below * 100
        half = Decimal("0.5").scaleb(-value.notation.decimals)
        if abs(share - value.amount) > half:
            places = max(value.notation.decimals, 1)
            self.add_error(
                "value",
                f"{above.normalize():,f} out of {below.normalize():,f} is {share:.{places}f}%, not {value.printed}. "
                "Correct the value or the two numbers.",
            )


class TargetForm(PeriodValueForm):
    """What is aimed at."""

    kind = noun = "target"
    field_order = ("period", "value", "note")

    class Meta:
        model = Target
        fields = ("period", "note")
        help_texts = {"note": "What a reader must know about the target."}
