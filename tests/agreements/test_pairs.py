"""Which pair a text belongs to, and what is withheld from a superior who did not sign it (R2)."""

import uuid

import pytest
from django.utils import timezone

from leder.agreements.models import Entry, Seal
from leder.agreements.pairs import confirmed_pair, is_private, pair_of, stands
from leder.agreements.states import State
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, SECTION, make_agreement

pytestmark = pytest.mark.django_db

SECOND = "2" * 32
NOTHING_WITHHELD: frozenset[str] = frozenset()


@pytest.fixture
def agreement():
    """One with its second superior, in memory: these functions ask the object at hand."""
    agreement = make_agreement()
    agreement.pair = SECOND
    return agreement


def test_a_section_that_the_form_does_not_know_is_private(agreement):
    """What was written in a section that a later form took away never becomes everybody's."""
    assert is_private(agreement, "s-gone")
    assert pair_of(agreement, "s-gone", Entry.Kind.ANSWER) == SECOND
    assert is_private(agreement, PRIVATE_SECTION)
    assert not is_private(agreement, SECTION)


def test_what_is_private_and_prepared_is_the_pairs(agreement):
    assert {
        pair_of(agreement, section, Entry.Kind.ANSWER) for section in (PRIVATE_SECTION, FOLLOW_UP_SECTION)
    } == {SECOND}
    assert pair_of(agreement, SECTION, Entry.Kind.ANSWER) == ""
    assert pair_of(agreement, SECTION, Entry.Kind.PREPARATION) == SECOND


def test_what_was_signed_with_another_stands_for_the_leader_alone(agreement):
    agreement.state, agreement.signed_at, agreement.signed_pair = State.SIGNED, timezone.now(), ""
    entry = Entry(section_id=PRIVATE_SECTION, kind=Entry.Kind.ANSWER, pair="")
    assert stands(entry, agreement, "leader", NOTHING_WITHHELD)
    assert not stands(entry, agreement, "superior", NOTHING_WITHHELD)
    agreement.signed_pair = entry.pair = SECOND
    assert stands(entry, agreement, "superior", NOTHING_WITHHELD)


def test_the_confirmation_that_stands_says_whose_it_is(agreement):
    """One that was voided, of the pair before, says nothing."""
    for pair, voided_at in (("", timezone.now()), (SECOND, None)):
        agreement.seals.create(
            uuid=uuid.uuid4(), kind=Seal.Kind.FOLLOW_UP, pair=pair, sha256="0" * 64, ciphertext=b"",
            created_at=timezone.now(), voided_at=voided_at,
        )  # fmt: skip
    assert confirmed_pair(agreement, frozenset({FOLLOW_UP_SECTION})) == SECOND
    assert confirmed_pair(agreement, frozenset({PRIVATE_SECTION})) is None
