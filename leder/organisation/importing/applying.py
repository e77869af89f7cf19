"""Writes a difference into the database, in few statements at any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model

from leder.organisation.models import Appointment, Position, Unit

from .difference import Difference
from .models import AppointmentChange, OrganisationImport
from .plain import Standing, TermKey

BATCH = 500


def write(found: Difference, standing: Standing, made_by: OrganisationImport) -> None:
    """Write everything, in a transaction of the caller's, under the lock. Passwords and groups are never touched."""
    _write_units(found, standing)
    _write_positions(found, standing)
    _write_people(found, standing)
    people = _ids_of_people(found, standing)
    _note_changes(found, standing, people, made_by)
    _write_terms(found, standing, people)


def _write_units(found: Difference, standing: Standing) -> None:
    ids = standing.unit_ids
    new = {code: unit for code, unit in found.units.items() if code not in ids}
    _create_downwards(
        Unit,
        ids,
        {code: unit.parent for code, unit in new.items()},
        lambda code, above: Unit(code=code, name=new[code].name, kind=new[code].kind, parent_id=above),
    )
    changed = [
        Unit(pk=ids[code], name=unit.name, kind=unit.kind, parent_id=ids.get(unit.parent), active=True)
        for code, unit in found.units.items()
        if code not in new
    ]
    Unit.objects.bulk_update(changed, ["name", "kind", "parent", "active"], batch_size=BATCH)
    _take_out_of_use(Unit, (ids[code] for code in found.units_off))


def _write_positions(found: Difference, standing: Standing) -> None:
    ids, unit_ids = standing.position_ids, standing.unit_ids

    def position(code: str, above: int | None, **kwargs: Any) -> Position:
        facts = found.positions[code]
        return Position(
            code=code,
            title=facts.title,
            unit_id=unit_ids[facts.unit],
            group=facts.group,
            hta_chapter=facts.chapter,
            reports_to_id=above,
            active=True,
            **kwargs,
        )

    new = {code: facts.reports_to for code, facts in found.positions.items() if code not in ids}
    _create_downwards(Position, ids, new, position)
    changed = [
        position(code, ids.get(facts.reports_to), pk=ids[code])
        for code, facts in found.positions.items()
        if code not in new
    ]
    fields = ["title", "unit", "group", "hta_chapter", "reports_to", "active"]
    Position.objects.bulk_update(changed, fields, batch_size=BATCH)
    _take_out_of_use(Position, (ids[code] for code in found.positions_off))


def _write_people(found: Difference, standing: Standing) -> None:
    model: Any = get_user_model()
    new: list[Any] = []
    changed: list[Any] = []
    for key, person in found.people.items():
        account = standing.accounts.get(key)
        user = model(
            **{
                "pk": account.pk if account else None,
                model.USERNAME_FIELD: key,
                "first_name": person.first,
                "last_name": person.last,
            }
        )
        if model.EMAIL_FIELD != model.USERNAME_FIELD:
            setattr(user, model.EMAIL_FIELD, person.email or "")
        if account is None:
            user.set_unusable_password()
        (changed if account else new).append(user)
    model._base_manager.bulk_create(new, batch_size=BATCH)
    fields = {"first_name", "last_name", model.EMAIL_FIELD} - {model.USERNAME_FIELD}
    model._base_manager.bulk_update(changed, sorted(fields), batch_size=BATCH)


def _ids_of_people(found: Difference, standing: Standing) -> Mapping[str, int]:
    model: Any = get_user_model()
    ids = {key: account.pk for key, account in standing.accounts.items()}
    new = [key for key in found.people if key not in ids]
    for start in range(0, len(new), BATCH):
        batch = {f"{model.USERNAME_FIELD}__in": new[start : start + BATCH]}
        ids.update(model._base_manager.filter(**batch).values_list(model.USERNAME_FIELD, "pk"))
    return ids


def _note_changes(
    found: Difference, standing: Standing, people: Mapping[str, int], made_by: OrganisationImport
) -> None:
    """Note what each appointment was, before it is another."""

    def note(key: TermKey, *, existed: bool, ends: dt.date | None = None) -> AppointmentChange:
        return AppointmentChange(
            made_by=made_by,
            position_id=standing.position_ids[key.position],
            person_id=people[key.person],
            starts=key.starts,
            acting=key.acting,
            existed=existed,
            ends=ends,
        )

    terms = found.terms
    notes = [note(key, existed=False) for key in terms.new]
    for kept in terms.kept:
        notes.append(note(kept.was, existed=True, ends=kept.ended))
        if kept.key != kept.was:
            notes.append(note(kept.key, existed=False))
    notes += [note(key, existed=True, ends=standing.terms[key].ends) for key in terms.removed]
    AppointmentChange.objects.bulk_create(notes, batch_size=BATCH)


def _write_terms(found: Difference, standing: Standing, people: Mapping[str, int]) -> None:
    """Remove, change, make: in an order that never has two permanently appointed, which the database refuses."""
    terms = found.terms
    for batch in _batches(terms.removed.values()):
        Appointment.objects.filter(pk__in=batch).delete()
    # Two rows may change places with each other: for the moment neither is permanent, and no rule is asked.
    for batch in _batches(kept.pk for kept in terms.kept if not kept.key.acting):
        Appointment.objects.filter(pk__in=batch).update(acting=True, ends=None)
    kept_rows = [
        Appointment(pk=kept.pk, starts=kept.key.starts, ends=kept.ends, acting=kept.key.acting)
        for kept in terms.kept
    ]
    Appointment.objects.bulk_update(kept_rows, ["starts", "ends", "acting"], batch_size=BATCH)
    Appointment.objects.bulk_create(
        [
            Appointment(
                position_id=standing.position_ids[key.position],
                person_id=people[key.person],
                starts=key.starts,
                ends=ends,
                acting=key.acting,
            )
            for key, ends in terms.new.items()
        ],
        batch_size=BATCH,
    )


def _create_downwards(
    model: Any, ids: dict[str, int], above: Mapping[str, str], make: Callable[[str, int | None], Any]
) -> None:
    """Make rows level by level, those above before those below, and add their ids to `ids`."""
    waiting = dict(above)
    while waiting:
        level = [code for code, parent in waiting.items() if not parent or parent in ids]
        if not level:
            raise ValueError("something stands below what is not there")
        rows = [make(code, ids[waiting[code]] if waiting[code] else None) for code in level]
        for row in model.objects.bulk_create(rows, batch_size=BATCH):
            ids[row.code] = row.pk
        for code in level:
            del waiting[code]


def _take_out_of_use(model: Any, pks: Iterable[int]) -> None:
    for batch in _batches(pks):
        model.objects.filter(pk__in=batch).update(active=False)


def _batches(pks: Iterable[int]) -> Iterable[list[int]]:
    every = list(pks)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]
