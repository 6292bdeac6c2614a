"""Pages on which indicators, results and targets are added and edited, and how they are judged."""

from django.shortcuts import get_object_or_404

from outturn.site.councils.models import Council
from outturn.site.editing import Page, after_last, editor

from .forms import IndicatorForm, ResultForm, TargetForm
from .judging_forms import CouncilRulesForm, IndicatorRulesForm
from .models import Indicator, Result, Target, Word
from .word_forms import WordForm


@editor
def add_indicator(council: Council) -> Page:
    """An indicator from the catalogue that the council begins to use."""
    return IndicatorForm, Indicator(council=council)


@editor
def add_result(council: Council, slug: str) -> Page:
    """A result for a period without one."""
    return ResultForm, Result(indicator=_find(council, slug))


@editor
def edit_result(council: Council, slug: str, period: str) -> Page:
    """The result for a period."""
    return ResultForm, get_object_or_404(Result, indicator=_find(council, slug), period=period)


@editor
def add_target(council: Council, slug: str) -> Page:
    """A target for a period without one."""
    return TargetForm, Target(indicator=_find(council, slug))


@editor
def edit_target(council: Council, slug: str, period: str) -> Page:
    """The target for a period."""
    return TargetForm, get_object_or_404(Target, indicator=_find(council, slug), period=period)


@editor
def edit_judging(council: Council) -> Page:
    """How the council judges, where an indicator has no rules of its own."""
    return CouncilRulesForm, council


@editor
def edit_indicator_judging(council: Council, slug: str) -> Page:
    """How one indicator is judged."""
    return IndicatorRulesForm, _find(council, slug)


@editor
def add_word(council: Council, slug: str) -> Page:
    """A person's word on the status for a period."""
    indicator = _find(council, slug)
    return WordForm, Word(indicator=indicator, order=after_last(indicator.words))


@editor
def edit_word(council: Council, slug: str, number: int) -> Page:
    """A word that was given before: changed, or ended early."""
    return WordForm, get_object_or_404(Word, indicator=_find(council, slug), order=number)


def _find(council: Council, slug: str) -> Indicator:
    return get_object_or_404(Indicator.objects.select_related("council"), council=council, slug=slug)
