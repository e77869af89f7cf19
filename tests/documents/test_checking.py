"""The check: genuine is what was issued, to the last bit; what is told of it names nobody."""

import hashlib
import io
import json
import zlib
from io import StringIO

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from leder.agreements.models import Agreement, Seal, Signature
from leder.conversations import actions as conversing
from leder.documents import embedded
from leder.documents.checking import Verdict, check
from leder.documents.models import IssuedDocument
from leder.safekeeping.verification import findings
from tests.documents.sealed import certificate_pem
from tests.factories import access_of, confirm, make_user, reopen
from tests.pdf import attached_to

pytestmark = pytest.mark.django_db
CHECK = "/leder/kontroll/"


def flipped(pdf, place):
    """The file with one bit of it turned."""
    changed = bytearray(pdf)
    changed[place] ^= 1
    return bytes(changed)


def faked(record, *, address=""):
    """A file that holds a record, and is no document of ours."""
    body = zlib.compress(record if isinstance(record, bytes) else json.dumps(record).encode())
    return b"%PDF-1.7\n" + address.encode() + b"\nstream\n" + body + b"\nendstream\n%%EOF"


@pytest.fixture
def documents(signed, pdf, fetch, request, tmp_path):
    """Documents of every kind, as they have left: plain, without private sections, of the follow-up, sealed."""
    bring_to_follow_up(signed)
    made = {"plain": pdf, "partial": fetch(signed.superior, signed, without_private=True).content}
    made["follow-up"] = fetch(signed.leader, signed, name="follow_up_document").content
    request.getfixturevalue("settings").LEDER_SEAL_CERTIFICATE = str(tmp_path / "seal.pem")
    (tmp_path / "seal.pem").write_bytes(certificate_pem())
    made["sealed"] = fetch(signed.leader, signed).content
    made["sealed follow-up"] = fetch(signed.leader, signed, name="follow_up_document").content
    return made


def bring_to_follow_up(agreement):
    conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
    for person in (agreement.leader, agreement.superior):
        confirm(agreement, person)
    agreement.refresh_from_db()


