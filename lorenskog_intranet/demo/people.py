"""Invented people: names put together from lists, user names and addresses made from the names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

MAIL_DOMAIN = "lorenskog.example"
# Letters that Unicode does not take apart into a plain letter and a mark.
PLAIN = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t"})


def draw(*seed: object) -> Random:
    """A generator that draws the same for the same seed: for what is made up, never for secrets."""
    return Random(" ".join(str(part) for part in seed))  # noqa: S311


@dataclass(frozen=True)
class Person:
    """Someone in the example. `groups` are names of groups to be put in."""

    username: str
    first: str
    last: str
    groups: tuple[str, ...] = ()
    superuser: bool = False

    @property
    def email(self) -> str:
        """An address that can't exist."""
        return f"{self.username}@{MAIL_DOMAIN}"


@dataclass
class People:
    """Hands out invented people, each with a user name of their own. The lists are those of `names.json`."""

    names: Mapping[str, Any]
    random: Random
    _taken: dict[str, int] = field(default_factory=dict)
    _long: Iterator[list[str]] | None = None

    def __post_init__(self) -> None:
        self._long = iter(self.names["long"])
        self._taken = {persona["username"]: 1 for persona in self.names["personas"]}

    def personas(self) -> dict[str, Person]:
        """The fixed people one signs in as, by user name."""
        return {
            persona["username"]: Person(
                persona["username"],
                persona["first"],
                persona["last"],
                tuple(persona.get("groups", ())),
                persona.get("superuser", False),
            )
            for persona in self.names["personas"]
        }

    def someone(self, *, long: bool = False) -> Person:
        """A new person; with `long` one of the long names, as long as there are any."""
        first, last = (next(self._long, None) if long and self._long else None) or (
            self.random.choice(self.names["first"]),
            self.random.choice(self.names["surname_start"]) + self.random.choice(self.names["surname_end"]),
        )
        username = username_of(first, last)
        count = self._taken[username] = self._taken.get(username, 0) + 1
        return Person(f"{username}{count}" if count > 1 else username, first, last)


def username_of(first: str, last: str) -> str:
    """Return a user name in plain letters: “Øyvind Åkerlia” is “oyvind.akerlia”."""
    words = (re.sub(r"[^a-z]+", "-", plain(name)).strip("-") for name in (first, last))
    return ".".join(words)


def plain(text: str) -> str:
    """Return the text in small letters from a to z, as far as it goes."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(PLAIN))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
