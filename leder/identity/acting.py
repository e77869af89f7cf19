"""Who acts in this request, so that what people change of their own accounts is told from what others change."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from leder.agreements.views.guard.recent import is_recent

GetResponse = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Actor:
    """One who was signed in when a request came, and whether that sign-in was recent then."""

    pk: Any
    recent: bool


_acting: ContextVar[Actor | None] = ContextVar("leder_acting", default=None)


def actor() -> Actor | None:
    """Return who acts in this request; None where nobody was signed in when it came, or nothing knows."""
    return _acting.get()


def made_by_themself(pk: Any) -> bool:
    """Whether the person with this key acts, in a recently confirmed session."""
    acting = actor()
    return acting is not None and acting.recent and acting.pk == pk


def who_acts(get_response: GetResponse) -> GetResponse:
    """Middleware: know who acts. List it in MIDDLEWARE after AuthenticationMiddleware (leder.W005).

    As it stood when the request came: one who signs in by it has changed nothing before. What only reads changes
    nothing, and is not asked.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return get_response(request)
        user: Any = getattr(request, "user", None)
        signed_in = user is not None and user.is_authenticated
        token = _acting.set(Actor(user.pk, is_recent(request)) if signed_in else None)
        try:
            return get_response(request)
        finally:
            _acting.reset(token)

    return middleware
