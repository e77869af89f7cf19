"""Writes a difference into the database, in few statements at any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model

from leder.organisation.models import Appointment, Position, Unit

from .columns import PERSON, POSITION, UNIT, Thing
from .difference import Difference
from .models import AppointmentChange, OrganisationImport
from .plain import Standing, TermKey

BATCH = 500
# The ids of units and of positions by their code.
Ids = Mapping[Any, dict[str, int]]


def write(found: Difference, standing: Standing, made_by: OrganisationImport) -> None:
    """Write everything, in a transaction of the caller's, under the lock. Passwords and groups are never touched."""
    ids = {Unit: standing.unit_ids, Position: standing.position_ids}
    _write_things(UNIT, found.units, found.units_off, ids)
    _write_things(POSITION, found.positions, found.positions_off, ids)
    _write_people(found, standing)
    people = _ids_of_people(found, standing)
    _note_changes(found, standing, people, made_by)
    _write_terms(found, standing, people)


def _write_things(thing: Thing, wanted: Mapping[str, Any], off: Iterable[str], every: Ids) -> None:
    """Make the units or positions that are new, change the others, and take those that are gone out of use."""
    model, values = thing.model(), _values(thing, every)
    ids = every[model]

    def row(code: str, **kwargs: Any) -> Any:
        return model(active=True, **values(wanted[code]), **kwargs)

    new = {code: getattr(facts, thing.above) for code, facts in wanted.items() if code not in ids}
    _create_downwards(model, ids, new, row)
    changed = [row(code, pk=ids[code]) for code in wanted if code not in new]
    names = [thing.field(column).name for column in thing.columns[1:]]
    model.objects.bulk_update(changed, [*names, "active"], batch_size=BATCH)
    _take_out_of_use(model, (ids[code] for code in off))


def _values(thing: Thing, ids: Ids) -> Callable[[Any], dict[str, Any]]:
    """From facts to what the fields hold: an id for a code, and what the field begins with where nothing is said."""
    fields = [(column.place, thing.field(column)) for column in thing.columns]

    def value(field: Any, said: Any) -> Any:
        if said is None or said == "":
            return field.get_default()
        return ids[field.related_model][said] if field.is_relation else said

    # The code last: an address may be the user name too.
    return lambda facts: {field.attname: value(field, getattr(facts, place)) for place, field in fields[::-1]}


def _write_people(found: Difference, standing: Standing) -> None:
    model, values = PERSON.model(), _values(PERSON, {})
    new: list[Any] = []
    changed: list[Any] = []
    for key, person in found.people.items():
        account = standing.accounts.get(key)
        user = model(pk=account.pk if account else None, **values(person))
        if account is None:
            user.set_unusable_password()
        (changed if account else new).append(user)
    model._base_manager.bulk_create(new, batch_size=BATCH)
    names = {PERSON.field(column).name for column in PERSON.columns} - {model.USERNAME_FIELD}
    model._base_manager.bulk_update(changed, sorted(names), batch_size=BATCH)


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
    for changed in terms.changed:
        notes.append(note(changed.was, existed=True, ends=changed.ended))
        if changed.key != changed.was:
            notes.append(note(changed.key, existed=False))
    notes += [note(key, existed=True, ends=standing.terms[key].ends) for key in terms.removed]
    AppointmentChange.objects.bulk_create(notes, batch_size=BATCH)


def _write_terms(found: Difference, standing: Standing, people: Mapping[str, int]) -> None:
    """Remove, change, make: in an order that never has two permanently appointed, which the database refuses."""
    terms = found.terms
    for batch in _batches(terms.removed.values()):
        Appointment.objects.filter(pk__in=batch).delete()
    # Two rows may change places with each other: for the moment neither is permanent, and no rule is asked.
    for batch in _batches(changed.pk for changed in terms.changed if not changed.key.acting):
        Appointment.objects.filter(pk__in=batch).update(acting=True, ends=None)
    rows = [
        Appointment(pk=changed.pk, starts=changed.key.starts, ends=changed.ends, acting=changed.key.acting)
        for changed in terms.changed
    ]
    Appointment.objects.bulk_update(rows, ["starts", "ends", "acting"], batch_size=BATCH)
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
    model: Any, ids: dict[str, int], above: Mapping[str, str], make: Callable[[str], Any]
) -> None:
    """Make rows level by level, those above before those below, and add their ids to `ids`."""
    waiting = dict(above)
    while waiting:
        level = [code for code, parent in waiting.items() if not parent or parent in ids]
        if not level:
            raise ValueError("something stands below what is not there")
        made = model.objects.bulk_create([make(code) for code in level], batch_size=BATCH)
        for row in made:
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
