"""Service plans read back as the plain data they were loaded from, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Sequence

from django.shortcuts import get_object_or_404

from outturn.judgement.hoped import read_change
from outturn.plans.action import Action, ActionState, Expectation, Milestone, Update
from outturn.plans.risk import Review, Risk, Stood
from outturn.plans.scheme import Position, Scheme
from outturn.plans.service_plan import Demographic, IndicatorRow, Resource, Section, ServicePlan
from outturn.site.indicators.models import Result
from outturn.site.indicators.reading import definition_of, stored_value, targets_of, values_of
from outturn.site.rounds.visible import PUBLIC, Reader, seen_by
from outturn.site.trail.memory import remembered
from outturn.terms.basis import TimeBasis
from outturn.terms.period import Period, PeriodKind
from outturn.terms.polarity import Polarity
from outturn.terms.status import Direction, Rag
from outturn.terms.unit import Unit
from outturn.terms.value import Value

from . import models


def lines(text: str) -> tuple[str, ...]:
    """The lines of a field that holds one entry on each."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def find_plan(council: str, slug: str) -> models.Plan:
    """The stored plan, or Http404."""
    return get_object_or_404(models.Plan.objects.select_related("council"), council__slug=council, slug=slug)


@remembered
def read_plan(stored: models.Plan, reader: Reader = PUBLIC) -> ServicePlan:
    """The whole plan, as a reader sees it."""
    return ServicePlan(
        slug=stored.slug,
        title=stored.title,
        year=Period.read(stored.year),
        service=stored.service,
        directorate=stored.directorate,
        plan_holder=stored.plan_holder,
        director=stored.director,
        cabinet_member=stored.cabinet_member,
        last_updated=stored.last_updated,
        printed_last_updated=stored.printed_last_updated,
        source=stored.source,
        sections=tuple(Section(*row) for row in stored.sections.values_list("number", "kind", "heading", "text")),
        resources=_resources(stored),
        demographics=tuple(
            Demographic(*row) for row in stored.demographics.values_list("subject", "now", "year", "projected", "by")
        ),
        actions=read_actions(stored),
        risks=read_risks(stored),
        indicators=read_indicator_rows(stored, reader),
    )


def _resources(stored: models.Plan) -> tuple[Resource, ...]:
    rows = stored.resources.values_list("label", "printed", "absence", "unit", "part_of")
    return tuple(
        Resource(label, stored_value(printed, absence), Unit.read(unit), part_of)
        for label, printed, absence, unit, part_of in rows
    )


def read_actions(stored: models.Plan) -> tuple[Action, ...]:
    """The plan's actions with their milestones, updates and links."""
    return actions_of([stored.id])[stored.id]


def actions_of(plans: Sequence[int]) -> dict[int, tuple[Action, ...]]:
    """The actions of several plans, by plan, in as many queries as those of one."""
    updates: dict[tuple[int, int | None], list[Update]] = defaultdict(list)
    for action, milestone, *fields in models.Update.objects.filter(action__plan__in=plans).values_list(
        "action_id", "milestone_id", "date", "text", "by", "order"
    ):
        updates[action, milestone].append(Update(*fields))
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    fields = "id", "action_id", "order", "text", "printed_date", "due", "done", "was", "waits_for"
    steps = models.Milestone.objects.filter(action__plan__in=plans)
    for key, action, order, text, printed, due, done, was, waits_for in steps.values_list(*fields):
        notes = tuple(updates[action, key])
        milestones[action].append(Milestone(text, printed, due, done, notes, order, lines(was), lines(waits_for)))
    expects: dict[int, list[Expectation]] = defaultdict(list)
    hoped = models.Expectation.objects.filter(action__plan__in=plans)
    names = "action_id", "indicator__slug", "change", "since", "order"
    for action, slug, change, since, order in hoped.values_list(*names):
        expects[action].append(Expectation(slug, read_change(change), since, order))
    indicators = _links(models.Action.indicators.through, "action", "indicator__slug", plans)
    risks = _links(models.Action.risks.through, "action", "risk__reference", plans)
    found: dict[int, list[Action]] = defaultdict(list)
    for row in models.Action.objects.filter(plan__in=plans):
        found[row.plan_id].append(Action(
            row.reference, row.theme, row.text, row.type, lines(row.owners), row.completed_by, ActionState(row.state),
            row.due, row.next_review, tuple(milestones[row.id]), tuple(updates[row.id, None]),
            tuple(indicators[row.id]), tuple(risks[row.id]), lines(row.was), lines(row.waits_for),
            tuple(expects[row.id]),
        ))  # fmt: skip
    return {plan: tuple(found[plan]) for plan in plans}


