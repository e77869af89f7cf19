"""A recent sign-in (step-up): asked for where private parts are read and agreements signed.

Whoever finds an open session, or has got hold of one, is asked once more who they are. Saving is not asked for it: one
who writes for an hour loses nothing, and a save shows nothing.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from leder import conf

SESSION_KEY = "leder_signed_in_at"
SECONDS_A_MINUTE = 60


def note_sign_in(*, request: HttpRequest | None, **_kwargs: Any) -> None:
    """Note in the session that the person has just signed in (receiver of Django's `user_logged_in`)."""
    if request is not None and hasattr(request, "session"):
        request.session[SESSION_KEY] = int(time.time())


def is_recent(request: HttpRequest) -> bool:
    """Whether the sign-in of this session is at most LEDER_REAUTH_MINUTES old."""
    at = request.session.get(SESSION_KEY, 0)
    return bool(0 <= time.time() - at <= conf.reauth_minutes() * SECONDS_A_MINUTE)


def confirm_url(back: str) -> str:
    """Return the address where a person signs in once more, with the way back to a page."""
    return str(redirect_to_login(back, login_url=resolve_url(conf.reauth_url())).url)


def confirm_first(request: HttpRequest, back: str = "") -> HttpResponse:
    """Send the person to sign in once more, and then back to this page or to `back`."""
    return redirect(confirm_url(back or request.get_full_path()))
