"""The agenda of a conversation: what the year's form asks (its headings and guiding questions)."""

from __future__ import annotations

import datetime as dt

from leder.agreements.models import Agreement
from leder.conversations.models import Conversation
from leder.pages.editions import Section


def agenda(agreement: Agreement, kind: str) -> list[Section]:
    """Return the sections the two talk through: those of the agreement, or those of the follow-up."""
    follow_up = kind == Conversation.Kind.FOLLOW_UP
    return [
        section
        for section in agreement.form_edition.sections
        if section.takes_answers and section.is_follow_up == follow_up
    ]


def deadline(agreement: Agreement, kind: str) -> dt.date:
    """Return the last day of the round for a conversation of this kind (R4)."""
    year_round = agreement.round
    return year_round.follow_up_due if kind == Conversation.Kind.FOLLOW_UP else year_round.conversation_due
