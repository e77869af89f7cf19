"""E-mail to the other party. Says that something happened and where to look, never what was written (R2)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement
from leder.mail.sending import tell

__all__ = ["page_of", "tell", "tell_changes_asked", "tell_signature_voided"]


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
