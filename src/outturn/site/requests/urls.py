"""Addresses of requests, all below a council."""

from django.urls import path

from . import editing, views

REQUEST = "<slug:council>/requests/<int:number>/"

urlpatterns = [
    path("<slug:council>/requests/", views.requests, name="requests"),
    path("<slug:council>/requests/outstanding/", views.outstanding_page, name="requests-outstanding"),
    path("<slug:council>/requests/add/", editing.add_request, name="request-add"),
    path("<slug:council>/requests/add/<slug:kind>/<path:place>/", editing.add_request, name="request-add-about"),
    path(REQUEST, views.request_page, name="request"),
    path(REQUEST + "edit/", editing.edit_request, name="request-edit"),
    path(REQUEST + "answer/", editing.add_answer, name="request-answer"),
    path(REQUEST + "ask-again/", editing.ask_again, name="request-again"),
    path(REQUEST + "replies/<int:order>/edit/", editing.edit_reply, name="request-reply-edit"),
    path(REQUEST + "close/", editing.close, name="request-close"),
]
