"""Stored rich text (HTML) as plain data: paragraphs, lists, tables, emphasis and links, and nothing else of the markup.

    block:  {"k": "p" | "h", "c": [inline]} · {"k": "ul" | "ol", "i": [[block]]} · {"k": "quote", "c": [block]}
            · {"k": "table", "head": [[block]], "rows": [[[block]]]}
    inline: {"k": "t", "s": text} · {"k": "b" | "i", "c": [inline]} · {"k": "a", "c": [inline], "u": what it leads to}
            · {"k": "br"}

Comparisons read it as paragraphs (`paragraphs_of`), documents as it is. What is shown of either is built from this,
never from the stored HTML itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from itertools import chain, groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, ParserRejectedMarkup
from bs4.builder import HTMLTreeBuilder
from bs4.element import PageElement, PreformattedString, Tag

Node = dict[str, Any]

SPACE = re.compile(r"\s+")
INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "a": "a"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that stand within a line and hold no other.
SINGLE = frozenset({"br", "img", "embed"})
# Their content is no text for readers.
DROPPED = frozenset({"script", "style", "template", "head", "title"})
WITHIN_A_LINE = frozenset({*INLINE, *SINGLE, *DROPPED})
# Nobody writes elements within more elements than this; such a text keeps its words alone.
DEEPEST = 50
VOID = HTMLTreeBuilder.DEFAULT_EMPTY_ELEMENT_TAGS or set()
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


class Style(NamedTuple):
    """How words are set, and where they lead."""

    bold: bool = False
    italic: bool = False
    href: str = ""


PLAIN = Style()


class Run(NamedTuple):
    """Some text that is set the same way."""

    text: str
    style: Style = PLAIN


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or a list item; `depth` is 0 for a paragraph, else how deep in lists the item stands."""

    runs: tuple[Run, ...]
    depth: int = 0
    numbered: bool = False

    @cached_property
    def text(self) -> str:
        """The words as one string."""
        return "".join(run.text for run in self.runs)

    @cached_property
    def words(self) -> str:
        """The words, however they are spaced and set: what makes it the same in another text."""
        return SPACE.sub(" ", self.text)


def blocks_of(html: str) -> list[Node]:
    """Return stored HTML as blocks, with texts and addresses as they are stored. Takes any HTML, well made or not."""
    # Asked first: what it takes to make a tree of them grows with the square of the depth.
    if is_too_deep(html):
        return [{"k": "p", "c": [{"k": "t", "s": _Words.of(html)}]}]
    return _blocks(_soup(html).children)


def is_too_deep(html: str) -> bool:
    """Whether elements stand within more elements than anybody writes."""
    try:
        _Depth().feed(html)
    except _TooDeep:
        return True
    except AssertionError:
        return False  # a marked section that Python knows nothing of
    return False


@lru_cache(maxsize=2048)
def paragraphs_of(html: str) -> tuple[Paragraph, ...]:
    """Return stored HTML as paragraphs; those without words are left out. Takes any HTML, well made or not."""
    return tuple(_paragraphs(blocks_of(html)))


def plain_paragraph(text: str) -> tuple[Paragraph, ...]:
    """Return a plain text as one paragraph, its lines kept; none for an empty one."""
    return (Paragraph((Run(text.strip()),)),) if text.strip() else ()


def safe_address(href: str) -> str:
    """Return an address that may be linked to: on this site, on the web, mail or telephone; else ""."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    if parts.scheme in LINK_SCHEMES or (not parts.scheme and href.startswith(("/", "#"))):
        return href.strip()
    return ""


class _TooDeep(Exception):
    pass


class _Depth(HTMLParser):
    """Follows the elements as they are opened and closed, without keeping them. Raises _TooDeep."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if len(self.open) > DEEPEST:
            raise _TooDeep

    def handle_endtag(self, tag: str) -> None:
        # As the parser does it: what was left open within is closed too.
        while tag in self.open and self.open.pop() != tag:
            pass


class _Words(HTMLParser):
    """The words of a text alone, an element's parted from the next one's by a space."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.dropped = ""

    @classmethod
    def of(cls, html: str) -> str:
        reader = cls()
        reader.feed(html.replace("<![", "&lt;!["))
        reader.close()
        return " ".join(reader.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.dropped = self.dropped or (tag if tag in DROPPED else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.dropped:
            self.dropped = ""

    def handle_data(self, data: str) -> None:
        if not self.dropped:
            self.words.append(data)


def _soup(html: str) -> BeautifulSoup:
    try:
        return BeautifulSoup(html, "html.parser")
    except ParserRejectedMarkup:
        # A marked section that Python knows nothing of; it is text then.
        return BeautifulSoup(html.replace("<![", "&lt;!["), "html.parser")


def _blocks(elements: Iterable[PageElement]) -> list[Node]:
    """Elements beside each other as blocks: what stands within a line, between two blocks, is a paragraph."""
    found: list[Node] = []
    paragraph: list[Node] = []
    for element in elements:
        if isinstance(element, Tag) and not _is_inline(element):
            found += _block(element)
            paragraph = []
        elif inline := _inline(element):
            if not paragraph and inline[0]["k"] == "t" and not inline[0]["s"].strip():
                continue
            if not paragraph:
                found.append({"k": "p", "c": paragraph})
            paragraph += inline
    return found


def _is_inline(element: Tag) -> bool:
    """Whether it stands within a line; emphasis around paragraphs doesn't."""
    holds = element.find_all(True) if element.name in INLINE else []
    return element.name in WITHIN_A_LINE and all(child.name in WITHIN_A_LINE for child in holds)


