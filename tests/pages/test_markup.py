"""Stored HTML as words: what it reads, and that nothing else of it comes through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leder.pages.markup import PLAIN, Paragraph, Run, Style, paragraphs_of, plain_paragraph, safe_address


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
