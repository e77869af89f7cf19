"""The mails with which a conversation reaches both calendars: to whom, what stands in them, and what does not."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import logging
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from leder.agreements.states import State
from leder.conversations import actions
from leder.conversations.invitations import compose, send_invitation
from leder.conversations.models import Conversation
from leder.mail.language import remember_language
from tests.factories import access_of, make_agreement, make_user

pytestmark = pytest.mark.django_db
PLACE, MESSAGE = "Hemmelig sted", "Hemmelig beskjed"
DOWN = "tests.mail.test_sending.Down"


def soon(days: int = 10) -> dt.datetime:
    return timezone.now().replace(minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


def call(agreement: Any, starts_at: dt.datetime | None = None) -> Conversation:
    return actions.call(
        access_of(agreement.superior, agreement),
        starts_at=starts_at or soon(),
        minutes=60,
        place=PLACE,
        message=MESSAGE,
    )


def move(agreement: Any, conversation: Conversation) -> Conversation:
    return actions.move(
        access_of(agreement.superior, conversation.agreement),
        conversation,
        starts_at=soon(20),
        minutes=90,
        place=PLACE,
        message=MESSAGE,
    )


@pytest.fixture
def sent(django_capture_on_commit_callbacks: Any) -> Any:
    """A function that does something and gives the mails it sent, by address."""

    def do(act: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        assert len({each.to[0] for each in mail.outbox}) == len(mail.outbox)
        return {each.to[0]: each for each in mail.outbox}

    return do


def as_received(message: Any) -> Any:
    """The mail as the standard library's newest reader sees what goes over the wire."""
    return email.message_from_bytes(message.message().as_bytes(linesep="\r\n"), policy=email.policy.default)


def events(message: Any) -> list[tuple[str, str, Any]]:
    """Each calendar in a mail: type of the part, the method, the event."""
    found = []
    for part in as_received(message).walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            [event] = calendar.walk("VEVENT")
            found.append((part.get_content_type(), str(calendar["METHOD"]), event))
    return found


class TestCalling:
    def test_the_leader_gets_what_outlook_takes_for_an_invitation(self, sent: Any) -> None:
        agreement = make_agreement()
        received = as_received(sent(call, agreement)[agreement.leader.email])
        assert received.get_content_type() == "multipart/mixed"
        alternative, attachment = received.iter_parts()
        assert alternative.get_content_type() == "multipart/alternative"
        text, calendar = alternative.iter_parts()
        assert text.get_content_type() == "text/plain"
        assert calendar.get_content_type() == "text/calendar"
        assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
        assert attachment.get_filename() == "innkalling.ics"
        assert attachment.is_attachment()
        assert received["Content-Class"] == "urn:content-classes:calendarmessage"

    def test_both_calendars_in_it_are_the_same(self, sent: Any) -> None:
        agreement = make_agreement()
        one, other = events(sent(call, agreement)[agreement.leader.email])
        assert one[1] == other[1] == "REQUEST"
        assert one[2].to_ical() == other[2].to_ical()

    def test_answers_go_to_the_superior_and_it_comes_from_the_site(self, sent: Any, settings: Any) -> None:
        agreement = make_agreement()
        message = sent(call, agreement)[agreement.leader.email]
        received = as_received(message)
        assert [each.addr_spec for each in received["Reply-To"].addresses] == [agreement.superior.email]
        assert received["From"] == settings.DEFAULT_FROM_EMAIL
        [*_rest, (_type, _method, event)] = events(message)
        assert event["ORGANIZER"] == f"mailto:{agreement.superior.email}"
        assert event["ATTENDEE"] == f"mailto:{agreement.leader.email}"

    def test_the_superior_gets_an_entry_of_their_own(self, sent: Any) -> None:
        agreement = make_agreement()
        message = sent(call, agreement)[agreement.superior.email]
        [(kind, method, event)] = events(message)
        assert (kind, method) == ("text/calendar", "PUBLISH")
        assert "ATTENDEE" not in event
        [attachment] = as_received(message).iter_attachments()
        assert attachment.get_filename() == "innkalling.ics"
        assert agreement.leader.get_full_name() in event["DESCRIPTION"]

    def test_the_follow_up_is_called_that(self, sent: Any) -> None:
        agreement = make_agreement(state=State.SIGNED)
        message = sent(call, agreement)[agreement.leader.email]
        assert {event["SUMMARY"] for *_rest, event in events(message)} == {"Oppfølgingssamtale"}

    def test_place_and_message_are_nowhere_and_the_page_is_linked(self, sent: Any) -> None:
        agreement = make_agreement()
        conversation = call(agreement)
        page = reverse("leder:conversations", args=[agreement.uuid])
        for message in sent(move, agreement, conversation).values():
            received = as_received(message)
            parts = [part.get_payload(decode=True) or b"" for part in received.walk()]
            whole = b"\n".join([message.message().as_bytes(), *parts]).decode()
            assert "Hemmelig" not in whole
            assert page in message.body
            for *_rest, event in events(message):
                assert page in event["URL"]
                assert event["CLASS"] == "PRIVATE"

    def test_each_in_their_own_language(self, sent: Any) -> None:
        agreement = make_agreement()
        remember_language(person=agreement.leader, language="nn")
        remember_language(person=agreement.superior, language="en")
        mails = sent(call, agreement)
        assert mails[agreement.leader.email].subject.startswith("Leiarsamtale, ")
        assert mails[agreement.superior.email].subject.startswith("Leader conversation, ")
        summaries = {event["SUMMARY"] for message in mails.values() for *_rest, event in events(message)}
        assert summaries == {"Leiarsamtale", "Leader conversation"}

    def test_nothing_of_what_was_undone(self, sent: Any) -> None:
        agreement = make_agreement()

        def undone() -> None:
            with transaction.atomic():
                call(agreement)
                transaction.set_rollback(True)

        assert sent(undone) == {}


