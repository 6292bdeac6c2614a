"""Addresses of notices, and of calendars for other programs."""

from django.urls import path

from . import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/sent/", views.sent, name="notices-sent"),
    path("notices/calendar/", views.calendar_new, name="calendar-new"),
    path("notices/calendar/stop/", views.calendar_stop, name="calendar-stop"),
    path("calendar/<str:secret>.ics", views.secret_calendar, name="calendar"),
    path("<slug:council>/calendar.ics", views.council_calendar, name="council-calendar"),
]
