"""Calling conversations and preparing for them: who, when, and that a denied act changes nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from leder.agreements.actions import RuleBroken, VersionConflict
from leder.agreements.models import Entry
from leder.agreements.states import State
from leder.conversations import actions
from leder.conversations.models import Conversation
from tests.factories import SECTION, access_of, confirm, make_agreement, make_user

pytestmark = pytest.mark.django_db
WRITTEN = {"note": "Bare mitt", "answers": {}}


def call(agreement, person):
    return actions.call(
        access_of(person, agreement),
        starts_at=timezone.now() + dt.timedelta(days=7),
        minutes=60,
        place="Møterom 7391",
    )


def prepare(agreement, person, version=0):
    return actions.save_preparation(
        access_of(person, agreement), section_id=SECTION, version=version, payload=WRITTEN
    )


class TestCalling:
    def test_the_superior_calls_moves_and_holds(self):
        agreement = make_agreement()
        conversation = call(agreement, agreement.superior)
        details = actions.open_details(access_of(agreement.leader, agreement), conversation)
        assert details["place"] == "Møterom 7391"
        later = timezone.now() + dt.timedelta(days=9)
        moved = actions.move(
            access_of(agreement.superior, conversation.agreement),
            conversation,
            starts_at=later,
            minutes=45,
            place="Rom 2",
        )
        assert (moved.starts_at, moved.minutes, moved.moved_at is None) == (later, 45, False)
        actions.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
        agreement.refresh_from_db()
        assert agreement.state == State.DISCUSSED
        assert Conversation.objects.get().status == Conversation.Status.HELD

    def test_neither_leader_nor_stranger_calls_or_holds(self):
        agreement = make_agreement()
        for person in (agreement.leader, make_user(is_superuser=True)):
            with pytest.raises(RuleBroken):
                call(agreement, person)
            with pytest.raises(RuleBroken):
                actions.hold(access_of(person, agreement), held_on=timezone.localdate())
        agreement.refresh_from_db()
        assert (agreement.state, Conversation.objects.count()) == (State.OPENED, 0)

    def test_one_is_called_at_a_time(self):
        agreement = make_agreement()
        first = call(agreement, agreement.superior)
        with pytest.raises(RuleBroken):
            call(agreement, agreement.superior)
        actions.cancel(access_of(agreement.superior, first.agreement), first)
        call(agreement, agreement.superior)
        assert sorted(Conversation.objects.values_list("status", flat=True)) == ["called", "cancelled"]

    def test_a_conversation_to_come_can_not_have_been_held(self):
        agreement = make_agreement()
        tomorrow = timezone.localdate() + dt.timedelta(days=1)
        with pytest.raises(RuleBroken):
            actions.hold(access_of(agreement.superior, agreement), held_on=tomorrow)
        agreement.refresh_from_db()
        assert agreement.state == State.OPENED

    def test_after_signing_the_next_one_is_the_follow_up(self):
        agreement = make_agreement(state=State.SIGNED)
        assert call(agreement, agreement.superior).kind == Conversation.Kind.FOLLOW_UP
        actions.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
        agreement.refresh_from_db()
        assert agreement.follow_up_on == timezone.localdate()
        assert agreement.state == State.SIGNED
        assert Conversation.objects.get().status == Conversation.Status.HELD

    def test_another_date_asks_the_one_who_had_confirmed_to_confirm_again(self):
        agreement = make_agreement(state=State.SIGNED)
        today = timezone.localdate()
        actions.hold(access_of(agreement.superior, agreement), held_on=today)
        confirm(agreement, agreement.leader)
        actions.hold(access_of(agreement.superior, agreement), held_on=today - dt.timedelta(days=1))
        assert agreement.seals.get(kind="follow_up").voided_at is not None
        for person in (agreement.superior, agreement.leader):
            confirm(agreement, person)
        agreement.refresh_from_db()
        assert agreement.state == State.FOLLOWED_UP

    def test_place_and_message_are_not_readable_for_others(self):
        agreement = make_agreement()
        conversation = call(agreement, agreement.superior)
        assert b"7391" not in bytes(conversation.details)
        other = make_agreement()
        details = actions.open_details(access_of(other.leader, other), conversation)
        assert details == {"place": "", "message": ""}


class TestPreparing:
    def test_one_who_is_ready_takes_it_back_before_writing_on(self):
        agreement = make_agreement()
        prepare(agreement, agreement.leader)
        actions.mark_ready(access_of(agreement.leader, agreement))
        with pytest.raises(RuleBroken):
            prepare(agreement, agreement.leader, version=1)
        actions.take_back(access_of(agreement.leader, agreement))
        agreement.refresh_from_db()
        assert agreement.leader_ready_at is None
        prepare(agreement, agreement.leader, version=1)

    def test_what_is_opened_to_both_is_not_taken_back(self):
        agreement = make_agreement(state=State.PREPARED)
        with pytest.raises(RuleBroken):
            actions.take_back(access_of(agreement.leader, agreement))
        agreement.refresh_from_db()
        assert agreement.leader_ready_at is not None

    def test_two_tabs_of_one_person_do_not_overwrite_each_other(self):
        agreement = make_agreement()
        prepare(agreement, agreement.leader)
        with pytest.raises(VersionConflict):
            actions.save_preparation(
                access_of(agreement.leader, agreement),
                section_id=SECTION,
                version=0,
                payload={"note": "Den andre fanen", "answers": {}},
            )
        assert Entry.objects.get().version == 1

    def test_what_was_never_shared_goes_on_the_stated_date_and_nothing_else(self):
        unshared, shared = make_agreement(), make_agreement()
        for agreement in (unshared, shared):
            prepare(agreement, agreement.leader)
        for person in (shared.leader, shared.superior):
            actions.mark_ready(access_of(person, shared))
        day = unshared.round.unshared_deleted_on
        assert actions.delete_unshared_preparations(today=day - dt.timedelta(days=1)) == 0
        assert actions.delete_unshared_preparations(today=day) == 1
        assert actions.delete_unshared_preparations(today=day) == 0
        assert Entry.objects.get().agreement == shared
