"""An account that was changed is shown no text: it is led to what is to be done, and what was typed is kept.

So is what was typed where a kind of section is not installed any more, and the page says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from http.client import SERVICE_UNAVAILABLE
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern
from django.utils.cache import add_never_cache_headers

from leder.agreements.models import AccountShut
from leder.agreements.sections.kinds import KindGone
from leder.agreements.views.guard.access import wants_json
from leder.agreements.views.guard.resend import KIND_GONE, SHUT, is_text_form, resend

logger = logging.getLogger("leder.agreements")

View = Callable[..., HttpResponse]
# The attribute by which such a view is known.
MARK = "is_shut_to_changed_accounts"


def shut_to_changed(view: View) -> View:
    """A view that leads an account that is shut to the page that says so. Whoever would get a 404 still gets it.

    A form with text gets what was typed, to be sent again once the account is open, or the kind is back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AccountShut:
            response = resend(request, SHUT) if _keeps(request) else redirect("leder:account_shut")
        except KindGone as gone:
            logger.error("a kind of section is not installed: %s (leder.E003)", gone.args[0])
            response = resend(request, KIND_GONE) if _keeps(request) else _kind_gone(request)
        add_never_cache_headers(response)
        return response

    setattr(guarded, MARK, True)
    return guarded


def _keeps(request: HttpRequest) -> bool:
    return request.method == "POST" and (wants_json(request) or is_text_form(request))


def _kind_gone(request: HttpRequest) -> HttpResponse:
    context = {"reason": KIND_GONE}
    return render(request, "leder/agreements/kind_gone.html", context, status=SERVICE_UNAVAILABLE)


def all_shut_to_changed(patterns: list[URLPattern]) -> list[URLPattern]:
    """Return the addresses with their views made so."""
    return [
        URLPattern(each.pattern, shut_to_changed(each.callback), each.default_args, each.name)
        for each in patterns
    ]
