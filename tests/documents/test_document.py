"""The document itself: what stands in it, that nothing is lost or run, and that it is the same each time."""

import io
import re
import shutil
import string
import subprocess
import sys
import warnings

import pypdf
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from leder.agreements.reading.without_private import private_sections, without_private
from leder.canonical import digest
from leder.documents import typesetting
from leder.documents.document import FormChanged, render
from leder.documents.variants import Variant
from tests.documents.records import (
    URL,
    agreed_of,
    body_of,
    goals,
    make_facts,
    make_follow_up,
    make_form,
    make_record,
    words_in,
)
from tests.pdf import attached_to, text_of

FORM = make_form()
A4 = (595, 842)


def boxes_of(pdf):
    """Where each word of a PDF stands: left, top, right, bottom, word."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed; .ci/run has it")
    command = [str(shutil.which("pdftotext")), "-bbox", "-", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    found = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<', done.stdout.decode()
    )
    return [(*map(float, box), word) for *box, word in found]


def pdf_of(record=None, *, form=FORM, variant=Variant.WHOLE, **facts):
    record = record or make_record(form)
    return render(record, form, make_facts(record, **facts), variant)


class TestContent:
    def test_holds_what_was_signed_in_the_order_of_the_form(self):
        text = text_of(pdf_of(make_record(goals=goals(2))))
        wanted = [
            "Eksempel kommune",
            "Ánná Đoŋŋa",
            "Avdelingsleder",
            "Kløverenga",
            "Siri Overordnet",
            "Innledning",
            "Om avtalen.",
            "Sentrale tema og oppdrag",
            "Veiledning.",
            "Kortere ventetid",
            "Derfor",
            "Et notat",
            "Mål nummer 1",
            "Tiltak nummer 1",
            "Mål nummer 2",
            "Ledelsesutvikling",
            "Setter innbyggeren først",
            "Personell, økonomi og fag",
            "Oppfølging",
            "Lørenskog",
            "Rådhuset",
        ]
        place = 0
        for words in wanted:
            assert words in text[place:], words
            place += text[place:].index(words)

    def test_signed_says_when_where_and_how_to_check(self):
        record = make_record()
        text = text_of(pdf_of(record))
        assert "13. mars 2027" in text
        assert "10.05" in text  # in the site's time
        assert words_in(digest(record)) in words_in(text)
        assert words_in(URL) in words_in(text)

    @pytest.mark.parametrize(
        ("language", "day"), [("nb", "13. mars 2027"), ("nn", "13. mars 2027"), ("en", "13 March 2027")]
    )
    def test_speaks_the_language_of_the_document(self, language, day):
        pdf = pdf_of(language=language)
        assert day in text_of(pdf)
        assert pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Lang"].startswith(language)

    @pytest.mark.parametrize("signed", [0, 1])
    def test_a_draft_says_so_on_every_page_and_can_not_be_checked(self, signed):
        record = make_record(salt="", goals=goals(30))
        reader = pypdf.PdfReader(io.BytesIO(pdf_of(record, signed=signed)))
        assert len(reader.pages) > 2
        for page in reader.pages:
            assert "DRAFT" in page.extract_text() or "UTKAST" in page.extract_text()
        text = " ".join(page.extract_text() for page in reader.pages)
        assert digest(record)[:8] not in text
        assert "kontroll" not in text
        assert text.count("Lørenskog") == signed * 2  # in the part of the parties and in the box

    def test_shows_no_other_form_than_the_one_that_was_signed(self):
        record = make_record()
        with pytest.raises(FormChanged):
            render(record, make_form(html="<p>Noe annet.</p>"), make_facts(record))

    def test_sets_no_record_in_short(self):
        record = {"format": 1, "kind": "agreement", "agreement": "x", "sections": []}
        with pytest.raises(FormChanged):
            render(record, FORM, make_facts(record))


class TestAttached:
    def test_is_the_canonical_record_and_the_form(self):
        record = make_record(note="Ærlig «svar» 😀")
        pdf = pdf_of(record)
        assert attached_to(pdf) == {"record.json": record, "form.json": FORM}
        raw = pypdf.PdfReader(io.BytesIO(pdf)).attachments["record.json"][0]
        assert raw == rfc8785.dumps(record)


class TestWithoutPrivate:
    def test_holds_nothing_of_private_sections(self):
        record = make_record()
        for section in record["sections"]:
            if section["private"]:
                section["written"]["note"] = "Hemmelighet"
                section["cited"] = {"expectation-1": "Valgt forventning"}
        pdf = pdf_of(record, variant=Variant.WITHOUT_PRIVATE)
        everything = text_of(pdf) + str(attached_to(pdf))
        assert "Hemmelighet" not in everything
        assert "Valgt forventning" not in everything
        assert "Ledelsesutvikling" in everything
        assert "Et notat" in everything

    def test_names_the_whole_by_its_hash_and_keeps_the_salt_behind(self):
        record = make_record()
        held = attached_to(pdf_of(record, variant=Variant.WITHOUT_PRIVATE))["record.json"]
        assert held["whole_sha256"] == digest(record)
        assert held["salt"] not in ("", record["salt"])
        assert record["salt"] not in str(held)

    def test_a_draft_names_no_hash_of_what_has_no_salt(self):
        held = without_private(make_record(salt=""), private=private_sections(FORM))
        assert not {"whole_sha256", "salt"} & held.keys()


class TestTheSameEachTime:
    def test_same_record_and_facts_give_the_same_bytes(self):
        first = pdf_of()
        pdf_of(make_record(note="Noe annet imellom"))
        assert pdf_of() == first

    def test_and_so_they_do_in_another_process(self):
        script = (
            "import django, sys; django.setup(); from tests.documents.test_document import pdf_of; "
            "sys.stdout.buffer.write(pdf_of())"
        )
        other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
        assert other == pdf_of()

    def test_any_other_word_gives_other_bytes(self):
        assert pdf_of(make_record(note="Et notat.")) != pdf_of(make_record(note="Et notat"))


MARKUP = [
    '#read("/etc/passwd")',
    '#import "@preview/cades:0.3.0": qr-code',
    "#sys.inputs.record",
    "#{ while true {} }",
    "$ sum_(i=0)^n $",
    "@siri",
    "<merke>",
    "= Overskrift",
    "- punkt",
    "*fet* _kursiv_ `kode`",
    "\\u{1f600} \\ \\#",
    "// bort",
    "/* bort */",
    "] } ) [ { (",
    '" + read("x") + "',
    "~ --- ... -? 'a' \"b\"",
    "{{ 7*7 }} {% csrf_token %}",
    "<script>alert(1)</script> &amp; &#35;",
]


class TestWhatIsWritten:
    @pytest.mark.parametrize("written", MARKUP)
    def test_is_never_markup(self, written):
        record = make_record(note=written, why=written, goals=[{**goals(1)[0], "goal": written}])
        record["leader"]["name"] = written
        record["sections"][0]["heading"] = written
        assert words_in(text_of(pdf_of(record))).count(words_in(written)) >= 5

    @pytest.mark.parametrize(
        "written",
        [
            "čđŋšŧž ČĐŊŠŦŽ áÁ ïÏ Čáhppesjávri",
            "Grüße, çédille, Łódź, ñandú, ő, þing",
            "Привет, мир · Καλημέρα",
            "0123456789abcdef" * 300,
            "x" * 5000,
            "Ð" * 400,
            "W" * 40,
            "e\u0301 a\u030a",
            "smal\u2009luft, hard\u00a0luft, myk\u00adbinde\u00adstrek",
        ],
    )
    def test_is_all_there(self, written):
        body = body_of(pdf_of(make_record(note=written, goals=[{**goals(1)[0], "measures": written}])))
        whole = words_in(written)
        assert body.count(whole) >= 3
        # In a cell that goes over to the next page, the rest of its row stands between.
        assert all(body.count(sign) >= 6 * whole.count(sign) for sign in set(whole))

    def test_emoji_and_signs_of_other_scripts_are_drawn(self):
        text = words_in(text_of(pdf_of(make_record(note="😀 🎉 👍🏽 🇳🇴 ✅ ⚠️ ❤️ 👩‍💻 → ½ €"))))
        for sign in "😀🎉👍🏽🇳🇴✅⚠❤👩💻→½€":
            assert sign in text, sign

    def test_what_runs_the_other_way_is_there(self):
        text = text_of(pdf_of(make_record(note="שלום עולם مرحبا")))
        assert set("שלוםע") <= set(text)
        assert set("مرحبا") <= set(text)

    def test_what_no_font_has_is_named(self):
        text = words_in(text_of(pdf_of(make_record(note="中文 \ue000 \x07 \u202etxt.exe"))))
        for name in ("[U+4E2D]", "[U+6587]", "[U+E000]", "[U+0007]", "[U+202E]txt.exe"):
            assert name in text

    def test_long_words_stay_within_the_page(self):
        written = " ".join(
            ["x" * 5000, "W" * 60, "0aB" * 100, "https://example.org/" + "a" * 200, "Menneskerettighets" * 4]
        )
        record = make_record(note=written, why=written, goals=[{**goals(1)[0], "goal": written}])
        record["leader"]["name"] = "N" * 150
        words = boxes_of(pdf_of(record))
        assert len(words) > 500
        for left, top, right, bottom, word in words:
            assert 60 < left <= right < A4[0] - 60, word
            assert 20 < top <= bottom < A4[1] - 20, word

    @pytest.mark.parametrize("signed", [1, 2])
    def test_hard_texts_stay_within_the_page_of_a_follow_up_too(self, signed):
        hard = " ".join(["čđŋšŧž", "😀👍🏽🇳🇴", "שלום مرحبا", "W" * 60, "Menneskerettighets" * 4])
        given = [{**goals(1)[0], "goal": hard, "measures": hard}, *goals(30)[1:]]
        form = make_form()
        salt = "cd" * 32 if signed == 2 else ""
        record = make_follow_up(form, note=f"{hard} {'x' * 5000}", comment=hard, goals=given[:1], salt=salt)
        record["leader"] = {**record["leader"], "name": "Ánná " + "Đoŋŋa" * 39, "unit": "Ŋ" * 200}
        pdf = render(record, form, make_facts(record, signed=signed, agreed=agreed_of(form, given)))
        words = boxes_of(pdf)
        assert len(words) > 600
        for left, top, right, bottom, word in words:
            # The word across a draft lies behind the text, on purpose beyond its area.
            if word not in ("UTKAST", "DRAFT"):
                assert 60 < left <= right < A4[0] - 60, word
                assert 20 < top <= bottom < A4[1] - 20, word
        body = body_of(pdf)
        # In each of three sections: a goal, its measures, how it stands, the note; and 29 other goals.
        assert body.count("x") >= 3 * 5000
        assert all(body.count(sign) >= 3 * 4 for sign in "čđŋšŧž😀")
        assert body.count("W") >= 3 * 4 * 60
        assert body.count("Tiltaknummer30") == 3

    def test_headings_stand_clear_of_what_is_above(self):
        lines = {}
        for _left, top, _right, bottom, word in boxes_of(pdf_of()):
            lines.setdefault(word, (top, bottom))
        assert lines["avtalen."][1] < lines["Sted,"][0]

    def test_line_breaks_are_kept(self):
        text = text_of(pdf_of(make_record(note="Først\r\nså\n\n\n\ntil slutt")))
        assert "Først så til slutt" in text

    @settings(max_examples=25)
    @given(st.text(st.characters(codec="utf-8"), max_size=200))
    def test_whatever_it_is_a_document_comes_of_it(self, written):
        pdf = pdf_of(make_record(note=written, why=written))
        text = words_in(text_of(pdf))
        for word in written.split():
            if all(sign in string.ascii_letters + string.digits for sign in word):
                assert word in text
        assert attached_to(pdf)["record.json"]["sections"][0]["written"]["note"] == written

    def test_thirty_goals_in_every_section(self):
        text = text_of(pdf_of(make_record(goals=goals(30))))
        assert all(text.count(f"Tiltak nummer {n} ") == 3 for n in range(1, 31))


class TestTypesetting:
    def test_says_nothing_of_the_text_when_it_fails(self, monkeypatch):
        class Failing:
            def compile(self, **kwargs):
                import typst

                raise typst.TypstError("Hemmelighet", "Hemmelighet")

        monkeypatch.setattr(typesetting, "_compiler", Failing)
        with pytest.raises(typesetting.NotSet) as failure:
            pdf_of()
        assert failure.value.__cause__ is None
        assert failure.value.__suppress_context__
        assert "Hemmelighet" not in str(failure.value)

    def test_warns_of_nothing(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            pdf_of(make_record(goals=goals(3)))

    def test_reads_no_fonts_of_the_machine(self):
        names = {
            str(font["/BaseFont"]).split("+")[-1]
            for page in pypdf.PdfReader(io.BytesIO(pdf_of(make_record(note="😀 שלום 中")))).pages
            for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
        }
        assert {name.split("-")[0] for name in names} <= {"Inter", "NotoEmoji", "DejaVuSans"}
