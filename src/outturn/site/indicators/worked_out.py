"""Figures worked out from records, as pages show them. They are read from what was told, never counted here."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from outturn import measuring
from outturn.catalogue.indicator import Indicator as Definition
from outturn.explaining import Explanation, explanation
from outturn.publish.chart import Point
from outturn.results.result import PUBLISHED
from outturn.results.rounding import STYLES, Style, for_the_public
from outturn.site.councils.models import Council
from outturn.site.submissions.models import WorkedOut
from outturn.site.trail import clock
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period, PeriodKind, write_date
from outturn.terms.value import Absence, Notation
from outturn.workspace import Refusal

MOST_QUARTERS = 12  # that are worked out, the newest
SUPPRESSED = "[c]"
FROM_RECORDS = "Worked out from records"
PARTS = ("%", "per 100,000")  # units of shares and rates
LABELS = {"gender": "Gender", "ethnicity_group": "Ethnic group", "older_age_band": "Age band"}


@dataclass(frozen=True, slots=True)
class Source:
    """What works an indicator out: a measure, or a part of it, on the indicator's time basis."""

    code: str
    part: str | None
    basis: TimeBasis


def source_of(definition: Definition, basis: TimeBasis) -> Source | None:
    """The measure behind a definition, if any."""
    code, _, part = definition.computed_by.partition(" ")
    return Source(code, part or None, basis) if code else None


@dataclass(frozen=True, slots=True)
class Told:
    """One result as it was told. It prints as a typed value does: `printed`, `is_missing`, `words`."""

    data: Mapping[str, Any]

    @property
    def amount(self) -> Decimal | None:
        """The figure itself, with as many decimals as the measure has."""
        return None if self.data["value"] is None else Decimal(str(self.data["value"]))

    @property
    def is_missing(self) -> bool:
        """Whether there is no figure."""
        return self.data["value"] is None

    @property
    def printed(self) -> str:
        """The figure with its unit; of a withheld one its mark, of any other absence nothing."""
        if (amount := self.amount) is None:
            return SUPPRESSED if self.data["state"] == Absence.SUPPRESSED.value else ""
        return write(amount, self.data["unit"])

    @property
    def words(self) -> str:
        """Its flags, or why there is no figure."""
        return str(self.data["state"]) if self.is_missing else ", ".join(self.data["flags"])

    @property
    def because(self) -> str:
        """The sentence that says why there is no figure."""
        return str(self.data["because"])

    @property
    def counted(self) -> int | None:
        """How many are counted; of a sum or a median, how many it is of."""
        of_units = self.data["numerator"] if self.is_part else self.data["denominator"]
        found = [self.data.get("units"), of_units, self.data["numerator"]]
        return next((number for number in found if number is not None), None)

    @property
    def out_of(self) -> int | None:
        """The denominator, where it is so many of so many."""
        return self.data["denominator"] if self.is_part else None

    @property
    def is_part(self) -> bool:
        """Whether it is so many of so many: a share or a rate."""
        return self.data["unit"] in PARTS

    @property
    def of(self) -> str:
        """84 of 109, where it is so many of so many."""
        known = self.counted is not None and self.out_of is not None
        return f"{self.counted:,} of {self.out_of:,}" if known else ""

    @property
    def who(self) -> str:
        """Whom it is of, where that is not everybody."""
        return ", ".join(self.data["breakdown"].values())

    @property
    def as_of(self) -> str:
        """The day on which the newest file behind it arrived."""
        return write_date(datetime.fromisoformat(self.data["as_of"]).date())

    @property
    def interval(self) -> str:
        """Between which limits chance alone would let it vary, in 95 of 100 cases."""
        limits = self.data["interval"]
        return " to ".join(write(Decimal(str(limit)), self.data["unit"]) for limit in limits) if limits else ""

    @property
    def is_published(self) -> bool:
        """Whether it was published elsewhere, and not worked out from records."""
        return PUBLISHED in self.data["flags"]

    @property
    def origin(self) -> str:
        """What it was worked out from, or who published it."""
        return str(self.data["notes"][0]).removesuffix(".") if self.is_published else FROM_RECORDS

    @property
    def remarks(self) -> list[str]:
        """Sentences that a reader should know."""
        end = self.data["year_end"]
        ahead = [f"At this rate {write(Decimal(str(end)), self.data['unit'])} by the end of the year."] if end else []
        return [*([self.because] if self.because else []), *self.data["notes"], *ahead]

    def sentence(self, among: Sequence["Told"] = ()) -> str:
        """77.1% (84 of 109), as of 21 October 2026, provisional. Among several figures it says whose it is."""
        who = f"{self.who}: " if len(among) > 1 else ""
        if self.printed == SUPPRESSED:
            return f"{who}{self.because[0].lower()}{self.because[1:]}"
        if self.is_missing:
            return f"{who}none ({self.words}). {self.because}"
        facts = [f"{self.printed}{f' ({self.of})' if self.of else ''}", f"as of {self.as_of}", self.words]
        return f"{who}{', '.join(fact for fact in facts if fact)}."


