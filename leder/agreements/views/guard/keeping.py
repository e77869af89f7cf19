"""Views that people write in: one who is signed out gets the text back to send again, and learns nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse

from leder.agreements.views.guard.access import never_store
from leder.agreements.views.guard.resend import resend, signed_out_or_other

View = Callable[..., HttpResponse]


def keeps_text(view: View) -> View:
    """As `for_parties`, but a post from one who is signed out, or is another than the writer, is shown again."""
    signed_in = login_required(view)

    @login_not_required
    @never_store
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (reason := signed_out_or_other(request)):
            return resend(request, reason)
        return signed_in(request, *args, **kwargs)

    return wrapped
