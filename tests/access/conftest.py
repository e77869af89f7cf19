"""The world is built once for all access tests, in a transaction that is rolled back at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.access.visiting import Visitor
from tests.access.world import World, make_world


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The people, agreements and pages that every test here looks at."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def visitor(world: World, db: None) -> Visitor:
    """Sends requests as the people of the world; what a request changes is undone after it."""
    return Visitor(world)
