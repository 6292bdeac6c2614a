"""Scorecards in the arrangement councils print, for any quarter, and a page for each priority."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from outturn.plans.scorecard import Priority, Scorecard
from outturn.site.councils.views import find_council
from outturn.site.indicators.reading import definition_of
from outturn.terms.period import Period
from outturn.terms.status import Rag
from outturn.terms.value import Absence, Missing, Value

from .papers import scorecard_paper
from .reading import find_scorecard, read_scorecard

NO_STATUS = "none"


@require_safe
def scorecards(request: HttpRequest, council: str) -> HttpResponse:
    """The council's scorecards."""
    stored = find_council(council)
    cards = [read_scorecard(card) for card in stored.scorecards.all()]
    return render(request, "scorecards/list.html", {"council": stored.data(), "cards": cards})


@require_safe
def latest(request: HttpRequest, council: str, card: str) -> HttpResponse:
    """The newest quarter with anything in it."""
    data = read_scorecard(find_scorecard(council, card))
    quarter = data.reported[-1] if data.reported else data.year.quarters()[0]
    return redirect("scorecard", council, card, quarter.quarter_number)


@require_safe
def scorecard(request: HttpRequest, council: str, card: str, quarter: int) -> HttpResponse:
    """One quarter, filterable by portfolio and status."""
    stored = find_scorecard(council, card)
    data = read_scorecard(stored)
    period = data.year.quarters()[quarter - 1]
    chosen = {name: request.GET.get(name, "") for name in ("portfolio", "status")}
    blocks = [
        replace(block, priorities=tuple(item for item in block.priorities if _wanted(item, period, **chosen)))
        for block in data.blocks
    ]
    context = {
        "council": stored.council.data(),
        "card": data,
        "quarter": period,
        "blocks": [(block, [_priority_row(council, item, block, data, period) for item in block.priorities])
                   for block in blocks],
        "shown": sum(len(block.priorities) for block in blocks),
        "tally": list(data.tally(period).items()),
        "groups": _filter_groups(data, **chosen),
        "quarters": [(each, reverse("scorecard", args=[council, card, each.quarter_number]))
                     for each in data.year.quarters()],
        "tokens": _tokens(data),
    }
    return render(request, "scorecards/scorecard.html", context)


def _wanted(priority: Priority, quarter: Period, portfolio: str, status: str) -> bool:
    word = priority.report(quarter).status or NO_STATUS
    return (not portfolio or portfolio in priority.portfolios) and (not status or status == word)


def _filter_groups(card: Scorecard, portfolio: str, status: str) -> list[dict]:
    portfolios = sorted({name for priority in card.priorities for name in priority.portfolios})
    return [
        {"name": "portfolio", "label": "Executive portfolio", "chosen": portfolio,
         "options": [("", "All portfolios"), *((name, name) for name in portfolios)]},
        {"name": "status", "label": "Overall progress", "chosen": status,
         "options": [("", "Any"), *((rag.value, rag.value) for rag in Rag), (NO_STATUS, "No status")]},
    ]


def _priority_row(council: str, priority: Priority, block, card: Scorecard, quarter: Period) -> dict:
    """What the table prints for a priority: its report and a row for each measure, at least one."""
    lines = [
        {
            "title": line.title,
            "href": reverse("indicator", args=[council, line.slug]),
            "target": line.target,
            "values": quarter_values(line.results, card.year.quarters(), quarter),
        }
        for line in priority.measures
    ]
    return {
        "priority": priority,
        "href": reverse("priority", args=[council, card.slug, priority.number]),
        "report": priority.report(quarter),
        "lines": lines or [_no_measure(priority)],
    }


def _no_measure(priority: Priority) -> dict:
    absent = Missing(Absence.NOT_APPLICABLE, priority.no_measure or "N/A")
    return {"title": absent.printed, "href": "", "target": absent, "values": [absent] * 4}


NOT_REACHED = Missing(Absence.NOT_YET_DUE)


def quarter_values(results, quarters: list[Period], reached: Period) -> list[Value]:
    """A value for each quarter up to the one reported on; later ones are not yet due, as the sheet stood then."""
    return [results.get(each, NOT_REACHED) if each.end <= reached.end else NOT_REACHED for each in quarters]


def _tokens(card: Scorecard) -> list[tuple[str, str]]:
    values = [value for priority in card.priorities for line in priority.measures for value in line.results.values()]
    pairs = {(value.printed or "blank", value.words) for value in values if value.is_missing}
    if any(priority.no_measure for priority in card.priorities):
        pairs.add(("N/A", Absence.NOT_APPLICABLE.value))
    return sorted(pairs)


@require_safe
def priority(request: HttpRequest, council: str, card: str, number: int) -> HttpResponse:
    """A priority over the year: each quarter's report, and its measures."""
    stored = find_scorecard(council, card)
    data = read_scorecard(stored)
    found = next((item for item in data.priorities if item.number == number), None)
    if not found:
        raise Http404(f"There is no priority {number} on this scorecard.")
    block = next(block for block in data.blocks if found in block.priorities)
    context = {
        "council": stored.council.data(),
        "card": data,
        "block": block,
        "priority": found,
        "quarters": [(quarter, found.report(quarter)) for quarter in data.year.quarters()],
        "measures": [(line, definition_of(line.framework, line.code), [
            (quarter, line.results.get(quarter, NOT_REACHED)) for quarter in data.year.quarters()
        ]) for line in found.measures],
    }
    return render(request, "scorecards/priority.html", context)


@require_safe
def scorecard_pdf(request: HttpRequest, council: str, card: str, quarter: int) -> HttpResponse:
    """The quarter on paper."""
    from outturn.publish.pdf import scorecard_pdf as render_pdf  # the typesetter is loaded when first needed

    stored = find_scorecard(council, card)
    data = read_scorecard(stored)
    period = data.year.quarters()[quarter - 1]
    paper = scorecard_paper(stored.council.data(), data, period, timezone.localtime(), _tokens(data))
    response = HttpResponse(render_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{council}-scorecard-{card}-q{quarter}.pdf"'
    return response
