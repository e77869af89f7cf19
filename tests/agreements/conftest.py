"""What tests of the agreement's pages share."""

import pytest
from django.urls import reverse

from tests.factories import SECTION, make_agreement


@pytest.fixture
def agreement(db):
    return make_agreement()


@pytest.fixture
def url_of():
    """A function that gives an address of an agreement."""

    def url(name, agreement, *args):
        return reverse(f"leder:{name}", args=[agreement.uuid, *args])

    return url


@pytest.fixture
def post_section(as_user, url_of):
    """A function that posts a section as a person."""

    def post(agreement, person, section=SECTION, *, json=False, version=0, **fields):
        values = {"version": version, **{name.replace("__", "-"): value for name, value in fields.items()}}
        headers = {"Accept": "application/json"} if json else {}
        return as_user(person).post(url_of("section", agreement, section), values, headers=headers)

    return post
