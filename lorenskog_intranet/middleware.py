"""What the site adds to every answer: policy of content, language of the reader, nothing kept in caches.

And to every request: a session that was not used for a while has ended.
"""

import time
from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from .sessions import USED

GetResponse = Callable[[HttpRequest], HttpResponseBase]

NEVER_STORED = ("text/html", "application/json", "application/pdf", "text/csv", "text/calendar")

# Use is noted once in such a part of the time (once a minute of an hour): a write to the database for each request
# would be too many, and once in the whole of it would end a session that is used.
PARTS = 60
# An open page editor sends these by itself, whether anybody is there or not.
NO_USE = frozenset({"wagtailadmin_editing_sessions:ping"})


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
    """Ask browsers and proxies to keep no copy of what was made for one reader, and not to compress it.

    How well words compress tells what else stands beside them (docs/decisions/0027). Nothing here compresses.

    Static files never come here (WhiteNoise answers first). A view that serves files may set a
    Cache-Control of its own; pages, data and documents may not.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind in NEVER_STORED or not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private, no-transform"
        return response

    return middleware


def idle_end(get_response: GetResponse) -> GetResponse:
    """Sign out whoever has not used the session for SESSION_IDLE_MINUTES, before any view sees who it was.

    The browser is not asked to clear anything, as at sign-out: text not sent yet waits there for the same person.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        session = request.session
        longest = settings.SESSION_IDLE_MINUTES * 60
        if SESSION_KEY in session and time.time() - session.get(USED, 0) > longest:
            logout(request)
        response = get_response(request)
        match = request.resolver_match
        is_use = match is None or match.view_name not in NO_USE
        if is_use and SESSION_KEY in session and time.time() - session.get(USED, 0) >= longest / PARTS:
            session[USED] = int(time.time())
        return response

    return middleware


def bounded(get_response: GetResponse) -> GetResponse:
    """Refuse (400) what is far larger than any file that is taken, before it is read: else it fills the disk.

    Django bounds fields and leaves files to the forms, which are asked when all of them are there.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.LARGEST_REQUEST:
            raise RequestDataTooBig
        return get_response(request)

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
