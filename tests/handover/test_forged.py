"""Rows written by hand in the database open nothing, and are named."""

import datetime as dt
import logging
import uuid

import pytest
from django.utils import timezone

from leder import keyed
from leder.agreements.access.grants import signed_by_former
from leder.agreements.actions import RuleBroken
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    Comment,
    Entry,
    Handover,
    Seal,
)
from leder.agreements.reading.sealed import open_signed_record
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.handover import actions, deciding
from leder.safekeeping.renewal import renew_data_keys
from leder.safekeeping.rotation import rotate
from leder.safekeeping.verification import findings
from tests.factories import PRIVATE_SECTION, access_of, make_user, opened_by
from tests.handover.conftest import day
from tests.handover.writing import everything_before, let_read, prepare, texts_of, words_of, write

pytestmark = pytest.mark.django_db
SHARED = {"felles", "felles kommentar"}


@pytest.fixture
def case(case_in):
    """Signed with one, handed over to another."""
    made = case_in(State.SIGNED, everything_before)
    made.hand_over()
    return made


@pytest.fixture
def access_log(caplog):
    caplog.set_level(logging.WARNING, "leder.access")
    return caplog


def shown(case, person):
    """What opens for a person, whatever is damaged."""
    kinds = ("answer", "progress", "preparation", "comment")
    texts = opened_by(person, case.agreement, kinds=kinds, kept=True)
    found = [*texts.answers.values(), *texts.progress.values(), *texts.preparations.values()]
    found += [each.text for each in texts.kept]
    words = {text.payload["note"] for text in found}
    return (words | {one.text for many in texts.comments.values() for one in many}) - {""}


def forged(case, **values):
    done = Handover.objects.get()
    return Handover(
        **{
            "uuid": uuid.uuid4(),
            "agreement": case.agreement,
            "former": done.former,
            "former_position": done.former_position,
            "former_title": "",
            "successor": done.successor,
            "successor_position": done.successor_position,
            "on": day(),
            "planned_by": case.hr,
            "planned_at": timezone.now(),
            "carried_out_at": timezone.now(),
            "status": "carried_out",
            **values,
        }
    )


