"""Shown when done: one flipped bit in the database is found and named – which row, and whose agreement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Model

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import (
    Agreement,
    AgreementUserObjectPermission,
    Comment,
    DataKey,
    Entry,
    Reading,
    ReadingHead,
    Seal,
    SealHead,
    SealLink,
    Signature,
    Version,
)
from leder.agreements.states import State
from leder.documents.models import IssuedDocument, IssuedFile
from leder.pages.editions import Edition
from tests.factories import PRIVATE_SECTION, SECTION, access_of, bring_to, make_agreement, opened_by
from tests.proof.conftest import client_of
from tests.proof.evidence import evidence
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db
# What an edition says, in its JSON.
WORDS = re.compile(r'"(?:text|heading|title)": "(\w)')


def verified() -> list[str]:
    """What leder_verify says, a line each; nothing where nothing is wrong."""
    out = StringIO()
    try:
        call_command("leder_verify", texts=True, stdout=out)
    except CommandError:
        return out.getvalue().splitlines()
    return []


def flipped(value: Any, place: int) -> Any:
    """The same with one bit flipped; of text, in a letter, so that it stays text, and JSON that the database takes."""
    if isinstance(value, str):
        words = [found.start(1) for found in WORDS.finditer(value)]
        place = words[place % len(words)] if words else place % len(value)
        while ord(value[place]) >= 0x80 or value[place] in '"\\{}[]:,':
            place = (place + 1) % len(value)
        return value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
    content = bytearray(value)
    content[place % len(content)] ^= 1
    return bytes(content)


@contextmanager
def one_bit(model: type[Model], column: str, pk: int, place: int) -> Iterator[None]:
    """Flip a bit as one does who has the database, past every model; put it back afterwards."""
    meta = model._meta
    table, key = connection.ops.quote_name(meta.db_table), connection.ops.quote_name(meta.pk.column)
    name = connection.ops.quote_name(meta.get_field(column).column)
    read = f"CAST({name} AS TEXT)" if meta.get_field(column).get_internal_type() == "JSONField" else name
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {read} FROM {table} WHERE {key} = %s", [pk])  # noqa: S608
        (value,) = cursor.fetchone()
        cast = "%s::jsonb" if connection.vendor == "postgresql" and read != name else "%s"
        changed = [flipped(value, place), pk]
        cursor.execute(f"UPDATE {table} SET {name} = {cast} WHERE {key} = %s", changed)  # noqa: S608
        yield
        transaction.set_rollback(True)


@pytest.fixture
def agreement() -> Agreement:
    """One of two that are followed up, with a comment and an issued document. The other is never named."""
    make_agreement(state=State.FOLLOWED_UP)
    agreement = make_agreement()
    write(agreement, SECTION, note="Felles notat")
    write(agreement, PRIVATE_SECTION, note="Grågås", goals=[new_goal(goal="Spørre først")])
    # Kept as a version now that the other is shown it.
    opened_by(agreement.superior, agreement)
    actions.add_comment(access_of(agreement.superior, agreement), section_id=SECTION, text="Bra")
    bring_to(agreement, State.FOLLOWED_UP)
    return agreement


def rows_of(agreement: Agreement) -> Iterator[tuple[type[Model], str, int]]:
    """Every column that says what was agreed or who may read it, and the rows of it that are this agreement's."""
    for model, columns, rows in (
        (
            Agreement,
            ("leader_title", "superior_title", "unit_name"),
            Agreement.objects.filter(pk=agreement.pk),
        ),
        (Seal, ("ciphertext", "sha256"), Seal.objects.filter(agreement=agreement)),
        (Signature, ("place",), Signature.objects.filter(seal__agreement=agreement)),
        (SealLink, ("said", "digest"), SealLink.objects.filter(seal__agreement=agreement)),
        (Entry, ("ciphertext",), Entry.objects.filter(agreement=agreement)),
        (Version, ("ciphertext",), Version.objects.filter(agreement=agreement)),
        (Comment, ("ciphertext",), Comment.objects.filter(agreement=agreement)),
        (DataKey, ("wrapped", "wrapped_by"), DataKey.objects.filter(agreement=agreement)),
        (Reading, ("digest", "section_id"), Reading.objects.filter(agreement=agreement)),
        (ReadingHead, ("digest", "mac"), ReadingHead.objects.filter(agreement=agreement)),
        (
            IssuedDocument,
            ("sha256", "extent", "mac"),
            IssuedDocument.objects.filter(seal__agreement=agreement),
        ),
        (
            IssuedFile,
            ("ciphertext",),
            IssuedFile.objects.filter(issued__seal__agreement=agreement),
        ),
        (
            AgreementUserObjectPermission,
            ("role", "mac"),
            AgreementUserObjectPermission.objects.filter(content_object=agreement),
        ),
    ):
        found = list(rows.values_list("pk", flat=True))
        assert found, model
        for pk in found:
            for column in columns:
                yield model, column, pk


