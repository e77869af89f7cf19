"""What changes hands on a day: where the organisation names another superior than the agreement does. Reads only.

Nobody chooses a superior here. Who is it on a day is `organisation.selectors`; what is planned before that day counts
as done, so that an acting period is planned with both its ends. Where something is stopped, nothing else is planned
until a second person has decided: else one in HR would plan past the stop.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Handover
from leder.agreements.states import ACTIVE
from leder.organisation import selectors
from leder.organisation.models import Appointment, Position

STOPPED = Handover.Status.STOPPED


class Reason(models.TextChoices):
    """Why another is the superior."""

    APPOINTED = "appointed", _("New holder of the superior's position")
    ACTING = "acting", _("Acting in the superior's position")
    RETURNED = "returned", _("Back after an acting period")
    LINE = "line", _("The position reports to another")


@dataclass(frozen=True)
class Side:
    """A superior: the person, the position they are it from, and whether they are acting."""

    person: Any
    position: Position
    acting: bool

    @property
    def key(self) -> tuple[int, int, bool]:
        """What tells one from another."""
        return (self.person.pk, self.position.pk, self.acting)


@dataclass(frozen=True)
class Change:
    """An agreement that changes hands on a day."""

    agreement: Agreement
    former: Side
    successor: Side

    @property
    def reason(self) -> Reason:
        """Why, in a word for HR."""
        if self.successor.acting:
            return Reason.ACTING
        if self.successor.position.pk != self.former.position.pk:
            return Reason.LINE
        return Reason.RETURNED if self.former.acting else Reason.APPOINTED


def changes_on(day: dt.date) -> list[Change]:
    """Return the agreements that change hands on a day, by superior, unit and leader. Six queries at any size."""
    leaders = {each.position.pk: each for each in selectors.leaders(day)}
    agreements = list(
        Agreement.objects.filter(state__in=ACTIVE, text_deleted_at=None)
        .with_status()
        .select_related("superior_position__unit")
        .order_by("-round__year", "pk")
    )
    standing = _standing(agreements, day)
    changes = []
    for agreement in agreements:
        leader = leaders.get(agreement.position_id)
        if leader is None or leader.person.pk != agreement.leader_id:
            # Another holds the position now: that ends the agreement, or gives it a pause.
            continue
        if leader.superior is None or leader.superior_position is None or not leader.superior.is_active:
            continue
        if agreement.pk not in standing:
            continue
        successor = Side(leader.superior, leader.superior_position, leader.superior_acting)
        if change := _change(agreement, standing[agreement.pk], successor):
            changes.append(change)
    return sorted(
        changes,
        key=lambda change: (
            change.former.person.get_full_name(),
            change.former.key,
            change.successor.key,
            change.agreement.unit_name,
            change.agreement.leader.get_full_name(),
            -change.agreement.year,
        ),
    )


def change_of(agreement: Agreement, day: dt.date, *, after_plans: bool = True) -> Change | None:
    """Return the change of one agreement on a day, None when the organisation names no other superior.

    Without `after_plans` it is the agreement as it stands that is compared, whatever is planned or stopped.
    """
    if agreement.state not in ACTIVE or agreement.text_deleted_at is not None:
        return None
    if selectors.holder(agreement.position, day) != agreement.leader:
        return None
    found = selectors.superior_of(agreement.position, day)
    if found is None or not found[1].is_active:
        return None
    position, person = found
    acting = (
        Appointment.objects.on(day)
        .filter(position=position, person_id=person.pk)
        .order_by("acting", "starts", "pk")
    ).genuine()
    former = _standing([agreement], day if after_plans else None).get(agreement.pk)
    if former is None:
        return None
    return _change(agreement, former, Side(person, position, bool(acting) and acting[-1].acting))


def _change(agreement: Agreement, former: Side, successor: Side) -> Change | None:
    if successor.key == former.key or successor.person.pk == agreement.leader_id:
        return None
    if successor.key[:2] == former.key[:2] and not former.acting:
        # The same person in the same position, who is called acting now: nothing to hand over.
        return None
    return Change(agreement, former, successor)


def _standing(agreements: Iterable[Agreement], day: dt.date | None) -> dict[int, Side]:
    """Who is superior of each agreement just before a day, as far as is planned; today without one. Two queries.

    With a day, one that waits for a decision on what was stopped is left out.
    """
    by_id = {agreement.pk: agreement for agreement in agreements}
    rows = Handover.objects.filter(agreement__state__in=ACTIVE)
    if len(by_id) == 1:
        rows = rows.filter(agreement__in=by_id)
    acting = set(
        rows.filter(
            status=Handover.Status.CARRIED_OUT, acting=True, carried_out_at=F("agreement__handed_over_at")
        ).values_list("agreement_id", flat=True)
    )
    standing = {
        pk: Side(agreement.superior, agreement.superior_position, pk in acting)
        for pk, agreement in by_id.items()
    }
    if day is not None:
        planned = rows.filter(Q(status=Handover.Status.PLANNED, on__lte=day) | Q(status=STOPPED))
        for row in planned.select_related("agreement", "successor", "successor_position").order_by(
            "on", "pk"
        ):
            if row.agreement_id not in standing or not row.is_genuine:
                continue
            if row.status == STOPPED:
                del standing[row.agreement_id]
            else:
                standing[row.agreement_id] = Side(row.successor, row.successor_position, row.acting)
    return standing
