"""The page of notifications, and the choice of language that is kept."""

import pytest
from django.urls import reverse

from leder.mail.language import language_of
from leder.mail.models import MailPreference
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/leder/varsler/"


class TestPage:
    def test_shows_what_holds(self, client):
        person = make_user()
        client.force_login(person)
        answer = client.get(PAGE)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert person.email in answer.content.decode()
        assert answer.context["form"].initial == {"language": "nb", "optional_reminders": True}

    def test_keeps_what_is_chosen(self, client):
        person, other = make_user(), make_user()
        client.force_login(person)
        assert client.post(PAGE, {"language": "nn"}).url == PAGE
        held = MailPreference.objects.get()
        assert (held.pk, held.language, held.optional_reminders) == (person.pk, "nn", False)
        client.post(PAGE, {"language": "en", "optional_reminders": "on"})
        held.refresh_from_db()
        assert (held.language, held.optional_reminders) == ("en", True)
        assert language_of(other) == "nb"

    def test_an_unknown_language_changes_nothing(self, client):
        client.force_login(make_user())
        answer = client.post(PAGE, {"language": "tlh"})
        assert answer.status_code == 422
        assert not MailPreference.objects.exists()

    def test_not_for_one_who_is_not_signed_in(self, client):
        assert client.post(PAGE, {"language": "nn"}).status_code == 302
        assert not MailPreference.objects.exists()

    def test_the_price(self, client, django_assert_max_num_queries):
        client.force_login(make_user())
        client.get(PAGE)
        with django_assert_max_num_queries(4):
            client.get(PAGE)


class TestChoiceOnTheSite:
    def test_is_kept_for_mail_and_in_the_cookie(self, client):
        person = make_user()
        client.force_login(person)
        answer = client.post(reverse("set_language"), {"language": "nn", "next": "/leder/min-side/"})
        assert answer.url == "/leder/min-side/"
        assert answer.cookies["django_language"].value == "nn"
        assert language_of(person) == "nn"

    def test_keeps_the_choice_of_reminders(self, client):
        person = make_user()
        MailPreference.objects.create(person=person, optional_reminders=False)
        client.force_login(person)
        client.post(reverse("set_language"), {"language": "en"})
        held = MailPreference.objects.get()
        assert (held.language, held.optional_reminders) == ("en", False)

    @pytest.mark.parametrize("language", ["tlh", "", "de"])
    def test_others_are_not(self, client, language):
        client.force_login(make_user())
        client.post(reverse("set_language"), {"language": language})
        assert not MailPreference.objects.exists()

    def test_without_a_sign_in_the_cookie_is_all(self, client):
        answer = client.post(reverse("set_language"), {"language": "nn"})
        assert answer.cookies["django_language"].value == "nn"
        assert not MailPreference.objects.exists()

    def test_reading_changes_nothing(self, client):
        client.force_login(make_user())
        client.get(reverse("set_language"), {"language": "nn"})
        assert not MailPreference.objects.exists()
