"""Addresses for signing in and out, and of one's own account."""

from django.urls import path

from . import own, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="login"),
    path("sign-in/code/", views.code, name="login-code"),
    path("sign-in/council/", views.sign_on, name="sign-on"),
    path("sign-in/council/back/", views.sign_on_back, name="sign-on-back"),
    path("sign-out/", views.sign_out, name="logout"),
    path("account/", own.account, name="account"),
    path("account/kept/", views.kept, name="kept"),
    path("account/kept/throw-away/", views.throw_away, name="kept-throw-away"),
    path("account/password/", own.password, name="own-password"),
    path("account/second-step/", own.second_step, name="own-second-factor"),
    path("account/second-step/codes/", own.new_codes, name="own-recovery-codes"),
    path("account/away/add/", own.add_absence, name="add-own-absence"),
    path("account/away/<int:number>/remove/", own.remove_absence, name="own-absence-remove"),
]