def write(amount: Decimal, unit: str) -> str:
    """An amount with a measure's unit."""
    decimals = max(0, -int(amount.as_tuple().exponent))
    words = {"%": "", "£": "", "number": "", "per 100,000": ""}.get(unit, unit)
    return Notation(decimals, grouped=True, percent=unit == "%", pound=unit == "£", words=words).write(amount)


def label(dimension: str) -> str:
    """What a dimension is called on a page."""
    return LABELS.get(dimension, dimension.replace("_", " ").capitalize())


def headlines(told: Iterable[Told]) -> list[Told]:
    """The figures that stand for an indicator: the total, or where there is none those that are broken down least."""
    found = list(told)
    least = min((len(one.data["breakdown"]) for one in found), default=0)
    return [one for one in found if len(one.data["breakdown"]) == least]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was told of some sources in some periods."""

    found: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]

    def of(self, source: Source, period: Period | None) -> list[Told]:
        """Every figure of a source for a period, with its breakdowns."""
        results = self.found.get((source.code, period.code), ()) if period else ()
        return [Told(one) for one in results if one["part"] == source.part]


def figures(council: Council, sources: Iterable[Source], reported: Sequence[Period], *, to_staff: bool) -> Figures:
    """What was told of sources for what is reported in some quarters, in one question; to the public what was released.

    Small numbers were withheld when it was: over all that the council's pages show, and all that they showed before.
    """
    wanted = set(sources)
    periods = {period.code for one in wanted for each in reported if (period := one.basis.period_for(each))}
    codes = sorted({one.code for one in wanted})
    if not (council.area and codes):
        return Figures({})
    tell = measuring.told_now if to_staff else measuring.released
    found = tell(settings.WORKSPACE, council.area, codes, sorted(periods), clock.told_until())
    if to_staff:
        return Figures(found)
    style = STYLES[council.data().judging.public_counts]
    return Figures({about: [_for_the_public(one, style) for one in results] for about, results in found.items()})


def _for_the_public(one: Mapping[str, Any], style: Style) -> Mapping[str, Any]:
    """Rounded as the council prints counts, and without what only it can do about a figure that is not there."""
    return for_the_public({**one, "because": re.split(r"(?<=\.) ", one["because"])[0]}, style)


def reported_quarters(council: Council, today: date) -> list[Period]:
    """The quarters over by today of the council's plans and scorecards, and of the year before the first of them."""
    years = {Period.read(each.year) for each in (*council.scorecards.all(), *council.plans.all())}
    if not years:
        return []
    first, last = min(year.first_year for year in years) - 1, max(year.first_year for year in years)
    quarters = [quarter for number in range(first, last + 1) for quarter in Period.year(number).quarters()]
    return [quarter for quarter in quarters if quarter.end <= today][-MOST_QUARTERS:]


def periods_of(basis: TimeBasis, quarters: Iterable[Period], today: date) -> list[Period]:
    """What is worked out on a basis for those quarters, oldest first: nothing that is not over."""
    found = dict.fromkeys(basis.period_for(quarter) for quarter in quarters)
    return [period for period in found if period and period.end <= today]


