"""A signature that the other's has not met is withdrawn by the one who gave it, with a button (R7).

So is a confirmation of the follow-up (R4).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse

from leder.agreements import actions
from leder.agreements.models import Agreement, Event, SealLink
from leder.agreements.states import State
from leder.conversations.actions import hold
from leder.safekeeping.verification import findings
from tests.attacks.sql import set_columns
from tests.factories import access_of, confirm, make_agreement, sign

pytestmark = pytest.mark.django_db


def stands(agreement: Agreement) -> list[Any]:
    """What withdrawing would change."""
    agreement.refresh_from_db()
    return [
        agreement.state,
        list(agreement.seals.values_list("voided_at", flat=True)),
        SealLink.objects.count(),
        agreement.events.count(),
        len(mail.outbox),
    ]


def assert_refused(agreement: Agreement, *acts: Callable[[], Any]) -> None:
    """Each of the acts is refused, and none changes anything."""
    before = stands(agreement)
    for act in acts:
        with pytest.raises(actions.RuleBroken):
            act()
    assert stands(agreement) == before


def withdrawing(agreement: Agreement, *people: Any) -> list[Callable[[], Any]]:
    """What takes the signature of each back."""
    return [partial(actions.withdraw_signature, access_of(person, agreement)) for person in people]


def withdrawing_confirmation(agreement: Agreement, *people: Any) -> list[Callable[[], Any]]:
    """What takes the confirmation of each back."""
    return [partial(actions.withdraw_confirmation, access_of(person, agreement)) for person in people]


def assert_a_button(
    agreement: Agreement, as_user: Any, commits: Any, *, names: tuple[str, str], said: str, event: Event.Kind
) -> None:
    """The leader, who has signed alone, takes it back on a page (of the first name) with a post (to the second)."""
    leader, superior = agreement.leader, agreement.superior
    page, act = (reverse(f"leder:{name}", args=[agreement.uuid]) for name in names)
    assert act in as_user(leader).get(page).content.decode()
    assert act not in as_user(superior).get(page).content.decode()
    before = stands(agreement)
    assert "/bekreft" in as_user(leader, recent=False).post(act).headers["Location"]
    assert as_user(superior).post(act).status_code == 403
    assert stands(agreement) == before
    with commits(execute=True):
        words = as_user(leader).post(act, follow=True).content.decode()
    assert said in words
    assert act not in words
    assert 'data-state="signed"' not in words
    assert [message.to for message in mail.outbox] == [[superior.email]]
    assert agreement.events.filter(kind=event, actor=leader).count() == 1


def test_who_may_withdraw() -> None:
    """Who has signed, until the other has: the leader or the superior, whoever was first, and nobody else."""
    agreement = make_agreement(state=State.DISCUSSED)
    leader, superior = agreement.leader, agreement.superior
    for first, other in ((leader, superior), (superior, leader)):
        assert_refused(agreement, *withdrawing(agreement, first, other))
        sign(agreement, first)
        assert_refused(agreement, *withdrawing(agreement, other))
        actions.withdraw_signature(access_of(first, agreement))
        assert stands(agreement)[0] == State.DISCUSSED
        assert SealLink.objects.order_by("number").last().kind == "withdrawn"
    for person in (leader, superior):
        sign(agreement, person)
    assert_refused(agreement, *withdrawing(agreement, leader, superior))
    assert agreement.state == State.SIGNED
    assert list(findings(with_texts=True)) == []


def test_the_button(as_user: Any, django_capture_on_commit_callbacks: Any) -> None:
    agreement = make_agreement(state=State.SIGNING)
    assert_a_button(
        agreement,
        as_user,
        django_capture_on_commit_callbacks,
        names=("sign", "sign_withdraw"),
        said="Du har trukket signaturen din tilbake",
        event=Event.Kind.UNSIGNED,
    )
    agreement.refresh_from_db()
    assert agreement.state == State.DISCUSSED


def held() -> Agreement:
    """An agreement whose follow-up can be confirmed."""
    agreement = make_agreement(state=State.SIGNED)
    hold(access_of(agreement.superior, agreement), held_on=agreement.signed_at.date())
    return agreement


def test_who_may_withdraw_a_confirmation() -> None:
    """Who has confirmed, until the other has; and a genuine one that is put back counts no more."""
    agreement = held()
    leader, superior = agreement.leader, agreement.superior
    for first, other in ((leader, superior), (superior, leader)):
        assert_refused(agreement, *withdrawing_confirmation(agreement, first, other))
        confirm(agreement, first)
        assert_refused(agreement, *withdrawing_confirmation(agreement, other), *withdrawing(agreement, first))
        actions.withdraw_confirmation(access_of(first, agreement))
        assert stands(agreement)[0] == State.SIGNED
        assert SealLink.objects.order_by("number").last().kind == "withdrawn"
        withdrawn = agreement.seals.get(kind="follow_up", voided_at__isnull=False, signatures__signer=first)
        with transaction.atomic():
            set_columns(withdrawn, voided_at=None)
            withdrawn.refresh_from_db()
            assert withdrawn.signatures.genuine() and not withdrawn.given_signatures()
            transaction.set_rollback(True)
    for person in (leader, superior):
        confirm(agreement, person)
    assert_refused(agreement, *withdrawing_confirmation(agreement, leader, superior))
    assert agreement.state == State.FOLLOWED_UP
    assert list(findings(with_texts=True)) == []


def test_the_button_of_the_follow_up(as_user: Any, django_capture_on_commit_callbacks: Any) -> None:
    agreement = held()
    leader, superior = agreement.leader, agreement.superior
    confirm(agreement, leader)
    assert_a_button(
        agreement,
        as_user,
        django_capture_on_commit_callbacks,
        names=("follow_up", "follow_up_withdraw"),
        said="Du har trukket bekreftelsen din tilbake",
        event=Event.Kind.UNCONFIRMED,
    )
    confirm(agreement, leader)
    confirm(agreement, superior)
    agreement.refresh_from_db()
    assert agreement.state == State.FOLLOWED_UP
