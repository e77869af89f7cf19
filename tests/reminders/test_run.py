"""The daily run: one digest a person and week, in the reader's language, whatever breaks off."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError
from django.urls import reverse

from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.mail.language import remember_language
from leder.mail.models import MailPreference
from leder.reminders.actions import remind
from leder.reminders.due import is_day_for_mail, week_of
from leder.reminders.kinds import Kind
from leder.reminders.models import Digest, ReminderPlan, ReminderText, Weekday
from leder.reminders.writing import MOST_LINES
from tests import factories
from tests.reminders.helpers import at, call, day, make_pair, make_report, run

pytestmark = pytest.mark.django_db
START = day(1, 11)
MONDAY, FRIDAY = day(4, 5), day(4, 9)
DOWN = "tests.mail.test_sending.Down"


class Picky(EmailBackend):
    """A mail server that refuses one address, and breaks off at another."""

    refused = gone = ""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == [Picky.refused]:
            raise smtplib.SMTPRecipientsRefused({Picky.refused: (550, b"no such person")})
        if messages[0].to == [Picky.gone]:
            raise smtplib.SMTPServerDisconnected("gone")
        return super().send_messages(messages)


@pytest.fixture
def pair() -> Any:
    with at(START):
        return make_pair(superior="Øvre", last_name="Nedre")


class TestOnceAWeek:
    def test_each_gets_one(self, pair: Any) -> None:
        sent, said = run(MONDAY)
        assert set(sent) == {pair.leader.email, pair.superior.email}
        assert "Sent 2 digests" in said
        assert {one.week_start for one in Digest.objects.all()} == {MONDAY}
        assert {tuple(one.kinds.items()) for one in Digest.objects.all()} == {(("overdue", 1),)}

    def test_run_again_sends_nothing(self, pair: Any) -> None:
        run(MONDAY)
        for today in (MONDAY, day(4, 6), FRIDAY):
            assert run(today, hour=22)[0] == {}

    def test_the_next_week_again(self, pair: Any) -> None:
        run(FRIDAY)
        assert len(run(day(4, 12))[0]) == 2

    def test_one_whose_turn_it_becomes_in_the_week_gets_it_then(self, pair: Any) -> None:
        with at(START):
            factories.bring_to(pair, State.PREPARED)
        assert set(run(MONDAY)[0]) == {pair.superior.email}
        with at(day(4, 6)):
            pair.refresh_from_db()
            conversing.hold(factories.access_of(pair.superior, pair), held_on=day(4, 6))
        assert set(run(day(4, 7))[0]) == {pair.leader.email}

    @pytest.mark.parametrize("today", [day(4, 3), day(4, 4), day(4, 10)])
    def test_not_at_weekends(self, pair: Any, today: Any) -> None:
        assert run(today)[0] == {}

    def test_from_the_day_that_hr_has_chosen(self, pair: Any) -> None:
        ReminderPlan.objects.create(weekday=Weekday.WEDNESDAY)
        assert [len(run(day(4, number))[0]) for number in (5, 6, 7, 8)] == [0, 0, 2, 0]

    def test_weeks_are_those_of_norway(self) -> None:
        assert week_of(day(1, 3)) == day(12, 28, 2026)
        assert week_of(MONDAY) == week_of(day(4, 11)) == MONDAY
        assert not is_day_for_mail(day(4, 11), ReminderPlan())

    def test_late_in_the_evening_is_still_the_same_day(self, pair: Any) -> None:
        assert run(day(4, 4), hour=23)[0] == {}


class TestBreakingOff:
    def test_a_run_that_was_killed_while_sending_sends_nobody_two(self, pair: Any) -> None:
        """What became of that mail is not known; the others get theirs."""
        Digest.objects.create(person=pair.leader, week_start=MONDAY)
        assert set(run(MONDAY)[0]) == {pair.superior.email}
        assert pair.leader.email in run(day(4, 12))[0]

    def test_killed_between_two(self, pair: Any, monkeypatch: Any) -> None:
        sent_before = []

        def dies(self: Any, messages: Any) -> int:
            if sent_before:
                raise KeyboardInterrupt
            sent_before.extend(messages)
            return 1

        with monkeypatch.context() as patched:
            patched.setattr(EmailBackend, "send_messages", dies)
            with pytest.raises(KeyboardInterrupt):
                run(MONDAY)
        assert [one.sent_at is None for one in Digest.objects.order_by("pk")] == [False, True]
        assert run(MONDAY)[0] == {}

    def test_a_server_that_is_down_is_tried_at_the_next_run(
        self, pair: Any, settings: Any, caplog: Any
    ) -> None:
        settings.EMAIL_BACKEND = DOWN
        for _number in range(4):
            with at(START):
                make_report(pair.superior, pair.superior_position)
        with caplog.at_level(logging.DEBUG), pytest.raises(CommandError):
            run(MONDAY)
        assert mail.outbox == []
        assert not Digest.objects.exists()
        assert sum(record.name == "leder.mail" for record in caplog.records) == 3
        assert pair.leader.email not in caplog.text
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert len(run(day(4, 6))[0]) == 6

    def test_a_server_that_can_not_be_called(self, pair: Any, settings: Any, caplog: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
        with pytest.raises(CommandError):
            run(MONDAY)
        assert not Digest.objects.exists()
        assert "does not answer" in caplog.text

    def test_an_address_that_is_refused_stops_nobody_else(
        self, pair: Any, settings: Any, monkeypatch: Any
    ) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.Picky"
        monkeypatch.setattr(Picky, "refused", pair.superior.email)
        sent, said = run(MONDAY)
        assert set(sent) == {pair.leader.email}
        assert "Not sent: 1." in said
        assert [one.person for one in Digest.objects.all()] == [pair.leader]

    def test_a_connection_that_is_lost_once(self, pair: Any, settings: Any, monkeypatch: Any) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.Picky"
        monkeypatch.setattr(Picky, "gone", pair.superior.email)
        assert set(run(MONDAY)[0]) == {pair.leader.email}
        monkeypatch.setattr(Picky, "gone", "")
        assert set(run(MONDAY)[0]) == {pair.superior.email}

    def test_two_runs_at_once(self, pair: Any, monkeypatch: Any) -> None:
        """The other has claimed the leader's digest after this one looked who has had theirs."""
        from leder.reminders import gathering

        looked = gathering.of_turn

        def meanwhile(*args: Any, **kwargs: Any) -> Any:
            Digest.objects.get_or_create(person=pair.leader, week_start=MONDAY)
            return looked(*args, **kwargs)

        monkeypatch.setattr(gathering, "of_turn", meanwhile)
        assert set(run(MONDAY)[0]) == {pair.superior.email}


