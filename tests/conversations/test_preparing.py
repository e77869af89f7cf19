"""The pages of preparation: mine alone until both are ready, then both at once (R5)."""

import pytest
from django.urls import reverse

from leder.agreements.models import Entry
from leder.agreements.sections.form import SectionForm
from leder.agreements.states import State
from leder.conversations import actions
from leder.pages.editions import Edition
from tests.factories import (
    FOLLOW_UP_SECTION,
    FORM,
    QUESTIONS_SECTION,
    SECTION,
    access_of,
    make_agreement,
    make_user,
)

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
MARK = "HEMMELIG-FORBEREDELSE"
# The first question's field, under the name that the form gives it.
FORM_SECTION = Edition(content=FORM).section(QUESTIONS_SECTION)
QUESTION = SectionForm(section=FORM_SECTION, preparation=True).answers[0].field.html_name


def address(name, agreement, *args):
    return reverse(f"leder:{name}", args=[agreement.uuid, *args])


def answered(text=MARK, version=0, **more):
    return {QUESTION: text, "note": "", "version": version, **more}


def save(client, agreement, person, data=None, section=QUESTIONS_SECTION, **headers):
    client.force_login(person)
    return client.post(address("preparation_section", agreement, section), data or answered(), **headers)


def see(client, person, agreement, name="preparation", *args):
    client.force_login(person)
    return client.get(address(name, agreement, *args))


class TestWriting:
    def test_saving_leads_on_to_the_next_section_and_at_last_to_the_overview(self, client):
        agreement = make_agreement()
        first = save(client, agreement, agreement.leader, {"note": "a", "version": 0, "go": "next"}, SECTION)
        assert first.url == address("preparation_section", agreement, "s-development")
        last = save(client, agreement, agreement.leader, answered(go="next"))
        assert last.url == address("preparation", agreement)
        assert (
            MARK
            in see(
                client, agreement.leader, agreement, "preparation_section", QUESTIONS_SECTION
            ).content.decode()
        )

    def test_the_script_gets_data(self, client):
        agreement = make_agreement()
        response = save(client, agreement, agreement.leader, **JSON)
        assert response.json()["version"] == 1
        assert "no-store" in response["Cache-Control"]

    def test_another_window_overwrites_nothing(self, client):
        agreement = make_agreement()
        save(client, agreement, agreement.leader)
        assert save(client, agreement, agreement.leader, answered("Annet"), **JSON).status_code == 409
        response = save(client, agreement, agreement.leader, answered("Annet"))
        assert response.status_code == 409
        html = response.content.decode()
        assert MARK in html
        assert "Annet" in html
        assert response.context["version"] == 1
        assert save(client, agreement, agreement.leader, answered("Begge", version=1)).status_code == 302

    def test_too_much_is_said_and_kept(self, client):
        agreement = make_agreement()
        response = save(client, agreement, agreement.leader, answered("x" * 20_001))
        assert response.status_code == 422
        assert "x" * 20_001 in response.content.decode()
        assert not Entry.objects.exists()

    def test_signed_out_loses_nothing(self, client):
        agreement = make_agreement()
        response = client.post(address("preparation_section", agreement, SECTION), answered())
        assert response.status_code == 401
        assert MARK in response.content.decode()
        assert client.post(address("preparation_section", agreement, SECTION), answered(), **JSON).json() == {
            "signed_out": True
        }
        assert client.get(address("preparation_section", agreement, SECTION)).status_code == 302

    @pytest.mark.parametrize("section", [FOLLOW_UP_SECTION, "finnes-ikke"])
    def test_only_sections_that_are_prepared(self, client, section):
        agreement = make_agreement()
        assert save(client, agreement, agreement.leader, section=section).status_code == 404
        assert not Entry.objects.exists()

    @pytest.mark.parametrize("superuser", [False, True])
    def test_a_stranger_meets_nothing(self, client, superuser):
        agreement = make_agreement()
        stranger = make_user(is_superuser=superuser)
        assert save(client, agreement, stranger).status_code == 404
        assert see(client, stranger, agreement).status_code == 404
        assert see(client, stranger, agreement, "preparation_section", SECTION).status_code == 404
        assert client.post(address("preparation_ready", agreement)).status_code == 404
        assert not Entry.objects.exists()

    def test_what_is_ready_is_not_written_on(self, client):
        agreement = make_agreement()
        actions.mark_ready(access_of(agreement.leader, agreement))
        response = save(client, agreement, agreement.leader)
        assert response.status_code == 403
        assert MARK in response.content.decode()
        assert not Entry.objects.exists()
        page = see(client, agreement.leader, agreement, "preparation_section", SECTION)
        assert page.url == address("preparation", agreement)


