"""Differences between two wordings: nothing lost, nothing made up, and readable."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leder.pages.markup import Paragraph, Run, Style, paragraphs_of, plain_paragraph
from leder.pages.wording import (
    Change,
    LinkChange,
    Piece,
    compare_paragraph,
    compare_paragraphs,
    compare_words,
)

WORDS = st.lists(
    st.sampled_from(
        ["leder", "og", "ansvar", "for", "mål", "8", "%", ",", ".", "Ø", "\n", "🙂", "-", "d’Or"]
    ),
    max_size=25,
).map(" ".join)
RUNS = st.lists(
    st.builds(Run, WORDS, st.builds(Style, bold=st.booleans(), href=st.sampled_from(["", "/a/", "/b/"]))),
    max_size=4,
)
TEXTS = st.text(max_size=40) | WORDS
HTML = st.lists(
    st.tuples(st.sampled_from(["<p>{}</p>", "<ul><li>{}</li></ul>", "<p><b>{}</b></p>"]), WORDS), max_size=6
).map(lambda blocks: "".join(template.format(words) for template, words in blocks))


def marked(old: str, new: str) -> str:
    """The difference as text: [-removed-] and {+added+}."""
    signs = {Change.UNCHANGED: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
    return "".join(signs[piece.change].format(piece.text) for piece in compare_words([Run(old)], [Run(new)]))


def squeezed(text: str) -> str:
    return "".join(text.split())


def texts(changes: Sequence) -> list[tuple[Change, str, str]]:
    return [(change.change, change.old_text, change.new_text) for change in changes]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("setter innbyggeren først", "setter innbyggeren aller først", "setter innbyggeren {+aller +}først"),
        ("under 7 %", "under 6,5 %", "under [-7 -]{+6,5 +}%"),
        ("1 200 elever i 2026", "1 500 elever i 2026", "[-1 200 -]{+1 500 +}elever i 2026"),
        ("i 2026 500 plasser", "i 2026 600 plasser", "i 2026 [-500 -]{+600 +}plasser"),
        ("Snakk sammen.", "Snakk sammen, alle.", "Snakk sammen{+, alle+}."),
        ("a b c d", "a b c d", "a b c d"),
        ("én to tre fire", "helt andre ord her", "[-én to tre fire-]{+helt andre ord her+}"),
        # Where next to nothing is kept, the old and the new stand whole.
        (
            "Vi lager mat til alle gamle hver dag",
            "Vi måler økonomi i tre år framover nå",
            "[-Vi lager mat til alle gamle hver dag-]{+Vi måler økonomi i tre år framover nå+}",
        ),
        # A sentence that is put in begins with its first word.
        ("Gode tjenester.", "Gode tjenester. Og mål.", "Gode tjenester. {+Og mål.+}"),
        ("Først. Så dette. Sist.", "Først. Sist.", "Først. [-Så dette. -]Sist."),
        # One kept word between longer changes is part of them.
        (
            "Vi skal lage gode tjenester og følge planen nøye hver uke hele året",
            "Vi skal bygge trygge arenaer og måle alt vi gjør hver uke hele året",
            "Vi skal [-lage gode tjenester og følge planen nøye -]{+bygge trygge arenaer og måle alt vi gjør +}"
            "hver uke hele året",
        ),
    ],
)
def test_words(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


@given(RUNS, RUNS)
def test_pieces_put_together_are_the_texts(old: list[Run], new: list[Run]) -> None:
    pieces = compare_words(old, new)
    kept = [piece for piece in pieces if piece.change != Change.REMOVED]
    # With emphasis and links sign by sign.
    assert [(sign, piece.style) for piece in kept for sign in squeezed(piece.text)] == [
        (sign, run.style) for run in new for sign in squeezed(run.text)
    ]
    assert "".join(piece.text for piece in kept) == "".join(run.text for run in new)
    before = "".join(piece.text for piece in pieces if piece.change != Change.ADDED)
    assert squeezed(before) == squeezed("".join(run.text for run in old))


@given(TEXTS, TEXTS)
def test_a_plain_paragraph(old: str, new: str) -> None:
    before, after = plain_paragraph(old), plain_paragraph(new)
    changes = compare_paragraphs(before, after)
    assert "".join(change.new_text for change in changes) == new.strip()
    assert squeezed("".join(change.old_text for change in changes)) == squeezed(old)
    if " ".join(old.split()) == " ".join(new.split()):
        assert {change.change for change in changes} <= {Change.UNCHANGED}


@given(HTML, HTML)
def test_paragraphs_stand_once_each(old: str, new: str) -> None:
    before, after = paragraphs_of(old), paragraphs_of(new)
    changes = compare_paragraphs(before, after)
    kept = [change for change in changes if change.change != Change.REMOVED]
    assert [(change.new_text, change.depth, change.numbered) for change in kept] == [
        (paragraph.text, paragraph.depth, paragraph.numbered) for paragraph in after
    ]
    left = [squeezed(change.old_text) for change in changes if change.change != Change.ADDED]
    assert left == [squeezed(paragraph.text) for paragraph in before]


@given(HTML)
def test_a_text_against_itself(html: str) -> None:
    changes = compare_paragraphs(paragraphs_of(html), paragraphs_of(html))
    assert {change.change for change in changes} <= {Change.UNCHANGED}
    assert not any(change.links for change in changes)


def test_a_rewritten_paragraph_is_found_among_new_ones() -> None:
    old = paragraphs_of("<p>Formålet er gode tjenester.</p><p>Vi følger opp hvert kvartal.</p>")
    new = paragraphs_of(
        "<p>Noe helt annet.</p><p>Formålet er gode og trygge tjenester.</p><p>Vi følger opp hver måned.</p>"
    )
    assert texts(compare_paragraphs(old, new)) == [
        (Change.ADDED, "", "Noe helt annet."),
        (Change.REWRITTEN, "Formålet er gode tjenester.", "Formålet er gode og trygge tjenester."),
        (Change.REWRITTEN, "Vi følger opp hvert kvartal.", "Vi følger opp hver måned."),
    ]


def test_emphasis_and_links_alone_are_told_as_such() -> None:
    old = Paragraph((Run("Les "), Run("planen", Style(href="/gammel/"))))
    new = Paragraph((Run("Les "), Run("planen", Style(href="/ny/"))))
    bold = Paragraph((Run("Les planen", Style(bold=True)),))
    change = compare_paragraph(old, new)
    assert (change.change, change.only_markup) == (Change.REWRITTEN, True)
    assert change.links == (LinkChange("planen", "/gammel/", "/ny/"),)
    assert compare_paragraph(old, bold).links == (LinkChange("planen", "/gammel/", ""),)
    assert compare_paragraph(old, bold).pieces == (Piece("Les planen", style=Style(bold=True)),)
    # White space is not wording, nor is where a run of emphasis happens to be cut.
    cut = Paragraph((Run("Les  "), Run("pla", Style(href="/gammel/")), Run("nen", Style(href="/gammel/"))))
    assert compare_paragraph(old, cut).change == Change.UNCHANGED


def test_a_very_long_text_takes_no_time() -> None:
    old = " ".join(f"ord{number % 900}" for number in range(20_000))
    new = " ".join(f"ord{number * 7 % 900}" for number in range(20_000))
    start = time.process_time()
    pieces = compare_words([Run(old)], [Run(new)])
    assert time.process_time() - start < 2
    assert "".join(piece.text for piece in pieces if piece.change != Change.REMOVED) == new
