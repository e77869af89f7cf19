"""Addresses of handovers: what the leader decides. HR's page is in the CMS."""

from django.urls import URLPattern, path

from leder.handover.views import consent

urlpatterns: list[URLPattern] = [
    path("avtale/<uuid:uuid>/del/<str:sid>/la-lese/", consent.consent, name="handover_consent"),
]
