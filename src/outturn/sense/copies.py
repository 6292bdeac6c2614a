"""Rules on texts that stand twice, or that break off."""

import re
from collections.abc import Iterator

from ..terms.period import Period
from .finding import Finding, Severity
from .picture import Picture
from .prose import sentences, unfinished
from .rule import also, rule
from .told import Report, reports

LONGEST_CHANCE = 8  # words in a row that two texts may share without a question: names of programmes are as long
WORD = re.compile(r"[\w'’-]+")


@rule(
    "W2", "The same text as the quarter before", Severity.QUERY,
    "A sentence that is carried over from the quarter before may no longer be true, and says that nobody looked.",
    found="“Spending on care homes is in line with the budget.” in two quarters.", passed="New words each quarter.",
)  # fmt: skip
def carried_over(picture: Picture) -> Iterator[Finding]:
    before: dict[tuple[str, int], tuple[Period, set[str]]] = {}
    for report in reports(picture):
        place = (report.card.slug, report.priority.number)
        said = sentences(report.said.progress)
        earlier, known = before.get(place, (None, set()))
        same = [one for one in said if one.casefold() in known and len(WORD.findall(one)) > LONGEST_CHANCE]
        if same and earlier:
            words = f"“{same[0]}” stood there in {earlier.words} too. Say what is new in {report.quarter.words}."
            yield report.finding("W2", Severity.QUERY, words)
        if said:
            before[place] = (report.quarter, {one.casefold() for one in said})


@also("A4")
def in_two_priorities(picture: Picture) -> Iterator[Finding]:
    """Words that two priorities of a scorecard share in one quarter, and texts that break off."""
    seen: dict[tuple[str, Period], dict[tuple[str, ...], Report]] = {}
    for report in reports(picture):
        if unfinished(report.said.progress):
            words = f"The text of {report.quarter.words} breaks off. Finish the sentence."
            yield report.finding("A4", Severity.QUERY, words)
        known = seen.setdefault((report.card.slug, report.quarter), {})
        yield from _shared(report, known)


def _shared(report: Report, known: dict[tuple[str, ...], Report]) -> Iterator[Finding]:
    words = WORD.findall(report.said.progress)
    runs = [tuple(word.casefold() for word in words[at : at + LONGEST_CHANCE + 1])
            for at in range(len(words) - LONGEST_CHANCE)]  # fmt: skip
    told: set[str] = set()
    for at, run in enumerate(runs):
        first = known.setdefault(run, report)
        if first is not report and first.subject.key not in told:
            told.add(first.subject.key)
            end = at
            while end + 1 < len(runs) and known.get(runs[end + 1]) is first:
                end += 1
            shared = " ".join(words[at : end + LONGEST_CHANCE + 1])
            said = f"“{shared}” stands under {first.subject.title} too. Say in which of them it belongs."
            yield Finding("A4", Severity.QUERY, report.subject, said, (report.quarter.code,), (first.subject,))
