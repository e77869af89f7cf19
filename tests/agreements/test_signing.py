"""What the action of signing sees to by itself, beside the rules (R7)."""

import pytest

from leder.agreements import actions
from leder.agreements.models import Entry
from leder.agreements.reading import texts_for_work
from leder.agreements.record import agreement_record, digest
from leder.agreements.states import State
from tests.factories import SECTION, bring_to, leave_office, make_agreement, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    agreement = make_agreement()
    actions.save_section(
        actor=agreement.leader,
        agreement=agreement,
        section_id=SECTION,
        version=0,
        payload={"note": "Skrevet", "answers": {}, "choices": [], "goals": []},
    )
    return bring_to(agreement, State.DISCUSSED)


def digest_read_by(person, agreement):
    return digest(agreement_record(agreement, texts_for_work(reader=person, agreement=agreement)))


def test_the_office_is_asked_before_the_texts(agreement):
    """One who has left reads nothing, and what they read then has a hash, too: of an agreement without a word."""
    leave_office(agreement)
    of_nothing = digest_read_by(agreement.superior, agreement)
    with pytest.raises(actions.RuleBroken):
        actions.sign(actor=agreement.superior, agreement=agreement, place="Her", content_hash=of_nothing)
    assert not agreement.seals.exists()


def test_nobody_signs_what_does_not_open(agreement):
    Entry.objects.update(ciphertext=b"\x01" * 600)
    of_what_opens = digest_read_by(agreement.leader, agreement)
    with pytest.raises(actions.RuleBroken):
        actions.sign(actor=agreement.leader, agreement=agreement, place="Her", content_hash=of_what_opens)
    assert not agreement.seals.exists()


def test_the_same_words_never_have_the_same_hash(agreement):
    """Else one who guesses the words finds them by the hash, also when the text is deleted."""
    read = digest_read_by(agreement.leader, agreement)
    sign(agreement, agreement.leader)
    first = agreement.seals.get()
    assert first.sha256 != read
    first.delete()
    agreement.state = State.DISCUSSED
    agreement.save()
    sign(agreement, agreement.leader)
    assert agreement.seals.get().sha256 not in (first.sha256, read)
