"""Pages on which a round is opened and dated, and its entries are written."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from outturn.site.councils.models import Council
from outturn.site.editing import Page, editor
from outturn.site.indicators.models import Result
from outturn.terms.period import Period, UnreadablePeriod

from .forms import CalendarForm, CommentaryForm, FigureForm, OwnerForm, RoundForm
from .models import Calendar, Entry, Round
from .reading import find_entry, find_round


@editor
def open_round(council: Council, round: str) -> Page:
    """A round for a quarter."""
    try:
        quarter = Period.read(round.upper().replace("-Q", " Q"))
    except UnreadablePeriod as error:
        raise Http404(str(error)) from None
    return RoundForm, Round(council=council, quarter=quarter.code)


@editor
def edit_round(council: Council, round: str) -> Page:
    """A round's dates, and who has to agree."""
    return RoundForm, find_round(council.slug, round)


@editor
def edit_calendar(council: Council) -> Page:
    """The usual calendar."""
    return CalendarForm, Calendar.objects.filter(council=council).first() or Calendar(council=council)


@editor
def edit_figure(council: Council, round: str, name: str) -> Page:
    """An indicator's figure for the round."""
    standing = find_entry(council.slug, round, name)
    entry = standing.stored
    if not entry.indicator:
        raise Http404("A priority has no figure of its own. Its measures have.")
    place = {"indicator": entry.indicator, "period": entry.period}
    result = Result.objects.filter(**place).first() or Result(**place)
    result.standing = standing
    # the entry, and not its indicator, says whose it is
    result.owners, result.plan, result.scorecard = entry.owners, entry.plan, entry.scorecard
    return FigureForm, result


@editor
def edit_commentary(council: Council, round: str, name: str) -> Page:
    """What an entry says in words."""
    return CommentaryForm, _entry(council, round, name)


@editor
def edit_owner(council: Council, round: str, name: str) -> Page:
    """Whose an entry is."""
    return OwnerForm, _entry(council, round, name)


def _entry(council: Council, round: str, name: str) -> Entry:
    entries = Entry.objects.select_related(
        "round__council", "indicator", "priority__block__scorecard", "plan", "scorecard"
    )
    return get_object_or_404(entries, round=find_round(council.slug, round), name=name)
