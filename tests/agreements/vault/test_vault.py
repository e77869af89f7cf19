"""Ciphertext opens with its own key, in its own place, unaltered – or not at all."""

import datetime as dt
from itertools import combinations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.utils import timezone

from leder import conf, keyed
from leder.agreements import actions
from leder.agreements.actions.base import lock, lock_as
from leder.agreements.models import DataKey, Entry
from leder.agreements.models.agreement import held_by
from leder.agreements.reading.current import open_texts
from leder.agreements.vault.cipher import Cipher, DamagedText, cipher_of, cipher_or_none, new_data_key
from tests.factories import PRIVATE_SECTION, SECTION, access_of, make_agreement

pytestmark = pytest.mark.django_db
MARKER = "Fjellreven-7391"


@pytest.fixture
def agreement():
    agreement = make_agreement()
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": MARKER, "answers": {}, "choices": [], "goals": []},
    )
    return agreement


def notes(agreement):
    texts = open_texts(access_of(agreement.leader, type(agreement).objects.get(pk=agreement.pk)))
    return {section: text.payload["note"] for section, text in texts.answers.items()}, texts.damaged


def test_what_is_sealed_opens_again_and_twice_is_never_the_same(agreement):
    cipher = cipher_of(agreement)
    first, second = cipher.seal({"a": "ø"}, "x", 1), cipher.seal({"a": "ø"}, "x", 1)
    assert cipher.open(first, "x", 1) == {"a": "ø"}
    assert first != second


@pytest.mark.parametrize("ending", [b"", b"%%EOF\n", b" ", b"\0", b"\x80", b"\x80\0\0", b"\0\x80"])
@pytest.mark.parametrize("length", [0, 505, 511, 512])
def test_of_a_file_every_byte_comes_back(agreement, ending, length):
    cipher, content = cipher_of(agreement), b"x" * length + ending
    sealed = cipher.seal_file(content, "document")
    assert cipher.open_file(sealed, "document") == content
    assert len(sealed) % 512 == len(cipher.seal({}, "document")) % 512
    with pytest.raises(DamagedText):
        cipher.open_file(sealed, "another")


def test_the_length_does_not_tell_how_much_is_written(agreement):
    cipher = cipher_of(agreement)
    assert len(cipher.seal({"note": ""}, "x")) == len(cipher.seal({"note": "Et helt lite notat"}, "x"))


@pytest.mark.parametrize("place", [("x", 2), ("y", 1), ("x",), ("x", 1, "")])
def test_a_ciphertext_opens_in_its_own_place_only(agreement, place):
    blob = cipher_of(agreement).seal({"a": 1}, "x", 1)
    with pytest.raises(DamagedText):
        cipher_of(agreement).open(blob, *place)


@pytest.mark.parametrize("length", [0, 1, 6, 13, 14, 40])
def test_a_ciphertext_or_a_key_cut_short_is_damaged_too(agreement, length):
    blob = cipher_of(agreement).seal({"a": 1}, "x")
    with pytest.raises(DamagedText):
        cipher_of(agreement).open(blob[:length], "x")
    agreement.data_key.wrapped = bytes(agreement.data_key.wrapped)[:length]
    with pytest.raises(DamagedText):
        cipher_of(agreement)


@pytest.mark.parametrize("mac", ["", "ø", "{}:ø", "{}:"])
def test_a_signature_can_be_anything_and_is_then_not_genuine(mac):
    key = keyed.sign("x", 1).partition(":")[0]
    assert not keyed.is_genuine(mac.format(key), "x", 1)


@pytest.mark.parametrize("position", [0, 1, 13, -1])
def test_one_flipped_bit_is_found(agreement, position):
    blob = bytearray(cipher_of(agreement).seal({"a": 1}, "x"))
    blob[position] ^= 1
    with pytest.raises(DamagedText):
        cipher_of(agreement).open(bytes(blob), "x")


def test_the_database_holds_no_word_of_it(agreement):
    # Every column of every table of the plugin, as the database stores it.
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("leder_"):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                for row in cursor.fetchall():
                    for value in row:
                        stored = (
                            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                        )
                        assert MARKER.encode() not in stored, table


def test_a_text_moved_to_another_agreement_does_not_open(agreement):
    other = make_agreement()
    Entry.objects.filter(agreement=agreement).update(agreement=other)
    assert notes(other) == ({}, {SECTION})


def test_a_text_moved_to_another_section_does_not_open(agreement):
    Entry.objects.filter(agreement=agreement).update(section_id=PRIVATE_SECTION)
    assert notes(agreement) == ({}, {PRIVATE_SECTION})


def test_an_old_text_under_a_new_version_does_not_open(agreement):
    Entry.objects.filter(agreement=agreement).update(version=2)
    assert notes(agreement) == ({}, {SECTION})


def test_a_damaged_text_names_its_section_and_logs_no_content(agreement, caplog):
    entry = Entry.objects.get()
    entry.ciphertext = bytes(entry.ciphertext)[:-1] + b"\x00"
    entry.save()
    assert notes(agreement) == ({}, {SECTION})
    assert "does not open" in caplog.text
    assert MARKER not in caplog.text


