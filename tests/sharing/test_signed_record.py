"""What a superior who has left the office can read: what both signed, as it was signed, and nothing else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from leder.agreements.answers import new_goal
from leder.agreements.models import Reading, Seal, Signature
from leder.agreements.states import State
from tests.factories import (
    FOLLOW_UP_SECTION,
    SECTION,
    bring_to,
    leave_office,
    make_agreement,
    make_user,
)
from tests.sharing.pages import LIST, links_into_the_agreement, text_of, write

pytestmark = pytest.mark.django_db


def record_of(agreement):
    return reverse("leder:signed_record", args=[agreement.uuid])


@pytest.fixture
def signed():
    agreement = make_agreement()
    write(
        agreement,
        note="Jeg øver på å lytte",
        choices=[{"id": "expectation-1", "stance": "challenge", "why": "Jeg svarer for fort"}],
        goals=[new_goal(goal="Spørre før jeg svarer", due="2027-09-01")],
    )
    write(
        agreement,
        SECTION,
        choices=[{"id": "assignment-1", "contribution": "Vakter", "ambition": "", "expectations": ""}],
    )
    write(agreement, "s-work", answers={"s-work-q1": "Et svar"})
    bring_to(agreement, State.SIGNED)
    write(agreement, FOLLOW_UP_SECTION, note="Skrevet senere")
    return agreement


def test_is_as_it_was_signed_and_no_more(signed, as_user):
    leave_office(signed)
    page = text_of(as_user(signed.superior).get(record_of(signed)))
    for words in (
        "Lars Leder",
        "Siri Overordnet",
        "Ledelsesutvikling",
        "Jeg øver på å lytte",
        "Setter innbyggeren først",
        "Jeg svarer for fort",
        "Spørre før jeg svarer",
        "Kortere ventetid",
        "Vakter",
        "Spørsmål 1?",
        "Et svar",
    ):
        assert words in page
    assert "Skrevet senere" not in page
    assert not links_into_the_agreement(page)


def test_is_for_the_one_who_has_left_alone(signed, as_user):
    people = (signed.leader, signed.superior, make_user(is_superuser=True))
    for person in people:
        assert as_user(person).get(record_of(signed)).status_code == 404
    leave_office(signed)
    assert [as_user(person).get(record_of(signed)).status_code for person in people] == [404, 200, 404]


def test_the_way_to_it_is_on_the_list(signed, as_user):
    client = as_user(signed.superior)
    assert record_of(signed) not in text_of(client.get(LIST))
    leave_office(signed)
    assert record_of(signed) in text_of(client.get(LIST))
    assert not links_into_the_agreement(text_of(client.get(LIST)))


@pytest.mark.parametrize("state", [State.OPENED, State.DISCUSSED, State.SIGNING])
def test_what_was_never_signed_by_both_is_closed(state, as_user):
    agreement = make_agreement(state=state)
    leave_office(agreement)
    client = as_user(agreement.superior)
    assert client.get(record_of(agreement)).status_code == 404
    assert client.get(reverse("leder:agreement", args=[agreement.uuid])).status_code == 404
    assert list(client.get(LIST).context["signed"]) == []


@pytest.mark.parametrize("forges_row", [False, True])
def test_a_date_and_a_signature_put_in_by_hand_open_nothing(as_user, forges_row):
    agreement = make_agreement()
    write(agreement, note="Jeg øver på å lytte")
    bring_to(agreement, State.SIGNING)
    leave_office(agreement)
    type(agreement).objects.update(signed_at=timezone.now(), state=State.SIGNED)
    if forges_row:
        row = Signature.objects.get()
        row.pk, row.role, row.signer = None, "superior", agreement.superior
        row.save()
    page = text_of(as_user(agreement.superior).get(record_of(agreement)))
    assert "Jeg øver på å lytte" not in page


def test_it_is_logged(signed, as_user):
    leave_office(signed)
    as_user(signed.superior).get(record_of(signed))
    line = Reading.objects.get(kind=Reading.Kind.RECORD)
    assert (line.reader, line.share) == (signed.superior, None)


def test_it_asks_for_a_recent_sign_in(signed, as_user):
    leave_office(signed)
    response = as_user(signed.superior, recent=False).get(record_of(signed))
    assert response.status_code == 302
    assert record_of(signed) in response["Location"]


@pytest.mark.parametrize("damage", ["seal", "key"])
def test_what_does_not_open_is_said(damage, signed, as_user):
    leave_office(signed)
    if damage == "seal":
        Seal.objects.update(ciphertext=b"\x01" + b"0" * 600)
    else:
        signed.data_key.delete()
    response = as_user(signed.superior).get(record_of(signed))
    assert response.status_code == 200
    assert response.context["is_damaged"]
    assert "Jeg øver" not in text_of(response)


def test_deleted_text_is_gone_here_too(signed, as_user):
    leave_office(signed)
    signed.text_deleted_at = timezone.now()
    signed.save()
    client = as_user(signed.superior)
    assert client.get(record_of(signed)).status_code == 404
    assert record_of(signed) not in text_of(client.get(LIST))
