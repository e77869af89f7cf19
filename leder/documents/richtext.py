"""Rich text of an edition as the typesetter takes it: the blocks of `pages.markup`, drawable and with whole addresses.

Nothing of it is ever read as markup: the typesetter gets strings.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from leder.documents.drawable import drawable
from leder.pages import markup
from leder.pages.markup import Node

SCHEMES = frozenset({"http", "https", "mailto"})


def blocks_of(html: str, base_url: str = "") -> list[Node]:
    """Return the blocks of a piece of HTML, however ill formed. Links without a host begin at `base_url`."""
    return [_drawn(block, base_url) for block in markup.blocks_of(html)]


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


def _drawn(node: Any, base_url: str) -> Any:
    """A node, or a list of them, however deep, with its texts and addresses as they are drawn."""
    if isinstance(node, list):
        return [_drawn(each, base_url) for each in node]
    drawn = {key: value if isinstance(value, str) else _drawn(value, base_url) for key, value in node.items()}
    if node["k"] == "t":
        drawn["s"] = drawable(_spaced(node["s"]))
    elif node["k"] == "a":
        drawn["u"] = _address(node["u"], base_url)
    return drawn


def _spaced(text: str) -> str:
    """White space as one space, as a browser shows it."""
    words = " ".join(text.split())
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if words and text[-1].isspace() else ''}"


def _address(href: str, base_url: str) -> str:
    """The whole address, if it leads to the web or to mail; else ""."""
    try:
        address = urljoin(base_url, href.strip())
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    return address if scheme in SCHEMES and address.isprintable() and " " not in address else ""
