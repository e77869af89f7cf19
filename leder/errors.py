"""An error in a page of the plugin is told by kind and place, on whatever site it happens.

Django mails a failed request to ADMINS with what was posted, the message of the error and, as HTML, every variable of
every frame; log files get the message. All of them may quote what one of the parties has written or was reading, and a
site that installs the plugin need have set up nothing against it. So nothing of it leaves a view: each is wrapped, at
the one place where the addresses are gathered (`leder.urls`).

Django's own marks are set as well, for what else is made of the request: a report of an answer that is no exception,
and reporters of others that heed them. They would not do alone: they hide neither messages nor the variables of
generators, and a nearer mark of somebody else's takes their place.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

View = Callable[..., HttpResponse]
# The attribute by which such a view is known.
MARK = "is_content_free"
# What Django makes an answer of.
ANSWERED = (Http404, PermissionDenied, BadRequest, SuspiciousOperation, MultiPartParserError)


class Unexpected(Exception):
    """Stands for an error in a view. Its message is the kinds and code lines of it and of those behind it."""


def places(error: BaseException) -> str:
    """Return an error and those behind it: kinds and code lines, without messages and variables."""
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = "".join(traceback.format_tb(current.__traceback__))
        kind = str(current) if isinstance(current, Unexpected) else type(current).__qualname__
        told.append(f"Traceback (most recent call last):\n{frames}{kind}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\nBehind it:\n\n".join(told)


def content_free(view: View) -> View:
    """A view whose errors leave it without messages, variables and what was posted. Under DEBUG they are as ever."""

    @sensitive_variables()
    @sensitive_post_parameters()
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 (none is kept from anybody: each is told, without its content)
            if settings.DEBUG:
                raise
            told = _told(error)
        # Out here nothing leads back to what failed, nor to its frames.
        raise told

    setattr(guarded, MARK, True)
    return guarded


def all_content_free(patterns: list[URLPattern]) -> list[URLPattern]:
    """Return the addresses with their views made so."""
    return [
        URLPattern(each.pattern, content_free(each.callback), each.default_args, each.name)
        for each in patterns
    ]


def _told(error: Exception) -> Exception:
    if not isinstance(error, ANSWERED):
        return Unexpected(places(error))
    error.args = ()
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
