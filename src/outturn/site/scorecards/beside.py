"""What the records say of a scorecard's measures, to stand beside what was typed."""

from dataclasses import dataclass

from outturn.judgement.agreement import compared
from outturn.plans.scorecard import MeasureLine, Scorecard
from outturn.site.councils.models import Council
from outturn.site.indicators.reading import definition_of
from outturn.site.indicators.worked_out import (
    FROM_RECORDS,
    SUPPRESSED,
    Figures,
    Source,
    Told,
    figures,
    headlines,
    source_of,
)
from outturn.site.rounds.visible import PUBLIC, Reader, Seen, seen_by
from outturn.terms.period import Period
from outturn.terms.value import Figure


@dataclass(frozen=True, slots=True)
class Beside:
    """The figures of one measure that were worked out from records."""

    origin: str  # what the figures of the quarter shown come from
    sentences: tuple[str, ...]  # on them
    compared: str  # how the typed figure compares, where there are two
    differs: bool
    note: str  # what was written about the typed figure
    quarters: tuple[tuple[Told, ...], ...]  # the figures for each quarter of the year

    @property
    def lines(self) -> int:
        """How many lines of the table it takes: the figures, and what is said of the quarter shown."""
        return 1 + bool(self.sentences)

    @property
    def withheld(self) -> bool:
        """Whether any figure is withheld from the public."""
        return any(one.printed == SUPPRESSED for told in self.quarters for one in told)


def beside(
    council: Council, card: Scorecard, quarter: Period, reader: Reader = PUBLIC, *, to_staff: bool
) -> dict[str, Beside]:
    """For each measure of which the records tell anything, by its slug; in one question."""
    if not council.area:
        return {}
    sources = {
        line.slug: source for priority in card.priorities for line in priority.measures
        if (source := source_of(definition_of(line.framework, line.code), line.basis))
    }  # fmt: skip
    found = figures(council, sources.values(), card.year.quarters(), to_staff=to_staff)
    seen = seen_by(council, reader)
    lines = {line.slug: line for priority in card.priorities for line in priority.measures}
    every = {slug: _beside(lines[slug], source, found, quarter, seen) for slug, source in sources.items()}
    return {slug: one for slug, one in every.items() if any(one.quarters)}


def _beside(line: MeasureLine, source: Source, found: Figures, quarter: Period, seen: Seen) -> Beside:
    by_quarter = {
        each: tuple(headlines(found.of(source, source.basis.period_for(each))))
        if each.end <= quarter.end and seen.shows(line.slug, each) else ()
        for each in quarter.quarters()
    }
    told, typed = by_quarter[quarter], line.results.get(quarter)
    words = ""
    if len(told) == 1 and told[0].amount is not None and isinstance(typed, Figure):
        words = compared(typed, told[0].amount)
    origin = next((one.origin for one in told if one.is_published), FROM_RECORDS)
    return Beside(
        origin, tuple(one.sentence(told) for one in told), words, words.startswith("Differs"),
        line.notes.get(quarter, ""), tuple(by_quarter.values()),
    )  # fmt: skip
