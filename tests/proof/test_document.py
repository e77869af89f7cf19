"""Shown when done: one flipped bit in the PDF, or in the record attached to it, is found, and the agreement named."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from leder.agreements.models import Agreement
from leder.agreements.states import State
from leder.documents.checking import Verdict, check
from tests.factories import SECTION, bring_to, make_agreement
from tests.proof.conftest import client_of
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db
PLACES = 150
RECORD_BEGINS = b'{"agreement":'


@pytest.fixture
def agreement(db: None) -> Agreement:
    """Signed, with another signed one beside it."""
    make_agreement(state=State.SIGNED)
    agreement = make_agreement()
    write(agreement, SECTION, note="Felles notat")
    return bring_to(agreement, State.SIGNED)


@pytest.fixture
def pdf(agreement: Agreement) -> bytes:
    """The document as the leader has fetched it."""
    address = reverse("leder:document", args=[agreement.uuid])
    return bytes(client_of(agreement.leader).get(address).content)


def flip(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1 << place % 8
    return bytes(changed)


def told(path: Path) -> str:
    """What leder_check says of a file."""
    out = io.StringIO()
    try:
        call_command("leder_check", str(path), stdout=out)
    except CommandError as error:
        return f"{out.getvalue()} {error}"
    return out.getvalue()


def test_in_the_file(agreement: Agreement, pdf: bytes, tmp_path: Path) -> None:
    file = tmp_path / "avtale.pdf"
    file.write_bytes(pdf)
    assert told(file).startswith(f"{file}: genuine; agreement {agreement.uuid} ")
    named = 0
    for number in range(PLACES):
        finding = check(flip(pdf, number * len(pdf) // PLACES))
        assert not finding.is_genuine
        assert finding.seal is None or finding.seal.agreement == agreement
        named += finding.verdict == Verdict.CHANGED
    # Only a file whose way back to us was hit can't be named.
    assert named >= PLACES * 0.95
    file.write_bytes(flip(pdf, len(pdf) // 2))
    assert f"changed; agreement {agreement.uuid} " in told(file)


def test_in_the_record_that_is_attached(agreement: Agreement, pdf: bytes, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    changed = 0
    for each in writer._objects:
        if isinstance(each, pypdf.generic.StreamObject) and each.get_data().startswith(RECORD_BEGINS):
            record = each.get_data()
            place = record.index(b"Felles notat")
            each.set_data(flip(record, place))
            changed += 1
    assert changed == 1
    file = tmp_path / "avtale.pdf"
    writer.write(file)
    said = told(file)
    assert f"changed; agreement {agreement.uuid} " in said
    assert "the record in it is not what was sealed" in said


def test_something_added_after_the_end(agreement: Agreement, pdf: bytes) -> None:
    finding = check(pdf + b"\n")
    assert finding.verdict == Verdict.CHANGED
    assert finding.record_agrees
    assert finding.seal is not None
    assert finding.seal.agreement == agreement
