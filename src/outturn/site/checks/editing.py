"""Pages on which a finding is dismissed, and a dismissal taken back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from outturn.plans.roles import Deed
from outturn.site.councils.models import Council
from outturn.site.councils.views import find_council
from outturn.site.editing import Page, editor
from outturn.site.people.access import needs
from outturn.site.rounds.visible import INSIDE

from .forms import DismissForm, TakeBackForm
from .models import Dismissal
from .reading import found_now

GONE = (
    "That finding is not there any more: it was dismissed, the figures were put right, or it says something else now. "
    "What is found now stands below."
)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Deed.DISMISS_CHECK)
def dismiss(request: HttpRequest, council: str, mark: str) -> HttpResponse:
    """The form, or back to the checks where the finding is gone."""
    if not found_now(find_council(council), INSIDE).named(mark):
        messages.warning(request, GONE)
        return redirect("checks", council)
    return _dismiss(request, council=council, mark=mark)


@editor
def _dismiss(council: Council, mark: str) -> Page:
    row = found_now(council, INSIDE).named(mark)
    if not row:
        raise Http404(GONE)
    one = row.finding
    return DismissForm, Dismissal(
        council=council, key=one.key, rule=one.rule, subject=one.subject.key, title=one.subject.title, words=one.words
    )


@editor
def take_back(council: Council, number: int) -> Page:
    """A dismissal that is to hold no longer."""
    found: Any = get_object_or_404(Dismissal, council=council, pk=number)
    if found.taken_back_at:
        raise Http404("That dismissal was taken back already.")
    return TakeBackForm, found
