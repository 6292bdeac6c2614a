"""The front page, a council's page with what needs attention first, search, and how to read these pages."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from outturn.plans.exceptions import Concern, plan_concerns, scorecard_concerns
from outturn.plans.scheme import FIVE_BY_FIVE
from outturn.site.indicators.judged import series_of
from outturn.site.indicators.models import Indicator
from outturn.site.people.access import reads_drafts
from outturn.site.plans.models import Action, Demographic, Plan, Risk, Section
from outturn.site.plans.reading import read_plan
from outturn.site.rounds.visible import Reader, readable_reports, reader_of
from outturn.site.scorecards.models import Priority
from outturn.site.scorecards.reading import read_scorecard
from outturn.site.trail import clock
from outturn.terms.basis import TimeBasis
from outturn.terms.status import Rag
from outturn.terms.value import Absence, Flag, Value

from .definitions import catalogue
from .models import Council

MOST_FOUND = 25  # of a kind, on the search page


def find_council(slug: str) -> Council:
    """The stored council, or Http404."""
    return get_object_or_404(Council, slug=slug)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every council in the workspace, with its plans and scorecards."""
    councils = Council.objects.order_by("name").prefetch_related("plans", "scorecards")
    return render(request, "councils/home.html", {"councils": councils})


@require_safe
def council(request: HttpRequest, council: str) -> HttpResponse:
    """What needs attention first, then everything the council has."""
    stored = find_council(council)
    today = clock.today()
    reader = reader_of(request, stored)
    plans = [read_plan(plan, reader) for plan in stored.plans.all()]
    cards = [read_scorecard(card, reader) for card in stored.scorecards.all()]
    quarters = [(card, card.reported[-1]) for card in cards if card.reported]
    to_staff = reads_drafts(request)
    concerns = [
        *chain.from_iterable(scorecard_concerns(card, quarter) for card, quarter in quarters),
        *chain.from_iterable(plan_concerns(plan, today) for plan in plans),
        *_red_by_the_rule(stored, today, reader, to_staff=to_staff),
    ]
    context = {
        "council": stored.data(),
        "plans": plans,
        "past": [plan for plan in plans if plan.as_at(today) != today],
        "cards": cards,
        "tallies": [(card, quarter, list(card.tally(quarter).items())) for card, quarter in quarters],
        "concerns": _by_kind(stored.slug, concerns),
        "absences": _absences(plans, cards),
        "source": stored.source,
    }
    return render(request, "councils/council.html", context)


def _red_by_the_rule(council: Council, today: date, reader: Reader, *, to_staff: bool) -> Iterator[Concern]:
    """Indicators whose newest figure is Red by the council's rule, or by somebody's word."""
    titles = dict(council.indicators.values_list("slug", "title"))
    for slug, series in series_of(council, today, reader, to_staff=to_staff).items():
        judged = series.judged(today)
        if judged and judged.shown.rag is Rag.RED:
            why = f"{judged.verdicts.period.words}: {judged.shown.sentence}"
            yield Concern("measured", None, titles[slug], why, (slug,))


KINDS = {  # a kind of concern is the name of its page too, but for those in PAGES
    "priority": "Priorities that are Red or Amber",
    "risk": "Risks rated Red",
    "action": "Actions and milestones that are late",
    "indicator": "Indicators going the wrong way",
    "measured": "Indicators whose newest figure is Red by the rule",
}
PAGES = {"measured": "indicator"}


def _by_kind(council: str, concerns: list[Concern]) -> list[tuple[str, list[tuple[Concern, str]]]]:
    """The concerns under their headings, each with its address."""
    found = []
    for kind, heading in KINDS.items():
        page = PAGES.get(kind, kind)
        items = [(item, reverse(page, args=[council, *item.place])) for item in concerns if item.kind == kind]
        if items:
            found.append((heading, items))
    return found


