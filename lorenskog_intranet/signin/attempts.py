"""How sign-ins that fail slow those that follow. Nobody is locked out: each wait has an end that others don't move.

Counted is each pair of a user name and where it was tried from: a network, or a device on which the person has signed
in before (OWASP, *Slow Down Online Guessing Attacks with Device Cookies*). From it follow three waits:

- *the pair*: five wrong passwords, then one more after a minute, two, four, … at most a quarter of an hour;
- *the network*: where ten user names failed from one within an hour, its next try waits, whichever name it is for;
- *the user name*: where it failed from five networks within an hour, each further network waits once before its first
  try. It is a wait of its own: what others do meanwhile does not make it longer.

A known device waits for its own wrong passwords alone. A user name that nobody has is counted like any other.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from leder.identity.devices import account_key

from .models import KEY_LENGTH, SignInNotice, SignInTry

logger = logging.getLogger("leder.access")

FREE_TRIES = 5
ACCOUNTS_A_NETWORK = 10
NETWORKS_AN_ACCOUNT = 5
# Both within an hour: somebody tries few passwords on many people, from many places.
SPRAYED_ACCOUNTS, SPRAYING_NETWORKS = 20, 10

FIRST_WAIT = dt.timedelta(minutes=1)
LONGEST_WAIT = dt.timedelta(minutes=15)
WINDOW = dt.timedelta(hours=1)
KEPT = dt.timedelta(days=1)


@dataclass(frozen=True)
class Try:
    """A password that is about to be tried: for which user name, from which network, and on which known device."""

    username: str
    network: str
    device: str = ""

    @property
    def account(self) -> str:
        """The user name, as it is counted."""
        return keyed("account", account_key(self.username))

    @property
    def source(self) -> str:
        """Where from, as it is counted."""
        return keyed("device", self.device) if self.device else keyed("network", self.network)


def keyed(kind: str, value: str) -> str:
    """A keyed hash (SECRET_KEY): the same for the same, and telling nothing to one who holds the database alone."""
    digest = salted_hmac(f"lorenskog_intranet.signin.{kind}", value, algorithm="sha256").hexdigest()
    return digest[:KEY_LENGTH]


@transaction.atomic
def begin(one: Try) -> dt.datetime | None:
    """Count a try before its password is looked at, so that many at once are counted too.

    Returns None where it may be looked at, else when it may be. What is refused is not counted.
    """
    now = timezone.now()
    network_until, patience = (now, dt.timedelta()) if one.device else _around(one, now)
    if network_until > now:
        return network_until
    row, is_new = SignInTry.objects.select_for_update().get_or_create(
        account=one.account,
        source=one.source,
        defaults={"tries": 0 if patience else 1, "tried_at": now, "until": now + patience},
    )
    # Others may have tried while this one waited for the row.
    now = timezone.now()
    if row.until > now:
        return row.until
    if not is_new:
        row.tries = row.tries + 1 if row.tried_at > now - KEPT else 1
        row.tried_at = now
        row.until = now + max(_wait(row.tries - FREE_TRIES), patience)
        row.save()
    return None


def failed(one: Try) -> None:
    """Note that the password was wrong, and tell operators of what looks like an attack."""
    now = timezone.now()
    SignInTry.objects.filter(account=one.account, source=one.source).update(failed_at=now)
    if not one.device:
        _tell(one, now)


def succeeded(one: Try) -> None:
    """Forget what was tried before the right password, from where it was given."""
    SignInTry.objects.filter(account=one.account, source=one.source).delete()


def tidy() -> str:
    """Delete what was tried, and told of, more than a day ago; returns a line on how many tries that were."""
    before = timezone.now() - KEPT
    SignInNotice.objects.filter(told_at__lt=before).delete()
    deleted, _of_which = SignInTry.objects.filter(tried_at__lt=before).delete()
    return f"Deleted what was remembered of {deleted} sign-ins."


def _wait(beyond: int) -> dt.timedelta:
    """How long to wait, `beyond` what is free: a minute, then twice as long each time."""
    if beyond < 0:
        return dt.timedelta()
    # 2**10 minutes are more than the longest.
    return min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT)


def _around(one: Try, now: dt.datetime) -> tuple[dt.datetime, dt.timedelta]:
    """When this network may try again, and how long it waits before its first try of this user name. One query.

    A network that tries many names waits from its last try of any. One that asks for a name that fails from many
    others has a wait of its own.
    """
    since = now - WINDOW
    failing = Q(failed_at__gt=since)
    here, elsewhere = Q(source=one.source), Q(account=one.account) & ~Q(source=one.source)
    found = SignInTry.objects.filter(here | elsewhere, tried_at__gt=since).aggregate(
        accounts=Count("pk", filter=here & failing),
        last=Max("tried_at", filter=here & Q(tries__gt=0)),
        networks=Count("pk", filter=elsewhere & failing),
    )
    beyond = found["accounts"] - ACCOUNTS_A_NETWORK
    until = now if beyond < 0 else found["last"] + _wait(beyond)
    return until, _wait(found["networks"] - NETWORKS_AN_ACCOUNT)


def _tell(one: Try, now: dt.datetime) -> None:
    """Tell operators, once an hour each: a network, a user name, all of them. Addresses stand there, user names not.

    What is typed as a user name is at times a password.
    """
    failing = SignInTry.objects.filter(failed_at__gt=now - WINDOW).aggregate(
        here=Count("pk", filter=Q(source=one.source)),
        of_this=Count("pk", filter=Q(account=one.account)),
        accounts=Count("account", distinct=True),
        networks=Count("source", distinct=True),
    )
    if failing["here"] >= ACCOUNTS_A_NETWORK and _is_news("network", one.source, now):
        logger.warning(
            "sign-in slowed: network %s failed on %s user names within an hour", one.network, failing["here"]
        )
    if failing["of_this"] >= NETWORKS_AN_ACCOUNT and _is_news("account", one.account, now):
        logger.warning(
            "sign-in slowed: %s failed from %s networks within an hour", _whose(one), failing["of_this"]
        )
    many = failing["accounts"] >= SPRAYED_ACCOUNTS and failing["networks"] >= SPRAYING_NETWORKS
    if many and _is_news("spraying", "", now):
        logger.warning(
            "sign-in spraying: %s networks failed on %s user names within an hour",
            failing["networks"],
            failing["accounts"],
        )


def _whose(one: Try) -> str:
    people = get_user_model()._default_manager.filter(**{get_user_model().USERNAME_FIELD: one.username})
    pk = people.values_list("pk", flat=True).first()
    return "a user name that nobody has" if pk is None else f"user {pk}"


def _is_news(kind: str, what: str, now: dt.datetime) -> bool:
    """Whether this was not told within an hour; then it is noted as told, by one of several processes."""
    notice, is_new = SignInNotice.objects.get_or_create(key=keyed(kind, what), defaults={"told_at": now})
    if is_new:
        return True
    old = SignInNotice.objects.filter(pk=notice.pk, told_at__lte=now - WINDOW)
    return bool(old.update(told_at=now))
