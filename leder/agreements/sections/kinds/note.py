"""A note, and nothing at all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leder.agreements.sections.kinds.base import Kind
from leder.pages import answer_kinds


class Note(Kind):
    """A note (notat); guiding questions are there to think of."""

    key = answer_kinds.NOTE
    label = _("A note")


class Nothing(Kind):
    """Text to read. It may have goals still."""

    key = answer_kinds.NONE
    label = _("Nothing: the section is text to read")
    has_note = False
