"""A page that was opened with one superior, and sent when another has come, says nothing private to the other (R2)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from leder.agreements.actions import RuleBroken
from leder.agreements.models import Entry
from leder.agreements.states import State
from tests.agreements.actions.test_reopening_texts import GOAL, resave
from tests.factories import PRIVATE_SECTION, access_of, make_user, propose, reopen, sign
from tests.handover.test_pages import consent_url, seen
from tests.handover.writing import let_read
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db

SAID = "Bare til den forrige"


def said_in(case, pair):
    return case.agreement.entries.filter(pair=pair, section_id=PRIVATE_SECTION)


def test_a_preparation_for_the_former_superior(case_in, client):
    case = case_in(State.OPENED)
    case.hand_over()
    client.force_login(case.leader)
    url = reverse("leder:preparation_section", args=[case.agreement.uuid, PRIVATE_SECTION])
    assert SAID in client.post(url, {"version": "0", "note": SAID}).content.decode()
    assert not said_in(case, case.fresh().pair).filter(kind=Entry.Kind.PREPARATION).exists()
    assert client.post(f"{url}?p={case.fresh().pair}", {"version": "0", "note": SAID}).status_code == 302
    assert said_in(case, case.fresh().pair).filter(kind=Entry.Kind.PREPARATION).exists()


def test_how_a_private_goal_stood_before_it_was_signed_with_another(case_in, client):
    case = case_in(State.SIGNED, lambda each: write(each.agreement, PRIVATE_SECTION, goals=[GOAL]))
    reopen(case.agreement)
    case.hand_over()
    resave(case.fresh(), PRIVATE_SECTION, goals=[GOAL])
    for person in (case.leader, case.successor):
        sign(case.fresh(), person)
    client.force_login(case.leader)
    url = reverse("leder:follow_up_progress", args=[case.agreement.uuid, PRIVATE_SECTION])
    assert SAID in client.post(url, {"version": "0", "note": SAID}).content.decode()
    progress = case.agreement.entries.filter(kind=Entry.Kind.PROGRESS)
    assert not progress.exists()
    assert client.post(f"{url}?p={case.fresh().pair}", {"version": "0", "note": SAID}).status_code == 302
    assert progress.get().pair == case.fresh().pair


def test_consent_to_what_was_signed_later(case_in, client):
    """The leader lets the second read what was signed first; the first returns, and both sign something else."""
    case = case_in(State.SIGNED, lambda each: write(each.agreement, PRIVATE_SECTION, note="Først"))
    case.hand_over()
    old = seen(case)
    case.hand_over(case.former)
    reopen(case.fresh())
    resave(case.fresh(), PRIVATE_SECTION, note="Senere")
    for person in (case.leader, case.former):
        sign(case.fresh(), person)
    case.hand_over(case.successor)
    client.force_login(case.leader)
    client.post(consent_url(case), old)
    copies = case.agreement.entries.filter(kind=Entry.Kind.CONSENTED)
    assert not copies.exists()
    client.post(consent_url(case), seen(case))
    assert copies.exists()


def test_how_a_private_goal_stands_is_said_in_the_meeting_with_a_new_superior(case_in, client):
    case = case_in(State.SIGNED, lambda each: write(each.agreement, PRIVATE_SECTION, goals=[GOAL]))
    case.hand_over()
    let_read(case)
    client.force_login(case.leader)
    page = client.get(reverse("leder:meeting", args=[case.agreement.uuid, PRIVATE_SECTION]))
    address = page.context["writing"].url
    assert client.post(address, {"version": "0", "note": "Godt i gang"}).status_code == 302
    assert case.agreement.entries.filter(kind=Entry.Kind.PROGRESS).get().pair == case.fresh().pair


def test_what_a_proposal_to_share_was_for(case_in, client):
    """The one who is superior now would read it."""
    case, reader = case_in(State.OPENED), make_user()
    client.force_login(case.leader)
    url = reverse("leder:sharing", args=[case.agreement.uuid])
    until = (timezone.localdate() + dt.timedelta(days=10)).isoformat()
    old = {"part": "all", "reader": reader.email, "purpose": SAID, "until": until}
    case.hand_over()
    again = client.post(url, old)
    assert again.status_code == 422
    assert SAID in again.content.decode()
    assert not case.agreement.shares.exists()
    assert f'name="pair" value="{case.fresh().pair}"' in again.content.decode()
    assert client.post(url, {**old, "pair": case.fresh().pair}).status_code == 302
    assert case.agreement.shares.exists()


def test_a_proposal_to_share_while_another_comes(case_in, monkeypatch):
    case, reader = case_in(State.OPENED), make_user()
    before = access_of(case.leader, case.agreement)
    case.hand_over()
    monkeypatch.setattr("tests.factories.access_of", lambda *_args: before)
    with pytest.raises(RuleBroken):
        propose(case.agreement, reader)
    assert not case.agreement.shares.exists()
