"""What the fonts can draw, and how the rest is shown."""

import json
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from leder.documents import drawable as module
from leder.documents.drawable import COVERAGE, drawable

FONTS = Path(module.__file__).with_name("fonts")


def test_the_list_of_what_is_covered_is_that_of_the_fonts():
    covered = set()
    for path in FONTS.glob("*/*.ttf"):
        if "Italic" not in path.name:
            covered |= set(TTFont(path).getBestCmap())
    listed = {sign for first, last in json.loads(COVERAGE.read_text()) for sign in range(first, last + 1)}
    assert listed == covered


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("Ærlig, åpen", "Ærlig, åpen"),
        ("čđŋšŧž", "čđŋšŧž"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("\x00\x1b \x7f\x9f", "[U+0000][U+001B] [U+007F][U+009F]"),
        ("\u202eabc\u2066", "[U+202E]abc[U+2066]"),
        ("\ufeffa\u2060b", "ab"),
        ("中", "[U+4E2D]"),
        ("\ue000\ud800", "[U+E000][U+D800]"),
        ("👩‍💻👍🏽", "👩‍💻👍🏽"),
    ],
)
def test_shown(written, drawn):
    assert drawable(written) == drawn


def test_only_words_longer_than_a_line_are_broken():
    long = "menneskerettighetsorganisasjon"
    assert "\u00ad" in drawable(long)
    assert drawable(long).replace("\u00ad", "") == long
    assert drawable("arbeidsgiverpolitikk") == "arbeidsgiverpolitikk"
    assert max(map(len, drawable("0a" * 100).split("\u200b"))) == 7


def test_what_is_drawn_as_one_is_not_broken():
    family = "👩‍👩‍👧‍👦"
    pieces = drawable(family * 20).split("\u200b")
    assert len(pieces) > 1
    assert all(not piece.startswith("\u200d") and not piece.endswith("\u200d") for piece in pieces)
    assert all(not piece.startswith("\u0301") for piece in drawable("e\u0301" * 60).split("\u200b"))
