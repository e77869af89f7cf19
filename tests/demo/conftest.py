"""The example's own lists, and one small example for all tests that only look at it."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from lorenskog_intranet.demo.scenario import Size, build

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ORGANISATION = FIXTURES / "organisation"
TEXT = FIXTURES / "text"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def shape():
    return json.loads((ORGANISATION / "shape.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def names():
    return json.loads((ORGANISATION / "names.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def example(django_db_setup, django_db_blocker):
    """An example of 60 leaders, made once for the module; returns what was said while it was made."""
    said = []
    with django_db_blocker.unblock(), transaction.atomic():
        build(size=Size(60, 3, 1), text=TEXT, organisation=ORGANISATION, say=said.append)
        with django_db_blocker.block():
            yield said
        transaction.set_rollback(True)
