"""Data keys are exchanged with all that they sealed: everything reads as before, and nothing opens with what leaked."""

from __future__ import annotations

import base64
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from leder.agreements import actions
from leder.agreements.models import Agreement, Comment, DataKey, Entry, Signature
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.agreements.vault.cipher import Cipher, DamagedText, cipher_of
from leder.documents.issuing import document_for_party
from leder.documents.variants import Variant
from leder.safekeeping import renewal
from leder.safekeeping.texts import TEXTS
from leder.safekeeping.verification import findings
from tests.factories import SECTION, access_of, bring_to, make_agreement
from tests.safekeeping.written import write_one_of_each

pytestmark = pytest.mark.django_db
NEW = base64.b64encode(b"\x07" * 32).decode()
WRITTEN: Any = {"note": "Grågås", "answers": {}, "choices": [], "goals": []}


def rotate(*, renew: bool = True) -> str:
    out = StringIO()
    call_command("leder_keys", "rotate", renew=renew, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture(autouse=True)
def leaked(settings: Any) -> list[str]:
    """The keys that were in use, with a new one put before them when the test says so."""
    return list(settings.LEDER_KEYS)


def written_in(agreement: Agreement) -> Agreement:
    access = access_of(agreement.leader, agreement)
    actions.save_section(access, section_id=SECTION, version=0, payload=WRITTEN)
    return agreement


@pytest.fixture
def agreement() -> Agreement:
    """Signed, with one of each kind of text."""
    made = bring_to(written_in(make_agreement()), State.SIGNED)
    write_one_of_each(made)
    return made


def contents(agreement: Agreement, cipher: Cipher | None = None) -> dict[tuple[str, int], bytes]:
    """What every text of an agreement holds, to the byte."""
    cipher = cipher or cipher_of(Agreement.objects.get(pk=agreement.pk))
    return {
        (store.column, row.pk): cipher.open_file(getattr(row, store.column), *store.bound_to(row))
        for store in TEXTS
        for row in store.of([agreement.pk]).order_by("pk")
    }


def sealed(agreement: Agreement) -> list[tuple[Any, bytes, tuple[object, ...]]]:
    """Every ciphertext of an agreement as it is now, and where it belongs."""
    return [
        (store.model, bytes(getattr(row, store.column)), store.bound_to(row))
        for store in TEXTS
        for row in store.of([agreement.pk]).order_by("pk")
    ]


def opens(cipher: Cipher, ciphertexts: list[tuple[Any, bytes, tuple[object, ...]]]) -> set[Any]:
    """The models of which a key opens something, by itself."""
    opened = set()
    for model, ciphertext, place in ciphertexts:
        try:
            Cipher(Agreement(uuid=cipher._agreement.uuid), cipher._data_key).open_file(ciphertext, *place)
            opened.add(model)
        except DamagedText:
            continue
    return opened


def test_every_kind_of_text_is_sealed_anew_and_holds_what_it_held(
    agreement: Agreement, settings: Any
) -> None:
    all_of_them = {store.model for store in TEXTS}
    before, content, old = sealed(agreement), contents(agreement), cipher_of(agreement)
    digests = list(Signature.objects.order_by("pk").values_list("place_digest", flat=True))
    assert opens(old, before) == all_of_them
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    assert "all that they seal: 1 made anew" in rotate()
    settings.LEDER_KEYS = [NEW]
    new = cipher_of(Agreement.objects.get(pk=agreement.pk))
    assert opens(old, sealed(agreement)) == opens(new, before) == set()
    assert opens(new, sealed(agreement)) == all_of_them
    assert contents(agreement) == content
    # And what was signed and chained is what it was.
    assert list(Signature.objects.order_by("pk").values_list("place_digest", flat=True)) == digests
    assert list(findings(with_texts=True)) == []


def test_without_renew_the_data_key_stays(agreement: Agreement, settings: Any) -> None:
    before, old = sealed(agreement), cipher_of(agreement)
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    rotate(renew=False)
    settings.LEDER_KEYS = [NEW]
    assert sealed(agreement) == before
    assert cipher_of(Agreement.objects.get(pk=agreement.pk))._data_key == old._data_key
    # It is told, and renewed when that is asked for.
    out = StringIO()
    call_command("leder_keys", "status", stdout=out)
    assert "another key than the first, which rotate --renew exchanges: 1" in out.getvalue()
    assert "all that they seal: 1 made anew" in rotate()
    assert "all that they seal: 0 made anew" in rotate()
    with pytest.raises(CommandError, match="goes with rotate"):
        call_command("leder_keys", "status", renew=True, stdout=out)


def test_stopped_at_any_write_it_leaves_each_whole_and_goes_on(
    agreement: Agreement, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the midst of an agreement: the one before it is renewed, this one is not, and both can be read."""
    others = [written_in(make_agreement()) for _ in range(2)]
    everything = {each.pk: contents(each) for each in (agreement, *others)}
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    monkeypatch.setattr(renewal, "BATCH", 1)
    # Newest first: the one with most in it is the last.
    writes = 0
    for stop_at in range(2, 40):
        writes = 0

        def killed(
            execute: Any, sql: str, params: Any, many: bool, context: Any, stop_at: int = stop_at
        ) -> Any:
            nonlocal writes
            writes += (is_write := sql.startswith("UPDATE"))
            if is_write and writes >= stop_at:
                raise KeyboardInterrupt
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(killed):
                count = renewal.renew_data_keys(lambda *_progress: None)
        except KeyboardInterrupt:
            assert {pk: contents(Agreement.objects.get(pk=pk)) for pk in everything} == everything
        else:
            break
    assert (count.done, count.left, stop_at) == (1, 0, 11), "each kind of text was stopped at once"
    assert {pk: contents(Agreement.objects.get(pk=pk)) for pk in everything} == everything
    assert not DataKey.objects.exclude(made_under=DataKey.objects.get(pk=agreement.pk).made_under).exists()


def test_what_does_not_open_keeps_its_agreement_as_it_is(agreement: Agreement, settings: Any) -> None:
    """Sealed with a key that is thrown away, it could never be mended."""
    other = written_in(make_agreement())
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    comment, signature = Comment.objects.get(), Signature.objects.order_by("pk")[0]
    for rows, damage in (
        (Comment.objects.filter(pk=comment.pk), {"section_id": "another"}),
        (Entry.objects.filter(agreement=agreement), {"version": 9}),
        (Signature.objects.filter(pk=signature.pk), {"signer": agreement.superior}),
        (DataKey.objects.filter(pk=agreement.pk), {"made_under": "0" * 16}),
    ):
        was = rows.values(*damage).first()
        rows.update(**damage)
        before = sealed(agreement)
        with pytest.raises(CommandError, match="leder_verify --texts"):
            rotate()
        assert sealed(agreement) == before
        assert any(str(agreement.uuid) in line for line in findings(with_texts=True))
        rows.update(**was)
    assert "all that they seal: 1 made anew" in rotate()
    for each in (agreement, other):
        assert not open_texts(access_of(each.leader, Agreement.objects.get(pk=each.pk))).damaged
    assert list(findings(with_texts=True)) == []


def test_one_who_fetched_the_key_just_before_reads_what_was_sealed_since(
    agreement: Agreement, settings: Any
) -> None:
    access = access_of(agreement.leader, Agreement.objects.select_related("data_key").get(pk=agreement.pk))
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    rotate()
    texts = open_texts(access)
    assert (texts.answers[SECTION].payload, texts.damaged) == (WRITTEN, set())
    # And what they write, or fetch for the first time, is sealed with the key of now.
    actions.add_comment(access, section_id=SECTION, text="Etterpå")
    assert document_for_party(access, Variant.WITHOUT_PRIVATE).startswith(b"%PDF-")
    assert list(findings(with_texts=True)) == []
