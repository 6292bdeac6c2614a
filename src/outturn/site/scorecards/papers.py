"""A scorecard as the document that is set on paper."""

from datetime import datetime
from typing import Any

from outturn.plans.council import Council
from outturn.plans.scorecard import NOT_YET_DUE, Block, Priority, Scorecard
from outturn.publish.chart import status_bar, status_words
from outturn.terms.period import Period
from outturn.terms.value import Value

NOT_REACHED = "–"  # a column of four words would crowd the paper; the key says what it means
BLANK = "blank"


def scorecard_paper(council: Council, card: Scorecard, quarter: Period, made_at: datetime) -> dict[str, Any]:
    """Everything a reader of the quarter's scorecard needs, as plain text and numbers."""
    counts = {rag.value if rag else "": count for rag, count in card.tally(quarter).items()}
    return {
        "council": council.name,
        "title": card.title,
        "year": card.year.words,
        "quarter": quarter.words.rsplit(" ", 1)[0],
        "made_at": made_at.isoformat(timespec="seconds"),
        "source": card.source,
        "status_bar_svg": status_bar(counts, title="Overall progress of the priorities"),
        "status_words": status_words(counts),
        "blocks": [_block(block, quarter) for block in card.blocks],
        "tokens": [[token, words] for token, words in card.tokens if token != BLANK] + [[NOT_REACHED, "not yet due"]],
    }


def _block(block: Block, quarter: Period) -> dict[str, Any]:
    return {
        "heading": block.heading,
        "measure_heading": block.measure_heading,
        "shows": list(block.shows),
        "priorities": [_priority(item, quarter) for item in block.priorities],
    }


def _priority(priority: Priority, quarter: Period) -> dict[str, Any]:
    report = priority.report(quarter)
    absent = priority.absent
    measures = [
        {
            "title": line.title,
            "target": line.target.printed if line.target else "",
            "values": [_words(value) for value in line.known_at(quarter)],
        }
        for line in priority.measures
    ]
    none = {"title": absent.printed, "target": absent.printed, "values": [_words(absent)] * 4}
    return {
        "title": priority.title,
        "progress": report.progress,
        "status": report.status.value if report.status else "",
        "portfolios": list(priority.portfolios),
        "measures": measures or [none],
    }


def _words(value: Value) -> dict[str, str]:
    """A blank cell prints its reason, or a dash where the quarter has yet to come."""
    return {"printed": NOT_REACHED if value == NOT_YET_DUE else value.printed or value.words, "words": value.words}
