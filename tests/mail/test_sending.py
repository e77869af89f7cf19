"""Mail goes out in the recipient's language, to those who can be reached, and a failing server undoes nothing."""

import logging
import smtplib
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends import locmem
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from leder.agreements import notices
from leder.agreements.models import SectionReview
from leder.identity import actions as identity
from leder.mail.language import language_of, remember_language
from leder.mail.models import MailPreference
from leder.mail.notices import Notice, tell
from leder.mail.sending import addressed, deliver, letter, one_line
from tests.factories import make_agreement, make_user

pytestmark = pytest.mark.django_db
# A word that is translated already, in each language.
WORD = {"nb": "Signert", "nn": "Signert", "en": "Signed"}
LATER = {"nb": "Fulgt opp", "nn": "Følgd opp", "en": "Follow-up held"}


class Down(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("the words of the mail")


class Refusing(BaseEmailBackend):
    """A mail server that wants no mail for anybody."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"the words of the mail")})


class Unforeseen(locmem.EmailBackend):
    """A host's own backend with an error that is none of a mail server, for one address."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["first@example.org"]:
            raise RuntimeError("no answer that anybody knows")
        return super().send_messages(messages)


SIGNED: Notice[Any] = Notice(lambda person: [person], _("Signed"), _("Follow-up held"), lambda _person: "/x/")


@pytest.fixture
def after(django_capture_on_commit_callbacks: Any) -> Any:
    """A function that does something, lets it be committed, and gives the mails."""

    def do(act: Any, *args: Any, **kwargs: Any) -> list[Any]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return list(mail.outbox)

    return do


class TestLanguage:
    @pytest.mark.parametrize("language", ["nb", "nn", "en"])
    @pytest.mark.parametrize("actor_reads", ["nb", "en"])
    def test_the_recipients_own_whoever_acts(self, after: Any, language: str, actor_reads: str) -> None:
        person = make_user()
        remember_language(person=person, language=language)
        with translation.override(actor_reads):
            [sent] = after(tell, SIGNED, person)
        assert sent.subject == WORD[language]
        assert sent.body == f"{LATER[language]}\n\n{settings.WAGTAILADMIN_BASE_URL}/x/\n"

    def test_the_sites_own_where_nothing_is_chosen(self, after: Any) -> None:
        assert language_of(make_user()) == settings.LANGUAGE_CODE

    def test_an_unknown_one_is_not_kept_and_not_used(self) -> None:
        person = make_user()
        remember_language(person=person, language="tlh")
        assert not MailPreference.objects.exists()
        MailPreference.objects.create(person=person, language="tlh")
        assert language_of(person) == settings.LANGUAGE_CODE

    def test_notices_of_the_agreement(self, after: Any) -> None:
        agreement = make_agreement()
        remember_language(person=agreement.leader, language="en")
        [sent] = after(tell, notices.CHANGES_ASKED, SectionReview(agreement=agreement))
        assert sent.subject == "Your superior asks for a change in the agreement"

    def test_notices_of_the_sign_in_each_in_their_own_with_dates(self, after: Any) -> None:
        agreement = make_agreement()
        remember_language(person=agreement.leader, language="en")
        agreement.leader.set_password("en-annen-hest-igjen")
        agreement.leader.save()
        sent = {m.to[0]: m for m in after(identity.note, [agreement.leader], password_was_set=True)}
        assert "we noticed this" in sent[agreement.leader.email].body
        assert " kl. " in sent[agreement.superior.email].body
        assert " kl. " not in sent[agreement.leader.email].body


class TestWhoIsReached:
    @pytest.mark.parametrize("lacking", [{"email": ""}, {"is_active": False}])
    def test_not_without_address_nor_inactive(self, after: Any, lacking: dict[str, Any]) -> None:
        assert after(tell, SIGNED, make_user(**lacking)) == []

    def test_not_of_what_was_undone(self, after: Any) -> None:
        def undone() -> None:
            with transaction.atomic():
                tell(SIGNED, make_user())
                transaction.set_rollback(True)

        assert after(undone) == []


class TestFailing:
    def test_an_unforeseen_error_keeps_no_other_mail_back(self, after: Any, settings: Any) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.{Unforeseen.__name__}"
        people = make_user(email="first@example.org"), make_user()

        def tell_both() -> None:
            for person in people:
                tell(SIGNED, person)

        [sent] = after(tell_both)
        assert sent.to == [people[1].email]

    @pytest.mark.parametrize("backend", [Down, Refusing])
    def test_the_act_stands_and_the_log_says_so_without_words(
        self, backend: type, after: Any, settings: Any, caplog: Any
    ) -> None:
        settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
        person = make_user()
        with caplog.at_level(logging.DEBUG):
            after(tell, SIGNED, person)
        [record] = [r for r in caplog.records if r.name == "leder.mail"]
        assert f"person {person.pk}" in record.getMessage()
        assert record.levelno == logging.ERROR
        for words in ("words of the mail", person.email, *WORD.values(), *LATER.values()):
            assert words not in caplog.text

    def test_an_address_that_is_none(self, caplog: Any) -> None:
        person = make_user(email="a@example.org\nBcc: b@example.org")
        assert not deliver(letter(person.email, "x", "y"), person_id=person.pk, about="notice")
        assert mail.outbox == []
        assert "mail not sent" in caplog.text


class TestHeaders:
    def test_names_stay_on_their_line(self) -> None:
        person = make_user(first_name="Kari\r\nBcc: b@example.org", last_name="Å\x01  Østli")
        assert addressed(person) == f'"Kari Bcc: b@example.org Å Østli" <{person.email}>'

    def test_a_subject_is_one_line(self) -> None:
        assert letter("a@example.org", "En\r\nBcc: b@example.org", "").message()["Bcc"] is None

    def test_long_ones_are_cut(self) -> None:
        assert one_line("å" * 200, 10) == "å" * 9 + "…"
