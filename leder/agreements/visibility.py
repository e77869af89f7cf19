"""What exists for whom. Everything that lists or shows agreements starts from `visible_to`.

Access is never asked of `has_perm` or `get_objects_for_user`: they answer yes to a superuser and to the holder of a
global permission, and neither means anything here (R2). A grant counts when its keyed signature is genuine, so that a
row written by hand in the database opens nothing.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q, Value
from django.utils import timezone

from leder.agreements import keyed
from leder.organisation.models import Appointment

if TYPE_CHECKING:
    from leder.agreements.models import Agreement, AgreementUserObjectPermission, Handover, Share

logger = logging.getLogger("leder.access")

PARTY = "party_agreement"
GRANT, SHARE, PROPOSAL = "grant", "share", "proposal"
PLAN, HANDOVER = "planned handover", "handover"


class AgreementQuerySet(models.QuerySet):
    """Agreements, seen through the grants."""

    def visible_to(self, user: Any) -> AgreementQuerySet:
        """Return the agreements that exist for this user: as leader, or as superior while in that office.

        Asks the grants at once (one query), so that each signature is checked; what is returned is lazy as usual.
        """
        return self.among(reached_by(user), user)

    def among(self, reached: frozenset[int], user: Any) -> AgreementQuerySet:
        """Return those that `reached_by(user)` has found; for one who needs the ids a second time."""
        if not reached:
            return self.none()
        # `open_texts` knows by this for whom the agreement was found.
        return self.filter(pk__in=reached).annotate(seen_by=Value(user.pk))

    def with_grant(self, user: Any) -> AgreementQuerySet:
        """Return what this user holds a grant for, each with the grant, in one query where `visible_to` takes two.

        A row means nothing before `is_reached` has checked it.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        grant = "agreementuserobjectpermission"
        return self.filter(
            **{f"{grant}__user_id": user.pk, f"{grant}__permission__codename": PARTY}
        ).annotate(
            grant_role=F(f"{grant}__role"),
            grant_pair=F(f"{grant}__pair"),
            grant_mac=F(f"{grant}__mac"),
            in_office=ExpressionWrapper(Q(superior_position__in=_offices(user)), output_field=BooleanField()),
            seen_by=Value(user.pk),
        )

    def signed_by_former(self, user: Any) -> AgreementQuerySet:
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


class ShareQuerySet(models.QuerySet):
    """Shares, as the one sees them who was given one."""

    def standing(self) -> ShareQuerySet:
        """Return those that wait for consent or claim to be agreed on, and whose date has not passed."""
        return self.filter(status__in=("proposed", "active"), until__gte=timezone.localdate())

    def running(self) -> ShareQuerySet:
        """Return those that claim to be agreed on, and whose date has not passed."""
        return self.standing().filter(status="active")

    def visible_to(self, user: Any) -> ShareQuerySet:
        """Return the shares that are open to this reader today: agreed by both, genuine, not ended. Asks at once."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows: Iterable[Any] = self.running().filter(reader_id=user.pk).select_related("agreement")
        return self.filter(pk__in=[share.pk for share in rows if share_is_genuine(share)])


def reached_by(user: Any) -> frozenset[int]:
    """Return the ids of the agreements that exist for this user. One query; see `visible_to`."""
    grants = _genuine_grants(user)
    return frozenset(
        grant["content_object_id"] for grant in grants if _is_leader(grant) or grant["in_office"]
    )


def reaches(reader: Any, agreement: Agreement) -> bool:
    """Whether the agreement was found through this reader's grants, or else would be. Asks in the second case only."""
    if agreement.seen_by == reader.pk:
        return agreement.role_of(reader) is not None
    return agreement.pk in reached_by(reader)


def former_pairs(user: Any) -> dict[int, str]:
    """Return the agreements that this user was superior in and no longer is, each with the pair they were of.

    By the end of the office, or by a handover that the plugin has signed. Two queries.
    """
    former = {
        grant["content_object_id"]: grant["pair"]
        for grant in _genuine_grants(user)
        if not _is_leader(grant) and not grant["in_office"]
    }
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
    kept = apps.get_model("leder", "Agreement")._default_manager.filter(text_deleted_at=None)
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
    return _grant_model()(
        user_id=user_id,
        permission_id=permission_id,
        content_object=agreement,
        role=role,
        pair=pair,
        mac=keyed.sign(GRANT, *grant_parts(agreement.uuid, user_id, role, pair)),
    )


def grant_parts(agreement_uuid: object, user_id: int, role: str, pair: str) -> tuple[object, ...]:
    """What the signature of a grant covers. The pair that opened the agreement has no name."""
    parts = (agreement_uuid, user_id, role)
    return (*parts, pair) if pair else parts


