"""Stored HTML as words: what it reads, and that nothing else of it comes through."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from wagtail.rich_text import RichText

from leder.pages.blocks.common import rich_text
from leder.pages.markup import (
    PLAIN,
    Paragraph,
    Run,
    Style,
    is_too_deep,
    paragraphs_of,
    plain_paragraph,
    safe_address,
)


def test_what_nobody_writes_keeps_its_words_and_costs_little() -> None:
    """As a tree of elements 600 kB of them took a minute: the parser of trees is not asked."""
    for html in ("<b>" * 100_000 + "x &amp; y" + "</b>" * 80_000, "<b>" * 51 + "x &amp; y<script>z</script>"):
        assert is_too_deep(html)
        assert [paragraph.text for paragraph in paragraphs_of(html)] == ["x & y"]
        with pytest.raises(ValidationError, match="for lang" if len(html) > 200_000 else "50 lag"):
            rich_text().clean(RichText(html))
    with pytest.raises(ValidationError, match="for lang"):
        rich_text().clean(RichText("a" * 200_001))
    for html in (
        "<b>" * 50 + "x",
        "<p>én<br>to</p>" * 100,
        "</b>" * 1000,
        "<![a[b",
        "<i>a<b>b</i></b>" * 100,
    ):
        assert not is_too_deep(html)
        rich_text().clean(RichText(html))


def test_paragraphs_lists_emphasis_and_links() -> None:
    html = (
        '<p>Les <b>alle <i>tre</i></b>\n  <a href="/plan/">planer</a>.</p>'
        "<ul><li>ett<ul><li>under</li></ul></li><li>to</li></ul><ol><li>først</li></ol>"
    )
    first, *items = paragraphs_of(html)
    assert first.runs == (
        Run("Les "),
        Run("alle ", Style(bold=True)),
        Run("tre", Style(bold=True, italic=True)),
        Run(" "),
        Run("planer", Style(href="/plan/")),
        Run("."),
    )
    assert [(item.text, item.depth, item.numbered) for item in items] == [
        ("ett", 1, False),
        ("under", 2, False),
        ("to", 1, False),
        ("først", 1, True),
    ]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("", []),
        ("<p> </p><p></p>", []),
        ("<p>a &lt;b&gt; &amp; c</p>", ["a <b> & c"]),
        ("<p>a<br/>b</p>", ["a\nb"]),
        ("<p>én<p>to", ["én", "to"]),
        ("løst</b></ul></a>", ["løst"]),
        ("<p>a<script>alert(1)</script><style>p{}</style>b</p>", ["ab"]),
        ('<p onclick="x">a<img src=x onerror=y>b</p>', ["ab"]),
        ("<p>a <!-- skjult --> b</p>", ["a b"]),
        ("<ul><li>én<li>to</ul>", ["én", "to"]),
        ("<b><p>fet</p></b>", ["fet"]),
        ("<b>" * 5000 + "dypt", ["dypt"]),
        ("<p>a<![b c]>d</p>", ["a<![b c]>d"]),
    ],
)
def test_what_is_read(html: str, texts: list[str]) -> None:
    assert [
        " ".join(paragraph.text.split(" ")).replace("  ", " ") for paragraph in paragraphs_of(html)
    ] == texts


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://lovdata.no/aml", True),
        ("/ledelse/", True),
        ("#s-1", True),
        ("mailto:post@example.org", True),
        ("javascript:alert(1)", False),
        (" JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//[", False),
        ("", False),
    ],
)
def test_addresses(href: str, kept: bool) -> None:
    assert safe_address(href) == (href if kept else "")


def test_plain_text_keeps_its_lines() -> None:
    assert plain_paragraph(" a\nb < c ") == (Paragraph((Run("a\nb < c", PLAIN),)),)
    assert plain_paragraph("  ") == ()


@given(st.text(alphabet='<>/![abpliu "=&;\n', max_size=60))
def test_any_text_is_read(html: str) -> None:
    for paragraph in paragraphs_of(html):
        assert paragraph.text == paragraph.text.strip() != ""
