"""The agreement, for whom it exists, and what a party holds once it was found for them. Status only.

What exists for whom is said here once: everything that lists or shows agreements starts from `visible_to`.

Access is never asked of `has_perm` or `get_objects_for_user`: they answer yes to a superuser and to the holder of a
global permission, and neither means anything here (R2). A grant counts when its keyed signature is genuine, so that a
row written by hand in the database opens nothing. An `Access` is made by `access_for` and `accesses_for` only, which
load and authorise at once: what reads, shows or changes an agreement as a party takes one. An account that was changed
gets none (`account`); that the agreement exists, and its states, it sees.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leder import keyed
from leder.agreements.models.account import COMPARED, account_columns, account_in, require_open
from leder.agreements.models.acts import Inventoried, InventoriedQuerySet
from leder.agreements.models.parties import PAIR_LENGTH, Role
from leder.agreements.models.round import Round
from leder.agreements.states import ACTIVE, State
from leder.keyed import MAC_LENGTH, moment
from leder.organisation.models import Position, holding, holds
from leder.pages.editions import Edition
from leder.people import Person
from leder.signed import Covered, Signed, genuine

logger = logging.getLogger("leder.access")

PARTY = "party_agreement"
# The status of a handover that has been (`models.handover`).
CARRIED_OUT = "carried_out"
# What an agreement is loaded with to see who is a party to it.
GRANTED = ("uuid", "pair", "leader_id", "superior_id", "superior_position_id")


@dataclass(frozen=True)
class Access:
    """One party's access to one agreement, as it stood when it was loaded.

    `recent` says that the sign-in is recent (`guard.recent`); without it private sections stay closed. `new_device`
    says that it is from a new device (`guard.device`); then the reading log tells what one reads of one's own, too.
    """

    agreement: Agreement
    # A row of the host's user model: what a party writes names them.
    reader: Any
    role: str
    recent: bool
    new_device: bool = False

    @property
    def other(self) -> Any:
        """The other party."""
        agreement = self.agreement
        return agreement.superior if self.role == "leader" else agreement.leader

    def without_private(self) -> Access:
        """Return the same with private sections closed."""
        return replace(self, recent=False)


class AgreementQuerySet(InventoriedQuerySet):
    """Agreements, seen through the grants."""

    def visible_to(self, user: Person) -> AgreementQuerySet:
        """Return the agreements that exist for this user: as leader, or as superior while in that office.

        Asks the grants at once (one query), so that each signature is checked; what is returned is lazy as usual.
        """
        reached = [row.pk for row in granted(user) if is_current(row)]
        return self.filter(pk__in=reached) if reached else self.none()

    def access_for(self, user: Person, *, recent: bool, new_device: bool = False) -> Access | None:
        """Return this user's access to the one agreement of these; None where it does not exist for them. One query.

        Of `held_by` the same user. Raises AccountShut where it does, and their account was changed.
        """
        # Not `first()`: to put one row in order takes a tenth of what a stranger's request costs.
        return next(_accesses(self[:1], user, recent, new_device), None)

    def accesses_for(self, user: Person, *, recent: bool, new_device: bool = False) -> list[Access]:
        """Return this user's access to each of these that exists for them, in their order. One query.

        Of `held_by` the same user. Raises AccountShut where there are some, and their account was changed.
        """
        return list(_accesses(self, user, recent, new_device))

    def with_status(self) -> AgreementQuerySet:
        """Join what every list and page shows of an agreement: people, round, nothing that was written."""
        return self.select_related("round", "leader", "superior", "position__unit")


class Agreement(Inventoried, Signed):
    """One leader's agreement with the superior for a year (R1), pinned to three editions (R6). Status only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="agreements")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    superior = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="agreements")
    # The office that the superior signs in: with the appointment to it ends the access (`visible_to`).
    superior_position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="+")
    # Titles as they were when the agreement was opened: the organisation moves on, what was signed does not.
    leader_title = models.CharField(max_length=200)
    superior_title = models.CharField(max_length=200)
    unit_name = models.CharField(max_length=200)
    platform_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    letter_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    form_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    previous = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    state = models.CharField(max_length=12, choices=State.choices, default=State.OPENED)
    state_changed_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    leader_ready_at = models.DateTimeField(null=True)
    superior_ready_at = models.DateTimeField(null=True)
    # Keyed signatures of the two: a date set by hand in the database opens no preparation.
    leader_ready_mac = models.CharField(max_length=MAC_LENGTH, blank=True, default="")
    superior_ready_mac = models.CharField(max_length=MAC_LENGTH, blank=True, default="")
    discussed_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    # When both last agreed to open it again (`Reopening`); it stays when it is signed anew.
    reopened_at = models.DateTimeField(null=True)
    follow_up_on = models.DateField(null=True)
    text_deleted_at = models.DateTimeField(null=True)
    # Which pair the two are: empty for those who opened it, another for each who became superior later. The superior's
    # grant names it too, signed. What is written in private sections belongs to the pair that wrote it (`pairs`).
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    signed_pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    handed_over_at = models.DateTimeField(null=True)
    # When another edition of a text was last taken into use; null while it stands on those it was opened on.
    adopted_at = models.DateTimeField(null=True)

    # The editions it stood on before, once they have been read (`editions.decisions`).
    stood_on: list[Edition] | None = None

    objects = AgreementQuerySet.as_manager()

    inventory_of = "id"
    begins_inventory = True
    rows = "ready"
    signatures = ("leader_ready_mac", "superior_ready_mac")
    signed_with = ()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("leader agreement")
        verbose_name_plural = _("leader agreements")
        permissions = [("party_agreement", "Is a party to the agreement")]
        # No add/change/delete/view permissions: no role or admin may ever be handed agreements wholesale.
        default_permissions = ()
        constraints = [
            # One who comes back to a position in the same year gets a new one beside the one that was ended.
            models.UniqueConstraint(
                fields=["round", "leader", "superior", "position"],
                condition=~models.Q(state=State.ENDED),
                name="leder_agreement_once_a_pair",
            ),
            models.UniqueConstraint(
                fields=["round", "leader"],
                condition=models.Q(state__in=ACTIVE),
                name="leder_agreement_one_active_a_year",
            ),
            models.CheckConstraint(
                condition=~models.Q(leader=models.F("superior")), name="leder_agreement_two_parties"
            ),
        ]
        indexes = [
            models.Index(fields=["leader", "round"], name="leder_agreement_leader"),
            models.Index(fields=["superior", "round"], name="leder_agreement_superior"),
        ]

    def __str__(self) -> str:
        # Names and dates reach audit logs through __str__; the identity is all that may.
        return f"agreement {self.uuid}"

    def covered(self, field: str = "", pair: str | None = None) -> Covered:
        """Which party is ready, when, in which pair: ready for one superior opens nothing to another (`pairs`)."""
        role = field.removesuffix("_ready_mac")
        pair = self.pair if pair is None else pair
        parts = ("ready", self.uuid, role, moment(getattr(self, f"{role}_ready_at")))
        return (*parts, pair) if pair else parts

    def ways_covered(self, field: str) -> Iterable[Covered]:
        """Today's pair, and each earlier one: what was said to an earlier superior stays genuine as that."""
        earlier = self.handovers.values_list("former_pair", flat=True) if self.handed_over_at else ()
        return [self.covered(field, pair) for pair in (self.pair, *earlier)]

    @property
    def whose(self) -> str:
        """Which agreement."""
        return f"agreement {self.uuid}"

    @classmethod
    def to_be_signed(cls, field: str) -> models.QuerySet[Self]:
        """Agreements in which this party has said ready, loaded with the signed columns only."""
        at = field.removesuffix("mac") + "at"
        return (
            super()
            .to_be_signed(field)
            .exclude(**{at: None})
            .only("uuid", "pair", "handed_over_at", at, field)
        )

    @property
    def year(self) -> int:
        """The year of the round."""
        return self.round.year

    def with_editions(self, known: Agreement | None = None) -> Agreement:
        """Fetch the three texts it stands on, in one query: joining them takes a database longer to plan than to do.

        In none where `known` is the same agreement and has fetched the same ones: editions never change.
        """
        fields = [f"{kind}_edition" for kind in ("form", "letter", "platform")]
        has = known._state.fields_cache if known is not None else {}
        found = {each.pk: each for each in map(has.get, fields) if each is not None}
        pks = [getattr(self, f"{field}_id") for field in fields]
        if missing := set(pks) - found.keys():
            found |= Edition.objects.in_bulk(missing)
        for field, pk in zip(fields, pks, strict=True):
            setattr(self, field, found[pk])
        return self

    def role_of(self, user: object) -> str | None:
        """Return "leader" or "superior", or None for one who is not a party."""
        user_id = getattr(user, "pk", None)
        if user_id is None:
            return None
        if user_id == self.leader_id:
            return Role.LEADER
        return Role.SUPERIOR if user_id == self.superior_id else None

    def other_than(self, party: Any) -> Any:
        """Return the other of the two."""
        return self.superior if party.pk == self.leader_id else self.leader


