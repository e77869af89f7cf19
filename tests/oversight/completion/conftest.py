"""The small municipality, built once for the tests of a class."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.oversight.completion.world import World, make_world


@pytest.fixture(scope="class")
def kept_world(kept_in_class: None) -> World:
    return make_world()


@pytest.fixture
def world(kept_world: World, db: None) -> World:
    """A leader in each stage. Tests of a class that ask for it at all, ask for it all."""
    return deepcopy(kept_world)
