"""The planting is made once, committed, in a database of its own that is gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.canary.channels import listening
from tests.canary.evidence import Evidence, gather
from tests.canary.planting import Planting, plant
from tests.databases import copied_database


@pytest.fixture(scope="package")
def planting(django_db_setup: None, django_db_blocker: Any) -> Iterator[Planting]:
    """The marked agreements."""
    with django_db_blocker.unblock(), copied_database():
        with listening() as heard:
            planted = plant()
        planted.heard = heard
        yield planted


@pytest.fixture(scope="package")
def evidence(planting: Planting) -> Evidence:
    """What came out of it, by every way out."""
    return gather(planting)


@pytest.fixture(autouse=True)
def db(planting: Planting) -> None:
    """Stands in for pytest-django's transaction, by its name: what tests write here is committed, in the copy."""
