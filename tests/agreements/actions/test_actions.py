"""The life of an agreement through its actions: what is allowed, and that a denied act changes nothing."""

from functools import partial

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from leder.agreements import actions
from leder.agreements.models import Agreement, Comment, Entry, Event, Seal
from leder.agreements.reading.current import open_texts, texts_for_work
from leder.agreements.reading.sealed import open_seal
from leder.agreements.seals.record import agreement_record
from leder.agreements.states import State
from leder.canonical import digest
from tests import factories
from tests.factories import PRIVATE_SECTION, SECTION, leave_office, make_agreement, make_user

pytestmark = pytest.mark.django_db


def payload(note="Et mål", **extra):
    return {"note": note, "answers": {}, "choices": [], "goals": [], **extra}


def save(agreement, person, version=0, note="Et mål", section=SECTION, **extra):
    return actions.save_section(
        factories.access_of(person, agreement),
        section_id=section,
        version=version,
        payload=payload(note, **extra),
    )


def read(agreement, person, section=SECTION):
    return open_texts(factories.access_of(person, agreement)).answers[section]


class TestWriting:
    def test_both_write_and_read_the_same_text(self):
        agreement = make_agreement()
        save(agreement, agreement.leader)
        save(agreement, agreement.superior, version=1, note="Et bedre mål")
        assert read(agreement, agreement.leader).payload["note"] == "Et bedre mål"
        assert read(agreement, agreement.leader).version == 2

    def test_a_stale_version_is_refused_and_overwrites_nothing(self):
        agreement = make_agreement()
        save(agreement, agreement.leader, note="Først")
        with pytest.raises(actions.VersionConflict) as conflict:
            save(agreement, agreement.superior, version=0, note="Samtidig")
        assert conflict.value.current_version == 1
        assert read(agreement, agreement.superior).payload["note"] == "Først"

    def test_the_same_words_again_never_conflict(self):
        agreement = make_agreement()
        save(agreement, agreement.leader)
        assert save(agreement, agreement.superior, version=0).version == 1

    @pytest.mark.parametrize("superuser", [False, True])
    def test_a_stranger_writes_nothing(self, superuser):
        agreement = make_agreement()
        stranger = make_user(is_superuser=superuser)
        with pytest.raises(actions.RuleBroken):
            save(agreement, stranger)
        with pytest.raises(actions.RuleBroken):
            actions.add_comment(factories.access_of(stranger, agreement), section_id=SECTION, text="Hei")
        assert not Entry.objects.exists()
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("state", [State.SIGNED, State.FOLLOWED_UP])
    def test_what_is_signed_stays(self, state):
        agreement = make_agreement()
        save(agreement, agreement.leader)
        factories.bring_to(agreement, state)
        with pytest.raises(actions.RuleBroken):
            save(agreement, agreement.leader, version=1, note="Endret")
        assert read(agreement, agreement.leader).payload["note"] == "Et mål"

    def test_an_unknown_section_is_refused(self):
        agreement = make_agreement()
        with pytest.raises(actions.RuleBroken):
            save(agreement, agreement.leader, section="finnes-ikke")
        assert not Entry.objects.exists()

    def test_the_follow_up_section_waits_for_the_signatures(self):
        agreement = make_agreement(state=State.DISCUSSED)
        with pytest.raises(actions.RuleBroken):
            save(agreement, agreement.leader, section=factories.FOLLOW_UP_SECTION)
        assert not Entry.objects.exists()


class TestReview:
    def test_approval_counts_for_the_version_it_was_given_on(self):
        agreement = make_agreement()
        save(agreement, agreement.leader)
        with pytest.raises(actions.VersionConflict):
            actions.approve_section(
                factories.access_of(agreement.superior, agreement), section_id=SECTION, version=0
            )
        assert not agreement.reviews.exists()
        actions.approve_section(
            factories.access_of(agreement.superior, agreement), section_id=SECTION, version=1
        )
        assert agreement.reviews.get().verdict == "approved"

    def test_the_leader_does_not_review(self):
        agreement = make_agreement()
        with pytest.raises(actions.RuleBroken):
            actions.approve_section(
                factories.access_of(agreement.leader, agreement), section_id=SECTION, version=0
            )
        assert not agreement.reviews.exists()

    def test_asking_for_changes_stops_the_signing_until_something_changes(
        self, django_capture_on_commit_callbacks
    ):
        agreement = make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader)
        with django_capture_on_commit_callbacks(execute=True):
            actions.ask_for_changes(
                factories.access_of(agreement.superior, agreement),
                section_id=SECTION,
                version=1,
                comment="Konkret mål, takk",
            )
        assert [message.to for message in mail.outbox] == [[agreement.leader.email]]
        assert "Konkret" not in mail.outbox[0].body
        with pytest.raises(actions.RuleBroken):
            factories.sign(agreement, agreement.leader)
        save(agreement, agreement.leader, version=1, note="Konkret")
        factories.sign(agreement, agreement.leader)