def test_without_its_data_key_the_text_is_gone_for_good(agreement):
    agreement.data_key.delete()
    assert notes(agreement) == ({}, {SECTION})


def test_a_key_that_is_not_listed_opens_nothing(agreement, settings):
    settings.LEDER_KEYS = ["QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="]
    # Grants are signed with it too: the agreement exists for nobody.
    assert held_by(agreement.leader).access_for(agreement.leader, recent=True) is None
    with pytest.raises(DamagedText):
        cipher_of(agreement)


def test_an_earlier_key_still_opens_while_it_is_listed(agreement, settings):
    settings.LEDER_KEYS = ["QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=", *settings.LEDER_KEYS]
    assert notes(agreement) == ({SECTION: MARKER}, set())


def test_data_keys_are_not_shared_between_agreements(agreement):
    blob = cipher_of(agreement).seal({"a": 1}, "x")
    with pytest.raises(DamagedText):
        cipher_of(make_agreement()).open(blob, "x")


def test_a_ciphertext_is_bound_to_its_agreement_beside_the_key(agreement):
    """Were two agreements to have one key by hand, a text of one would still not open in the other."""
    key, other = bytes(32), make_agreement()
    blob = Cipher(agreement, key).seal({"a": 1}, "x")
    assert Cipher(agreement, key).open(blob, "x") == {"a": 1}
    with pytest.raises(DamagedText):
        Cipher(other, key).open(blob, "x")


def test_data_keys_differ(agreement):
    (_row, first), (_row, second) = new_data_key(agreement), new_data_key(agreement)
    with pytest.raises(DamagedText):
        second.open(first.seal({"a": 1}, "x"), "x")


def test_what_is_deleted_has_no_cipher_even_while_the_key_is_there(agreement):
    agreement.text_deleted_at = timezone.now()
    assert agreement.data_key
    assert cipher_or_none(agreement) is None


@pytest.mark.parametrize("parts", [("a", "bc"), ("abc",), ("abc", ""), ("ab", "c", None)])
def test_values_that_run_together_are_signed_apart(parts):
    assert not keyed.is_genuine(keyed.sign("x", "ab", "c"), "x", *parts)


# Run together with any one sign between them, some of these were the same.
ALIKE = [
    ("x", "a", "b"),
    ("x", "a|b"),
    ("x|a", "b"),
    ("x", "a", "b", ""),
    ("x", "a", "", "b"),
    ("x", 'a", "b'),
    ("x", "a\\", "b"),
    ("x", "ab"),
    ("x", 1, 2),
    ("x", "1", "2"),
    ("x", 12),
    ("x", "1, 2"),
    ("x", "None"),
    ("x", "é"),
    ("x", "e\u0301"),
    ("x", "\\u00e9"),
]


def test_no_two_places_are_the_same_bytes(agreement):
    cipher = cipher_of(agreement)
    sealed = {place: cipher.seal({"a": 1}, *place) for place in ALIKE}
    for one, other in combinations(ALIKE, 2):
        with pytest.raises(DamagedText):
            cipher.open(sealed[one], *other)
    for place in ALIKE:
        assert cipher.open(sealed[place], *place) == {"a": 1}
    for vague in (None, 1.0, b"x", dt.date(2026, 12, 1), ("a", "b")):
        with pytest.raises(TypeError):
            cipher.seal({"a": 1}, "x", vague)


def test_a_key_of_the_list_is_used_for_nothing_itself(agreement):
    """What wraps and what signs are derived from it, each with a label of its own."""
    (key, *_earlier), row = conf.wrapping_keys(), agreement.data_key
    labels = ["leder-wrap|data key", "leder-mac|grant", "leder-mac|signature", "leder-mac|data key"]
    derived = {label: keyed.derived(key, label) for label in labels}
    assert len({key, *derived.values()}) == 5
    blob, place = bytes(row.wrapped), f'["leder-data-key", "{agreement.uuid}", "{row.made_under}"]'.encode()
    opens = []
    for label, each in {"itself": key, **derived}.items():
        try:
            AESGCM(each).decrypt(blob[:12], blob[12:], place)
            opens.append(label)
        except InvalidTag:
            pass
    assert opens == ["leder-wrap|data key"]


def test_a_data_key_says_under_which_key_it_was_made(agreement):
    """Else one who writes to the database could keep from a renewal the data keys that they have."""
    row = agreement.data_key
    row.made_under = "0" * 16
    with pytest.raises(DamagedText):
        cipher_of(agreement)


def test_the_data_key_is_asked_for_behind_the_lock(agreement):
    """Joined by the query that waits for the lock, it would be the one from before (PostgreSQL)."""
    access = access_of(agreement.leader, agreement)
    DataKey.objects.update(wrapped_by="0" * 16)
    with transaction.atomic():
        assert "data_key" not in lock(agreement)._state.fields_cache
        # What a party does asks for it with the question that comes after the lock.
        assert lock_as(access).agreement._state.fields_cache["data_key"].wrapped_by == "0" * 16
