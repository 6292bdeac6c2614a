"""Addresses for signing in and out."""

from django.urls import path

from . import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="login"),
    path("sign-out/", views.sign_out, name="logout"),
]