class TestSigning:
    def test_both_sign_one_hash_and_the_record_holds_text_and_answers(self):
        agreement = make_agreement(state=State.DISCUSSED)
        choice = {"id": "expectation-1", "stance": "strength", "why": "Fordi"}
        save(agreement, agreement.leader, section=PRIVATE_SECTION, choices=[choice])
        factories.sign(agreement, agreement.leader)
        factories.sign(agreement, agreement.superior)
        seal = agreement.seals.get()
        record = open_seal(factories.access_of(agreement.leader, seal.agreement), seal)
        assert digest(record) == seal.sha256
        assert {signature.role for signature in seal.signatures.all()} == {"leader", "superior"}
        section = next(s for s in record["sections"] if s["id"] == PRIVATE_SECTION)
        assert section["cited"] == {"expectation-1": "Setter innbyggeren først"}
        assert section["written"]["choices"] == [choice]

    def test_signing_waits_for_the_conversation(self):
        agreement = make_agreement(state=State.PREPARED)
        with pytest.raises(actions.RuleBroken):
            factories.sign(agreement, agreement.leader)
        assert not Seal.objects.exists()

    def test_signing_something_else_than_was_read_is_refused(self):
        agreement = make_agreement(state=State.DISCUSSED)
        texts = open_texts(factories.access_of(agreement.leader, agreement))
        read_hash = digest(agreement_record(agreement, texts))
        save(agreement, agreement.superior, note="Kom imellom")
        with pytest.raises(actions.ContentChanged):
            actions.sign(
                factories.access_of(agreement.leader, agreement), place="Her", content_hash=read_hash
            )
        agreement.refresh_from_db()
        assert agreement.state == State.DISCUSSED
        assert not Seal.objects.exists()

    def test_one_does_not_sign_twice(self):
        agreement = make_agreement(state=State.SIGNING)
        with pytest.raises(actions.RuleBroken):
            factories.sign(agreement, agreement.leader)
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNING

    def test_a_change_after_the_first_signature_voids_it_and_tells(self, django_capture_on_commit_callbacks):
        agreement = make_agreement(state=State.SIGNING)
        with django_capture_on_commit_callbacks(execute=True):
            save(agreement, agreement.superior, note="Hemmelig endring")
        agreement.refresh_from_db()
        assert agreement.state == State.DISCUSSED
        assert Seal.objects.get().voided_at is not None
        assert agreement.events.filter(kind=Event.Kind.VOIDED).exists()
        assert [message.to for message in mail.outbox] == [[agreement.leader.email]]
        assert "Hemmelig" not in mail.outbox[0].subject + mail.outbox[0].body

    def test_a_new_name_between_the_signatures_asks_the_first_to_sign_again(self):
        agreement = make_agreement(state=State.SIGNING)
        agreement.leader.last_name = "Nygift"
        agreement.leader.save()
        agreement = Agreement.objects.get(pk=agreement.pk)
        factories.sign(agreement, agreement.superior)
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNING
        assert agreement.seals.filter(voided_at=None).get().signatures.get().role == "superior"
        factories.sign(agreement, agreement.leader)
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNED

    def test_saving_the_same_words_voids_nothing(self):
        agreement = make_agreement(state=State.DISCUSSED)
        save(agreement, agreement.leader)
        factories.sign(agreement, agreement.leader)
        save(agreement, agreement.superior, version=1)
        agreement.refresh_from_db()
        assert agreement.state == State.SIGNING

    def test_the_next_year_replaces_the_earlier_one_when_both_have_signed(self):
        earlier = make_agreement(state=State.SIGNED)
        later = make_agreement(leader=earlier.leader, superior=earlier.superior, year=factories.YEAR + 1)
        assert later.previous == earlier
        factories.bring_to(later, State.SIGNING)
        earlier.refresh_from_db()
        assert earlier.state == State.SIGNED
        factories.sign(later, later.superior)
        earlier.refresh_from_db()
        assert earlier.state == State.REPLACED


