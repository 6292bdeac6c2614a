"""Forms for how a council's indicators are judged: by default, and one that differs.

What is typed becomes the mapping that stands under `judging` in a council's file, and is checked by reading it.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse

from outturn.judgement.rag import AmberBy, Shape, Tolerance
from outturn.judgement.settings import names_of
from outturn.plans.reference import slug_of
from outturn.plans.roles import Deed
from outturn.plans.settings import (
    DIRECTION_RULES,
    KEYS,
    LIMITS_ONLY,
    ROLL_UPS,
    STATUS_RULES,
    read_direction_rule,
    read_status_rule,
    read_tolerance,
    settings_of,
)
from outturn.site.councils.models import Council
from outturn.site.editing import Crumbs, EditForm
from outturn.terms.polarity import Better
from outturn.terms.unit import Unit
from outturn.terms.value import STANDARD_TOKENS, Figure, read_value
from outturn.textfiles import FaultyFiles

from .forms import above_indicator
from .judging_fields import Lines, period_words, tolerance_field, write_tolerance
from .models import Indicator
from .reading import definition_of, targets_of

Plain = dict[str, Any]


KEPT = ("public_counts", "indicators")  # of the settings, what this form does not ask for


class RulesForm(EditForm):
    """The rules by which results are judged. `entry` is what is settled already."""

    section = "indicators"
    kind = "judging"
    deed = Deed.SET_UP
    noun = "rules"
    unnamed = ""  # the choice that names no rule
    status_rule = forms.ChoiceField(label="Rule for the status", required=False)
    green_within = tolerance_field("Green within")
    amber_within = tolerance_field("Amber within")
    direction_rule = forms.ChoiceField(label="Rule for the direction", required=False)
    smallest_change = tolerance_field(
        "Smallest change that counts", help_text="1% of the result before, or 1 in the measure’s own unit."
    )
    beside = (("green_within", "amber_within"),)
    short = ("green_within", "amber_within", "smallest_change")

    @property
    def entry(self) -> Plain:
        """What is settled, as the council's file words it."""
        raise NotImplementedError

    def start(self, thing: Any) -> dict[str, Any]:
        status, direction = (_apart(self.entry.get(key)) for key in ("status", "direction"))
        unnamed = self.unnamed if status else ""
        return {
            "status_rule": read_status_rule(status["rule"]).name if "rule" in status else unnamed,
            "green_within": read_tolerance(status["green"]) if "green" in status else None,
            "amber_within": read_tolerance(status["amber"]) if "amber" in status else None,
            "direction_rule": read_direction_rule(direction["rule"]).name if "rule" in direction else "",
            "smallest_change": read_tolerance(direction["tolerance"]) if "tolerance" in direction else None,
        }

    def offer(self, status: list[tuple[str, str]], direction: list[tuple[str, str]]) -> None:
        """The rules to choose from, after those that only this form has."""
        plain_first = sorted(STATUS_RULES.values(), key=lambda rule: rule.amber_by is not AmberBy.DISTANCE)
        rules = [(rule.name, f"{rule.sentence} ({rule.name})") for rule in plain_first]
        ways = [(name, f"{rule.sentence} ({name})") for name, rule in DIRECTION_RULES.items()]
        self.fields["status_rule"].choices = [*status, *rules]
        self.fields["direction_rule"].choices = [*direction, *ways]

    def clean(self) -> None:
        unnamed = self.unnamed and self.cleaned_data.get("status_rule") == self.unnamed
        limits = [self.cleaned_data.get(name) for name in ("green_within", "amber_within")]
        if (unnamed or limits[0]) and not limits[1] and "amber_within" not in self.errors:
            self.add_error("amber_within", "Write how far off is still Amber, too.")
        if not self.errors:
            try:
                stored = {key: getattr(self.council, key) for key in KEYS}
                settings_of({**stored, **self.settled(self.rules())}, self.council.data().absences)
            except FaultyFiles as error:
                for fault in error.faults:
                    self.add_error(None, fault.words)

    def rules(self) -> Plain:
        """What was typed, as the council's file words it."""
        found = self.cleaned_data
        limits = {"green": found["green_within"], "amber": found["amber_within"]}
        named = found["status_rule"] if found["status_rule"] != self.unnamed else ""
        change = {"tolerance": found["smallest_change"]}
        both = {"status": _together(named, limits), "direction": _together(found["direction_rule"], change)}
        return {key: words for key, words in both.items() if words}

    def settled(self, rules: Plain) -> Plain:
        """Those of the council's settings that hold these rules."""
        raise NotImplementedError

    def save(self, commit: bool = True) -> Any:
        if not self.own_changes:
            return self.instance
        for key, plain in self.settled(self.rules()).items():
            setattr(self.council, key, plain)
        self.council.save(update_fields=KEYS)
        return self.instance

    def picture(self) -> Plain:
        """What the form's fields hold, a line each."""
        return {name: _in_words(held) for name, held in self.start(self.instance).items()}