class TestOpening:
    def test_the_other_sees_ready_or_not_and_never_the_text(self, client):
        agreement = make_agreement()
        save(client, agreement, agreement.leader)
        for ready in (False, True):
            if ready:
                client.force_login(agreement.leader)
                client.post(address("preparation_ready", agreement), {"act": "ready"})
            response = see(client, agreement.superior, agreement)
            assert response.context["other_is_ready"] is ready
            assert MARK not in response.content.decode()

    def test_both_ready_opens_both_at_once(self, client):
        agreement = make_agreement()
        save(client, agreement, agreement.leader)
        for person in (agreement.leader, agreement.superior):
            client.force_login(person)
            client.post(address("preparation_ready", agreement), {"act": "ready"})
        agreement.refresh_from_db()
        assert agreement.state == State.PREPARED
        for person in (agreement.leader, agreement.superior):
            response = see(client, person, agreement)
            assert MARK in response.content.decode()
            assert response.context["is_open"]

    def test_ready_can_be_taken_back_until_then(self, client):
        agreement = make_agreement()
        client.force_login(agreement.leader)
        client.post(address("preparation_ready", agreement), {"act": "ready"})
        client.post(address("preparation_ready", agreement), {"act": "take_back"})
        agreement.refresh_from_db()
        assert agreement.leader_ready_at is None

    @pytest.mark.parametrize("act", ["ready", "take_back"])
    @pytest.mark.parametrize("state", [State.PREPARED, State.DISCUSSED, State.SIGNED])
    def test_later_it_is_too_late(self, client, act, state):
        agreement = make_agreement(state=state)
        client.force_login(agreement.leader)
        before = agreement.leader_ready_at
        assert client.post(address("preparation_ready", agreement), {"act": act}).status_code == 403
        agreement.refresh_from_db()
        assert (agreement.state, agreement.leader_ready_at) == (state, before)

    def test_held_before_both_were_ready_stays_ones_own(self, client):
        agreement = make_agreement()
        save(client, agreement, agreement.leader)
        actions.hold(access_of(agreement.superior, agreement), held_on=agreement.opened_at.date())
        assert MARK in see(client, agreement.leader, agreement).content.decode()
        assert MARK not in see(client, agreement.superior, agreement).content.decode()

    def test_ready_is_a_post(self, client):
        agreement = make_agreement()
        assert see(client, agreement.leader, agreement, "preparation_ready").status_code == 405
        client.force_login(agreement.leader)
        assert client.post(address("preparation", agreement)).status_code == 405

    def test_text_is_escaped(self, client):
        agreement = make_agreement()
        save(client, agreement, agreement.leader, answered("<script>alert(1)</script>"))
        for person in (agreement.leader, agreement.superior):
            actions.mark_ready(access_of(person, agreement))
        assert "<script>alert(1)" not in see(client, agreement.superior, agreement).content.decode()


def test_the_price(client, django_assert_max_num_queries):
    agreement = make_agreement()
    save(client, agreement, agreement.leader)
    see(client, agreement.leader, agreement)
    with django_assert_max_num_queries(12):
        client.get(address("preparation", agreement))
    with django_assert_max_num_queries(12):
        client.get(address("preparation_section", agreement, QUESTIONS_SECTION))
    with django_assert_max_num_queries(12):  # two of them the savepoint that a test's transaction adds
        client.post(
            address("preparation_section", agreement, QUESTIONS_SECTION), answered("Mer", version=1), **JSON
        )
