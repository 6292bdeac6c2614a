"""Service plans as councils lay them out, a page for each action, milestone and risk, and the risk register."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from outturn.plans.action import Action, ActionState, Milestone, Timing, Update
from outturn.plans.appetite import Level
from outturn.plans.asked import Ask
from outturn.plans.risk import Movement, Risk, movement
from outturn.plans.service_plan import Section, ServicePlan, day_judged, paragraphs
from outturn.plans.waiting import Held, held_up
from outturn.site.councils.views import find_council
from outturn.site.indicators.judged import series_of
from outturn.site.indicators.models import Indicator
from outturn.site.people.access import reads_drafts
from outturn.site.rounds.visible import reader_of
from outturn.site.tables import filtered
from outturn.site.trail import clock
from outturn.terms.period import Period, write_date
from outturn.terms.status import Rag

from . import models
from .at_work import at_work, breaches_of, register
from .effects import Shown, effects_of
from .papers import front_sheet, plan_paper, timing_words, tokens_used
from .reading import find_plan, read_actions, read_plan, risks_of
from .rows import (
    LATE,
    POSITIONS,
    action_table,
    below,
    blocks_of,
    indicator_table,
    matrix_of,
    register_table,
    risk_table,
    target_periods,
)
from .timelines import action_timeline, plan_timeline


@require_safe
def plans(request: HttpRequest, council: str) -> HttpResponse:
    """The council's plans, newest first, with what is in each."""
    stored = find_council(council)
    contents = (("actions", models.Action), ("risks", models.Risk), ("indicators", models.PlanIndicator))
    counts = {words: _by_plan(model, stored.id) for words, model in contents}
    rows = [
        (plan, Period.read(plan.year).words, [(count.get(plan.id, 0), words) for words, count in counts.items()])
        for plan in stored.plans.all()
    ]
    return render(request, "plans/list.html", {"council": stored.data(), "plans": rows})


def _by_plan(model: type[models.Part], council: int) -> dict[int, int]:
    """How many there are in each plan. One query a kind: counted together, they would multiply each other."""
    found = model.objects.filter(plan__council=council).order_by().values("plan_id").annotate(count=Count("id"))
    return dict(found.values_list("plan_id", "count"))


# --- the plan


@require_safe
def plan(request: HttpRequest, council: str, plan: str) -> HttpResponse:
    """The whole document, its three tables filtered and sorted each on its own."""
    stored = find_plan(council, plan)
    reader = reader_of(request, stored.council)
    data = read_plan(stored, reader)
    today = clock.today()
    periods, targets = data.periods, target_periods(data)
    series = series_of(stored.council, today, reader, to_staff=reads_drafts(request))
    judged = {row.slug: series[row.slug].judged(today, row.newest) for row in data.indicators if row.newest}
    indicators = indicator_table(data, request, reverse("indicators", args=[council]), periods, targets, judged)
    before, after = _sections(stored, data)
    council_data = stored.council.data()
    linked = [slug for risk in data.risks for slug in risk.indicators]
    breaches = breaches_of(series, linked, today)
    risks = at_work(data.risks, data.actions, breaches, council_data.risks, data.as_at(today))
    context = {
        "council": council_data,
        "plan": data,
        "path": request.path,
        "front": front_sheet(data),
        "judged_as_at": _judged_as_at(data, today),
        "sections_before": before,
        "sections_after": after,
        "numbers": _numbers(stored) if reads_drafts(request) else {},
        "actions": action_table(data, request, data.as_at(today)),
        "risks": risk_table(risks, request),
        "matrix": matrix_of(data.risks, council_data.risks.scheme),
        "rules": council_data.risks,
        "timeline": plan_timeline(data.actions, data.year, data.as_at(today)),
        "indicators": indicators,
        "blocks": blocks_of(indicators),
        "periods": [period.words for period in periods],
        "target_periods": [period.words for period in targets],
        "columns": 7 + len(periods) + len(targets),
        "tokens": tokens_used(data),
        "history": _history(council, "plan", data.slug),
    }
    return render(request, "plans/plan.html", context)