class TestChanging:
    def test_the_entry_stays_the_same_and_its_number_rises(self, sent: Any) -> None:
        agreement = make_agreement()
        acts: list[Any] = [
            lambda: call(agreement),
            lambda: move(agreement, agreement.conversations.get()),
            lambda: move(agreement, agreement.conversations.get()),
            lambda: actions.cancel(
                access_of(agreement.superior, agreement),
                agreement.conversations.get(),
            ),
        ]
        seen = [events(sent(act)[agreement.leader.email])[0] for act in acts]
        assert [method for _kind, method, _event in seen] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
        assert [event["SEQUENCE"] for *_rest, event in seen] == [0, 1, 2, 3]
        assert len({str(event["UID"]) for *_rest, event in seen}) == 1
        assert str(seen[0][2]["UID"]).startswith(str(agreement.conversations.get().uuid))
        assert len({str(event["ORGANIZER"]) for *_rest, event in seen}) == 1
        assert [str(event["STATUS"]) for *_rest, event in seen] == ["CONFIRMED"] * 3 + ["CANCELLED"]

    def test_another_conversation_is_another_entry(self, sent: Any) -> None:
        agreement = make_agreement()
        first = call(agreement)
        actions.cancel(access_of(agreement.superior, first.agreement), first)
        [(*_rest, event), _again] = events(sent(call, agreement)[agreement.leader.email])
        assert not str(event["UID"]).startswith(str(first.uuid))
        assert event["SEQUENCE"] == 0

    def test_the_superiors_own_entry_is_published_as_cancelled(self, sent: Any) -> None:
        agreement = make_agreement()
        conversation = call(agreement)
        mails = sent(actions.cancel, access_of(agreement.superior, agreement), conversation)
        [(_kind, method, event)] = events(mails[agreement.superior.email])
        assert (method, event["STATUS"], event["TRANSP"]) == ("PUBLISH", "CANCELLED", "TRANSPARENT")

    def test_called_off_because_the_agreement_ends(self, sent: Any) -> None:
        """As when a leader leaves or another superior comes: the organiser is still the one who called."""
        agreement = make_agreement()
        organiser = agreement.superior
        call(agreement)
        mails = sent(actions.call_off, agreement=agreement)
        [(_kind, method, event), _again] = events(mails[agreement.leader.email])
        assert (method, event["SEQUENCE"], event["STATUS"]) == ("CANCEL", 1, "CANCELLED")
        assert event["ORGANIZER"] == f"mailto:{organiser.email}"
        assert set(mails) == {agreement.leader.email, organiser.email}
        assert sent(actions.call_off, agreement=agreement) == {}

    def test_a_mail_that_waited_while_it_was_changed_again_is_not_sent(self, sent: Any) -> None:
        agreement = make_agreement()
        conversation = call(agreement)
        sent(move, agreement, conversation)
        mail.outbox.clear()
        send_invitation.call(conversation.pk, 0, str(agreement.leader_id))
        assert mail.outbox == []
        send_invitation.call(conversation.pk, 1, str(agreement.leader_id))
        assert len(mail.outbox) == 1


