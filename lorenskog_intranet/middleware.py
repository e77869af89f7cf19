"""What the site adds to every answer: policy of content, language of the reader, nothing kept in caches."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponseBase]

NEVER_KEPT = ("text/html", "application/json", "application/pdf", "text/csv", "text/calendar")


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The site's strict policy everywhere, and Wagtail's wider one under /cms/ only.

    A preview in the page editor keeps the strict one: Wagtail renders it through the same middleware,
    at the page's own address.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and request.path_info.startswith(f"/{settings.CMS_PATH}"):
            parts.config = settings.CMS_CONTENT_SECURITY_POLICY["DIRECTIVES"]
        return parts


def no_store(get_response: GetResponse) -> GetResponse:
    """Ask browsers and proxies to keep no copy of what was made for one reader.

    Static files never come here (WhiteNoise answers first). A view that serves files may set a
    Cache-Control of its own; pages, data and documents may not.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind in NEVER_KEPT or not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware


def language(get_response: GetResponse) -> GetResponse:
    """Bokmål, unless the reader has chosen another language here.

    Browsers are often set up in English by others than their users, so what they say they prefer
    is not asked.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        with translation.override(chosen if chosen in known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware
