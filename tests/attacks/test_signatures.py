"""One who writes to the database forges a signature: the product certifies none of it, and verification names each.

Of each attack: what the page of signing shows and answers, what the document and the check page say, what is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement, Entry, LastWords, Seal, SealHead, SealLink, Signature
from leder.agreements.reading.current import texts_for_work
from leder.agreements.seals.record import agreement_record
from leder.agreements.states import State
from leder.canonical import digest
from leder.documents.models import IssuedDocument
from leder.safekeeping.verification import findings
from tests.factories import SECTION, YEAR, access_of, bring_to, make_agreement, sign

pytestmark = pytest.mark.django_db

IN_DOUBT = "En signatur er ikke slik den ble gitt"
DIFFERS = "Forseglingen er ikke lenger slik den var"
PASSED_ON = ("uuid", "ciphertext", "sha256", "created_at")


@pytest.fixture(scope="module")
def held(kept_below: None) -> int:
    """An agreement with text, ready to be signed; the same two signed last year's."""
    last = make_agreement(state=State.SIGNED, year=YEAR - 1)
    agreement = make_agreement(leader=last.leader, superior=last.superior)
    _write(agreement, "Første utgave")
    bring_to(agreement, State.DISCUSSED)
    assert list(findings(with_texts=True)) == []
    return agreement.pk


@pytest.fixture
def agreement(held: int, db: None) -> Agreement:
    return Agreement.objects.get(pk=held)


def _write(agreement: Agreement, note: str, version: int = 0) -> None:
    payload: Any = {"note": note, "answers": {}, "choices": [], "goals": []}
    access = access_of(agreement.superior, agreement)
    actions.save_section(access, section_id=SECTION, version=version, payload=payload)
    agreement.refresh_from_db()


def sql(statement: str, *values: Any) -> None:
    """One statement of one who has the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def tried() -> Iterator[None]:
    """What is done here is undone again."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asks(person: Any, name: str, *of: Any) -> str:
    """What a page tells a person; "404" for none."""
    client = Client()
    client.force_login(person)
    response = client.get(reverse(f"leder:{name}", args=of))
    return (
        response.content.decode(errors="replace")
        if response.status_code == 200
        else str(response.status_code)
    )


def signs(agreement: Agreement, person: Any) -> Any:
    """The answer to one who signs what stands, as read."""
    record = agreement_record(agreement, texts_for_work(access_of(person, agreement)))
    client = Client()
    client.force_login(person)
    fields = {"place": "Rådhuset", "content_hash": digest(record)}
    return client.post(reverse("leder:sign", args=[agreement.uuid]), fields)


def shown(agreement: Agreement) -> int:
    """How many signatures the page of signing shows the superior."""
    return asks(agreement.superior, "sign", agreement.uuid).count('data-state="signed"')


def is_refused(agreement: Agreement, *named: str, shows: int = 0) -> None:
    """So many signatures show, the superior is told why theirs was not added. Nothing is certified; all is named."""
    agreement = Agreement.objects.get(pk=agreement.pk)
    chained = SealLink.objects.filter(kind="sealed").count()
    given = Signature.objects.count()
    assert shown(agreement) == shows
    answer = signs(agreement, agreement.superior)
    assert (answer.status_code, IN_DOUBT in answer.content.decode()) == (409, True)
    assert (SealLink.objects.filter(kind="sealed").count(), Signature.objects.count()) == (chained, given)
    agreement.refresh_from_db()
    assert agreement.signed_at is None
    # A draft, which nobody issues, and no address for it to be checked at.
    asks(agreement.superior, "document", agreement.uuid)
    assert not IssuedDocument.objects.exists()
    for seal in agreement.seals.all():
        assert asks(agreement.superior, "check_seal", seal.uuid) == "404"
    is_named(*named)


def is_named(*words: str) -> None:
    lines = list(findings(with_texts=True))
    for each in words:
        assert any(each in line for line in lines), (each, lines)


def certifies_nothing(agreement: Agreement, *named: str) -> None:
    """Of what both are said to have signed no document is given, its check says that it differs, and all is named."""
    agreement = Agreement.objects.get(pk=agreement.pk)
    assert shown(agreement) < 2
    assert asks(agreement.leader, "document", agreement.uuid) in ("404", "409")
    assert not IssuedDocument.objects.exists()
    for seal in agreement.seals.filter(voided_at=None):
        assert DIFFERS in asks(agreement.leader, "check_seal", seal.uuid)
    is_named(*named)


def test_the_superiors_own_is_made_the_leaders(agreement: Agreement) -> None:
    sign(agreement, agreement.superior)
    statement = (
        "UPDATE leder_signature SET role = 'leader', signer_id = %s WHERE role = 'superior' AND seal_id = %s"
    )
    sql(statement, agreement.leader.pk, agreement.seals.get().pk)
    is_refused(agreement, "signatures: row", "the signature of the superior is missing")


def test_one_given_to_another_text_is_put_on_this_one(agreement: Agreement) -> None:
    """The second text stands in the seal of the first; its own seal is gone, with and without what the chain says."""
    sign(agreement, agreement.leader)
    first = agreement.seals.get()
    _write(agreement, "Andre utgave", version=1)
    sign(agreement, agreement.superior)
    second = agreement.seals.get(voided_at=None)
    moved = [getattr(second, name) for name in PASSED_ON]
    sql("DELETE FROM leder_signature WHERE seal_id = %s", second.pk)
    # Its link has to go, or to be one of the first seal now.
    for hide, values in (
        ("DELETE FROM leder_seallink WHERE seal_id = %s", [second.pk]),
        ("UPDATE leder_seallink SET seal_id = %s WHERE seal_id = %s", [first.pk, second.pk]),
    ):
        with tried():
            sql(hide, *values)
            sql("DELETE FROM leder_seal WHERE id = %s", second.pk)
            Seal.objects.filter(pk=first.pk).update(
                voided_at=None, **dict(zip(PASSED_ON, moved, strict=True))
            )
            is_refused(agreement, "signatures: row", "the seal is voided, and stands again")


