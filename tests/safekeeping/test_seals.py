"""One value changed in the database, in whatever column, and `leder_verify` names it: round, link, seal and what."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement, Entry, LastWords, Round, Seal, SealHead, SealLink, Signature
from leder.agreements.seals import chain
from leder.agreements.states import State
from leder.agreements.vault.bindings import seal_binding
from leder.agreements.vault.cipher import cipher_of
from leder.canonical import canonical, digest, digest_of
from leder.pages.editions import Edition
from leder.safekeeping import deletion
from leder.safekeeping.verification import findings
from tests.factories import SECTION, YEAR, access_of, bring_to, make_agreement, make_user, reopen, sign

pytestmark = pytest.mark.django_db

LATER = timezone.now() + timezone.timedelta(seconds=1)
# Each has two links: the first signature, and both. The agreement that is damaged is the second of three.
LINK = f"chain of {YEAR}, link 4"
NEXT = f"chain of {YEAR}, link 5"


@pytest.fixture(scope="module")
def signed(kept_below):
    """The middle one of three agreements that both have signed."""
    make_agreement(state=State.SIGNED)
    agreement = make_agreement()
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Grågås", "answers": {}, "choices": [], "goals": []},
    )
    bring_to(agreement, State.SIGNED)
    make_agreement(state=State.SIGNED)
    assert list(findings(with_texts=True)) == []
    return agreement.pk


@pytest.fixture
def agreement(signed, db):
    return Agreement.objects.get(pk=signed)


def put(row, **values):
    """Change a row as one who has the database."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def flipped(blob, place=-1):
    """The bytes with one bit turned."""
    changed = bytearray(bytes(blob))
    changed[place] ^= 1
    return bytes(changed)


def turned(text):
    """A hash with one bit turned."""
    return f"{int(text[0], 16) ^ 1:x}{text[1:]}"


SEALS = {
    "sha256": (lambda seal: turned(seal.sha256), f"{LINK}: sha256 of the seal differs"),
    "uuid": (lambda seal: "00000000-0000-4000-8000-000000000001", f"{LINK}: uuid of the seal differs"),
    "pair": (lambda seal: "0" * 32, f"{LINK}: pair of the seal differs"),
    "kind": (lambda seal: "follow_up", f"{LINK}: kind of the seal differs"),
    "created_at": (lambda seal: LATER, f"{LINK}: created_at of the seal differs"),
    "voided_at": (lambda seal: LATER, f"{LINK}: the seal's voided_at is set, and no link says so"),
    "ciphertext": (lambda seal: flipped(seal.ciphertext), "does not fit its record"),
    "agreement": (
        lambda seal: Agreement.objects.exclude(pk=seal.agreement_id).latest("pk"),
        f"{LINK}: agreement of the seal differs",
    ),
}


@pytest.mark.parametrize("column", SEALS)
def test_a_seal_that_was_changed_is_named(agreement, column):
    seal = agreement.seals.get()
    value, told = SEALS[column]
    if column == "agreement":
        # Only one of a kind stands for an agreement.
        put(seal, voided_at=LATER)
    put(seal, **{column: value(seal)})
    lines = list(findings())
    assert any(told in line for line in lines), lines
    named = next(line for line in lines if told in line)
    assert str(agreement.uuid) in named
    assert str(seal.uuid) in named


def test_every_column_of_a_seal_and_a_signature_is_tried():
    names = {field.name for field in Seal._meta.fields} - {"id"}
    assert names == set(SEALS)
    # Of the row's own signature, and the place that it covers, there is `test_forged_signatures`.
    names = {field.name for field in Signature._meta.fields} - {"id", "mac", "place", "place_sha256"}
    assert names == set(SIGNATURES)


SIGNATURES = {
    "role": (lambda row: "x", "the signature of the superior is missing"),
    "signer": (lambda row: make_user(), "signer of the signature of the superior differs"),
    "place_digest": (lambda row: "0" * 64, "place of the signature of the superior differs"),
    "signed_at": (lambda row: LATER, "signed_at of the signature of the superior differs"),
    "seal": (
        lambda row: make_agreement(state=State.SIGNING).seals.get(),
        "the signature of the superior is missing",
    ),
}


@pytest.mark.parametrize("column", SIGNATURES)
def test_a_signature_that_was_changed_is_named(agreement, column):
    row = Signature.objects.get(seal__agreement=agreement, role="superior")
    value, told = SIGNATURES[column]
    seal = row.seal
    put(row, **{column: value(row)})
    assert f"{LINK}: {told} (seal {seal.uuid}, agreement {agreement.uuid})" in list(findings())


