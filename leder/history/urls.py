"""The address of the history. An agreement's identity leads to it, so that it says nothing of whose it is."""

from django.urls import URLPattern, path

from leder.history import views

urlpatterns: list[URLPattern] = [path("avtale/<uuid:uuid>/historikk/", views.history, name="history")]
