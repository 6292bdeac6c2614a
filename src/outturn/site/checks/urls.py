"""Addresses of the checks: the rules for all councils, and below a council what they find there."""

from django.urls import path

from . import editing, views

rules_patterns = [
    path("checks/", views.rules, name="check-rules"),
    path("checks/<slug:rule>/", views.rule, name="check-rule"),
]

urlpatterns = [
    path("<slug:council>/checks/", views.checks, name="checks"),
    path("<slug:council>/checks/<slug:mark>/dismiss/", editing.dismiss, name="dismiss"),
    path("<slug:council>/checks/dismissals/<int:number>/take-back/", editing.take_back, name="take-back"),
]
