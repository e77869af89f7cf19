"""The ends of the chains, to keep elsewhere: a database set back to an earlier day looks genuine, and is found by them.

A line a round: year, number of links, digest of the last. A chain only grows, so that the link of that number must have
that digest for ever after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leder.agreements.models import SealHead, SealLink


class NotHeads(ValueError):
    """A line that is not one of ours; names its number."""


@dataclass(frozen=True)
class NotedHead:
    """Where the chain of a round ended when it was noted."""

    year: int
    length: int
    digest: str

    def __str__(self) -> str:
        return f"{self.year} {self.length} {self.digest}"


def heads() -> Iterator[NotedHead]:
    """Return where each chain ends now."""
    for head in SealHead.objects.select_related("round").order_by("round__year"):
        yield NotedHead(head.round.year, head.length, head.digest)


def parse(lines: Iterable[str]) -> list[NotedHead]:
    """Return the heads that were noted. Empty lines and lines that begin with # are passed over. Raises NotHeads."""
    noted = []
    for number, line in enumerate(lines, start=1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        if len(parts) != len(("year", "length", "digest")) or not (parts[0] + parts[1]).isdecimal():
            raise NotHeads(number)
        noted.append(NotedHead(int(parts[0]), int(parts[1]), parts[2]))
    return noted


def set_back(noted: Iterable[NotedHead]) -> Iterator[str]:
    """Name the chains that do not hold what was noted of them. Two queries a line at most."""
    for each in noted:
        links = SealLink.objects.filter(round__year=each.year)
        digest = links.filter(number=each.length).values_list("digest", flat=True).first()
        if digest is None:
            yield (
                f"chain of {each.year}: it had {each.length} links when its head was noted, "
                f"and has {links.count()} now"
            )
        elif digest != each.digest:
            yield f"chain of {each.year}, link {each.length}: it is another than when its head was noted"
