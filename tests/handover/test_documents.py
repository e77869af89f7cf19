"""The document of an agreement that was handed over: each gets what is theirs, nobody more."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from leder.agreements.models import Reading, Signature
from leder.agreements.reading.sealed import open_seal_without_private
from leder.agreements.states import State
from leder.documents.checking import Verdict, check
from leder.documents.models import IssuedDocument
from tests.factories import access_of, access_or_none
from tests.handover.writing import everything_before
from tests.pdf import all_of, attached_to, changed_by_hand, text_of

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
    former = fetch(case, case.former, "signed_document")
    assert former.status_code == 200
    assert '"note":"privat"' in all_of(former.content)
    assert fetch(case, case.successor, "signed_document").status_code == 404


def test_a_new_superior_gets_what_was_signed_without_what_is_private(case_in):
    case = case_in(State.SIGNED, everything_before)
    whole = fetch(case, case.leader)
    partial = fetch(case, case.leader, query={"uten-private": 1})
    case.hand_over()
    lines = Reading.objects.filter(reader=case.successor)
    for query in (None, {"uten-private": 1}):
        content = fetch(case, case.successor, query=query).content
        assert check(content).verdict == Verdict.GENUINE
        assert check(content).document.variant == "without_private"
        assert attached_to(content) == attached_to(partial.content)
        assert "felles" in all_of(content)
        assert '"note":"privat"' not in all_of(content)
        # The places are the two's own.
        assert "Lørenskog, " in text_of(whole.content)
        assert "Lørenskog, " not in text_of(content)
    private = {part.id for part in case.agreement.form_edition.sections if part.private}
    assert {(line.kind, line.section_id in private) for line in lines} == {(Reading.Kind.RECORD, False)}
    page = Client()
    page.force_login(case.successor)
    signatures = page.get(reverse("leder:sign", args=[case.agreement.uuid])).content.decode()
    assert 'dokument.pdf?uten-private=1"' in signatures
    assert 'dokument.pdf"' not in signatures


def test_the_private_part_is_not_even_opened_to_the_caller(case_in):
    case = case_in(State.SIGNED, everything_before)
    case.hand_over()
    seal = case.agreement.seals.get()
    held = open_seal_without_private(access_of(case.successor, seal.agreement), seal)
    assert '"privat"' not in str(held).replace("'", '"')
    assert held["whole_sha256"] == seal.sha256
    read = Reading.objects.count()
    for person in (case.former, case.hr):
        assert access_or_none(person, case.agreement) is None
    with pytest.raises(PermissionError):
        open_seal_without_private(access_of(case.leader, case.agreement), seal)
    assert Reading.objects.count() == read


@pytest.mark.parametrize("damage", ["signature", "form", "private"])
def test_nothing_comes_of_what_is_not_as_it_was_signed(damage, case_in):
    case = case_in(State.SIGNED, everything_before)
    case.hand_over()
    if damage == "signature":
        Signature.objects.filter(role="leader").delete()
    else:
        content = case.agreement.form_edition.content
        for part in content["parts"]:
            # What says that a section is private is in the form, too.
            part.update({"private": False} if damage == "private" and "private" in part else {"heading": "X"})
        changed_by_hand("leder_edition", content=json.dumps(content))
    answer = fetch(case, case.successor)
    assert answer.status_code == 409
    assert not Reading.objects.filter(reader=case.successor).exists()
    assert not IssuedDocument.objects.exists()


def test_the_follow_up_shows_a_new_superior_what_the_leader_lets_them_read(case_in):
    case = case_in(State.SIGNED, everything_before)
    case.hand_over()
    for person in (case.successor, case.leader):
        content = fetch(case, person, "follow_up_document").content
        assert ("goal-2" in all_of(content)) == (person == case.leader)
        assert check(content).verdict == Verdict.DRAFT


def test_a_follow_up_confirmed_with_another_is_without_what_is_private(case_in):
    case = case_in(State.FOLLOWED_UP, everything_before)
    whole = fetch(case, case.leader, "follow_up_document").content
    assert "goal-2" in all_of(whole)
    case.hand_over()
    assert fetch(case, case.leader, "follow_up_document").content == whole
    content = fetch(case, case.successor, "follow_up_document").content
    assert check(content).verdict == Verdict.GENUINE
    assert "Et mål" in all_of(content)
    assert "goal-2" not in all_of(content)
    assert fetch(case, case.former, "follow_up_document").status_code == 404
