"""Addresses of the history of changes."""

from django.urls import path

from . import views

urlpatterns = [path("<slug:council>/changes/", views.changes, name="changes")]
