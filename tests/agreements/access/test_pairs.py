"""Which pair a text belongs to, and what is withheld from a superior who did not sign it (R2)."""

import re
import uuid
from itertools import product

import pytest
from django.utils import timezone

from leder.agreements.access.pairs import (
    Shown,
    confirmed_pair,
    is_private,
    pair_of,
    shown,
    standing_pair,
    stands,
)
from leder.agreements.models import Agreement, Entry, Seal
from leder.agreements.states import State
from leder.pages.editions import Edition
from tests.factories import FOLLOW_UP_SECTION, FORM, PRIVATE_SECTION, SECTION, make_agreement

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


def table(function):
    """The lines of the table in a docstring: the cells before the bar, and those after it."""
    lines = [line for line in function.__doc__.splitlines() if "|" in line][1:]
    return [tuple(re.split(r"\s{2,}", half.strip()) for half in line.split("|")) for line in lines]


def test_what_becomes_of_a_text_is_what_the_table_says():
    names = ("stands", "asked", "closed", "wanted", "kept")
    for flags in product((True, False), repeat=len(names)):
        asked = ["yes" if flag else "no" for flag in flags]
        said = next(
            after
            for before, after in table(shown)
            if all(cell in ("-", flag) for cell, flag in zip(before, asked, strict=True))
        )
        assert shown(**dict(zip(names, flags, strict=True))) is Shown[said[0]], flags


CONFIRMED = "3" * 32
CASES = product(
    Entry.Kind.values,
    (SECTION, PRIVATE_SECTION, FOLLOW_UP_SECTION, "s-gone"),
    ("leader", "superior"),
    (None, "", SECOND),
    (State.SIGNED, State.FOLLOWED_UP, State.REPLACED, State.ENDED),
    (True, False),
    (None, CONFIRMED),
)


def test_whose_text_stands_is_what_the_table_says():
    agreement = Agreement(pair=SECOND, form_edition=Edition(kind="form", content=FORM))
    for case in CASES:
        kind, section_id, role, signed_pair, agreement.state, withheld, confirmed = case
        agreement.signed_pair = signed_pair or ""
        agreement.signed_at = None if signed_pair is None else timezone.now()
        section = agreement.form_edition.section(section_id)
        kinds, sections = _texts_of(kind), _sections_of(agreement, section, kind, withheld)
        said = next(
            after for (text, place), after in table(standing_pair) if text in kinds and place in sections
        )
        pair = _pairs_of(agreement, section, confirmed)[said[role != "leader"]]
        found = standing_pair(agreement, section, kind, role=role, withheld=withheld, confirmed=confirmed)
        assert found == pair, case


def _texts_of(kind):
    """What the table calls a text of a kind."""
    words = {Entry.Kind.PREPARATION: "prepared", Entry.Kind.CONSENTED: "copy", Entry.Kind.ANSWER: "answer"}
    return {"any", words.get(kind)}


def _sections_of(agreement, section, kind, withheld):
    """What the table calls a section that a text of a kind is in."""
    if section is None or not section.private:
        return {"any", "open"}
    fits = {"any": True, "private": True, "private, withheld": withheld}
    fits["private, followed"] = section.is_follow_up and agreement.state != State.SIGNED
    # How goals stand is written after the signing, and no part of what was signed.
    fits["private, signed"] = (
        agreement.signed_at is not None and not section.is_follow_up and kind != Entry.Kind.PROGRESS
    )
    return {word for word, is_so in fits.items() if is_so}


def _pairs_of(agreement, section, confirmed):
    """Whom the table means."""
    signers = agreement.signed_pair
    return {
        "none": None,
        "first": "",
        "today's": agreement.pair,
        "signers": signers,
        "today's if signers": agreement.pair if signers == agreement.pair else None,
        "today's unless signers": None if signers == agreement.pair else agreement.pair,
        "settled": confirmed if section and section.is_follow_up else signers,
    }
