"""What is known of the account of one who opens text, and whether it still is as it was known (karantene).

Who signs in is somebody else's word: the sign-in service's, those who keep the users, the table of users. An account
that was changed opens no text before a party has confirmed whose it is, or a time has passed since both were told.
Asked wherever text opens: where an access is made (`agreement`), for shares (`access`), for former superiors
(`leder.agreements.access.grants`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder import conf, keyed
from leder.keyed import MAC_LENGTH, moment
from leder.passwords import FORM_LENGTH, form_of
from leder.people import Person
from leder.signed import Covered, SignedRow

logger = logging.getLogger("leder.access")

# Columns of the row that an access is annotated with, and of the user it is compared with.
KNOWN = (
    "uuid",
    "email",
    "is_active",
    "password_form",
    "methods",
    "identity",
    "unchanged_since",
    "shown_at",
    "shut_at",
    "changed_at",
    "changes",
    "changed_by",
    "email_before",
    "before",
    "unchanged_before",
    "in_hr_since",
    "person_told_at",
    "parties_told_at",
    "confirmed_by_id",
    "confirmed_at",
    "refused_by_id",
    "refused_at",
    "mac",
    "password_mac",
)
COMPARED = ("email", "is_active", "password")


class AccountShut(Exception):
    """The account of the one who asks was changed: text that exists for them is not opened. Nothing was changed."""


class AccountChange(models.TextChoices):
    """What can change in the account of one who can read, so that somebody else may be reading as them.

    And what became of it: the last four.
    """

    PASSWORD = "password", _("The password was changed")
    EMAIL = "email", _("The e-mail address was changed")
    METHOD = "method", _("Somebody signed in in a way that has not been used before")
    IDENTITY = "identity", _("The user name was changed, or whom the sign-in service says it is")
    DEACTIVATED = "deactivated", _("The account was switched off")
    ACTIVATED = "activated", _("The account was switched on")
    # What was known is gone, so nobody can say what has changed.
    UNKNOWN = (
        "unknown",
        _("What was known of the account was removed or altered, so anything may have been changed"),
    )
    CONFIRMED = "confirmed", _("A party confirmed whose account it is, and the texts are open to it again")
    REFUSED = "refused", _("A party said that it is somebody else, and the texts stay shut to the account")
    TIME_PASSED = "time_passed", _("Nobody objected in time, and the texts are open to the account again")
    TAKEN_BACK = "taken_back", _("All is again as it was before, and the texts are open to the account again")


# What was done about a change, and is no change itself.
ANSWERS = frozenset(
    {
        AccountChange.CONFIRMED,
        AccountChange.REFUSED,
        AccountChange.TIME_PASSED,
        AccountChange.TAKEN_BACK,
    }
)
# What can be again as it was. A stored password that was exchanged, or a way of signing in that was used, can't.
REVERSIBLE = frozenset(
    {AccountChange.EMAIL, AccountChange.IDENTITY, AccountChange.DEACTIVATED, AccountChange.ACTIVATED}
)


@dataclass(frozen=True)
class Stored:
    """An account as it stands in the table of users now, and whom the sign-in service says it is."""

    pk: Any
    email: str
    is_active: bool
    password: str
    identity: str

    @classmethod
    def of(cls, user: Any) -> Stored:
        """Return what stands in a user's row. The row should have been read just now."""
        return cls(user.pk, user.email, user.is_active, user.password, conf.provider_identity(user))


@dataclass(frozen=True)
class Standing:
    """Whether an account opens text. `found` is what nobody has noted yet; `opens_at` when it opens by itself."""

    is_open: bool
    found: frozenset[AccountChange] = frozenset()
    opens_at: dt.datetime | None = None