def is_reached(agreement: Any) -> bool:
    """Whether an agreement from `with_grant` exists for that user: by a genuine grant, and while in office."""
    as_leader = agreement.grant_role == "leader"
    party = agreement.leader_id if as_leader else agreement.superior_id
    parts = grant_parts(agreement.uuid, agreement.seen_by, agreement.grant_role, agreement.grant_pair)
    fits = party == agreement.seen_by and agreement.grant_pair == ("" if as_leader else agreement.pair)
    if fits and keyed.is_genuine(agreement.grant_mac, GRANT, *parts):
        return as_leader or agreement.in_office
    logger.error("forged grant: user %s, agreement %s", agreement.seen_by, agreement.uuid)
    return False


def share_parts(share: Share) -> tuple[object, ...]:
    """What the signature of a share covers, and that of a proposal, which is not answered yet."""
    return (
        share.uuid,
        share.agreement.uuid,
        share.section_id,
        share.reader_id,
        share.until,
        share.proposed_by_id,
        moment(share.answered_at),
    )


def share_is_genuine(share: Share) -> bool:
    """Whether both parties have agreed to this share as it stands."""
    return keyed.is_genuine(share.mac, SHARE, *share_parts(share))


def proposal_is_genuine(share: Share) -> bool:
    """Whether a party has proposed this as it stands: what the other agrees to is signed as read from the row."""
    return keyed.is_genuine(share.mac, PROPOSAL, *share_parts(share))


def plan_parts(row: Handover) -> tuple[object, ...]:
    """What the signature of a planned handover covers."""
    return (
        row.uuid,
        row.agreement.uuid,
        row.former_id,
        row.former_position_id,
        row.successor_id,
        row.successor_position_id,
        row.on,
        row.acting,
        row.planned_by_id,
    )


def handover_parts(row: Handover) -> tuple[object, ...]:
    """What the signature of a handover covers that has been carried out."""
    return (*plan_parts(row), row.former_pair, row.successor_pair, moment(row.carried_out_at))


def plan_is_genuine(row: Handover) -> bool:
    """Whether the plugin has made this plan."""
    return keyed.is_genuine(row.mac, PLAN, *plan_parts(row))


def handover_is_genuine(row: Handover) -> bool:
    """Whether the plugin has carried out this handover."""
    return keyed.is_genuine(row.mac, HANDOVER, *handover_parts(row))


def moment(at: dt.datetime | None) -> str:
    """Return a moment as text that is the same whatever time zone it is given in."""
    return at.astimezone(dt.UTC).isoformat() if at else ""


def party_permission() -> Permission:
    """Return the permission row that a grant names."""
    return Permission.objects.get_by_natural_key(PARTY, "leder", "agreement")


def _genuine_grants(user: Any) -> list[dict[str, Any]]:
    """The user's grants as party, each with a genuine signature for the role the agreement gives them."""
    if not user.is_authenticated or not user.is_active:
        return []
    rows = _grant_model().objects.filter(
        user_id=user.pk,
        permission__codename=PARTY,
        permission__content_type__app_label="leder",
        permission__content_type__model="agreement",
    ).values(
        "pk",
        "content_object_id",
        "role",
        "pair",
        "mac",
        agreement_pair=F("content_object__pair"),
        uuid=F("content_object__uuid"),
        leader_id=F("content_object__leader_id"),
        superior_id=F("content_object__superior_id"),
        in_office=ExpressionWrapper(
            Q(content_object__superior_position__in=_offices(user)), output_field=BooleanField()
        ),
    )  # fmt: skip
    genuine = []
    for row in rows:
        party = row["leader_id"] if _is_leader(row) else row["superior_id"]
        # Of another pair than the agreement's, it would open what that pair has written.
        fits = party == user.pk and row["pair"] == ("" if _is_leader(row) else row["agreement_pair"])
        parts = grant_parts(row["uuid"], user.pk, row["role"], row["pair"])
        if fits and keyed.is_genuine(row["mac"], GRANT, *parts):
            genuine.append(row)
        else:
            logger.error("forged grant: row %s, user %s, agreement %s", row["pk"], user.pk, row["uuid"])
    return genuine


def _handed_over_by(user: Any) -> list[Handover]:
    """The handovers from this user that have been carried out, each with a genuine signature."""
    if not user.is_authenticated or not user.is_active:
        return []
    rows: Iterable[Handover] = (
        _carried_out().filter(former_id=user.pk).select_related("agreement").order_by("carried_out_at", "pk")
    )
    genuine = []
    for row in rows:
        if handover_is_genuine(row):
            genuine.append(row)
        else:
            logger.error(
                "forged handover: row %s, user %s, agreement %s", row.pk, user.pk, row.agreement.uuid
            )
    return genuine


def _carried_out() -> Any:
    return apps.get_model("leder", "Handover")._default_manager.filter(status="carried_out")


def _offices(user: Any) -> Any:
    """The positions that a user holds today."""
    return Appointment.objects.on(timezone.localdate()).filter(person_id=user.pk).values("position_id")


def _is_leader(grant: dict[str, Any]) -> bool:
    return bool(grant["role"] == "leader")


def _grant_model() -> Any:
    # By name: the models import this module.
    return apps.get_model("leder", "AgreementUserObjectPermission")
