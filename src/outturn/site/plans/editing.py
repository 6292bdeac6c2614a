"""Pages on which a service plan and everything in it is added and edited."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from outturn.site.councils.models import Council
from outturn.site.editing import Page, after_last, editor

from .delivery_forms import ActionForm, ExpectationForm, MilestoneForm, UpdateForm
from .forms import DemographicForm, ListingForm, PlanForm, ResourceForm, SectionForm
from .models import (
    Action,
    Demographic,
    Expectation,
    Milestone,
    Plan,
    PlanIndicator,
    Resource,
    Risk,
    RiskReview,
    Section,
    Update,
)
from .risk_forms import RiskForm, RiskReviewForm, RiskRulesForm


@editor
def add_plan(council: Council) -> Page:
    """A new plan's front sheet."""
    return PlanForm, Plan(council=council, last_updated=timezone.localdate())


@editor
def edit_plan(council: Council, plan: str) -> Page:
    """The front sheet."""
    return PlanForm, _plan(council, plan)


@editor
def add_section(council: Council, plan: str) -> Page:
    """A section at the end."""
    return SectionForm, _last(Section, _plan(council, plan))


@editor
def edit_section(council: Council, plan: str, number: int) -> Page:
    """The section at a place."""
    return SectionForm, _part(Section, council, plan, order=number)


@editor
def add_resource(council: Council, plan: str) -> Page:
    """A resource at the end."""
    return ResourceForm, _last(Resource, _plan(council, plan))


@editor
def edit_resource(council: Council, plan: str, number: int) -> Page:
    """The resource at a place."""
    return ResourceForm, _part(Resource, council, plan, order=number)


@editor
def add_demographic(council: Council, plan: str) -> Page:
    """A population fact at the end."""
    return DemographicForm, _last(Demographic, _plan(council, plan))


@editor
def edit_demographic(council: Council, plan: str, number: int) -> Page:
    """The population fact at a place."""
    return DemographicForm, _part(Demographic, council, plan, order=number)


@editor
def add_action(council: Council, plan: str) -> Page:
    """An action at the end."""
    return ActionForm, _last(Action, _plan(council, plan))


@editor
def edit_action(council: Council, plan: str, reference: str) -> Page:
    """An action."""
    return ActionForm, _part(Action, council, plan, reference=reference)


@editor
def add_milestone(council: Council, plan: str, reference: str) -> Page:
    """A step after the last one."""
    action = _part(Action, council, plan, reference=reference)
    return MilestoneForm, Milestone(action=action, order=after_last(action.milestones))


@editor
def edit_milestone(council: Council, plan: str, reference: str, number: int) -> Page:
    """A step."""
    return MilestoneForm, _milestone(council, plan, reference, number)


@editor
def add_update(council: Council, plan: str, reference: str) -> Page:
    """A note of progress on an action."""
    action = _part(Action, council, plan, reference=reference)
    return UpdateForm, Update(action=action, order=after_last(action.updates.filter(milestone=None)))


@editor
def edit_update(council: Council, plan: str, reference: str, update: int) -> Page:
    """A note of progress on an action that was written before."""
    action = _part(Action, council, plan, reference=reference)
    return UpdateForm, get_object_or_404(action.updates, milestone=None, order=update)


@editor
def add_milestone_update(council: Council, plan: str, reference: str, number: int) -> Page:
    """A note of progress on a step."""
    step = _milestone(council, plan, reference, number)
    return UpdateForm, Update(action=step.action, milestone=step, order=after_last(step.updates))


@editor
def edit_milestone_update(council: Council, plan: str, reference: str, number: int, update: int) -> Page:
    """A note of progress on a step that was written before."""
    return UpdateForm, get_object_or_404(_milestone(council, plan, reference, number).updates, order=update)


@editor
def add_risk(council: Council, plan: str) -> Page:
    """A risk at the end of the register."""
    return RiskForm, _last(Risk, _plan(council, plan))


@editor
def edit_risk(council: Council, plan: str, reference: str) -> Page:
    """A risk."""
    return RiskForm, _part(Risk, council, plan, reference=reference)


@editor
def add_review(council: Council, plan: str, reference: str) -> Page:
    """A review of a risk."""
    risk = _part(Risk, council, plan, reference=reference)
    return RiskReviewForm, RiskReview(risk=risk, order=after_last(risk.reviews))


@editor
def edit_risk_rules(council: Council) -> Page:
    """How the council scores its risks."""
    return RiskRulesForm, council


@editor
def add_expectation(council: Council, plan: str, reference: str) -> Page:
    """What an action is to move."""
    action = _part(Action, council, plan, reference=reference)
    return ExpectationForm, Expectation(action=action, order=after_last(action.expects))


@editor
def edit_expectation(council: Council, plan: str, reference: str, number: int) -> Page:
    """What an action was said to move before."""
    action = _part(Action, council, plan, reference=reference)
    return ExpectationForm, get_object_or_404(action.expects.select_related("indicator"), order=number)


@editor
def add_indicator(council: Council, plan: str) -> Page:
    """An indicator the plan begins to list."""
    return ListingForm, _last(PlanIndicator, _plan(council, plan))


@editor
def edit_indicator(council: Council, plan: str, slug: str) -> Page:
    """How the plan lists an indicator."""
    return ListingForm, _part(PlanIndicator, council, plan, indicator__slug=slug)


def _plan(council: Council, slug: str) -> Plan:
    return get_object_or_404(Plan.objects.select_related("council"), council=council, slug=slug)


def _last(model, plan: Plan):
    return model(plan=plan, order=after_last(model.objects.filter(plan=plan)))


def _part(model, council: Council, plan: str, **place):
    return get_object_or_404(model.objects.select_related("plan__council"), plan=_plan(council, plan), **place)


def _milestone(council: Council, plan: str, reference: str, number: int) -> Milestone:
    action = _part(Action, council, plan, reference=reference)
    return get_object_or_404(Milestone.objects.select_related("action__plan__council"), action=action, order=number)
