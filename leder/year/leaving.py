"""Those who leave: the agreement of a leader who no longer has its position is ended.

One who is away while somebody else is acting has the position still, and the agreement stands. What was signed stays
to be read as before; nothing more is written, called or shared.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from leder.agreements import actions as agreeing
from leder.agreements import rules
from leder.agreements.actions.base import lock
from leder.agreements.models import Agreement, Round
from leder.agreements.states import ACTIVE, BEFORE_SIGNED, State
from leder.conversations import actions as conversing
from leder.organisation.models import Appointment
from leder.sharing import actions as sharing
from leder.year import notices

# Of the year before only what is not finished: what is followed up stands there to be read, and asks nothing.
UNFINISHED = (*BEFORE_SIGNED, State.SIGNED)
# When more than this share of the agreements would end, and more than so many, the organisation may be wrong.
MANY = 10
MANY_OF = 10


def leavers(newest: Round, today: dt.date) -> QuerySet[Agreement]:
    """Return the agreements of the newest round, and unfinished ones of the year before, whose leader has left."""
    holding = Appointment.objects.on(today).filter(
        person_id=OuterRef("leader_id"), position_id=OuterRef("position_id")
    )
    of_now = Q(round=newest, state__in=ACTIVE)
    of_last_year = Q(round__year=newest.year - 1, state__in=UNFINISHED)
    found = Agreement.objects.filter(of_now | of_last_year).filter(~Exists(holding))
    return found.select_related("leader", "position__unit", "round").order_by("pk")


def are_many(count: int, newest: Round) -> bool:
    """Whether so many would end that a person should say yes first: an import that went wrong looks like this."""
    standing = Agreement.objects.filter(round=newest, state__in=ACTIVE).count()
    return count > MANY and count * MANY_OF > standing


@transaction.atomic
def end_for_leaver(*, agreement: Agreement, today: dt.date) -> bool:
    """End the agreement of a leader who has left, with what was called and shared, and tell both.

    Returns False, and changes nothing, when the leader has the position after all or it has ended already.
    """
    locked = lock(agreement)
    held = Appointment.objects.on(today).filter(person_id=locked.leader_id, position_id=locked.position_id)
    if not rules.may_end(locked) or held.exists():
        return False
    conversing.call_off(agreement=locked)
    sharing.withdraw_all(agreement=locked)
    agreeing.end_agreement(agreement=locked)
    notices.tell_ended(locked)
    return True
