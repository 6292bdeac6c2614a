"""Addresses of scorecards and their priorities, all below a council."""

from django.urls import path, register_converter

from . import editing, views


class QuarterConverter:
    """q1 to q4 in an address, 1 to 4 in a view."""

    regex = "q[1-4]"

    def to_python(self, value: str) -> int:
        return int(value[1])

    def to_url(self, value: int) -> str:
        return f"q{value}"


register_converter(QuarterConverter, "quarter")

CARD = "<slug:council>/scorecards/<slug:card>/"
PRIORITY = CARD + "priorities/<int:number>/"

urlpatterns = [
    path("<slug:council>/scorecards/", views.scorecards, name="scorecards"),
    path("<slug:council>/scorecards/add/", editing.add_scorecard, name="scorecard-add"),
    path(CARD, views.latest, name="scorecard-latest"),
    path(CARD + "<quarter:quarter>/", views.scorecard, name="scorecard"),
    path(CARD + "<quarter:quarter>/scorecard.pdf", views.scorecard_pdf, name="scorecard-pdf"),
    path(CARD + "edit/", editing.edit_scorecard, name="scorecard-edit"),
    path(CARD + "blocks/add/", editing.add_block, name="block-add"),
    path(CARD + "blocks/<int:order>/edit/", editing.edit_block, name="block-edit"),
    path(CARD + "blocks/<int:order>/add-priority/", editing.add_priority, name="priority-add"),
    path(PRIORITY, views.priority, name="priority"),
    path(PRIORITY + "edit/", editing.edit_priority, name="priority-edit"),
    path(PRIORITY + "add-measure/", editing.add_measure, name="measure-add"),
    path(PRIORITY + "<quarter:quarter>/edit/", editing.edit_report, name="report-edit"),
]
