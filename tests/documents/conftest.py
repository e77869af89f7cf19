"""What tests of the pages of documents share."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from leder.agreements.answers import new_goal
from leder.agreements.states import State
from leder.documents.models import IssuedDocument
from tests.factories import SECTION, bring_to, make_agreement
from tests.sharing.pages import write


@pytest.fixture
def written(db):
    """An agreement with text in an open and in a private section, not signed."""
    agreement = make_agreement()
    write(agreement, note="Hemmelig nok", goals=[new_goal(goal="Spørre først", due="2027-09-01")])
    write(agreement, SECTION, note="Felles notat")
    return agreement


@pytest.fixture
def signed(written):
    """The same, signed by both."""
    return bring_to(written, State.SIGNED)


@pytest.fixture
def fetch(as_user):
    """A function that fetches the document of an agreement as a person."""

    def get(person, agreement, *, without_private=False, name="document", **kwargs):
        query = {"uten-private": 1} if without_private else None
        return as_user(person, **kwargs).get(reverse(f"leder:{name}", args=[agreement.uuid], query=query))

    return get


@pytest.fixture
def upload(as_user):
    """A function that has a file checked as a person."""

    def post(person, content, name="avtale.pdf"):
        return as_user(person).post(
            reverse("leder:check"), {"file": SimpleUploadedFile(name, content, "application/pdf")}
        )

    return post


@pytest.fixture
def pdf(signed, fetch):
    """The document of the signed agreement, as the leader has fetched it."""
    content = fetch(signed.leader, signed).content
    assert IssuedDocument.objects.count() == 1
    return content
