"""How figures are judged: a list of methods, a page for each, and where we part from the NHS tools."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from outturn.judgement.deviations import DEVIATIONS
from outturn.judgement.methods import METHODS


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """Every kind of verdict, with the question that it answers."""
    return render(request, "methods/list.html", {"methods": METHODS.values()})


@require_safe
def method(request: HttpRequest, slug: str) -> HttpResponse:
    """One method with its formula, its source and its examples."""
    found = METHODS.get(slug)
    if not found:
        raise Http404(f"There is no method {slug}.")
    return render(request, "methods/method.html", {"method": found, "examples": list(found.examples())})


@require_safe
def deviations(request: HttpRequest) -> HttpResponse:
    """Where our charts differ from the NHS tools, and why."""
    return render(request, "methods/deviations.html", {"deviations": DEVIATIONS})
