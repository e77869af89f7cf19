"""E-mail to the other party. Says that something happened and where to look, never what was written (R2)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement
from leder.mail.sending import tell

__all__ = [
    "page_of",
    "tell",
    "tell_changes_asked",
    "tell_reopened",
    "tell_reopening_declined",
    "tell_reopening_proposed",
    "tell_reopening_withdrawn",
    "tell_signature_voided",
    "tell_text_decided",
]


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


def tell_reopening_proposed(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the other party that one wants to open the signed agreement again."""
    tell(
        recipient,
        _("A proposal to reopen the agreement waits for your answer"),
        _("What you both signed stands, unless you agree. Read why it is proposed, and answer, here:"),
        _reopening(agreement),
    )


def tell_reopened(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the one who proposed that the other agrees."""
    tell(
        recipient,
        _("The agreement is reopened"),
        _("The other has agreed. Both of you can change it now, and you sign it anew here:"),
        page_of(agreement),
    )


def tell_reopening_declined(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the one who proposed that the other says no."""
    tell(
        recipient,
        _("The agreement is not reopened"),
        _("The other has said no. What you both signed stands. Read more here:"),
        _reopening(agreement),
    )


def tell_reopening_withdrawn(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the other party that there is nothing to answer any more."""
    tell(
        recipient,
        _("The proposal to reopen the agreement is taken back"),
        _("What you both signed stands, and you need not answer. Read more here:"),
        _reopening(agreement),
    )


def tell_text_decided(*, recipient: Any, agreement: Agreement, is_adopted: bool) -> None:
    """Tell a party that the other has decided on a text that was published anew, once that is committed."""
    where = reverse("leder:newer_text", args=[agreement.uuid])
    if is_adopted:
        tell(
            recipient,
            _("The agreement builds on another edition of a text"),
            _(
                "The other party has taken another edition into use for both of you. See what differs, and decide "
                "anew if you think otherwise:"
            ),
            where,
        )
    else:
        tell(
            recipient,
            _("The agreement keeps the edition of a text that you had"),
            _(
                "A text that the agreement builds on was published anew. The other party has chosen to keep the "
                "edition you had. See what differs, and decide anew if you think otherwise:"
            ),
            where,
        )


def page_of(agreement: Agreement) -> str:
    """Return the path of the agreement's page."""
    return reverse("leder:agreement", args=[agreement.uuid])


def _reopening(agreement: Agreement) -> str:
    return reverse("leder:reopening", args=[agreement.uuid])
