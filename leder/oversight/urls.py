"""Addresses of oversight."""

from django.urls import URLPattern, path

from leder.oversight import views
from leder.oversight.completion import views as completion

urlpatterns: list[URLPattern] = [
    path("min-side/", views.my_page, name="my_page"),
    path("min-side/ledere/", views.my_reports, name="my_reports"),
    path("min-side/ledere/status/", completion.line_status, name="line_status"),
    path("min-side/ledere/status/utskrift/", completion.line_print, name="line_print"),
    path("min-side/ledere/status/fil/<slug:kind>/", completion.line_export, name="line_export"),
    path("min-side/ledere/<int:position_id>/apne/", views.open_agreement, name="open_agreement"),
]
