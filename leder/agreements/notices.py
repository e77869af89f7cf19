"""E-mail to the other party. Says that something happened and where to look, never what was written (R2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement


def tell_signature_voided(*, recipient: Any, agreement: Agreement) -> None:
    """Tell a party that the content was changed after they signed, once the change is committed."""
    tell(
        recipient,
        _("The agreement was changed after you signed"),
        _(
            "The content was changed, so your signature no longer counts. Read the change and sign again here:"
        ),
        page_of(agreement),
    )


def tell_changes_asked(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the leader that the superior asks for changes, once that is committed."""
    tell(
        recipient,
        _("Your superior asks for a change in the agreement"),
        _("Read the comment and change the section here:"),
        page_of(agreement),
    )


def page_of(agreement: Agreement) -> str:
    """Return the path of the agreement's page."""
    return reverse("leder:agreement", args=[agreement.uuid])


def tell(recipient: Any, subject: Promise, message: Promise, path: str) -> None:
    """Send an e-mail with a message and the address to look at, once what happened is committed."""
    if not recipient.email:
        return
    address = settings.WAGTAILADMIN_BASE_URL + path
    # The one who acts may read the site in another language than the one who is told.
    with translation.override(settings.LANGUAGE_CODE):
        told, body = str(subject), f"{message}\n\n{address}\n"
    transaction.on_commit(
        lambda: send_mail(told, body, settings.DEFAULT_FROM_EMAIL, [recipient.email]), robust=True
    )
