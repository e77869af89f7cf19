"""The municipality's seal: on every signed document where there is a certificate, and nothing else changes."""

import datetime as dt
import io
import sys

import pypdf
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel

from leder import checks
from leder.documents import certificate as module
from leder.documents import sealing
from leder.documents.certificate import NoCertificate, configured, make_test_certificate
from leder.documents.checking import Verdict, check
from leder.documents.models import IssuedDocument
from leder.documents.sealing import SealState
from tests.documents.sealed import certificate_pem, judged
from tests.factories import make_user
from tests.pdf import attached_to, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def certificate(settings, tmp_path):
    """The settings name a certificate."""
    file = tmp_path / "seal.pem"
    file.write_bytes(certificate_pem())
    settings.LEDER_SEAL_CERTIFICATE = str(file)
    return configured()


@pytest.fixture
def sealed(certificate, signed, fetch):
    return fetch(signed.leader, signed).content


class TestSeal:
    def test_others_find_it_valid_and_of_the_whole_file(self, sealed, certificate, signed):
        said = judged(sealed, certificate)
        assert said.bottom_line
        assert said.coverage == SignatureCoverageLevel.ENTIRE_FILE
        assert said.modification_level == ModificationLevel.NONE
        # When it was sealed, not when the two signed.
        issued = IssuedDocument.objects.get()
        assert signed.signed_at.replace(microsecond=0) <= said.signer_reported_dt <= issued.issued_at

    def test_the_certificates_above_it_go_with_it(self, certificate, signed, fetch, settings, tmp_path):
        file = tmp_path / "chain.pem"
        others = [certificate_pem(name).partition(b"-----BEGIN PRIVATE")[0] for name in ("En", "To")]
        file.write_bytes(certificate_pem() + b"".join(others))
        settings.LEDER_SEAL_CERTIFICATE = str(file)
        made = [fetch(person, signed).content for person in (signed.leader, signed.superior)]
        assert made[0] == made[1]
        (seal,) = PdfFileReader(io.BytesIO(made[0])).embedded_signatures
        assert len(seal.other_embedded_certs) == 2
        assert judged(made[0], certificate).bottom_line
        assert check(made[0]).municipal_seal == SealState.HOLDS

    def test_the_file_tells_the_same_of_itself_in_both_places(self, sealed):
        """PDF/A-3 wants it, and what was added when it was sealed has changed both."""
        reader = pypdf.PdfReader(io.BytesIO(sealed))
        info, xmp = reader.metadata, reader.xmp_metadata
        assert xmp.dc_title == {"x-default": info.title}
        assert xmp.dc_description == {"x-default": info.subject}
        assert xmp.dc_creator == [info.author]
        assert (xmp.xmp_creator_tool, xmp.pdf_producer) == (info.creator, info.producer)
        told = [info.creation_date, info.modification_date]
        assert [xmp.xmp_create_date, xmp.xmp_modify_date] == [
            each.astimezone(dt.UTC).replace(tzinfo=None) for each in told
        ]
        assert "/Filter" not in reader.trailer["/Root"]["/Metadata"]
        assert b'pdfaid:part="3" pdfaid:conformance="A" pdfuaid:part="1"' in sealed

    def test_says_who_has_sealed_it_and_that_nothing_may_be_changed(self, sealed):
        reader = pypdf.PdfReader(io.BytesIO(sealed))
        field = reader.trailer["/Root"]["/AcroForm"]["/Fields"][0].get_object()
        assert "TEST Eksempel kommune" in field["/TU"]
        assert field["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"
        assert field["/V"]["/Reference"][0]["/TransformParams"]["/P"] == 1

    def test_is_the_same_to_the_last_bit_each_time(self, sealed, signed, fetch):
        assert fetch(signed.superior, signed).content == sealed
        assert IssuedDocument.objects.count() == 1

    @pytest.mark.parametrize("change", ["another certificate", "no certificate", "no pyhanko"])
    def test_what_was_sealed_stays_so(self, change, sealed, signed, fetch, settings, tmp_path, monkeypatch):
        if change == "another certificate":
            other = tmp_path / "other.pem"
            other.write_bytes(certificate_pem("En annen kommune"))
            settings.LEDER_SEAL_CERTIFICATE = str(other)
        elif change == "no certificate":
            settings.LEDER_SEAL_CERTIFICATE = ""
        else:
            monkeypatch.setattr(sealing, "is_available", lambda: False)
        assert fetch(signed.superior, signed).content == sealed
        # What leaves for the first time is of today.
        anew = fetch(signed.superior, signed, without_private=True).content
        assert (b"/ByteRange" in anew) == (change == "another certificate")
        assert {check(each).verdict for each in (sealed, anew)} == {Verdict.GENUINE}

    def test_what_left_without_one_gets_none_later(self, certificate, signed, fetch, settings):
        settings.LEDER_SEAL_CERTIFICATE, named = "", settings.LEDER_SEAL_CERTIFICATE
        bare = fetch(signed.leader, signed).content
        settings.LEDER_SEAL_CERTIFICATE = named
        assert fetch(signed.leader, signed).content == bare
        assert b"/ByteRange" not in bare

    def test_what_it_is_put_on_is_what_it_would_be_without(self, sealed, signed, fetch, settings):
        settings.LEDER_SEAL_CERTIFICATE = ""
        IssuedDocument.objects.update(variant="another")
        bare = fetch(signed.leader, signed).content
        assert sealed.startswith(bare)
        assert attached_to(sealed) == attached_to(bare)
        assert text_of(sealed) == text_of(bare)

    def test_a_draft_has_none(self, certificate, written, fetch):
        assert check(fetch(written.leader, written).content).municipal_seal == SealState.NONE

    def test_works_where_the_work_is_done_in_threads(self, certificate, signed, fetch):
        from concurrent.futures import ThreadPoolExecutor

        content = fetch(signed.leader, signed).content
        bare = content[: content.index(b"%%EOF") + 5]
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda _each: sealing.with_seal(bare, language="nb"), range(4)))
        assert {sealing.seal_on(each) for each in made} == {SealState.HOLDS}


