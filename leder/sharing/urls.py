"""Addresses of sharing: the parties' page, and what others are shown."""

from django.urls import URLPattern, path

from leder.sharing.views import shared, sharing

urlpatterns: list[URLPattern] = [
    path("avtale/<uuid:uuid>/deling/", sharing.sharing, name="sharing"),
    path("avtale/<uuid:uuid>/deling/<uuid:share>/godta/", sharing.consent, name="share_consent"),
    path("avtale/<uuid:uuid>/deling/<uuid:share>/nei/", sharing.decline, name="share_decline"),
    path("avtale/<uuid:uuid>/deling/<uuid:share>/trekk/", sharing.withdraw, name="share_withdraw"),
    path("delt/", shared.shared_with_me, name="shared_with_me"),
    path("delt/signert/<uuid:agreement>/", shared.signed_record, name="signed_record"),
    path("delt/<uuid:share>/", shared.shared, name="shared"),
]
