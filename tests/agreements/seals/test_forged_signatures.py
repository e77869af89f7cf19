"""A signature counts as it was given: one written, moved or set back by hand in the database signs nothing (R7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import F

from leder.agreements import actions
from leder.agreements.models import Agreement, Seal, SealLink, Signature
from leder.agreements.presenting.agreement import Standing
from leder.agreements.seals.chain import said_of
from leder.agreements.states import State
from leder.canonical import canonical
from leder.safekeeping.verification import findings
from tests.factories import SECTION, YEAR, access_of, bring_to, make_agreement, make_user, reopen, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement() -> Agreement:
    """Discussed, with something written in it."""
    made = make_agreement()
    write(made, "Første utgave")
    return bring_to(made, State.DISCUSSED)


def write(agreement: Agreement, note: str, version: int = 0) -> None:
    payload: Any = {"note": note, "answers": {}, "choices": [], "goals": []}
    access = access_of(agreement.superior, agreement)
    actions.save_section(access, section_id=SECTION, version=version, payload=payload)
    agreement.refresh_from_db()


def named(words: str) -> bool:
    """Whether verification names a fault with these words."""
    return any(words in line for line in findings(with_texts=True))


def let_the_chain_say_so() -> None:
    """What the last link says is written by hand, too, so that it fits the rows as they stand."""
    link = SealLink.objects.latest("number")
    said = said_of(link.seal, link.kind, link.seal.signatures.all(), year=YEAR)
    SealLink.objects.filter(pk=link.pk).update(said=canonical(said).decode())
    assert all(row.is_last_word for row in Signature.objects.with_last_word())


def is_not_signed(agreement: Agreement) -> None:
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at) == (State.SIGNING, None)
    assert not SealLink.objects.filter(seal__agreement=agreement, kind="sealed").exists()


def test_the_superiors_own_is_made_the_leaders(agreement: Agreement) -> None:
    sign(agreement, agreement.superior)
    Signature.objects.update(role="leader", signer=agreement.leader)
    with pytest.raises(actions.RuleBroken):
        sign(agreement, agreement.superior)
    is_not_signed(agreement)
    assert Signature.objects.count() == 1
    assert named("signatures: row")


def test_one_given_to_another_text_is_put_on_this_one(agreement: Agreement) -> None:
    """The leader signed the first text; the second stands in the seal that was signed then."""
    sign(agreement, agreement.leader)
    first = Seal.objects.get()
    write(agreement, "Andre utgave", version=1)
    sign(agreement, agreement.superior)
    second = Seal.objects.get(voided_at=None)
    moved = {name: getattr(second, name) for name in ("uuid", "ciphertext", "sha256", "created_at")}
    second.signatures.all().delete()
    second.links.all().delete()
    second.delete()
    Seal.objects.filter(pk=first.pk).update(**moved, voided_at=None)
    with pytest.raises(actions.RuleBroken):
        sign(agreement, agreement.superior)
    is_not_signed(agreement)
    assert named("signatures: row")


def test_a_forged_one_does_not_show(agreement: Agreement) -> None:
    sign(agreement, agreement.superior)
    agreement.refresh_from_db()
    assert Standing.of(agreement).agreement.keys() == {"superior"}
    Signature.objects.update(role="leader", signer=agreement.leader)
    assert Standing.of(agreement).agreement == {}


CHANGES: list[dict[str, Any]] = [
    {"signed_at": F("signed_at") + dt.timedelta(days=-1)},
    {"place": b"another"},
    {"place_sha256": "0" * 64},
    {"place_digest": "0" * 64},
    {"mac": ""},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_of_both_one_is_changed(agreement: Agreement, change: dict[str, Any]) -> None:
    for party in (agreement.leader, agreement.superior):
        sign(agreement, party)
    assert list(findings(with_texts=True)) == []
    Signature.objects.filter(role="leader").update(**change)
    seal = Seal.objects.select_related("agreement").get()
    assert set(seal.given_signatures()) == {"superior"}
    assert named("signatures: row")


def test_another_signer(agreement: Agreement) -> None:
    for party in (agreement.leader, agreement.superior):
        sign(agreement, party)
    Signature.objects.filter(role="leader").update(signer=make_user())
    assert set(Seal.objects.select_related("agreement").get().given_signatures()) == {"superior"}
    assert named("signatures: row")


def test_as_another_than_who_signed(agreement: Agreement) -> None:
    sign(agreement, agreement.leader)
    Signature.objects.update(role="superior")
    let_the_chain_say_so()
    assert Seal.objects.select_related("agreement").get().given_signatures() == {}


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"kind": "follow_up"}, {"pair": "0" * 32}])
def test_on_another_record(agreement: Agreement, change: dict[str, str]) -> None:
    sign(agreement, agreement.leader)
    Seal.objects.update(**change)
    let_the_chain_say_so()
    assert Seal.objects.select_related("agreement").get().given_signatures() == {}


def test_a_reopened_seal_is_brought_back(agreement: Agreement) -> None:
    for party in (agreement.leader, agreement.superior):
        sign(agreement, party)
    agreement.refresh_from_db()
    reopen(agreement)
    assert agreement.seals.get().is_signed_by_both()
    Seal.objects.update(voided_at=None)
    assert agreement.seals.get().given_signatures() == {}
    assert named("the seal is reopened, and stands again")
