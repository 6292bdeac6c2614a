"""Addresses of plans, actions and risks, all below a council."""

from django.urls import path

from . import editing, views

PLAN = "<slug:council>/plans/<slug:plan>/"
ACTION = PLAN + "actions/<str:reference>/"
MILESTONE = ACTION + "milestones/<int:number>/"
RISK = PLAN + "risks/<str:reference>/"

urlpatterns = [
    path("<slug:council>/plans/", views.plans, name="plans"),
    path("<slug:council>/plans/add/", editing.add_plan, name="plan-add"),
    path("<slug:council>/risks/", views.risks, name="risks"),
    path("<slug:council>/risks/rules/edit/", editing.edit_risk_rules, name="risk-rules-edit"),
    path(PLAN, views.plan, name="plan"),
    path(PLAN + "plan.pdf", views.plan_pdf, name="plan-pdf"),
    path(PLAN + "edit/", editing.edit_plan, name="plan-edit"),
    path(PLAN + "sections/add/", editing.add_section, name="section-add"),
    path(PLAN + "sections/<int:number>/edit/", editing.edit_section, name="section-edit"),
    path(PLAN + "resources/add/", editing.add_resource, name="resource-add"),
    path(PLAN + "resources/<int:number>/edit/", editing.edit_resource, name="resource-edit"),
    path(PLAN + "demographics/add/", editing.add_demographic, name="demographic-add"),
    path(PLAN + "demographics/<int:number>/edit/", editing.edit_demographic, name="demographic-edit"),
    path(PLAN + "add-action/", editing.add_action, name="action-add"),
    path(PLAN + "add-risk/", editing.add_risk, name="risk-add"),
    path(PLAN + "add-indicator/", editing.add_indicator, name="listing-add"),
    path(PLAN + "indicators/<slug:slug>/edit/", editing.edit_indicator, name="listing-edit"),
    path(ACTION, views.action, name="action"),
    path(ACTION + "edit/", editing.edit_action, name="action-edit"),
    path(ACTION + "updates/add/", editing.add_update, name="update-add"),
    path(ACTION + "updates/<int:update>/edit/", editing.edit_update, name="update-edit"),
    path(ACTION + "expects/add/", editing.add_expectation, name="expectation-add"),
    path(ACTION + "expects/<int:number>/edit/", editing.edit_expectation, name="expectation-edit"),
    path(ACTION + "milestones/add/", editing.add_milestone, name="milestone-add"),
    path(MILESTONE, views.milestone, name="milestone"),
    path(MILESTONE + "edit/", editing.edit_milestone, name="milestone-edit"),
    path(MILESTONE + "updates/add/", editing.add_milestone_update, name="milestone-update-add"),
    path(MILESTONE + "updates/<int:update>/edit/", editing.edit_milestone_update, name="milestone-update-edit"),
    path(RISK, views.risk, name="risk"),
    path(RISK + "edit/", editing.edit_risk, name="risk-edit"),
    path(RISK + "reviews/add/", editing.add_review, name="review-add"),
]
