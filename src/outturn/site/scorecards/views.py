"""Scorecards in the arrangement councils print, for any quarter, and a page for each priority."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from outturn.judgement.rag import RolledUp, roll_up
from outturn.plans.scorecard import Priority, Scorecard
from outturn.site.councils.models import Council
from outturn.site.councils.views import find_council
from outturn.site.indicators.judged import Judged, series_of
from outturn.site.indicators.worked_out import SUPPRESSED
from outturn.site.people.access import reads_drafts
from outturn.site.rounds.visible import reader_of, seen_by
from outturn.site.tables import Filter, Table
from outturn.site.trail import clock
from outturn.terms.period import Period
from outturn.terms.status import Rag
from outturn.terms.value import Value

from .beside import Beside, beside
from .papers import scorecard_paper
from .reading import find_scorecard, read_scorecard


@require_safe
def scorecards(request: HttpRequest, council: str) -> HttpResponse:
    """The council's scorecards."""
    stored = find_council(council)
    reader = reader_of(request, stored)
    cards = [read_scorecard(card, reader) for card in stored.scorecards.all()]
    return render(request, "scorecards/list.html", {"council": stored.data(), "cards": cards})


@require_safe
def latest(request: HttpRequest, council: str, card: str) -> HttpResponse:
    """The newest quarter with anything in it."""
    stored = find_scorecard(council, card)
    data = read_scorecard(stored, reader_of(request, stored.council))
    quarter = data.reported[-1] if data.reported else data.year.quarters()[0]
    return redirect("scorecard", council, card, quarter.quarter_number)


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """What the table prints for a measure; no address where the priority has none."""

    title: str
    href: str
    target: Value | None
    results: list[Value]  # one for each quarter
    beside: Beside | None = None  # what the records say
    judged: Judged | None = None  # what the rules say of the quarter's figure

    @property
    def lines(self) -> int:
        """How many lines it takes: what the records say of it stands below it."""
        return 1 + (self.beside.lines if self.beside else 0)


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """What the table prints for a priority: its report, and a row for each measure, at least one."""

    block: int  # its place on the scorecard
    number: int
    title: str
    href: str
    portfolios: tuple[str, ...]
    status: Rag | None
    progress: str
    measures: list[MeasureRow]

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return sum(each.lines for each in self.measures)


FILTERS = (
    Filter("portfolio", "Executive portfolio", "portfolios", "All portfolios"),
    Filter("status", "Overall progress", "status", "Any", order=list(Rag), none="No status"),
)


@require_safe
def scorecard(request: HttpRequest, council: str, card: str, quarter: int) -> HttpResponse:
    """One quarter, filterable by portfolio and status."""
    stored = find_scorecard(council, card)
    reader = reader_of(request, stored.council)
    data = read_scorecard(stored, reader)
    period = data.year.quarters()[quarter - 1]
    computed = beside(stored.council, data, period, reader, to_staff=reads_drafts(request))
    today = clock.today()
    series = series_of(stored.council, today, reader, to_staff=reads_drafts(request))
    judged = {slug: one.judged_for(period, today) for slug, one in series.items()}
    table = Table(list(_rows(council, data, period, computed, judged)), request, filters=FILTERS)
    context = {
        "council": stored.council.data(),
        "card": data,
        "quarter": period,
        "table": table,
        "worked_out": bool(computed),
        "blocks": [
            (block, [row for row in table.rows if row.block == place]) for place, block in enumerate(data.blocks)
        ],
        "tally": list(data.tally(period).items()),
        "quarters": [
            (each, reverse("scorecard", args=[council, card, each.quarter_number])) for each in data.year.quarters()
        ],
        "ahead": seen_by(stored.council, reader).ahead & {period},
        "tokens": data.tokens + [(SUPPRESSED, "withheld")] * any(each.withheld for each in computed.values()),
    }
    return render(request, "scorecards/scorecard.html", context)


def _rows(
    council: str, card: Scorecard, quarter: Period, computed: Mapping[str, Beside],
    judged: Mapping[str, Judged | None],
) -> Iterator[PriorityRow]:  # fmt: skip
    indicators = reverse("indicators", args=[council])
    priorities = f"{reverse('scorecard-latest', args=[council, card.slug])}priorities/"
    for place, block in enumerate(card.blocks):
        for item in block.priorities:
            report = item.report(quarter)
            yield PriorityRow(
                place,
                item.number,
                item.title,
                f"{priorities}{item.number}/",
                item.portfolios,
                report.status,
                report.progress,
                _measure_rows(item, quarter, indicators, computed, judged),
            )


def _measure_rows(
    priority: Priority, quarter: Period, indicators: str, computed: Mapping[str, Beside],
    judged: Mapping[str, Judged | None],
) -> list[MeasureRow]:  # fmt: skip
    absent = priority.absent
    return [
        MeasureRow(
            line.title, f"{indicators}{line.slug}/", line.target, line.known_at(quarter), computed.get(line.slug),
            judged.get(line.slug),
        )
        for line in priority.measures
    ] or [MeasureRow(absent.printed, "", absent, [absent] * 4)]


@require_safe
def priority(request: HttpRequest, council: str, card: str, number: int) -> HttpResponse:
    """A priority over the year: each quarter's report, and its measures."""
    stored = find_scorecard(council, card)
    reader = reader_of(request, stored.council)
    data = read_scorecard(stored, reader)
    found = next((item for item in data.priorities if item.number == number), None)
    if not found:
        raise Http404(f"There is no priority {number} on this scorecard.")
    block = next(block for block in data.blocks if found in block.priorities)
    quarters = data.year.quarters()
    to_staff, today = reads_drafts(request), clock.today()
    computed = beside(stored.council, data, quarters[-1], reader, to_staff=to_staff)
    series = series_of(stored.council, today, reader, to_staff=to_staff)
    judged = {line.slug: [series[line.slug].judged_for(each, today) for each in quarters] for line in found.measures}
    context = {
        "council": stored.council.data(),
        "card": data,
        "block": block,
        "priority": found,
        "quarters": [
            (quarter, found.report(quarter), _rolled_up(stored.council, found, quarter, judged)) for quarter in quarters
        ],
        "measures": [
            (line, list(zip(quarters, line.known_at(quarters[-1]), judged[line.slug], strict=True)),
             computed.get(line.slug))
            for line in found.measures
        ],
    }
    return render(request, "scorecards/priority.html", context)


def _rolled_up(
    council: Council, priority: Priority, quarter: Period, judged: Mapping[str, Sequence[Judged | None]]
) -> RolledUp:
    """What the measures of a priority come to in a quarter, by the council's rule."""
    of_quarter = [judged[line.slug][quarter.quarter_number - 1] for line in priority.measures]
    statuses = [one.shown.rag if one else None for one in of_quarter]
    return roll_up(statuses, council.data().judging.priorities, priority.report(quarter).status)


@require_safe
def scorecard_pdf(request: HttpRequest, council: str, card: str, quarter: int) -> HttpResponse:
    """The quarter on paper."""
    from outturn.publish.pdf import scorecard_pdf as render_pdf  # the typesetter is loaded when first needed

    stored = find_scorecard(council, card)
    data = read_scorecard(stored, reader_of(request, stored.council))
    period = data.year.quarters()[quarter - 1]
    paper = scorecard_paper(stored.council.data(), data, period, clock.local_time())
    response = HttpResponse(render_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{council}-scorecard-{card}-q{quarter}.pdf"'
    return response
