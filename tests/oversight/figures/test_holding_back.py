"""What is held back can't be worked out: every sum and difference of what is shown is tried, by linear algebra."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from leder.oversight.figures.holding_back import FLOOR, Cell, Shown, what_to_show


def shown_sets(sizes: dict[Cell, int], shown: Shown) -> list[set[Cell]]:
    """Every set of leaders that a row of figures is shown of."""
    sets = [{cell for cell in sizes if cell.area == area} for area in shown.areas]
    sets += [{cell for cell in sizes if cell.branch == branch} for branch in shown.branches]
    sets += [{cell for cell in sizes if cell.group in part} for part in shown.groups]
    return [*sets, set(sizes)] if shown.total else sets


def rank(rows: list[list[int]]) -> int:
    """The rank of a matrix, exactly."""
    matrix = [[Fraction(value) for value in row] for row in rows if any(row)]
    found = 0
    for column in range(len(matrix[0]) if matrix else 0):
        pivot = next((row for row in matrix[found:] if row[column]), None)
        if pivot is None:
            continue
        matrix.remove(pivot)
        matrix.insert(found, pivot)
        for number in range(found + 1, len(matrix)):
            if factor := matrix[number][column] / pivot[column]:
                matrix[number] = [a - factor * b for a, b in zip(matrix[number], pivot, strict=True)]
        found += 1
    return found


def worked_out(sizes: dict[Cell, int], sets: list[set[Cell]]) -> list[set[Cell]]:
    """The sets of fewer than FLOOR leaders that some sum or difference of what is shown is about, and nobody else.

    Those of one cell are in the same rows, so whatever is about one of them is about all. Something is about leaders in
    a set only when the rows without these columns are of a lower rank.
    """
    cells = [cell for cell, size in sizes.items() if size]
    rows = [[int(cell in one) for cell in cells] for one in sets]
    whole = rank(rows)
    small = [cell for cell in cells if sizes[cell] < FLOOR]
    found = []
    for count in range(1, FLOOR):
        for few in combinations(small, count):
            if sum(sizes[cell] for cell in few) >= FLOOR:
                continue
            rest = [
                [value for cell, value in zip(cells, row, strict=True) if cell not in few] for row in rows
            ]
            if rank(rest) < whole:
                found.append(set(few))
    return found


def table(**rows: dict[int, int]) -> dict[Cell, int]:
    """Sizes written as area_branch={group: number}."""
    return {
        Cell(name.split("_")[0], name, group): size
        for name, groups in rows.items()
        for group, size in groups.items()
    }


def test_the_search_finds_what_can_be_worked_out() -> None:
    """A total and all but one of its parts: the last is their difference."""
    sizes = table(a_1={1: 9}, a_2={1: 3})
    assert worked_out(sizes, [{Cell("a", "a_1", 1)}, set(sizes)]) == [{Cell("a", "a_2", 1)}]
    # And by way of the groups: all of group 1 is in the first area, but for two.
    sizes = table(a_1={1: 8}, b_1={1: 2, 2: 9})
    areas = [{cell for cell in sizes if cell.area == area} for area in "ab"]
    assert worked_out(sizes, [*areas, {cell for cell in sizes if cell.group == 1}])


@pytest.mark.parametrize("seed", range(120))
def test_nothing_of_fewer_than_five_can_be_worked_out(seed: int) -> None:
    random = Random(seed)  # noqa: S311
    sizes: dict[Cell, int] = {}
    for area in range(random.randint(1, 4)):
        for branch in range(random.randint(1, 3)):
            for group in random.sample((1, 2, 3), random.randint(1, 3)):
                sizes[Cell(area, (area, branch), group)] = random.choice((1, 1, 2, 3, 4, 6, 9))
    shown = what_to_show(sizes)
    assert worked_out(sizes, shown_sets(sizes, shown)) == []


def test_large_groups_are_all_shown() -> None:
    sizes = table(a_1={1: 5, 2: 20, 3: 40}, a_2={2: 7, 3: 30}, b_1={1: 5, 2: 10, 3: 8})
    shown = what_to_show(sizes)
    assert shown.areas == {"a", "b"}
    assert shown.branches == {"a_1", "a_2", "b_1"}
    assert set(shown.groups) == {frozenset({1}), frozenset({2}), frozenset({3})}


def test_a_small_branch_takes_another_with_it() -> None:
    shown = what_to_show(table(a_1={3: 2}, a_2={3: 6}, a_3={3: 9}, b_1={3: 7}))
    assert shown.branches == {"a_3", "b_1"}
    assert shown.areas == {"a", "b"}


def test_small_branches_that_make_five_together_take_no_other() -> None:
    shown = what_to_show(table(a_1={3: 2}, a_2={3: 3}, a_3={3: 9}))
    assert shown.branches == {"a_3"}


def test_a_small_area_takes_another_with_it() -> None:
    shown = what_to_show(table(a_1={3: 4}, b_1={3: 8}, c_1={3: 9}))
    assert shown.areas == {"c"}
    assert shown.branches == {"c_1"}


def test_four_leaders_in_all_show_nothing() -> None:
    shown = what_to_show(table(a_1={1: 2}, b_1={3: 2}))
    assert shown == Shown(False, frozenset(), frozenset(), ())
    assert what_to_show({}) == shown


def test_a_small_leader_group_is_put_together_with_the_next() -> None:
    shown = what_to_show(table(a_1={1: 3, 2: 20, 3: 40}, b_1={1: 1, 2: 15, 3: 30}))
    assert set(shown.groups) == {frozenset({1, 2}), frozenset({3})}


def test_every_leader_is_in_one_shown_group() -> None:
    sizes = table(a_1={1: 3, 2: 20, 3: 40}, b_1={1: 1, 2: 15, 3: 30})
    told = Counter(group for part in what_to_show(sizes).groups for group in part)
    assert told == {1: 1, 2: 1, 3: 1}
