"""The words around a digest's lines: HR's own where they have written some, else the product's."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation

from leder.reminders.kinds import USUAL
from leder.reminders.models import ReminderText


@dataclass(frozen=True)
class Words:
    """Subject, introduction and closing, with placeholders."""

    subject: str
    introduction: str
    closing: str


class Texts:
    """All texts that HR has written, read once for many mails. One query."""

    def __init__(self) -> None:
        self._written = {(text.kind, text.language): text for text in ReminderText.objects.all()}

    def words(self, kind: str, language: str) -> Words:
        """Return the words for a kind, in a language; each part that HR has left empty as the product says it."""
        written, usual = self._written.get((kind, language)), USUAL[kind]
        with translation.override(language):
            return Words(
                *(
                    (getattr(written, part) if written else "") or str(getattr(usual, part))
                    for part in ("subject", "introduction", "closing")
                )
            )
