"""Which sector or staff department (sektor, stab) each unit belongs to: what figures are gathered by."""

from __future__ import annotations

from leder.organisation.models import Unit, UnitKind

AREAS = (UnitKind.SECTOR, UnitKind.STAFF)


def area_of_units() -> dict[int, Unit]:
    """Return the sector or staff department of every unit by the unit's id. One query at any size.

    A unit that stands in none, as the municipality itself does, is an area of its own.
    """
    units = Unit.objects.in_bulk()
    return {pk: _area(unit, units) for pk, unit in units.items()}


def _area(unit: Unit, units: dict[int, Unit]) -> Unit:
    seen: set[int] = set()
    above: Unit | None = unit
    while above is not None and above.pk not in seen:
        if above.kind in AREAS:
            return above
        seen.add(above.pk)
        above = units.get(above.parent_id) if above.parent_id else None
    return unit
