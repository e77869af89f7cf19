"""Stored text as words: paragraphs, list items, emphasis and links, and nothing else of the markup.

What is shown of a comparison is built from these words, never from the stored HTML itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit

SPACE = re.compile(r"\s+")
BLOCKS = frozenset({"p", "li", "ul", "ol", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
LISTS = frozenset({"ul", "ol"})
BOLD, ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em"})
UNSEEN = frozenset({"script", "style", "template", "title"})
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


@lru_cache(maxsize=2048)
def paragraphs_of(html: str) -> tuple[Paragraph, ...]:
    """Return stored HTML as paragraphs; those without words are left out. Takes any HTML, well made or not."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return tuple(reader.paragraphs)


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


class _Reader(HTMLParser):
    """Collects the paragraphs of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[Paragraph] = []
        self._runs: list[Run] = []
        self._lists: list[str] = []
        self._in_item = False
        self._bold = self._italic = self._unseen = 0
        self._hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end_paragraph()
        if tag in LISTS:
            self._lists.append(tag)
        elif tag == "li":
            self._in_item = True
        elif tag == "br":
            self._runs.append(Run("\n"))
        elif tag == "a":
            self._hrefs.append(safe_address(dict(attrs).get("href") or ""))
        else:
            self._count(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_paragraph()
        if tag in LISTS and self._lists:
            self._lists.pop()
            self._in_item = bool(self._lists)
        elif tag == "a" and self._hrefs:
            self._hrefs.pop()
        else:
            self._count(tag, -1)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            style = Style(self._bold > 0, self._italic > 0, self._hrefs[-1] if self._hrefs else "")
            self._runs.append(Run(SPACE.sub(" ", data), style))

    def end_paragraph(self) -> None:
        """Keep what has been read as a paragraph, without white space at its ends."""
        runs = self._trimmed()
        self._runs = []
        if runs:
            depth = len(self._lists) if self._in_item else 0
            numbered = bool(depth) and self._lists[-1] == "ol"
            self.paragraphs.append(Paragraph(tuple(runs), depth, numbered))

    def _trimmed(self) -> list[Run]:
        runs = list(self._runs)
        while runs and not runs[0].text.strip():
            runs.pop(0)
        while runs and not runs[-1].text.strip():
            runs.pop()
        if runs:
            runs[0] = runs[0]._replace(text=runs[0].text.lstrip())
            runs[-1] = runs[-1]._replace(text=runs[-1].text.rstrip())
        return runs

    def _count(self, tag: str, step: int) -> None:
        if tag in BOLD:
            self._bold = max(0, self._bold + step)
        elif tag in ITALIC:
            self._italic = max(0, self._italic + step)
        elif tag in UNSEEN:
            self._unseen = max(0, self._unseen + step)
