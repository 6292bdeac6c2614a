"""Addresses about people."""

from django.urls import path

from . import file_views, views

ONE = "people/<str:account>/"

urlpatterns = [
    path("roles/", views.roles, name="roles"),
    path("people/", views.people, name="people"),
    path("people/add/", views.add, name="add-person"),
    path("people/file/", file_views.upload, name="people-file"),
    path("people/file/example.csv", file_views.example, name="people-file-example"),
    path("people/tokens/", file_views.tokens, name="people-tokens"),
    path("people/tokens/<int:number>/revoke/", file_views.revoke, name="people-token-revoke"),
    path(ONE + "account/", views.one, name="person"),
    path(ONE + "name/", views.rename, name="person-name"),
    path(ONE + "add-role/", views.add_role, name="give-role"),
    path(ONE + "add-post/", views.add_post, name="give-post"),
    path(ONE + "add-absence/", views.add_absence, name="add-absence"),
    path(ONE + "<slug:kind>/<int:number>/remove/", views.remove, name="person-remove"),
    path(ONE + "do/<slug:deed>/", views.do, name="person-do"),
]
