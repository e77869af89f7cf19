"""Where a request comes from: never where somebody says that does not belong to us."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from lorenskog_intranet.signin import network
from lorenskog_intranet.signin.models import SignInTry
from lorenskog_intranet.signin.network import network_of

from .conftest import ADDRESS, ELSEWHERE, WRONG, guess

PROXY, INNER = "10.0.0.5", "10.0.7.1"


def asked(peer: str, forwarded: str | None = None) -> str:
    lines = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return network_of(RequestFactory().get("/", REMOTE_ADDR=peer, **lines))


@pytest.fixture(autouse=True)
def proxies(settings: Any) -> None:
    settings.LEDER_TRUSTED_PROXIES = [PROXY, "10.0.7.0/24", "fd00::5"]
    network._tell_of_untrusted_line.cache_clear()


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        # Nobody between.
        ("192.0.2.1", None, "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", None, "192.0.2.1"),
        # One who says so is not believed.
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("10.0.0.6", "198.51.100.1", "10.0.0.6"),
        # Our proxy is.
        (PROXY, "198.51.100.1", "198.51.100.1"),
        (f"::ffff:{PROXY}", "198.51.100.1", "198.51.100.1"),
        ("fd00::5", "2001:db8::1", "2001:db8::/64"),
        (PROXY, None, PROXY),
        # What was there before our proxy wrote is not.
        (PROXY, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (PROXY, f"203.0.113.9, {INNER}, 198.51.100.1", "198.51.100.1"),
        # Two of ours, one behind the other.
        (PROXY, f"203.0.113.9, 198.51.100.1, {INNER}", "198.51.100.1"),
        # One of ours asks for itself.
        (PROXY, INNER, INNER),
        # As some proxies write it.
        (PROXY, "198.51.100.1:51234", "198.51.100.1"),
        (PROXY, "[2001:db8::1]:51234", "2001:db8::/64"),
        (PROXY, " 198.51.100.1 ", "198.51.100.1"),
        # What can't be read ends it there.
        (PROXY, "198.51.100.1, unknown", PROXY),
        (PROXY, f"198.51.100.1, <script>, {INNER}", INNER),
        (PROXY, "", PROXY),
        ("", None, "unknown"),
        ("", "198.51.100.1", "unknown"),
    ],
)
def test_the_nearest_address_that_is_not_ours(peer: str, forwarded: str | None, found: str) -> None:
    assert asked(peer, forwarded) == found


def test_a_socket_is_trusted_where_it_is_listed(settings: Any) -> None:
    settings.LEDER_TRUSTED_PROXIES = ["unix"]
    assert asked("", "203.0.113.9, 198.51.100.1") == "198.51.100.1"
    assert asked("192.0.2.1", "198.51.100.1") == "192.0.2.1"
    assert asked("no address", "198.51.100.1") == "unknown"


@pytest.mark.django_db
def test_one_who_writes_other_addresses_is_slowed_all_the_same() -> None:
    for number in range(5):
        answer = Client().post(
            ADDRESS,
            {"username": "leder", "password": WRONG},
            REMOTE_ADDR=ELSEWHERE,
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}",
        )
        assert answer.status_code == 200
    # One place, and not five.
    assert SignInTry.objects.count() == 1
    assert guess(ELSEWHERE) == [429]


def test_a_proxy_that_is_not_listed_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        asked("192.0.2.1", "198.51.100.1")
    (record,) = caplog.records
    assert record.name == "leder.access" and "LEDER_TRUSTED_PROXIES" in record.getMessage()
    assert "198.51" not in record.getMessage()
