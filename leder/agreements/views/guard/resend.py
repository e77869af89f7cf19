"""Nothing that was typed is lost: a page that holds it when it could not be received, to be sent again by hand.

Shown when the session has expired, when the page's protection against forged requests has (the person signed in
anew in another tab), and when the rules no longer allow the change. It looks nothing up: it shows only what was
posted, escaped, and never sends anything by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.views.csrf import csrf_failure as ordinary_csrf_failure

from leder.agreements.views.guard.access import data, never_store, wants_json
from leder.agreements.views.guard.recent import confirm_url, is_recent
from leder.errors import content_free

# Forms where people write, by name of their address.
RESENDABLE = frozenset(
    {
        "section",
        "comment",
        "review",
        "preparation_section",
        "follow_up_progress",
        "sign",
        "conversations",
        "conversation_call",
        "conversation_move",
        "sharing",
        "reopening",
    }
)
NOT_TEXT = frozenset(
    {
        "csrfmiddlewaretoken",
        "version",
        "writer",
        "content_hash",
        "chosen",
        "add",
        "back",
        "part",
        "person",
        "pair",
        "seal",
    }
)
HIDDEN_ENDINGS = ("-id", "-carried_from", "-responsible", "-status", "-stance", "-remove")


@dataclass(frozen=True)
class Reason:
    """Why what was typed was not received, and what to do."""

    heading: object
    advice: object
    status: int
    may_send: bool = True


SIGNED_OUT = Reason(
    _("You are signed out"),
    _("Sign in in a new tab, come back here and press “Save”. What you wrote is on this page."),
    401,
)
OTHER_PERSON = Reason(
    _("Someone else is signed in"),
    _("You wrote this as another person than the one who is signed in now. Sign in as yourself in a new tab, "
      "come back here and press “Save”."),
    401,
)  # fmt: skip
NEW_SESSION = Reason(
    _("The page had become too old"),
    _("It happens when you have signed in again. Look through what you wrote, and press “Save” once more."),
    403,
)
FROM_ANYWHERE = Reason(
    _("The page had become too old"),
    _("Your browser does not say where this came from, so it can't be sent from here. Copy what you wrote, open the "
      "agreement again, and put it in there."),
    403,
    may_send=False,
)  # fmt: skip
CONFIRM = Reason(
    _("Confirm that it is you"),
    _(
        "It is a while since you signed in. Confirm in a new tab that it is you, come back here and press “Save”. "
        "What you wrote is on this page."
    ),
    403,
)
SHUT = Reason(
    _("The texts are shut to your account"),
    _(
        "Your account was changed, so nothing was saved. What you wrote is on this page: keep it open, and press "
        "“Save” once your account is open again. Copy it if you have to close the page."
    ),
    403,
)
KIND_GONE = Reason(
    _("A part of the agreement can't be shown now"),
    _(
        "The server lacks what it takes to show one of the sections. Nothing was saved, and the agreement is as it was."
    ),
    503,
)
CLOSED = Reason(
    _("This can no longer be changed"),
    _("Nothing was saved. Here is what you wrote, so that you can copy it."),
    403,
    may_send=False,
)
EXCHANGED = Reason(
    _("The form was exchanged while you were writing"),
    _(
        "The agreement builds on another edition of the form now, and this section is another there. Nothing was "
        "saved. Here is what you wrote, so that you can copy it."
    ),
    403,
    may_send=False,
)


def resend(request: HttpRequest, reason: Reason) -> HttpResponse:
    """Return what was posted as a page, or a short answer for the page's own script."""
    if wants_json(request):
        if reason.status == SIGNED_OUT.status:
            return data({"signed_out": True}, reason.status)
        if reason is SHUT:
            return data({"shut": True}, reason.status)
        return data({"csrf": get_token(request)} if reason.may_send else {}, reason.status)
    posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    context = {
        "reason": reason,
        "hidden": [(name, value) for name, values in posted.items() for value in values],
        "texts": written_texts(request.POST),
        "confirm_url": confirm_url(reverse("leder:my_page")) if reason is CONFIRM else "",
        "shut_url": reverse("leder:account_shut") if reason is SHUT else "",
    }
    return render(request, "leder/agreements/resend.html", context, status=reason.status)


def written_texts(posted: QueryDict) -> list[str]:
    """Return what a person has typed, in the order of the form. Ids, versions and choices are left out."""
    return [
        value
        for name, values in posted.lists()
        for value in values
        if value.strip() and name not in NOT_TEXT and not name.endswith(HIDDEN_ENDINGS)
    ]


def shown_again(request: HttpRequest, page: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the page with what was typed, or without a recent sign-in only that: the page shows stored text too."""
    return page() if is_recent(request) else resend(request, CONFIRM)


def signed_out_or_other(request: HttpRequest) -> Reason | None:
    """Return why this post is not from the one who wrote it, or None when it is."""
    if not request.user.is_authenticated:
        return SIGNED_OUT
    writer = request.POST.get("writer")
    return OTHER_PERSON if writer and writer != str(request.user.pk) else None


@content_free
@never_store
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a post whose token is missing or old (setting CSRF_FAILURE_VIEW).

    A text form of ours gets the page that holds what was typed, with a button to send it where the browser says that
    it came from here. Everything else, and whatever comes from another site, gets Django's ordinary answer.
    """
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    if foreign or "checking failed" in reason or not is_text_form(request):
        return ordinary_csrf_failure(request, reason=reason)
    why = NEW_SESSION if request.user.is_authenticated else SIGNED_OUT
    if not (_says_where_from(request) or wants_json(request)):
        # Another site may have written it: a page of ours with a button under it would be its hand.
        why = replace(FROM_ANYWHERE, status=why.status)
    return resend(request, why)


def _says_where_from(request: HttpRequest) -> bool:
    """Whether the browser names the site that a post comes from. Django has compared an Origin with ours by now."""
    return "Sec-Fetch-Site" in request.headers or "Origin" in request.headers


def is_text_form(request: HttpRequest) -> bool:
    """Whether what is posted is one of the forms that people write in."""
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return False
    return request.method == "POST" and found.namespace == "leder" and found.url_name in RESENDABLE
