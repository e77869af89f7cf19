"""Those who leave: the agreement of a leader who no longer has its position is ended.

One who is away while somebody else is acting has the position still, and the agreement stands. What was signed stays
to be read as before; nothing more is written, called or shared.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from leder.agreements import actions as agreeing
from leder.agreements import rules
from leder.agreements.actions.base import lock
from leder.agreements.models import Agreement, Round
from leder.agreements.models.acts import one_act
from leder.agreements.states import ACTIVE, BEFORE_SIGNED, State
from leder.conversations import actions as conversing
from leder.mail.notices import tell
from leder.organisation.models import Appointment
from leder.sharing import actions as sharing
from leder.year import notices

# Of the year before only what is not finished: what is followed up stands there to be read, and asks nothing.
UNFINISHED = (*BEFORE_SIGNED, State.SIGNED)
# When more than this share of the agreements would end, and more than so many, the organisation may be wrong.
MANY = 10
MANY_OF = 10


def leavers(newest: Round | None, today: dt.date) -> QuerySet[Agreement]:
    """Return the agreements of the newest round, and unfinished ones of the year before, whose leader has left.

    `newest` is None in a year that is not opened yet: then it is those of the year before alone.
    """
    holding = Appointment.objects.on(today).filter(
        person_id=OuterRef("leader_id"), position_id=OuterRef("position_id")
    )
    unfinished = _unfinished_of((newest.year if newest else today.year) - 1)
    found = Agreement.objects.filter(unfinished | _of(newest) if newest else unfinished).filter(
        ~Exists(holding)
    )
    return found.select_related("leader", "position__unit", "round").order_by("pk")


def are_many(count: int, newest: Round | None, today: dt.date) -> bool:
    """Whether so many would end that a person should say yes first: an import that went wrong looks like this."""
    looked_at = _unfinished_of(today.year - 1) if newest is None else _of(newest)
    return count > MANY and count * MANY_OF > Agreement.objects.filter(looked_at).count()


def _of(newest: Round) -> Q:
    return Q(round=newest, state__in=ACTIVE)


def _unfinished_of(year: int) -> Q:
    return Q(round__year=year, state__in=UNFINISHED)


@one_act()
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
    tell(notices.ENDED, locked)
    return True
