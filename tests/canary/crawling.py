"""Follows every link a persona is shown, breadth first, until nothing new of any kind is left."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from django.urls import Resolver404, resolve

from tests.canary.filling import address_of, kind_of
from tests.canary.html import Form, forms_in, links_in
from tests.canary.visiting import Answer, Visitor

STARTS = ("/", "/leder/min-side/", "/leder/min-side/ledere/", "/cms/", "/sok/")
# Signing out would end the crawl; the style sheets and scripts are searched as files.
LEFT_OUT = re.compile(r"^/(?:logg-ut|cms/logout|static)/")
ASKING = re.compile(r"<form(?![^>]*method=\"?post)[^>]*>", re.IGNORECASE)
# How many of each kind of address one persona asks for.
INSTANCES = 2
MOST = 1500


@dataclass
class Crawl:
    """One persona's way through the site. `word` is what is searched for, wherever something can be searched."""

    visitor: Visitor
    persona: str
    word: str = "leder"
    instances: int = INSTANCES
    # Ask each kind of address with each of its questions; else every kind of address.
    thorough: bool = False
    seen: set[str] = field(default_factory=set)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: dict[str, int] = field(default_factory=dict)
    # Where something can be written: address and field, of every form that is posted.
    writable: set[tuple[str, str]] = field(default_factory=set)
    # Where something can be searched for: address and field.
    questions: set[tuple[str, str]] = field(default_factory=set)

    def run(self, starts: Iterable[str] = STARTS, *, within: str = "/") -> Crawl:
        """Follow the links from some addresses, to addresses that begin with `within`."""
        waiting = deque(starts)
        while waiting and len(self.answers) < MOST:
            path = waiting.popleft()
            if not path.startswith(within) or not self._is_new(path):
                continue
            answer = self.visitor.get(self.persona, path)
            self.answers[path] = answer.status
            waiting.extend(self._leads_to(answer))
        assert len(self.answers) < MOST, "the crawl does not end: an address of an endless kind?"
        return self

    def _is_new(self, path: str) -> bool:
        if path in self.seen or LEFT_OUT.match(path):
            return False
        self.seen.add(path)
        kinds = kinds_of_address(path)
        if not self.thorough:
            kinds = [(pattern, "") for pattern, _key in kinds[:1]]
        is_new = any(self.kinds[kind] < self.instances for kind in kinds)
        self.kinds.update(kinds)
        return is_new

    def _leads_to(self, answer: Answer) -> list[str]:
        found = [answer.location] if answer.location else []
        if not answer.text:
            return found
        page, path = answer.text, answer.path
        found += links_in(page, path)
        if path.startswith("/leder/"):
            forms = forms_in(page, path)
            self.writable |= {
                (address_of(form.action), kind_of(each.name))
                for form in forms
                if form.method == "post"
                for each in form.texts
            }
        elif ASKING.search(page):
            forms = forms_in(page, path)
        else:
            return found
        asking = [form for form in forms if _is_question(form)]
        self.questions |= {
            (form.action.partition("?")[0], each.name) for form in asking for each in form.texts
        }
        return found + [_asked(form, self.word) for form in asking]


def kinds_of_address(path: str) -> list[tuple[str, str]]:
    """The pattern of an address with each of its questions; a published page is a kind of its own."""
    parts = urlsplit(path)
    try:
        match = resolve(parts.path)
        pattern = parts.path if match.view_name == "wagtail_serve" else match.route
    except Resolver404:
        pattern = parts.path.rpartition("/")[0]
    return [(pattern, key) for key in parse_qs(parts.query, keep_blank_values=True) or [""]]


def _is_question(form: Form) -> bool:
    """Whether a form asks, and does not change anything. A script posts what carries the token of the session."""
    return form.method == "get" and all(each.name != "csrfmiddlewaretoken" for each in form.fields)


def _asked(form: Form, word: str) -> str:
    """The address that a form of questions leads to, with a word in each of its text fields."""
    asked = {
        each.name: word if each.is_text else each.value
        for each in form.fields
        if each.type not in {"checkbox", "radio"} or each.checked
    }
    return f"{form.action.partition('?')[0]}?{urlencode(asked)}"