def _judged_as_at(plan: ServicePlan, today: date) -> str:
    return write_date(plan.as_at(today)) if today > plan.year.end else ""


def _numbers(stored: models.Plan) -> dict[str, list[int]]:
    """The places by which the addresses of editing know a plan's rows."""
    parts = {"resources": stored.resources, "demographics": stored.demographics}
    return {name: list(rows.values_list("order", flat=True)) for name, rows in parts.items()}


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section with its place and its text as blocks."""

    order: int
    section: Section
    blocks: list[tuple[str, list[str]]]

    @property
    def anchor(self) -> str:
        return f"section-{self.order}"

    @property
    def heading(self) -> str:
        return f"{self.section.number} {self.section.heading}"


def _sections(stored: models.Plan, plan: ServicePlan) -> tuple[list[SectionText], list[SectionText]]:
    """Those before the resources and demographics, which end section 1 in print, and those after."""
    orders = stored.sections.values_list("order", flat=True)
    texts = [
        SectionText(order, section, paragraphs(section.text))
        for order, section in zip(orders, plan.sections, strict=False)  # one may be added between two queries
    ]
    first = [place for place, text in enumerate(texts, 1) if text.section.number.split(".")[0] == "1"]
    split = max(first, default=len(texts))
    return texts[:split], texts[split:]


# --- risks


@require_safe
def risks(request: HttpRequest, council: str) -> HttpResponse:
    """The register: the risks of every plan the council has."""
    stored = find_council(council)
    data = stored.data()
    found = register(stored, clock.today(), reader_of(request, stored), to_staff=reads_drafts(request))
    path = reverse("plans", args=[council])
    rows = [(one, f"{plan.title} {Period.read(plan.year).words}", f"{path}{plan.slug}/") for plan, one in found]
    context = {
        "council": data,
        "rules": data.risks,
        "risks": register_table(rows, request),
        "sources": {href: words for _, words, href in rows},
        "matrix": matrix_of((one.risk for _, one in found), data.risks.scheme),
        "tally": [(band, sum(one.risk.band is band for _, one in found)) for band in (*Rag, None)],
        "asked": [(one, below(href, "risks", one.risk.reference)) for one, _, href in rows if one.asks],
        "levels": [(level, sum(one.level.level is level for _, one in found)) for level in reversed(Level)],
        "history": _history(council, "risk rules", "every risk"),
    }
    return render(request, "plans/risks.html", context)


@require_safe
def risk(request: HttpRequest, council: str, plan: str, reference: str) -> HttpResponse:
    """One risk: where it stands and stood, whether that is accepted, who looked at it, and what is done about it."""
    stored = find_plan(council, plan)
    data, today = stored.council.data(), clock.today()
    found = _found(risks_of([stored.id], data.risks.scheme)[stored.id], reference, "risk")
    actions = [action for action in read_actions(stored) if reference in action.risks]
    as_at, _ = _as_at(stored)
    reader, to_staff = reader_of(request, stored.council), reads_drafts(request)
    series = series_of(stored.council, today, reader, to_staff=to_staff) if found.indicators else {}
    [work] = at_work([found], actions, breaches_of(series, found.indicators, today), data.risks, as_at)
    path = reverse("plan", args=[council, plan])
    context = {
        **_plan_context(stored, path),
        "council": data,
        "risk": found,
        "work": work,
        "asks": [(ask.words, _ask_href(ask, council, path)) for ask in work.asks],
        "rules": data.risks,
        "positions": [(name.capitalize(), POSITION_MEANINGS[name], getattr(found, name)) for name in POSITIONS],
        "matrix": matrix_of([found], data.risks.scheme),
        "stood": _stood(found),
        "reviews": [
            {"date": write_date(review.date), "text": review.text if to_staff else "Reviewed.",
             "by": review.by if to_staff else ""}
            for review in found.reviews  # what was said may speak of figures that nobody has agreed
        ],
        "next_review": write_date(found.next_review) if found.next_review else "",
        "owner_href": filtered(path, "risks", "owner", found.owner),
        "indicators": _linked_indicators(council, found.indicators),
        "actions": [(each.reference, each.text, below(path, "actions", each.reference)) for each in actions],
        "history": _history(council, "risk", f"{plan}/{reference}"),
    }
    return render(request, "plans/risk.html", context)


POSITION_MEANINGS = {"gross": "before controls", "net": "as it stands", "target": "where it should be"}


def _stood(risk: Risk) -> list[tuple[str, str, Movement, str]]:
    """Where it stood, newest first: since when, where, how it moved to there, and why."""
    rows = []
    for place, stood in enumerate(risk.history):
        before = risk.history[place - 1] if place else None
        day = write_date(stood.since) if stood.since else "not known"
        rows.append((day, stood.words, movement(before, stood), stood.because))
    return rows[::-1]


def _ask_href(ask: Ask, council: str, path: str) -> str:
    return reverse("indicator", args=[council, ask.indicator]) if ask.indicator else below(path, "actions", ask.action)


# --- what action, milestone and risk pages have in common


def _found(things: Sequence, reference: str, kind: str):
    """The one of that reference, or Http404."""
    found = next((thing for thing in things if thing.reference == reference), None)
    if not found:
        raise Http404(f"There is no {kind} {reference} in this plan.")
    return found


def _plan_context(stored: models.Plan, path: str) -> dict:
    """The frame of a page below a plan."""
    return {
        "council": stored.council.data(),
        "plan": stored,
        "plan_words": f"Service plan {Period.read(stored.year).words}",
        "path": path,
    }


def _linked_indicators(council: str, slugs: Sequence[str]) -> list[tuple[Indicator, str]]:
    found = Indicator.objects.filter(council__slug=council, slug__in=slugs).order_by("slug")
    return [(indicator, reverse("indicator", args=[council, indicator.slug])) for indicator in found]


def _history(council: str, kind: str, subject: str) -> str:
    return f"{reverse('changes', args=[council])}?{urlencode({'kind': kind, 'subject': subject})}"


# --- an action and its milestones


@require_safe
def action(request: HttpRequest, council: str, plan: str, reference: str) -> HttpResponse:
    """One action: when it is due, its milestones, what was reported, and what it serves."""
    stored = find_plan(council, plan)
    every = read_actions(stored)
    found = _found(every, reference, "action")
    as_at, is_over = _as_at(stored)
    held = held_up(every, as_at)
    waiting = [name for each in every for name in _waiters(each, found)]
    path = reverse("plan", args=[council, plan])
    addressed = stored.risks.filter(reference__in=found.risks).values_list("reference", "title")
    context = {
        **_plan_context(stored, path),
        **_when(found, as_at, is_over),
        "action": found,
        "blocks": paragraphs(found.text),
        "owners": [(owner, filtered(path, "actions", "owner", owner)) for owner in found.owners],
        "theme_href": filtered(path, "actions", "theme", found.theme),
        "milestones": [
            _milestone_row(step, path, reference, as_at, held.get(f"{reference}/{step.number}", ()))
            for step in found.milestones
        ],
        "held": held.get(reference, ()),
        "waits_for": [(name, _thing_href(path, name)) for name in found.waits_for],
        "waiting": [(name, _thing_href(path, name)) for name in waiting],
        "timeline": action_timeline(found, Period.read(stored.year), as_at),
        "effects": _effects(stored, found, request),
        "updates": _timeline(found.updates, request),
        "indicators": _linked_indicators(council, found.indicators),
        "risks": [(number, title, below(path, "risks", number)) for number, title in addressed],
        "history": _history(council, "action", f"{plan}/{reference}"),
    }
    return render(request, "plans/action.html", context)


def _as_at(stored: models.Plan) -> tuple[date, bool]:
    """The day a stored plan is judged at, and whether its year is over."""
    today, year = clock.today(), Period.read(stored.year)
    return day_judged(year, stored.last_updated, today), today > year.end


def _when(action: Action, as_at: date, is_over: bool) -> dict:
    """How it stands against its dates. Standing work has a next review in place of an end."""
    review = write_date(action.next_review) if action.next_review else ""
    standing = action.state is ActionState.STANDING
    timing = action.timing(as_at)
    return {
        "timing": timing_words(timing),
        "late": timing in LATE,
        "judged_as_at": write_date(as_at) if is_over else "",
        "due": write_date(action.due) if action.due else "",
        "next_review": review or ("No review date set" if standing else ""),
    }


def _waiters(other: Action, action: Action) -> Iterator[str]:
    """What of another action waits for this one or for one of its milestones."""
    if other.reference == action.reference:
        return
    own = {action.reference, *(f"{action.reference}/{step.number}" for step in action.milestones)}
    if own & set(other.waits_for):
        yield other.reference
    yield from (f"{other.reference}/{step.number}" for step in other.milestones if own & set(step.waits_for))


def _thing_href(path: str, name: str) -> str:
    """The page of HASC03 or HASC03/1."""
    reference, _, number = name.partition("/")
    return below(path, "actions", reference) + (f"milestones/{number}/" if number else "")


def _effects(stored: models.Plan, action: Action, request: HttpRequest) -> list[Shown]:
    if not action.expects:
        return []
    slugs = [one.indicator for one in action.expects]
    indicators = {each.slug: each for each in stored.council.indicators.filter(slug__in=slugs)}
    reader = reader_of(request, stored.council)
    series = series_of(stored.council, clock.today(), reader, to_staff=reads_drafts(request))
    return effects_of(action.expects, indicators, series)


def _milestone_row(step: Milestone, path: str, reference: str, as_at: date, held: Sequence[Held] = ()) -> dict:
    timing = step.timing(as_at)
    vague = timing is Timing.NO_DATE and step.printed_date
    return {
        "step": step,
        "href": f"{below(path, 'actions', reference)}milestones/{step.number}/",
        "date": step.printed_date or (write_date(step.due) if step.due else ""),
        "timing": "Open, no exact date" if vague else timing_words(timing),
        "late": timing in LATE,
        "slipped": step.slippage.words if step.slippage else "",
        "held": held,
    }


def _timeline(updates: Sequence[Update], request: HttpRequest) -> list[dict]:
    """Visitors are not told who wrote a note: accounts are people, and only posts are published."""
    staff = reads_drafts(request)
    return [
        {
            "date": write_date(update.date),
            "text": update.text,
            "by": update.by if staff else "",
            "edit": f"{request.path}updates/{update.number}/edit/" if staff else "",
        }
        for update in updates
    ]


@require_safe
def milestone(request: HttpRequest, council: str, plan: str, reference: str, number: int) -> HttpResponse:
    """One step of an action."""
    stored = find_plan(council, plan)
    every = read_actions(stored)
    parent = _found(every, reference, "action")
    step = next((step for step in parent.milestones if step.number == number), None)
    if not step:
        raise Http404(f"Action {reference} has no milestone {number}.")
    as_at, is_over = _as_at(stored)
    path = reverse("plan", args=[council, plan])
    context = {
        **_plan_context(stored, path),
        **_milestone_row(step, path, reference, as_at, held_up(every, as_at).get(f"{reference}/{number}", ())),
        "waits_for": [(name, _thing_href(path, name)) for name in step.waits_for],
        "judged_as_at": write_date(as_at) if is_over else "",
        "due": write_date(step.due) if step.due else "",
        "action": parent,
        "action_href": below(path, "actions", reference),
        "updates": _timeline(step.updates, request),
        "history": _history(council, "milestone", f"{plan}/{reference}/{number}"),
    }
    return render(request, "plans/milestone.html", context)


# --- paper


@require_safe
def plan_pdf(request: HttpRequest, council: str, plan: str) -> HttpResponse:
    """The whole plan on paper, whatever is filtered on screen."""
    from outturn.publish.pdf import plan_pdf as render_pdf  # the typesetter is loaded when first needed

    stored = find_plan(council, plan)
    data = read_plan(stored, reader_of(request, stored.council))
    paper = plan_paper(stored.council.data(), data, clock.local_time())
    response = HttpResponse(render_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{council}-service-plan-{plan}.pdf"'
    return response
