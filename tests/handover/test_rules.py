"""What the acts of a handover see to by themselves: whom, when, and what is left to the one before (R2)."""

import uuid

import pytest
from django.utils import timezone

from leder.agreements.access.handovers import handed_over
from leder.agreements.actions import RuleBroken
from leder.agreements.actions.following_up import save_progress
from leder.agreements.actions.writing import add_comment, save_section
from leder.agreements.models import Agreement, AgreementUserObjectPermission, Entry, Handover
from leder.agreements.states import State
from leder.handover import actions, rules
from leder.handover.changes import changes_on
from leder.handover.consenting import consent
from leder.organisation.models import Appointment
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, SECTION, access_of, make_user
from tests.handover.conftest import day
from tests.handover.writing import let_read, payload, write


def test_consent_is_for_what_stands_and_is_there(case_in):
    case = case_in(State.SIGNED)
    assert not rules.may_consent(access_of(case.leader, case.agreement), PRIVATE_SECTION, None)
    case.hand_over()
    leader = access_of(case.leader, case.agreement)
    agreement = leader.agreement
    handed = handed_over(agreement)

    def may(section=PRIVATE_SECTION):
        return rules.may_consent(leader, section, handed)

    assert may()
    assert not may(SECTION)
    assert not may("s-gone")
    for state in (State.REPLACED, State.ENDED):
        agreement.state = state
        assert not may()
    agreement.state, agreement.text_deleted_at = State.SIGNED, timezone.now()
    assert not may()


def test_carried_out_only_to_the_one_it_was_planned_for(case_in):
    """Between plan and day the organisation has come to name somebody else."""
    case = case_in(State.SIGNED)
    case.appoint(on=5)
    row = case.plan(on=5)
    Appointment.objects.filter(person=case.successor).update(person=make_user())
    assert actions.carry_out(handover=row, today=day(5)).status == Handover.Status.LAPSED
    assert case.fresh().superior == case.former


def test_not_before_its_day(case_in):
    case = case_in(State.SIGNED)
    case.appoint(on=5)
    row = case.plan(on=5)
    with pytest.raises(RuleBroken):
        actions.carry_out(handover=row, today=day(4))
    row.refresh_from_db()
    assert (row.status, case.fresh().superior) == (Handover.Status.PLANNED, case.former)
    assert actions.carry_out(handover=row, today=day(5)).status == Handover.Status.CARRIED_OUT


def test_the_former_keeps_no_grant(case_in):
    case = case_in(State.SIGNED)
    case.hand_over()
    grants = AgreementUserObjectPermission.objects.filter(content_object=case.agreement)
    assert set(grants.values_list("user_id", "role")) == {
        (case.leader.pk, "leader"),
        (case.successor.pk, "superior"),
    }


def test_what_does_not_open_is_not_let_read(case_in):
    case = case_in(write=lambda case: write(case, PRIVATE_SECTION, "privat"))
    case.hand_over()
    write(case, PRIVATE_SECTION, "nytt")
    Entry.objects.filter(section_id=PRIVATE_SECTION, pair=case.fresh().pair).update(ciphertext=b"\x01" * 600)
    before = list(Entry.objects.order_by("pk").values())
    with pytest.raises(RuleBroken):
        consent(access_of(case.leader, case.agreement), section_id=PRIVATE_SECTION)
    assert list(Entry.objects.order_by("pk").values()) == before
    assert not case.agreement.events.filter(kind="consented").exists()


def test_a_plan_put_in_by_hand_hides_no_change(case_in):
    """HR is still shown that the agreement changes hands, whatever a row says is planned."""
    case = case_in(State.SIGNED)
    case.appoint(on=3)
    position = case.agreement.superior_position
    Handover.objects.create(
        uuid=uuid.uuid4(), agreement=case.agreement, former=case.former, former_position=position,
        former_title="", successor=case.successor, successor_position=position, on=day(3),
        planned_by=case.hr, planned_at=timezone.now(),
    )  # fmt: skip
    assert [change.successor.person for change in changes_on(day(3))] == [case.successor]
    assert Agreement.objects.get().superior == case.former


def test_what_is_let_to_one_is_not_let_to_the_next(case_in):
    """The action asks by itself, whatever the page before it has asked."""
    case = case_in(State.SIGNED, lambda case: write(case, PRIVATE_SECTION, "privat"))
    case.hand_over()
    meant_for = access_of(case.leader, case.agreement)
    case.hand_over(make_user())
    with pytest.raises(RuleBroken):
        consent(meant_for, section_id=PRIVATE_SECTION)
    assert not case.agreement.entries.filter(kind=Entry.Kind.CONSENTED).exists()
    for recent in (False, True):
        now = access_of(case.leader, case.agreement, recent=recent)
        if recent:
            consent(now, section_id=PRIVATE_SECTION)
            continue
        # It copies what a recent sign-in opens.
        with pytest.raises(RuleBroken):
            consent(now, section_id=PRIVATE_SECTION)
    assert case.agreement.entries.filter(kind=Entry.Kind.CONSENTED).exists()


def test_what_was_meant_for_another_is_not_saved_to_this_one(case_in):
    """Each action asks by itself for the pair that the page was made for."""
    case = case_in(State.SIGNED, lambda case: write(case, PRIVATE_SECTION, "privat"))
    meant_for = access_of(case.leader, case.agreement)
    case.hand_over()
    let_read(case)
    version = {"version": 9, "payload": payload("til en annen")}
    before = list(Entry.objects.order_by("pk").values())
    with pytest.raises(RuleBroken):
        save_section(meant_for, section_id=FOLLOW_UP_SECTION, **version)
    with pytest.raises(RuleBroken):
        save_progress(meant_for, section_id=PRIVATE_SECTION, **version)
    with pytest.raises(RuleBroken):
        add_comment(meant_for, section_id=PRIVATE_SECTION, text="til en annen")
    assert list(Entry.objects.order_by("pk").values()) == before
    assert not case.agreement.comments.exists()
    # What is not private goes on from one to the next.
    add_comment(meant_for, section_id=SECTION, text="til begge")
    assert case.agreement.comments.count() == 1