def grant_covers(agreement: uuid.UUID, user_id: Any, role: str, pair: str, office_id: Any) -> Covered:
    """Return what the signature of a party's grant covers; of a superior, the office that they hold it by, too.

    No superior is without one, and no leader's is covered: so it tells the roles apart.
    """
    return ("grant", agreement, user_id, pair, office_id if role == Role.SUPERIOR else None)


def _accesses(granted: AgreementQuerySet, user: Person, recent: bool, new_device: bool) -> Iterator[Access]:
    """The one place where an access is made: never for an account that was changed."""
    is_asked = False
    for row in reached(granted):
        if not is_asked:
            require_open(*account_in(row, user, [getattr(row, f"stored_{name}") for name in COMPARED]))
            is_asked = True
        yield Access(row, user, row.grant_role, recent, new_device)


def reached(rows: Iterable[Any]) -> list[Any]:
    """Those of the agreements from `held_by` that exist for that user: by a genuine grant, and while in office.

    One query more where some have been handed over.
    """
    return [row for row in _granted_among(rows) if is_current(row)]


def held_by(user: Person, *, with_account: bool = True) -> AgreementQuerySet:
    """Return what this user holds a grant for, each with the grant, in one query where `visible_to` takes two.

    To be narrowed as one likes. With what is known of the account that holds the grant and how it is stored now, which
    an access asks. A row means nothing before `reached` has checked it.
    """
    if not user.is_authenticated or not user.is_active:
        return Agreement.objects.none()
    return _held(timezone.localdate(), with_account).filter(grant_user=user.pk, grant_for=PARTY)