def test_a_signature_taken_away_is_named(agreement):
    Signature.objects.filter(seal__agreement=agreement, role="leader").delete()
    assert next(findings()).startswith(f"{LINK}: the signature of the leader is missing")


AGREEMENTS = {
    "signed_at": (LATER, f"{LINK}: the agreement's signed_at is not when it was signed"),
    "signed_pair": ("0" * 32, f"{LINK}: the agreement's signed_pair is not who signed it"),
    "leader_title": ("Direktør", "agreement: leader_title is not what was signed"),
    "superior_title": ("Direktør", "agreement: superior_title is not what was signed"),
    "unit_name": ("Kløver", "agreement: unit_name is not what was signed"),
    "opened_at": (LATER, "agreement: opened_at is not what was signed"),
    "discussed_on": (
        LATER.date() - timezone.timedelta(days=9),
        "agreement: discussed_on is not what was signed",
    ),
}


@pytest.mark.parametrize("column", AGREEMENTS)
def test_an_agreement_that_says_otherwise_than_what_was_signed_is_named(agreement, column):
    value, told = AGREEMENTS[column]
    put(agreement, **{column: value})
    lines = list(findings())
    assert any(line.startswith(told) and str(agreement.uuid) in line for line in lines), lines


def test_an_agreement_moved_to_another_round_is_named(agreement):
    other = make_agreement(year=YEAR + 3).round
    put(agreement, round=other)
    assert any(line.startswith(f"{LINK}: the agreement is of another round") for line in findings())


LINKS = {
    "number": (
        lambda link: 2_000_000_000,
        [
            f"chain of {YEAR}: link 4 is missing",
            f"chain of {YEAR}: links 7 to 1999999999 are missing",
            f"chain of {YEAR}, link 2000000000: it has an",
        ],
    ),
    "kind": (lambda link: "reopened", [f"{LINK}: it is said to be reopened, and was not"]),
    "said": (
        lambda link: link.said.replace('"pair":""', '"pair":"0"'),
        [f"{LINK}: what it says is not what"],
    ),
    "digest": (
        lambda link: turned(link.digest),
        [
            f"{LINK}: what it says is not what its digest is of",
            f"{NEXT}: it does not follow",
        ],
    ),
    "seal": (
        lambda link: SealLink.objects.get(number=6).seal,
        [f"{LINK}: agreement of the seal differs", "seal: signed by both, and stands in no chain"],
    ),
    "round": (
        lambda link: make_agreement(year=YEAR + 3).round,
        [f"chain of {YEAR}: link 4 is missing", f"chain of {YEAR + 3}: links 1 to 3 are missing"],
    ),
}


@pytest.mark.parametrize("column", LINKS)
def test_a_link_that_was_changed_is_named(agreement, column):
    link = SealLink.objects.get(number=4)
    value, told = LINKS[column]
    put(link, **{column: value(link)})
    lines = list(findings())
    for each in told:
        assert any(line.startswith(each) for line in lines), lines


@pytest.mark.parametrize(
    "said", ["", "{", "[]", "null", '{"signatures":7}', '{"signatures":{"leader":7,"superior":{"x":1}}}']
)
def test_a_link_that_says_anything_at_all_stops_nothing(agreement, said):
    put(SealLink.objects.get(number=4), said=said)
    lines = list(findings())
    assert lines[0].startswith(f"{LINK}: what it says is not what its digest is of")
    assert any(line.startswith(f"{LINK}: sha256 of the seal differs") for line in lines)


def test_every_column_of_a_link_is_tried():
    assert {field.name for field in SealLink._meta.fields} - {"id"} == set(LINKS)


@pytest.mark.parametrize("number", [2, 4, 6])
def test_a_link_taken_away_is_named(agreement, number):
    seal = SealLink.objects.get(number=number).seal
    SealLink.objects.filter(number=number).delete()
    lines = list(findings())
    end = f"chain of {YEAR}: its head says 6 links, and it ends with link 5"
    assert lines[0] == (f"chain of {YEAR}: link {number} is missing" if number < 6 else end)
    unchained = "seal: signed by both, and stands in no chain"
    assert f"{unchained} (seal {seal.uuid}, agreement {seal.agreement.uuid})" in lines