class TestHolding:
    def hold(self, agreement: Any) -> None:
        actions.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())

    def test_before_its_time_takes_it_out_of_both_calendars(self, sent: Any) -> None:
        agreement = make_agreement()
        conversation = call(agreement)
        mails = sent(self.hold, agreement)
        conversation.refresh_from_db()
        assert (conversation.status, conversation.calendar_sequence) == ("held", 1)
        [(*_first, event), _again] = events(mails[agreement.leader.email])
        assert events(mails[agreement.leader.email])[0][1] == "CANCEL"
        assert (event["SEQUENCE"], event["STATUS"]) == (1, "CANCELLED")
        assert set(mails) == {agreement.leader.email, agreement.superior.email}

    def test_when_it_has_come_nothing_is_sent(self, sent: Any) -> None:
        agreement = make_agreement()
        call(agreement, starts_at=timezone.now() - dt.timedelta(minutes=50))
        assert sent(self.hold, agreement) == {}

    def test_one_that_was_never_called_sends_nothing(self, sent: Any) -> None:
        assert sent(self.hold, make_agreement()) == {}

    @pytest.mark.parametrize(("days", "said"), [(10, True), (0, False)])
    def test_the_page_says_so_before_and_after(self, client: Any, days: int, said: bool) -> None:
        agreement = make_agreement()
        conversation = call(agreement, starts_at=timezone.now() + dt.timedelta(days=days, minutes=-10))
        client.force_login(agreement.superior)
        page = client.get(reverse("leder:conversations", args=[agreement.uuid]))
        assert (page.context["called_ahead"] is not None) is said
        address = reverse("leder:conversation_hold", args=[agreement.uuid, conversation.pk])
        answer = client.post(address, {"held-held_on": timezone.localdate().isoformat()}, follow=True)
        assert len(list(answer.context["messages"])) == 1 + said


class TestWhoGetsNone:
    @pytest.mark.parametrize("lacking", [{"email": ""}, {"is_active": False}])
    def test_a_leader_who_is_not_reached(self, sent: Any, lacking: dict[str, Any]) -> None:
        agreement = make_agreement(leader=make_user(**lacking))
        assert set(sent(call, agreement)) == {agreement.superior.email}

    def test_a_superior_without_address_calls_all_the_same(self, sent: Any, settings: Any) -> None:
        settings.DEFAULT_FROM_EMAIL = "Intranettet <intranett@example.org>"
        agreement = make_agreement(superior=make_user(email=""))
        mails = sent(call, agreement)
        assert set(mails) == {agreement.leader.email}
        [(*_rest, event), _again] = events(mails[agreement.leader.email])
        assert event["ORGANIZER"] == "mailto:intranett@example.org"
        assert mails[agreement.leader.email].reply_to == []


class TestTrouble:
    def test_names_that_would_break_a_mail(self, sent: Any) -> None:
        names = {"first_name": "Kari\r\nBcc: x@example.org\r\n", "last_name": "Ø" * 140}
        agreement = make_agreement(leader=make_user(**names), superior=make_user(**names))
        for message in sent(call, agreement).values():
            received = as_received(message)
            assert received["Bcc"] is None
            assert len(received["To"].addresses) == 1
            assert all(len(line) < 998 for line in message.message().as_bytes().splitlines())

    def test_a_server_that_is_down_undoes_nothing_and_is_noted(
        self, sent: Any, settings: Any, caplog: Any
    ) -> None:
        settings.EMAIL_BACKEND = DOWN
        agreement = make_agreement()
        with caplog.at_level(logging.DEBUG):
            assert sent(call, agreement) == {}
        assert agreement.conversations.get().status == "called"
        lines = [r.getMessage() for r in caplog.records if r.name == "leder.mail"]
        assert sorted(lines) == sorted(
            f"mail not sent: invitation, person {pk} (ConnectionRefusedError)"
            for pk in (agreement.leader_id, agreement.superior_id)
        )
        assert "Hemmelig" not in caplog.text

    def test_one_who_is_no_party_gets_nothing(self, sent: Any) -> None:
        agreement = make_agreement()
        conversation = call(agreement)
        send_invitation.call(conversation.pk, 0, str(make_user().pk))
        send_invitation.call(0, 0, str(agreement.leader_id))
        assert mail.outbox == []

    def test_the_price(self, django_assert_max_num_queries: Any) -> None:
        agreement = make_agreement()
        conversation = Conversation.objects.select_related("agreement__leader", "called_by").get(
            pk=call(agreement).pk
        )
        with django_assert_max_num_queries(1):
            compose(conversation, conversation.agreement.leader)
