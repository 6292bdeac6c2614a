"""Rules on what a text claims: that something moved, and figures that the results do not have."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..plans.service_plan import IndicatorRow, ServicePlan
from ..terms.basis import TimeBasis
from ..terms.period import Period
from ..terms.polarity import Polarity
from ..terms.unit import Unit
from ..terms.value import Figure
from .commentary import is_about, quoted
from .finding import Finding, Severity
from .listings import figures, of_plan, of_row
from .picture import Picture
from .prose import FINANCIAL_YEAR, Said, clauses, fits, numbers, prose, sentences, stems, topics
from .rule import also, rule
from .told import Report, Told, reports
from .wording import listed


@dataclass(frozen=True, slots=True)
class Move:
    """From one figure to the next."""

    code: str
    polarity: Polarity
    before: tuple[Period, Figure]
    after: tuple[Period, Figure]

    @property
    def words(self) -> str:
        """ASCOF1C2a 22.40% in 2015/16 and 20.49% in 2016/17."""
        (then, was), (now, now_is) = self.before, self.after
        return f"{self.code} was {was.printed} in {then.words} and {now_is.printed} in {now.words}"

    def contradicts(self, claim: str) -> bool:
        """Whether the figures went the other way than rose, fell, better or worse."""
        was, now = self.before[1].amount, self.after[1].amount
        if claim in ("better", "worse"):
            before, after = self.polarity.distance(was), self.polarity.distance(now)
            if before is None or after is None:
                return False
            was, now = -before, -after
        return now < was if claim in ("rose", "better") else now > was


def claimed(clause: str) -> str:
    """The one way in which it says that something moved, or nothing."""
    words = prose()
    if words.hoped.search(clause):
        return ""
    ways = {"rose": words.rose, "fell": words.fell, "better": words.better, "worse": words.worse}
    found = [way for way, pattern in ways.items() if pattern.search(clause)]
    return found[0] if len(found) == 1 else ""


def _quote(clause: str, claim: str) -> str:
    pattern = getattr(prose(), claim)
    return quoted(clause, pattern.search(clause))


@also("C1")
def in_plans(picture: Picture) -> Iterator[Finding]:
    """What a plan's text says has moved, against the indicators that it lists."""
    for plan in picture.plans:
        for section in plan.sections:
            for clause in clauses(section.text):
                claim, spoken = claimed(clause), topics(clause)
                if claim and spoken:
                    rows = [row for row in plan.indicators if fits(f"{row.code} {row.title}", spoken)]
                    yield from _against_rows(picture, plan, clause, claim, rows)


def _against_rows(
    picture: Picture, plan: ServicePlan, clause: str, claim: str, rows: list[IndicatorRow]
) -> Iterator[Finding]:
    moves = {row.slug: move for row in rows if (move := _newest_move(picture, row))}
    alone = [row for row in rows if len(figures(row.results)) == 1]
    about = tuple(dict.fromkeys(of_row(picture, row) for row in rows if row.slug in moves or not moves))
    said = f"“{clause.rstrip('.')}”"
    if moves and all(move.contradicts(claim) for move in moves.values()):
        words = (
            f"The plan says {said}, but {listed(move.words for move in moves.values())}. Correct the words or the "
            "figures."
        )
        yield Finding("C1", Severity.WARNING, of_plan(plan), words, (), about)
    elif not moves and alone:
        codes = listed(dict.fromkeys(row.code for row in alone))
        words = (
            f"The plan says {said}, and that cannot be checked: of {codes} there is one result only. Give the figure "
            "before, or its source."
        )
        yield Finding("C1", Severity.QUERY, of_plan(plan), words, (), about)


def _newest_move(picture: Picture, row: IndicatorRow) -> Move | None:
    points = [(period, figure) for period, figure, _ in figures(row.results)][-2:]
    series = picture.series.get(row.slug)
    if len(points) < 2 or points[0][0].kind is not points[1][0].kind:
        return None
    if series and series.definition.broken_between(points[0][0], points[1][0]):
        return None
    return Move(row.code, row.polarity, *points)


@also("C1")
def on_scorecards(picture: Picture) -> Iterator[Finding]:
    """What a priority's text says has moved, against its measures."""
    for report in reports(picture):
        for clause in clauses(report.said.progress):
            claim = claimed(clause)
            measures = [told for told in report.measures if claim and is_about(clause, told)]
            moves = [move for told in measures if (move := _move_since(told, clause))]
            if moves and all(move.contradicts(claim) for move in moves):
                told = listed(move.words for move in moves)
                words = f"The text says {_quote(clause, claim)}, but {told}. Correct the words or the figures."
                yield report.finding("C1", Severity.WARNING, words)


