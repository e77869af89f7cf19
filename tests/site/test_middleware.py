"""What the site adds to whatever a view answers: a view by itself, asked through the middleware."""

from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from lorenskog_intranet.middleware import ContentSecurityPolicyMiddleware, no_store

KEPT = "public, max-age=3600"


def answer(**headers: str) -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={name.replace("_", "-"): value for name, value in headers.items()})

    return no_store(view)(RequestFactory().get("/"))


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-8",
        "application/json",
        "application/pdf",
        "text/csv; charset=utf-8",
        "text/calendar",
    ],
)
def test_a_view_can_not_let_pages_data_or_documents_be_kept(kind: str) -> None:
    assert answer(Content_Type=kind, Cache_Control=KEPT)["Cache-Control"] == "no-store, private, no-transform"


def test_what_says_nothing_of_itself_is_not_kept() -> None:
    assert (
        answer(Content_Type="application/octet-stream")["Cache-Control"] == "no-store, private, no-transform"
    )
    # A view that serves files may say how long they can be kept.
    assert answer(Content_Type="image/png", Cache_Control=KEPT)["Cache-Control"] == KEPT


def test_a_policy_that_a_view_has_set_stays() -> None:
    """Under /cms/ too: the wider one is for pages that say nothing themselves."""

    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response._csp_config = {"default-src": ["'none'"]}  # type: ignore[attr-defined]
        return response

    request = RequestFactory().get(f"/{settings.CMS_PATH}")
    response = ContentSecurityPolicyMiddleware(view)(request)
    assert response["Content-Security-Policy"] == "default-src 'none'"


def test_what_is_far_too_large_is_not_read(settings: Any, client: Client) -> None:
    settings.LARGEST_REQUEST = 1000
    assert client.post("/sprak/", {"language": "nn"}).status_code == 302
    refused = client.post("/sprak/", {"language": "nb", "file": "x" * 2000})
    assert refused.status_code == 400
    assert "Nettlesaren sende" in refused.content.decode()
    assert not refused.cookies
