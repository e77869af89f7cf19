"""An account that was changed is shown no text: it is led to what is to be done, and what was typed is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.cache import add_never_cache_headers

from leder.agreements.models import AccountShut
from leder.agreements.views.guard.access import wants_json
from leder.agreements.views.guard.resend import SHUT, is_text_form, resend

View = Callable[..., HttpResponse]
# The attribute by which such a view is known.
MARK = "is_shut_to_changed_accounts"


def shut_to_changed(view: View) -> View:
    """A view that leads an account that is shut to the page that says so. Whoever would get a 404 still gets it.

    A form with text gets what was typed, to be sent again once the account is open.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except AccountShut:
            keeps = request.method == "POST" and (wants_json(request) or is_text_form(request))
            response = resend(request, SHUT) if keeps else redirect("leder:account_shut")
        add_never_cache_headers(response)
        return response

    setattr(guarded, MARK, True)
    return guarded


def all_shut_to_changed(patterns: list[URLPattern]) -> list[URLPattern]:
    """Return the addresses with their views made so."""
    return [
        URLPattern(each.pattern, shut_to_changed(each.callback), each.default_args, each.name)
        for each in patterns
    ]