class CouncilRulesForm(RulesForm):
    """How the council judges where an indicator has no rules of its own, and whom it compares itself with."""

    unnamed = LIMITS_ONLY.name
    priorities = forms.ChoiceField(
        label="Status of a priority", required=False,
        choices=[(name, f"By {way.value}") for name, way in ROLL_UPS.items()],
    )
    region = forms.CharField(
        label="Region", required=False, max_length=100, help_text="Its code or name, as in the comparators sent in."
    )
    compared_with = Lines(
        str, label="Groups of councils to compare with",
        help_text="One on each line: a name, a colon, and codes or names separated by semicolons.",
    )
    field_order = (
        "status_rule", "green_within", "amber_within", "direction_rule", "smallest_change", "priorities", "region",
        "compared_with",
    )

    class Meta:
        model = Council
        fields = ()

    @property
    def entry(self) -> Plain:
        return self.council.judging

    def start(self, thing: Any) -> dict[str, Any]:
        usual = settings_of({}, {})[0]
        started = super().start(thing)
        return {
            **started,
            "status_rule": started["status_rule"] or usual.status.name,
            "direction_rule": started["direction_rule"] or usual.direction.name,
            "priorities": self.council.data().judging.priorities.name.lower(),
            "region": self.council.region,
            "compared_with": {group.name: "; ".join(group.areas) for group in self.council.data().peers.groups},
        }

    def prepare(self) -> None:
        self.offer([(LIMITS_ONLY.name, "Within the limits written below")], [])
        for name in ("status_rule", "direction_rule", "priorities"):
            self.fields[name].required = True
        self.fields["green_within"].help_text = "Left blank, as the rule says; at target or better if it says nothing."
        self.fields["amber_within"].help_text = (
            "5% is a share of the target, 5 is five of the measure’s own unit. For a measure in per cent, 5% of a "
            "target of 90% is 4.5 points, and of a target of 2% a tenth of one."
        )

    def settled(self, rules: Plain) -> Plain:
        found = self.cleaned_data
        judging = {**rules, "priorities": found["priorities"]}
        judging |= {name: self.council.judging[name] for name in KEPT if self.council.judging.get(name)}
        notes = {group.name: group.note for group in self.council.data().peers.groups}
        peers = [
            {"name": name, "areas": [area for part in areas.split(";") if (area := part.strip())]}
            | ({"note": notes[name]} if notes.get(name) else {})
            for name, areas in found["compared_with"].items()
        ]
        return {"judging": judging, "region": found["region"], "peers": peers}

    @property
    def subject(self) -> str:
        return "every indicator"

    @property
    def words(self) -> str:
        return "How results are judged"

    @property
    def heading(self) -> str:
        return f"How {self.council.short_name} judges its results"

    @property
    def crumbs(self) -> Crumbs:
        return [("Indicators", reverse("indicators", args=[self.council.slug]))]


