"""Addresses of documents."""

from django.urls import URLPattern, path

from leder.documents import views

urlpatterns: list[URLPattern] = [
    path("avtale/<uuid:uuid>/dokument.pdf", views.document, name="document"),
    path("avtale/<uuid:uuid>/oppfolging.pdf", views.follow_up_document, name="follow_up_document"),
    path(
        "avtale/<uuid:uuid>/signert/<uuid:seal>/dokument.pdf", views.earlier_document, name="earlier_document"
    ),
    path("delt/<uuid:share>/dokument.pdf", views.shared_document, name="shared_document"),
    path("delt/signert/<uuid:agreement>/dokument.pdf", views.signed_document, name="signed_document"),
    path("kontroll/", views.check, name="check"),
    path("kontroll/<uuid:seal>/", views.check_seal, name="check_seal"),
]
