"""Receiving a text: the same answers, with and without script, for every form that people write in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leder.agreements.actions import RuleBroken, VersionConflict
from leder.agreements.answers import Payload
from leder.agreements.models import Entry
from leder.agreements.vault.cipher import DamagedText
from leder.agreements.views.guard.access import data, wants_json
from leder.agreements.views.guard.resend import CLOSED, resend

Save = Callable[[int, Payload], Entry]
Conflict = Callable[[int], HttpResponse]
DOES_NOT_OPEN = gettext_lazy(
    "The stored text does not open, so nothing was saved over it. Tell those who run the intranet."
)


def save_posted(
    request: HttpRequest,
    form: Any,
    *,
    save: Save,
    conflict: Conflict,
    back: str,
    voids: bool = False,
) -> HttpResponse | None:
    """Save what was posted and answer: data for the page's script, else a redirect to `back`.

    `save` takes the version the writer began from and the payload. `conflict` makes the page that shows both
    texts; it is given the version that stands now. `voids` says that the change undoes a signature. Returns None
    when the form is not valid and the caller should show it again with what was typed (status 422).
    """
    if not form.is_valid():
        return data({"errors": _errors(form)}, 422) if wants_json(request) else None
    try:
        entry = save(posted_version(request), form.payload())
    except VersionConflict as stale:
        if wants_json(request):
            return data({"version": stale.current_version, "own": stale.is_own}, 409)
        return conflict(stale.current_version)
    except RuleBroken:
        return resend(request, CLOSED)
    except DamagedText:
        form.add_error(None, DOES_NOT_OPEN)
        return data({"errors": _errors(form)}, 422) if wants_json(request) else None
    if not wants_json(request):
        return redirect(back)
    return data(
        {
            "version": entry.version,
            "saved_at": entry.updated_at.isoformat(),
            "message": _saved_words(entry, voids),
            "goals": form.goal_ids() if hasattr(form, "goal_ids") else {},
        }
    )


def posted_version(request: HttpRequest) -> int:
    """Return the version that the writer began from; 0, the version of nothing, when it is no number."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0


def _saved_words(entry: Entry, voids: bool) -> str:
    time = timezone.localtime(entry.updated_at).strftime("%H.%M")
    saved = _("Saved at %(time)s") % {"time": time}
    if voids:
        return f"{saved}. " + _("The content has changed, so the signature no longer counts.")
    return saved


def _errors(form: forms.Form) -> list[str]:
    return [
        f"{form[name].label}: {error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]
