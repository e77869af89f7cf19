"""The page of conversations: both see it, the superior alone changes it, and a denied act changes nothing."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from leder.agreements.states import State
from leder.conversations import actions
from leder.conversations.models import Conversation
from tests.factories import access_of, make_agreement, make_user

pytestmark = pytest.mark.django_db
CEILING = 12


def when(days=7):
    return timezone.localdate() + dt.timedelta(days=days)


def posted(prefix="", **changes):
    values = {
        "date": when().isoformat(),
        "time": "10:30",
        "minutes": "60",
        "place": "Møterom 4",
        "message": "Ta med budsjettet",
        **changes,
    }
    return {f"{prefix}{name}": value for name, value in values.items()}


def address(name, agreement, *args):
    return reverse(f"leder:{name}", args=[agreement.uuid, *args])


def called(agreement, days=7):
    return actions.call(
        access_of(agreement.superior, agreement),
        starts_at=timezone.now() + dt.timedelta(days=days),
        minutes=45,
        place="Kantina",
        message="Hei",
    )


class TestSeeing:
    @pytest.mark.parametrize(
        "state", [State.OPENED, State.DISCUSSED, State.SIGNING, State.SIGNED, State.FOLLOWED_UP]
    )
    @pytest.mark.parametrize("role", ["leader", "superior"])
    def test_both_see_the_page_in_every_state(self, client, state, role):
        agreement = make_agreement(state=state)
        client.force_login(getattr(agreement, role))
        response = client.get(address("conversations", agreement))
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]

    def test_both_see_time_place_and_message_but_only_the_superior_has_forms(self, client):
        agreement = make_agreement()
        called(agreement)
        for person, forms in ((agreement.leader, 0), (agreement.superior, 3)):
            client.force_login(person)
            html = client.get(address("conversations", agreement)).content.decode()
            assert "Kantina" in html
            assert html.count(f'action="/leder/avtale/{agreement.uuid}') == forms

    def test_the_agenda_is_of_the_conversation_that_comes(self, client):
        for state, heading in ((State.OPENED, "Ledelsesutvikling"), (State.SIGNED, "Oppfølging")):
            agreement = make_agreement(state=state)
            client.force_login(agreement.leader)
            sections = client.get(address("conversations", agreement)).context["sections"]
            assert heading in [section.heading for section in sections]
            assert len({section.is_follow_up for section in sections}) == 1

    def test_earlier_conversations_are_listed(self, client):
        agreement = make_agreement()
        actions.cancel(access_of(agreement.superior, agreement), called(agreement))
        client.force_login(agreement.leader)
        assert len(client.get(address("conversations", agreement)).context["past"]) == 1

    @pytest.mark.parametrize("state", [State.OPENED, State.SIGNED])
    def test_the_price(self, client, state, django_assert_max_num_queries):
        agreement = make_agreement(state=state)
        called(agreement)
        client.force_login(agreement.superior)
        client.get(address("conversations", agreement))
        with django_assert_max_num_queries(CEILING):
            client.get(address("conversations", agreement))


class TestCalling:
    def test_the_superior_calls_in_local_time(self, client):
        agreement = make_agreement()
        client.force_login(agreement.superior)
        response = client.post(address("conversations", agreement), posted())
        assert response.url == address("conversations", agreement)
        conversation = agreement.conversations.get()
        local = timezone.localtime(conversation.starts_at)
        assert (local.date(), local.hour, local.minute) == (when(), 10, 30)
        details = actions.open_details(access_of(agreement.leader, agreement), conversation)
        assert details == {"place": "Møterom 4", "message": "Ta med budsjettet"}

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"date": when(-1).isoformat()}, "date"),
            ({"date": "2099-01-01"}, "date"),
            ({"date": "i morgen"}, "date"),
            ({"time": ""}, "time"),
            ({"minutes": "7"}, "minutes"),
            ({"place": " "}, "place"),
            ({"message": "x" * 2001}, "message"),
        ],
    )
    def test_what_is_wrong_is_said_and_the_rest_is_kept(self, client, changes, field):
        agreement = make_agreement()
        client.force_login(agreement.superior)
        response = client.post(address("conversations", agreement), posted(**changes))
        assert response.status_code == 422
        assert field in response.context["call_form"].errors
        if field != "place":
            assert "Møterom 4" in response.content.decode()
        assert not Conversation.objects.exists()

    def test_a_second_one_is_refused_with_advice(self, client):
        agreement = make_agreement()
        called(agreement)
        client.force_login(agreement.superior)
        response = client.post(address("conversations", agreement), posted())
        assert response.status_code == 422
        assert response.context["call_form"].non_field_errors()
        assert agreement.conversations.count() == 1

    @pytest.mark.parametrize(("who", "status"), [("leader", 403), ("stranger", 404), ("superuser", 404)])
    def test_others_do_not(self, client, who, status):
        agreement = make_agreement()
        user = {
            "leader": agreement.leader,
            "stranger": make_user(),
            "superuser": make_user(is_superuser=True),
        }
        client.force_login(user[who])
        assert client.post(address("conversations", agreement), posted()).status_code == status
        assert not Conversation.objects.exists()

    def test_not_when_the_year_is_done(self, client):
        agreement = make_agreement(state=State.FOLLOWED_UP)
        before = agreement.conversations.count()
        client.force_login(agreement.superior)
        assert client.post(address("conversations", agreement), posted()).status_code == 403
        assert agreement.conversations.count() == before

    def test_signed_out_loses_nothing(self, client):
        agreement = make_agreement()
        response = client.post(address("conversations", agreement), posted())
        assert response.status_code == 401
        assert "Ta med budsjettet" in response.content.decode()
        assert client.get(address("conversations", agreement)).status_code == 302
        assert not Conversation.objects.exists()

    def test_a_message_is_escaped(self, client):
        agreement = make_agreement()
        client.force_login(agreement.superior)
        evil = "<script>alert(1)</script>"
        client.post(address("conversations", agreement), posted(place=evil, message=evil))
        client.force_login(agreement.leader)
        assert "<script>alert(1)" not in client.get(address("conversations", agreement)).content.decode()


class TestChanging:
    def test_moving(self, client):
        agreement = make_agreement()
        conversation = called(agreement)
        client.force_login(agreement.superior)
        response = client.post(
            address("conversation_move", agreement, conversation.pk), posted("move-", place="Biblioteket")
        )
        assert response.status_code == 302
        conversation.refresh_from_db()
        assert conversation.moved_at
        assert timezone.localdate(conversation.starts_at) == when()

    def test_moving_to_the_past_keeps_what_was_typed(self, client):
        agreement = make_agreement()
        conversation = called(agreement)
        client.force_login(agreement.superior)
        response = client.post(
            address("conversation_move", agreement, conversation.pk),
            posted("move-", date="2020-01-01", place="Biblioteket"),
        )
        assert response.status_code == 422
        assert "Biblioteket" in response.content.decode()
        conversation.refresh_from_db()
        assert conversation.moved_at is None

    def test_cancelling(self, client):
        agreement = make_agreement()
        conversation = called(agreement)
        client.force_login(agreement.superior)
        client.post(address("conversation_cancel", agreement, conversation.pk))
        conversation.refresh_from_db()
        assert conversation.status == "cancelled"

    @pytest.mark.parametrize("name", ["conversation_move", "conversation_cancel", "conversation_hold"])
    @pytest.mark.parametrize(("who", "status"), [("leader", 403), ("stranger", 404), ("superuser", 404)])
    def test_others_change_nothing(self, client, name, who, status):
        agreement = make_agreement()
        conversation = called(agreement)
        user = {
            "leader": agreement.leader,
            "stranger": make_user(),
            "superuser": make_user(is_superuser=True),
        }
        client.force_login(user[who])
        data = {**posted("move-"), "held-held_on": timezone.localdate().isoformat()}
        assert client.post(address(name, agreement, conversation.pk), data).status_code == status
        starts_at = conversation.starts_at
        conversation.refresh_from_db()
        agreement.refresh_from_db()
        assert (conversation.status, conversation.starts_at) == ("called", starts_at)
        assert agreement.state == State.OPENED

    @pytest.mark.parametrize("name", ["conversation_move", "conversation_cancel", "conversation_hold"])
    def test_another_agreements_conversation_is_missing(self, client, name):
        agreement, other = make_agreement(), make_agreement()
        client.force_login(agreement.superior)
        assert client.post(address(name, agreement, called(other).pk)).status_code == 404

    @pytest.mark.parametrize("name", ["conversation_move", "conversation_cancel", "conversation_hold"])
    def test_reading_changes_nothing(self, client, name):
        agreement = make_agreement()
        client.force_login(agreement.superior)
        assert client.get(address(name, agreement, called(agreement).pk)).status_code == 405

    @pytest.mark.parametrize("name", ["conversation_move", "conversation_cancel"])
    def test_what_is_cancelled_stays_so(self, client, name):
        agreement = make_agreement()
        conversation = called(agreement)
        actions.cancel(access_of(agreement.superior, conversation.agreement), conversation)
        client.force_login(agreement.superior)
        response = client.post(address(name, agreement, conversation.pk), posted("move-"))
        assert response.status_code == 403


class TestHolding:
    def hold(self, client, agreement, *args, day=None):
        client.force_login(agreement.superior)
        data = {"held-held_on": (day or timezone.localdate()).isoformat()}
        return client.post(address("conversation_hold", agreement, *args), data)

    def test_the_called_one(self, client):
        agreement = make_agreement()
        conversation = called(agreement)
        response = self.hold(client, agreement, conversation.pk)
        assert response.url == address("agreement", agreement)
        agreement.refresh_from_db()
        conversation.refresh_from_db()
        assert (agreement.state, conversation.status) == (State.DISCUSSED, "held")
        assert agreement.discussed_on == timezone.localdate()

    def test_one_that_was_never_called(self, client):
        agreement = make_agreement(state=State.SIGNED)
        self.hold(client, agreement)
        agreement.refresh_from_db()
        assert agreement.follow_up_on == timezone.localdate()

    @pytest.mark.parametrize("days", [1, -3000])
    def test_an_impossible_day_is_said(self, client, days):
        agreement = make_agreement()
        response = self.hold(client, agreement, day=when(days))
        assert response.status_code == 422
        assert response.context["held_form"].errors
        agreement.refresh_from_db()
        assert agreement.state == State.OPENED

    def test_one_more_conversation_before_signing_is_held_without_changing_the_day(self, client):
        agreement = make_agreement(state=State.DISCUSSED)
        agreement.discussed_on = when(-3)
        agreement.save()
        conversation = called(agreement)
        assert self.hold(client, agreement, conversation.pk).status_code == 302
        agreement.refresh_from_db()
        conversation.refresh_from_db()
        assert (agreement.state, conversation.status) == (State.DISCUSSED, "held")
        assert agreement.discussed_on == when(-3)

    def test_nothing_to_hold_when_it_is_held(self, client):
        agreement = make_agreement(state=State.DISCUSSED)
        assert self.hold(client, agreement).status_code == 403