@lru_cache(maxsize=4)
def _held(day: dt.date, with_account: bool) -> AgreementQuerySet:
    """The query of `held_by` for whomever, made once a day: naming forty columns takes longer than fetching them."""
    grant = "agreementuserobjectpermission"
    user = f"{grant}__user"
    rows = Agreement.objects.annotate(
        grant_pk=F(f"{grant}__pk"),
        grant_user=F(f"{user}_id"),
        grant_for=F(f"{grant}__permission__codename"),
        grant_role=F(f"{grant}__role"),
        grant_pair=F(f"{grant}__pair"),
        grant_mac=F(f"{grant}__mac"),
        office=holding(day, person=OuterRef(f"{user}_id"), position=OuterRef("superior_position_id")),
        was_handed_over=Exists(Agreement.objects.filter(pk=OuterRef("pk"), handovers__status=CARRIED_OUT)),
    )
    if not with_account:
        return rows
    stored = {f"stored_{name}": F(f"{user}__{name}") for name in COMPARED}
    return rows.annotate(**stored, **account_columns(f"{user}__leder_account"))


def granted(user: Person) -> list[Any]:
    """The agreements that this user holds a genuine grant of, as leader or as superior of the pair of today."""
    return _granted_among(held_by(user, with_account=False).only(*GRANTED))


def _granted_among(rows: Iterable[Any]) -> list[Any]:
    found = list(rows)
    as_superior = [row for row in found if row.was_handed_over and row.grant_role != Role.LEADER]
    models.prefetch_related_objects(as_superior, "handovers")
    return [row for row in found if _is_granted(row)]


def _is_granted(agreement: Any) -> bool:
    """Whether the grant that an agreement from `held_by` came by is genuine, and of the party it says."""
    user_id, role, pair = agreement.grant_user, agreement.grant_role, agreement.grant_pair
    as_leader = role == Role.LEADER
    party = agreement.leader_id if as_leader else agreement.superior_id
    # Of another pair than the agreement's, it would open what that pair has written.
    fits = party == user_id and pair == ("" if as_leader else agreement.pair)
    covers = grant_covers(agreement.uuid, user_id, role, pair, agreement.superior_position_id)
    if fits and keyed.is_genuine(agreement.grant_mac, *covers):
        handovers = agreement.handovers.all() if agreement.was_handed_over else ()
        fits = as_leader or names_the_latest(agreement, handovers)
        if fits:
            return True
    logger.error("forged grant: row %s, user %s, agreement %s", agreement.grant_pk, user_id, agreement.uuid)
    return False


def names_the_latest(agreement: Agreement, handovers: Iterable[Any]) -> bool:
    """Whether superior, office and pair of an agreement are those of its latest handover that the plugin has signed.

    Where there was none, it is the pair that it began with. Else one who was superior before would need nothing but
    their own old grant to read what was written since. Their order is signed, and no moment: clocks are set back.
    """
    carried_out = genuine(row for row in handovers if row.status == CARRIED_OUT)
    if not carried_out:
        return agreement.pair == ""
    latest = max(carried_out, key=lambda row: row.number)
    named = (latest.successor_id, latest.successor_position_id, latest.successor_pair)
    return named == (agreement.superior_id, agreement.superior_position_id, agreement.pair)


def is_current(agreement: Any) -> bool:
    """Whether the grant counts today: a superior's does while they hold the office."""
    office = {"person_id": agreement.grant_user, "position_id": agreement.superior_position_id}
    return agreement.grant_role == Role.LEADER or holds(agreement.office, **office)
