"""Who holds which position on a day, and who is whose superior (overordnet leder). Reads only.

Four decisions hold everywhere in this module:

- An *acting* appointment (konstituert) takes precedence: the permanent holder is not the leader on those
  days. Among several acting ones the latest start counts.
- A superior's position that is vacant, or no longer in use, is passed over: the next one up is the superior.
- Nobody is their own superior: a position above that the same person holds is passed over too.
- An appointment that the plugin has not written as it stands (`signed`) is none, and such a position answers to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet

from .models import Appointment, Position


@dataclass(frozen=True, slots=True)
class Report:
    """A position below someone, and who holds it; `person` is None when it is vacant."""

    position: Position
    person: AbstractUser | None
    acting: bool


@dataclass(frozen=True, slots=True)
class Leader:
    """A held position and whom its holder answers to; the superior is None at the top of the organisation."""

    position: Position
    person: AbstractUser
    acting: bool
    superior_position: Position | None
    superior: AbstractUser | None
    superior_acting: bool = False


def holder(position: Position, on: date) -> AbstractUser | None:
    """The person who leads from this position on that day, or None when it is vacant. One query."""
    appointment = _holding([position.pk], on).get(position.pk)
    return appointment.person if appointment else None


def superior_of(position: Position, on: date) -> tuple[Position, AbstractUser] | None:
    """The position and person this position answers to on that day, or None at the top.

    Vacant positions, positions out of use and positions held by the same person are passed over (module
    docstring). Two queries a level walked, and the walk stops at the first superior found.
    """
    person = holder(position, on)
    seen = {position.pk}
    above_id = position.answers_to_id
    while above_id is not None and above_id not in seen:
        seen.add(above_id)
        above = Position.objects.select_related("unit").get(pk=above_id)
        superior = holder(above, on) if above.active else None
        if superior is not None and superior != person:
            return above, superior
        above_id = above.answers_to_id
    return None


def positions_of(user: Any, on: date) -> list[Position]:
    """The positions in use this person leads from on that day; usually one or none. One query.

    A position someone else is acting in is not among them.
    """
    theirs = Appointment.objects.on(on).filter(person=user, position__active=True)
    held = _holding(theirs.values("position_id"), on, with_position=True)
    positions = [a.position for a in held.values() if a.person_id == user.pk]
    return sorted(positions, key=lambda position: (position.group, position.title, position.code))


def reports_of(user: Any, on: date) -> list[Report]:
    """Positions whose superior is this person on that day, vacant ones included, by unit and title.

    Below a vacant report stand, in turn, those who would have answered to it: they are this person's too, as
    `superior_of` says. Queries: one for the person's own positions, then two a level with vacancies, at any
    number of reports.
    """
    own = positions_of(user, on)
    found: dict[int, Report] = {}
    seen = {position.pk for position in own}
    frontier = list(seen)
    while frontier:
        below = Position.objects.filter(reports_to__in=frontier).exclude(pk__in=seen).select_related("unit")
        positions = below.genuine()
        held = _holding([position.pk for position in positions if position.active], on)
        frontier = []
        for position in positions:
            seen.add(position.pk)
            appointment = held.get(position.pk)
            if position.active and (appointment is None or appointment.person_id != user.pk):
                found[position.pk] = Report(
                    position,
                    appointment.person if appointment else None,
                    appointment.acting if appointment else False,
                )
            if appointment is None or appointment.person_id == user.pk:
                frontier.append(position.pk)
    return sorted(
        found.values(),
        key=lambda report: (report.position.unit.name, report.position.title, report.position.code),
    )


def leaders(on: date, positions: dict[int, Position] | None = None) -> list[Leader]:
    """Every held position in use on that day with its holder and superior, by position; for opening a round.

    Two queries at any size: the organisation is read once and walked in memory. Vacant ones are left out. One who
    has read all positions with their units already hands them over.
    """
    if positions is None:
        positions = Position.objects.select_related("unit").in_bulk()
    held = _holding([pk for pk, position in positions.items() if position.active], on, every=True)
    rows = []
    for pk, appointment in held.items():
        position = positions[pk]
        above = _superior_in(positions, held, position, appointment.person_id)
        over = held[above.pk] if above else None
        rows.append(
            Leader(
                position,
                appointment.person,
                appointment.acting,
                above,
                over.person if over else None,
                superior_acting=over.acting if over else False,
            )
        )
    return sorted(rows, key=lambda row: row.position.pk)


def _superior_in(
    positions: dict[int, Position], held: dict[int, Appointment], position: Position, person_id: int
) -> Position | None:
    """`superior_of`, walked in memory."""
    seen = {position.pk}
    above_id = position.answers_to_id
    while above_id is not None and above_id not in seen:
        seen.add(above_id)
        appointment = held.get(above_id)
        if appointment is not None and appointment.person_id != person_id:
            return positions[above_id]
        above_id = positions[above_id].answers_to_id
    return None


def _holding(
    position_ids: Iterable[int] | QuerySet, on: date, *, with_position: bool = False, every: bool = False
) -> dict[int, Appointment]:
    """The appointment that counts on that day, by position, where there is one. At most one query.

    `every` asks for the whole table at once and picks here, because databases limit the length of an IN list.
    """
    wanted = position_ids if isinstance(position_ids, QuerySet) else set(position_ids)
    if not isinstance(wanted, QuerySet) and not wanted:
        return {}
    appointments = Appointment.objects.on(on).select_related("person")
    if with_position:
        appointments = appointments.select_related("person", "position__unit")
    if not every:
        appointments = appointments.filter(position_id__in=wanted)
    counting: dict[int, Appointment] = {}
    # Permanent before acting, earlier before later: what comes last is what counts.
    for appointment in appointments.order_by("acting", "starts", "pk").genuine():
        if not every or appointment.position_id in wanted:
            counting[appointment.position_id] = appointment
    return counting
