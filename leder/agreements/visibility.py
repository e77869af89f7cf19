"""What exists for whom. Everything that lists or shows agreements starts from `visible_to`.

Access is never asked of `has_perm` or `get_objects_for_user`: they answer yes to a superuser and to the holder of a
global permission, and neither means anything here (R2). A grant counts when its keyed signature is genuine, so that a
row written by hand in the database opens nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.utils import timezone

from leder.agreements.capability import Access
from leder.agreements.signed import SignedQuerySet
from leder.organisation.models import Appointment
from leder.people import Person

if TYPE_CHECKING:
    from leder.agreements.models import Agreement, AgreementUserObjectPermission, Handover

logger = logging.getLogger("leder.access")

PARTY = "party_agreement"


class AgreementQuerySet(models.QuerySet):
    """Agreements, seen through the grants."""

    def visible_to(self, user: Person) -> AgreementQuerySet:
        """Return the agreements that exist for this user: as leader, or as superior while in that office.

        Asks the grants at once (one query), so that each signature is checked; what is returned is lazy as usual.
        """
        reached = [row.pk for row in _granted(user) if _is_current(row)]
        return self.filter(pk__in=reached) if reached else self.none()

    def with_grant(self, user: Person) -> AgreementQuerySet:
        """Return what this user holds a grant for, each with the grant, in one query where `visible_to` takes two.

        A row means nothing before `is_reached` has checked it.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        grant = "agreementuserobjectpermission"
        return self.filter(
            **{f"{grant}__user_id": user.pk, f"{grant}__permission__codename": PARTY}
        ).annotate(
            grant_pk=F(f"{grant}__pk"),
            grant_user=F(f"{grant}__user_id"),
            grant_role=F(f"{grant}__role"),
            grant_pair=F(f"{grant}__pair"),
            grant_mac=F(f"{grant}__mac"),
            in_office=ExpressionWrapper(Q(superior_position__in=_offices(user)), output_field=BooleanField()),
        )

    def access_for(self, user: Person, *, recent: bool) -> Access | None:
        """Return this user's access to the one agreement of these; None where it does not exist for them. One query."""
        # Not `first()`: to put one row in order takes a tenth of what a stranger's request costs.
        return next(_accesses(self.with_grant(user)[:1], user, recent), None)

    def accesses_for(self, user: Person, *, recent: bool) -> list[Access]:
        """Return this user's access to each of these that exists for them, in their order. One query."""
        return list(_accesses(self.with_grant(user), user, recent))

    def signed_by_former(self, user: Person) -> AgreementQuerySet:
        """Return what this user has signed as superior and no longer is superior for: kept as it was signed.

        By the end of the office, or by a handover that the plugin has signed. Two queries, then lazy.
        """
        signed = Q()
        for pk, pair in former_pairs(user).items():
            signed |= Q(pk=pk, seals__pair=pair)
        if not signed:
            return self.none()
        standing = Q(seals__kind="agreement", seals__voided_at=None)
        return self.filter(signed & standing, signed_at__isnull=False, text_deleted_at=None)

    def with_status(self) -> AgreementQuerySet:
        """Join what every list and page shows of an agreement: people, round, nothing that was written."""
        return self.select_related("round", "leader", "superior", "position__unit")


