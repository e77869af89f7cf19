"""The kinds of reminder, each with what the product says of it: the one place that lists them.

When one is due, and when its time begins, is in `due`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.conversations.models import Conversation


class Kind(models.TextChoices):
    """What a reminder is about, the most pressing first."""

    OVERDUE = "overdue", _("A deadline has passed")
    MISSING = "missing", _("Leaders without an agreement")
    UNCALLED = "uncalled", _("A conversation is not called")
    STEP = "step", _("A deadline is near")
    AUTUMN = "autumn", _("The time of follow-ups begins")
    MEETING = "meeting", _("A conversation is soon")


# What may be turned off: all that comes before a deadline.
OPTIONAL = frozenset(set(Kind) - {Kind.OVERDUE})


def choices() -> Sequence[tuple[str, str | Promise]]:
    """Value and label of each kind."""
    return Kind.choices


@dataclass(frozen=True)
class Usual:
    """The usual words of a digest that begins with a kind, with placeholders; HR may write others.

    `what` and `page` are of the example that HR sees: the line of the digest, and the page that it leads to.
    """

    subject: str | Promise
    introduction: str | Promise
    what: str | Promise
    page: str
    closing: str | Promise = _("Ask HR if something here is not right.")


USUAL: dict[str, Usual] = {
    Kind.OVERDUE: Usual(
        _("A deadline has passed for a leader agreement"),
        _("Hello {navn}. A deadline has passed, and it is your turn:"),
        _("Sign the agreement"),
        "sign",
    ),
    Kind.MISSING: Usual(
        _("Leaders who report to you have no agreement yet"),
        _("Hello {navn}. These leaders report to you and have no leader agreement for the year yet:"),
        _("Open the agreement"),
        "my_reports",
    ),
    Kind.UNCALLED: Usual(
        _("Conversations that you have not called yet"),
        _("Hello {navn}. You call the conversations. These have no time yet:"),
        _("Call the conversation"),
        "conversations",
    ),
    Kind.STEP: Usual(
        _("Your turn in a leader agreement"),
        _("Hello {navn}. A deadline is near, and it is your turn:"),
        _("Prepare"),
        "preparation",
    ),
    Kind.AUTUMN: Usual(
        _("Time for the follow-up conversations of the autumn"),
        _(
            "Hello {navn}. It is time for the follow-up. You call the conversations, at least one with each leader:"
        ),
        _("Call the follow-up"),
        "conversations",
    ),
    Kind.MEETING: Usual(
        _("A conversation on {frist}"),
        _("Hello {navn}. You have a conversation soon:"),
        Conversation.Kind.FIRST.label,
        "conversations",
    ),
}