def test_a_first_signature_is_compared_by_its_own_link(signed, db):
    """Rows without their link, a link without its row, an end that was taken back, and a word out of its order."""
    agreement = make_agreement(state=State.SIGNING)
    other = make_agreement(state=State.SIGNING)
    row = Signature.objects.get(seal__agreement=agreement)
    seal, where = row.seal, f"(seal {row.seal.uuid}, agreement {agreement.uuid})"
    put(row, signed_at=LATER)
    assert f"chain of {YEAR}, link 7: signed_at of the signature of the leader differs {where}" in list(
        findings()
    )
    put(row, signed_at=row.signed_at, seal=other.seals.get(), role="superior")
    assert f"chain of {YEAR}, link 7: the signature of the leader is missing {where}" in list(findings())
    put(row, seal=seal, role="leader")
    assert list(findings()) == []
    write_anew = {"section_id": SECTION, "version": 0}
    payload = {"note": "Grågås", "answers": {}, "choices": [], "goals": []}
    actions.save_section(access_of(agreement.superior, agreement), payload=payload, **write_anew)
    actions.withdraw_signature(access_of(other.leader, other))
    assert list(findings()) == []
    for number, kind, of in ((9, "voided", agreement), (10, "withdrawn", other)):
        ended = of.seals.get()
        at = ended.voided_at
        put(ended, voided_at=None)
        assert next(findings()).startswith(
            f"chain of {YEAR}, link {number}: the seal is {kind}, and stands again"
        )
        put(ended, voided_at=at)
    SealLink.objects.filter(number=7).delete()
    lines = list(findings())
    assert f"signature: row {row.pk} stands in no chain {where}" in lines
    assert any(
        "it is voided, and the last that was said of the agreement is no first" in line for line in lines
    )


def test_two_links_that_changed_places_are_named(agreement):
    one, other = SealLink.objects.get(number=4), SealLink.objects.get(number=5)
    for row, number in ((one, 99), (other, 4), (one, 5)):
        put(row, number=number)
    lines = list(findings())
    assert lines[0].startswith(f"{LINK}: it has another place in the order")
    assert any(line.startswith(f"{NEXT}: it has another place in the order") for line in lines)


def test_a_link_written_anew_with_a_digest_that_fits_is_named_by_the_next(agreement):
    link = SealLink.objects.get(number=4)
    said = link.said.replace(agreement.seals.get().sha256, "0" * 64)
    put(link, said=said, digest=digest_of(said.encode()))
    put(agreement.seals.get(), sha256="0" * 64)
    lines = list(findings())
    assert any(line.startswith(f"{NEXT}: it does not follow the link before it") for line in lines)
    assert any("does not fit its record" in line for line in lines)


def test_a_seal_that_stands_twice_is_named(agreement):
    reopen(agreement)
    seal = agreement.seals.get()
    chain.append(seal, SealLink.Kind.REOPENED)
    told = f"seal: stands in the chain more than once (seal {seal.uuid}, agreement {agreement.uuid})"
    assert list(findings()) == [told]


def test_a_seal_taken_away_with_its_link_is_named(agreement):
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        cursor.execute("DELETE FROM leder_seal WHERE id = %s", [agreement.seals.get().pk])
        assert any(line.startswith(f"{LINK}: its seal is missing") for line in findings())
        cursor.execute(
            "UPDATE leder_seallink SET seal_id = (SELECT MAX(id) FROM leder_seal) WHERE number IN (3, 4)"
        )
        cursor.execute("DELETE FROM leder_signature WHERE seal_id NOT IN (SELECT id FROM leder_seal)")


HEADS = {
    "length": (lambda head: 2, "its head says 2 links, and it ends with link 6"),
    "digest": (lambda head: turned(head.digest), "its head says 6 links"),
    "whole_from": (lambda head: 3, "what stands before link 3 did not fit when that was added"),
    "mac": (lambda head: turned(head.mac), "is not genuine"),
    "parts": (lambda head: "{}", "what is said last of agreements (part"),
    "round": (lambda head: make_agreement(year=YEAR + 3).round, "its head is missing"),
}


@pytest.mark.parametrize("column", HEADS)
def test_a_head_that_was_changed_is_named(agreement, column):
    value, told = HEADS[column]
    SealHead.objects.update(**{column: value(SealHead.objects.get())})
    lines = list(findings())
    assert any(told in line and str(YEAR) in line for line in lines), lines


def test_what_was_said_last_is_compared_with_what_the_head_says(agreement):
    row = LastWords.objects.get(part=agreement.uuid.hex[:2])
    told = [f"chain of {YEAR}: what is said last of agreements (part {row.part}) is not as its head says"]
    put(row, said=row.said.replace("agreement", "follow_up"))
    assert list(findings()) == told
    put(row, said=row.said)
    assert list(findings()) == []
    row.delete()
    assert list(findings()) == told