def read_risks(stored: models.Plan) -> tuple[Risk, ...]:
    """The plan's risk register."""
    return risks_of([stored.id], stored.council.data().risks.scheme)[stored.id]


def risks_of(plans: Sequence[int], scheme: Scheme) -> dict[int, tuple[Risk, ...]]:
    """The risks of several plans, by plan, in as many queries as those of one."""
    indicators = _links(models.Risk.indicators.through, "risk", "indicator__slug", plans)
    history: dict[int, list[Stood]] = defaultdict(list)
    for row in models.RiskPosition.objects.filter(risk__plan__in=plans):
        net = _position(row.likelihood, row.impact, scheme)
        history[row.risk_id].append(Stood(row.since, net, _rating(row.rating), row.because))
    reviews: dict[int, list[Review]] = defaultdict(list)
    for row in models.RiskReview.objects.filter(risk__plan__in=plans):
        reviews[row.risk_id].append(Review(row.date, row.text, tuple(row.answers), row.by))
    found: dict[int, list[Risk]] = defaultdict(list)
    for row in models.Risk.objects.filter(plan__in=plans):
        found[row.plan_id].append(Risk(
            reference=row.reference,
            title=row.title,
            owner=row.owner,
            rating=_rating(row.rating),
            gross=_position(row.gross_likelihood, row.gross_impact, scheme),
            net=_position(row.net_likelihood, row.net_impact, scheme),
            target=_position(row.target_likelihood, row.target_impact, scheme),
            cause=row.cause,
            consequence=row.consequence,
            response=row.response,
            mitigations=lines(row.mitigations),
            indicators=tuple(indicators[row.id]),
            category=row.category,
            appetite=row.appetite,
            next_review=row.next_review,
            history=tuple(history[row.id]),
            reviews=tuple(reviews[row.id]),
        ))  # fmt: skip
    return {plan: tuple(found[plan]) for plan in plans}


def _rating(text: str) -> Rag | None:
    return Rag(text) if text else None


def _position(likelihood: int | None, impact: int | None, scheme: Scheme) -> Position | None:
    return Position(likelihood, impact, scheme) if likelihood and impact else None


def _links(through, owner: str, target: str, plans: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = through.objects.filter(**{f"{owner}__plan__in": plans}).order_by(target)
    for key, value in rows.values_list(f"{owner}_id", target):
        found[key].append(value)
    return found


def _years(values: dict[Period, Value]) -> dict[Period, Value]:
    """A plan lists years; a scorecard may hold the same indicator's quarters."""
    return {period: value for period, value in values.items() if period.kind is PeriodKind.YEAR}


def read_indicator_rows(stored: models.Plan, reader: Reader = PUBLIC) -> tuple[IndicatorRow, ...]:
    """The plan's indicators with each year's result and target."""
    rows = list(stored.listed.select_related("indicator"))
    keys = [row.indicator_id for row in rows]
    seen = seen_by(stored.council, reader)
    printed = Result.objects.filter(indicator__in=keys).exclude(period__contains=" Q")  # as `_years` would, and faster
    results = values_of(seen.results(printed, keys))
    targets = targets_of(keys)
    return tuple(
        IndicatorRow(
            slug=row.indicator.slug,
            framework=row.indicator.framework,
            code=row.indicator.code,
            printed_code=row.printed_code,
            title=row.title,
            heading=row.heading,
            basis=TimeBasis.read(row.indicator.basis),
            printed_basis=row.printed_basis,
            unit=definition_of(row.indicator.framework, row.indicator.code).unit,
            results=_years(results[row.indicator_id]),
            targets=_years(targets[row.indicator_id]),
            printed_polarity=row.printed_polarity,
            polarity=Polarity.read(row.printed_polarity),
            direction=Direction(row.direction) if row.direction else None,
            owner=row.owner,
            include=row.include,
        )
        for row in rows
    )
