"""A page as a browser without script sees it: its links, and its forms with all their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

LINK = re.compile(r'\s(?:href|src|action|formaction)="([^"]+)"')
# Menus of the CMS, and what its scripts ask for, stand as data in the page.
QUOTED = re.compile(r"""(?:"|'|&quot;|&\#x27;)(/[\w/.?=&;%-]+?)(?:"|'|&quot;|&\#x27;)""")
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
# What a person writes freely. Dates, times and numbers can hold no mark.
TEXT_TYPES = frozenset({"textarea", "text", "search", "url", "email", "tel"})
HOST = "testserver"


@dataclass
class Field:
    """A control of a form. `options` are the values of a list; `in_pattern` stands in a <template> for script."""

    name: str
    type: str
    value: str = ""
    checked: bool = False
    options: list[str] = field(default_factory=list)
    in_pattern: bool = False

    @property
    def is_text(self) -> bool:
        """Whether a person writes freely in it."""
        return self.type in TEXT_TYPES


@dataclass
class Form:
    """A form: where it is sent, how, and its controls. `buttons` are its (name, value, address)."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def texts(self) -> list[Field]:
        """The controls that people write in."""
        return [each for each in self.fields if each.is_text]


def forms_in(page: str, url: str) -> list[Form]:
    """The forms of a page that stands at an address."""
    reader = _FormReader(url)
    reader.feed(page)
    return reader.forms


def links_in(page: str, url: str) -> Iterator[str]:
    """The addresses on this site that a page leads to, without fragments."""
    for found in LINK.findall(page) + QUOTED.findall(page):
        address = urldefrag(urljoin(url, unescape(found).strip()))[0]
        parts = urlsplit(address)
        if parts.scheme in {"", "http", "https"} and parts.netloc in {"", HOST}:
            yield parts._replace(scheme="", netloc="").geturl() or "/"


def title_of(page: str) -> str:
    """The title, which stays in the history of a browser and in what it sends to others."""
    found = TITLE.search(page)
    return unescape(found[1]) if found else ""


class _FormReader(HTMLParser):
    """Gathers forms. A control may stand outside its form and name it (`form="id"`)."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._text: Field | None = None
        self._list: Field | None = None
        self._patterns = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(
                urldefrag(urljoin(self.url, given.get("action", "")))[0], given.get("method", "get").lower()
            )
            self.forms.append(self._open)
            self._by_id[given.get("id", "")] = self._open
        elif tag == "template":
            self._patterns += 1
        elif tag in {"input", "textarea", "select", "button"}:
            self._control(tag, given)
        elif tag == "option" and self._list is not None:
            self._list.options.append(given.get("value", ""))
            if "selected" in given or len(self._list.options) == 1:
                self._list.value = given.get("value", "")

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if "form" in given else self._open
        if form is None or "disabled" in given:
            return
        kind = given.get("type", "text" if tag == "input" else tag).lower()
        if tag == "button" or kind in {"submit", "image"}:
            address = urljoin(self.url, given["formaction"]) if "formaction" in given else form.action
            form.buttons.append((given.get("name", ""), given.get("value", ""), address))
            return
        if not given.get("name"):
            return
        control = Field(
            given["name"],
            kind if tag == "input" else tag,
            given.get("value", "on" if kind in {"checkbox", "radio"} else ""),
            "checked" in given,
            in_pattern=self._patterns > 0,
        )
        form.fields.append(control)
        self._text = control if tag == "textarea" else None
        self._list = control if tag == "select" else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "template":
            self._patterns -= 1
        elif tag == "textarea":
            self._text = None
        elif tag == "select":
            self._list = None
