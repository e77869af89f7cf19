"""The ends of the chains, to keep elsewhere: a database set back to an earlier day looks genuine, and is found by them.

A line a round: year, number of links, digest of the last. A chain only grows, so that the link of that number must have
that digest for ever after. Then, of the inventories (`inventories`), a line a round and a line an agreement: their
numbers only grow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from leder.agreements.models import SealHead, SealLink
from leder.safekeeping import inventories
from leder.safekeeping.inventories import NotedInventory, NotedRound

ROUND = "agreements"


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


Noted = NotedHead | NotedRound | NotedInventory


def heads() -> Iterator[Noted]:
    """Return how all stands now: the chains, the rounds, the agreements."""
    return chain(_chains(), inventories.noted_rounds(), inventories.noted_inventories())


def _chains() -> Iterator[NotedHead]:
    for head in SealHead.objects.select_related("round").order_by("round__year"):
        yield NotedHead(head.round.year, head.length, head.digest)


def parse(lines: Iterable[str]) -> list[Noted]:
    """Return what was noted. Empty lines and lines that begin with # are passed over. Raises NotHeads."""
    noted: list[Noted] = []
    for number, line in enumerate(lines, start=1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        try:
            noted.append(_parsed(*parts))
        except (TypeError, ValueError) as error:
            raise NotHeads(number) from error
    return noted


def _parsed(first: str, second: str, *rest: str) -> Noted:
    """What one line says. Raises TypeError or ValueError for one that is not ours."""
    if first == ROUND:
        opened, acts, digest = rest
        return NotedRound(int(second), int(opened), int(acts), digest)
    (digest,) = rest
    if first.isdecimal():
        return NotedHead(int(first), int(second), digest)
    return NotedInventory(str(UUID(first)), int(second), digest)


def set_back(noted: Iterable[Noted]) -> Iterator[str]:
    """Name what does not hold what was noted of it. Two queries a chain at most, and one for many agreements."""
    noted = list(noted)
    yield from _chains_set_back(each for each in noted if isinstance(each, NotedHead))
    if listed := [each for each in noted if not isinstance(each, NotedHead)]:
        yield from inventories.set_back(listed)


def _chains_set_back(noted: Iterable[NotedHead]) -> Iterator[str]:
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
