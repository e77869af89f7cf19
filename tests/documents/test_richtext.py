"""Rich text as data: what the editor can write becomes structure, all else becomes text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leder.documents.richtext import blocks_of, paragraphs_of

BASE = "https://intranett.example.org/"


def t(text):
    return {"k": "t", "s": text}


def test_what_the_editor_can_write():
    assert blocks_of("<h3>Tittel</h3><p>En <b>fet</b> og <em>skrå</em><br>linje</p>") == [
        {"k": "h", "c": [t("Tittel")]},
        {
            "k": "p",
            "c": [
                t("En "),
                {"k": "b", "c": [t("fet")]},
                t(" og "),
                {"k": "i", "c": [t("skrå")]},
                {"k": "br"},
                t("linje"),
            ],
        },
    ]


def test_a_line_break_parts_no_paragraph_however_it_is_spelled():
    whole = [{"k": "p", "c": [t("Ett"), {"k": "br"}, t("to")]}]
    assert blocks_of("<p>Ett<br/>to</p>") == blocks_of("<p>Ett<br>to</p>") == whole


def test_lists_within_lists():
    assert blocks_of("<ul><li>Ett<ol><li>Inni</li></ol></li><li>To</li></ul>") == [
        {
            "k": "ul",
            "i": [
                [{"k": "p", "c": [t("Ett")]}, {"k": "ol", "i": [[{"k": "p", "c": [t("Inni")]}]]}],
                [{"k": "p", "c": [t("To")]}],
            ],
        }
    ]


def test_tables_with_and_without_headings():
    (table,) = blocks_of("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td></tr></table>")
    assert table == {
        "k": "table",
        "head": [[{"k": "p", "c": [t("A")]}], [{"k": "p", "c": [t("B")]}]],
        "rows": [[[{"k": "p", "c": [t("1")]}], []]],
    }
    (plain,) = blocks_of("<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>")
    assert (plain["head"], len(plain["rows"])) == ([], 1)


def test_what_stands_in_no_cell_of_a_table_comes_before_it():
    kinds = [block["k"] for block in blocks_of("<table>ord<tr><td>1</td></tr>to</table>")]
    assert kinds == ["p", "p", "table"]
    assert [block["k"] for block in blocks_of("<table>ord")] == ["p", "table"]


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://lovdata.no/x?a=1&amp;b=2", "https://lovdata.no/x?a=1&b=2"),
        ("/styringsbrev/", f"{BASE}styringsbrev/"),
        ("mailto:hr@example.org", "mailto:hr@example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("http://[feil", ""),
        ("https://example.org/a\x07b", ""),
    ],
)
def test_links_lead_to_the_web_or_nowhere(href, address):
    ((paragraph),) = blocks_of(f'<p><a href="{href}">her</a></p>', BASE)
    assert paragraph["c"] == [{"k": "a", "u": address, "c": [t("her")]}]


def test_what_is_not_known_is_text_and_scripts_are_nothing():
    assert blocks_of('<div>En<custom-x>to</custom-x></div><script>alert("x")</script><img alt="Bilde">') == [
        {"k": "p", "c": [t("En")]},
        {"k": "p", "c": [t("to")]},
        {"k": "p", "c": [t("Bilde")]},
    ]


def test_plain_text_in_paragraphs():
    assert paragraphs_of("Ett\nto\n\n \n\ntre\n") == [
        {"k": "p", "c": [t("Ett"), {"k": "br"}, t("to")]},
        {"k": "p", "c": [t("tre")]},
    ]
    assert paragraphs_of(" \n ") == []


def _words(nodes):
    for node in nodes:
        if isinstance(node, list):
            yield from _words(node)
        elif node["k"] == "t":
            yield from node["s"].split()
        else:
            for key in ("c", "i", "head", "rows"):
                yield from _words(node.get(key, []))


TAGS = ["p", "b", "i", "a", "ul", "ol", "li", "table", "tr", "td", "th", "h2", "blockquote", "br", "span"]
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(["ord", " "]),
)


@given(st.lists(PIECES, max_size=40))
@example(["<table>", "ord"])
@example(["<ul>", "<li>", "<table>", "ord", "</ul>", "<td>", "ord"])
def test_however_ill_formed_no_word_is_lost(pieces):
    html = "".join(pieces)
    assert "".join(_words(blocks_of(html))).count("ord") == pieces.count("ord")
