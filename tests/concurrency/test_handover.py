"""An agreement is handed over while its two write, sign, say ready and decide: it is one's or the other's."""

import datetime as dt
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from leder.agreements.models import AgreementUserObjectPermission, Event, Handover
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.handover import actions, deciding
from leder.handover.consenting import consent
from leder.organisation.models import Appointment
from leder.safekeeping.verification import findings
from tests import factories
from tests.concurrency.lives import fresh, record_read, save
from tests.concurrency.test_signing import sign
from tests.concurrency.together import ROUNDS, together
from tests.factories import PRIVATE_SECTION, SECTION


def one_in_hr():
    person = factories.make_user()
    person.user_permissions.add(Permission.objects.get(codename="hand_over"))
    return factories.known_in_hr(person)


@pytest.fixture
def hr(shared_database):
    return one_in_hr()


@pytest.fixture
def second(shared_database):
    return one_in_hr()


def due(state, *, ready=False):
    """An agreement in a state, whose superior is another from today; the one of yesterday may be ready."""
    today = timezone.localdate()
    agreement = factories.make_agreement()
    Appointment.objects.create(
        position=agreement.position, person=agreement.leader, starts=dt.date(2020, 1, 1)
    )
    save(agreement, agreement.leader, "felles")
    save(agreement, agreement.leader, "privat", section=PRIVATE_SECTION)
    factories.bring_to(agreement, state)
    if ready:
        conversing.mark_ready(factories.access_of(agreement.superior, agreement))
    position = agreement.superior_position
    Appointment.objects.filter(position=position).update(ends=today - dt.timedelta(days=1))
    successor = factories.make_user()
    Appointment.objects.create(position=position, person=successor, starts=today)
    return agreement, successor


def plan(hr, agreement):
    return actions.plan(actor=hr, agreement=agreement, on=timezone.localdate())


def approve(second, row):
    """The second says yes, and it is carried out."""
    return deciding.approve(actor=second, handover=row)


def assert_handed(agreement, successor, former):
    """One superior with one genuine grant; nothing private reaches the successor; all texts open."""
    now = fresh(agreement)
    assert now.superior == successor
    assert list(
        AgreementUserObjectPermission.objects.filter(content_object=now, role="superior").values_list(
            "user", flat=True
        )
    ) == [successor.pk]
    assert Handover.objects.filter(agreement=now, status="carried_out").count() == 1
    assert now.events.filter(kind=Event.Kind.HANDED_OVER).count() == 1
    assert factories.worked_on_by(former, agreement).answers == {}
    texts = factories.worked_on_by(successor, agreement)
    assert "privat" not in {text.payload["note"] for text in texts.answers.values()}
    assert not list(findings(with_texts=True))


def test_two_in_hr_and_the_daily_run_hand_over_at_once(hr, second):
    for _round in ROUNDS:
        agreement, successor = due(State.SIGNED)
        former = agreement.superior
        outcomes = together(partial(plan, hr, agreement), partial(plan, second, agreement))
        assert sum(outcome.done for outcome in outcomes) == 1
        row = Handover.objects.get(agreement=agreement)
        outcomes = together(
            partial(approve, second if row.planned_by == hr else hr, row),
            partial(deciding.allow, actor=agreement.leader, handover=row),
            partial(actions.carry_out_due, timezone.localdate()),
        )
        assert sum(outcome.done for outcome in outcomes[:2]) == 1
        assert_handed(agreement, successor, former)


def test_it_is_stopped_while_a_second_person_says_yes(hr, second):
    """Stopped first, the yes decides on the stop; carried out first, there is nothing to stop."""
    for _round in ROUNDS:
        agreement, successor = due(State.SIGNED)
        former = agreement.superior
        row = plan(hr, agreement)
        stopped, allowed, yes = together(
            partial(deciding.stop, actor=former, handover=row, reason="talk"),
            partial(deciding.allow, actor=agreement.leader, handover=row),
            partial(approve, second, row),
        )
        assert yes.done or allowed.done
        row.refresh_from_db()
        assert row.is_genuine
        assert stopped.done == (row.stopped_by == former)
        assert_handed(agreement, successor, former)


def test_the_two_write_meanwhile(hr, second):
    for _round in ROUNDS:
        agreement, successor = due(State.DISCUSSED)
        former = agreement.superior
        row = plan(hr, agreement)
        handed, shared, private = together(
            partial(approve, second, row),
            partial(save, agreement, former, "fra den forrige", version=1),
            partial(
                save,
                agreement,
                agreement.leader,
                "privat til den forrige",
                version=1,
                section=PRIVATE_SECTION,
            ),
        )
        assert handed.done
        assert_handed(agreement, successor, former)
        # What was accepted stands: with the former, or not at all.
        entries = fresh(agreement).entries.filter(section_id=PRIVATE_SECTION, pair="")
        assert entries.get().version == 1 + private.done
        texts = factories.worked_on_by(successor, agreement).answers
        assert texts[PRIVATE_SECTION].payload["note"] == ""
        assert texts[SECTION].version == 1 + shared.done


def test_the_second_signs_meanwhile(hr, second):
    for _round in ROUNDS:
        agreement, successor = due(State.DISCUSSED)
        former = agreement.superior
        # In office until it is handed over.
        Appointment.objects.filter(person=former).update(ends=None, acting=True)
        Appointment.objects.filter(person=successor).update(acting=True, starts=timezone.localdate())
        seen = record_read(agreement, agreement.leader)
        sign(agreement, agreement.leader, seen)
        row = plan(hr, agreement)
        handed, signed = together(partial(approve, second, row), partial(sign, agreement, former, seen))
        assert handed.done
        assert_handed(agreement, successor, former)
        now = fresh(agreement)
        assert now.state == (State.SIGNED if signed.done else State.DISCUSSED)
        assert now.seals.filter(voided_at=None).count() == signed.done


def test_the_leader_says_ready_meanwhile(hr, second):
    for _round in ROUNDS:
        agreement, successor = due(State.OPENED, ready=True)
        former = agreement.superior
        row = plan(hr, agreement)
        handed, _ready = together(
            partial(approve, second, row),
            partial(conversing.mark_ready, factories.access_of(agreement.leader, agreement)),
        )
        assert handed.done
        now = fresh(agreement)
        # Never open to one who has not said ready themself.
        assert now.state == State.OPENED
        assert now.superior_ready_at is None
        assert_handed(agreement, successor, former)


def test_the_leader_consents_while_it_is_handed_on(hr, second):
    """What was let to one is not let to the next."""
    for _round in ROUNDS:
        agreement, first = due(State.SIGNED)
        approve(second, plan(hr, agreement))
        third = factories.make_user()
        Appointment.objects.create(
            position=agreement.superior_position, person=third, starts=timezone.localdate(), acting=True
        )
        row = plan(hr, agreement)
        handed, let = together(
            partial(approve, second, row),
            partial(consent, factories.access_of(agreement.leader, agreement), section_id=PRIVATE_SECTION),
        )
        assert handed.done
        copies = fresh(agreement).entries.filter(kind="consented")
        assert copies.count() == let.done
        texts = factories.worked_on_by(third, agreement)
        assert PRIVATE_SECTION not in texts.answers
        assert factories.worked_on_by(first, agreement).answers == {}
        assert not list(findings(with_texts=True))
