"""Every test here has a database of its own that other threads see."""

import pytest


@pytest.fixture(autouse=True)
def shared_database(transactional_db: None) -> None:
    """What is written is committed, so that each thread meets what the others have done."""
