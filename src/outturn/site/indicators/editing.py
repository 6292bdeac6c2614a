"""Pages on which indicators, results and targets are added and edited."""

from django.shortcuts import get_object_or_404

from outturn.site.councils.models import Council
from outturn.site.editing import Page, editor

from .forms import IndicatorForm, ResultForm, TargetForm
from .models import Indicator, Result, Target


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


def _find(council: Council, slug: str) -> Indicator:
    return get_object_or_404(Indicator.objects.select_related("council"), council=council, slug=slug)