class TestFollowUp:
    def test_confirmed_by_both(self):
        agreement = make_agreement(state=State.FOLLOWED_UP)
        assert agreement.follow_up_on is not None
        assert agreement.seals.filter(kind=Seal.Kind.FOLLOW_UP).get().signatures.count() == 2

    def test_waits_for_the_conversation(self):
        agreement = make_agreement(state=State.SIGNED)
        with pytest.raises(actions.RuleBroken):
            factories.confirm(agreement, agreement.leader)
        assert agreement.seals.count() == 1

    def test_unfinished_goals_are_carried_over_once(self):
        agreement = make_agreement()
        goals = [
            {"id": f"g{n}", "goal": f"Mål {n}", "measures": "", "due": "2027-12-01", "carried_from": ""}
            | {"responsible": "leader", "status": status}
            for n, status in enumerate(["open", "reached", "started"])
        ]
        save(agreement, agreement.leader, goals=goals)
        factories.bring_to(agreement, State.SIGNED)
        actions.save_progress(
            factories.access_of(agreement.leader, agreement),
            section_id=SECTION,
            version=0,
            payload={"note": "", "goals": {"g2": {"status": "reached", "comment": ""}}},
        )
        later = make_agreement(leader=agreement.leader, superior=agreement.superior, year=factories.YEAR + 1)
        access = factories.access_of(later.leader, later)
        chosen = {"g0": "2028-05-01", "g1": "", "g2": ""}
        carry = partial(actions.carry_over_goals, access, section_id=SECTION)
        assert carry(version=0, chosen={"g3": ""}) == 0
        assert carry(version=0, chosen=chosen) == 1
        assert carry(version=1, chosen=chosen) == 0
        [goal] = read(later, later.leader).payload["goals"]
        assert (goal["goal"], goal["carried_from"], goal["due"]) == ("Mål 0", "g0", "2028-05-01")

    def test_a_new_superior_carries_nothing_over_from_what_they_may_not_read(self):
        agreement = make_agreement()
        goal = {"id": "g1", "goal": "Mål", "measures": "", "due": "", "carried_from": ""}
        save(agreement, agreement.leader, goals=[{**goal, "responsible": "leader", "status": "open"}])
        factories.bring_to(agreement, State.SIGNED)
        later = make_agreement(leader=agreement.leader, year=factories.YEAR + 1)
        assert (
            actions.carry_over_goals(
                factories.access_of(later.superior, later), section_id=SECTION, version=0, chosen={"g1": ""}
            )
            == 0
        )

    @pytest.mark.parametrize(("same", "carried"), [(True, 1), (False, 0)])
    def test_private_goals_come_along_only_where_the_two_are_the_same(self, same, carried):
        agreement = make_agreement()
        goal = {"id": "g1", "goal": "Privat", "measures": "", "due": "", "carried_from": ""}
        goals = [{**goal, "responsible": "leader", "status": "open"}]
        save(agreement, agreement.leader, section=PRIVATE_SECTION, goals=goals)
        factories.bring_to(agreement, State.SIGNED)
        superior = agreement.superior if same else None
        later = make_agreement(leader=agreement.leader, superior=superior, year=factories.YEAR + 1)
        access = factories.access_of(later.leader, later)
        chosen = {"g1": ""}
        added = actions.carry_over_goals(access, section_id=PRIVATE_SECTION, version=0, chosen=chosen)
        assert added == carried
        assert later.entries.count() == carried


class TestOpening:
    def test_never_two_that_stand_for_one_leader_and_year(self):
        agreement = make_agreement()
        with pytest.raises(actions.RuleBroken):
            make_agreement(leader=agreement.leader)
        agreement.pk, agreement.uuid = None, "00000000-0000-0000-0000-000000000001"
        agreement.superior = make_user()
        with pytest.raises(IntegrityError), transaction.atomic():
            agreement.save()
        assert Agreement.objects.count() == 1

    def test_nobody_is_their_own_superior(self):
        person = make_user()
        with pytest.raises(actions.RuleBroken):
            make_agreement(leader=person, superior=person)
        assert not Agreement.objects.exists()


def test_a_superior_whose_office_has_ended_signs_nothing():
    agreement = make_agreement(state=State.DISCUSSED)
    record = agreement_record(agreement, texts_for_work(factories.access_of(agreement.superior, agreement)))
    leave_office(agreement)
    with pytest.raises(actions.RuleBroken):
        actions.sign(
            factories.access_of(agreement.superior, agreement), place="Her", content_hash=digest(record)
        )
    assert not agreement.seals.exists()
