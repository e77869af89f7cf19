"""Every address of the site, made from its URL patterns."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import Resolver404, get_resolver, resolve
from django.utils.regex_helper import normalize

# Tried in turn for each parameter, until the address resolves.
VALUES = ("1", str(uuid.UUID(int=1)), "a", "a/", "images/a.png")


def _leaves(resolver: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Each view with the regular expression of its whole address."""
    for pattern in resolver.url_patterns:
        regex = before + pattern.pattern.regex.pattern.removeprefix("^").removeprefix("\\A")
        if hasattr(pattern, "url_patterns"):
            yield from _leaves(pattern, regex)
        else:
            yield regex, pattern.callback


def _example(regex: str) -> str | None:
    """An address that the expression and the whole site's resolver accept."""
    for form, names in normalize(regex.replace("\\Z", "").replace("\\z", "")):
        for value in VALUES:
            address = "/" + form % dict.fromkeys(names, value)
            try:
                resolve(address)
            except Resolver404:
                continue
            return address
    return None


def every_address() -> dict[str, Any]:
    """Address to view, for every view that can be reached. Fails on one that no example is found for."""
    found = {}
    for regex, view in _leaves(get_resolver()):
        address = _example(regex)
        assert address, f"add a value for {regex}"
        found[address] = view
    return found
