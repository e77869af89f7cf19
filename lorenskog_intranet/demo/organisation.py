"""The example organisation: planned first, as plain data and without a database, then saved in a few
statements.

One municipality has the shape of `fixtures/organisation/shape.json`, 250 positions. A larger example is
several of them, so that nobody gets hundreds of reports; a smaller one leaves out departments first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from django.contrib.auth import get_user_model

from leder.organisation.models import Appointment, HtaChapter, LeaderGroup, Position, Unit
from lorenskog_intranet.demo.people import People, Person, draw
from lorenskog_intranet.demo.shape import Slot, UnitPlan, first_of, plan_municipality, with_ancestors

BATCH = 2000
CHAPTERS = {
    LeaderGroup.ONE: HtaChapter.TOP,
    LeaderGroup.TWO: HtaChapter.SENIOR,
    LeaderGroup.THREE: HtaChapter.LOCAL,
}
# How often a department's position is vacant, held by someone acting, or has got a new leader lately.
VACANT, ACTING, CHANGED = 0.02, 0.02, 0.08


@dataclass(frozen=True)
class Term:
    """Someone in a position for some days."""

    position: str
    username: str
    starts: dt.date
    ends: dt.date | None = None
    acting: bool = False


@dataclass
class Plan:
    """The whole organisation as plain data."""

    units: list[UnitPlan] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)

    @property
    def slot_of(self) -> dict[str, Slot]:
        """The positions by their code."""
        return {slot.code: slot for slot in self.slots}


def plan_organisation(
    shape: Mapping[str, Any], names: Mapping[str, Any], *, leaders: int, seed: int, today: dt.date
) -> Plan:
    """Plan an organisation with this many positions. The same arguments give the same plan."""
    random = draw("organisation", seed)
    people = People(names, random)
    personas = people.personas()
    plan = Plan(people=list(personas.values()))
    number = 0
    while len(plan.slots) < leaders:
        number += 1
        units, slots = plan_municipality(shape, number)
        slots = first_of(slots, leaders - len(plan.slots))
        used = with_ancestors({slot.unit for slot in slots}, {unit.code: unit for unit in units})
        plan.units += [unit for unit in units if unit.code in used]
        plan.slots += slots
        for slot in slots:
            _hold(plan, slot, people, personas, random, today)
    _let_leaders_act(plan, today)
    return plan


def save_organisation(plan: Plan) -> None:
    """Save a plan in an organisation that has none of it yet."""
    user_model: Any = get_user_model()
    users = [_user(user_model, person) for person in plan.people]
    user_model.objects.bulk_create(users, batch_size=BATCH)
    user_ids = dict(user_model.objects.values_list("username", "pk"))
    unit_ids = _save_tree(
        plan.units,
        lambda unit: unit.parent,
        lambda unit, parent: Unit(code=unit.code, name=unit.name, kind=unit.kind, parent_id=parent),
    )
    position_ids = _save_tree(
        plan.slots,
        lambda slot: slot.reports_to,
        lambda slot, above: Position(
            code=slot.code,
            title=slot.title,
            unit_id=unit_ids[slot.unit],
            group=slot.group,
            hta_chapter=CHAPTERS[LeaderGroup(slot.group)],
            reports_to_id=above,
        ),
    )
    Appointment.objects.bulk_create(
        (
            Appointment(
                position_id=position_ids[term.position],
                person_id=user_ids[term.username],
                starts=term.starts,
                ends=term.ends,
                acting=term.acting,
            )
            for term in plan.terms
        ),
        batch_size=BATCH,
    )


# -- Who holds what
# -------------------------------------------------------------------------------------------


def _hold(
    plan: Plan, slot: Slot, people: People, personas: Mapping[str, Person], random: Random, today: dt.date
) -> None:
    """Appoint someone to a position, with the changes that make an example lifelike."""
    starts = dt.date(today.year - random.randint(4, 14), random.randint(1, 12), 1)
    if slot.persona:
        plan.terms.append(Term(slot.code, personas[slot.persona].username, starts))
        return
    holding = slot.holding or _chance(slot, random)
    person = people.someone(long=slot.group == LeaderGroup.THREE and random.random() < 0.05)
    plan.people.append(person)
    if holding == "vacant":
        plan.terms.append(Term(slot.code, person.username, starts, today - dt.timedelta(days=75)))
    elif holding == "acting":
        plan.terms.append(Term(slot.code, person.username, starts))
        deputy = people.someone()
        plan.people.append(deputy)
        leave = today - dt.timedelta(days=60), today + dt.timedelta(days=240)
        plan.terms.append(Term(slot.code, deputy.username, *leave, acting=True))
    elif holding == "changed":
        change = today - dt.timedelta(days=random.randint(120, 600))
        plan.terms.append(Term(slot.code, person.username, starts, change - dt.timedelta(days=1)))
        successor = people.someone()
        plan.people.append(successor)
        plan.terms.append(Term(slot.code, successor.username, change))
    else:
        plan.terms.append(Term(slot.code, person.username, starts))


def _chance(slot: Slot, random: Random) -> str:
    roll = random.random()
    if slot.scene or slot.acting_from:
        return ""
    if slot.group == LeaderGroup.THREE and roll < VACANT:
        return "vacant"
    if slot.group == LeaderGroup.THREE and roll < VACANT + ACTING:
        return "acting"
    return "changed" if slot.group != LeaderGroup.ONE and roll > 1 - CHANGED else ""


def _let_leaders_act(plan: Plan, today: dt.date) -> None:
    """Let the leader of one department act in another, where the shape says so: one person, two positions."""
    unit_names = {unit.code: unit.name for unit in plan.units}
    for slot in plan.slots:
        if not slot.acting_from:
            continue
        neighbour = next(
            (
                other.code
                for other in plan.slots
                if other.reports_to == slot.reports_to and unit_names[other.unit] == slot.acting_from
            ),
            None,
        )
        term = next((term for term in plan.terms if term.position == neighbour), None)
        if term is None:
            continue
        since = today - dt.timedelta(days=45)
        plan.terms = [
            replace(own, ends=since - dt.timedelta(days=1)) if own.position == slot.code else own
            for own in plan.terms
        ]
        plan.terms.append(Term(slot.code, term.username, since, today + dt.timedelta(days=150), acting=True))


# -- Saving
# ---------------------------------------------------------------------------------------------------


def _user(user_model: Any, person: Person) -> Any:
    user = user_model(
        username=person.username,
        first_name=person.first,
        last_name=person.last,
        email=person.email,
        is_superuser=person.superuser,
        is_staff=person.superuser,
    )
    user.set_unusable_password()
    return user


def _save_tree(plans: Iterable[Any], above_of: Any, make: Any) -> dict[str, int]:
    """Save rows level by level, those above before those below; return their ids by code."""
    ids: dict[str, int] = {}
    for level in _levels(list(plans), above_of):
        rows = [make(plan, ids.get(above_of(plan))) for plan in level]
        for row in type(rows[0]).objects.bulk_create(rows, batch_size=BATCH):
            ids[row.code] = row.pk
    return ids


def _levels(plans: list[Any], above_of: Any) -> Iterator[list[Any]]:
    placed: set[str | None] = {None}
    while plans:
        level = [plan for plan in plans if above_of(plan) in placed]
        if not level:
            raise ValueError("something stands below what is not there")
        plans = [plan for plan in plans if above_of(plan) not in placed]
        placed |= {plan.code for plan in level}
        yield level
