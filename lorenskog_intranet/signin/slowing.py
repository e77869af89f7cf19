"""Where Django signs people in, and we count: a backend that is asked first, two of Django's signals, the answer.

Whatever page asks for a password calls Django's `authenticate`, and so is slowed: the sign-in, the confirmation, any of
Wagtail's.
"""

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from leder.identity.devices import known_device

from . import attempts
from .addresses import wanted_address
from .attempts import Try
from .confirm import ConfirmForm
from .network import network_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
MINUTE = dt.timedelta(minutes=1)


@dataclass
class SigningIn:
    """What has happened in this request: a password that was tried, and until when it is too early."""

    tried: Try | None = None
    until: dt.datetime | None = None


def _of(request: Any) -> SigningIn:
    if not hasattr(request, "signing_in"):
        request.signing_in = SigningIn()
    found: SigningIn = request.signing_in
    return found


class SlowedBackend:
    """First of AUTHENTICATION_BACKENDS: signs nobody in, and stops what comes too early before any password is read."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Count the try. Raises PermissionDenied where one has to wait: Django then asks no other backend.

        Without a request (a command) there is no network, and nothing to slow.
        """
        username = credentials.get(get_user_model().USERNAME_FIELD, credentials.get("username"))
        if request is None or not isinstance(username, str):
            return
        signing_in = _of(request)
        signing_in.tried = Try(username, network_of(request), _device(request, username))
        signing_in.until = attempts.begin(signing_in.tried)
        if signing_in.until is not None:
            raise PermissionDenied


def _device(request: HttpRequest, username: str) -> str:
    """The known device: by its cookie or, where a session is confirmed, by the session of that very person."""
    if known := known_device(request, username):
        return known.name
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.get_username() == username:
        return f"session {request.session.session_key}"
    return ""


def note_failure(*, request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """A password was wrong (receiver of Django's `user_login_failed`)."""
    if request is None or (one := _of(request).tried) is None or _of(request).until is not None:
        return
    attempts.failed(one)


def note_success(*, request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """A person has signed in or confirmed it (receiver of Django's `user_logged_in`)."""
    if request is not None and (one := _of(request).tried) is not None:
        attempts.succeeded(one)


def slow_sign_in(get_response: GetResponse) -> GetResponse:
    """Middleware: answer 429 where it was too early."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        signing_in = _of(request)
        if signing_in.until is not None and signing_in.tried is not None:
            response = _too_early(request, signing_in.until, signing_in.tried.username)
        return response

    return middleware


def _too_early(request: HttpRequest, until: dt.datetime, username: str) -> HttpResponse:
    """The page that says when to try again, with the form to do so. The same whether anybody has that user name."""
    left = until - timezone.now()
    confirms = request.user.is_authenticated
    sign_in = AuthenticationForm(initial={"username": username})
    # What is said comes first: the user name is there already.
    sign_in.fields["username"].widget.attrs.pop("autofocus", None)
    context = {
        "form": ConfirmForm(request=request) if confirms else sign_in,
        # The next whole minute: at the time that is told it is not too early any more.
        "until": timezone.localtime(until + MINUTE).replace(second=0, microsecond=0),
        "minutes": max(1, math.ceil(left / MINUTE)),
        "confirms": confirms,
        "next": wanted_address(request),
    }
    response = render(request, "signin/slowed.html", context, status=429)
    response.headers["Retry-After"] = str(max(1, math.ceil(left.total_seconds())))
    return response
