"""Addresses of a council's indicators and of the definitions behind them."""

from django.urls import path

from . import cases, editing, views

INDICATOR = "<slug:council>/indicators/<slug:slug>/"

catalogue_patterns = [
    path("catalogue/", views.catalogue_page, name="catalogue"),
    path("catalogue/<slug:framework>/<str:code>/", views.definition, name="definition"),
]

urlpatterns = [
    path("<slug:council>/indicators/", views.indicators, name="indicators"),
    path("<slug:council>/indicators/add/", editing.add_indicator, name="indicator-add"),
    path("<slug:council>/judging/edit/", editing.edit_judging, name="judging-edit"),
    path(INDICATOR, views.indicator, name="indicator"),
    path(INDICATOR + "cases/", cases.cases, name="cases"),
    path(INDICATOR + "cases/download/", cases.download, name="cases-download"),
    path(INDICATOR + "judging/edit/", editing.edit_indicator_judging, name="indicator-judging-edit"),
    path(INDICATOR + "words/add/", editing.add_word, name="word-add"),
    path(INDICATOR + "words/<int:number>/edit/", editing.edit_word, name="word-edit"),
    path(INDICATOR + "results/add/", editing.add_result, name="result-add"),
    path(INDICATOR + "results/<str:period>/edit/", editing.edit_result, name="result-edit"),
    path(INDICATOR + "targets/add/", editing.add_target, name="target-add"),
    path(INDICATOR + "targets/<str:period>/edit/", editing.edit_target, name="target-edit"),
]
