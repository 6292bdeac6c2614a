"""Addresses of the front page, of councils, and of what lies across them."""

from django.urls import path

from . import views

front_patterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, name="help"),
]

urlpatterns = [path("<slug:council>/", views.council, name="council")]
