"""Who can read what is written in an agreement beside the two of today: former superiors, and those it is shared with.

Whom an agreement exists for is said beside the model (`models.agreement`). Here stands what needs other rows, too.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q

from leder.agreements.models import Agreement, AgreementUserObjectPermission, Handover, Share
from leder.agreements.models.account import require_open_for
from leder.agreements.models.agreement import PARTY, AgreementQuerySet, granted, is_current
from leder.people import Person

logger = logging.getLogger("leder.access")


def signed_by_former(user: Person) -> AgreementQuerySet:
    """Return the agreements that this user signed as superior and is superior of no more; they stay as signed.

    By the end of the office, or by a handover that the plugin has signed. Two queries, one more where there is some,
    then lazy. Raises AccountShut where there is some, and their account was changed.
    """
    signed = Q()
    for pk, pair in former_pairs(user).items():
        signed |= Q(pk=pk, seals__pair=pair)
    if not signed:
        return Agreement.objects.none()
    standing = Q(seals__kind="agreement", seals__voided_at=None)
    return Agreement.objects.filter(signed & standing, signed_at__isnull=False, text_deleted_at=None)


def former_pairs(user: Person) -> dict[int, str]:
    """Return {agreement id: pair} for the agreements that this user was superior in and no longer is.

    By the end of the office, or by a handover that the plugin has signed. Two queries, one more where there are some.
    Raises AccountShut where there are some, and their account was changed.
    """
    former = {row.pk: row.pair for row in granted(user) if not is_current(row)}
    handed_over = {
        row.agreement_id: row.former_pair
        for row in _handed_over_by(user)
        # Superior again, or in another way still: then the grant says what exists for them.
        if user.pk not in (row.agreement.superior_id, row.agreement.leader_id)
    }
    if former or handed_over:
        require_open_for(user)
    return {**former, **handed_over}


def ways_to_text() -> tuple[tuple[Any, str, str], ...]:
    """Return every way in which an account opens text: rows, the field with the account, the field with the agreement.

    Agreements whose text is deleted are left out. `visible_to`, `signed_by_former` and `Share.visible_to` begin with
    the same rows, and then ask whether the account is active, the person in office and the signature genuine. That is
    not asked here: an account that was switched off a minute ago must be looked at, too.
    """
    readable = Agreement.objects.filter(text_deleted_at=None)
    of_readable = {"agreement__text_deleted_at": None}
    shares = Share.objects
    return (
        (readable, "leader_id", "pk"),
        (readable, "superior_id", "pk"),
        (shares.running().filter(**of_readable), "reader_id", "agreement_id"),
        (_carried_out().filter(**of_readable), "former_id", "agreement_id"),
    )


def party_grant(
    agreement: Agreement, user_id: int, role: str, permission_id: int
) -> AgreementUserObjectPermission:
    """Return a party's signed grant, unsaved."""
    pair = agreement.pair if role == "superior" else ""
    row = AgreementUserObjectPermission(
        user_id=user_id, permission_id=permission_id, content_object=agreement, role=role, pair=pair
    )
    row.sign()
    return row


def party_permission() -> Permission:
    """Return the permission row that a grant names."""
    return Permission.objects.get_by_natural_key(PARTY, "leder", "agreement")


def _handed_over_by(user: Person) -> list[Handover]:
    """The handovers from this user that have been carried out, each with a genuine signature."""
    if not user.is_authenticated or not user.is_active:
        return []
    rows = _carried_out().filter(former_id=user.pk).select_related("agreement")
    return list(rows.order_by("number", "pk").genuine())


def _carried_out() -> Any:
    return Handover.objects.filter(status="carried_out")
