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
    from leder.agreements.models import Agreement, AgreementUserObjectPermission, Share

logger = logging.getLogger("leder.access")

PARTY = "party_agreement"
GRANT, SHARE, PROPOSAL = "grant", "share", "proposal"


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
            grant_mac=F(f"{grant}__mac"),
            in_office=ExpressionWrapper(Q(superior_position__in=_offices(user)), output_field=BooleanField()),
            seen_by=Value(user.pk),
        )

    def signed_by_former(self, user: Any) -> AgreementQuerySet:
        """Return what this user has signed as superior and no longer is superior for: kept as it was signed."""
        former = [
            grant["content_object_id"]
            for grant in _genuine_grants(user)
            if not _is_leader(grant) and not grant["in_office"]
        ]
        return self.filter(pk__in=former, signed_at__isnull=False, text_deleted_at=None)

    def with_status(self) -> AgreementQuerySet:
        """Join what every list and page shows of an agreement: people, round, nothing that was written."""
        return self.select_related("round", "leader", "superior", "position__unit")


class ShareQuerySet(models.QuerySet):
    """Shares, as the one sees them who was given one."""

    def standing(self) -> ShareQuerySet:
        """Return those that wait for consent or claim to be agreed on, and whose date has not passed."""
        return self.filter(status__in=("proposed", "active"), until__gte=timezone.localdate())

    def visible_to(self, user: Any) -> ShareQuerySet:
        """Return the shares that are open to this reader today: agreed by both, genuine, not ended. Asks at once."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rows: Iterable[Any] = (
            self.standing().filter(reader_id=user.pk, status="active").select_related("agreement")
        )
        return self.filter(pk__in=[share.pk for share in rows if share_is_genuine(share)])


def reached_by(user: Any) -> frozenset[int]:
    """Return the ids of the agreements that exist for this user. One query; see `visible_to`."""
    grants = _genuine_grants(user)
    return frozenset(
        grant["content_object_id"] for grant in grants if _is_leader(grant) or grant["in_office"]
    )


def party_grant(
    agreement: Agreement, user_id: int, role: str, permission_id: int
) -> AgreementUserObjectPermission:
    """Return a party's signed grant, unsaved."""
    return _grant_model()(
        user_id=user_id,
        permission_id=permission_id,
        content_object=agreement,
        role=role,
        mac=keyed.sign(GRANT, agreement.uuid, user_id, role),
    )


def grant_parties(agreement: Agreement) -> None:
    """Give the two parties their object permission. Idempotent: a grant that is not genuine is replaced."""
    permission_id = party_permission().pk
    for role, user_id in (("leader", agreement.leader_id), ("superior", agreement.superior_id)):
        held = _grant_model().objects.filter(
            user_id=user_id, permission_id=permission_id, content_object=agreement
        )
        if not any(grant_is_genuine(grant, agreement.uuid) for grant in held):
            held.delete()
            party_grant(agreement, user_id, role, permission_id).save()


def grant_is_genuine(grant: AgreementUserObjectPermission, agreement_uuid: object) -> bool:
    """Whether the plugin has made this grant, for this person, role and agreement."""
    return keyed.is_genuine(grant.mac, GRANT, agreement_uuid, grant.user_id, grant.role)


def is_reached(agreement: Any) -> bool:
    """Whether an agreement from `with_grant` exists for that user: by a genuine grant, and while in office."""
    as_leader = agreement.grant_role == "leader"
    party = agreement.leader_id if as_leader else agreement.superior_id
    parts = (agreement.uuid, agreement.seen_by, agreement.grant_role)
    if party == agreement.seen_by and keyed.is_genuine(agreement.grant_mac, GRANT, *parts):
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
        "mac",
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
        if party == user.pk and keyed.is_genuine(row["mac"], GRANT, row["uuid"], user.pk, row["role"]):
            genuine.append(row)
        else:
            logger.error("forged grant: row %s, user %s, agreement %s", row["pk"], user.pk, row["uuid"])
    return genuine


def _offices(user: Any) -> Any:
    """The positions that a user holds today."""
    return Appointment.objects.on(timezone.localdate()).filter(person_id=user.pk).values("position_id")


def _is_leader(grant: dict[str, Any]) -> bool:
    return bool(grant["role"] == "leader")


def _grant_model() -> Any:
    # By name: the models import this module.
    return apps.get_model("leder", "AgreementUserObjectPermission")
