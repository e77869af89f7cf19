"""The words around a digest's lines: HR's own where they have written some, else the product's."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leder.reminders.models import Kind, ReminderText


@dataclass(frozen=True)
class Words:
    """Subject, introduction and closing, with placeholders."""

    subject: str | Promise
    introduction: str | Promise
    closing: str | Promise


CLOSING = _("Ask HR if something here is not right.")
DEFAULTS: dict[str, Words] = {
    Kind.OVERDUE: Words(
        _("A deadline has passed for a leader agreement"),
        _("Hello {navn}. A deadline has passed, and it is your turn:"),
        CLOSING,
    ),
    Kind.MISSING: Words(
        _("Leaders who report to you have no agreement yet"),
        _("Hello {navn}. These leaders report to you and have no leader agreement for the year yet:"),
        CLOSING,
    ),
    Kind.UNCALLED: Words(
        _("Conversations that you have not called yet"),
        _("Hello {navn}. You call the conversations. These have no time yet:"),
        CLOSING,
    ),
    Kind.STEP: Words(
        _("Your turn in a leader agreement"),
        _("Hello {navn}. A deadline is near, and it is your turn:"),
        CLOSING,
    ),
    Kind.AUTUMN: Words(
        _("Time for the follow-up conversations of the autumn"),
        _(
            "Hello {navn}. It is time for the follow-up. You call the conversations, at least one with each leader:"
        ),
        CLOSING,
    ),
    Kind.MEETING: Words(
        _("A conversation on {frist}"),
        _("Hello {navn}. You have a conversation soon:"),
        CLOSING,
    ),
}


class Texts:
    """All texts that HR has written, read once for many mails. One query."""

    def __init__(self) -> None:
        self._written = {(text.kind, text.language): text for text in ReminderText.objects.all()}

    def words(self, kind: str, language: str) -> Words:
        """Return the words for a kind, in a language; each part that HR has left empty as the product says it."""
        written, usual = self._written.get((kind, language)), DEFAULTS[kind]
        with translation.override(language):
            return Words(
                *(
                    (getattr(written, part) if written else "") or str(getattr(usual, part))
                    for part in ("subject", "introduction", "closing")
                )
            )
