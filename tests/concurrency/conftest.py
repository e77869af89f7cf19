"""Every test here has a database of its own that other threads see."""

from collections.abc import Iterator

import pytest

from leder.safekeeping.inventories import inventory_faults


@pytest.fixture(autouse=True)
def shared_database(transactional_db: None) -> Iterator[None]:
    """What is written is committed, so that each thread meets what the others have done; all of it is listed."""
    yield
    assert list(inventory_faults()) == []