def _absences(plans, cards) -> list[tuple[str, int]]:
    """How many results are missing, by reason, most first: the gaps are news too."""
    values: list[Value] = [value for plan in plans for row in plan.indicators for value in row.results.values()]
    values += [
        value for card in cards for priority in card.priorities for line in priority.measures
        for value in line.results.values()
    ]
    return Counter(value.words for value in values if value.is_missing).most_common()


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find councils, plans, actions, risks, priorities, indicators and definitions by words of their text."""
    query = " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:200]
    words = query.split()[:8]
    groups = [(heading, found) for heading, found in _search(words) if found] if words else []
    total = sum(len(found) for _, found in groups)
    context = {"query": query, "groups": groups, "total": total, "most": MOST_FOUND}
    return render(request, "councils/search.html", context)


def _matching(words: list[str], model, *fields: str, along: str, also: Callable[[str], Q] = lambda _: Q()):
    """Rows in which every word stands in one of the fields, with the rows `along` the way to their council.

    `also`: another condition under which a row has a word.
    """
    condition = Q()
    for word in words:
        condition &= Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR) | also(word)
    return model.objects.filter(condition).select_related(along).distinct()[:MOST_FOUND]


def _search(words: list[str]):
    """Each kind of thing with what was found: title, where it belongs, address."""
    yield "Councils", [
        (item.name, item.kind, reverse("council", args=[item.slug]))
        for item in Council.objects.filter(*(Q(name__icontains=word) for word in words))[:MOST_FOUND]
    ]
    plan_fields = "title", "service", "directorate", "year", "plan_holder", "director", "cabinet_member"
    yield "Plans", [
        (item.title, item.council.name, _plan_href(item))
        for item in _matching(words, Plan, *plan_fields, along="council")
    ]
    yield "Plan sections", [
        (f"{item.number} {item.heading}", item.plan.council.name, f"{_plan_href(item.plan)}#section-{item.order}")
        for item in _matching(words, Section, "heading", "text", along="plan__council")
    ]
    yield "Population facts", [
        (item.subject, item.plan.council.name, f"{_plan_href(item.plan)}#demographics")
        for item in _matching(words, Demographic, "subject", "now", "projected", along="plan__council")
    ]
    action_fields = "reference", "text", "theme", "owners", "completed_by", "milestones__text"
    yield "Actions", [
        (f"{item.reference} {item.text}", item.plan.council.name, _below(item, "action"))
        for item in _matching(words, Action, *action_fields, along="plan__council")
    ]
    yield "Risks", [
        (f"{item.reference} {item.title}", item.plan.council.name, _below(item, "risk"))
        for item in _matching(words, Risk, "reference", "title", "mitigations", "owner", along="plan__council")
    ]
    yield "Priorities", [
        (item.title, item.block.scorecard.council.name, _priority_href(item))
        for item in _matching(
            words, Priority, "title", "portfolios", along="block__scorecard__council", also=_told
        )
    ]
    yield "Indicators", [
        (f"{item.code} {item.title}", item.council.name, reverse("indicator", args=[item.council.slug, item.slug]))
        for item in _matching(
            words, Indicator, "code", "title", "lines__title", "listed__printed_code", "listed__owner", along="council"
        )
    ]
    yield "Definitions", _definitions(words)


def _told(word: str) -> Q:
    """Priorities on which a report that everybody may read has a word."""
    return Q(pk__in=readable_reports().filter(progress__icontains=word).values("priority"))


def _definitions(words: list[str]) -> list[tuple[str, str, str]]:
    found = []
    for item in catalogue().indicators.values():
        text = f"{item.key.code} {item.title} {item.meaning} {item.source}".casefold()
        if all(word.casefold() in text for word in words):
            href = reverse("definition", args=[item.key.framework, item.key.code])
            found.append((f"{item.key.code} {item.title}", item.framework.title, href))
    return found[:MOST_FOUND]


def _plan_href(plan: Plan) -> str:
    return reverse("plan", args=[plan.council.slug, plan.slug])


def _below(item, name: str) -> str:
    return reverse(name, args=[item.plan.council.slug, item.plan.slug, item.reference])


def _priority_href(item: Priority) -> str:
    card = item.block.scorecard
    return reverse("priority", args=[card.council.slug, card.slug, item.number])


ABSENCE_MEANINGS = {
    Absence.NOT_COLLECTED: "Nobody measured it for that period.",
    Absence.NOT_APPLICABLE: "It does not apply, or is not produced at this level.",
    Absence.NOT_YET_DUE: "The period has not been reached.",
    Absence.AWAITED: "It is owed, and not in yet.",
    Absence.SUPPRESSED: "The number is too small to publish without risk to somebody's privacy.",
    Absence.NOT_COMPARABLE: "There is a figure, but it cannot be set beside the others.",
    Absence.SEE_ELSEWHERE: "The figure is published in another document.",
}
FLAG_MEANINGS = {
    Flag.ESTIMATED: "Worked out from part of the data.",
    Flag.PROVISIONAL: "May still change when the data are final.",
    Flag.REVISED: "Changed since it was first published.",
    Flag.FORECAST: "What is expected, not what has happened.",
}


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What the marks and words on these pages mean."""
    context = {
        "absences": ABSENCE_MEANINGS,
        "flags": FLAG_MEANINGS,
        "bases": list(TimeBasis),
        "likelihoods": FIVE_BY_FIVE.likelihoods,
        "impacts": FIVE_BY_FIVE.impacts,
    }
    return render(request, "councils/help.html", context)
