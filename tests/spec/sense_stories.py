"""Small pictures for the checks: an indicator, rows of a plan, lines of a scorecard, and what the rules find in them.

Figures are written as a council prints them, one a year from 2015/16 or one a quarter of 2018/19: "260 | 248 | -".
An empty place is a period without an entry. Whatever a row does not say of its indicator is plain.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from outturn.catalogue.indicator import Break, Framework, Indicator, Key, Standing, normal_code
from outturn.judgement.direction import YORK
from outturn.judgement.settings import Judging, Population
from outturn.plans.council import Council, CouncilFiles
from outturn.plans.reference import indicator_slug
from outturn.plans.scorecard import Block, MeasureLine, Priority, QuarterReport, Scorecard
from outturn.plans.service_plan import IndicatorRow, ServicePlan
from outturn.sense import checking  # noqa: F401  loads all rules
from outturn.sense.files import picture_of
from outturn.sense.finding import Finding
from outturn.sense.picture import Picture
from outturn.sense.rule import RULES
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period, SurveyCalendar
from outturn.terms.polarity import Polarity
from outturn.terms.status import Direction, Rag
from outturn.terms.unit import Unit
from outturn.terms.value import STANDARD_TOKENS, Absence, Value, read_value

TOKENS = {"NC": Absence.NOT_COLLECTED, "-": Absence.AWAITED, "N/A": Absence.NOT_APPLICABLE}
READ = {**STANDARD_TOKENS, **TOKENS, "": Absence.AWAITED}
TODAY = date(2018, 7, 11)
DEFINED: dict[Key, Indicator] = {}  # every indicator that a story made, so that a row need only name it


def indicator(
    code: str, title: str = "A measure", *, framework: str = "home", unit: str = "count", basis: str = "annual",
    polarity: str = "lower", frequency: str = "annual", breaks: str = "", survey: int | None = None,
    denominator: str = "none", numerator: str = "Those counted", notes: str = "",
) -> Indicator:  # fmt: skip
    """A definition. `basis` may name several with commas; `breaks` is a year; `survey` the first of every second."""
    made = Indicator(
        Key(framework, normal_code(code)), Framework(framework, framework.title(), "", "", ""), title, title,
        numerator, denominator, Unit.read(unit), None, tuple(map(TimeBasis.read, basis.split(", "))),
        Polarity.read(polarity), "Case system", frequency, SurveyCalendar(survey) if survey else None,
        Standing.LIKELY, (Break(Period.read(breaks), "The method changed."),) if breaks else (), "a story", notes, "",
    )  # fmt: skip
    DEFINED[made.key] = made
    return made


def values(figures: str, periods: Iterable[Period]) -> dict[Period, Value]:
    """Figures by period; “blank” stands for an entry with nothing in it."""
    cells = (cell.strip() for cell in figures.split("|"))
    return {
        when: read_value("" if text == "blank" else text, READ)
        for when, text in zip(periods, cells, strict=False)
        if text
    }


def row(
    code: str | Indicator, figures: str = "", *, direction: str = "", polarity: str = "", basis: str = "",
    owner: str = "Head of Care", include: bool = True, title: str = "", targets: str = "", first: int = 2015,
    **of_indicator: str | int | None,
) -> IndicatorRow:  # fmt: skip
    """A row of a plan. `code` is an indicator, or the code as printed, with what `indicator` takes where it matters."""
    if isinstance(code, str):
        defined = {"polarity": polarity or "lower", "basis": basis or "annual", "title": title or "A measure"}
        made = indicator(code, **(defined | of_indicator))
    else:
        made = code
    on = TimeBasis.read(basis) if basis else made.bases[0]
    years = [Period.year(first + at) for at in range(20)]
    printed = code if isinstance(code, str) else made.key.code
    return IndicatorRow(
        indicator_slug(made, on), made.key.framework, made.key.code, printed, title or made.title, "Measures", on, "",
        made.unit, values(figures, years), values(targets, years), polarity or made.polarity.wording,
        Polarity.read(polarity) if polarity else made.polarity, Direction.read(direction) if direction else None,
        owner, include,
    )  # fmt: skip


def line(
    code: str | Indicator, figures: str = "", *, target: str = "", title: str = "", basis: str = "",
    **of_indicator: str | int | None,
) -> MeasureLine:  # fmt: skip
    """A line of the scorecard of 2018/19."""
    made = code if isinstance(code, Indicator) else indicator(
        code, **({"title": title or "A measure", "basis": basis or "year-to-date sum"} | of_indicator)
    )  # fmt: skip
    on = TimeBasis.read(basis) if basis else made.bases[0]
    return MeasureLine(
        indicator_slug(made, on), made.key.framework, made.key.code, title or made.title, on, made.unit, made.polarity,
        read_value(target, READ) if target else None, values(figures, Period.year(2018).quarters()),
    )  # fmt: skip


def priority(*lines: MeasureLine, title: str = "A priority", no_measure: str = "", **by_quarter: str) -> Priority:
    """A priority, with “Green: All is well.” or a status or a text alone for Q1 to Q4."""
    reports = []
    for name, said in by_quarter.items():
        word, _, text = said.partition(":")
        status = Rag.read(word) if word in tuple(Rag) else None
        quarter = Period.read(f"{name.upper()} 2018/19")
        reports.append(QuarterReport(quarter, status, text.strip() if status else said))
    return Priority(1, title, ("Adults",), tuple(reports), lines, no_measure)


def picture(
    *things: IndicatorRow | MeasureLine | Priority, today: date = TODAY,
    judging: Judging | None = None, populations: tuple[Population, ...] = (),
    counts: dict[str, tuple[int, int]] | None = None, tokens: dict[str, Absence] | None = None,
    **of_plan: object,
) -> Picture:  # fmt: skip
    """Rows make up a plan, lines and priorities a scorecard. `of_plan` is what else stands in the plan: actions=(…),
    risks=(…), resources=(…), sections=(…). `counts` are those behind the newest figure of an indicator, by its slug.
    """
    council = Council(
        "home", "Home Council", "Home", "unitary authority", "a story", TOKENS if tokens is None else tokens,
        judging=judging or Judging(direction=YORK), populations=populations,
    )  # fmt: skip
    rows = tuple(thing for thing in things if isinstance(thing, IndicatorRow))
    priorities = [thing if isinstance(thing, Priority) else priority(thing)
                  for thing in things if not isinstance(thing, IndicatorRow)]  # fmt: skip
    numbered = tuple(replace(each, number=number) for number, each in enumerate(priorities, 1))
    plan = ServicePlan(
        "2018-19", "A plan", Period.year(2018), "Adults", "Adults", "Head", "Director", "Member", TODAY, "11 July 2018",
        "a story", indicators=rows,
    )  # fmt: skip
    block = Block("Priorities", "directorate priorities", "Measures", ("progress", "target"), numbered)
    card = Scorecard("2018-19", "A scorecard", "Adults", Period.year(2018), "a story", (block,))
    plans = (replace(plan, **of_plan),) if rows or of_plan else ()
    files = CouncilFiles(council, plans, (card,) if numbered else ())
    made = picture_of(files, DEFINED, today)
    series = {
        slug: replace(one, counts={max(one.results, key=lambda when: when.end): tuple(map(Decimal, counts[slug]))})
        if counts and slug in counts and one.results else one
        for slug, one in made.series.items()
    }  # fmt: skip
    return replace(made, series=series)


def found(rule: str, *things: IndicatorRow | MeasureLine | Priority, **more: object) -> list[Finding]:
    """What one rule finds in a picture of these."""
    return list(RULES[rule].check(picture(*things, **more)))
