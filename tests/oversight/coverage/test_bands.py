"""What is said of counts is true, and neither parts and whole nor two days together tell more than is meant."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from leder.oversight.coverage.bands import SMALLEST, STEP, Before, at_least, at_least_in_all, is_renewed


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [(0, 30, 0), (4, 30, 0), (5, 30, 5), (9, 30, 5), (10, 30, 10), (26, 30, 25), (30, 30, 25), (5, 9, 0), (9, 9, 0),
     (10, 10, 5), (12, 12, 5), (15, 15, 10)],
)  # fmt: skip
def test_steps(count: int, of: int, said: int) -> None:
    assert at_least(count, of=of) == said


def test_always_true_and_never_close_to_all() -> None:
    for of in range(60):
        for count in range(of + 1):
            said = at_least(count, of=of)
            assert said <= count
            assert said == 0 or said <= of - STEP
            assert of >= SMALLEST or said == 0


@pytest.mark.parametrize("seed", range(300))
def test_the_whole_narrows_no_part(seed: int) -> None:
    """Of each part is known that it is from what is said to four more; from the whole and the others nothing is added.

    Parts that nothing is said of may be anything from none to all of them.
    """
    random = Random(seed)  # noqa: S311
    sizes = [random.randint(1, 40) for _part in range(random.randint(1, 8))]
    counts = [random.choice((0, size, random.randint(0, size))) for size in sizes]
    visible = [number for number, size in enumerate(sizes) if size >= SMALLEST]
    said = {number: at_least(counts[number], of=sizes[number]) for number in visible}
    whole = at_least_in_all(sum(counts), of=sum(sizes), parts=said.values())
    assert whole <= sum(counts)
    if not visible:
        return
    # The least that a part can be, knowing the whole and the most that all the others can be.
    for number in range(len(sizes)):
        others = [each for each in visible if each != number]
        most = sum(said[each] + STEP - 1 for each in others)
        least = whole - most
        assert least <= said.get(number, 0)


@pytest.mark.parametrize("come", range(5, 16))
def test_two_days_never_say_that_all_who_came_chose_it(come: int) -> None:
    for first, new in product(range(40), range(come + 1)):
        of = 40
        said = at_least(first, of=of)
        now = at_least(first + new, of=of + come, before=Before(said, of))
        assert now <= first + new
        # The most that it can have been the first day, where what is said is the step that it stands in.
        most_then = said + STEP - 1
        assert now - most_then < come


@pytest.mark.parametrize("come", range(5, 16))
def test_nor_that_all_did_when_nobody_had(come: int) -> None:
    for new in range(come + 1):
        now = at_least(new, of=20 + come, before=Before(0, 20, none=True))
        assert now < come
        assert now <= new


def test_made_anew_when_five_more_have_come() -> None:
    assert is_renewed(5, None)
    assert not is_renewed(14, 10)
    assert is_renewed(15, 10)
    assert not is_renewed(8, 10)