def _block(element: Tag) -> list[Node]:
    name = element.name
    if name in HEADINGS:
        return [{**block, "k": "h"} if block["k"] == "p" else block for block in _blocks(element.children)]
    if name in ("ul", "ol"):
        return [{"k": name, "i": _items(element.children)}]
    if name == "li":
        return [{"k": "ul", "i": _items([element])}]
    if name == "blockquote":
        return [{"k": "quote", "c": _blocks(element.children)}]
    if name == "table":
        return _table(element)
    return _blocks(element.children)


def _items(elements: Iterable[PageElement]) -> list[list[Node]]:
    """The items of a list. One that nobody has closed ends where the next begins."""
    items: list[list[Node]] = []
    for is_item, group in groupby(elements, key=lambda element: _named(element, "li")):
        if is_item:
            for element in group:
                items += _items(element.children) or [[]]  # type: ignore[attr-defined]
        elif blocks := _blocks(group):
            items.append(blocks)
    return items


def _table(element: Tag) -> list[Node]:
    """A table, and before it what stands in it and in no cell, as in a browser."""
    rows: list[list[Tag]] = [[]]
    stray: list[list[PageElement]] = [[]]
    inside = list(element.children)
    while inside:
        child = inside.pop(0)
        if _named(child, "td", "th"):
            rows[-1].append(child)  # type: ignore[arg-type]
            stray.append([])
        elif _named(child, "tr", "thead", "tbody", "tfoot"):
            rows.append([])
            inside[:0] = child.children  # type: ignore[attr-defined]
            stray.append([])
        else:
            stray[-1].append(child)
    rows = [row for row in rows if row]
    width = max((len(row) for row in rows), default=0)
    cells = [[_blocks(cell.children) for cell in row] + [[]] * (width - len(row)) for row in rows]
    # A table without a row of headings gets none: they can't be guessed.
    with_head = bool(rows) and all(cell.name == "th" for cell in rows[0])
    return [
        *chain.from_iterable(map(_blocks, stray)),
        {"k": "table", "head": cells[0] if with_head else [], "rows": cells[with_head:]},
    ]


def _named(element: PageElement, *names: str) -> bool:
    return isinstance(element, Tag) and element.name in names


def _inline(element: PageElement) -> list[Node]:
    if not isinstance(element, Tag):
        return [] if isinstance(element, PreformattedString) else [{"k": "t", "s": str(element)}]
    if element.name in INLINE:
        node: Node = {
            "k": INLINE[element.name],
            "c": list(chain.from_iterable(map(_inline, element.children))),
        }
        return [{**node, "u": element.get("href", "")} if element.name == "a" else node]
    if element.name == "br":
        return [{"k": "br"}]
    return [{"k": "t", "s": element["alt"]}] if element.get("alt") and element.name in SINGLE else []


def _paragraphs(blocks: Iterable[Node], depth: int = 0, numbered: bool = False) -> Iterator[Paragraph]:
    for block in blocks:
        if block["k"] in ("p", "h"):
            if runs := _trimmed(list(_runs(block["c"]))):
                yield Paragraph(tuple(runs), depth, numbered)
        elif block["k"] in ("ul", "ol"):
            yield from _paragraphs(chain.from_iterable(block["i"]), depth + 1, block["k"] == "ol")
        elif block["k"] == "quote":
            yield from _paragraphs(block["c"], depth, numbered)
        else:
            cells = chain(block["head"], *block["rows"])
            yield from _paragraphs(chain.from_iterable(cells), depth, numbered)


def _runs(nodes: Iterable[Node], style: Style = PLAIN) -> Iterator[Run]:
    for node in nodes:
        if node["k"] == "t":
            yield Run(SPACE.sub(" ", node["s"]), style)
        elif node["k"] == "br":
            yield Run("\n")
        elif node["k"] == "a":
            yield from _runs(node["c"], style._replace(href=safe_address(node["u"])))
        elif node["k"] == "b":
            yield from _runs(node["c"], style._replace(bold=True))
        else:
            yield from _runs(node["c"], style._replace(italic=True))


def _trimmed(runs: list[Run]) -> list[Run]:
    """The runs of a paragraph without white space at its ends."""
    while runs and not runs[0].text.strip():
        runs.pop(0)
    while runs and not runs[-1].text.strip():
        runs.pop()
    if runs:
        runs[0] = runs[0]._replace(text=runs[0].text.lstrip())
        runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip())
    return runs
