"""Several agreements of a round signed at the same moment: each gets a link, and the chain has no hole."""

import json
from functools import partial

from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import SealHead, SealLink
from leder.agreements.states import State
from leder.canonical import digest_of
from leder.conversations import actions as conversing
from leder.safekeeping.verification import findings
from tests import factories
from tests.concurrency.lives import fresh, record_read
from tests.concurrency.test_signing import sign
from tests.concurrency.together import ROUNDS, together


def assert_chained(year_round, count):
    """The links of a round stand in order without a hole, and the end of them is signed."""
    before = ""
    links = list(SealLink.objects.filter(round=year_round).order_by("number"))
    assert [link.number for link in links] == list(range(1, count + 1))
    for link in links:
        assert json.loads(link.said)["previous"] == before
        assert link.digest == digest_of(link.said.encode())
        before = link.digest
    head = SealHead.objects.get(round=year_round)
    assert (head.length, head.digest) == (count, before)
    assert head.is_genuine


def test_agreements_of_a_round_signed_at_once():
    count = 0
    for _round in ROUNDS:
        agreements = [factories.make_agreement(state=State.SIGNING) for _number in range(4)]
        outcomes = together(
            *(
                partial(sign, agreement, agreement.superior, record_read(agreement, agreement.superior))
                for agreement in agreements
            )
        )
        assert all(outcome.done for outcome in outcomes)
        count += 2 * len(agreements)
        assert {agreement.seals.get().links.count() for agreement in agreements} == {2}
        assert_chained(agreements[0].round, count)


def test_one_is_signed_while_another_is_confirmed_and_a_third_replaces_last_years():
    for number in ROUNDS:
        year = factories.YEAR + 10 + number
        last = factories.make_agreement(state=State.SIGNED, year=year - 1)
        new = factories.make_agreement(leader=last.leader, superior=last.superior, year=year)
        factories.bring_to(new, State.SIGNING)
        other = factories.make_agreement(state=State.SIGNING, year=year)
        held = factories.make_agreement(state=State.SIGNED, year=year)
        conversing.hold(factories.access_of(held.superior, held), held_on=timezone.localdate())
        held = fresh(held)
        factories.confirm(held, held.leader)
        outcomes = together(
            partial(sign, new, new.superior, record_read(new, new.superior)),
            partial(sign, other, other.superior, record_read(other, other.superior)),
            partial(factories.confirm, fresh(held), held.superior),
        )
        assert all(outcome.done for outcome in outcomes)
        assert fresh(last).state == State.REPLACED
        assert_chained(new.round, 8)


def test_one_withdraws_while_the_other_signs():
    """Both have signed, or it is withdrawn: never signed by both with one of them withdrawn."""
    count = 0
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.SIGNING)
        outcomes = together(
            partial(actions.withdraw_signature, factories.access_of(agreement.leader, agreement)),
            partial(sign, agreement, agreement.superior, record_read(agreement, agreement.superior)),
        )
        now = fresh(agreement)
        withdrawn, signed = (outcome.done for outcome in outcomes)
        assert signed
        # Signed first, there is nothing to withdraw any more; withdrawn first, theirs is the first.
        assert now.state == (State.SIGNING if withdrawn else State.SIGNED)
        count += 3 if withdrawn else 2
        assert_chained(agreement.round, count)
        assert list(findings(with_texts=True)) == []
