"""Addresses of rounds, their entries, and what each person owes."""

from django.urls import path, register_converter

from . import editing, views


class RoundConverter:
    """A quarter in an address: 2026-27-q2."""

    regex = "[0-9]{4}-[0-9]{2}-q[1-4]"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(RoundConverter, "round")

ROUND = "<slug:council>/rounds/<round:round>/"
ENTRY = ROUND + "entries/<slug:name>/"

urlpatterns = [
    path("my-work/", views.my_work, name="my-work"),
    path("<slug:council>/rounds/", views.rounds, name="rounds"),
    path("<slug:council>/rounds/open/<round:round>/", editing.open_round, name="round-open"),
    path("<slug:council>/rounds/calendar/edit/", editing.edit_calendar, name="calendar-edit"),
    path(ROUND, views.board, name="round"),
    path(ROUND + "edit/", editing.edit_round, name="round-edit"),
    path(ROUND + "fill/", views.fill, name="round-fill"),
    path(ROUND + "sign/<slug:move>/", views.sign, name="round-sign"),
    path(ENTRY, views.entry, name="entry"),
    path(ENTRY + "figure/", editing.edit_figure, name="entry-figure"),
    path(ENTRY + "commentary/", editing.edit_commentary, name="entry-commentary"),
    path(ENTRY + "owner/", editing.edit_owner, name="entry-owner"),
    path(ENTRY + "confirm/", views.confirm, name="entry-confirm"),
    path(ENTRY + "move/", views.move, name="entry-move"),
]
