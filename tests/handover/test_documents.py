"""The document of an agreement that was handed over: each gets what is theirs, nobody more."""

import pytest
from django.test import Client
from django.urls import reverse

from leder.agreements.states import State
from tests.handover.writing import everything_before
from tests.pdf import all_of

pytestmark = pytest.mark.django_db


def fetch(case, person, name="document", query=None):
    client = Client()
    client.force_login(person)
    return client.get(reverse(f"leder:{name}", args=[case.agreement.uuid], query=query))


def test_a_draft_holds_what_each_may_read(case_in):
    case = case_in(State.OPENED, everything_before)
    case.hand_over()
    for person in (case.successor, case.leader):
        text = all_of(fetch(case, person).content)
        assert "felles" in text
        # Of the pair before: it is not part of what these two sign.
        assert '"note":"privat"' not in text
    assert fetch(case, case.former).status_code == 404


def test_what_was_signed_is_for_those_who_signed_it(case_in):
    case = case_in(State.SIGNED, everything_before)
    before = fetch(case, case.leader).content
    case.hand_over()
    assert fetch(case, case.leader).content == before
    for query in (None, {"uten-private": 1}):
        answer = fetch(case, case.successor, query=query)
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (409, "text/html")
    former = fetch(case, case.former, "signed_document")
    assert former.status_code == 200
    assert '"note":"privat"' in all_of(former.content)
    assert fetch(case, case.successor, "signed_document").status_code == 404
