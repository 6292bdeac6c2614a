"""Rules on a priority's text: what it admits, praises, promises and leaves out, against its status and measures."""

import re
from collections.abc import Iterator

from ..terms.status import Rag
from .finding import Finding, Severity
from .picture import Picture
from .prose import clauses, fits, numbers, prose, sentences, stems, topics
from .rule import rule
from .told import Report, Told, reports
from .wording import listed

QUOTED = 14  # words of a text that a finding repeats
NOT_GREEN = (Rag.AMBER, Rag.RED)


@rule(
    "C1", "Words against status and figures", Severity.QUERY,
    "A text that admits a miss or a doubt does not go with Green, praise does not go with Red or with no result, and "
    "words such as growing or improving have to agree with the figures.",
    found="Green, where the text says that the date will be missed.",
    passed="Growing, of a share that went from 20.5% to 22.4%.",
)  # fmt: skip
def words_against_status(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        if report.said.progress:
            said = [_admitted(report), _praised(report), _left_out(report)]
            yield from (report.finding("C1", Severity.QUERY, words) for words in said if words)


def _admitted(report: Report) -> str:
    """What the text of a Green priority says against Green."""
    if report.said.status is not Rag.GREEN:
        return ""
    text = report.said.progress
    admitted = [quoted(clause, found) for clause in clauses(text) if (found := prose().admits.search(clause))]
    if not admitted:
        return ""
    return (
        f"Green in {report.quarter.words}, and the text says {listed(admitted)}. Ask whether Green is meant, and "
        "whether the measure counts what matters."
    )


def _praised(report: Report) -> str:
    """Praise that no figure bears out."""
    for clause in clauses(report.said.progress):
        found = prose().praises.search(clause)
        if not found or not report.measures:
            continue
        measures = [told for told in report.measures if is_about(clause, told)] or list(report.measures)
        if not any(told.figure for told in measures):
            but = f"there is no result in {report.quarter.words}: {listed(told.words for told in measures)}"
        elif all(told.status.rag is Rag.RED for told in measures):
            rule = measures[0].status.rule.name
            but = f"{listed(told.words for told in measures)} is Red in {report.quarter.words} by “{rule}”"
        else:
            continue
        return (
            f"The text says {quoted(clause, found)}, but {but}. Give the figure that it rests on, or change the words."
        )
    return ""


def _left_out(report: Report) -> str:
    """A miss that the text of a Green priority has no word on."""
    text = report.said.progress
    if report.said.status is not Rag.GREEN or any(mentions(text, told) for told in report.measures):
        return ""
    missed = [told for told in report.measures if told.status.rag is Rag.RED]
    if not missed:
        return ""
    named = listed(f"{told.words}, {told.status.words} by “{told.status.rule.name}”" for told in missed)
    return f"The text has no word on its measure ({named}). Ask why it is missed, and say so in the text."


def quoted(text: str, found: re.Match[str]) -> str:
    """The words that were found with some that follow."""
    words = text[found.start() :].split()
    return f"“{' '.join(words[:QUOTED]).rstrip('.,;')}{' …' if len(words) > QUOTED else ''}”"


def is_about(text: str, told: Told) -> bool:
    """Whether it speaks of the measure: by all its topics, or else by two words of the title."""
    title = f"{told.line.code} {told.line.title} {told.series.definition.title}"
    spoken = topics(text)
    return fits(title, spoken) if spoken else len(stems(text) & stems(title)) > 1


def mentions(text: str, told: Told) -> bool:
    """Whether it has so much as one word or topic of the measure."""
    title = f"{told.line.code} {told.line.title}"
    return bool(stems(text) & stems(title)) or any(topic.titled.search(title) for topic in topics(text))


@rule(
    "C3", "Parts and the whole in a text", Severity.QUERY,
    "Shares that are listed up to “the rest” leave something over, which should be said.",
    found="36% and 38%, and the rest something else.", passed="36%, 38%, and the rest (26%) something else.",
)  # fmt: skip
def parts_and_whole(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        for sentence in sentences(report.said.progress):
            found, shares = prose().rest.search(sentence), [said for said in numbers(sentence) if said.percent]
            left = 100 - sum(said.amount for said in shares)
            if found and len(shares) > 1 and left > 0:
                words = (
                    f"{listed(said.printed for said in shares)} leave {left}% for “{found[0]}”, which is not said. "
                    "Give it, with what it stands for."
                )
                yield report.finding("C3", Severity.QUERY, words)


@rule(
    "W3", "A promise without a date", Severity.QUERY,
    "Where a priority is Amber or Red, a promise should have a date, or stand in a plan as an action on the same "
    "measure.",
    found="Amber: “We will recruit more staff.”", passed="Amber: “We will recruit two posts by March 2019.”",
)  # fmt: skip
def promises(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        if report.said.status not in NOT_GREEN or _has_action(picture, report):
            continue
        for sentence in sentences(report.said.progress):
            found = prose().promises.search(sentence)
            if found and not prose().dated.search(sentence):
                words = (
                    f"The text promises {quoted(sentence, found)} without a date, and no plan has an action on it. "
                    "Say by when, and who."
                )
                yield report.finding("W3", Severity.QUERY, words)


def _has_action(picture: Picture, report: Report) -> bool:
    """Whether an action of a plan for the same year serves one of its measures, on whatever time basis."""
    served = {
        picture.series[slug].definition.key
        for plan in picture.plans if plan.year == report.card.year
        for action in plan.actions for slug in action.indicators if slug in picture.series
    }  # fmt: skip
    return any(told.series.definition.key in served for told in report.measures)


@rule(
    "W5", "A text where one is owed", Severity.WARNING,
    "Amber and Red ask for a word on why, and on what is being done.",
    found="Red, with the progress column blank.", passed="Red: “Two reviewers were off sick for five weeks.”",
)  # fmt: skip
def owed(picture: Picture) -> Iterator[Finding]:
    for report in reports(picture):
        given = report.said.status
        if given in NOT_GREEN and "progress" in report.block.shows and not report.said.progress.strip():
            words = f"{given} in {report.quarter.words} without a word on progress. Say why, and what is being done."
            yield report.finding("W5", Severity.WARNING, words)
