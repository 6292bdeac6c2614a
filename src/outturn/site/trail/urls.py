"""Addresses of the history of changes."""

from django.urls import path

from . import files, views

urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/export/", files.export_trail, name="trail-export"),
    path("trail/<int:number>/", views.trail_row, name="trail-row"),
    path("<slug:council>/changes/", views.changes, name="changes"),
    path("<slug:council>/changes/export/", files.export_changes, name="changes-export"),
    path("<slug:council>/changes/<int:number>/", views.change, name="change"),
]
