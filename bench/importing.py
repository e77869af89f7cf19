"""A file of 5,000 people, all of them new, looked at and imported. Seconds, whatever the number of agreements."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from django.db import transaction

from leder.organisation.importing import actions
from leder.organisation.importing.columns import PersonFacts, PositionFacts, UnitFacts, guess
from leder.organisation.importing.export import written_out
from leder.organisation.importing.plain import Organisation, TermKey
from leder.organisation.importing.reading import parse
from leder.organisation.models import Position, Unit

PEOPLE = 5_000


def measure() -> dict[str, float]:
    """Look at the file, import it, and import it again; returns the seconds of each. All is undone."""
    content = written_out(_organisation(PEOPLE), "xlsx")
    with transaction.atomic():
        # Everybody else stands in positions out of use, which a file says nothing of.
        Position.objects.update(active=False)
        Unit.objects.update(active=False)
        found = {
            f"leder_import --dry-run, {PEOPLE} people": _seconds(lambda: _look(content)),
            f"leder_import, {PEOPLE} people": _seconds(lambda: _import(content)),
            f"leder_import again, {PEOPLE} people": _seconds(lambda: _import(content)),
        }
        transaction.set_rollback(True)
    return found


def _organisation(people: int) -> Organisation:
    """A municipality of its own with this many leaders, ten below each."""
    found = Organisation()
    for number in range(people):
        code, above = f"B{number}", f"B{(number - 1) // 10}" if number else ""
        found.units[code] = UnitFacts(code, f"Enhet {number}", "department", above)
        found.positions[code] = PositionFacts(code, "Avdelingsleder", code, 3, "5", above)
        found.people[code] = PersonFacts(code, f"Fornavn{number}", "Etternavn", f"{code}@example.no")
        found.terms[TermKey(code, code, dt.date(2020, 1, 1))] = None
    return found


def _look(content: bytes) -> None:
    table = parse(content)
    look = actions.look_at(table, guess(table.headings))
    if look.difference is None:
        raise SystemExit(f"The file has faults: {look.faults[:3]}")


def _import(content: bytes) -> None:
    table = parse(content)
    actions.apply(table=table, places=guess(table.headings), name="bench.xlsx")


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