def _move_since(told: Told, clause: str) -> Move | None:
    """From the quarter that the clause compares with; of what adds up from 1 April, only a year ago compares."""
    year_ago = prose().year_ago.search(clause) or told.line.basis is TimeBasis.YTD_SUM
    since = told.quarter.same_last_year() if year_ago else told.quarter.previous()
    before, after = told.series.results.get(since), told.figure
    if not isinstance(before, Figure) or not after or told.series.definition.broken_between(since, told.quarter):
        return None
    return Move(told.line.code, told.line.polarity, (since, before), (told.quarter, after))


# Figures in texts

KIND_OF_UNIT = {Unit.PERCENT: "percent", Unit.POUNDS: "pound", Unit.POUNDS_000: "pound"}


@rule(
    "W1", "A figure in the text and the result", Severity.WARNING,
    "A share or a sum of money that the text gives for a measure should be the result beside it.",
    found="“Reviews on time stand at 71%”, beside a result of 66.9%.", passed="“Reviews on time stand at 67%.”",
)  # fmt: skip
def figure_and_result(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        for told, said in _quoted_figures(report):
            if not _is_older(told, said) and told.figure:
                words = (
                    f"The text gives {said.printed} for {told.line.code}, and the result of {report.quarter.words} is "
                    f"{told.figure.printed}. Correct one of them, or say what the other figure is."
                )
                yield report.finding("W1", Severity.WARNING, words)


@rule(
    "W4", "Stale figures", Severity.QUERY,
    "A text that gives an older figure and not the one of the quarter hides where things stand.",
    found="“66.7% were reviewed”, the result of the quarter before.", passed="“66.9%, after 66.7% in Quarter 1.”",
)  # fmt: skip
def stale(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        for told, said in _quoted_figures(report):
            if (older := _is_older(told, said)) and told.figure:
                words = (
                    f"The text gives {said.printed} for {told.line.code}, which was the result of {older.words}; that "
                    f"of {report.quarter.words} is {told.figure.printed}. Bring the text up to date."
                )
                yield report.finding("W4", Severity.QUERY, words)
        for told in report.measures:
            if words := _of_older_years(report, told):
                yield report.finding("W4", Severity.QUERY, words)


def _quoted_figures(report: Report) -> Iterator[tuple[Told, Said]]:
    """A figure that a sentence gives for a measure as it stands, and that is not its result.

    Only a sentence with one figure of the kind counts, of no other time, and neither a change nor a target.
    """
    text = report.said.progress
    for told in report.measures:
        figure, kind = told.figure, KIND_OF_UNIT.get(told.line.unit, "")
        if not figure or not kind or any(said.is_about(_amount(told, figure)) for said in numbers(text)):
            continue
        for sentence in sentences(text):
            said = [one for one in numbers(sentence) if getattr(one, kind)]
            words = prose()
            other = any(one.search(sentence) for one in (words.dated, words.year_ago, words.hoped, words.aside))
            if len(said) == 1 and not other and _is_plainly_about(sentence, told):
                yield told, said[0]


def _amount(told: Told, figure: Figure) -> Decimal:
    return figure.amount * 1_000 if told.line.unit is Unit.POUNDS_000 and not figure.notation.scale else figure.amount


def _is_plainly_about(sentence: str, told: Told) -> bool:
    title = stems(told.line.title)
    return is_about(sentence, told) and 2 * len(stems(sentence) & title) >= len(title)


def _is_older(told: Told, said: Said) -> Period | None:
    """The period before of which it is the result."""
    for period, value in told.series.results.items():
        if period.end < told.quarter.end and isinstance(value, Figure) and said.is_about(_amount(told, value)):
            return period
    return None


def _of_older_years(report: Report, told: Told) -> str:
    """Shares of an earlier year in a text without the result of the quarter."""
    text, figure = report.said.progress, told.figure
    if not figure or told.line.unit is not Unit.PERCENT or any(said.is_about(figure.amount) for said in numbers(text)):
        return ""
    said = sentences(text)
    for at, sentence in enumerate(said):
        year = FINANCIAL_YEAR.search(sentence)
        if not year or int(year["first"]) >= report.card.year.first_year:
            continue
        passage = " ".join(said[at : at + 2])
        shares = [one.printed for one in numbers(passage) if one.percent]
        if shares and is_about(passage, told):
            return (
                f"The text gives figures of {year[0]} ({listed(shares)}) and none of {report.quarter.words}, where "
                f"the result is {figure.printed}. Give the quarter's, and say whether it is a change or another way "
                "of counting."
            )
    return ""
