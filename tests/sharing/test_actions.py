"""Proposing, agreeing, declining and withdrawing: what each changes, and what a refusal leaves alone."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from leder.agreements.actions import AlreadyProposed, RuleBroken
from leder.agreements.models import Event, Share
from leder.agreements.reading.current import open_shared
from leder.agreements.reading.why import open_why
from leder.agreements.states import State, Step, advance
from leder.sharing import actions
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    access_of,
    lapse,
    make_agreement,
    make_user,
    propose,
    share,
)

pytestmark = pytest.mark.django_db


def events(agreement):
    kinds = ("proposed", "shared", "declined", "withdrawn")
    return list(agreement.events.filter(kind__in=kinds).values_list("kind", "actor", "section_id"))


def reaches(reader):
    return list(Share.objects.visible_to(reader))


def unchanged(share):
    before = Share.objects.filter(pk=share.pk).values().get()
    history = events(share.agreement)

    def check():
        assert Share.objects.filter(pk=share.pk).values().get() == before
        assert events(share.agreement) == history

    return check


@pytest.mark.parametrize("proposer", ["leader", "superior"])
def test_a_proposal_opens_nothing_until_the_other_agrees(proposer):
    agreement, reader = make_agreement(), make_user()
    one = getattr(agreement, proposer)
    other = agreement.superior if proposer == "leader" else agreement.leader
    proposal = propose(agreement, reader, by=one)
    assert (proposal.status, proposal.answered_at) == ("proposed", None)
    assert proposal.is_genuine
    # Agreed by one alone.
    said = Share.objects.get()
    said.status = Share.Status.AGREED
    assert not said.is_genuine
    assert reaches(reader) == []
    agreed = actions.consent(access_of(other, proposal.agreement), proposal)
    assert reaches(reader) == [agreed]
    stored = Share.objects.get(pk=agreed.pk)
    assert stored.answered_at is not None
    assert stored.is_genuine
    assert events(agreement) == [
        (Event.Kind.PROPOSED, one.pk, PRIVATE_SECTION),
        (Event.Kind.SHARED, other.pk, PRIVATE_SECTION),
    ]


@pytest.mark.parametrize("change", ["reader", "section_id", "until", "proposed_by"])
def test_a_proposal_changed_by_hand_can_not_be_agreed_to(change):
    """Between the page that was read and the button: the other would sign for what nobody has proposed."""
    agreement = make_agreement()
    proposal = propose(agreement, make_user(), section_id=SECTION)
    values = {
        "reader": make_user(),
        "section_id": PRIVATE_SECTION,
        "until": proposal.until + dt.timedelta(days=30),
        "proposed_by": agreement.superior,
    }
    Share.objects.update(**{change: values[change]})
    for person in (agreement.leader, agreement.superior):
        with pytest.raises(RuleBroken):
            actions.consent(access_of(person, Share.objects.get().agreement), Share.objects.get())
    assert reaches(Share.objects.get().reader) == []


def test_a_proposal_opens_nothing_by_its_signature():
    proposal = propose(make_agreement(), make_user())
    Share.objects.update(status="agreed")
    assert reaches(proposal.reader) == []


def test_the_proposer_cannot_agree_on_behalf_of_both():
    agreement, reader = make_agreement(), make_user()
    proposal = propose(agreement, reader)
    same = unchanged(proposal)
    for person in (agreement.leader, reader, make_user(is_superuser=True)):
        for act in (actions.consent, actions.decline):
            with pytest.raises(RuleBroken):
                act(access_of(person, agreement), proposal)
    same()
    assert reaches(reader) == []


def test_a_no_ends_the_proposal():
    agreement, reader = make_agreement(), make_user()
    declined = actions.decline(access_of(agreement.superior, agreement), propose(agreement, reader))
    assert (declined.status, declined.ended_by, declined.mac) == ("declined", agreement.superior, "")
    assert declined.ended_at is not None
    assert events(agreement)[-1] == (Event.Kind.DECLINED, agreement.superior_id, PRIVATE_SECTION)
    same = unchanged(declined)
    for person in (agreement.leader, agreement.superior):
        for act in (actions.consent, actions.decline, actions.withdraw):
            with pytest.raises(RuleBroken):
                act(access_of(person, agreement), declined)
    same()


@pytest.mark.parametrize("role", ["leader", "superior"])
def test_either_withdraws_at_once(role):
    agreement, reader = make_agreement(), make_user()
    agreed = share(agreement, reader)
    assert reaches(reader)
    withdrawn = actions.withdraw(access_of(getattr(agreement, role), agreed.agreement), agreed)
    assert reaches(reader) == []
    assert (withdrawn.status, withdrawn.mac) == ("withdrawn", "")
    assert withdrawn.ended_by == getattr(agreement, role)
    assert events(agreement)[-1] == (Event.Kind.WITHDRAWN, getattr(agreement, role).pk, PRIVATE_SECTION)
    # Not even by one who sets the state back by hand.
    Share.objects.filter(pk=agreed.pk).update(status="agreed")
    assert reaches(reader) == []
    assert not Share.objects.get(pk=agreed.pk).is_genuine


def test_what_is_agreed_is_withdrawn_after_the_agreement_has_ended():
    agreement, reader = make_agreement(), make_user()
    agreed = share(agreement, reader)
    pending = propose(agreement, reader, section_id=SECTION)
    advance(agreement, Step.END)
    with pytest.raises(RuleBroken):
        actions.consent(access_of(agreement.superior, pending.agreement), pending)
    with pytest.raises(RuleBroken):
        propose(agreement, make_user())
    actions.withdraw(access_of(agreement.leader, agreed.agreement), agreed)
    assert reaches(reader) == []


def test_the_same_is_shared_with_a_person_once():
    agreement, reader = make_agreement(), make_user()
    for stands in (propose, share):
        stands(agreement, person := make_user())
        with pytest.raises(AlreadyProposed):
            propose(agreement, person, by=agreement.superior)
    propose(agreement, reader, section_id=SECTION)
    propose(agreement, reader, section_id="")
    propose(agreement, reader)
    assert agreement.shares.filter(reader=reader).count() == 3


def test_the_database_has_the_last_word_on_once():
    agreement = make_agreement()
    proposal = propose(agreement, make_user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Share.objects.create(
            agreement=agreement,
            section_id=proposal.section_id,
            reader=proposal.reader,
            purpose=b"x",
            until=proposal.until,
            proposed_by=agreement.leader,
            proposed_at=timezone.now(),
        )


@pytest.mark.parametrize("make", [propose, share])
def test_what_has_lapsed_makes_room(make):
    agreement, reader = make_agreement(), make_user()
    old = lapse(make(agreement, reader))
    new = share(agreement, reader)
    old.refresh_from_db()
    assert (old.status, old.mac, old.ended_by) == ("withdrawn", "", None)
    assert reaches(reader) == [new]


def test_what_was_withdrawn_can_be_shared_anew():
    agreement, reader = make_agreement(), make_user()
    actions.withdraw(access_of(agreement.leader, agreement), share(agreement, reader))
    anew = share(agreement, reader, by=agreement.superior)
    assert reaches(reader) == [anew]


@pytest.mark.parametrize(
    "broken",
    [
        {"section_id": "introduction"},
        {"until": timezone.localdate() - dt.timedelta(days=1)},
        {"until": timezone.localdate() + dt.timedelta(days=400)},
    ],
)
def test_a_proposal_outside_the_rules_changes_nothing(broken, mailoutbox, django_capture_on_commit_callbacks):
    agreement = make_agreement()
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuleBroken):
        propose(agreement, make_user(), **broken)
    assert not agreement.shares.exists()
    assert events(agreement) == []
    assert mailoutbox == []


def test_the_signature_goes_with_the_share():
    """Put back to active by hand, what ended opens nothing."""
    agreement, reader = make_agreement(), make_user()
    agreed = share(agreement, reader)
    actions.withdraw(access_of(agreement.leader, agreed.agreement), agreed)
    assert Share.objects.get().mac == ""
    Share.objects.update(status=Share.Status.AGREED, ended_at=None, ended_by=None)
    assert reaches(reader) == []


class TestThePurpose:
    def test_is_ciphertext(self):
        proposal = propose(make_agreement(), make_user(), purpose="Lønnssamtale i mai")
        with connection.cursor() as cursor:
            cursor.execute("SELECT purpose FROM leder_share WHERE id = %s", [proposal.pk])
            stored = bytes(cursor.fetchone()[0])
        assert b"nnssamtale" not in stored
        assert len(stored) > 500

    def test_is_read_by_the_two_and_by_the_reader_while_it_is_shared(self):
        agreement, reader = make_agreement(), make_user()
        proposal = propose(agreement, reader, purpose="Lønnssamtale")
        others = (reader, make_user(is_superuser=True))
        for person in (agreement.leader, agreement.superior):
            assert open_why(access_of(person, agreement), proposal) == "Lønnssamtale"
        assert [open_why(person, proposal) for person in others] == [None, None]
        agreed = actions.consent(access_of(agreement.superior, proposal.agreement), proposal)
        assert [open_why(person, agreed) for person in others] == ["Lønnssamtale", None]
        withdrawn = actions.withdraw(access_of(agreement.leader, agreed.agreement), agreed)
        assert open_why(reader, withdrawn) is None

    def test_does_not_open_in_another_place(self):
        agreement, reader = make_agreement(), make_user()
        one, other = share(agreement, reader), share(agreement, reader, section_id="")
        Share.objects.filter(pk=one.pk).update(purpose=other.purpose)
        assert open_why(access_of(agreement.leader, agreement), Share.objects.get(pk=one.pk)) is None


class TestForged:
    """A row that the plugin has not signed, or one that was changed after it was signed."""

    def test_a_row_by_hand_opens_nothing(self):
        agreement, reader = make_agreement(state=State.SIGNED), make_user()
        genuine = share(agreement, make_user())
        Share.objects.filter(pk=genuine.pk).update(reader=reader)
        values = {**Share.objects.filter(pk=genuine.pk).values().get(), "section_id": "", "status": "agreed"}
        for gone in ("id", "uuid"):
            values.pop(gone)
        by_hand = Share.objects.create(**values)
        assert reaches(reader) == []
        for made in (by_hand, Share.objects.get(pk=genuine.pk)):
            assert open_shared(reader=reader, share=made).answers == {}

    @pytest.mark.parametrize(
        "change", [{"section_id": ""}, {"until": timezone.localdate() + dt.timedelta(days=300)}]
    )
    def test_what_was_agreed_is_not_widened(self, change):
        agreement, reader = make_agreement(), make_user()
        agreed = share(agreement, reader)
        assert reaches(reader)
        Share.objects.filter(pk=agreed.pk).update(**change)
        assert reaches(reader) == []

    def test_a_proposal_set_active_by_hand_opens_nothing(self):
        agreement, reader = make_agreement(), make_user()
        proposal = propose(agreement, reader)
        Share.objects.filter(pk=proposal.pk).update(status="agreed", answered_at=timezone.now())
        assert reaches(reader) == []
