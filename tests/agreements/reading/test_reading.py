"""The functions that open texts ask by themselves who reads, whatever the page before them has asked (R2)."""

import pytest
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import Agreement, Reading, Signature
from leder.agreements.reading.current import open_shared, open_texts, texts_for_work
from leder.agreements.reading.earlier import earlier_seals_for, open_earlier_seal
from leder.agreements.reading.sealed import (
    open_place,
    open_seal,
    open_shared_seal,
    open_signed_record,
    record_of_both,
)
from leder.agreements.states import State
from leder.agreements.vault import cipher as vault
from leder.conversations import actions as conversing
from leder.sharing import actions as sharing
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    access_of,
    bring_to,
    confirm,
    leave_office,
    make_agreement,
    make_user,
    reopen,
    share,
    sign,
)

pytestmark = pytest.mark.django_db

GOAL = new_goal(id="goal-1", goal="Et mål")


@pytest.fixture
def agreement():
    agreement = make_agreement()
    for section in (SECTION, PRIVATE_SECTION):
        actions.save_section(
            access_of(agreement.leader, agreement),
            section_id=section,
            version=0,
            payload={"note": "Skrevet", "answers": {}, "choices": [], "goals": []},
        )
    return agreement


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def test_a_superior_who_has_left_opens_nothing(agreement):
    """Still named as superior, which is all that the rules of each text ask for."""
    superior = agreement.superior
    assert texts_for_work(access_of(superior, agreement)).answers
    leave_office(agreement)
    with pytest.raises(actions.RuleBroken):
        access_of(superior, agreement)
    assert not agreement.readings.exists()


def test_private_sections_ask_for_a_recent_sign_in(agreement):
    texts = open_texts(access_of(agreement.superior, fresh(agreement), recent=False))
    assert texts.answers.keys() == {SECTION}
    assert texts.closed[PRIVATE_SECTION] == 1
    texts = open_texts(access_of(agreement.superior, fresh(agreement)))
    assert texts.answers.keys() == {SECTION, PRIVATE_SECTION}


def test_a_seal_with_one_signature_is_not_what_was_signed(agreement):
    bring_to(agreement, State.SIGNED)
    opened = open_texts(access_of(agreement.leader, fresh(agreement)))
    assert not opened.altered
    Signature.objects.filter(role="superior").delete()
    opened = open_texts(access_of(agreement.leader, fresh(agreement)))
    assert {SECTION, PRIVATE_SECTION} <= opened.altered


def test_the_signed_record_is_for_a_former_superior_alone(agreement):
    bring_to(agreement, State.SIGNED)
    for person in (make_user(is_superuser=True), make_agreement().superior, agreement.superior):
        assert open_signed_record(reader=person, agreement=agreement) is None
    assert not agreement.readings.exists()
    leave_office(agreement)
    assert open_signed_record(reader=agreement.superior, agreement=agreement) is not None


def test_a_record_needs_both_signatures(agreement):
    bring_to(agreement, State.SIGNED)
    seal = agreement.seals.get()
    assert record_of_both(agreement, seal) is not None
    kept = seal.signatures.get(role="superior")
    kept.delete()
    assert record_of_both(agreement, seal) is None
    # Put in again by one who writes to the database, with all that the chain says of it, and another place.
    Signature.objects.create(
        seal=seal,
        role="superior",
        signer=agreement.superior,
        signed_at=kept.signed_at,
        place=b"\x01" * 600,
        place_digest=kept.place_digest,
        mac=kept.mac,
    )
    assert record_of_both(agreement, seal) is None


def test_the_place_of_a_signature_is_for_the_parties(agreement):
    bring_to(agreement, State.SIGNED)
    signature = Signature.objects.get(role="leader")
    assert open_place(access_of(agreement.superior, agreement), signature) == "Lørenskog"
    # With access to another agreement it does not open.
    other = make_agreement()
    assert open_place(access_of(other.leader, other), signature) == ""


@pytest.fixture
def reopened(agreement):
    bring_to(agreement, State.SIGNED)
    reopen(agreement)
    return fresh(agreement)


