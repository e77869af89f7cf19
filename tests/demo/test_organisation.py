"""The plan of the example organisation: its shape, who is where, the same for a seed."""

from collections import Counter

import pytest

from leder.organisation.models import Appointment, Position, Unit
from leder.organisation.rules import Period, overlap
from leder.organisation.selectors import holder, leaders, positions_of, reports_of, superior_of
from lorenskog_intranet.demo.organisation import plan_organisation, save_organisation
from lorenskog_intranet.demo.people import People, draw, username_of

from .conftest import TODAY


def _plan(shape, names, leaders=250, seed=1):
    return plan_organisation(shape, names, leaders=leaders, seed=seed, today=TODAY)


def test_the_same_seed_gives_the_same_plan(shape, names):
    assert _plan(shape, names) == _plan(shape, names)
    assert _plan(shape, names).people != _plan(shape, names, seed=2).people


def test_the_shape_of_the_municipality(shape, names):
    plan = _plan(shape, names)
    assert len(plan.slots) == 250
    titles = Counter(slot.title for slot in plan.slots)
    assert titles["Kommunedirektør"] == 1
    assert titles["Kommunaldirektør"] == 4
    assert titles["Stabsdirektør"] == 2
    groups = Counter(slot.group for slot in plan.slots)
    assert groups[1] == 7
    assert groups[1] < groups[2] < groups[3]
    slots = plan.slot_of
    rectors = [slot for slot in plan.slots if slot.title == "Rektor" and slot.area == "Oppvekst og utdanning"]
    assert {slots[rector.reports_to].title for rector in rectors} == {"Skolesjef"}
    heads = [slot for slot in plan.slots if slot.title == "Styrer"]
    assert {slots[head.reports_to].title for head in heads} == {"Barnehagesjef"}
    assert slots[slots[rectors[0].code].reports_to].unit != rectors[0].unit


@pytest.mark.parametrize("leaders", [12, 40, 250, 251, 1000])
def test_any_size(shape, names, leaders):
    plan = _plan(shape, names, leaders)
    assert len(plan.slots) == leaders
    codes = {slot.code for slot in plan.slots}
    assert all(slot.reports_to in codes for slot in plan.slots if slot.reports_to)
    assert {slot.unit for slot in plan.slots} <= {unit.code for unit in plan.units}
    assert {"leder", "virksomhetsleder", "direktor", "kommunedirektor"} <= {s.persona for s in plan.slots}
    most = Counter(slot.reports_to for slot in plan.slots).most_common(1)[0][1]
    assert most <= 20
    usernames = [person.username for person in plan.people]
    assert len(usernames) == len(set(usernames))


def test_nobody_is_appointed_over_another(shape, names):
    held = {}
    for term in _plan(shape, names, 1000).terms:
        if not term.acting:
            held.setdefault(term.position, []).append(Period(term.starts, term.ends))
    for periods in held.values():
        assert not any(overlap(one, other) for n, one in enumerate(periods) for other in periods[n + 1 :])


def test_someone_is_vacant_someone_acts_and_someone_leads_two(shape, names):
    plan = _plan(shape, names)
    now = [term for term in plan.terms if term.ends is None or term.ends >= TODAY]
    vacant = {slot.code for slot in plan.slots} - {term.position for term in now}
    assert 1 <= len(vacant) <= 20
    assert any(term.acting for term in now)
    assert [name for name, count in Counter(term.username for term in now).items() if count == 2]
    longest = max(len(f"{person.first} {person.last}") for person in plan.people)
    assert longest > 45


def test_names_are_put_together_and_addresses_can_not_exist(names):
    people = People(names, draw("test"))
    starts, ends = tuple(names["surname_start"]), tuple(names["surname_end"])
    for _ in range(200):
        person = people.someone()
        assert person.last.startswith(starts)
        assert person.last.endswith(ends)
        assert person.email.endswith(".example")
        assert person.username.isascii()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Øyvind", "Åkerlia", "oyvind.akerlia"),
        ("Máret", "Bjørkeåsheim", "maret.bjorkeasheim"),
        ("Nguyễn Thị Linh", "Hvitveis Storås", "nguyen-thi-linh.hvitveis-storas"),
    ],
)
def test_user_names_are_plain(first, last, expected):
    assert username_of(first, last) == expected


@pytest.mark.django_db
def test_what_is_saved_is_valid_and_holds_together(shape, names, django_user_model):
    plan = _plan(shape, names, 120)
    save_organisation(plan)
    for model in (Unit, Position, Appointment):
        for row in model.objects.select_related():
            row.full_clean()
    assert Position.objects.count() == 120
    person = {u.username: u for u in django_user_model.objects.all()}
    (position,) = positions_of(person["leder"], TODAY)
    assert superior_of(position, TODAY)[1] == person["virksomhetsleder"]
    (position,) = positions_of(person["virksomhetsleder"], TODAY)
    assert superior_of(position, TODAY)[1] == person["direktor"]
    (position,) = positions_of(person["direktor"], TODAY)
    assert superior_of(position, TODAY)[1] == person["kommunedirektor"]
    (position,) = positions_of(person["kommunedirektor"], TODAY)
    assert superior_of(position, TODAY) is None
    for name in ("hr", "hr-kollega", "ansatt", "kommunikasjon", "kommunikasjonssjef", "drift"):
        assert positions_of(person[name], TODAY) == []
    assert not person["leder"].has_usable_password()
    assert [name for name, user in person.items() if user.is_superuser] == ["drift"]
    assert all(holder(row.position, TODAY) == row.person for row in leaders(TODAY)[:10])


@pytest.mark.django_db
def test_the_superior_one_signs_in_as_has_reports_of_every_kind(shape, names, django_user_model):
    save_organisation(_plan(shape, names))
    reports = reports_of(django_user_model.objects.get(username="virksomhetsleder"), TODAY)
    assert len(reports) == 9
    assert [report.person for report in reports].count(None) == 1
    assert [report.acting for report in reports].count(True) == 1