class IndicatorRulesForm(RulesForm):
    """How one indicator is judged where it differs from the council's others."""

    shape = forms.ChoiceField(
        label="How the year’s target is spread over it", required=False,
        choices=[(shape.value, words) for shape, words in {
            Shape.STRAIGHT: "By a straight line: half of it by the end of September",
            Shape.LAST_YEAR: "By the shape of last year’s results",
            Shape.GIVEN: "As given below",
        }.items()],
        help_text="Only for what adds up over the year. Anything else has the same target all year.",
    )  # fmt: skip
    milestones = Lines(
        period_words, label="Targets for parts of the year", help_text="One on each line, such as Q1 2026/27: 210."
    )
    limits_anew = Lines(
        period_words, label="Chart limits drawn anew from",
        help_text="One on each line, with the reason: Q2 2025/26: a second team began. Only where the service changed.",
    )
    compared_with = forms.MultipleChoiceField(
        label="Groups it may be compared with", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None ticked means all of them.",
    )
    field_order = (
        "status_rule", "green_within", "amber_within", "direction_rule", "smallest_change", "shape", "milestones",
        "limits_anew", "compared_with",
    )

    class Meta:
        model = Indicator
        fields = ()

    def __init__(self, thing: Indicator, *args: Any, **kwargs: Any) -> None:
        self.indicator = thing
        super().__init__(thing, *args, **kwargs)

    @property
    def entry(self) -> Plain:
        own = {slug_of(name): plain for name, plain in self.council.judging.get("indicators", {}).items()}
        return next((own[name] for name in names_of(self.indicator.slug) if name in own), {})

    def start(self, thing: Any) -> dict[str, Any]:
        chosen = self.council.data().judging.chosen(self.indicator.slug)
        by_end = sorted(chosen.milestones.items(), key=lambda item: item[0].end)
        return {
            **super().start(thing),
            "shape": chosen.shape.value,
            "milestones": {period.words: value.printed for period, value in by_end},
            "limits_anew": {rebase.period.words: rebase.because for rebase in chosen.rebases},
            "compared_with": list(chosen.peers),
        }

    def prepare(self) -> None:
        data = self.council.data()
        status, way = data.judging.status.sentence, data.judging.direction.sentence
        self.offer([("", f"As the council: {status}")], [("", f"As the council: {way}")])
        self.fields["green_within"].help_text = "Left blank, as the rule says."
        self.fields["amber_within"].help_text = "5% of the target, or 5 in its own unit. " + self._comes_to()
        tokens = {**STANDARD_TOKENS, **data.absences}
        self.fields["milestones"].value = lambda text: read_value(text, tokens).printed
        self.fields["compared_with"].choices = [(group.name, group.name) for group in data.peers.groups]
        if not data.peers.groups:
            del self.fields["compared_with"]

    def _comes_to(self) -> str:
        """What a share of the target is in points, where the indicator is in per cent."""
        definition = definition_of(self.indicator.framework, self.indicator.code)
        targets = targets_of([self.indicator.pk])[self.indicator.pk]
        newest = next((value for value in reversed(targets.values()) if isinstance(value, Figure)), None)
        amber = self.council.data().judging.chosen(self.indicator.slug).status.amber
        if newest and amber and amber.relative and definition.unit is Unit.PERCENT:
            points = amber.of(newest.amount)
            if points and definition.polarity.better is not Better.WITHIN:
                return f"{amber.words} of the target of {newest.printed} is {points.normalize():f} points."
        return "A share of a target of nothing says nothing, so such a target needs the second."

    def rules(self) -> Plain:
        found = self.cleaned_data
        own = {
            "shape": found["shape"] if found["shape"] != Shape.STRAIGHT or found["milestones"] else "",
            "milestones": found["milestones"],
            "rebases": [{"from": period, "because": because} for period, because in found["limits_anew"].items()],
            "peers": found.get("compared_with"),
        }
        return super().rules() | {key: plain for key, plain in own.items() if plain}

    def settled(self, rules: Plain) -> Plain:
        slug, judging = self.indicator.slug, self.council.judging
        others = {name: plain for name, plain in judging.get("indicators", {}).items() if slug_of(name) != slug}
        by_code = any(slug_of(name) in names_of(slug) for name in others)  # which an empty entry keeps from counting
        return {"judging": {**judging, "indicators": {**others, slug: rules} if rules or by_code else others}}

    @property
    def subject(self) -> str:
        return self.indicator.slug

    @property
    def name(self) -> str:
        return f"for {self.indicator.code}"

    @property
    def words(self) -> str:
        return f"How {self.indicator.code} is judged"

    @property
    def heading(self) -> str:
        return self.words

    @property
    def crumbs(self) -> Crumbs:
        return above_indicator(self.indicator)


def _apart(stated: Any) -> dict[str, str]:
    """A rule by name alone, or with tolerances, as the second."""
    return {"rule": stated} if isinstance(stated, str) and stated else stated or {}


def _together(rule: str, limits: Mapping[str, Tolerance | None]) -> str | dict[str, str]:
    """A rule by name alone where there is no more to say."""
    written = {name: write_tolerance(limit) for name, limit in limits.items() if limit}
    return ({"rule": rule} if rule else {}) | written if written else rule


def _in_words(held: Any) -> str:
    """What a field holds, on one line."""
    if isinstance(held, Mapping):
        return "; ".join(f"{key}: {words}" for key, words in held.items())
    return "; ".join(held) if isinstance(held, list) else held.words if isinstance(held, Tolerance) else held or ""
