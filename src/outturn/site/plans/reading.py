"""Service plans read back as the plain data they were loaded from, in a constant number of queries."""

from collections import defaultdict

from django.shortcuts import get_object_or_404

from outturn.plans.action import Action, ActionState, Milestone, Update
from outturn.plans.risk import Position, Risk
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
    updates: dict[tuple[int, int | None], list[Update]] = defaultdict(list)
    for action, milestone, *fields in models.Update.objects.filter(action__plan=stored).values_list(
        "action_id", "milestone_id", "date", "text", "by", "order"
    ):
        updates[action, milestone].append(Update(*fields))
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    for key, action, order, text, printed, due, done in models.Milestone.objects.filter(
        action__plan=stored
    ).values_list("id", "action_id", "order", "text", "printed_date", "due", "done"):
        notes = tuple(updates[action, key])
        milestones[action].append(Milestone(text, printed, due, done, notes, order))
    indicators = _links(models.Action.indicators.through, "action", "indicator__slug", stored)
    risks = _links(models.Action.risks.through, "action", "risk__reference", stored)
    fields = "id", "reference", "theme", "text", "type", "owners", "completed_by", "state", "due", "next_review"
    return tuple(
        Action(
            reference, theme, text, kind, lines(owners), completed_by, ActionState(state), due, next_review,
            tuple(milestones[key]), tuple(updates[key, None]), tuple(indicators[key]), tuple(risks[key]),
        )
        for key, reference, theme, text, kind, owners, completed_by, state, due, next_review in (
            stored.actions.values_list(*fields)
        )
    )


def read_risks(stored: models.Plan) -> tuple[Risk, ...]:
    """The plan's risk register."""
    indicators = _links(models.Risk.indicators.through, "risk", "indicator__slug", stored)
    return tuple(risk_data(risk, tuple(indicators[risk.id])) for risk in stored.risks.all())


def risk_data(risk: models.Risk, indicators: tuple[str, ...] = ()) -> Risk:
    """A stored risk as plain data."""
    return Risk(
        reference=risk.reference,
        title=risk.title,
        owner=risk.owner,
        rating=Rag(risk.rating) if risk.rating else None,
        gross=_position(risk.gross_likelihood, risk.gross_impact),
        net=_position(risk.net_likelihood, risk.net_impact),
        target=_position(risk.target_likelihood, risk.target_impact),
        cause=risk.cause,
        consequence=risk.consequence,
        response=risk.response,
        mitigations=lines(risk.mitigations),
        indicators=indicators,
    )


def _position(likelihood: int | None, impact: int | None) -> Position | None:
    return Position(likelihood, impact) if likelihood and impact else None


def _links(through, owner: str, target: str, stored: models.Plan) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = through.objects.filter(**{f"{owner}__plan": stored}).order_by(target)
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
    results = values_of(seen.results(Result.objects.filter(indicator__in=keys), keys))
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
