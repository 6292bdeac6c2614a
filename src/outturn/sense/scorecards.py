"""Rules on scorecards: a status, and what stands behind it."""

from collections.abc import Iterator

from ..judgement.rag import RollUpBy, roll_up
from ..terms.polarity import Better
from ..terms.status import Rag
from ..terms.value import Absence, Missing
from .finding import Finding, Severity, Subject
from .listings import of_card
from .picture import Picture
from .rule import rule
from .told import Report, Told, reports
from .wording import counted, listed

WITHOUT = {  # what stands in place of a figure: how grave a status without one is; with any other it may be right
    Absence.AWAITED: Severity.ERROR,
    Absence.NOT_APPLICABLE: Severity.WARNING,
    Absence.NOT_COLLECTED: Severity.WARNING,
    Absence.NOT_COMPARABLE: Severity.WARNING,
    Absence.SEE_ELSEWHERE: Severity.QUERY,
}


@rule(
    "T1", "A status and its result", Severity.WARNING,
    "A status that no figure stands behind, or a figure that nobody judged, tells a reader less than it seems to.",
    found="Green, though the cell of the only measure is blank.", passed="Amber, with 71% against a target of 74%.",
)  # fmt: skip
def status_and_result(picture: Picture) -> Iterator[Finding]:
    said: set[tuple[Subject, str]] = set()  # what is wrong with the priority itself is told once, not every quarter
    for report in reports(picture):
        for finding in _unsupported(report) if report.said.status else _unjudged(report):
            if finding.periods or (finding.subject, finding.words) not in said:
                said.add((finding.subject, finding.words))
                yield finding


def _unsupported(report: Report) -> Iterator[Finding]:
    """What is missing behind a status."""
    figures = [told for told in report.measures if told.figure]
    if not report.priority.measures:
        words = (
            f"It is given a status but has no measure{_printed(report)}, so no figure stands behind it. Name a "
            "measure, or say who judges it and by what."
        )
        yield Finding("T1", Severity.QUERY, report.subject, words)
    elif not figures:
        yield from _without_figure(report)
    elif not any(told.has_target for told in report.measures):
        named = listed(told.line.code for told in figures)
        neutral = all(told.line.polarity.better is Better.NEUTRAL for told in figures)
        lacks = "says neither better nor worse" if neutral else "has no target to be held against"
        words = f"It is given a status, but {named} {lacks}. Say by what it is judged."
        yield Finding("T1", Severity.QUERY, report.subject, words, (), tuple(told.series.subject for told in figures))


def _without_figure(report: Report) -> Iterator[Finding]:
    absences = [_absence(told) for told in report.measures]
    if Absence.NOT_YET_DUE in absences and report.said.progress:
        return
    for severity in Severity:
        if any(WITHOUT.get(absence) is severity for absence in absences):
            elsewhere = severity is Severity.QUERY
            ask = "Copy the figure here" if elsewhere else "Enter the result, or say what the status rests on"
            given = f"{report.said.status} in {report.quarter.words}"
            missing = listed(told.words for told in report.measures)
            yield report.finding("T1", severity, f"{given} without a result: {missing}. {ask}.")
            return


def _absence(told: Told) -> Absence:
    """Why there is no figure. What a survey finds is not due in a year in which it does not run."""
    survey = told.series.definition.survey
    if survey and not survey.runs_in(told.quarter):
        return Absence.NOT_YET_DUE
    return told.result.absence if isinstance(told.result, Missing) else Absence.AWAITED


def _unjudged(report: Report) -> Iterator[Finding]:
    """What is there although no status is."""
    when, measures = report.quarter.words, report.measures
    figures = [told for told in measures if told.figure]
    absences = {told.result.absence for told in measures if isinstance(told.result, Missing)}
    if not report.priority.measures:
        words = (
            f"Neither a status nor a measure{_printed(report)} in {when}, so nothing says how it stands. Give it both."
        )
    elif figures:
        results = listed(told.words + _by_rule(told) for told in figures)
        words = f"No status in {when}, though there are results: {results}. Judge it."
    elif Absence.AWAITED in absences:
        words = f"Neither a status nor a result in {when}. Enter both, or say why they are missing."
    elif Absence.SEE_ELSEWHERE in absences:
        words = f"Neither a status nor a figure in {when}: {listed(told.words for told in measures)}. Copy both here."
    else:
        return
    yield report.finding("T1", Severity.WARNING, words)


