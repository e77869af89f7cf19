"""Every address of the project, by walking the resolver."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils.regex_helper import normalize

CONVERTER = re.compile(r"<(?:[^>:]+:)?([^>]+)>")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full route, its name with namespace, and the arguments it takes."""

    route: str
    name: str
    template: str
    arguments: tuple[str, ...]

    def path(self, values: Mapping[str, Any]) -> str:
        """The path with these arguments. Raises KeyError, naming the address, when one is missing."""
        try:
            return "/" + self.template % {name: values[name] for name in self.arguments}
        except KeyError as missing:
            raise KeyError(f"{self.route} needs a value for {missing}") from None


def every_address(urlconf: str | None = None) -> list[Address]:
    """The addresses of the project, or of another urlconf."""
    return list(_walk(get_resolver(urlconf), "", "", (), ()))


def _walk(
    resolver: URLResolver, route: str, template: str, arguments: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here, more = _template(pattern.pattern)
        step = (route + str(pattern.pattern), template + here, (*arguments, *more))
        if isinstance(pattern, URLPattern):
            yield Address(step[0], ":".join([*names, pattern.name or ""]), step[1], step[2])
        else:
            yield from _walk(pattern, *step, (*names, pattern.namespace) if pattern.namespace else names)


def _template(pattern: Any) -> tuple[str, tuple[str, ...]]:
    """A pattern as a template of the % operator, and the names in it."""
    if isinstance(pattern, RegexPattern):
        template, names = normalize(str(pattern))[0]
        return template, tuple(names)
    route = str(pattern).replace("%", "%%")
    return CONVERTER.sub(r"%(\1)s", route), tuple(CONVERTER.findall(route))