class KnownAccount(SignedRow):
    """The account of one who opens text, as it was when it was last looked at, and what became of its last change.

    And that of one in HR who can hand agreements over: their word is to be their own, though it opens them no text.

    Holds no password and nothing made of one alone: a keyed signature of the stored one, bound to the time since when
    it has stood. All else is covered by the other signature.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="leder_account"
    )
    # Names the change that shut it; new each time, so that an answer to one is none to the next.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.CharField(max_length=254, blank=True, default="")
    is_active = models.BooleanField(default=True)
    # Algorithm and its cost, so that Django's own strengthening of a stored password is not taken for a change.
    password_form = models.CharField(max_length=FORM_LENGTH, blank=True, default="")
    password_mac = models.CharField(max_length=MAC_LENGTH, blank=True, default="")
    # The ways signed in by, as dotted names of authentication backends, one a line.
    methods = models.TextField(blank=True, default="")
    identity = models.CharField(max_length=conf.IDENTITY_LENGTH, blank=True, default="")
    # Since the row began, or since the last change, also one that the person made.
    unchanged_since = models.DateTimeField()
    # When it was first shown text, if ever.
    shown_at = models.DateTimeField(null=True)
    # Since when it is shut; it stays when it was opened again, for what is told of it.
    shut_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    # What has changed (`AccountChange`) and by whom (keys of users, where it was seen), since it was shut; one a line.
    changes = models.TextField(blank=True, default="")
    changed_by = models.TextField(blank=True, default="")
    # Where mail went to before, until it is open again.
    email_before = models.CharField(max_length=254, blank=True, default="")
    # What it was like before it was shut, as a hash, and since when; empty once that can't be again: another password,
    # or somebody has signed in since.
    before = models.CharField(max_length=64, blank=True, default="")
    unchanged_before = models.DateTimeField(null=True)
    # Since when it is known that they can hand agreements over (`leder.identity.hr`).
    in_hr_since = models.DateTimeField(null=True)
    person_told_at = models.DateTimeField(null=True)
    parties_told_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField(null=True)

    rows = "known accounts"
    signatures: ClassVar[tuple[str, ...]] = ("mac", "password_mac")
    signed_with = ("user",)
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"known account {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """The stored password, and since when it stands; or all else."""
        if field == "password_mac":
            return self.password_covered(self.user.password)
        return (
            "account",
            self.pk,
            self.uuid,
            self.email,
            self.is_active,
            self.password_form,
            self.methods,
            self.identity,
            moment(self.unchanged_since),
            moment(self.shown_at),
            moment(self.shut_at),
            moment(self.changed_at),
            self.changes,
            self.changed_by,
            self.email_before,
            self.before,
            moment(self.unchanged_before),
            moment(self.in_hr_since),
            moment(self.person_told_at),
            moment(self.parties_told_at),
            self.confirmed_by_id,
            moment(self.confirmed_at),
            self.refused_by_id,
            moment(self.refused_at),
        )

    def password_covered(self, password: str) -> Covered:
        """Whose password, since when, and as it is stored: one from before is not taken back unseen."""
        return ("account password", self.pk, moment(self.unchanged_since), password)

    @property
    def whose(self) -> str:
        """Whose account."""
        return f"user {self.pk}"

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """All of them; of passwords those of people who have one."""
        rows = super().to_be_signed(field)
        return rows.exclude(password_mac="") if field == "password_mac" else rows

    def write_down(self, now: Stored) -> None:
        """Set what is known to what stands now, and sign it. Saves nothing."""
        self.email, self.is_active, self.identity = now.email, now.is_active, now.identity
        self.write_password(now.password)

    def write_password(self, password: str) -> None:
        """Set what is known of the stored password, and sign the row. Saves nothing."""
        self.password_form = form_of(password)
        self.password_mac = keyed.sign(*self.password_covered(password)) if self.password_form else ""
        self.sign()

    def has_password(self, password: str) -> bool:
        """Whether a stored password is the one that is known."""
        return keyed.is_genuine(self.password_mac, *self.password_covered(password))

    def likeness(self) -> str:
        """What of the account can be changed and be again as it was, as a hash."""
        return _likeness(self.email, self.is_active, self.identity)

    def would_be_as_before(self, found: frozenset[AccountChange], now: Stored, *, at: dt.datetime) -> bool:
        """Whether what was found undoes what has shut it, so that nothing is changed any more.

        Nobody has signed in meanwhile, nor has a party said that it is somebody else.
        """
        return (
            bool(self.before)
            and bool(found)
            and found <= REVERSIBLE
            and self.refused_at is None
            and self.is_shut_by_note(at)
            and self.before == _likeness(now.email, now.is_active, now.identity)
        )

    def lines(self, field: str) -> list[str]:
        """What stands in a field with one thing a line."""
        return str(getattr(self, field)).splitlines()

    @property
    def told_at(self) -> dt.datetime | None:
        """When both the person and a party had been told; None as long as one is not."""
        if self.person_told_at is None or self.parties_told_at is None:
            return None
        return max(self.person_told_at, self.parties_told_at)

    def opens_at(self) -> dt.datetime | None:
        """When it opens by itself; None where it does not: both are not told yet, or a party has refused."""
        if self.told_at is None or self.refused_at is not None:
            return None
        return self.told_at + conf.quarantine()

    def let_in_at(self) -> dt.datetime | None:
        """When its person was let in again after the last change, or changed it themself; None for none, or not yet."""
        if self.confirmed_at is not None:
            return self.confirmed_at
        # What has opened by itself has no changes left to tell.
        was_shut = self.shut_at is not None or not self.changes
        return self.opens_at() if was_shut else self.changed_at

    def is_shut_by_note(self, at: dt.datetime) -> bool:
        """Whether what was noted shuts it at a moment. What is dated later than that opens nothing."""
        if self.shut_at is None:
            return False
        if self.shut_at > at:
            return True
        if self.confirmed_at is not None and self.confirmed_by_id is not None:
            return self.confirmed_at > at
        opens_at = self.opens_at()
        return opens_at is None or opens_at > at


def changes(
    known: KnownAccount | None, now: Stored, *, method: str = "", password_was_set: bool = False
) -> frozenset[AccountChange]:
    """Return what is not as it was known. `method` is the authentication backend just signed in by, if any.

    A stored password counts as changed when its signature is not genuine. One taken away lets nobody in, and is no
    change to tell.
    """
    if known is None or not known.is_genuine:
        return frozenset(
            {AccountChange.UNKNOWN, AccountChange.PASSWORD} if password_was_set else {AccountChange.UNKNOWN}
        )
    found = set()
    if password_was_set or (form_of(now.password) and not known.has_password(now.password)):
        found.add(AccountChange.PASSWORD)
    if address_key(known.email) != address_key(now.email):
        found.add(AccountChange.EMAIL)
    if method and known.methods and method not in known.lines("methods"):
        found.add(AccountChange.METHOD)
    if known.identity != now.identity:
        found.add(AccountChange.IDENTITY)
    if known.is_active != now.is_active:
        found.add(AccountChange.ACTIVATED if now.is_active else AccountChange.DEACTIVATED)
    return frozenset(found)


def _likeness(email: str, is_active: bool, identity: str) -> str:
    parts = [address_key(email).decode(), is_active, identity]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def address_key(address: str) -> bytes:
    """What two addresses have alike that are one: they differ in capitals A to Z at most.

    Other letters are never taken for each other: “ß” is not “ss” in an address, nor the sign for kelvin a “k”.
    """
    return address.encode().lower()


def standing_of(known: KnownAccount | None, now: Stored, *, at: dt.datetime) -> Standing:
    """Say whether an account opens text: one that is known, is as it is known, and is not shut."""
    found = changes(known, now)
    if known is None or found:
        return Standing(is_open=False, found=found)
    if known.is_shut_by_note(at):
        return Standing(is_open=False, opens_at=known.opens_at())
    return Standing(is_open=True)


def require_open(known: KnownAccount | None, now: Stored) -> None:
    """Raise AccountShut unless the account opens text. The first time, note that it was shown some (one query)."""
    at = timezone.now()
    if not standing_of(known, now, at=at).is_open:
        raise AccountShut
    if known is not None and known.shown_at is None:
        before = known.mac
        known.shown_at = at
        known.sign()
        # Whoever writes down a change meanwhile notes it next time.
        KnownAccount.objects.filter(pk=known.pk, mac=before).update(shown_at=at, mac=known.mac)


def require_open_for(user: Person) -> None:
    """Raise AccountShut unless the account of a user opens text. One query, where there is something to open."""
    rows = get_user_model()._base_manager.filter(pk=user.pk).annotate(**account_columns("leder_account"))
    for row in rows:
        require_open(*account_in(row, user, [getattr(row, name) for name in COMPARED]))


def is_open(user: Person) -> bool:
    """Whether the account of one who opens text still does; one that is not known had its row removed. One query."""
    standing = _standing_now(user)
    return standing is not None and standing.is_open


def is_shut(user: Person) -> bool:
    """Whether an account is known, and opens no text. Of one that is not known nothing is shut. One query."""
    standing = _standing_now(user)
    return standing is not None and not standing.is_open


def _standing_now(user: Person) -> Standing | None:
    known = KnownAccount.objects.filter(pk=user.pk).select_related("user").first()
    return None if known is None else standing_of(known, Stored.of(known.user), at=timezone.now())


def account_columns(path: str) -> dict[str, models.F]:
    """Return what to annotate a row with, from which `account_in` makes the account; `path` leads to it."""
    return {f"leder_known_{name}": models.F(f"{path}__{name}") for name in KNOWN}


def account_in(row: Any, user: Person, stored: list[Any]) -> tuple[KnownAccount | None, Stored]:
    """Return what is known of an account and how it is stored now, from a row with `account_columns`."""
    values = {name: getattr(row, f"leder_known_{name}") for name in KNOWN}
    known = None if values["uuid"] is None else KnownAccount(user_id=user.pk, **values)
    email, is_active, password = stored
    return known, Stored(user.pk, email, is_active, password, conf.provider_identity(user))
