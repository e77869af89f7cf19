"""Languages stand in one place: a line there, and its catalogues, is all that a new one takes."""

import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from leder import languages
from leder.documents.content import content_of
from leder.documents.issuing import language_of_document
from leder.languages import LANGUAGES, Language
from leder.reminders.models import ReminderText
from leder.words import date_words
from tests.documents.records import make_facts, make_form, make_record

ROOT = Path(__file__).resolve().parents[2]


def test_the_site_speaks_those_of_the_plugin():
    assert languages.choices() == settings.LANGUAGES
    assert settings.LANGUAGE_CODE == LANGUAGES[0].code == "nb"


@pytest.mark.parametrize("folder", ["leder/locale", "locale"])
def test_each_has_its_catalogues_and_no_other_has(folder):
    assert {path.name for path in (ROOT / folder).iterdir()} == {*languages.translated()}


def test_scripts_are_told_which_have_catalogues():
    told = subprocess.run(  # noqa: S603
        [sys.executable, "leder/languages.py"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert told.stdout.split() == languages.translated()
    assert {"nb", "nn"} <= set(languages.translated()) and "en" not in languages.translated()


def test_no_other_file_lists_them():
    # Nynorsk is in every list of them, and English is what dates used to be asked about.
    listed = re.compile(r"""["']nn["']|--locale[ =]nn|startswith\(["']en["']\)""")
    found = {
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("leder", "lorenskog_intranet", "scripts")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sh", ".typ"} and path.name != "languages.py"
        for line in path.read_text().splitlines()
        if listed.search(line)
    }
    assert found == set()


@pytest.fixture
def danish(monkeypatch):
    """One line more."""
    one = Language("da", "Dansk", region="DK", day=r"\d\e\n j. F Y", time="H.i")
    monkeypatch.setattr(languages, "LANGUAGES", (*LANGUAGES, one))


def test_a_line_is_enough(danish):
    assert ("da", "Dansk") in ReminderText._meta.get_field("language").flatchoices
    assert languages.translated() == ["nb", "nn", "da"]
    with translation.override("da-dk"):
        assert date_words(date(2027, 3, 31)) == "den 31. marts 2027"
        assert language_of_document() == "da"
    facts = replace(make_facts(make_record()), language="da")
    shown = content_of(make_record(), make_form(), facts)
    assert (shown["language"], shown["region"], shown["text_region"]) == ("da", "DK", "NO")


def test_one_that_is_not_spoken_here():
    with translation.override("da"):
        assert date_words(date(2027, 3, 31)) == "31 marts 2027"
        assert language_of_document() == "nb"
