"""Rules on what a table loses where it was cut: rows torn in two, texts that overlap, columns that came apart."""

import re
from collections.abc import Iterator

from ..plans.scorecard import Block
from ..terms.value import Figure
from .finding import Finding, Severity, Subject
from .listings import of_row
from .picture import Picture
from .rule import rule
from .told import Report, reports

WORD = re.compile(r"[\w'’-]+")
OVERLAP = 5  # words at the end of one text and the start of the next that are hardly there by chance
HEADINGS = ("executive portfolio", "overall progress", "progress summary", "supporting measures", "headline indicator")
"""What the head of a scorecard's table prints, and nobody writes in a sentence twice over."""


@rule(
    "I2", "A row that may belong to the one above", Severity.QUERY,
    "A row with a title and nothing else, no result, direction or owner, is often the second half of the row above it, "
    "cut off at the end of a page.",
    found="“(older people)” alone in a row below “Admissions per 100,000 population”.",
    passed="A row without results that has an owner and a direction of travel.",
)  # fmt: skip
def torn_rows(picture: Picture) -> Iterator[Finding]:
    for plan in picture.plans:
        for above, row in zip(plan.indicators, plan.indicators[1:], strict=False):
            bare = not (row.results or row.targets or row.direction or row.owner)
            if bare and not row.title[:1].isupper() and any(isinstance(one, Figure) for one in above.results.values()):
                words = f"Only “{row.title}” stands in this row. If it ends that of {above.printed_code}, join the two."
                own, first = (of_row(picture, each) for each in (row, above))
                yield Finding("I2", Severity.QUERY, own, words, also=(first,))


@rule(
    "L1", "Text doubled where a page was cut", Severity.WARNING,
    "Where a table runs on over a page, its heading or a few words are sometimes taken twice.",
    found="“… meet the needs of” at the end of one text, and “meet the needs of” at the start of the next.",
    passed="Two texts that end and begin in their own words.",
)  # fmt: skip
def doubled_text(picture: Picture) -> Iterator[Finding]:
    before: Report | None = None
    for report in reports(picture):
        text = report.said.progress
        headed = [each for each in HEADINGS if each in text.casefold()]
        if len(headed) > 1:
            words = f"The text holds headings of the table: “{headed[0]}” and “{headed[1]}”. Take them out."
            yield report.finding("L1", Severity.WARNING, words)
        if before and (before.card.slug, before.quarter) == (report.card.slug, report.quarter):
            shared = _overlap(before.said.progress, text)
            if shared:
                words = f"“{shared}” ends the text of {before.subject.title} and begins this one. Keep it in one."
                yield Finding("L1", Severity.WARNING, report.subject, words, (report.quarter.code,), (before.subject,))
        before = report


def _overlap(first: str, second: str) -> str:
    """The words that end the first text and begin the second, if they are many."""
    ends, begins = WORD.findall(first), WORD.findall(second)
    for length in range(min(len(ends), len(begins)), OVERLAP - 1, -1):
        if [word.casefold() for word in ends[-length:]] == [word.casefold() for word in begins[:length]]:
            return " ".join(begins[:length])
    return ""


@rule(
    "L2", "A column that came apart from its rows", Severity.WARNING,
    "Where a column was cut off onto another page, its cells end up beside one row, and the others have none.",
    found="Five portfolios beside the last priority of a block, and none beside the four above it.",
    passed="A portfolio, or two that share it, beside each priority.",
)  # fmt: skip
def loose_column(picture: Picture) -> Iterator[Finding]:
    for card in picture.scorecards:
        for block in card.blocks:
            yield from _loose(card.slug, block)


def _loose(card: str, block: Block) -> Iterator[Finding]:
    without = [one for one in block.priorities if not any(one.portfolios)]
    for priority in block.priorities:
        if without and len(priority.portfolios) == len(without) + 1:
            subject = Subject("priority", (card, str(priority.number)), f"“{priority.title}”")
            others = "another" if len(without) == 1 else f"{len(without)} others"
            words = (
                f"{len(priority.portfolios)} portfolios stand here, and {others} of “{block.heading}” should have one. "
                "Give each its own."
            )
            yield Finding("L2", Severity.WARNING, subject, words)