class TestFormer:
    def test_an_inserted_row_makes_nobody_a_former_superior(self, case, access_log):
        stranger = make_user()
        forged(case, former=stranger, mac=Handover.objects.get().mac).save()
        assert not signed_by_former(stranger).exists()
        assert open_signed_record(reader=stranger, agreement=case.fresh()) is None
        assert "forged handover" in access_log.text
        assert any(line.startswith("handovers: row") for line in findings())

    @pytest.mark.parametrize("field", ["former", "successor", "former_pair", "successor_pair", "agreement"])
    def test_a_changed_row_gives_nothing(self, case, field, case_in, access_log):
        row = Handover.objects.get()
        stranger = make_user()
        values = {
            "former": stranger,
            "successor": stranger,
            "former_pair": "a" * 32,
            "successor_pair": "",
            "agreement": case_in(State.SIGNED).agreement,
        }
        Handover.objects.filter(pk=row.pk).update(**{field: values[field]})
        for person in (stranger, case.former):
            assert not signed_by_former(person).exists()
        assert any(line.startswith("handovers: row") for line in findings())

    def test_the_signature_of_a_plan_is_none_of_what_was_done(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.appoint(on=3)
        row = actions.plan(actor=case.hr, agreement=case.agreement, on=day(3))
        Handover.objects.filter(pk=row.pk).update(status="carried_out", carried_out_at=timezone.now())
        Agreement.objects.update(superior=case.successor)
        assert not signed_by_former(case.former).exists()

    def test_the_record_of_another_pair(self, case, case_in):
        """One who never signed becomes none who did, by setting the seal's pair to theirs."""
        case.hand_over(make_user())
        pair = Handover.objects.get(former=case.successor).former_pair
        Seal.objects.update(pair=pair)
        assert open_signed_record(reader=case.successor, agreement=case.fresh()) is None


class TestPlans:
    @pytest.mark.parametrize("mac", ["", "copied", "signed for another purpose"])
    def test_a_plan_put_in_by_hand_is_not_carried_out(self, case, mac, access_log):
        stranger = make_user()
        case.appoint(stranger)
        done = Handover.objects.get()
        macs = {"": "", "copied": done.mac, "signed for another purpose": keyed.sign("grant", done.uuid)}
        forged(
            case,
            former=case.successor,
            successor=stranger,
            status="planned",
            mac=macs[mac],
            uuid=uuid.uuid4(),
        ).save()
        actions.carry_out_due(day())
        assert case.fresh().superior == case.successor
        assert "forged planned handover" in access_log.text
        assert any(line.startswith("handovers: row") for line in findings())

    @pytest.mark.parametrize(
        "field",
        ["successor", "planned_by", "on", "acting", "planned_at", "approved_by", "approved_at", "stopped_at"],
    )
    def test_nor_one_that_was_changed(self, case_in, field):
        case = case_in(State.SIGNED)
        case.appoint(on=3)
        row = case.plan(on=3)
        values = {
            "successor": make_user(),
            "planned_by": make_user(),
            "on": day(),
            "acting": True,
            "planned_at": row.planned_at - dt.timedelta(days=9),
            "approved_by": case.second,
            "approved_at": timezone.now(),
            "stopped_at": timezone.now(),
        }
        Handover.objects.filter(pk=row.pk).update(**{field: values[field]})
        actions.carry_out_due(day(3))
        actions.carry_out_due(day(9))
        assert case.fresh().superior == case.former
        assert any(line.startswith("handovers: row") for line in findings())

    def test_a_stop_that_is_taken_away_by_hand(self, case_in):
        case = case_in(State.SIGNED)
        case.appoint(on=3)
        row = deciding.stop(actor=case.former, handover=case.plan(on=3), reason="talk")
        Handover.objects.filter(pk=row.pk).update(
            status="planned", stopped_by=None, stopped_at=None, stop_reason=""
        )
        actions.carry_out_due(day(9))
        with pytest.raises(RuleBroken):
            deciding.approve(actor=case.second, handover=row)
        assert case.fresh().superior == case.former
        assert any(line.startswith("handovers: row") for line in findings())


class TestTheNewSuperior:
    """One who also writes to the database does not get at what the leader wrote with the one before."""

    def reads_nothing_more(self, case):
        assert shown(case, case.successor) <= SHARED

    def test_without_the_handover(self, case):
        Handover.objects.all().delete()
        Agreement.objects.update(handed_over_at=None)
        self.reads_nothing_more(case)

    def test_as_if_the_pair_were_the_first(self, case, access_log):
        Agreement.objects.update(pair="")
        assert shown(case, case.successor) == set()
        assert not Agreement.objects.visible_to(case.successor).exists()
        AgreementUserObjectPermission.objects.update(pair="")
        assert not Agreement.objects.visible_to(case.successor).exists()
        assert "forged grant" in access_log.text
        assert any(line.startswith("grants: row") for line in findings())

    @pytest.mark.parametrize("model", [Entry, Comment, Seal])
    def test_with_texts_set_to_their_pair(self, case, model):
        model.objects.update(pair=case.agreement.pair)
        Agreement.objects.update(signed_pair=case.agreement.pair)
        self.reads_nothing_more(case)
        assert [line for line in findings(with_texts=True) if "does not" in line]

    def test_with_the_old_text_as_a_consent(self, case):
        row = Entry.objects.get(section_id=PRIVATE_SECTION, kind="answer")
        Entry.objects.create(
            agreement=row.agreement,
            section_id=row.section_id,
            kind="consented",
            pair=case.agreement.pair,
            version=row.version,
            ciphertext=row.ciphertext,
            author=row.author,
            updated_at=row.updated_at,
        )
        self.reads_nothing_more(case)
        let = [line for line in findings(with_texts=True) if line.startswith("entry")]
        assert len(let) == 1

    def test_with_the_consent_to_another_superior(self, case):
        let_read(case)
        assert "privat" in words_of(case, case.successor)
        last = make_user()
        case.hand_over(last)
        assert words_of(case, last) == SHARED
        Entry.objects.filter(kind="consented").update(pair=case.agreement.pair)
        assert shown(case, last) <= SHARED

    def test_with_what_was_signed_said_to_be_theirs(self, case):
        Agreement.objects.update(signed_pair=case.agreement.pair)
        self.reads_nothing_more(case)

    def test_by_a_new_name_for_an_old_pair(self, case):
        """A pair is never given to another person: without the rows that tell, a fresh one is made."""
        first = case.agreement.pair
        last = make_user()
        Handover.objects.all().delete()
        case.hand_over(last)
        assert case.agreement.pair not in ("", first)
        assert words_of(case, last) == SHARED

    def test_acting_said_to_be_permanent(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over(acting=True)
        Handover.objects.update(acting=False)
        with pytest.raises(RuleBroken):
            let_read(case)
        self.reads_nothing_more(case)


def test_the_former_with_their_old_grant_put_back(case_in, access_log):
    case = case_in(State.DISCUSSED, everything_before)
    row = AgreementUserObjectPermission.objects.get(user=case.former)
    case.hand_over()
    write(case, PRIVATE_SECTION, "nytt")
    row.pk = None
    row.save()
    assert not Agreement.objects.visible_to(case.former).exists()
    assert texts_of(case, case.former).answers == {}
    assert "forged grant" in access_log.text


def test_that_both_were_ready_before_opens_no_preparation_to_another(case_in):
    """The two dates and their signatures, put back as they were before the handover."""
    case = case_in(State.OPENED, lambda case: prepare(case, case.leader, "lederens forberedelse"))
    for person in (case.leader, case.former):
        conversing.mark_ready(access_of(person, case.agreement))
    columns = [f"{role}_ready_{what}" for role in ("leader", "superior") for what in ("at", "mac")]
    rows = Agreement.objects.filter(pk=case.agreement.pk)
    then = rows.values(*columns)[0]
    case.hand_over()
    rows.update(**then)
    assert "lederens forberedelse" not in words_of(case, case.successor)


def test_keys_are_exchanged_with_handovers_and_pairs(case, settings):
    from leder.conf import wrapping_keys

    case.appoint(make_user(), on=5)
    actions.plan(actor=case.hr, agreement=case.agreement, on=day(5))
    settings.LEDER_KEYS = settings.LEDER_KEYS[::-1]
    getattr(wrapping_keys, "cache_clear", lambda: None)()
    assert renew_data_keys(lambda *_args: None).left == 0
    assert all(count.left == 0 for count in rotate(lambda *_args: None))
    settings.LEDER_KEYS = settings.LEDER_KEYS[:1]
    getattr(wrapping_keys, "cache_clear", lambda: None)()
    assert not list(findings(with_texts=True))
    assert words_of(case, case.successor) == SHARED
