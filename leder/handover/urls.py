"""Addresses of handovers: what those whom it is about see and decide. HR's page is in the CMS."""

from django.urls import URLPattern, path

from leder.handover.views import consent, planned

urlpatterns: list[URLPattern] = [
    path("avtale/<uuid:uuid>/del/<str:sid>/la-lese/", consent.consent, name="handover_consent"),
    path("overlevering/<uuid:uuid>/", planned.handover, name="handover"),
    path("overlevering/<uuid:uuid>/stopp/", planned.stop, name="handover_stop"),
    path("overlevering/<uuid:uuid>/ja/", planned.allow, name="handover_allow"),
]