def test_a_first_signature_comes_back_after_a_rewrite(agreement: Agreement) -> None:
    """Every row as it was last week, genuine: the text, the seal, the signature. The chain has gone on."""
    sign(agreement, agreement.leader)
    seal, row = agreement.seals.get(), Agreement.objects.filter(pk=agreement.pk).values().get()
    entries = list(Entry.objects.filter(agreement=agreement).values())
    length = SealLink.objects.filter(round=agreement.round).count()
    head = SealHead.objects.get(round=agreement.round)
    words = LastWords.objects.get(round=agreement.round, part=agreement.uuid.hex[:2])
    _write(agreement, "Andre utgave", version=1)
    assert agreement.seals.get().given_signatures() == {}
    others = make_agreement(state=State.SIGNING)
    Agreement.objects.filter(pk=agreement.pk).update(**row)
    for each in entries:
        Entry.objects.filter(pk=each["id"]).update(**each)
    sql("UPDATE leder_seal SET voided_at = NULL WHERE id = %s", seal.pk)
    agreement.refresh_from_db()
    is_refused(agreement, "the seal is voided, and stands again")
    number = length + 1
    voided = SealLink.objects.get(round=agreement.round, number=number)
    assert voided.kind == "voided"
    other_seal = others.seals.get().pk
    gone: list[tuple[str, list[Any], list[str]]] = [
        ("DELETE FROM leder_seallink WHERE id = %s", [voided.pk], [f"link {number} is missing"]),
        (
            "UPDATE leder_seallink SET seal_id = %s WHERE id = %s",
            [other_seal, voided.pk],
            [f"link {number}: agreement of the seal differs"],
        ),
        (
            "UPDATE leder_seallink SET said = %s, digest = %s, seal_id = %s, kind = 'first' WHERE id = %s",
            ["{}", "0" * 64, other_seal, voided.pk],
            [f"link {number}: what it says is not what its digest is of"],
        ),
        ("DELETE FROM leder_seallink WHERE number >= %s", [number], ["its head says", "stands in no chain"]),
        ("UPDATE leder_sealhead SET mac = ''", [], ["is not genuine"]),
    ]
    for statement, values, told in gone:
        with tried():
            sql(statement, *values)
            # It looks like one that waits for its second, where nothing of the seal itself says otherwise.
            looks = 0 if "sealhead" in statement else 1
            is_refused(agreement, *told, shows=looks)
    # Its own link says nothing any more, and what was said last is as it was then; the head of that time, too.
    for is_back, told in ((False, ["what is said last"]), (True, ["its head says"])):
        with tried():
            sql("UPDATE leder_seallink SET seal_id = %s WHERE id = %s", other_seal, voided.pk)
            sql("UPDATE leder_lastwords SET said = %s WHERE id = %s", words.said, words.pk)
            if is_back:
                back = {name: getattr(head, name) for name in ("length", "digest", "parts", "mac")}
                SealHead.objects.filter(round=agreement.round).update(**back)
            is_refused(agreement, *told, shows=1)
            # Nor when somebody else's signature has signed the end anew.
            make_agreement(state=State.SIGNING)
            is_refused(agreement, *told[:-1], shows=1)


def test_a_head_that_is_broken_hides_nothing(agreement: Agreement) -> None:
    """Somebody else's signature signs the head anew, as whole from there on: what waited from before is in doubt."""
    sign(agreement, agreement.leader)
    sql("UPDATE leder_sealhead SET mac = ''")
    is_refused(agreement, "is not genuine", shows=1)
    make_agreement(state=State.SIGNED)
    is_refused(agreement, "did not fit when that was added", shows=1)
    actions.withdraw_signature(access_of(agreement.leader, agreement))
    for person in (agreement.leader, agreement.superior):
        sign(agreement, person)
    agreement.refresh_from_db()
    assert agreement.state == State.SIGNED


def test_two_agreements_change_seals(agreement: Agreement) -> None:
    for person in (agreement.leader, agreement.superior):
        sign(agreement, person)
    other = make_agreement(state=State.SIGNED)
    mine, theirs = agreement.seals.get().pk, other.seals.get().pk
    # One stands at a time, so that one of them steps aside.
    Seal.objects.filter(pk=mine).update(voided_at=timezone.now())
    move = "UPDATE leder_seal SET agreement_id = %s, voided_at = NULL WHERE id = %s"
    sql(move, agreement.pk, theirs)
    sql(move, other.pk, mine)
    for each in (agreement, other):
        certifies_nothing(each, "signatures: row", "agreement of the seal differs", "does not fit its record")


def test_a_seal_is_backdated(agreement: Agreement) -> None:
    for person in (agreement.leader, agreement.superior):
        sign(agreement, person)
    agreement.seals.update(created_at=timezone.now() - timezone.timedelta(days=9))
    certifies_nothing(agreement, "created_at of the seal differs")


def test_one_is_copied_from_another_year(agreement: Agreement) -> None:
    sign(agreement, agreement.superior)
    columns = ", ".join(
        field.column for field in Signature._meta.fields if field.column not in ("id", "seal_id")
    )
    sql(
        f"INSERT INTO leder_signature (seal_id, {columns}) SELECT %s, {columns} FROM leder_signature "  # noqa: S608
        "WHERE role = 'leader' AND signer_id = %s",
        agreement.seals.get().pk,
        agreement.leader.pk,
    )
    # Who has signed sees that the other has not.
    is_refused(agreement, "signatures: row", shows=1)
