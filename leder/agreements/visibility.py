"""What exists for whom. Everything that lists or shows agreements starts from `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from leder.agreements.models import Agreement

PARTY = "party_agreement"


class AgreementQuerySet(models.QuerySet):
    """Agreements, seen through the grants."""

    def visible_to(self, user: Any) -> AgreementQuerySet:
        """Return the agreements that exist for this user: those granted to them one by one (R2).

        Asks guardian's direct-foreign-key table itself. `has_perm` and `get_objects_for_user` would answer yes
        to a superuser and to the holder of a global permission; here neither means anything.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        granted = _grants().filter(
            user_id=user.pk,
            permission__codename=PARTY,
            permission__content_type__app_label="leder",
            permission__content_type__model="agreement",
        )
        # A grant without being leader or superior opens nothing either: two locks, two keys.
        return self.filter(pk__in=granted.values("content_object_id")).filter(
            Q(leader_id=user.pk) | Q(superior_id=user.pk)
        )

    def with_status(self) -> AgreementQuerySet:
        """Join what every list and page shows of an agreement: people, round, nothing that was written."""
        return self.select_related("round", "leader", "superior", "position__unit")


def grant_parties(agreement: Agreement) -> None:
    """Give the two parties their object permission. Idempotent."""
    permission = party_permission()
    for user_id in (agreement.leader_id, agreement.superior_id):
        _grants().get_or_create(user_id=user_id, permission=permission, content_object=agreement)


def _grants() -> Any:
    # By name: the models import this module.
    return apps.get_model("leder", "AgreementUserObjectPermission").objects


def party_permission() -> Permission:
    """Return the permission row that a grant names."""
    return Permission.objects.get_by_natural_key(PARTY, "leder", "agreement")
