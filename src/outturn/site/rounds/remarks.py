"""What the checks say of an entry's words, while they are written. They advise, and never stand in the way."""

from collections.abc import Iterator, Mapping

from outturn.plans.scorecard import Block, MeasureLine, Priority, QuarterReport, Scorecard
from outturn.sense.checking import findings  # noqa: F401  with it come the rules
from outturn.sense.finding import Finding
from outturn.sense.picture import Picture, Series
from outturn.sense.rule import RULES
from outturn.site.checks.picture import series_in
from outturn.site.indicators.judged import series_of
from outturn.site.plans.reading import read_plan
from outturn.site.scorecards.reading import read_scorecard
from outturn.site.trail import clock
from outturn.terms.period import Period

from .content import text_of
from .reading import Standing
from .visible import INSIDE, seen_by

ON_WORDS = ("C1", "C3", "A4", "W1", "W2", "W3", "W4", "W5")


def remarks(one: Standing) -> list[Finding]:
    """What is found in the words of an entry as they are stored."""
    council, quarter = one.stored.round.council, one.stored.round.period
    series = series_in(council, clock.today(), INSIDE)
    card = _card_of_priority(one) if one.stored.priority else _card_of_indicator(one, series, quarter)
    if not card:
        return []
    plans = [read_plan(plan, INSIDE) for plan in council.plans.filter(year=card.year.code)]
    picture = Picture(council.data(), {}, series, plans, [card], clock.today())
    (wanted,) = (each for each in card.priorities if _is_it(one, each))
    place = (card.slug, str(wanted.number))
    found = (each for id in ON_WORDS for each in RULES[id].check(picture))
    return [each for each in found if each.subject.place == place and quarter.code in each.periods]


def _is_it(one: Standing, priority: Priority) -> bool:
    return not one.stored.priority or one.stored.priority.number == priority.number


def _card_of_priority(one: Standing) -> Scorecard | None:
    """Its own scorecard, as it stands inside the council."""
    return read_scorecard(one.stored.priority.block.scorecard, INSIDE)


def _card_of_indicator(one: Standing, known: Mapping[str, Series], quarter: Period) -> Scorecard | None:
    """The indicator as if it were a priority of its own, with the status that the rule gives it."""
    entry = one.stored
    series = known.get(entry.indicator.slug)
    if not series:
        return None
    year, today = quarter.financial_year, clock.today()
    line = MeasureLine(
        slug=series.slug, framework=series.definition.key.framework, code=series.definition.key.code,
        title=series.title, basis=series.basis, unit=series.definition.unit, polarity=series.definition.polarity,
        target=series.targets.get(year),
        results={each: series.results[each] for each in year.quarters() if each in series.results},
    )  # fmt: skip
    judged = series_of(entry.round.council, today, INSIDE, to_staff=True)[series.slug].judged_for(quarter, today)
    said = QuarterReport(quarter, judged.shown.rag if judged else None, text_of(one.content))
    priority = Priority(1, series.title, (), (*_earlier(one, quarter), said), (line,))
    block = Block("", "", "Measures", ("progress", "target"), (priority,))
    return Scorecard(f"entry-{entry.name}", series.title, "", year, "", (block,))


def _earlier(one: Standing, quarter: Period) -> Iterator[QuarterReport]:
    """What was said in the year's earlier quarters."""
    words = seen_by(one.stored.round.council, INSIDE).words
    for each in quarter.quarters():
        said = words.get((one.stored.indicator_id, each.code))
        if said and each.end < quarter.end:
            yield QuarterReport(each, None, text_of(said))
