"""The shape of an example municipality: its units and leader positions, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from leder.organisation.models import UnitKind


@dataclass(frozen=True)
class UnitPlan:
    """A unit to be."""

    code: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True)
class Slot:
    """A position to be, and how it is held.

    `area` is the sector or staff department, `bank` says which sentences fit, `scene` what the example shows.
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


def plan_municipality(shape: Mapping[str, Any], number: int) -> tuple[list[UnitPlan], list[Slot]]:
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


def first_of(slots: list[Slot], count: int) -> list[Slot]:
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
    chosen = {slot.code for slot in ordered[:count]}
    return [slot for slot in slots if slot.code in chosen]


def with_ancestors(codes: Iterable[str], units: Mapping[str, UnitPlan]) -> set[str]:
    """These units and all they are part of, by code."""
    found: set[str] = set()
    for start in codes:
        code: str | None = start
        while code is not None and code not in found:
            found.add(code)
            code = units[code].parent
    return found