def _printed(report: Report) -> str:
    return f" (“{report.priority.no_measure}” is printed)" if report.priority.no_measure else ""


def _by_rule(told: Told) -> str:
    judged = told.status
    return f" ({judged.words} by “{judged.rule.name}”)" if judged.rag else ""


@rule(
    "T3", "A status and its figures", Severity.WARNING,
    "The status that is printed is held against the one that the council's own rule gives. A priority that people "
    "judge may stand anywhere between its measures. A risk is held against the indicators it names.",
    found="1.92 against a target of 1.50, where less is better, and Green.",
    passed="89.5% against 90% and Green, where 5% is allowed.",
)  # fmt: skip
def status_by_rule(picture: Picture) -> Iterator[Finding]:
    by = picture.council.judging.priorities
    for report in reports(picture):
        given, judged = report.said.status, [told for told in report.measures if told.has_target]
        if given:
            wanted = _wanted(given, [told.status.rag for told in judged], by)
            if wanted is not given:
                severity = Severity.WARNING if (given, wanted) == (Rag.GREEN, Rag.RED) else Severity.QUERY
                yield report.finding("T3", severity, _misjudged(report, judged, by))


RAGS = list(Rag)  # from worst to best


def _wanted(given: Rag, rags: list[Rag | None], by: RollUpBy) -> Rag:
    """The status nearest to the one given that its measures bear out."""
    known = sorted(RAGS.index(rag) for rag in rags if rag)
    if not known:
        return given
    if by is RollUpBy.JUDGED:
        return RAGS[min(max(RAGS.index(given), known[0]), known[-1])]
    return roll_up(rags, by).rag or given


def _misjudged(report: Report, judged: list[Told], by: RollUpBy) -> str:
    said = [_reckoned(told) for told in judged if told.status.rag]
    without = [told.line.code for told in judged if not told.status.rag]
    aside = f" {listed(without)} cannot be judged." if without else ""
    how = f" A priority takes {by.value}." if by is not RollUpBy.JUDGED and len(said) > 1 else ""
    return (
        f"{'; '.join(said)}. The priority is {report.said.status} in {report.quarter.words}.{how}{aside} Correct what "
        "is wrong, or say beside the status why it differs."
    )


def _reckoned(told: Told) -> str:
    judged = told.status
    said = judged.sentence.partition(": ")[2].rstrip(".")
    return f"{told.line.code}: {said}, which is {judged.words} by “{judged.rule.name}”"


@rule(
    "L3", "One status for several measures", Severity.QUERY,
    "One status over several measures hides which of them it speaks of, unless they agree.",
    found="One Amber over two measures, neither of which has a figure.", passed="Red over two measures, both Red.",
)  # fmt: skip
def one_for_several(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        several = [told for told in report.measures if told.has_target or not told.figure]
        if not report.said.status or len(several) < 2 or picture.council.judging.priorities is not RollUpBy.JUDGED:
            continue
        rags = {told.status.rag for told in several}
        if not any(told.figure for told in several) or {Rag.RED, Rag.GREEN} <= rags:
            each = listed(told.words + _by_rule(told) for told in several)
            words = (
                f"One status, {report.said.status} in {report.quarter.words}, stands for "
                f"{counted(len(several), 'measure')}: {each}. Give each measure a status of its own."
            )
            yield report.finding("L3", Severity.QUERY, words)


@rule(
    "L4", "Columns and headings", Severity.QUERY,
    "A part of a scorecard without the columns that others have cannot be read like them, and a heading with nothing "
    "under it is left over.",
    found="A part “Self Assessment” with nothing in it.", passed="Two parts, both with progress and target.",
)  # fmt: skip
def columns(picture: Picture) -> Iterator[Finding]:
    for card in picture.scorecards:
        shown = {column for block in card.blocks for column in block.shows}
        for block in card.blocks:
            lacks = " and no ".join(sorted(shown - set(block.shows)))
            if not block.priorities:
                words = f"There is nothing under the heading “{block.heading}”. Fill it, or take it away."
            elif lacks:
                words = (
                    f"“{block.heading}” prints no {lacks}, as other parts do, so its statuses cannot be read like "
                    "theirs. Add what is missing, or say where it stands."
                )
            else:
                continue
            yield Finding("L4", Severity.QUERY, of_card(card), words)
