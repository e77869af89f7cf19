"""Addresses of e-mail: the page of notifications."""

from django.urls import URLPattern, path

from leder.mail import views

urlpatterns: list[URLPattern] = [path("varsler/", views.notifications, name="notifications")]
