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

from leder.demo.people import People, Person, draw
from leder.organisation.models import Appointment, HtaChapter, LeaderGroup, Position, Unit, UnitKind

BATCH = 2000
CHAPTERS = {
    LeaderGroup.ONE: HtaChapter.TOP,
    LeaderGroup.TWO: HtaChapter.SENIOR,
    LeaderGroup.THREE: HtaChapter.LOCAL,
}
# How often a department's position is vacant, held by someone acting, or has got a new leader lately.
VACANT, ACTING, CHANGED = 0.02, 0.02, 0.08


@dataclass(frozen=True)
class UnitPlan:
    """A unit to be."""

    code: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class Slot:
    """A position to be, and how it is held. `bank` says which sentences fit, `scene` what the example
    shows.
    """

    code: str
    title: str
    unit: str
    group: int
    reports_to: str | None
    bank: str
    area: str = ""
    persona: str = ""
    scene: str = ""
    holding: str = ""
    acting_from: str = ""


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
        units, slots = _municipality(shape, number)
        slots = _first(slots, leaders - len(plan.slots))
        used = _with_ancestors({slot.unit for slot in slots}, {unit.code: unit for unit in units})
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


# -- The shape
# ------------------------------------------------------------------------------------------------


def _municipality(shape: Mapping[str, Any], number: int) -> tuple[list[UnitPlan], list[Slot]]:
    """The units and positions of one municipality, superiors before those who report to them."""
    first = number == 1
    top = shape["municipality"]
    name = top["name"] if first else top["another"].format(number=number)
    units = [UnitPlan(f"{number}-0", name, UnitKind.MUNICIPALITY, None)]
    head = Slot(f"{number}-L0", top["title"], units[0].code, 1, None, "top", persona=top["persona"])
    slots = [head]
    chiefs: dict[str, str] = {}
    for area_number, area in enumerate(shape["areas"], start=1):
        area_unit = UnitPlan(f"{number}-{area_number}", area["name"], area["kind"], units[0].code)
        director = Slot(
            f"{number}-L{area_number}",
            area["title"],
            area_unit.code,
            1,
            head.code,
            "top",
            area=area["name"],
            persona=area.get("persona", ""),
            scene=area.get("scene", ""),
        )
        units.append(area_unit)
        slots.append(director)
        for service_number, service in enumerate(area["services"], start=1):
            new_units, new_slots = _service(
                shape,
                area,
                service,
                f"{number}-{area_number}{service_number:02d}",
                area_unit,
                director,
                chiefs,
            )
            units += new_units
            slots += new_slots
    if not first:
        slots = [replace(slot, persona="", scene="", holding="", acting_from="") for slot in slots]
    return units, slots


def _service(
    shape: Mapping[str, Any],
    area: Mapping[str, Any],
    service: Mapping[str, Any],
    code: str,
    area_unit: UnitPlan,
    director: Slot,
    chiefs: dict[str, str],
) -> tuple[list[UnitPlan], list[Slot]]:
    kind = shape["types"].get(service.get("type"), service)
    sort = UnitKind.SERVICE if area["kind"] == UnitKind.SECTOR else UnitKind.SECTION
    unit = UnitPlan(code, service["name"], sort, area_unit.code)
    above = chiefs.get(kind.get("reports_to", ""), director.code)
    head = Slot(
        code.replace("-", "-L", 1),
        kind["title"],
        code,
        2,
        above,
        area["bank"],
        area=area["name"],
        persona=service.get("persona", ""),
        scene=service.get("scene", ""),
    )
    chiefs.setdefault(kind["title"], head.code)
    units, slots = [unit], [head]
    for number, written in enumerate(kind["departments"], start=1):
        given = {"name": written, "title": _department_title(area)} if isinstance(written, str) else written
        department = UnitPlan(f"{code}{number:02d}", given["name"], UnitKind.DEPARTMENT, code)
        units.append(department)
        slots.append(
            Slot(
                department.code.replace("-", "-L", 1),
                given["title"],
                department.code,
                3,
                head.code,
                area["bank"],
                area=area["name"],
                persona=given.get("persona", ""),
                scene=given.get("scene", ""),
                holding=given.get("holding", ""),
                acting_from=given.get("acting_from", ""),
            )
        )
    return units, slots


def _department_title(area: Mapping[str, Any]) -> str:
    return "Avdelingsleder" if area["kind"] == UnitKind.SECTOR else "Teamleder"


def _first(slots: list[Slot], count: int) -> list[Slot]:
    """The first ones that matter: the people one signs in as and their superiors, then group by group."""
    if count >= len(slots):
        return slots
    by_code = {slot.code: slot for slot in slots}
    needed: set[str] = set()
    for slot in slots:
        code = slot.code if slot.persona else None
        while code and code not in needed:
            needed.add(code)
            code = by_code[code].reports_to
    # Sorting is stable, so superiors of the same group stay before those who report to them.
    ordered = sorted(slots, key=lambda slot: (slot.code not in needed, slot.group))
    kept = {slot.code for slot in ordered[:count]}
    return [slot for slot in slots if slot.code in kept]


def _with_ancestors(codes: Iterable[str], units: Mapping[str, UnitPlan]) -> set[str]:
    found: set[str] = set()
    for start in codes:
        code: str | None = start
        while code is not None and code not in found:
            found.add(code)
            code = units[code].parent
    return found


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
