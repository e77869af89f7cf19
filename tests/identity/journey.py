"""A journey with an account that was changed: people who have had theirs for some days, and what they meet."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from leder.agreements.models import AccountChange, Agreement, KnownAccount
from leder.agreements.reading import log as reading_log

PASSWORD = "riktig-hest-batteri"
NEW = "nytt-passord-er-satt"
THEIRS = "angriper@example.org"
SECRET = "Hemmelig"
LONG = dt.timedelta(hours=73)
SHUT_PAGE = "/leder/konto/stengt/"
User = get_user_model()


@dataclass
class Journey:
    """An agreement with text of both, whose parties have had their accounts for four days."""

    agreement: Agreement
    clock: time_machine.Traveller

    @property
    def leader(self) -> Any:
        return User.objects.get(pk=self.agreement.leader_id)

    @property
    def superior(self) -> Any:
        return User.objects.get(pk=self.agreement.superior_id)

    def account(self, person: Any = None) -> KnownAccount:
        return KnownAccount.objects.get(pk=(person or self.leader).pk)

    def reset(self, person: Any = None, password: str = NEW) -> None:
        """Set a new password, as a command or an administration does: nobody is seen to."""
        person = person or self.leader
        person.set_password(password)
        person.save()


def browser(person: Any, password: str = NEW) -> Client:
    """Signed in by the site's own form."""
    client = Client()
    client.cookies["django_language"] = "en"
    answer = client.post("/logg-inn/", {"username": person.username, "password": password})
    assert answer.status_code == 302, "signed in"
    return client


def text_pages(agreement: Agreement) -> list[str]:
    """Pages of the agreement that show what was written."""
    names = ("agreement", "history", "document", "readings", "conversations", "sharing")
    return [reverse(f"leder:{name}", args=[agreement.uuid]) for name in names]


def assert_shut(client: Client, agreement: Agreement) -> None:
    for page in text_pages(agreement):
        answer = client.get(page)
        assert (answer.status_code, answer.headers.get("Location")) == (302, SHUT_PAGE), page
        assert "no-store" in answer.headers["Cache-Control"]
    assert SECRET not in client.get("/leder/min-side/").content.decode()


def assert_open(client: Client, agreement: Agreement) -> None:
    assert SECRET in client.get(reverse("leder:agreement", args=[agreement.uuid])).content.decode()


def confirm_page(journey: Journey, person: Any = None) -> str:
    return reverse("leder:account_confirm", args=[journey.account(person).uuid])


def kinds(agreement: Agreement) -> list[str]:
    assert reading_log.first_fault(agreement) is None
    rows = agreement.readings.filter(kind__in=AccountChange.values).order_by("number")
    return list(rows.values_list("kind", flat=True))


def somebody(user: Any) -> str:
    """Whom the sign-in service says that an account is."""
    return "another"


def edit(client: Client, user: Any, **changes: Any) -> None:
    """Save a person's form in the user administration."""
    fields = {
        **{name: getattr(user, name) for name in ("username", "email", "first_name", "last_name")},
        "is_active": "on",
        "password1": "",
        "password2": "",
        **changes,
    }
    answer = client.post(reverse("wagtailusers_users:edit", args=[user.pk]), fields)
    assert answer.status_code == 302, answer.content.decode()[:2000]


class Down:
    """A mail server that takes nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As Django makes one."""

    def send_messages(self, messages: Any) -> int:
        """Take none."""
        raise ConnectionRefusedError


def change_password(client: Client, old: str = PASSWORD, new: str = NEW) -> None:
    """On the site's own page."""
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    answer = client.post("/logg-inn/passord/", sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
