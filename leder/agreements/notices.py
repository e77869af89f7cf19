"""E-mail to the parties, a table. Says that something happened and where to look, never what was written (R2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Proposal, Reopening, SectionReview, Signature, TextDecision
from leder.mail.notices import Notice


def page_of(agreement: Agreement) -> str:
    """Return the path of the agreement's page."""
    return reverse("leder:agreement", args=[agreement.uuid])


def on_page(name: str) -> Callable[[Any], str]:
    """What leads to a page of the agreement that a row is of."""
    return lambda row: reverse(f"leder:{name}", args=[row.agreement.uuid])


def proposer(row: Proposal) -> list[Any]:
    """The one who proposed."""
    return [row.proposed_by]


def asked(row: Proposal) -> list[Any]:
    """The one who is asked to agree."""
    return [row.agreement.other_than(row.proposed_by)]


def left(row: Proposal) -> list[Any]:
    """The other than the one who withdrew."""
    return [row.agreement.other_than(row.ended_by)]


SIGNATURE_VOIDED: Notice[Signature] = Notice(
    lambda signature: [signature.signer],
    _("The agreement was changed after you signed"),
    _("The content was changed, so your signature no longer counts. Read the change and sign again here:"),
    lambda signature: page_of(signature.seal.agreement),
)
SIGNATURE_WITHDRAWN: Notice[Signature] = Notice(
    lambda signature: [signature.seal.agreement.other_than(signature.signer)],
    _("A signature on the agreement is withdrawn"),
    _(
        "The other party has signed, and has withdrawn the signature. Talk together, and sign here when you agree:"
    ),
    lambda signature: page_of(signature.seal.agreement),
)
CONFIRMATION_WITHDRAWN: Notice[Signature] = Notice(
    SIGNATURE_WITHDRAWN.to,
    _("A confirmation of the follow-up is taken back"),
    _(
        "The other party had confirmed the follow-up, and has taken that back. Talk together, and confirm here when "
        "you agree:"
    ),
    lambda signature: reverse("leder:follow_up", args=[signature.seal.agreement.uuid]),
)
CHANGES_ASKED: Notice[SectionReview] = Notice(
    lambda review: [review.agreement.leader],
    _("Your superior asks for a change in the agreement"),
    _("Read the comment and change the section here:"),
    on_page("agreement"),
)
REOPENING_PROPOSED: Notice[Reopening] = Notice(
    asked,
    _("A proposal to reopen the agreement waits for your answer"),
    _("What you both signed stands, unless you agree. Read why it is proposed, and answer, here:"),
    on_page("reopening"),
)
REOPENED: Notice[Reopening] = Notice(
    proposer,
    _("The agreement is reopened"),
    _("The other has agreed. Both of you can change it now, and you sign it anew here:"),
    on_page("agreement"),
)
REOPENING_DECLINED: Notice[Reopening] = Notice(
    proposer,
    _("The agreement is not reopened"),
    _("The other has said no. What you both signed stands. Read more here:"),
    on_page("reopening"),
)
REOPENING_WITHDRAWN: Notice[Reopening] = Notice(
    left,
    _("The proposal to reopen the agreement is taken back"),
    _("What you both signed stands, and you need not answer. Read more here:"),
    on_page("reopening"),
)
TEXT_ADOPTED: Notice[TextDecision] = Notice(
    lambda decision: [decision.agreement.other_than(decision.by)],
    _("The agreement builds on another edition of a text"),
    _(
        "The other party has taken another edition into use for both of you. See what differs, and decide "
        "anew if you think otherwise:"
    ),
    on_page("newer_text"),
)
TEXT_RETAINED: Notice[TextDecision] = Notice(
    TEXT_ADOPTED.to,
    _("The agreement keeps the edition of a text that you had"),
    _(
        "A text that the agreement builds on was published anew. The other party has chosen to keep the "
        "edition you had. See what differs, and decide anew if you think otherwise:"
    ),
    on_page("newer_text"),
)
