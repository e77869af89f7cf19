"""What the action of signing sees to by itself, beside the rules (R7)."""

import pytest

from leder.agreements import actions
from leder.agreements.models import Entry
from leder.agreements.reading.current import texts_for_work
from leder.agreements.seals.record import agreement_record
from leder.agreements.states import State
from leder.canonical import digest
from tests.factories import SECTION, access_of, bring_to, leave_office, make_agreement, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    agreement = make_agreement()
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Skrevet", "answers": {}, "choices": [], "goals": []},
    )
    return bring_to(agreement, State.DISCUSSED)


def digest_read_by(person, agreement):
    return digest(agreement_record(agreement, texts_for_work(access_of(person, agreement))))


def test_the_office_is_asked_before_the_texts(agreement):
    """One who has left since they read it signs nothing, with its hash either."""
    access = access_of(agreement.superior, agreement)
    of_what_was_read = digest_read_by(agreement.superior, agreement)
    leave_office(agreement)
    with pytest.raises(actions.RuleBroken):
        actions.sign(access, place="Her", content_hash=of_what_was_read)
    assert not agreement.seals.exists()


def test_nobody_signs_what_does_not_open(agreement):
    Entry.objects.update(ciphertext=b"\x01" * 600)
    of_what_opens = digest_read_by(agreement.leader, agreement)
    with pytest.raises(actions.RuleBroken):
        actions.sign(access_of(agreement.leader, agreement), place="Her", content_hash=of_what_opens)
    assert not agreement.seals.exists()


def test_the_same_words_never_have_the_same_hash(agreement):
    """Else one who guesses the words finds them by the hash, also when the text is deleted."""
    read = digest_read_by(agreement.leader, agreement)
    sign(agreement, agreement.leader)
    first = agreement.seals.get()
    assert first.sha256 != read
    first.links.all().delete()
    first.delete()
    agreement.state = State.DISCUSSED
    agreement.save()
    sign(agreement, agreement.leader)
    assert agreement.seals.get().sha256 not in (first.sha256, read)
