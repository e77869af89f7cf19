"""Addresses of accounts that were changed, and of one's own sign-ins."""

from django.urls import URLPattern, path

from leder.identity import sign_in_views, views

urlpatterns: list[URLPattern] = [
    path("konto/innlogginger/", sign_in_views.sign_ins, name="sign_ins"),
    path("konto/stengt/", views.account_shut, name="account_shut"),
    path("konto/<uuid:change>/bekreft/", views.account_confirm, name="account_confirm"),
]
