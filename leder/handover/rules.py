"""What may be done about a handover, and by whom: pure predicates, as in `agreements.rules`."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from leder.agreements.access.handovers import HandedOver
from leder.agreements.access.pairs import is_private
from leder.agreements.models import Access, Role
from leder.agreements.states import ACTIVE
from leder.handover.changes import Change
from leder.people import Person

PERMISSION = "leder.hand_over"


def may_hand_over(user: Person) -> bool:
    """HR plans and cancels handovers. It opens no agreement for them."""
    return bool(user.is_active and user.has_perm(PERMISSION))


def may_plan(user: Person, change: Change | None, on: dt.date) -> bool:
    """HR plans what the organisation says, for today or later, and never to themself."""
    return (
        may_hand_over(user)
        and change is not None
        and change.successor.person.pk != user.pk
        and on >= timezone.localdate()
    )


def may_consent(access: Access, section_id: str, handed: HandedOver | None) -> bool:
    """The leader lets the superior of today, if not acting, have a private section from before (R2)."""
    agreement = access.agreement
    section = agreement.form_edition.section(section_id)
    return (
        access.role == Role.LEADER
        and agreement.state in ACTIVE
        and agreement.text_deleted_at is None
        and handed is not None
        and not handed.is_acting
        and section is not None
        and section.takes_answers
        and is_private(agreement, section_id)
    )
