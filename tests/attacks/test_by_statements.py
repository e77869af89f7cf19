"""One who writes statements to the database: what the product makes of the rows, and what `leder_verify` says."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.access.handovers import genuine_handovers
from leder.agreements.models import Agreement, AgreementUserObjectPermission, Event, Handover, Share
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations.actions import delete_unshared_preparations, save_preparation
from leder.identity.parties import parties_of
from leder.organisation import selectors
from leder.organisation.lines import structure_on
from leder.organisation.models import Appointment, Position
from leder.pages.editions import Edition
from leder.safekeeping.deletion import delete_due_texts
from leder.safekeeping.verification import findings
from tests.attacks.sql import noted, put_back, set_columns
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    access_of,
    leave_office,
    make_editions,
    make_position,
    make_user,
    opened_by,
    share,
)
from tests.handover.conftest import Case, case_in, day

__all__ = ["case_in"]

pytestmark = pytest.mark.django_db
SINCE = "skrevet siden"


def _write(agreement: Agreement, note: str, version: int = 0) -> None:
    payload: Any = {"note": note, "answers": {}, "choices": [], "goals": []}
    access = access_of(agreement.leader, agreement)
    actions.save_section(access, section_id=SECTION, version=version, payload=payload)


def _reads(person: Any, agreement: Agreement) -> bool:
    found = Agreement.objects.visible_to(person).filter(pk=agreement.pk).exists()
    return found or bool(opened_by(person, agreement).answers)


def _told(begins: str) -> bool:
    return any(line.startswith(begins) for line in findings())


@pytest.fixture
def put_back_after(case_in: Any) -> tuple[Case, Agreement]:
    """Handed over; then the former superior's grant, the agreement's superior and pair, and the office as before."""
    case: Case = case_in(State.DISCUSSED)
    office = Appointment.objects.get(person=case.former)
    before = (
        noted(AgreementUserObjectPermission.objects.get(user=case.former)),
        noted(case.fresh()),
        noted(office),
    )
    case.hand_over()
    _write(case.fresh(), SINCE)
    AgreementUserObjectPermission.objects.filter(user=case.successor).delete()
    grant, agreement, appointment = before
    put_back(AgreementUserObjectPermission, grant)
    names = ("superior_id", "superior_position_id", "superior_title", "pair", "handed_over_at")
    set_columns(case.agreement, **{name: agreement[name] for name in names})
    appointment.pop("id")
    Appointment.objects.filter(person=case.successor).delete()
    set_columns(office, **appointment)
    return case, Agreement.objects.get(pk=case.agreement.pk)


def test_an_old_grant_is_put_back_after_a_handover(put_back_after: tuple[Case, Agreement]) -> None:
    """With superior, pair and appointment: all that it was before, but for what the handover has signed."""
    case, agreement = put_back_after
    assert agreement.superior == case.former
    assert not _reads(case.former, agreement)
    assert Appointment.objects.on(day()).filter(person=case.former).exists()
    assert _told("superior: not the one of the latest handover")
    # Without the handover itself the product believes what stands; the history and the texts tell.
    Handover.objects.all().delete()
    assert _told("handovers: 0 are genuine, the history has 1")
    Event.objects.filter(kind=Event.Kind.HANDED_OVER).delete()
    assert not _told("handovers: ")


def test_a_handover_is_undone_by_hand_for_the_one_who_came(case_in: Any) -> None:
    """Grant, office and agreement are theirs; with the pair of before it would open what the one before had written."""
    case: Case = case_in(State.DISCUSSED)
    case.hand_over()
    assert _reads(case.successor, case.agreement)
    Handover.objects.all().delete()
    set_columns(case.agreement, pair="", handed_over_at=None)
    assert not _reads(case.successor, case.agreement)
    assert not _reads(case.former, case.agreement)
    assert _reads(case.leader, case.agreement)
    assert _told("handovers: 0 are genuine, the history has 1")


def test_the_clock_is_set_back_between_two_handovers(case_in: Any) -> None:
    """The latest is the one carried out last, whatever moment it says; and its place in the order is signed."""
    case: Case = case_in(State.DISCUSSED)
    first = case.hand_over()
    latest = make_user()
    with time_machine.travel(timezone.now() - dt.timedelta(days=1), tick=False):
        second = case.hand_over(latest)
    _write(case.fresh(), SINCE)
    assert second.carried_out_at < first.carried_out_at
    assert _reads(latest, case.fresh())
    assert [row.pk for row in genuine_handovers(case.fresh())] == [first.pk, second.pk]
    assert list(findings()) == []
    for number in (second.number + 1, None):
        set_columns(first, number=number)
        assert _reads(latest, case.fresh()) and not _reads(case.successor, case.fresh())
        assert _told(f"handovers: row {first.pk}")
    set_columns(second, number=first.number)
    set_columns(first, number=second.number)
    assert not _reads(latest, case.fresh()) and not _reads(case.successor, case.fresh())


def test_handovers_taken_away_and_put_back_are_not_the_latest(case_in: Any) -> None:
    """Taken away while another is carried out, they leave its number as high: acts are counted, too."""
    case: Case = case_in(State.DISCUSSED)
    case.hand_over()
    earlier = case.hand_over(make_user())
    row = noted(earlier)
    Handover.objects.all().delete()
    latest = make_user()
    case.hand_over(latest)
    put_back(Handover, row)
    assert _reads(latest, case.fresh())
    assert not _reads(earlier.successor, case.fresh())
    assert _told("handovers: 2 are genuine, the history has 3")


def test_the_office_of_an_agreement_is_exchanged(case_in: Any) -> None:
    """A superior who has left their office for another names that one."""
    case: Case = case_in(State.DISCUSSED)
    other = case.agreement.position
    Appointment.objects.filter(person=case.former).update(ends=day(-1))
    Appointment.objects.create(position=other, person=case.former, starts=day(-1), acting=True)
    set_columns(case.agreement, superior_position_id=other.pk)
    assert not _reads(case.former, case.agreement)
    assert _told("grants: row")


def test_a_private_part_is_said_to_be_open(case_in: Any) -> None:
    """In the form, with a digest that fits; and by another form that was put in: what can't be trusted is private."""
    case: Case = case_in(State.OPENED)
    form = case.agreement.form_edition
    assert [each.private for each in form.sections if each.id in (SECTION, PRIVATE_SECTION)] == [False, True]
    parts = [{**part, "private": False} if "private" in part else part for part in form.parts]
    content = {**form.content, "parts": parts}
    columns = {"content": json.dumps(content), "sha256": digest(content)}
    set_columns(form, **columns)
    changed = Edition.objects.get(pk=form.pk)
    assert all(each.private for each in changed.sections)
    access = access_of(case.leader, case.fresh()).without_private()
    assert PRIVATE_SECTION in {each.id for each in access.agreement.form_edition.sections if each.private}
    assert _told(f"editions: row {form.pk}")
    row = {**noted(form), "id": form.pk + 1000, "number": 7}
    put_back(Edition, row)
    assert all(each.private for each in Edition.objects.get(pk=row["id"]).sections)
    assert _told(f"editions: row {row['id']}")