class ShareQuerySet(SignedQuerySet):
    """Shares, as the one sees them who was given one."""

    def standing(self) -> ShareQuerySet:
        """Return those that wait for consent or claim to be agreed on, and whose date has not passed."""
        return self.filter(status__in=("proposed", "agreed"), until__gte=timezone.localdate())

    def running(self) -> ShareQuerySet:
        """Return those that claim to be agreed on, and whose date has not passed."""
        return self.standing().filter(status="agreed")

    def visible_to(self, user: Person) -> ShareQuerySet:
        """Return the shares that are open to this reader today: agreed by both, genuine, not ended. Asks at once."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows = self.running().filter(reader_id=user.pk).select_related("agreement")
        return self.filter(pk__in=[share.pk for share in rows if share.is_genuine])


def _accesses(granted: AgreementQuerySet, user: Person, recent: bool) -> Iterator[Access]:
    """The one place where an access is made."""
    return (Access(row, user, row.grant_role, recent) for row in granted if is_reached(row))


def former_pairs(user: Person) -> dict[int, str]:
    """Return the agreements that this user was superior in and no longer is, each with the pair they were of.

    By the end of the office, or by a handover that the plugin has signed. Two queries.
    """
    former = {row.pk: row.pair for row in _granted(user) if not _is_current(row)}
    handed_over = {
        row.agreement_id: row.former_pair
        for row in _handed_over_by(user)
        # Superior again, or in another way still: then the grant says what exists for them.
        if user.pk not in (row.agreement.superior_id, row.agreement.leader_id)
    }
    return {**former, **handed_over}


def ways_to_text() -> tuple[tuple[Any, str, str], ...]:
    """Return every way that an account can open what is written: rows, whose account, and which agreement.

    Of agreements whose text is deleted none. These are the same rows that `visible_to`, `signed_by_former` and
    `Share.visible_to` begin with, before they ask whether the account is active, the person in office and the signature
    genuine: one who was deactivated a minute ago is the very one whose account must be looked at.
    """
    kept = _agreements().filter(text_deleted_at=None)
    of_kept = {"agreement__text_deleted_at": None}
    shares = apps.get_model("leder", "Share")._default_manager
    return (
        (kept, "leader_id", "pk"),
        (kept, "superior_id", "pk"),
        (shares.running().filter(**of_kept), "reader_id", "agreement_id"),
        (_carried_out().filter(**of_kept), "former_id", "agreement_id"),
    )


def party_grant(
    agreement: Agreement, user_id: int, role: str, permission_id: int
) -> AgreementUserObjectPermission:
    """Return a party's signed grant, unsaved."""
    pair = agreement.pair if role == "superior" else ""
    row = _grant_model()(
        user_id=user_id, permission_id=permission_id, content_object=agreement, role=role, pair=pair
    )
    row.sign()
    return row


def is_reached(agreement: Any) -> bool:
    """Whether an agreement from `with_grant` exists for that user: by a genuine grant, and while in office."""
    return _is_granted(agreement) and _is_current(agreement)


def party_permission() -> Permission:
    """Return the permission row that a grant names."""
    return Permission.objects.get_by_natural_key(PARTY, "leder", "agreement")


def _granted(user: Person) -> list[Any]:
    """The agreements that this user holds a genuine grant of, as leader or as superior of the pair of today."""
    rows = _agreements().with_grant(user).only("uuid", "pair", "leader_id", "superior_id")
    return [row for row in rows if _is_granted(row)]


def _is_granted(agreement: Any) -> bool:
    """Whether the grant that an agreement from `with_grant` came by is genuine, and of the party it says."""
    grant = _grant_model()(
        pk=agreement.grant_pk,
        user_id=agreement.grant_user,
        content_object=agreement,
        role=agreement.grant_role,
        pair=agreement.grant_pair,
        mac=agreement.grant_mac,
    )
    as_leader = grant.role == "leader"
    party = agreement.leader_id if as_leader else agreement.superior_id
    # Of another pair than the agreement's, it would open what that pair has written.
    fits = party == grant.user_id and grant.pair == ("" if as_leader else agreement.pair)
    if fits and grant.is_genuine:
        return True
    logger.error("forged grant: row %s, %s", grant.pk, grant.whose)
    return False


def _is_current(agreement: Any) -> bool:
    """Whether the grant counts today: a superior's does while they hold the office."""
    return bool(agreement.grant_role == "leader" or agreement.in_office)


def _handed_over_by(user: Person) -> list[Handover]:
    """The handovers from this user that have been carried out, each with a genuine signature."""
    if not user.is_authenticated or not user.is_active:
        return []
    rows = _carried_out().filter(former_id=user.pk).select_related("agreement")
    return list(rows.order_by("carried_out_at", "pk").genuine())


def _carried_out() -> Any:
    return apps.get_model("leder", "Handover")._default_manager.filter(status="carried_out")


def _offices(user: Person) -> Any:
    """The positions that a user holds today."""
    return Appointment.objects.on(timezone.localdate()).filter(person_id=user.pk).values("position_id")


def _agreements() -> Any:
    return apps.get_model("leder", "Agreement")._default_manager


def _grant_model() -> Any:
    # By name: the models import this module.
    return apps.get_model("leder", "AgreementUserObjectPermission")
