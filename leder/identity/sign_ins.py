"""A person's own sign-ins are noted, and told to them at the next one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from leder import conf
from leder.agreements.models import KnownAccount
from leder.agreements.views.guard import device
from leder.identity import devices
from leder.identity.kinds import kind_of
from leder.identity.models import SignIn
from leder.words import date_words

OF_A_SIGN_IN = ("at", "browser", "system", "is_new_device")


def with_last(accounts: QuerySet[Any]) -> QuerySet[Any]:
    """Join to what is known of accounts each one's last sign-in, for `note`."""
    last = SignIn.objects.filter(user=OuterRef("pk")).order_by("-at", "-pk")
    return accounts.annotate(**{f"last_{name}": Subquery(last.values(name)[:1]) for name in OF_A_SIGN_IN})


def note(*, user: Any, request: HttpRequest, known: Any) -> None:
    """Note that a person has signed in, and tell them of the last time. One query, none where nothing is noted.

    `known` is their account, from `with_last`; None for one that opens no text, of whom nothing is noted. A session
    that was confirmed anew is no new sign-in, and stays of a new device if it was.
    """
    setattr(request, devices.SIGNED_IN, user.get_username())
    found = devices.known_device(request, user.get_username())
    if not device.begin(request, None if found is None else found.since) or known is None:
        return
    browser, system = kind_of(request.META.get("HTTP_USER_AGENT", ""))
    SignIn.objects.create(
        user=user, browser=browser, system=system, is_new_device=device.is_new_device(request)
    )
    if known.last_at is not None:
        _tell(request, SignIn(user=user, **{name: getattr(known, f"last_{name}") for name in OF_A_SIGN_IN}))


def _tell(request: HttpRequest, last: SignIn) -> None:
    """Let the next page say when one last signed in, and by what."""
    said = _("Last sign-in: %(when)s, %(device)s.") % {
        "when": date_words(last.at, "time"),
        "device": last.device,
    }
    if last.is_new_device:
        said = f"{said} " + _("The device was new.")
    link = format_html('<a href="{}">{}</a>', reverse("leder:sign_ins"), _("See your sign-ins"))
    # A host without messages shows the page of sign-ins alone.
    messages.info(request, format_html("{} {}", said, link), fail_silently=True)


def delete_old() -> int:
    """Delete sign-ins that are older than LEDER_SIGN_IN_DAYS, and those of accounts that open no text any more."""
    before = timezone.now() - dt.timedelta(days=conf.sign_in_days())
    old, _by_model = SignIn.objects.filter(at__lt=before).delete()
    gone, _by_model = SignIn.objects.exclude(user__in=KnownAccount.objects.values("pk")).delete()
    return int(old + gone)
