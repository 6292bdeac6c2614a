"""Pages on which scorecards, blocks, priorities, measures and quarter reports are added and edited."""

from django.shortcuts import get_object_or_404

from outturn.site.councils.models import Council
from outturn.site.editing import Page, after_last, editor
from outturn.terms.period import Period

from .forms import BlockForm, MeasureForm, PriorityForm, ReportForm, ScorecardForm
from .models import Block, MeasureLine, Priority, QuarterReport, Scorecard


@editor
def add_scorecard(council: Council) -> Page:
    """A scorecard with nothing in it yet."""
    return ScorecardForm, Scorecard(council=council)


@editor
def edit_scorecard(council: Council, card: str) -> Page:
    """A scorecard's head."""
    return ScorecardForm, _card(council, card)


@editor
def add_block(council: Council, card: str) -> Page:
    """A block at the end."""
    stored = _card(council, card)
    return BlockForm, Block(scorecard=stored, order=after_last(stored.blocks))


@editor
def edit_block(council: Council, card: str, order: int) -> Page:
    """The block at a place."""
    return BlockForm, _block(council, card, order)


@editor
def add_priority(council: Council, card: str, order: int) -> Page:
    """A priority at the end of a block, with the scorecard's next number."""
    block = _block(council, card, order)
    number = after_last(Priority.objects.filter(block__scorecard=block.scorecard), "number")
    return PriorityForm, Priority(block=block, number=number, order=number)


@editor
def edit_priority(council: Council, card: str, number: int) -> Page:
    """A priority."""
    return PriorityForm, _priority(council, card, number)


@editor
def add_measure(council: Council, card: str, number: int) -> Page:
    """A measure under a priority."""
    priority = _priority(council, card, number)
    return MeasureForm, MeasureLine(priority=priority, order=after_last(priority.measures))


@editor
def edit_report(council: Council, card: str, number: int, quarter: int) -> Page:
    """The report for a quarter, begun or changed."""
    priority = _priority(council, card, number)
    code = Period.read(priority.block.scorecard.year).quarters()[quarter - 1].code
    found = priority.reports.filter(quarter=code).first()
    return ReportForm, found or QuarterReport(priority=priority, quarter=code)


def _card(council: Council, slug: str) -> Scorecard:
    return get_object_or_404(Scorecard.objects.select_related("council"), council=council, slug=slug)


def _block(council: Council, card: str, order: int) -> Block:
    blocks = Block.objects.select_related("scorecard__council")
    return get_object_or_404(blocks, scorecard=_card(council, card), order=order)


def _priority(council: Council, card: str, number: int) -> Priority:
    priorities = Priority.objects.select_related("block__scorecard__council")
    return get_object_or_404(priorities, block__scorecard=_card(council, card), number=number)
