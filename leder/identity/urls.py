"""Addresses of accounts that were changed."""

from django.urls import URLPattern, path

from leder.identity import views

urlpatterns: list[URLPattern] = [
    path("konto/stengt/", views.account_shut, name="account_shut"),
    path("konto/<uuid:change>/bekreft/", views.account_confirm, name="account_confirm"),
]
