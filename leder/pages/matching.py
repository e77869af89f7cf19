"""What belongs to what in two lists, and which of it has moved. Knows nothing of what the lists are of."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any


class MatchedBy(StrEnum):
    """How something in the new text was found to be the same as in the old."""

    ID = "id"
    ORIGIN = "origin"
    WORDS = "words"


Matches = dict[int, tuple[int, MatchedBy]]


def match(
    old: Sequence[Any],
    new: Sequence[Any],
    origins: tuple[Mapping[str, str], Mapping[str, str]],
    id_of: Callable[[Any], str],
    words_of: Callable[[Any], tuple[str, ...]],
) -> Matches:
    """Return which in `old` each in `new` is, by number. No one in either list is taken twice."""
    found: Matches = {}
    free = dict.fromkeys(range(len(old)))
    by_id = {id_of(item): number for number, item in enumerate(old)}
    by_family: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(old):
        for identity in _family(id_of(item), origins[0]):
            by_family[identity].append(number)
    by_words: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for number, item in enumerate(old):
        by_words[words_of(item)].append(number)

    def take(by: MatchedBy, candidates: Callable[[Any], Sequence[int]]) -> None:
        for number, item in enumerate(new):
            if number not in found:
                first = next((each for each in candidates(item) if each in free), None)
                if first is not None:
                    found[number] = first, by
                    del free[first]

    take(MatchedBy.ID, lambda item: [by_id[id_of(item)]] if id_of(item) in by_id else [])
    take(
        MatchedBy.ORIGIN,
        lambda item: [
            each for identity in _family(id_of(item), origins[1]) for each in by_family.get(identity, ())
        ],
    )
    take(MatchedBy.WORDS, lambda item: by_words.get(words_of(item), ()) if any(words_of(item)[1:]) else ())
    return found


def _family(identity: str, origins: Mapping[str, str]) -> Iterator[str]:
    """An id and those it comes from by copying, the nearest first."""
    seen: set[str] = set()
    following: str | None = identity
    while following and following not in seen:
        seen.add(following)
        yield following
        following = origins.get(following)


# -- Order -----------------------------------------------------------------------------------------------------------
def in_order(matches: Mapping[int, int]) -> dict[int, int]:
    """Return the most of {new: old} that stand in the same order in both; the others have moved."""
    news = sorted(matches)
    ends: list[int] = []  # the lowest old number that a run of this length can end with
    last: list[int] = []  # and the new number it belongs to
    before: dict[int, int | None] = {}
    for new in news:
        length = bisect_left(ends, matches[new])
        before[new] = last[length - 1] if length else None
        ends[length : length + 1] = [matches[new]]
        last[length : length + 1] = [new]
    longest: dict[int, int] = {}
    following: int | None = last[-1] if last else None
    while following is not None:
        longest[following] = matches[following]
        following = before[following]
    return longest


def merged(
    old: Sequence[int], new: Sequence[int], in_place: Mapping[int, int], gone: set[int]
) -> Iterator[tuple[int | None, int | None]]:
    """Yield everything in `new` in order, and of `old` what is gone, right after what it stood after.

    What has moved comes as (None, new): where it stood, nothing is told of it.
    """
    rest = deque(old)
    staying = set(in_place.values())

    def gone_here() -> Iterator[tuple[int | None, int | None]]:
        while rest and rest[0] not in staying:
            before = rest.popleft()
            if before in gone:
                yield before, None

    yield from gone_here()
    for after in new:
        yield None, after
        if after in in_place:
            rest.popleft()
            yield from gone_here()