def test_a_head_taken_away_is_named(agreement):
    SealHead.objects.all().delete()
    assert list(findings()) == [f"chain of {YEAR}: its head is missing"]


def test_a_chain_made_anew_from_changed_rows_has_no_genuine_head(agreement):
    """Digests have no key: one who writes them all anew still can't sign the end."""
    mac = SealHead.objects.get().mac
    SealHead.objects.all().delete()
    SealLink.objects.all().delete()
    row = Signature.objects.filter(seal__agreement=agreement).first()
    put(row, signer=make_user())
    chain.begin(agreement.round)
    SealHead.objects.update(mac=mac)
    assert list(findings()) == [
        f"signatures: row {row.pk} is not genuine (agreement {agreement.uuid})",
        f"chains of seals: row {agreement.round.pk} is not genuine (round {YEAR})",
    ]


@pytest.mark.parametrize("column", ["content", "sha256", "title", "kind", "year"])
def test_an_edition_that_was_changed_is_named(agreement, column):
    form = agreement.form_edition
    content = {**form.content, "title": "Lederavtalen"}
    value = {"content": content, "sha256": digest(content), "title": "Andre", "kind": "letter", "year": 2001}
    put(form, **{column: value[column]})
    assert f"editions: row {form.pk} is not genuine (page None)" in list(findings())


def test_an_edition_changed_with_its_hash_or_exchanged_is_named(agreement):
    told = f"edition: another than what was signed (agreement {agreement.uuid})"
    form = agreement.form_edition
    content = {**form.content, "title": "Lederavtalen"}
    put(form, content=content, sha256=digest(content), title="Lederavtalen")
    assert told in list(findings())
    put(form, content=form.content, sha256=form.sha256, title=form.title)
    assert list(findings()) == []
    again = Edition(page=None, kind="form", year=YEAR, title="Lederavtalen", published_at=LATER)
    again.content, again.sha256 = content, digest(content)
    again.save()
    put(agreement, form_edition=again)
    assert told in list(findings())


@pytest.mark.parametrize("column", ["ciphertext", "version", "section_id", "kind", "pair", "author"])
def test_an_entry_that_was_changed_is_named(agreement, column):
    entry = Entry.objects.get(agreement=agreement)
    value = {
        "ciphertext": flipped(entry.ciphertext, 20),
        "version": 7,
        "section_id": "s-work",
        "kind": "progress",
        "pair": "0" * 32,
        "author": agreement.superior,
    }
    put(entry, **{column: value[column]})
    lines = list(findings(with_texts=True))
    assert f"entry: {entry.pk} does not open (agreement {agreement.uuid})" in lines
    assert f"text: section {SECTION} is not what was signed (agreement {agreement.uuid})" in lines


def test_a_seal_that_only_says_it_was_reopened_is_named(agreement):
    put(agreement.seals.get(), voided_at=LATER)
    put(agreement, signed_at=None, state=State.DISCUSSED)
    lines = list(findings())
    assert lines[0].startswith(f"{LINK}: the seal's voided_at is set, and no link says so")


def test_a_reopened_seal_fits_and_stays(agreement):
    seal = agreement.seals.get()
    reopen(agreement)
    assert list(findings(with_texts=True)) == []
    sign(agreement, agreement.leader)
    sign(agreement, agreement.superior)
    assert list(findings(with_texts=True)) == []
    assert [link.number for link in seal.links.order_by("number")] == [3, 4, 7]
    assert [link.number for link in agreement.seals.latest("pk").links.order_by("number")] == [8, 9]
    put(seal, voided_at=timezone.now())
    assert next(findings()).startswith(f"chain of {YEAR}, link 7: voided_at of the seal differs")
    put(seal, sha256="0" * 64)
    assert any(line.startswith(f"{LINK}: sha256 of the seal differs") for line in findings())


def test_deleted_text_leaves_the_chain_whole_and_is_counted(agreement):
    deletion.delete_texts([agreement.pk])
    assert "1 by their seal alone" in told()[-1]
    row = Signature.objects.get(seal__agreement=agreement, role="leader")
    put(row, signed_at=LATER)
    forged = f"signatures: row {row.pk} is not genuine (agreement {agreement.uuid})"
    lines = told()
    assert lines[0] == forged
    assert lines[1].startswith(f"{LINK}: signed_at of the signature of the leader differs")
    # The chain says what stood there, whatever it was sealed with; the signature says which ciphertext.
    put(row, signed_at=row.signed_at, place=b"x")
    assert told()[0] == forged
    put(row, place=b"", place_digest="0" * 64)
    assert any("place of the signature of the leader differs" in line for line in told())