def test_in_each_row_of_an_agreement(agreement: Agreement) -> None:
    evidence(agreement)
    assert verified() == []
    # A link of the chain is named by its seal: which agreement it says is one of the things that may be altered.
    names = [str(agreement.uuid), *(str(seal.uuid) for seal in agreement.seals.all())]
    unnamed = []
    for model, column, pk in rows_of(agreement):
        with one_bit(model, column, pk, 40):
            lines = verified()
        if not any(name in line for line in lines for name in names):
            unnamed.append((model.__name__, column, pk, lines))
    assert unnamed == []
    assert verified() == []


def test_at_any_place_of_a_seal(agreement: Agreement) -> None:
    seal = agreement.seals.get(kind=Seal.Kind.AGREEMENT)
    size = len(bytes(seal.ciphertext))
    for place in (0, 1, 12, 13, size // 3, size // 2, size - 17, size - 1):
        with one_bit(Seal, "ciphertext", seal.pk, place):
            assert any(f"seal: {seal.pk} " in line and str(agreement.uuid) in line for line in verified()), (
                place
            )


def test_in_the_texts_that_it_stands_on(agreement: Agreement) -> None:
    for kind in ("platform", "letter", "form"):
        pk = getattr(agreement, f"{kind}_edition_id")
        for column, place in (("content", 0), ("content", 1), ("content", -1), ("sha256", 7)):
            with one_bit(Edition, column, pk, place):
                assert any(f"editions: row {pk} is not genuine" in line for line in verified()), (
                    kind,
                    column,
                )


def test_in_the_head_of_the_chain(agreement: Agreement) -> None:
    for column in ("digest", "mac"):
        with one_bit(SealHead, column, agreement.round_id, 20):
            assert any(str(agreement.year) in line for line in verified()), column


def test_who_has_signed_and_when(agreement: Agreement) -> None:
    """Not of bits but of meaning: another signer, another day."""
    signature = Signature.objects.filter(seal__agreement=agreement).first()
    for changes in (
        {"signer": agreement.superior if signature.role == "leader" else agreement.leader},
        {"signed_at": signature.signed_at.replace(year=2020)},
    ):
        with transaction.atomic():
            Signature.objects.filter(pk=signature.pk).update(**changes)
            assert any(str(agreement.uuid) in line for line in verified()), changes
            transaction.set_rollback(True)


def test_the_parties_are_not_told_something_else_meanwhile(agreement: Agreement) -> None:
    """What is shown of a section whose text was altered is what both signed."""
    entry = Entry.objects.get(agreement=agreement, kind="answer", section_id="s-letter")
    with one_bit(Entry, "ciphertext", entry.pk, 40):
        page = client_of(agreement.leader).get(f"/leder/avtale/{agreement.uuid}/").content.decode()
    assert "Felles notat" in page
    assert 'data-color="danger"' in page
