"""Opening again what both have signed, while others act: it is opened once, or not, and never half (R7)."""

import datetime as dt
from functools import partial

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Event, SealLink
from leder.agreements.reading.earlier import earlier_seals_for, open_earlier_seal
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.handover import actions as handing_over
from leder.handover import deciding
from leder.organisation.models import Appointment
from leder.safekeeping import deletion
from leder.safekeeping.verification import findings
from tests import factories
from tests.concurrency.lives import events, fresh, save
from tests.concurrency.together import ROUNDS, together


@pytest.fixture
def hr(shared_database):
    person = factories.make_user()
    person.user_permissions.add(Permission.objects.get(codename="hand_over"))
    return type(person).objects.get(pk=person.pk)


def signed(**kwargs):
    """An agreement that both have signed, whose leader holds its position."""
    agreement = factories.make_agreement(**kwargs)
    Appointment.objects.create(
        position=agreement.position, person=agreement.leader, starts=dt.date(2020, 1, 1)
    )
    save(agreement, agreement.leader, "signert")
    return factories.bring_to(agreement, State.SIGNED)


def assert_whole(agreement, *, opened):
    """Opened once, with the seal kept, or not at all; chain, seals and rows fit each other."""
    now = fresh(agreement)
    rows = now.reopenings.filter(status="agreed")
    assert rows.count() == opened
    assert events(now)[Event.Kind.REOPENED] == opened
    assert SealLink.objects.filter(seal__agreement=now, kind="reopened").count() == opened
    assert now.seals.filter(kind="agreement", voided_at__isnull=False).count() == opened
    assert not now.reopenings.filter(status="proposed").exclude(agreement__state=State.SIGNED).exists()
    if now.text_deleted_at is None and opened:
        [earlier] = earlier_seals_for(reader=now.leader, agreement=now)
        record = open_earlier_seal(reader=now.leader, seal=earlier.seal)
        assert record["sections"][0]["written"]["note"] == "signert"
    assert list(findings(with_texts=True)) == []


def test_one_consents_in_two_tabs():
    for _round in ROUNDS:
        agreement = signed()
        row = factories.propose_reopening(agreement)
        consent = partial(
            actions.consent_to_reopening, factories.access_of(agreement.superior, row.agreement), row
        )
        outcomes = together(consent, consent)
        assert sum(outcome.done for outcome in outcomes) == 1
        assert fresh(agreement).state == State.DISCUSSED
        assert_whole(agreement, opened=1)


def test_one_consents_while_the_other_takes_it_back():
    for _round in ROUNDS:
        agreement = signed()
        row = factories.propose_reopening(agreement)
        outcomes = together(
            partial(
                actions.consent_to_reopening, factories.access_of(agreement.superior, row.agreement), row
            ),
            partial(actions.decline_reopening, factories.access_of(agreement.superior, row.agreement), row),
            partial(actions.withdraw_reopening, factories.access_of(agreement.leader, row.agreement), row),
        )
        assert sum(outcome.done for outcome in outcomes) == 1
        assert_whole(agreement, opened=int(outcomes[0].done))


def test_both_propose_at_once():
    for _round in ROUNDS:
        agreement = signed()
        people = (agreement.leader, agreement.superior)
        outcomes = together(*(partial(factories.propose_reopening, agreement, by=one) for one in people))
        assert sum(outcome.done for outcome in outcomes) == 1
        assert agreement.reopenings.count() == 1
        assert events(agreement)[Event.Kind.REOPENING] == 1


def test_one_consents_while_the_follow_up_is_confirmed():
    for _round in ROUNDS:
        agreement = signed()
        conversing.hold(factories.access_of(agreement.superior, agreement), held_on=timezone.localdate())
        factories.confirm(agreement, agreement.leader)
        row = factories.propose_reopening(agreement)
        opened, confirmed = together(
            partial(
                actions.consent_to_reopening, factories.access_of(agreement.superior, row.agreement), row
            ),
            partial(factories.confirm, fresh(agreement), agreement.superior),
        )
        assert opened.done != confirmed.done
        assert fresh(agreement).state == (State.DISCUSSED if opened.done else State.FOLLOWED_UP)
        assert events(agreement)[Event.Kind.UNPROPOSED] == int(confirmed.done)
        assert_whole(agreement, opened=int(opened.done))


def test_one_consents_while_it_is_handed_over(hr):
    today = timezone.localdate()
    for _round in ROUNDS:
        agreement = signed()
        row = factories.propose_reopening(agreement, by=agreement.superior)
        # Another acts from today; whoever comes first, the one who proposed holds the office still.
        position, successor = agreement.superior_position, factories.make_user()
        Appointment.objects.create(position=position, person=successor, starts=today, acting=True)
        planned = handing_over.plan(actor=hr, agreement=agreement, on=today)
        opened, handed = together(
            partial(actions.consent_to_reopening, factories.access_of(agreement.leader, row.agreement), row),
            partial(deciding.allow, actor=agreement.leader, handover=planned),
        )
        assert handed.done
        now = fresh(agreement)
        assert now.superior == successor
        assert now.state == (State.DISCUSSED if opened.done else State.SIGNED)
        # Whoever came first, what was signed is the former superior's, and not the new one's.
        assert earlier_seals_for(reader=successor, agreement=now) == []
        kept = earlier_seals_for(reader=agreement.superior, agreement=now)
        assert len(kept) == int(opened.done)
        assert_whole(agreement, opened=int(opened.done))


def test_one_consents_while_next_years_is_signed():
    for _round in ROUNDS:
        agreement = signed()
        following = factories.make_agreement(
            leader=agreement.leader,
            superior=agreement.superior,
            year=agreement.year + 1,
            state=State.SIGNING,
        )
        row = factories.propose_reopening(agreement)
        opened, newer = together(
            partial(
                actions.consent_to_reopening, factories.access_of(agreement.superior, row.agreement), row
            ),
            partial(factories.sign, following, following.superior),
        )
        assert newer.done
        assert fresh(agreement).state == (State.DISCUSSED if opened.done else State.REPLACED)
        assert_whole(agreement, opened=int(opened.done))


def test_one_consents_while_the_text_is_deleted():
    for _round in ROUNDS:
        agreement = signed()
        row = factories.propose_reopening(agreement)
        opened, deleted = together(
            partial(
                actions.consent_to_reopening, factories.access_of(agreement.superior, row.agreement), row
            ),
            partial(deletion.delete_texts, [agreement.pk]),
        )
        assert deleted.result == 1
        assert fresh(agreement).state == State.ENDED
        assert_whole(agreement, opened=int(opened.done))
