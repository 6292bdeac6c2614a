"""What is asked of the measures: which of them, for when, for whom, by which method."""

from dataclasses import dataclass
from datetime import date

from outturn.measures.definition import AskedFor, Measure
from outturn.measures.library import Library, UnknownMeasure, load_library
from outturn.records.methods import DEFAULT, Method, UnknownMethod, method
from outturn.terms.period import Period, PeriodKind
from outturn.workspace import Refusal

ASKED_AS = {
    PeriodKind.YEAR: AskedFor.YEAR, PeriodKind.TO_DATE: AskedFor.YEAR_TO_DATE, PeriodKind.ROLLING: AskedFor.ROLLING,
    PeriodKind.QUARTER: AskedFor.QUARTER, PeriodKind.MONTH: AskedFor.MONTH, PeriodKind.SNAPSHOT: AskedFor.SNAPSHOT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. No codes: every measure that fits the periods. No areas: every council that sent something."""

    periods: tuple[Period, ...]
    codes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    method: str = DEFAULT
    reading: str = "executed"
    as_of: date | None = None
    by: tuple[str, ...] = ()
    population_year: int | None = None
    engine: str = "duckdb"
    address: str | None = None
    with_published: bool = True  # carry a published figure where none can be worked out

    @property
    def told_as(self) -> str:
        """Empty for what pages show: a measure's own groups as known today. Otherwise what was asked for instead."""
        year = [f"population of {self.population_year}"] if self.population_year else []
        return ", ".join([*self.by, *([f"as of {self.as_of}"] if self.as_of else []), *year])


def find_measure(code: str) -> Measure:
    """The measure of that code. Raises Refusal."""
    try:
        return load_library().find(code)
    except UnknownMeasure as error:
        raise Refusal(str(error)) from error


def find_method(name: str, reading: str) -> Method:
    """The method of that name under a reading. Raises Refusal."""
    try:
        return method(name, reading)
    except UnknownMethod as error:
        raise Refusal(str(error)) from error


def measures_asked(library: Library, question: Question) -> list[Measure]:
    """The measures asked for; with no codes, those that fit every period."""
    wanted = {ASKED_AS[period.kind] for period in question.periods if period.kind in ASKED_AS}
    if not wanted or any(period.kind not in ASKED_AS for period in question.periods):
        raise Refusal("Measures are for a financial year, part of one, twelve months, a quarter, a month or a day.")
    if not question.codes:
        return [one for one in library.measures.values() if wanted <= set(one.periods)]
    reasons: list[str] = []
    found: list[Measure] = []
    for code in question.codes:
        try:
            measure = library.find(code)
        except UnknownMeasure as error:
            reasons.append(str(error))
            continue
        found.append(measure)
        if unfit := wanted - set(measure.periods):
            fit = " or ".join(measure.periods)
            reasons.append(f"{measure.code} is not given for a {' or '.join(sorted(unfit))}, only for a {fit}.")
        if unknown := [name for name in question.by if name not in measure.breakdowns]:
            reasons.append(
                f"{measure.code} cannot be broken down by {', '.join(unknown)}. "
                f"It can be by {', '.join(measure.breakdowns)}."
            )
    if reasons:
        raise Refusal("\n".join(reasons))
    return list({measure.code: measure for measure in found}.values())
