"""A leader's agreements over several years, written by the real actions."""

from functools import partial

import pytest

from tests.factories import make_user
from tests.history.writing import make_year


@pytest.fixture
def pair(db):
    """A leader and a superior."""
    return make_user(first_name="Lars", last_name="Leder"), make_user(
        first_name="Siri", last_name="Overordnet"
    )


@pytest.fixture
def a_year(pair):
    """A function that gives the two an agreement for a year, with last year's open goals and new ones."""
    return partial(make_year, pair)