class TestWords:
    def test_what_with_whom_by_when_and_where(self, pair: Any) -> None:
        remember_language(person=pair.superior, language="en")
        with at(START):
            factories.bring_to(pair, State.SIGNING)
        text = run(day(3, 22))[0][pair.superior.email].body
        page = reverse("leder:sign", args=[pair.uuid])
        assert "– Sign the agreement: Kari Nedre, 2027, by 31 March 2027, 9 days left\n" in text
        assert f"http://127.0.0.1:8000{page}\n" in text

    def test_past_the_deadline(self, pair: Any) -> None:
        remember_language(person=pair.leader, language="en")
        text = run(MONDAY)[0][pair.leader.email].body
        assert "– Prepare: Siri Øvre, 2027, due 31 March 2027, 5 days past the deadline\n" in text

    def test_the_day_itself(self, pair: Any) -> None:
        remember_language(person=pair.leader, language="en")
        assert "by 31 March 2027, today\n" in run(day(3, 31))[0][pair.leader.email].body

    def test_a_conversation(self, pair: Any) -> None:
        with at(START):
            call(pair, day(2, 3))
        remember_language(person=pair.leader, language="en")
        text = run(day(2, 1))[0][pair.leader.email].body
        assert "– Leader conversation: Siri Øvre, 2027, Wednesday 3 February 2027 at 10:00\n" in text
        assert "Kantina" not in text

    def test_each_in_their_own_language(self, pair: Any) -> None:
        remember_language(person=pair.leader, language="nn")
        remember_language(person=pair.superior, language="en")
        sent = run(MONDAY)[0]
        assert "Førebu deg: " in sent[pair.leader.email].body
        assert "Prepare: " not in sent[pair.leader.email].body
        assert "A deadline has passed" in sent[pair.superior.email].subject

    def test_where_it_can_be_turned_off(self, pair: Any) -> None:
        page = "http://127.0.0.1:8000/leder/varsler/"
        for message in run(day(3, 22))[0].values():
            assert message.extra_headers["List-Unsubscribe"] == f"<{page}>"
            assert message.extra_headers["Auto-Submitted"] == "auto-generated"
            assert message.body.rstrip().endswith(page)

    def test_what_has_been_turned_off_is_not_mentioned(self, pair: Any) -> None:
        MailPreference.objects.create(person=pair.superior, optional_reminders=False, language="en")
        with at(START):
            factories.make_leader(reports_to=pair.superior_position, last_name="Uten")
            soon = make_report(pair.superior, pair.superior_position, last_name="Snart")
            call(factories.bring_to(soon, State.PREPARED), day(4, 6))
        text = run(MONDAY)[0][pair.superior.email].body
        assert "Snart" not in text
        assert "can't be turned off" in text
        assert "Uten" in text  # the deadline has passed

    def test_very_many_are_counted(self, pair: Any) -> None:
        remember_language(person=pair.superior, language="en")
        with at(START):
            for _number in range(MOST_LINES + 3):
                factories.make_leader(reports_to=pair.superior_position)
        text = run(day(2, 1))[0][pair.superior.email].body
        assert text.count("– Open the agreement") == MOST_LINES
        assert "– and 3 more:" in text

    def test_names_break_no_line(self, pair: Any) -> None:
        pair.leader.last_name = "Nedre\r\nBcc: x@example.org"
        pair.leader.save()
        ReminderText.objects.create(kind=Kind.OVERDUE, subject="Til {navn}", language="nb")
        for message in run(MONDAY)[0].values():
            assert message.message()["Bcc"] is None
            assert "\r" not in message.subject


