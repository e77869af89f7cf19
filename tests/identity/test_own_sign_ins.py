"""A person's own sign-ins: what is kept of them, for how long, who sees them, and on which page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import AccountChange, KnownAccount
from leder.agreements.reading import log as reading_log
from leder.identity import sign_ins
from leder.identity.kinds import LONGEST, kind_of
from leder.identity.models import SignIn
from tests.factories import make_user
from tests.identity.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "browser", "system"),
    [
        (WINDOWS, "chrome", "windows"),
        (f"{WINDOWS} Edg/139.0", "edge", "windows"),
        (f"{WINDOWS} OPR/120.0", "opera", "windows"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox", "windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox", "linux"),
        (f"{MAC} Version/18.5 Safari/605.1.15", "safari", "macos"),
        (f"{PHONE} Version/18.5 Mobile/15E148 Safari/604.1", "safari", "iphone"),
        (f"{PHONE} CriOS/139.0 Mobile/15E148 Safari/604.1", "chrome", "iphone"),
        (f"{ANDROID} Chrome/139.0 Mobile Safari/537.36", "chrome", "android"),
        (f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36", "samsung", "android"),
        ("Mozilla/5.0 (X11; CrOS x86_64 16181) AppleWebKit/537.36 Chrome/139.0", "chrome", "chromeos"),
        ("curl/8.5.0", "", ""),
        ("", "", ""),
        ("x" * LONGEST + "Firefox", "", ""),
    ],
)
def test_the_kind_is_a_family_and_no_more(said: str, browser: str, system: str) -> None:
    assert kind_of(said) == (browser, system)


def page_for(person: Any, **sent: Any) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(reverse("leder:sign_ins"), sent)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_nothing_of_the_browsers_word_is_kept_but_the_family(leader: Any) -> None:
    sign_in(leader, browser=Client(HTTP_USER_AGENT=WINDOWS, REMOTE_ADDR="192.0.2.77"))
    row = SignIn.objects.filter(user=leader).latest("at")
    kept = {field.name: field.value_from_object(row) for field in SignIn._meta.fields}
    assert kept == {
        "id": row.pk, "user": leader.pk, "at": row.at, "browser": "chrome", "system": "windows", "is_new_device": False,
    }  # fmt: skip


def test_the_person_sees_it_with_changes_of_the_account(leader: Any, agreement: Any) -> None:
    sign_in(leader, browser=Client(HTTP_USER_AGENT=WINDOWS))
    # As in the logs of two agreements that it opens.
    reading_log.log_changes([(leader, agreement, {AccountChange.EMAIL})] * 2)
    page = page_for(leader)
    assert "Chrome på Windows" in page
    assert page.count("E-postadressen ble endret") == 1
    assert "Ring med en gang: IT-brukerstøtte." in page


def test_nobody_else_does(leader: Any, agreement: Any) -> None:
    sign_in(leader, browser=Client(HTTP_USER_AGENT=WINDOWS))
    reading_log.log_changes([(leader, agreement, {AccountChange.EMAIL})])
    for other in (agreement.superior, make_user(is_superuser=True, is_staff=True)):
        page = page_for(other)
        assert "Windows" not in page
        assert "E-postadressen ble endret" not in page
    assert SignIn._meta.default_permissions == ()


def test_an_empty_list_says_so() -> None:
    assert "Her er det ikke noe ennå" in page_for(make_user())


def test_the_latest_stands_first_a_page_at_a_time(leader: Any) -> None:
    SignIn.objects.all().delete()
    now = timezone.now()
    for number in range(40):
        SignIn.objects.create(
            user=leader, at=now - dt.timedelta(days=number), browser="edge", system="windows"
        )
    client = Client()
    client.force_login(leader)
    first, second = (client.get(reverse("leder:sign_ins"), {"side": side}) for side in (1, 2))
    # Signing in just now was one, too.
    assert [len(each.context["lines"]) for each in (first, second)] == [30, 11]
    moments = [line.at for each in (first, second) for line in each.context["lines"]]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_asks_twice_for_any_number(
    leader: Any, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        SignIn.objects.create(user=leader, at=timezone.now() - dt.timedelta(days=number))
    client = Client()
    client.force_login(leader)
    client.get(reverse("leder:sign_ins"))
    # Session, person, the list's length, its lines, and what the site's own frame asks.
    with django_assert_max_num_queries(8):
        client.get(reverse("leder:sign_ins"))


def test_they_are_deleted_after_ninety_days(leader: Any) -> None:
    SignIn.objects.all().delete()
    now = timezone.now()
    for days in (89, 91):
        SignIn.objects.create(user=leader, at=now - dt.timedelta(days=days))
    assert sign_ins.delete_old() == 1
    assert SignIn.objects.get().at == now - dt.timedelta(days=89)


def test_the_daily_run_deletes_them(leader: Any, settings: Any, capsys: Any) -> None:
    settings.LEDER_SIGN_IN_DAYS = 7
    with time_machine.travel(timezone.now() + dt.timedelta(days=8), tick=False):
        call_command("leder_tidy")
    assert not SignIn.objects.exists()
    assert "Deleted 1 sign-ins" in capsys.readouterr().out


def test_they_go_with_what_is_known_of_the_account(leader: Any) -> None:
    assert SignIn.objects.filter(user=leader).exists()
    KnownAccount.objects.filter(pk=leader.pk).delete()
    sign_ins.delete_old()
    assert not SignIn.objects.filter(user=leader).exists()


def test_whoever_is_forgotten_by_hand_is_noted_all_the_same(leader: Any) -> None:
    """Else one who takes the row of the known account away would sign in unseen."""
    KnownAccount.objects.filter(pk=leader.pk).delete()
    before = SignIn.objects.count()
    sign_in(leader)
    assert SignIn.objects.count() == before + 1


def test_a_sign_in_that_fails_is_none(leader: Any) -> None:
    before = SignIn.objects.count()
    Client().post("/logg-inn/", {"username": leader.username, "password": PASSWORD + "x"})
    assert SignIn.objects.count() == before