def test_what_is_told_of_an_edition_is_changed() -> None:
    for columns in (
        {"number": 9},
        {"year": 2001},
        {"published_at": "2020-01-01 00:00:00+00:00"},
        {"origins": '{"a": "b"}'},
        {"made_of": 1},
    ):
        form = make_editions()["form_edition"]
        before = noted(form)
        set_columns(form, **columns)
        assert not Edition.objects.get(pk=form.pk).is_believed, columns
        assert _told(f"editions: row {form.pk}")
        set_columns(form, **{name: before[name] for name in columns})
        assert Edition.objects.get(pk=form.pk).is_believed


def test_an_office_is_written_by_hand(case_in: Any) -> None:
    """One that has ended is lengthened, another is put in, a position is moved: nobody is superior by it."""
    case: Case = case_in(State.DISCUSSED)
    own = Appointment.objects.get(person=case.former)
    leave_office(case.agreement)
    assert not _told("appointments")
    set_columns(own, ends=None)
    assert not _reads(case.former, case.agreement)
    assert selectors.holder(case.agreement.superior_position, day()) is None
    assert structure_on(day()).line_of(case.former.pk) == {}
    assert case.former.pk not in {each.person.pk for each in parties_of([case.leader.pk])[case.leader.pk]}
    assert _told(f"appointments: row {own.pk} is not genuine (user {case.former.pk})")
    # Nor by a change of other columns, which the plugin makes afterwards.
    Appointment.objects.filter(pk=own.pk).update(starts=day(-9))
    own.starts = day(-8)
    Appointment.objects.bulk_update([own], ["starts"])
    own.save(update_fields=["starts"])
    assert not Appointment.objects.get(pk=own.pk).is_genuine
    put_in = {**noted(own), "id": own.pk + 1000, "person_id": case.successor.pk, "acting": True}
    put_back(Appointment, put_in)
    assert selectors.holder(case.agreement.superior_position, day()) is None
    # One who answers for it takes it over.
    call_command("leder_verify", take_over=True, stdout=StringIO())
    assert not _told("appointments")
    assert _reads(case.former, case.agreement)


def test_a_line_is_written_by_hand(case_in: Any) -> None:
    case: Case = case_in(State.OPENED)
    above = make_position()
    Appointment.objects.create(position=above, person=case.successor, starts=day(-9))
    position = case.agreement.position
    assert selectors.superior_of(position, day()) is not None
    set_columns(position, reports_to_id=above.pk)
    moved = Position.objects.get(pk=position.pk)
    assert selectors.superior_of(moved, day()) is None
    assert selectors.reports_of(case.successor, day()) == []
    assert structure_on(day()).line_of(case.successor.pk) == {}
    leader = next(each for each in selectors.leaders(day()) if each.position == position)
    assert leader.superior is None
    assert _told(f"positions: row {position.pk}")


def test_a_deadline_of_a_year_is_moved(case_in: Any) -> None:
    """It is named; and what is deleted on a date is not deleted on that one."""
    case: Case = case_in(State.OPENED)
    access = access_of(case.leader, case.agreement)
    note: Any = {"note": SINCE, "answers": {}, "choices": [], "goals": []}
    save_preparation(access, section_id=SECTION, version=0, payload=note)
    year_round = case.agreement.round
    for name in ("conversation_due", "follow_up_due", "unshared_deleted_on", "text_deleted_on", "opened_at"):
        before = noted(year_round)
        set_columns(year_round, **{name: "2020-01-01"})
        assert _told(f"rounds: row {year_round.pk} is not genuine (year {year_round.year})"), name
        delete_unshared_preparations(today=day())
        assert delete_due_texts(today=day()) == 0, name
        assert case.agreement.entries.count() == 1, name
        set_columns(year_round, **{name: before[name]})
        assert not _told("rounds"), name


def test_the_reader_of_a_share_is_exchanged(case_in: Any) -> None:
    case: Case = case_in(State.OPENED)
    stranger = make_user()
    shared = share(case.agreement, make_user())
    set_columns(shared, reader_id=stranger.pk)
    assert not Share.objects.visible_to(stranger).exists()
    assert _told(f"shares: row {shared.pk} is not genuine (reader {stranger.pk}")