def test_a_record_sealed_in_another_form_than_the_canonical_does_not_fit(agreement):
    """The bytes that were hashed are what is sealed: the same words, set otherwise, were not signed so."""
    seal = agreement.seals.get()
    cipher = cipher_of(agreement)
    record = cipher.open(seal.ciphertext, *seal_binding(seal))
    put(seal, ciphertext=cipher.seal(record, *seal_binding(seal)))
    assert cipher.open_text(Seal.objects.get(pk=seal.pk).ciphertext, *seal_binding(seal)) != canonical(record)
    assert list(findings()) == [
        f"seal: {seal.pk} does not fit its record (seal {seal.uuid}, agreement {agreement.uuid})"
    ]


def told(**options):
    out = StringIO()
    try:
        call_command("leder_verify", stdout=out, **options)
    except CommandError as error:
        return [*out.getvalue().splitlines(), str(error)]
    return out.getvalue().splitlines()


class TestHeads:
    def test_a_line_a_round(self, agreement):
        make_agreement(state=State.SIGNED, year=YEAR - 1)
        earlier, head = SealHead.objects.order_by("round__year")
        assert told(heads=True)[:2] == [f"{YEAR - 1} 2 {earlier.digest}", f"{YEAR} 6 {head.digest}"]

    def test_what_was_kept_still_stands_as_the_chain_grows(self, agreement, tmp_path):
        kept = tmp_path / "heads"
        kept.write_text("# kept in the vault\n\n" + "\n".join(told(heads=True)))
        make_agreement(state=State.SIGNED)
        assert "as the plugin wrote it" in told(since=kept)[-1]

    def test_a_database_set_back_is_named(self, agreement, tmp_path):
        head, words = SealHead.objects.get(), list(LastWords.objects.all())
        later = make_agreement(state=State.SIGNED)
        kept = tmp_path / "heads"
        kept.write_text("\n".join(told(heads=True)))
        # As it was: every row is genuine.
        SealLink.objects.filter(number__gt=6).delete()
        SealHead.objects.update(length=head.length, digest=head.digest, parts=head.parts, mac=head.mac)
        LastWords.objects.all().delete()
        LastWords.objects.bulk_create(words)
        later.seals.get().delete()
        # Its inventory too.
        Agreement.objects.filter(pk=later.pk).update(signed_at=None, state=State.DISCUSSED)
        assert "as the plugin wrote it" in told()[-1]
        lines = told(since=kept)
        assert lines[0] == f"chain of {YEAR}: it had 8 links when its head was noted, and has 6 now"
        # Signed again, something else.
        other = make_agreement(state=State.SIGNED)
        assert other.seals.get().links.get(kind="sealed").number == 8
        assert "as the plugin wrote it" in told()[-1]
        assert told(since=kept)[0] == f"chain of {YEAR}, link 8: it is another than when its head was noted"

    @pytest.mark.parametrize("text", ["2027 x abc", "2027 1", "hei", "2027 1 abc def"])
    def test_a_file_of_something_else_is_refused(self, agreement, tmp_path, text):
        kept = tmp_path / "heads"
        kept.write_text(f"{YEAR} 3 {SealHead.objects.get().digest}\n{text}\n")
        assert told(since=kept) == [f"{kept}: line 2 is not one that --heads printed."]
        assert told(since=tmp_path / "none") == [f"{tmp_path / 'none'} can't be read."]


def test_what_is_found_says_nothing_of_what_is_written(agreement):
    Entry.objects.update(version=9)
    Seal.objects.update(sha256="0" * 64)
    Round.objects.update(year=YEAR + 20)
    lines = list(findings(with_texts=True))
    assert lines
    assert "Grågås" not in "".join(lines)


def test_a_record_of_another_hash_is_named(agreement):
    """Seal and link changed alike: the record itself says that it is another."""
    seal, link = agreement.seals.get(), SealLink.objects.get(number=4)
    said = link.said.replace(seal.sha256, turned(seal.sha256))
    put(link, said=said, digest=digest_of(said.encode()))
    put(seal, sha256=turned(seal.sha256))
    named = f"seal: {seal.pk} does not fit its record (seal {seal.uuid}, agreement {agreement.uuid})"
    assert named in list(findings())
