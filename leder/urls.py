"""Addresses of the plugin; a host includes them where it likes."""

from django.urls import URLPattern, URLResolver

app_name = "leder"

urlpatterns: list[URLPattern | URLResolver] = []
