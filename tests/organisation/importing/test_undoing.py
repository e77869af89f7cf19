"""Importing the earlier file gives the earlier organisation: for random files, on random days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from leder.organisation.importing.columns import PersonFacts, PositionFacts, UnitFacts
from leder.organisation.importing.export import export, written_out
from leder.organisation.importing.plain import Organisation, TermKey
from leder.organisation.models import Appointment, Position

from .files import TODAY, bring_in, look, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAYS = st.integers(-60, 40).map(lambda number: TODAY + dt.timedelta(days=number))
# A failing pair of files is small already; making it smaller takes minutes.
NO_SHRINK = [phase for phase in Phase if phase is not Phase.shrink]
# A workbook is read by a process of its own, which takes longer than all else here.
FORMS = st.sampled_from(["csv"] * 7 + ["xlsx"])
PEOPLE = ("anne", "bo", "cato", "dina", "eli")


@st.composite
def organisations(draw: Any) -> Organisation:
    """A small organisation without faults: units in a tree, positions in another, appointments that don't overlap."""
    found = Organisation()
    codes = draw(st.lists(st.sampled_from(["U1", "U2", "U3", "U4"]), min_size=1, unique=True))
    for number, code in enumerate(codes):
        parent = draw(st.sampled_from(["", *codes[:number]]))
        kind = draw(st.sampled_from(["sector", "service", "department"]))
        found.units[code] = UnitFacts(code, draw(st.sampled_from(["Nord", "Sør", "Øst"])), kind, parent)
    codes = draw(st.lists(st.sampled_from(["P1", "P2", "P3", "P4"]), unique=True))
    for number, code in enumerate(codes):
        above = draw(st.sampled_from(["", *codes[:number]]))
        unit = draw(st.sampled_from(sorted(found.units)))
        title = draw(st.sampled_from(["Leder", "Sjef"]))
        group = draw(st.sampled_from([1, 2, 3]))
        chapter = draw(st.sampled_from(["3.4.1", "5"]))
        found.positions[code] = PositionFacts(code, title, unit, group, chapter, above)
        _appoint(draw, found, code)
    for name in {key.person for key in found.terms}:
        first = draw(st.sampled_from(["Anne", "Bo", "Kim"]))
        email = draw(st.sampled_from(["", f"{name}@example.no", f"{name}@annen.no"]))
        found.people[name] = PersonFacts(name, first, "Li", email)
    return found


def _appoint(draw: Any, found: Organisation, code: str) -> None:
    edges = sorted(draw(st.lists(DAYS, max_size=5, unique=True)))
    for starts, until in zip(edges, [*edges, None][1:], strict=True):
        if draw(st.booleans()):
            ends = draw(st.sampled_from([until - dt.timedelta(days=1), starts])) if until else None
            found.terms[TermKey(code, draw(st.sampled_from(PEOPLE)), starts)] = ends
    if draw(st.booleans()):
        starts = draw(DAYS)
        ends = draw(st.sampled_from([None, starts, starts + dt.timedelta(days=20)]))
        found.terms[TermKey(code, draw(st.sampled_from(PEOPLE)), starts, acting=True)] = ends


def _content(found: Organisation, named: set[str]) -> Any:
    """What is compared: names and addresses of those whom the file names, all else of everybody."""
    people = {key: person for key, person in found.people.items() if key in named}
    return found.units, found.positions, people, found.terms


@settings(
    max_examples=100,
    phases=NO_SHRINK,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    history=st.lists(organisations(), min_size=1, max_size=3),
    later=st.lists(organisations(), min_size=1, max_size=3),
    exported=st.booleans(),
    form=FORMS,
    wait=st.integers(0, 9),
)
def test_the_earlier_file_gives_the_earlier_organisation(
    history: list[Organisation], later: list[Organisation], exported: bool, form: str, wait: int
) -> None:
    with transaction.atomic(), time_machine.travel(TODAY, tick=False) as clock:
        for each in history:
            bring_in(written_out(each, "csv"))
            clock.shift(dt.timedelta(days=wait))
        # The file that was imported last, or what is exported before the next one.
        earlier = export(form) if exported else written_out(history[-1], "csv")
        named = set(look(earlier).file.people)
        before = _content(organisation(), named)
        rows = set(
            Appointment.objects.values_list("position__code", "person__username", "starts", "ends", "acting")
        )
        for each in later:
            bring_in(written_out(each, "csv"))
        clock.shift(dt.timedelta(days=wait))
        undone = bring_in(earlier, undo=True)
        assert _content(organisation(), named) == before
        assert (
            set(
                Appointment.objects.values_list(
                    "position__code", "person__username", "starts", "ends", "acting"
                )
            )
            == rows
        )
        note(f"{undone}")
        assert bring_in(earlier) is None
        assert bring_in(earlier, undo=False) is None
        transaction.set_rollback(True)


@settings(max_examples=60, phases=NO_SHRINK)
@given(files=st.lists(organisations(), min_size=1, max_size=4), form=FORMS)
def test_the_same_file_twice_and_what_is_exported_change_nothing(
    files: list[Organisation], form: str
) -> None:
    with transaction.atomic(), time_machine.travel(TODAY, tick=False) as clock:
        for each in files:
            bring_in(written_out(each, "csv"), undo=False)
            clock.shift(dt.timedelta(days=3))
            assert bring_in(written_out(each, "csv"), undo=False) is None
            assert bring_in(export(form), undo=False) is None
            now = organisation()
            assert now.positions == each.positions
            assert each.people.items() <= now.people.items()
            assert each.units.items() <= now.units.items()
            assert each.terms.items() <= now.terms.items()
        for one in Position.objects.all():
            for appointment in one.appointments.filter(acting=False):
                appointment.clean()
        transaction.set_rollback(True)
