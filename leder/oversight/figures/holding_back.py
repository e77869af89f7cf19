"""Which figures of small groups are held back, so that they can't be worked out from the others either. Pure.

Leaders stand in a branch of an area, and in a leader group. Figures are shown by area, branch and group. The rule (R2,
decision 0017): no sum and no difference of what is shown may tell of fewer than `FLOOR` leaders.

Two things make it hold. Branches are gathered in *blocks* of at least `FLOOR` leaders; an area or branch is shown only
where it is made of whole blocks. And leader groups are told apart only as far as no *cut* through the table of blocks
by groups is smaller than `FLOOR`. Why that is enough: every sum of what is shown gives the leaders of block b and group
g the weight x(b) + y(g). Those whose weight is not 0 are the cells that a cut separates, where the blocks with one x
and the groups with the opposite y stand on the same side. The smallest cut that is not empty is thus the smallest set
of leaders that anything can be found out about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

FLOOR = 5

# Whatever names an area, a branch or a group.
Key = Any
Block = frozenset[Key]


class Cell(NamedTuple):
    """Where a leader stands."""

    area: Key
    branch: Key
    group: Key


@dataclass(frozen=True)
class Shown:
    """What may be shown: nothing of the whole when it is too small itself."""

    total: bool
    areas: frozenset[Key]
    branches: frozenset[Key]
    # Those in one set are shown together; a set of all is left out, being the total.
    groups: tuple[Block, ...]


def what_to_show(sizes: Mapping[Cell, int], *, floor: int = FLOOR) -> Shown:
    """Return what may be shown of so many leaders by where they stand."""
    sizes = {cell: size for cell, size in sizes.items() if size}
    if sum(sizes.values()) < floor:
        return Shown(False, frozenset(), frozenset(), ())
    blocks = _blocks(sizes, floor)
    of_area: dict[Key, set[Key]] = defaultdict(set)
    for cell in sizes:
        of_area[cell.area].add(cell.branch)
    home = {branch: block for block in blocks for branch in block}
    areas = frozenset(
        area for area, branches in of_area.items() if all(home[branch] <= branches for branch in branches)
    )
    branches = frozenset(branch for block in blocks if len(block) == 1 for branch in block)
    return Shown(True, areas, branches, _groups(sizes, blocks, floor))


def _blocks(sizes: Mapping[Cell, int], floor: int) -> list[Block]:
    """Gather the branches in sets of at least `floor` leaders, within their area as far as that goes."""
    leaders: Counter[Key] = Counter()
    of_area: dict[Key, set[Key]] = defaultdict(set)
    for cell, size in sizes.items():
        leaders[cell.branch] += size
        of_area[cell.area].add(cell.branch)
    blocks: list[Block] = []
    homeless: set[Key] = set()
    for branches in of_area.values():
        small = {branch for branch in branches if leaders[branch] < floor}
        large = sorted(branches - small, key=lambda branch: (leaders[branch], str(branch)))
        if small and _size(small, leaders) < floor:
            if not large:
                homeless |= small
                continue
            small.add(large.pop(0))
        blocks += [frozenset({branch}) for branch in large]
        if small:
            blocks.append(frozenset(small))
    if homeless:
        if _size(homeless, leaders) < floor:
            nearest = min(blocks, key=lambda block: (_size(block, leaders), sorted(map(str, block))))
            blocks.remove(nearest)
            homeless |= nearest
        blocks.append(frozenset(homeless))
    return blocks


def _groups(sizes: Mapping[Cell, int], blocks: Iterable[Block], floor: int) -> tuple[Block, ...]:
    """Tell the leader groups apart as far as the cuts allow; the two smallest are put together until they do."""
    home = {branch: number for number, block in enumerate(blocks) for branch in block}
    table: dict[int, Counter[Key]] = defaultdict(Counter)
    leaders: Counter[Key] = Counter()
    for cell, size in sizes.items():
        table[home[cell.branch]][cell.group] += size
        leaders[cell.group] += size
    parts: list[Block] = [frozenset({group}) for group in leaders]
    while len(parts) > 1 and _smallest_cut(table, parts, floor) < floor:
        parts.sort(key=lambda part: (_size(part, leaders), sorted(map(str, part))))
        parts = [parts[0] | parts[1], *parts[2:]]
    return tuple(parts) if len(parts) > 1 else ()


def _smallest_cut(table: Mapping[int, Counter[Key]], parts: list[Block], floor: int) -> int:
    """The fewest leaders that a cut with groups on both sides separates; an empty cut separates nobody.

    With the groups' sides given, each block takes the side that separates fewest. A cut with all groups on one side
    separates whole blocks, and these are large enough.
    """
    smallest = floor
    first, *rest = parts
    for count in range(len(rest)):
        for others in combinations(rest, count):
            one_side = first.union(*others)
            cut = 0
            for row in table.values():
                here = sum(size for group, size in row.items() if group in one_side)
                cut += min(here, sum(row.values()) - here)
            if cut:
                smallest = min(smallest, cut)
    return smallest


def _size(keys: Iterable[Key], leaders: Mapping[Key, int]) -> int:
    return sum(leaders[key] for key in keys)
