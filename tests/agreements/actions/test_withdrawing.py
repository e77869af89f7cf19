"""A signature that the other's has not met is withdrawn by the one who gave it, with a button (R7)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from leder.agreements import actions
from leder.agreements.models import Agreement, Event, SealLink
from leder.agreements.states import State
from leder.agreements.views.guard.recent import SESSION_KEY
from leder.safekeeping.verification import findings
from tests import clock
from tests.factories import access_of, make_agreement, sign

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


def test_who_may_withdraw() -> None:
    """Who has signed, until the other has: the leader or the superior, whoever was first, and nobody else."""
    agreement = make_agreement(state=State.DISCUSSED)
    leader, superior = agreement.leader, agreement.superior
    for first, other in ((leader, superior), (superior, leader)):
        before = stands(agreement)
        for person in (first, other):
            with pytest.raises(actions.RuleBroken):
                actions.withdraw_signature(access_of(person, agreement))
        assert stands(agreement) == before
        sign(agreement, first)
        before = stands(agreement)
        with pytest.raises(actions.RuleBroken):
            actions.withdraw_signature(access_of(other, agreement))
        assert stands(agreement) == before
        actions.withdraw_signature(access_of(first, agreement))
        assert stands(agreement)[0] == State.DISCUSSED
        assert SealLink.objects.order_by("number").last().kind == "withdrawn"
    for person in (leader, superior):
        sign(agreement, person)
    before = stands(agreement)
    for person in (leader, superior):
        with pytest.raises(actions.RuleBroken):
            actions.withdraw_signature(access_of(person, agreement))
    assert stands(agreement) == before
    assert before[0] == State.SIGNED
    assert list(findings(with_texts=True)) == []


def test_the_button(as_user: Any, django_capture_on_commit_callbacks: Any) -> None:
    agreement = make_agreement(state=State.SIGNING)
    leader, superior = agreement.leader, agreement.superior
    page, act = (reverse(f"leder:{name}", args=[agreement.uuid]) for name in ("sign", "sign_withdraw"))
    assert act in as_user(leader).get(page).content.decode()
    assert act not in as_user(superior).get(page).content.decode()
    before = stands(agreement)
    stale = as_user(leader)
    session = stale.session
    session[SESSION_KEY] = clock.LONG_AGO
    session.save()
    assert "/bekreft" in stale.post(act).headers["Location"]
    assert as_user(superior).post(act).status_code == 403
    assert stands(agreement) == before
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_user(leader).post(act, follow=True)
    words = answer.content.decode()
    assert "Du har trukket signaturen din tilbake" in words
    assert act not in words
    assert 'data-state="signed"' not in words
    assert [message.to for message in mail.outbox] == [[superior.email]]
    assert agreement.events.filter(kind=Event.Kind.UNSIGNED, actor=leader).count() == 1
    agreement.refresh_from_db()
    assert agreement.state == State.DISCUSSED
