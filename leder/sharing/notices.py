"""E-mail about sharing: that something happened and where to look, never what it is about (R2)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Share
from leder.mail.sending import tell


def tell_proposed(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the other party that a proposal waits for an answer."""
    tell(
        recipient,
        _("A proposal to share something from the agreement waits for your answer"),
        _("Nothing is shared unless you agree. Read the proposal and answer here:"),
        _sharing(agreement),
    )


def tell_agreed(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the one who proposed that the other agrees."""
    tell(
        recipient,
        _("What you proposed to share is shared now"),
        _("The other has agreed. Here you see what is shared, and can withdraw it at any time:"),
        _sharing(agreement),
    )


def tell_reader(*, share: Share) -> None:
    """Tell the reader that something is shared with them."""
    tell(
        share.reader,
        _("Something from a leader agreement is shared with you"),
        _(
            "A leader and the superior have agreed that you can read something they have written. Read it here:"
        ),
        reverse("leder:shared", args=[share.uuid]),
    )


def tell_withdrawn(*, recipient: Any, agreement: Agreement) -> None:
    """Tell the other party that something is no longer shared, or no longer proposed to be."""
    tell(
        recipient,
        _("Something is no longer shared from the agreement"),
        _("The other has withdrawn a sharing, or a proposal to share. Here you see what is shared now:"),
        _sharing(agreement),
    )


def tell_reader_withdrawn(*, recipient: Any) -> None:
    """Tell the reader that something is no longer shared with them."""
    tell(
        recipient,
        _("Something is no longer shared with you"),
        _("It is withdrawn. Here you see what is shared with you now:"),
        reverse("leder:shared_with_me"),
    )


def _sharing(agreement: Agreement) -> str:
    return reverse("leder:sharing", args=[agreement.uuid])
