"""Opening again what both have signed: what each act changes, and what a refusal leaves alone (R7)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.access.reopenings import standing_proposal
from leder.agreements.actions import RuleBroken
from leder.agreements.models import Agreement, Event, Reopening, Seal, SealLink
from leder.agreements.reading.earlier import earlier_seals_for, open_earlier_seal
from leder.agreements.reading.sealed import open_seal
from leder.agreements.reading.why import open_why
from leder.agreements.rules import may_propose_reopening
from leder.agreements.states import State, Step, advance
from leder.conversations import actions as conversing
from leder.safekeeping import deletion
from leder.safekeeping.verification import findings
from leder.year.leaving import end_for_leaver
from tests.concurrency.lives import save
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    SECTION,
    access_of,
    bring_to,
    confirm,
    leave_office,
    make_agreement,
    make_user,
    propose_reopening,
    reopen,
    sign,
)

pytestmark = pytest.mark.django_db
KINDS = ("reopening", "reopened", "not_opened", "unproposed", "voided")


@pytest.fixture
def agreement():
    agreement = make_agreement()
    save(agreement, agreement.leader, "felles, signert")
    save(agreement, agreement.leader, "privat, signert", section=PRIVATE_SECTION)
    return bring_to(agreement, State.SIGNED)


def events(agreement):
    return list(agreement.events.filter(kind__in=KINDS).values_list("kind", "actor"))


def standing(agreement):
    return agreement.seals.get(kind=Seal.Kind.AGREEMENT, voided_at=None)


def state_of(agreement):
    """Everything that an act on a reopening may change."""
    tables = (agreement.reopenings, agreement.seals, agreement.events)
    rows = [list(table.order_by("pk").values()) for table in tables]
    links = list(SealLink.objects.values_list("digest", flat=True))
    return [Agreement.objects.filter(pk=agreement.pk).values().get(), rows, links]


def refused(about, act, *args, **kwargs):
    """Try, and see that nothing has changed."""
    before = state_of(about)
    with pytest.raises(RuleBroken) as raised:
        act(*args, **kwargs)
    assert state_of(about) == before
    return raised


def answer(act, person, row):
    """Answer a proposal, as one who opens the page now."""
    return act(access_of(person, row.agreement), row)


def propose_again(person, agreement, seal_uuid):
    """Propose what a page with this seal leads to."""
    return actions.propose_reopening(access_of(person, agreement), seal_uuid=seal_uuid, reason="x")


@pytest.mark.parametrize("proposer", ["leader", "superior"])
def test_nothing_is_opened_until_the_other_agrees(proposer, agreement):
    one = getattr(agreement, proposer)
    other = agreement.superior if proposer == "leader" else agreement.leader
    seal, signed_at = standing(agreement), agreement.signed_at
    proposal = propose_reopening(agreement, by=one)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at) == (State.SIGNED, signed_at)
    assert standing(agreement) == seal
    assert earlier_seals_for(reader=one, agreement=agreement) == []
    refused(agreement, save, agreement, agreement.leader, "nytt", version=1)
    actions.consent_to_reopening(access_of(other, proposal.agreement), proposal)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at, agreement.signed_pair) == (State.DISCUSSED, None, "")
    assert agreement.reopened_at is not None
    assert events(agreement) == [(Event.Kind.REOPENING, one.pk), (Event.Kind.REOPENED, other.pk)]
    row = agreement.reopenings.get()
    assert (row.status, row.answered_by, row.seal) == ("agreed", other, seal)
    assert row.is_genuine
    save(agreement, agreement.leader, "nytt", version=1)


def test_what_was_signed_stays_as_it_was_whatever_comes_after(agreement):
    seal = standing(agreement)
    before = open_seal(access_of(agreement.leader, seal.agreement), seal)
    for number in (1, 2):
        reopen(agreement)
        save(agreement, agreement.leader, f"nytt {number}", version=number)
        for person in (agreement.leader, agreement.superior):
            sign(agreement, person)
        agreement.refresh_from_db()
    assert agreement.state == State.SIGNED
    assert list(SealLink.objects.order_by("number").values_list("kind", flat=True)) == [
        "first", "sealed", "reopened", "first", "sealed", "reopened", "first", "sealed",
    ]  # fmt: skip
    for person in (agreement.leader, agreement.superior):
        first, second = earlier_seals_for(reader=person, agreement=agreement)
        assert open_earlier_seal(reader=person, seal=first.seal) == before
        words = [section["written"]["note"] for section in before["sections"]]
        assert words[:2] == ["felles, signert", "privat, signert"]
        again = open_earlier_seal(reader=person, seal=second.seal)
        assert again["sections"][0]["written"]["note"] == "nytt 1"
        assert first.signed_at < first.reopened_at < second.signed_at < second.reopened_at
        assert [each.signer for each in first.signatures] == [agreement.leader, agreement.superior]
    kinds = agreement.readings.filter(kind="record").values_list("reader", "version")
    assert sorted(kinds) == sorted(
        (person.pk, each.seal.pk)
        for person in (agreement.leader, agreement.superior)
        for each in (first, second)
    )
    assert list(findings(with_texts=True)) == []


def test_what_goes_on_goes_on(agreement):
    """Answers, comments, the follow-up as far as it has come: nothing is lost, and it comes back when signed anew."""
    save(agreement, agreement.superior, "oppfølging", section=FOLLOW_UP_SECTION)
    payload = {"note": "fremdrift", "goals": {}}
    actions.save_progress(
        access_of(agreement.leader, agreement), section_id=SECTION, version=0, payload=payload
    )
    conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
    agreement.refresh_from_db()
    texts = list(agreement.entries.order_by("pk").values_list("kind", "section_id", "version"))
    reopen(agreement)
    assert list(agreement.entries.order_by("pk").values_list("kind", "section_id", "version")) == texts
    refused(agreement, save, agreement, agreement.leader, "mer", version=1, section=FOLLOW_UP_SECTION)
    for person in (agreement.leader, agreement.superior):
        sign(agreement, person)
    save(agreement, agreement.leader, "mer", version=1, section=FOLLOW_UP_SECTION)
    for person in (agreement.leader, agreement.superior):
        confirm(agreement, person)
    agreement.refresh_from_db()
    assert agreement.state == State.FOLLOWED_UP


def test_a_confirmation_that_waits_is_voided_and_told(
    agreement, mailoutbox, django_capture_on_commit_callbacks
):
    conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
    confirm(agreement, agreement.leader)
    waiting = agreement.seals.get(kind=Seal.Kind.FOLLOW_UP)
    proposal = propose_reopening(agreement)
    with django_capture_on_commit_callbacks(execute=True):
        actions.consent_to_reopening(access_of(agreement.superior, proposal.agreement), proposal)
    waiting.refresh_from_db()
    assert waiting.voided_at is not None
    assert ("voided", None) in events(agreement)
    assert [message.to for message in mailoutbox] == [[agreement.leader.email]] * 2
    # Never signed by both, it is nothing that was agreed.
    assert [each.seal.kind for each in earlier_seals_for(reader=agreement.leader, agreement=agreement)] == [
        "agreement"
    ]
    assert list(findings()) == []


def test_both_are_told_and_never_why(agreement, mailoutbox, django_capture_on_commit_callbacks):
    leader, superior = agreement.leader, agreement.superior

    def told(act, *args, **kwargs):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            result = act(*args, **kwargs)
        assert not [message for message in mailoutbox if "Hemmelig" in message.subject + message.body]
        return result, [message.to for message in mailoutbox]

    first, to = told(propose_reopening, agreement, reason="Hemmelig grunn")
    assert to == [[superior.email]]
    _row, to = told(answer, actions.decline_reopening, superior, first)
    assert to == [[leader.email]]
    second, _to = told(propose_reopening, agreement, by=superior, reason="Hemmelig grunn")
    _row, to = told(answer, actions.withdraw_reopening, superior, second)
    assert to == [[leader.email]]
    third, _to = told(propose_reopening, agreement, reason="Hemmelig grunn")
    _row, to = told(answer, actions.consent_to_reopening, superior, third)
    assert to == [[leader.email]]
    assert events(agreement) == [
        ("reopening", leader.pk), ("not_opened", superior.pk), ("reopening", superior.pk),
        ("unproposed", superior.pk), ("reopening", leader.pk), ("reopened", superior.pk),
    ]  # fmt: skip


class TestWho:
    def test_the_one_who_proposes_does_not_consent_or_decline(self, agreement):
        proposal = propose_reopening(agreement)
        for act in (actions.consent_to_reopening, actions.decline_reopening):
            refused(agreement, answer, act, agreement.leader, proposal)
        refused(agreement, answer, actions.withdraw_reopening, agreement.superior, proposal)

    def test_nobody_else_does_anything(self, agreement):
        others = [make_user(), make_user(is_superuser=True), make_agreement().leader]
        seal = str(standing(agreement).uuid)
        for person in others:
            refused(
                agreement,
                lambda person, seal_uuid: actions.propose_reopening(
                    access_of(person, agreement), seal_uuid=seal_uuid, reason="x"
                ),
                person,
                seal,
            )
        proposal = propose_reopening(agreement)
        for person in others:
            for act in (
                actions.consent_to_reopening,
                actions.decline_reopening,
                actions.withdraw_reopening,
            ):
                refused(agreement, answer, act, person, proposal)

    def test_nobody_takes_back_what_the_other_proposed(self, agreement):
        for by, other in ((agreement.leader, agreement.superior), (agreement.superior, agreement.leader)):
            proposal = propose_reopening(agreement, by=by)
            refused(agreement, answer, actions.withdraw_reopening, other, proposal)
            actions.withdraw_reopening(access_of(by, proposal.agreement), proposal)

    @pytest.mark.parametrize("proposer", ["leader", "superior"])
    def test_not_when_the_superior_has_left_office(self, proposer, agreement):
        proposal = propose_reopening(agreement, by=getattr(agreement, proposer))
        other = agreement.superior if proposer == "leader" else agreement.leader
        leave_office(agreement)
        refused(agreement, answer, actions.consent_to_reopening, other, proposal)
        refused(agreement, propose_reopening, agreement, by=agreement.superior)

    def test_one_at_a_time(self, agreement):
        propose_reopening(agreement)
        for person in (agreement.leader, agreement.superior):
            raised = refused(agreement, propose_reopening, agreement, by=person)
            assert raised.type is actions.AlreadyProposed

    def test_the_database_has_the_last_word_on_once(self, agreement):
        row = propose_reopening(agreement)
        values = Reopening.objects.filter(pk=row.pk).values().get()
        for gone in ("id", "uuid"):
            values.pop(gone)
        with pytest.raises(IntegrityError), transaction.atomic():
            Reopening.objects.create(**values)

    def test_an_answer_is_given_once(self, agreement):
        proposal = propose_reopening(agreement)
        actions.decline_reopening(access_of(agreement.superior, proposal.agreement), proposal)
        for act in (actions.consent_to_reopening, actions.decline_reopening):
            refused(agreement, answer, act, agreement.superior, proposal)
        refused(agreement, answer, actions.withdraw_reopening, agreement.leader, proposal)
        reopen(agreement, by=agreement.superior)


class TestWhen:
    @pytest.mark.parametrize(
        "state", [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING, State.FOLLOWED_UP]
    )
    def test_only_what_both_have_signed_and_nobody_confirmed(self, state):
        agreement = make_agreement(state=state)
        seal = agreement.seals.filter(kind=Seal.Kind.AGREEMENT).first()
        for person in (agreement.leader, agreement.superior):
            refused(
                agreement,
                lambda person, seal_uuid: actions.propose_reopening(
                    access_of(person, agreement), seal_uuid=seal_uuid, reason="x"
                ),
                person,
                str(seal.uuid) if seal else "",
            )

    @pytest.mark.parametrize("step", [Step.REPLACE, Step.END])
    def test_not_when_it_is_replaced_or_ended(self, step, agreement):
        advance(agreement, step)
        refused(agreement, propose_reopening, agreement)

    def test_an_old_page_counts_for_nothing(self, agreement):
        old = str(standing(agreement).uuid)
        reopen(agreement)
        for person in (agreement.leader, agreement.superior):
            sign(agreement, person)
        for seal in (old, "", "x"):
            raised = refused(
                agreement,
                lambda person, seal_uuid: actions.propose_reopening(
                    access_of(person, agreement), seal_uuid=seal_uuid, reason="x"
                ),
                agreement.leader,
                seal,
            )
            assert raised.type is actions.AnotherSeal


class TestItLapses:
    def lapsed(self, agreement, proposal):
        proposal.refresh_from_db()
        assert (proposal.status, proposal.ended_by, proposal.mac) == ("withdrawn", None, "")
        assert events(agreement)[-1] == ("unproposed", None)
        assert standing_proposal(agreement) is None

    def test_when_the_follow_up_is_confirmed_by_both(self, agreement):
        proposal = propose_reopening(agreement)
        conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
        for person in (agreement.leader, agreement.superior):
            confirm(agreement, person)
        self.lapsed(agreement, proposal)
        refused(agreement, answer, actions.consent_to_reopening, agreement.superior, proposal)

    def test_when_the_leader_leaves(self, agreement):
        proposal = propose_reopening(agreement)
        assert end_for_leaver(agreement=agreement, today=timezone.localdate())
        self.lapsed(agreement, proposal)
        refused(agreement, answer, actions.consent_to_reopening, agreement.superior, proposal)

    def test_when_next_years_is_signed(self, agreement):
        proposal = propose_reopening(agreement)
        following = make_agreement(
            leader=agreement.leader, superior=agreement.superior, year=agreement.year + 1
        )
        assert following.previous == agreement
        bring_to(following, State.SIGNED)
        self.lapsed(agreement, proposal)

    def test_when_the_text_is_deleted(self, agreement):
        proposal = propose_reopening(agreement)
        deletion.delete_texts([agreement.pk])
        proposal.refresh_from_db()
        assert (proposal.status, proposal.mac, bytes(proposal.reason)) == ("withdrawn", "", b"")


class TestTheReason:
    def test_is_ciphertext(self, agreement):
        row = propose_reopening(agreement, reason="Ny rolle fra mai")
        with connection.cursor() as cursor:
            cursor.execute("SELECT reason FROM leder_reopening WHERE id = %s", [row.pk])
            stored = bytes(cursor.fetchone()[0])
        assert b"rolle" not in stored
        assert len(stored) > 500

    def test_is_for_the_two_alone(self, agreement):
        row = propose_reopening(agreement, reason="Ny rolle")
        for person in (agreement.leader, agreement.superior):
            assert open_why(access_of(person, row.agreement), row) == "Ny rolle"
        for person in (make_user(), make_user(is_superuser=True)):
            with pytest.raises(RuleBroken):
                access_of(person, agreement)

    def test_does_not_open_in_another_place(self, agreement):
        one = propose_reopening(agreement, reason="En grunn")
        actions.withdraw_reopening(access_of(agreement.leader, one.agreement), one)
        other = propose_reopening(agreement, reason="En annen")
        Reopening.objects.filter(pk=other.pk).update(reason=bytes(one.reason))
        other = Reopening.objects.get(pk=other.pk)
        assert open_why(access_of(agreement.superior, other.agreement), other) is None
        refused(agreement, answer, actions.consent_to_reopening, agreement.superior, other)

    def test_that_does_not_open_is_not_consented_to(self, agreement):
        """The other agrees to a reason, not to a proposal alone."""
        row = propose_reopening(agreement)
        Reopening.objects.update(reason=b"\x01" * 600)
        refused(agreement, answer, actions.consent_to_reopening, agreement.superior, row)

    def test_goes_with_the_text_and_the_rest_stays_genuine(self, agreement):
        row = reopen(agreement)
        deletion.delete_texts([agreement.pk])
        row.refresh_from_db()
        assert bytes(row.reason) == b""
        assert row.is_genuine
        agreement.refresh_from_db()
        assert earlier_seals_for(reader=agreement.leader, agreement=agreement) == []
        assert list(findings(with_texts=True)) == []
        Reopening.objects.filter(pk=row.pk).update(reason=b"igjen")
        assert list(findings()) == [
            f"reopening {row.pk} of agreement {agreement.uuid}, whose text is deleted"
        ]


class TestByHand:
    """One who writes to the database."""

    def change(self, row, **values):
        Reopening.objects.filter(pk=row.pk).update(**values)
        return Reopening.objects.get(pk=row.pk)

    def test_a_proposal_that_was_changed_is_not_consented_to(self, agreement):
        superior, leader = agreement.superior, agreement.leader
        row = propose_reopening(agreement)
        # Turned round, so that the one who proposed could answer it.
        turned = self.change(row, proposed_by=superior)
        refused(agreement, answer, actions.consent_to_reopening, leader, turned)
        self.change(row, proposed_by=leader, proposed_at=timezone.now())
        refused(agreement, answer, actions.consent_to_reopening, superior, row)
        assert list(findings()) == [f"reopenings: row {row.pk} is not genuine (agreement {agreement.uuid})"]
        # Nobody's proposal stands in nobody's way.
        assert standing_proposal(agreement) is None
        reopen(agreement)

    def test_a_row_set_agreed_opens_nothing_and_is_named(self, agreement):
        row = propose_reopening(agreement)
        self.change(row, status="agreed", answered_by=agreement.superior, answered_at=timezone.now())
        assert earlier_seals_for(reader=agreement.leader, agreement=agreement) == []
        seal = standing(agreement)
        found = list(findings())
        assert f"reopenings: row {row.pk} is not genuine (agreement {agreement.uuid})" in found
        assert (
            f"seal: {seal.pk} was opened again by both, and is not voided (agreement {agreement.uuid})"
            in found
        )

    def test_a_seal_voided_is_named(self, agreement):
        seal = standing(agreement)
        Seal.objects.filter(pk=seal.pk).update(voided_at=timezone.now())
        Agreement.objects.filter(pk=agreement.pk).update(state=State.DISCUSSED, signed_at=None)
        found = list(findings())
        named = (
            f"seal: {seal.pk} was signed by both, and voided without a reopening (agreement {agreement.uuid})"
        )
        assert named in found

    def test_a_seal_that_does_not_open_is_not_reopened(self, agreement):
        row = propose_reopening(agreement)
        seal = standing(agreement)
        seal.signatures.filter(role="leader").update(place=b"\x01" + b"x" * 40)
        refused(agreement, answer, actions.consent_to_reopening, agreement.superior, row)
        seal.signatures.filter(role="leader").delete()
        refused(agreement, answer, actions.consent_to_reopening, agreement.superior, row)

    def test_one_of_another_agreement_is_not_moved_here(self, agreement):
        other = make_agreement(leader=make_user(), superior=agreement.superior, state=State.SIGNED)
        row = propose_reopening(other)
        moved = self.change(row, agreement=agreement, seal=standing(agreement))
        refused(agreement, answer, actions.consent_to_reopening, agreement.superior, moved)
        assert earlier_seals_for(reader=agreement.leader, agreement=agreement) == []

    def test_every_column_that_says_something_is_signed(self, agreement):
        """What the seal, the pair, the two and the two dates are, is covered; state and reason are told otherwise."""
        row = reopen(agreement)
        assert row.is_genuine
        other = make_agreement(state=State.SIGNED)
        changes = {
            "agreement": other,
            "seal": standing(other),
            "pair": "0" * 32,
            "proposed_by": other.leader,
            "proposed_at": timezone.now(),
            "answered_by": other.leader,
            "answered_at": timezone.now(),
            "uuid": other.uuid,
        }
        # What has ended has no signature.
        told_otherwise = {"id", "status", "reason", "mac", "ended_by", "ended_at"}
        assert {field.name for field in Reopening._meta.fields} == {*changes, *told_otherwise}
        for name, value in changes.items():
            changed = Reopening.objects.get(pk=row.pk)
            setattr(changed, name, value)
            assert not changed.is_genuine, name

    def test_a_proposal_put_in_by_hand_waits_for_nobody(self, agreement):
        row = propose_reopening(agreement)
        assert standing_proposal(agreement) == row
        self.change(row, mac="")
        assert standing_proposal(agreement) is None


def test_what_text_is_deleted_of_is_not_reopened(agreement):
    """The date alone tells it: the seal stands as it did, and nothing else of the state says that the text is gone."""
    assert may_propose_reopening(access_of(agreement.leader, agreement))
    Agreement.objects.filter(pk=agreement.pk).update(text_deleted_at=timezone.now())
    agreement.refresh_from_db()
    before = state_of(agreement)
    for person in (agreement.leader, agreement.superior):
        assert not may_propose_reopening(access_of(person, agreement))
        with pytest.raises(RuleBroken):
            propose_reopening(agreement, by=person)
    assert state_of(agreement) == before