class TestCheck:
    def test_what_was_issued_is_genuine(self, signed, pdf, fetch):
        finding = check(pdf)
        assert (finding.verdict, finding.seal, finding.record_agrees) == (
            Verdict.GENUINE,
            signed.seals.get(),
            True,
        )
        partial = fetch(signed.superior, signed, without_private=True).content
        assert check(partial).verdict == Verdict.GENUINE
        assert check(partial).document.variant == "without_private"

    def test_one_flipped_bit_is_found_wherever_it_is(self, signed, pdf):
        for place in range(0, len(pdf), 997):
            finding = check(flipped(pdf, place))
            assert finding.verdict in (Verdict.CHANGED, Verdict.UNKNOWN), place
        # And named, but where the bit is in the address itself.
        named = [check(flipped(pdf, place)).seal for place in range(0, len(pdf), 997)]
        assert named.count(signed.seals.get()) > 0.95 * len(named)

    def test_wherever_bits_are_turned_the_file_is_genuine_no_more(self, documents):
        @settings(max_examples=150, database=None)
        @given(st.sampled_from(sorted(documents)), st.floats(0, 1, exclude_max=True), st.integers(0, 7))
        def turn(name, place, bit):
            pdf = documents[name]
            changed = bytearray(pdf)
            changed[int(place * len(pdf))] ^= 1 << bit
            assert check(bytes(changed)).verdict in (Verdict.CHANGED, Verdict.UNKNOWN)

        assert {check(pdf).verdict for pdf in documents.values()} == {Verdict.GENUINE}
        turn()

    def test_says_whether_what_is_attached_is_what_was_sealed(self, pdf):
        inside_record = pdf.index(b"stream", pdf.index(b"/Type/EmbeddedFile")) + 100
        assert not check(flipped(pdf, inside_record)).record_agrees
        assert check(pdf + b" ").record_agrees

    def test_saved_anew_by_another_program_is_not_what_was_issued(self, signed, pdf):
        out = io.BytesIO()
        pypdf.PdfWriter(clone_from=io.BytesIO(pdf)).write(out)
        finding = check(out.getvalue())
        assert (finding.verdict, finding.seal) == (Verdict.CHANGED, signed.seals.get())

    def test_a_draft_says_that_it_is_one(self, written, fetch):
        assert check(fetch(written.leader, written).content).verdict == Verdict.DRAFT

    def test_a_file_with_what_was_sealed_is_not_genuine_for_that(self, signed, pdf):
        record = pypdf.PdfReader(io.BytesIO(pdf)).attachments["record.json"][0]
        assert check(faked(record)).verdict == Verdict.UNKNOWN
        address = f"/kontroll/{signed.seals.get().uuid}/"
        assert check(faked(record, address=address)).verdict == Verdict.CHANGED

    def test_a_row_put_in_by_hand_makes_nothing_genuine(self, signed, pdf):
        row = IssuedDocument.objects.get()
        fake = flipped(pdf, 5000)
        row.pk, row.sha256, row.language = None, hashlib.sha256(fake).hexdigest(), "xx"
        row.save()
        assert check(fake).verdict == Verdict.CHANGED
        assert any(f"issued documents: row {row.pk} is not genuine" in line for line in findings())

    def test_a_row_of_another_agreement_makes_nothing_genuine(self, signed, pdf):
        from tests.factories import make_agreement

        other = make_agreement(state="signed")
        IssuedDocument.objects.update(seal=other.seals.get())
        assert check(pdf).verdict == Verdict.CHANGED

    def test_a_row_put_in_by_hand_beside_the_genuine_one_takes_nothing_from_it(self, signed, pdf):
        genuine = IssuedDocument.objects.get()
        for pk, language in ((genuine.pk - 1, "xx"), (genuine.pk + 1, "yy")):
            row = IssuedDocument.objects.get(pk=genuine.pk)
            row.pk, row.language = pk, language
            row.save(force_insert=True)
        assert check(pdf).verdict == Verdict.GENUINE

    @pytest.mark.parametrize("change", ["hash", "signature"])
    def test_a_seal_that_was_changed_is_found(self, change, signed, pdf):
        if change == "hash":
            Seal.objects.update(sha256="0" * 64)
        else:
            Signature.objects.filter(role="leader").delete()
        assert check(pdf).verdict == Verdict.SEAL_DIFFERS

    def test_a_seal_that_was_taken_back_is_told(self, signed, pdf):
        reopen(signed)
        assert check(pdf).verdict == Verdict.REPLACED

    def test_a_seal_that_is_only_said_to_be_taken_back_is_found(self, signed, pdf):
        Seal.objects.update(voided_at=timezone.now())
        assert check(pdf).verdict == Verdict.SEAL_DIFFERS

    def test_holds_after_the_text_is_deleted(self, signed, pdf):
        signed.data_key.delete()
        Seal.objects.update(ciphertext=b"")
        assert check(pdf).verdict == Verdict.GENUINE

    def test_opens_nothing(self, pdf, monkeypatch):
        from leder.agreements.vault.cipher import Cipher

        def opens(*args):
            raise AssertionError("opened")

        monkeypatch.setattr(Cipher, "open", opens)
        assert check(pdf).verdict == Verdict.GENUINE
        assert check(flipped(pdf, 3000)).verdict == Verdict.CHANGED


class TestHostileFiles:
    @pytest.mark.parametrize(
        "file",
        [
            b"",
            b"%PDF-1.7",
            b"stream\n" * 100_000,
            b"stream\nx\xff" * 100_000,
            faked(b'{"agreement":' + b"[" * 200_000),
            faked(b'{"agreement":"x","whole_sha256":[1]}'),
            faked(b'{"agreement":\xff}'),
            faked({"agreement": None, "salt": 1}),
        ],
        ids=["empty", "head", "streams", "broken", "deep", "list", "bytes", "null"],
    )
    def test_are_not_ours(self, file):
        assert check(file).verdict in (Verdict.UNKNOWN, Verdict.DRAFT)

    def test_a_bomb_is_not_unpacked(self, monkeypatch):
        import tracemalloc

        monkeypatch.setattr(embedded, "MOST_INFLATED", 1024 * 1024)
        bomb = b"%PDF-1.7\nstream\n" + zlib.compress(b"0" * 100_000_000) + b"\nendstream"
        tracemalloc.start()
        assert check(bomb * 10).verdict == Verdict.UNKNOWN
        assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
        tracemalloc.stop()

    def test_what_a_file_says_of_an_agreement_tells_nothing(self, signed):
        there, missing = (
            check(faked({"agreement": uuid, "salt": "x"}))
            for uuid in (str(signed.uuid), "00000000-0000-4000-8000-000000000000")
        )
        assert there == missing