def test_an_earlier_seal_is_for_those_who_signed_it(reopened):
    seal = reopened.reopenings.get().seal
    for stranger in (make_user(is_superuser=True), make_agreement().leader):
        assert open_earlier_seal(reader=stranger, seal=seal) is None
    # What stands now is no earlier one, not for the two either.
    for person in (reopened.leader, reopened.superior):
        sign(reopened, person)
    standing = reopened.seals.get(voided_at=None)
    assert open_earlier_seal(reader=reopened.leader, seal=standing) is None
    assert open_earlier_seal(reader=reopened.leader, seal=seal) is not None


def test_of_deleted_text_nothing_earlier_is_listed(reopened):
    assert earlier_seals_for(reader=reopened.leader, agreement=reopened)
    reopened.text_deleted_at = timezone.now()
    assert earlier_seals_for(reader=reopened.leader, agreement=reopened) == []


def test_what_is_shared_opens_to_its_reader_alone(agreement):
    reader = make_user()
    shared = share(agreement, reader, section_id=SECTION)
    for person in (make_user(is_superuser=True), agreement.leader):
        assert open_shared(reader=person, share=shared).answers == {}
    assert not agreement.readings.exists()
    assert open_shared(reader=reader, share=shared).answers.keys() == {SECTION}
    sharing.withdraw(access_of(agreement.superior, shared.agreement), shared)
    assert open_shared(reader=reader, share=shared).answers == {}


def test_a_seal_is_for_those_who_signed_it(agreement):
    bring_to(agreement, State.SIGNED)
    seal = agreement.seals.select_related("agreement").get()
    for person in (agreement.leader, agreement.superior):
        assert open_seal(access_of(person, seal.agreement), seal)["sections"]
    # The superior of today is of another pair than the one that signed.
    accesses = [access_of(person, agreement) for person in (agreement.leader, agreement.superior)]
    for each in accesses:
        each.agreement.pair = "2" * 32
    assert open_seal(accesses[0], seal)["sections"]
    with pytest.raises(PermissionError):
        open_seal(accesses[1], seal)
    # With access to another agreement it does not open.
    other = make_agreement()
    with pytest.raises(vault.DamagedText):
        open_seal(access_of(other.leader, other), seal)


def test_the_record_without_private_parts_is_for_one_who_is_given_the_whole(agreement):
    bring_to(agreement, State.SIGNED)
    reader, seal = make_user(), agreement.seals.select_related("agreement").get()
    with pytest.raises(PermissionError):
        open_shared_seal(reader=reader, seal=seal, share=share(agreement, reader, section_id=SECTION))
    whole = share(agreement, reader, section_id="")
    for other in (make_agreement(state=State.SIGNED), make_agreement(state=State.SIGNED)):
        with pytest.raises(PermissionError):
            open_shared_seal(reader=reader, seal=other.seals.get(), share=whole)
    assert not Reading.objects.exists()
    held = open_shared_seal(reader=reader, seal=seal, share=whole)
    assert {each["id"] for each in held["sections"] if "left_out" in each} == {PRIVATE_SECTION}


def test_how_private_goals_stand_is_left_out_of_a_follow_up():
    """The record of a follow-up does not say itself which goals are private: the form does."""
    agreement, reader = make_agreement(), make_user()
    for section in (SECTION, PRIVATE_SECTION):
        save(agreement, actions.save_section, section, goals=[GOAL], note="", answers={}, choices=[])
    bring_to(agreement, State.SIGNED)
    for section in (SECTION, PRIVATE_SECTION):
        stands = {GOAL["id"]: {"status": "started", "comment": "I gang"}}
        save(agreement, actions.save_progress, section, goals=stands, note="")
    conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
    for person in (agreement.leader, agreement.superior):
        confirm(agreement, person)
    seal = agreement.seals.get(kind="follow_up")
    held = open_shared_seal(reader=reader, seal=seal, share=share(agreement, reader, section_id=""))
    whole = repr(open_seal(access_of(agreement.leader, seal.agreement), seal)["progress"])
    assert SECTION in whole
    assert PRIVATE_SECTION in whole
    assert SECTION in repr(held["progress"])
    assert PRIVATE_SECTION not in repr(held["progress"])


def save(agreement, act, section, **payload):
    act(access_of(agreement.leader, agreement), section_id=section, version=0, payload=payload)