class TestTextsOfHr:
    def test_take_the_place_of_the_usual(self, pair: Any) -> None:
        ReminderText.objects.create(
            kind=Kind.OVERDUE,
            language="nb",
            subject="Frist {frist}",
            introduction="Kjære {navn}",
            closing="Hilsen HR. {100} %(x)s",
        )
        message = run(MONDAY)[0][pair.leader.email]
        assert message.subject == "Frist 31. mars 2027"
        assert message.body.startswith("Kjære Kari Nedre\n")
        assert "Hilsen HR. {100} %(x)s" in message.body

    def test_only_in_their_language_and_for_their_kind(self, pair: Any) -> None:
        ReminderText.objects.create(kind=Kind.OVERDUE, language="nn", subject="Nynorsk")
        ReminderText.objects.create(kind=Kind.STEP, language="nb", subject="Noe annet")
        remember_language(person=pair.superior, language="nn")
        sent = run(MONDAY)[0]
        assert sent[pair.superior.email].subject == "Nynorsk"
        assert sent[pair.leader.email].subject not in ("Nynorsk", "Noe annet")

    def test_what_is_left_empty_is_the_usual(self, pair: Any) -> None:
        usual = run(MONDAY)[0][pair.leader.email]
        ReminderText.objects.create(kind=Kind.OVERDUE, language="nb", closing="Hilsen HR")
        changed = run(day(4, 12))[0][pair.leader.email]
        assert changed.subject == usual.subject
        assert changed.body.split("\n")[0] == usual.body.split("\n")[0]

    def test_a_name_is_no_placeholder(self, pair: Any) -> None:
        pair.leader.first_name = "{frist}"
        pair.leader.save()
        ReminderText.objects.create(kind=Kind.OVERDUE, language="nb", subject="{navn}")
        assert run(MONDAY)[0][pair.leader.email].subject == "{frist} Nedre"


def test_the_price_of_each_mail(pair: Any, django_assert_max_num_queries: Any) -> None:
    with at(START):
        for _number in range(10):
            make_report(pair.superior, pair.superior_position)
    with at(MONDAY), django_assert_max_num_queries(16 + 12 * 5):
        assert remind(today=MONDAY).sent == 12
