"""Rich text of an edition (HTML) as plain data for the typesetter: a small list of elements, everything else as text.

    block:  {"k": "p" | "h", "c": [inline]} · {"k": "ul" | "ol", "i": [[block]]} · {"k": "quote", "c": [block]}
            · {"k": "table", "head": [[inline]], "rows": [[[inline]]]}
    inline: {"k": "t", "s": str} · {"k": "b" | "i", "c": [inline]} · {"k": "a", "u": address, "c": [inline]}
            · {"k": "br"}

Nothing of it is ever read as markup: the typesetter gets strings.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from leder.documents.drawable import drawable

Node = dict[str, Any]

INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "a": "a"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LISTS = frozenset({"ul", "ol"})
# Their content is no text for readers.
DROPPED = frozenset({"script", "style", "template", "head", "title"})
SCHEMES = frozenset({"http", "https", "mailto"})


def blocks_of(html: str, base_url: str = "") -> list[Node]:
    """Return the blocks of a piece of HTML, however ill formed. Links without a host begin at `base_url`."""
    reader = _Reader(base_url)
    reader.feed(html)
    reader.close()
    return reader.finished()


def paragraphs_of(text: str) -> list[Node]:
    """Return plain text as paragraphs: an empty line parts them, a line break stays one."""
    blocks: list[Node] = []
    lines: list[Node] = []
    for line in [*drawable(text).split("\n"), ""]:
        if line.strip():
            lines += [{"k": "br"}] if lines else []
            lines.append({"k": "t", "s": line})
        elif lines:
            blocks.append({"k": "p", "c": lines})
            lines = []
    return blocks


class _Reader(HTMLParser):
    """Builds the blocks with two stacks: of open blocks to put into, and of open inline elements."""

    def __init__(self, base_url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base_url = base_url
        self._root: list[Node] = []
        # (tag, where blocks go)
        self._open: list[tuple[str, list[Any]]] = [("", self._root)]
        self._paragraph: Node | None = None
        self._inline: list[tuple[str, list[Node]]] = []
        self._dropping = 0
        self._tables: list[Node] = []
        self._row_is_head = False

    def finished(self) -> list[Node]:
        self._end_paragraph()
        while self._tables:
            self._end_table()
        return self._root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED:
            self._dropping += 1
        elif tag in INLINE:
            self._begin_inline(tag, dict(attrs))
        elif tag == "br":
            self._target().append({"k": "br"})
        elif tag in ("img", "embed"):
            self.handle_data(dict(attrs).get("alt") or "")
        elif tag in HEADINGS:
            self._begin_paragraph("h")
        elif tag in LISTS:
            self._begin_list(tag)
        elif tag == "li":
            self._begin_item()
        elif tag == "blockquote":
            self._begin("quote", {"k": "quote", "c": []}, "c")
        elif tag == "table":
            self._begin_table()
        elif tag == "tr" and self._tables:
            self._end_paragraph()
            self._tables[-1]["all"].append({"head": True, "cells": []})
        elif tag in ("td", "th") and self._tables:
            self._begin_cell(tag)
        else:
            self._end_paragraph()

    def handle_endtag(self, tag: str) -> None:
        if tag in DROPPED:
            self._dropping = max(0, self._dropping - 1)
        elif tag in INLINE:
            while self._inline and any(name == tag for name, _content in self._inline):
                if self._inline.pop()[0] == tag:
                    break
        elif tag in LISTS or tag == "blockquote":
            self._close("quote" if tag == "blockquote" else tag)
        elif tag == "li":
            self._close("li", not_beyond=LISTS)
        elif tag in ("td", "th"):
            self._close("cell", not_beyond={"table"})
        elif tag == "table":
            self._end_table()
        else:
            self._end_paragraph()

    def handle_data(self, data: str) -> None:
        if self._dropping or not data:
            return
        if self._paragraph is None and not data.strip():
            return
        words = " ".join(data.split())
        text = f"{' ' if data[0].isspace() else ''}{words}{' ' if words and data[-1].isspace() else ''}"
        self._target().append({"k": "t", "s": drawable(text)})

    def _target(self) -> list[Node]:
        if self._paragraph is None:
            self._begin_paragraph("p")
        return self._inline[-1][1] if self._inline else self._paragraph["c"]  # type: ignore[index]

    def _begin_paragraph(self, kind: str) -> None:
        self._end_paragraph()
        self._paragraph = {"k": kind, "c": []}
        self._open[-1][1].append(self._paragraph)

    def _end_paragraph(self) -> None:
        if self._paragraph is not None and not self._paragraph["c"]:
            self._open[-1][1].remove(self._paragraph)
        self._paragraph = None
        self._inline = []

    def _begin_inline(self, tag: str, attributes: dict[str, str | None]) -> None:
        node: Node = {"k": INLINE[tag], "c": []}
        if tag == "a":
            node["u"] = self._address(attributes.get("href") or "")
        self._target().append(node)
        self._inline.append((tag, node["c"]))

    def _address(self, href: str) -> str:
        try:
            address = urljoin(self._base_url, href.strip())
            scheme = urlsplit(address).scheme.lower()
        except ValueError:
            return ""
        return address if scheme in SCHEMES and address.isprintable() and " " not in address else ""

    def _begin(self, name: str, node: Node, content: str) -> None:
        self._end_paragraph()
        self._open[-1][1].append(node)
        self._open.append((name, node[content]))

    def _begin_list(self, tag: str) -> None:
        self._begin(tag, {"k": tag, "i": []}, "i")

    def _begin_item(self) -> None:
        self._close("li", not_beyond=LISTS)
        if self._open[-1][0] not in LISTS:
            self._begin_list("ul")
        item: list[Node] = []
        self._open[-1][1].append(item)
        self._open.append(("li", item))

    def _begin_table(self) -> None:
        stray: list[Node] = []
        table: Node = {"k": "table", "all": [], "stray": stray, "among": self._open[-1][1]}
        self._end_paragraph()
        self._open[-1][1].append(table)
        self._open.append(("table", stray))
        self._tables.append(table)

    def _begin_cell(self, tag: str) -> None:
        self._close("cell", not_beyond={"table"})
        rows = self._tables[-1]["all"]
        if not rows:
            rows.append({"head": True, "cells": []})
        cell: list[Node] = []
        rows[-1]["head"] &= tag == "th"
        rows[-1]["cells"].append(cell)
        self._open.append(("cell", cell))

    def _end_table(self) -> None:
        if not self._tables:
            return
        self._close("table")
        table = self._tables.pop()
        rows = [row for row in table.pop("all") if row["cells"]]
        width = max((len(row["cells"]) for row in rows), default=0)
        for row in rows:
            row["cells"] += [[] for _ in range(width - len(row["cells"]))]
        # A table without a row of headings gets none: they can't be guessed.
        with_head = bool(rows) and rows[0]["head"]
        table["head"] = rows[0]["cells"] if with_head else []
        table["rows"] = [row["cells"] for row in rows[with_head:]]
        # What stands in a table and in no cell of it comes before it, as in a browser.
        stray, among = table.pop("stray"), table.pop("among")
        place = next(place for place, block in enumerate(among) if block is table)
        among[place:place] = stray

    def _close(self, name: str, not_beyond: frozenset[str] | set[str] = frozenset()) -> None:
        """Close the innermost open block of this name, and what is open inside it."""
        self._end_paragraph()
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place][0] == name:
                del self._open[place:]
                return
            if self._open[place][0] in not_beyond:
                return
