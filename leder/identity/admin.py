"""What Wagtail's user administration and an import of the organisation tell us, before they change accounts and after.

Before, so that it is known what stood there; after, so that what was changed is told at once, and not at night.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from leder.agreements.models import KnownAccount
from leder.identity import actions, hr
from leder.identity.concerned import agreements_of

# Where a request keeps the name of the last change before it.
BEFORE = "leder_change_before"


def before_edit_user(request: HttpRequest, user: Any) -> None:
    """Look at an account that is about to be changed. A page that is only shown changes nothing."""
    if request.method == "POST":
        actions.look_at([user.pk])
        account = KnownAccount.objects.filter(pk=user.pk).first()
        setattr(request, BEFORE, account and account.uuid)


def after_edit_user(request: HttpRequest, user: Any) -> None:
    """Look at an account that was changed: password, address, active or not; and at who is in HR by it.

    Says what followed, where it opens text of an agreement.
    """
    actions.look_at([user.pk], made_now=True)
    hr.look()
    account = KnownAccount.objects.filter(pk=user.pk).first()
    is_changed = account is not None and account.uuid != getattr(request, BEFORE, None)
    if account is not None and is_changed and agreements_of([user.pk])[user.pk]:
        messages.info(request, _what_followed(account), fail_silently=True)


def after_create_user(request: HttpRequest, user: Any) -> None:
    """Look at who is in HR by a new account."""
    hr.look()


def before_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Look at several accounts that are about to be changed at once."""
    actions.look_at(_people(objects))


def after_bulk_action(request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any) -> None:
    """Look at several accounts that were changed at once, and at who is in HR by it."""
    if people := _people(objects):
        actions.look_at(people, made_now=True)
        hr.look()


def look_at_accounts(pks: Collection[Any], *, made_now: bool = False) -> None:
    """Look at accounts, before an import changes them and after."""
    actions.look_at(pks, made_now=made_now)


def _what_followed(account: KnownAccount) -> str:
    if account.is_shut_by_note(timezone.now()):
        return _(
            "The person and the parties of the agreement get an e-mail about the change. The text of agreements is "
            "shut to this account until the other party has confirmed that it is the right person."
        )
    return _("The person and the parties of the agreement get an e-mail about the change. Nothing is shut.")


def _people(objects: Iterable[Any]) -> list[Any]:
    return [each.pk for each in objects if isinstance(each, get_user_model())]
