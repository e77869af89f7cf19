"""Meeting mode: the two at one screen, one section at a time."""

import pytest
from django.urls import reverse

from leder.agreements import actions as agreeing
from leder.agreements.answers import empty_payload, new_goal
from leder.agreements.states import State
from leder.conversations import actions
from tests import factories
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    QUESTIONS_SECTION,
    SECTION,
    make_agreement,
    make_user,
)

pytestmark = pytest.mark.django_db
MARK = "HEMMELIG-FORBEREDELSE"


def address(name, agreement, *args):
    return reverse(f"leder:{name}", args=[agreement.uuid, *args])


def see(client, person, agreement, section=SECTION, name="meeting"):
    client.force_login(person)
    return client.get(address(name, agreement, *([section] if section else [])))


def start(client, person, agreement):
    return see(client, person, agreement, None, "meeting_start")


def prepared(agreement):
    actions.save_preparation(
        factories.access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": MARK, "answers": {}},
    )


def test_it_begins_with_the_first_section_and_ends_after_the_last(client):
    agreement = make_agreement()
    assert start(client, agreement.leader, agreement).url == address("meeting", agreement, SECTION)
    steps = see(client, agreement.leader, agreement).context["steps"]
    assert [step.id for step in steps] == [SECTION, PRIVATE_SECTION, QUESTIONS_SECTION]
    html = see(client, agreement.leader, agreement, QUESTIONS_SECTION).content.decode()
    assert address("meeting_end", agreement) in html
    assert 'class="leder-focus"' in html


def test_a_preparation_that_is_not_open_stays_closed_on_a_shared_screen(client):
    agreement = make_agreement()
    prepared(agreement)
    for person in (agreement.leader, agreement.superior):
        assert MARK not in see(client, person, agreement).content.decode()


def test_both_preparations_show_once_both_are_ready(client):
    agreement = make_agreement()
    prepared(agreement)
    for person in (agreement.leader, agreement.superior):
        actions.mark_ready(factories.access_of(person, agreement))
    for person in (agreement.leader, agreement.superior):
        assert MARK in see(client, person, agreement).content.decode()


def test_the_field_saves_in_the_section_and_leads_back(client):
    agreement = make_agreement()
    form = see(client, agreement.leader, agreement, QUESTIONS_SECTION).context["writing"]
    response = client.post(form.url, {"note": "Sammen", "version": form.version, "back": "meeting"})
    assert response.url == address("meeting", agreement, QUESTIONS_SECTION)
    assert "Sammen" in see(client, agreement.superior, agreement, QUESTIONS_SECTION).content.decode()


def test_after_signing_it_is_goals_and_follow_up(client):
    agreement = make_agreement()
    goal = new_goal(goal="Kortere kø")
    agreeing.save_section(
        factories.access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={**empty_payload(), "goals": [goal]},
    )
    factories.bring_to(agreement, State.SIGNED)
    response = see(client, agreement.superior, agreement)
    assert response.context["is_progress"]
    assert "Kortere kø" in response.content.decode()
    form = response.context["writing"]
    posted = {f"p-{goal['id']}-status": "started", "note": "", "version": 0, "back": "meeting"}
    assert client.post(form.url, posted).url == address("meeting", agreement, SECTION)
    follow_up = see(client, agreement.superior, agreement, FOLLOW_UP_SECTION)
    assert not follow_up.context["is_progress"]
    assert follow_up.context["following"] is None


def test_once_one_has_signed_nothing_is_changed_here(client):
    agreement = make_agreement(state=State.SIGNING)
    assert see(client, agreement.superior, agreement).url == address("meeting_end", agreement)
    end = see(client, agreement.superior, agreement, None, "meeting_end")
    assert end.context["signed_roles"] == {"leader"}
    assert "Les og signer" in end.content.decode()
    mine = see(client, agreement.leader, agreement, None, "meeting_end").content.decode()
    assert "Se signaturene" in mine
    assert "Les og signer" not in mine


@pytest.mark.parametrize("state", [State.OPENED, State.DISCUSSED, State.SIGNED])
@pytest.mark.parametrize("role", ["leader", "superior"])
def test_the_end_says_what_remains(client, state, role):
    agreement = make_agreement(state=state)
    response = see(client, getattr(agreement, role), agreement, None, "meeting_end")
    assert response.status_code == 200
    waits = state != State.DISCUSSED and role == "superior"
    page = response.content.decode()
    assert ("held-held_on" in page) is waits
    assert "Frist for å" in page.partition("<h1")[2].partition("</h1>")[0]


@pytest.mark.parametrize("superuser", [False, True])
def test_a_stranger_meets_nothing(client, superuser):
    agreement = make_agreement()
    stranger = make_user(is_superuser=superuser)
    for name, section in (("meeting", SECTION), ("meeting_start", None), ("meeting_end", None)):
        assert see(client, stranger, agreement, section, name).status_code == 404


def test_a_finished_year_has_no_meeting(client):
    agreement = make_agreement(state=State.FOLLOWED_UP)
    for name, section in (("meeting", SECTION), ("meeting_start", None), ("meeting_end", None)):
        assert see(client, agreement.leader, agreement, section, name).status_code == 403


def test_sections_that_are_elsewhere_or_nowhere(client):
    agreement = make_agreement()
    assert see(client, agreement.leader, agreement, FOLLOW_UP_SECTION).url == address(
        "meeting_start", agreement
    )
    assert see(client, agreement.leader, agreement, "finnes-ikke").status_code == 404
    assert client.post(address("meeting", agreement, SECTION)).status_code == 405


def test_the_price(client, django_assert_max_num_queries):
    agreement = make_agreement(state=State.PREPARED)
    see(client, agreement.leader, agreement)
    for name, section in (("meeting", PRIVATE_SECTION), ("meeting_end", None)):
        with django_assert_max_num_queries(14):
            response = client.get(address(name, agreement, *([section] if section else [])))
        assert len(response.content) < 60_000
