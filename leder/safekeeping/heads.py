"""The ends of the chains, to keep elsewhere: a database set back to an earlier day looks genuine, and is found by them.

A line a round: year, number of links, digest of the last. A chain only grows, so that the link of that number must have
that digest for ever after. Then, of the inventories (`inventories`), a line a round and a line an agreement: their
numbers only grow. Then a line an agreement that has been read: number of lines of its reading log, and the last digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from leder.agreements.models import Reading, ReadingHead, SealHead, SealLink
from leder.safekeeping import inventories
from leder.safekeeping.inventories import NotedInventory, NotedRound

ROUND = "agreements"
READINGS = "readings"
CHUNK = 2000


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


@dataclass(frozen=True)
class NotedReadings:
    """Where the reading log of an agreement ended when it was noted. It is chained, too: it only grows."""

    agreement: str
    length: int
    digest: str

    def __str__(self) -> str:
        return f"{READINGS} {self.agreement} {self.length} {self.digest}"


Noted = NotedHead | NotedRound | NotedInventory | NotedReadings


def heads() -> Iterator[Noted]:
    """Return how all stands now: the chains, the rounds, the agreements, the reading logs."""
    return chain(_chains(), inventories.noted_rounds(), inventories.noted_inventories(), _readings())


def _chains() -> Iterator[NotedHead]:
    for head in SealHead.objects.select_related("round").order_by("round__year"):
        yield NotedHead(head.round.year, head.length, head.digest)


def _readings() -> Iterator[NotedReadings]:
    rows = ReadingHead.objects.exclude(length=0).order_by("agreement__round__year", "pk")
    for head in rows.values_list("agreement__uuid", "length", "digest").iterator(chunk_size=CHUNK):
        yield NotedReadings(str(head[0]), head[1], head[2])


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
    if first == READINGS:
        length, digest = rest
        return NotedReadings(str(UUID(second)), int(length), digest)
    (digest,) = rest
    if first.isdecimal():
        return NotedHead(int(first), int(second), digest)
    return NotedInventory(str(UUID(first)), int(second), digest)


def set_back(noted: Iterable[Noted]) -> Iterator[str]:
    """Name what does not hold what was noted of it.

    Two queries a chain at most, one for many agreements, and one for each that has been read since.
    """
    noted = list(noted)
    yield from _chains_set_back(each for each in noted if isinstance(each, NotedHead))
    if listed := [each for each in noted if isinstance(each, NotedRound | NotedInventory)]:
        yield from inventories.set_back(listed)
    yield from _readings_set_back([each for each in noted if isinstance(each, NotedReadings)])


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


def _readings_set_back(noted: list[NotedReadings]) -> Iterator[str]:
    """Compare logs with their heads, which the check itself compares with their lines."""
    for start in range(0, len(noted), CHUNK):
        some = noted[start : start + CHUNK]
        rows = ReadingHead.objects.filter(agreement__uuid__in=[each.agreement for each in some])
        ends = {
            str(uuid): (length, digest)
            for uuid, length, digest in rows.values_list("agreement__uuid", "length", "digest")
        }
        for each in some:
            length, digest = ends.get(each.agreement, (0, ""))
            if length < each.length:
                yield (
                    f"reading log: it had {each.length} lines when its head was noted, "
                    f"and has {length} now (agreement {each.agreement})"
                )
            elif each.digest != (digest if length == each.length else _line(each)):
                yield (
                    f"reading log: line {each.length} is another than when its head was noted "
                    f"(agreement {each.agreement})"
                )


def _line(noted: NotedReadings) -> str | None:
    rows = Reading.objects.filter(agreement__uuid=noted.agreement, number=noted.length)
    return rows.values_list("digest", flat=True).first()
