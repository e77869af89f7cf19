"""Who acts in this request, so that what people change of their own accounts is told from what others change."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from wagtail.admin.views.account import AccountView

from leder.agreements.views.guard.recent import is_recent

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Pages, and what is built on them, that set a password for nobody but the one who is there and knows the old one.
ASK_FOR_THE_OLD_PASSWORD = (PasswordChangeView, AccountView)


@dataclass(frozen=True)
class Actor:
    """One who was signed in when a request came, whether that sign-in was recent then, and what they have come to.

    `own_password` says that it is a page where a password is changed by one who knows the old one.
    """

    pk: Any
    recent: bool
    own_password: bool = False


_acting: ContextVar[Actor | None] = ContextVar("leder_acting", default=None)


def actor() -> Actor | None:
    """Return who acts in this request; None where nobody was signed in when it came, or nothing knows."""
    return _acting.get()


def changes_own_password(pk: Any) -> bool:
    """Whether the person with this key acts, in a recently confirmed session, where the old password is asked for.

    Nowhere else is a change their own: who keeps the users needs no password of anybody's, nor does one who finds such
    a session open.
    """
    acting = actor()
    return acting is not None and acting.recent and acting.own_password and acting.pk == pk


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
        came = Actor(user.pk, is_recent(request), _asks_for_the_old_password(request)) if signed_in else None
        token = _acting.set(came)
        try:
            return get_response(request)
        finally:
            _acting.reset(token)

    return middleware


def _asks_for_the_old_password(request: HttpRequest) -> bool:
    try:
        found = resolve(request.path_info, getattr(request, "urlconf", None))
    except Resolver404:
        return False
    view = getattr(found.func, "view_class", None)
    return isinstance(view, type) and issubclass(view, ASK_FOR_THE_OLD_PASSWORD)
