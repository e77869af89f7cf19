"""What every answer carries, and what the site lets a browser do."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import Page

from leder.checks import check_compression

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "object-src 'none'",
}


def policy(response: object) -> set[str]:
    return set(response["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize("address", ["/", "/sok/?q=leder", "/finnes-ikke/", "/leder/min-side/"])
def test_pages_carry_the_strict_policy_and_are_kept_nowhere(person: Client, address: str) -> None:
    response = person.get(address)
    assert policy(response) == STRICT
    assert response["Cache-Control"] == "no-store, private, no-transform"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_page_is_compressed(person: Client) -> None:
    response = person.get("/leder/min-side/", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert len(response.content) > 200
    assert not response.has_header("Content-Encoding")


def test_a_site_that_compresses_pages_is_warned(settings: Any) -> None:
    assert check_compression(None) == []
    settings.MIDDLEWARE = ["django.middleware.gzip.GZipMiddleware", *settings.MIDDLEWARE]
    assert [each.id for each in check_compression(None)] == ["leder.W004"]


def test_the_sign_in_page_too(client: Client) -> None:
    response = client.get("/logg-inn/")
    assert policy(response) == STRICT
    assert "no-store" in response["Cache-Control"]


def test_only_the_editor_gets_the_wider_policy(it_operations: Client) -> None:
    wider = policy(it_operations.get("/cms/"))
    assert wider - STRICT == {
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "frame-src 'self'",
    }
    assert not [directive for directive in wider if "eval" in directive or "http" in directive]


def test_a_preview_in_the_editor_has_the_strict_policy(it_operations: Client) -> None:
    home = Page.objects.get(depth=2)
    address = f"/cms/pages/{home.pk}/edit/preview/"
    it_operations.post(address, {"title": home.title, "slug": home.slug, "comments-TOTAL_FORMS": "0",
                                 "comments-INITIAL_FORMS": "0"})  # fmt: skip
    response = it_operations.get(address)
    assert home.title in response.content.decode()
    assert policy(response) == STRICT


def test_answers_as_data_are_kept_nowhere(it_operations: Client) -> None:
    response = it_operations.get("/cms/api/main/pages/")
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store, private, no-transform"


def test_bokmaal_unless_the_reader_chooses_here(client: Client) -> None:
    asked = {"Accept-Language": "en-GB,en;q=0.9"}
    assert client.get("/logg-inn/", headers=asked)["Content-Language"] == "nb"
    client.post("/sprak/", {"language": "nn", "next": "/logg-inn/"})
    response = client.get("/logg-inn/", headers=asked)
    assert response["Content-Language"] == "nn"
    assert '<html lang="nn"' in response.content.decode()
    client.post("/sprak/", {"language": "xx", "next": "/logg-inn/"})
    assert client.get("/logg-inn/")["Content-Language"] == "nn"


def test_no_page_of_one_reader_is_cached_for_another(person: Client) -> None:
    cache.clear()
    person.get("/")
    assert not [key for key in getattr(cache, "_cache", {}) if "kari" in str(key).lower()]