# The section of an indicator's page


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The figures of one period by one or two dimensions."""

    dimensions: tuple[str, ...]
    rows: tuple[Told, ...]

    @property
    def title(self) -> str:
        """By age band and gender."""
        return f"By {' and '.join(label(one)[0].lower() + label(one)[1:] for one in self.dimensions)}"


@dataclass(frozen=True, slots=True)
class Section:
    """All that an indicator's page says of figures worked out from records."""

    source: Source
    series: tuple[tuple[Period, list[Told]], ...]  # the figures that stand for the indicator, newest period first
    chosen: Period | None  # whose breakdowns are shown
    breakdowns: tuple[Breakdown, ...]
    side_counts: tuple[tuple[str, str, int | None], ...]  # name, words, how many; None where withheld
    explained: Explanation | None
    last: WorkedOut | None

    @property
    def is_published(self) -> bool:
        """Whether all that is known was published elsewhere, so that nothing here was worked out."""
        told = [one for _, found in self.series for one in found]
        return any(one.is_published for one in told) and all(one.is_published or one.is_missing for one in told)

    @property
    def has_cases(self) -> bool:
        """Whether there is a list of cases behind the period that is shown in detail."""
        of_chosen = [one for period, told in self.series if period == self.chosen for one in told]
        return bool(of_chosen) and not any(one.is_published for one in of_chosen)

    @property
    def points(self) -> list[Point]:
        """The series as a chart has it, oldest first, where one figure stands for the indicator."""
        if any(len(told) != 1 for _, told in self.series):
            return []
        return [
            Point(short(period), told[0].amount, told[0].printed or told[0].words)
            for period, told in reversed(self.series)
        ]


def short(period: Period) -> str:
    """A period in few words, for a chart."""
    if period.kind in (PeriodKind.YEAR, PeriodKind.QUARTER):
        return period.words.replace("Quarter ", "Q")
    return f"to {period.end:%b %Y}" if period.kind is not PeriodKind.SNAPSHOT else f"{period.end:%b %Y}"


def section(
    council: Council, source: Source, today: date, *, asked: str, to_staff: bool,
    shows: Callable[[Period], bool] = lambda _: True,
) -> Section:
    """What is known of an indicator from records. `asked`: the code of the period to break down, if it is there."""
    quarters = reported_quarters(council, today)
    found = figures(council, [source], quarters, to_staff=to_staff)
    told = [(period, found.of(source, period)) for period in periods_of(source.basis, quarters, today) if shows(period)]
    told = [(period, results) for period, results in reversed(told) if results]
    known = [period for period, results in told if not all(one.is_missing for one in results)]
    chosen = next((period for period in known if period.code == asked), known[0] if known else None)
    explained = _explained(source, told)
    results = found.of(source, chosen)
    return Section(
        source, tuple((period, headlines(results)) for period, results in told), chosen, tuple(_breakdowns(results)),
        tuple(_side_counts(results, explained)), explained, WorkedOut.objects.filter(area=council.area).first(),
    )  # fmt: skip


def _breakdowns(results: Sequence[Told]) -> Iterable[Breakdown]:
    by: dict[tuple[str, ...], list[Told]] = {}
    for one in results:
        if one.data["breakdown"]:
            by.setdefault(tuple(one.data["breakdown"]), []).append(one)
    return (Breakdown(dimensions, tuple(rows)) for dimensions, rows in by.items())


def _side_counts(results: Sequence[Told], explained: Explanation | None) -> Iterable[tuple[str, str, int | None]]:
    """Of everybody: those of a figure that stands for the indicator, where several do those of each added up."""
    words = explained.measure.side_counts if explained else {}
    for name, meaning in words.items():
        counts = [one.data["side_counts"].get(name, 0) for one in headlines(results)]
        yield name, meaning, None if None in counts else sum(counts)


def _explained(source: Source, told: Sequence[tuple[Period, Sequence[Told]]]) -> Explanation | None:
    """The definition under the method of the newest figure."""
    if not told:
        return None
    newest = told[0][1][0].data
    try:
        return explanation(source.code, newest["method"], newest["reading"])
    except Refusal:  # the measure or the method was taken away since
        return None
