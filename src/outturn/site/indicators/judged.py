"""A council's indicators judged, as pages show them: one road for its list, its plans, its scorecards and each page."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings

from outturn import measuring
from outturn.judgement.agreement import agrees
from outturn.judgement.judging import Ahead, Charted, Known, Pair, Verdicts, ahead, charted, judged
from outturn.judgement.nowcast import Nowcast
from outturn.judgement.overrule import AcceptedVariance, Overrule, Shown, shown
from outturn.judgement.settings import Chosen
from outturn.site.councils.models import Council
from outturn.site.rounds.visible import PUBLIC, Reader, seen_by
from outturn.site.trail import clock
from outturn.site.trail.memory import remembered
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period
from outturn.terms.value import Absence, Figure, Flag, Missing, Notation, Value

from .late import late
from .models import Result
from .reading import counts_of, definition_of, targets_of, values_of
from .words import words_of
from .worked_out import Source, Told, figures, headlines, reported_quarters, source_of

T = TypeVar("T")
Word = Overrule | AcceptedVariance
WORDED = ("days", "weeks")  # units that are written behind a figure


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator with what is known of it, how it is judged, and the verdicts on one of its figures."""

    known: Known
    chosen: Chosen
    verdicts: Verdicts
    shown: Shown  # the status with a person's word over it, if any
    from_records: bool  # whether the figure judged was worked out from records
    late: Nowcast | None  # what it is expected to settle at, if it is the newest of those

    @property
    def is_settling(self) -> bool:
        """Whether it is still being recorded, so that no verdict on it is final."""
        return self.late is not None and self.late.settled is False


@dataclass(frozen=True, slots=True)
class Series:
    """What is known of one indicator, and which of its figures come from records."""

    known: Known
    chosen: Chosen
    words: Mapping[Period, Word]
    from_records: frozenset[Period]
    late: Nowcast | None = None  # of the newest figure from records
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under that key before, or is made now: a series changes as a whole, so it stays right."""
        if key not in self.kept:
            self.kept[key] = make()
        found: T = self.kept[key]
        return found

    def judged(self, on: date, at: Period | None = None) -> Judged | None:
        """The verdicts on the figure for a period, or on the newest; None where there is none."""
        return self.once(("judged", on, at), lambda: self._judged(on, at))

    def _judged(self, on: date, at: Period | None) -> Judged | None:
        found = judged(self.known, self.chosen, at)
        if found is None:
            return None
        word, from_records = self.words.get(found.period), found.period in self.from_records
        newest = from_records and found.period == max(self.from_records, key=lambda each: each.end)
        return Judged(
            self.known, self.chosen, found, shown(found.status, word, on), from_records, self.late if newest else None
        )

    def judged_for(self, quarter: Period, on: date) -> Judged | None:
        """The verdicts on what a scorecard prints for a quarter, or for the year that it ends; None without figures."""
        year, results = quarter.financial_year, self.known.results
        at = year if quarter not in results and year in results and year.end == quarter.end else quarter
        return self.judged(on, at) if self.known.until(at).newest() else None

    def ahead(self) -> Ahead:
        """What is expected by the end of the year."""
        return ahead(self.known, self.chosen)

    def charted(self) -> Charted:
        """The series as a chart with limits."""
        return charted(self.known, self.chosen)


def series_of(council: Council, today: date, reader: Reader = PUBLIC, *, to_staff: bool) -> dict[str, Series]:
    """Every indicator of a council by its slug, in a constant number of questions. Kept until anything changes."""
    told = (clock.told_until(), *measuring.told_version(settings.WORKSPACE)) if council.area else ()
    return _series_of(council, today, reader, to_staff, told)


@remembered
def _series_of(
    council: Council, today: date, reader: Reader, to_staff: bool, told: tuple[object, ...]
) -> dict[str, Series]:
    """`told` is the version of what was told from records."""
    indicators = list(council.indicators.all())
    keys = [indicator.id for indicator in indicators]
    seen = seen_by(council, reader)
    rows = seen.results(Result.objects.filter(indicator__in=keys), keys)
    results, counts, targets = values_of(rows), counts_of(rows), targets_of(keys)
    words, judging = words_of(keys), council.data().judging
    quarters = reported_quarters(council, today) if council.area else []
    sources = {
        indicator.slug: source for indicator in (indicators if quarters else ())
        if (source := source_of(definition_of(indicator.framework, indicator.code), TimeBasis.read(indicator.basis)))
    }  # fmt: skip
    figures_told = _told(council, sources, quarters, to_staff=to_staff)
    settling = late(council, sources, quarters)
    found = {}
    for indicator in indicators:
        definition, basis = definition_of(indicator.framework, indicator.code), TimeBasis.read(indicator.basis)
        typed = results[indicator.id]
        told_here = figures_told.get(indicator.slug, {})
        from_records = {period: one for period, one in told_here.items() if seen.shows(indicator.slug, period)}
        if len(from_records) < len(told_here):
            settling.pop(indicator.slug, None)  # it is about the newest, which is not shown
        used = {period for period, one in from_records.items() if _stands(typed.get(period), one)}
        values = {**typed, **{period: value_of(one) for period, one in from_records.items() if period in used}}
        pairs = counts.get(indicator.id, {}) | {
            period: pair for period, one in from_records.items()
            if (pair := _pair(one)) and (period in used or _agree(typed.get(period), one))
        }  # fmt: skip
        known = Known(definition, basis, dict(sorted(values.items(), key=lambda item: item[0].end)),
                      targets[indicator.id], pairs)  # fmt: skip
        own = {period: word for (key, period), word in words.items() if key == indicator.id}
        found[indicator.slug] = Series(
            known, judging.chosen(indicator.slug), own, frozenset(used), settling.get(indicator.slug)
        )
    return found


def _told(
    council: Council, sources: Mapping[str, Source], quarters: Sequence[Period], *, to_staff: bool
) -> dict[str, dict[Period, Told]]:
    """The one figure from records that stands for an indicator, by the period that a scorecard would print it for."""
    known = figures(council, sources.values(), quarters, to_staff=to_staff)
    found: dict[str, dict[Period, Told]] = {}
    for slug, source in sources.items():
        for quarter in quarters:
            period = source.basis.period_for(quarter)
            told = headlines(known.of(source, period))
            if period and len(told) == 1:
                printed = quarter.financial_year if source.basis is TimeBasis.ANNUAL else quarter
                found.setdefault(slug, {})[printed] = told[0]
    return found


def _stands(typed: Value | None, told: Told) -> bool:
    """Whether the figure from records is the one to judge: a typed figure goes before it, a typed absence does not."""
    return not isinstance(typed, Figure) and (typed is None or not told.is_missing)


def _agree(typed: Value | None, told: Told) -> bool:
    return isinstance(typed, Figure) and told.amount is not None and agrees(typed, told.amount)


def value_of(told: Told) -> Value:
    """A figure from records as a typed one would be."""
    if told.amount is None:
        return Missing(Absence(told.data["state"]), told.printed)
    decimals = max(0, -int(told.amount.as_tuple().exponent))
    unit = told.data["unit"]
    words = unit if unit in WORDED else ""
    notation = Notation(decimals, grouped=True, percent=unit == "%", pound=unit == "£", words=words)
    return Figure(told.amount, notation, frozenset(Flag(flag) for flag in told.data["flags"] if flag in set(Flag)))


def _pair(told: Told) -> Pair | None:
    if told.is_missing or told.counted is None or not told.out_of:
        return None
    return Decimal(told.counted), Decimal(told.out_of)
