"""Addresses of oversight."""

from django.urls import URLPattern, path

from leder.oversight import views

urlpatterns: list[URLPattern] = [
    path("min-side/", views.my_page, name="my_page"),
    path("min-side/ledere/", views.my_reports, name="my_reports"),
    path("min-side/ledere/<int:position_id>/apne/", views.open_agreement, name="open_agreement"),
]
