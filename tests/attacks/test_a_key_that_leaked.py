"""One who got hold of LEDER_KEYS and a copy of the database: what they open before and after the keys are exchanged."""

from __future__ import annotations

import base64
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection

from leder.agreements.actions import save_section
from leder.agreements.models import Agreement, DataKey, Entry
from leder.agreements.vault.bindings import entry_binding
from leder.agreements.vault.cipher import Cipher, DamagedText, cipher_of
from leder.safekeeping.verification import findings
from tests.attacks.conftest import WORDS, Municipality, shows
from tests.factories import QUESTIONS_SECTION, SECTION, access_of

NEW_KEY = base64.b64encode(b"\x19" * 32).decode()
LATER = "lemenår i vente"


def rotate(settings: Any, *, renew: bool) -> None:
    """What the operators do: a new key first, exchange, the leaked key out."""
    settings.LEDER_KEYS = [NEW_KEY, *settings.LEDER_KEYS]
    call_command("leder_keys", "rotate", renew=renew, stdout=StringIO(), stderr=StringIO())
    settings.LEDER_KEYS = [NEW_KEY]


def write_later(agreement: Agreement) -> None:
    """The leader goes on writing when the leaked key is gone."""
    now = Agreement.objects.get(pk=agreement.pk)
    payload: Any = {"note": LATER, "answers": {}, "choices": [], "goals": []}
    save_section(access_of(now.leader, now), section_id=QUESTIONS_SECTION, version=0, payload=payload)


def opened_by(thief: Cipher, agreement: Agreement) -> str:
    """All entries of an agreement that a data key opens, read by SQL with nothing of the plugin's keys."""
    alone = Cipher(Agreement(uuid=agreement.uuid), thief._data_key)
    found = []
    with connection.cursor() as cursor:
        for entry in Entry.objects.filter(agreement=agreement):
            cursor.execute("SELECT ciphertext FROM leder_entry WHERE id = %s", [entry.pk])
            try:
                found.append(str(alone.open(cursor.fetchone()[0], *entry_binding(entry))["note"]))
            except DamagedText:
                continue
    return " ".join(found)


def test_an_exchange_alone_heals_no_leak_and_a_renewal_does(
    municipality: Municipality, settings: Any
) -> None:
    agreement = municipality.agreement
    thief = cipher_of(agreement)
    stolen = Entry.objects.get(agreement=agreement, section_id=SECTION, kind="answer")
    key_of_then = DataKey.objects.filter(pk=agreement.pk).values("wrapped", "wrapped_by", "made_under").get()
    read = municipality.home(municipality.leader).reads()
    assert shows(opened_by(thief, agreement)) == {"open", "private", "prepared"}
    # The data key is the same, whatever wraps it.
    rotate(settings, renew=False)
    write_later(agreement)
    assert LATER in opened_by(thief, agreement)
    settings.LEDER_KEYS = [base64.b64encode(b"\x20" * 32).decode(), NEW_KEY]
    call_command("leder_keys", "rotate", renew=True, stdout=StringIO(), stderr=StringIO())
    settings.LEDER_KEYS = settings.LEDER_KEYS[:1]
    # Nothing of what stands there now, old or new; and the two read all of it.
    assert opened_by(thief, agreement) == ""
    assert list(findings(with_texts=True)) == []
    hands = municipality.home(municipality.leader)
    assert shows(hands.reads()) == shows(read) == set(WORDS)
    # What was stolen, put back: the one text does not open, and the data key of then opens nothing at all.
    now = Entry.objects.filter(pk=stolen.pk).values("ciphertext").get()
    Entry.objects.filter(pk=stolen.pk).update(ciphertext=stolen.ciphertext)
    assert any(f"entry: {stolen.pk} does not open" in line for line in findings(with_texts=True))
    assert "open" not in shows(hands.reads())
    Entry.objects.filter(pk=stolen.pk).update(**now)
    DataKey.objects.filter(pk=agreement.pk).update(**key_of_then)
    assert any("data key: does not open" in line for line in findings())
    assert shows(hands.reads()) == {"earlier"}
