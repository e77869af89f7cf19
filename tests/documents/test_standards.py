"""What the checkers say: PDF/UA-1 by two of them, the file itself by qpdf."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leder.documents.certificate import _load as load_certificate
from leder.documents.document import render
from leder.documents.pades import seal_pdf
from leder.documents.variants import Variant
from tests.documents.records import AT, agreed_of, goals, make_facts, make_follow_up, make_form, make_record
from tests.documents.sealed import certificate_pem

RICH = (
    '<h2>Mellomtittel</h2><p>Tekst med <b>fet</b>, <i>kursiv</i> og <a href="/x/">lenke</a>.</p><h4>Under</h4>'
    "<ul><li>Ett<ul><li>Inni</li></ul></li><li>To</li></ul><ol><li>Først</li></ol><blockquote>Sitat</blockquote>"
    "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
)
NASTY = "čđŋšŧž 😀🎉👍🏽🇳🇴 שלום مرحبا 中文 \u202e \x07 " + "x" * 500 + " #read"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documents")
    form = make_form(html=RICH)
    made = []
    for name, note, language, signed, variant in (
        ("signed", "Et notat", "nb", 2, Variant.WHOLE),
        ("partial", "Et notat", "nn", 2, Variant.WITHOUT_PRIVATE),
        ("draft", "Et notat", "en", 1, Variant.WHOLE),
        ("nasty", NASTY, "nb", 2, Variant.WHOLE),
    ):
        record = make_record(form, note=note, goals=goals(4), salt="ab" * 32 if signed == 2 else "")
        facts = make_facts(record, language=language, signed=signed)
        path = folder / f"{name}.pdf"
        path.write_bytes(render(record, form, facts, variant))
        made.append(str(path))
    sealing = tmp_path_factory.mktemp("certificate") / "seal.pem"
    sealing.write_bytes(certificate_pem())
    certificate = load_certificate(str(sealing), "", "")
    for name in ("signed", "partial", "nasty"):
        path = folder / f"{name}-sealed.pdf"
        bare = (folder / f"{name}.pdf").read_bytes()
        path.write_bytes(seal_pdf(bare, by=certificate, at=AT, tooltip="Segl"))
        made.append(str(path))
    given = goals(12)
    for name, note, language, signed, variant in (
        ("follow-up", "Et notat", "nb", 2, Variant.WHOLE),
        ("follow-up-partial", "Et notat", "en", 2, Variant.WITHOUT_PRIVATE),
        ("follow-up-nasty", NASTY, "nn", 1, Variant.WHOLE),
    ):
        salt = "cd" * 32 if signed == 2 else ""
        record = make_follow_up(form, note=note, comment=note, goals=given, salt=salt)
        facts = make_facts(record, language=language, signed=signed, agreed=agreed_of(form, given))
        path = folder / f"{name}.pdf"
        path.write_bytes(render(record, form, facts, variant))
        made.append(str(path))
    return made


def run(*command):
    return subprocess.run([*command], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "checker", [["outloud"], ["pdfua", "check", "--min-severity", "error"]], ids=lambda c: c[0]
)
def test_is_accessible(checker, files):
    done = run(str(Path(sys.executable).with_name(checker[0])), *checker[1:], *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_is_whole(files):
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not installed; .ci/run has it")
    for file in files:
        done = run("qpdf", "--check", file)
        assert done.returncode == 0, done.stdout + done.stderr


def test_says_that_it_is_for_the_archive_and_accessible(files):
    for file in files:
        metadata = Path(file).read_bytes()
        assert b"<pdfaid:part>3</pdfaid:part>" in metadata
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata
        assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