class TestCheck:
    def test_says_that_it_holds(self, sealed, upload):
        assert check(sealed).municipal_seal == SealState.HOLDS
        page = upload(make_user(), sealed).content.decode()
        assert str(SealState.HOLDS.label) in page or "byte" in page

    def test_a_changed_file_is_found(self, sealed):
        for place in (20, 5000, len(sealed) // 2, len(sealed) - 2):
            changed = bytearray(sealed)
            changed[place] ^= 1
            finding = check(bytes(changed))
            assert finding.verdict in (Verdict.CHANGED, Verdict.UNKNOWN)
            assert finding.municipal_seal != SealState.HOLDS

    def test_what_comes_after_it_is_found(self, sealed):
        assert check(sealed + b"\n").municipal_seal == SealState.BROKEN

    def test_knows_ours_where_the_register_is_lost(self, sealed, signed):
        IssuedDocument.objects.all().delete()
        finding = check(sealed)
        assert (finding.verdict, finding.seal) == (Verdict.UNLISTED, signed.seals.get())
        assert not finding.is_genuine

    def test_of_another_certificate_nothing_is_said(self, sealed, settings, tmp_path):
        other = tmp_path / "other.pem"
        other.write_bytes(certificate_pem("En annen kommune"))
        settings.LEDER_SEAL_CERTIFICATE = str(other)
        finding = check(sealed)
        # It has left here: that is known without the seal.
        assert (finding.verdict, finding.municipal_seal) == (Verdict.GENUINE, SealState.OTHER)

    def test_without_a_certificate_nothing_is_asked(self, sealed, settings):
        settings.LEDER_SEAL_CERTIFICATE = ""
        finding = check(sealed)
        assert (finding.verdict, finding.municipal_seal) == (Verdict.GENUINE, SealState.UNCHECKED)

    @pytest.mark.parametrize(
        "tail",
        [
            b"/ByteRange [0 1 2 3]",
            b"/ByteRange [0 9999999999 9999999999 1]",
            b"/ByteRange [0 10 14 40]<00>",
            b"/ByteRange [1 2 3 4]/ByteRange [1 2 3 4]",
            b"/ByteRange []",
        ],
    )
    def test_a_hostile_file_is_not_ours(self, tail, certificate):
        finding = check(b"%PDF-1.7 " + tail)
        assert (finding.verdict, finding.municipal_seal) == (Verdict.UNKNOWN, SealState.BROKEN)

    def test_a_seal_of_nonsense_is_not_ours(self, sealed, certificate):
        begins = sealed.index(b"/Contents <30") + 11
        for place in range(begins, begins + 5000, 97):
            changed = (
                sealed[:place]
                + (b"1F" if sealed[place : place + 2] != b"1F" else b"00")
                + sealed[place + 2 :]
            )
            assert check(changed).municipal_seal in (SealState.BROKEN, SealState.OTHER), place

    def test_the_command_says_it(self, sealed, tmp_path, capsys):
        file = tmp_path / "avtale.pdf"
        file.write_bytes(sealed)
        call_command("leder_check", str(file))
        assert "municipal seal: holds" in capsys.readouterr().out


class TestCertificate:
    def test_none_is_needed(self, signed, fetch):
        content = fetch(signed.leader, signed).content
        assert b"/ByteRange" not in content
        assert configured() is None
        assert checks.check_seal(None) == []

    @pytest.mark.parametrize("kind", ["pem", "two files", "pkcs12"])
    def test_is_read_from_what_one_has(self, kind, settings, tmp_path, certificate):
        cert = certificate.leaf.public_bytes(Encoding.PEM)
        secret = BestAvailableEncryption(b"hemmelig")
        key = certificate.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)
        file, key_file = tmp_path / "file", tmp_path / "key"
        if kind == "pkcs12":
            file.write_bytes(
                pkcs12.serialize_key_and_certificates(b"x", certificate.key, certificate.leaf, None, secret)
            )
        elif kind == "pem":
            file.write_bytes(key + cert)
        else:
            file.write_bytes(cert)
            key_file.write_bytes(key)
            settings.LEDER_SEAL_KEY = str(key_file)
        settings.LEDER_SEAL_CERTIFICATE, settings.LEDER_SEAL_PASSPHRASE = str(file), "hemmelig"
        assert configured().fingerprint == certificate.fingerprint
        settings.LEDER_SEAL_PASSPHRASE = "feil"
        with pytest.raises(NoCertificate, match="another passphrase"):
            configured()

    @pytest.mark.parametrize(
        "fault", ["missing", "rubbish", "no key", "elliptic", "another's key", "no pyhanko"]
    )
    def test_one_that_can_not_be_used_is_told_and_stops_nobody(
        self, fault, certificate, settings, tmp_path, signed, fetch, monkeypatch
    ):
        file = tmp_path / "faulty"
        cert = certificate.leaf.public_bytes(Encoding.PEM)
        plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        content = {
            "rubbish": b"rubbish",
            "no key": cert,
            "elliptic": cert + generate_private_key(SECP256R1()).private_bytes(*plain),
            "another's key": certificate_pem("En annen kommune").partition(b"-----BEGIN PRIVATE")[0]
            + certificate.key.private_bytes(*plain),
            "no pyhanko": certificate_pem(),
        }
        if fault in content:
            file.write_bytes(content[fault])
        if fault == "no pyhanko":
            monkeypatch.setattr(sealing, "is_available", lambda: False)
            monkeypatch.setattr(checks, "is_available", lambda: False)
            monkeypatch.setitem(sys.modules, "leder.documents.pades", None)
        settings.LEDER_SEAL_CERTIFICATE = str(file)
        assert [each.id for each in checks.check_seal(None)] == ["leder.W002"]
        content = fetch(signed.leader, signed).content
        assert b"/ByteRange" not in content
        assert check(content).verdict == Verdict.GENUINE

    @pytest.mark.parametrize(("days", "warned"), [(-1, True), (20, True), (90, False)])
    def test_one_that_ends_is_told(self, days, warned, settings, tmp_path):
        file = tmp_path / "seal.pem"
        file.write_bytes(make_test_certificate("Eksempel kommune", days=days))
        settings.LEDER_SEAL_CERTIFICATE = str(file)
        assert [each.id for each in checks.check_seal(None)] == (["leder.W003"] if warned else [])

    @pytest.mark.parametrize(("edge", "hours", "seals"), [
        ("starts", -1, False), ("starts", 1, True), ("ends", -1, True), ("ends", 1, False),
    ])  # fmt: skip
    def test_seals_while_it_holds(self, edge, hours, seals, certificate, caplog):
        bare = b"%PDF-"
        with time_machine.travel(getattr(certificate, edge) + dt.timedelta(hours=hours), tick=False):
            assert certificate.holds == seals
            if not seals:
                assert sealing.with_seal(bare, language="nb") == bare
                assert "does not hold today" in caplog.text
                assert [each.id for each in checks.check_seal(None)] == [
                    "leder.W002" if edge == "starts" else "leder.W003"
                ]

    def test_the_one_for_trying_says_that_it_is_a_test(self, certificate):
        assert certificate.name.startswith("TEST")
        assert certificate.starts < timezone.now() < certificate.ends
        assert module.configured().fingerprint == certificate.fingerprint


class TestCommand:
    def test_makes_one_to_try_with(self, tmp_path, settings, capsys):
        call_command("leder_seal", "test")
        file = tmp_path / "seal.pem"
        file.write_text(capsys.readouterr().out)
        settings.LEDER_SEAL_CERTIFICATE = str(file)
        call_command("leder_seal", "status")
        said = capsys.readouterr().out
        assert "TEST" in said
        assert configured().fingerprint in said

    def test_says_what_is_wrong(self, settings, capsys):
        call_command("leder_seal", "status")
        assert "without a seal" in capsys.readouterr().out
        settings.LEDER_SEAL_CERTIFICATE = "/nowhere/seal.pem"
        with pytest.raises(CommandError, match="can't be read"):
            call_command("leder_seal", "status")
