"""Addresses of the methods."""

from django.urls import path

from . import views

urlpatterns = [
    path("methods/", views.methods, name="methods"),
    path("methods/where-we-part-from-the-nhs-tools/", views.deviations, name="deviations"),
    path("methods/<slug:slug>/", views.method, name="method"),
]