class TestPage:
    def test_tells_everybody_the_same_and_names_nobody(self, signed, pdf, upload):
        for person in (make_user(), make_user(is_superuser=True)):
            page = upload(person, pdf).content.decode()
            assert str(signed.uuid) in page
            assert signed.seals.get().sha256 in page
            for words in ("Lars Leder", "Siri Overordnet", "Hemmelig", "Felles", "Avdelingsleder", "Enhet"):
                assert words not in page.partition("<main")[2].partition("</main")[0]
            assert f"/leder/avtale/{signed.uuid}" not in page
        assert f"/leder/avtale/{signed.uuid}" in upload(signed.leader, pdf).content.decode()

    @pytest.mark.parametrize(
        ("content", "status"), [(b"", 422), (b"Ikke en PDF", 422), (b"%PDF-1.7 noe annet", 200)]
    )
    def test_takes_what_is_a_pdf(self, content, status, upload):
        assert upload(make_user(), content).status_code == status

    def test_needs_a_sign_in_and_a_token(self, pdf):
        assert Client().get(CHECK).status_code == 302
        assert Client().post(CHECK, {}).status_code == 302
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(make_user())
        assert strict.post(CHECK, {"file": io.BytesIO(pdf)}).status_code == 403

    def test_keeps_the_file_in_memory(self, upload, settings, monkeypatch):
        import tempfile

        def refuses(*args, **kwargs):
            raise AssertionError("a file was made")

        monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuses)
        monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", refuses)
        assert upload(make_user(), b"%PDF-1.7" + b"x" * 6_000_000).status_code == 200

    def test_passes_by_what_is_too_large(self, upload, monkeypatch):
        monkeypatch.setattr("leder.documents.forms.MOST_BYTES", 1000)
        assert upload(make_user(), b"%PDF-1.7" + b"x" * 100_000).status_code == 422

    def test_the_address_on_paper_tells_what_to_compare(self, signed, as_user):
        seal = signed.seals.get()
        address = reverse("leder:check_seal", args=[seal.uuid])
        page = as_user(make_user()).get(address).content.decode()
        assert seal.sha256 in page
        assert "Lars Leder" not in page
        missing = reverse("leder:check_seal", args=["00000000-0000-4000-8000-000000000000"])
        assert as_user(make_user()).get(missing).status_code == 404
        assert as_user(make_user()).post(address).status_code == 405

    def test_a_seal_of_what_is_not_signed_by_both_is_not_there(self, signed, as_user):
        Agreement.objects.update(signed_at=None)
        address = reverse("leder:check_seal", args=[signed.seals.get().uuid])
        assert as_user(signed.leader).get(address).status_code == 404


class TestCommand:
    def run(self, *files):
        out = StringIO()
        try:
            call_command("leder_check", *map(str, files), stdout=out)
        except CommandError as error:
            return out.getvalue(), str(error)
        return out.getvalue(), ""

    def test_names_the_agreement_and_neither_names_nor_text(self, signed, pdf, tmp_path):
        file = tmp_path / "avtale.pdf"
        file.write_bytes(pdf)
        said, error = self.run(file)
        assert error == ""
        assert f"genuine; agreement {signed.uuid} of 2027" in said
        assert "the record in it is what was sealed" in said
        assert f"chain of {signed.year}: link 1 (first), link 2 (sealed)" in said
        assert "Lars" not in said

    def test_fails_for_what_is_not_genuine(self, signed, pdf, tmp_path):
        file = tmp_path / "avtale.pdf"
        file.write_bytes(flipped(pdf, len(pdf) // 2))
        said, error = self.run(file)
        assert f"changed; agreement {signed.uuid}" in said
        assert error == "1 not genuine."
        assert "can't be read" in self.run(tmp_path / "missing.pdf")[1]


def test_what_is_attached_verifies_without_us(pdf, signed):
    """What stands in docs: the hash of the attached record is the one on the last page."""
    raw = pypdf.PdfReader(io.BytesIO(pdf)).attachments["record.json"][0]
    assert hashlib.sha256(raw).hexdigest() == signed.seals.get().sha256
    record, form = (attached_to(pdf)[f"{name}.json"] for name in ("record", "form"))
    raw_form = pypdf.PdfReader(io.BytesIO(pdf)).attachments["form.json"][0]
    assert record["editions"]["form"]["sha256"] == hashlib.sha256(raw_form).hexdigest()
    assert form["kind"] == "form"
