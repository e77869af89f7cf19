"""A share is withdrawn, agreed to and proposed while its reader reads: what was withdrawn is not read (R2)."""

import datetime as dt
from functools import partial

from django.utils import timezone

from leder.agreements.actions import RuleBroken
from leder.agreements.models import Event, Share
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import open_shared, open_texts
from leder.agreements.states import State
from leder.safekeeping import deletion
from leder.sharing import actions as sharing
from tests import factories
from tests.concurrency.lives import assert_whole, events, fresh, record_read, save
from tests.concurrency.test_signing import sign
from tests.concurrency.together import ROUNDS, together
from tests.factories import SECTION


def proposed(**kwargs):
    """A share that one party has proposed, of a section that is written."""
    agreement = factories.make_agreement(state=State.DISCUSSED)
    save(agreement, agreement.leader, "Målet")
    terms = {
        "section_id": SECTION,
        "reader": factories.make_user(),
        "purpose": "Lønnssamtale",
        "until": timezone.localdate() + dt.timedelta(days=30),
        **kwargs,
    }
    return sharing.propose(factories.access_of(agreement.leader, agreement), **terms)


def agreed():
    """A share that both have agreed to."""
    share = proposed()
    return sharing.consent(factories.access_of(share.agreement.superior, share.agreement), share)


def read(share):
    """Read as the reader does: what is found first, then what is opened, and the time when it was."""
    found = Share.objects.visible_to(share.reader).select_related("agreement").filter(pk=share.pk).first()
    if found is None:
        return None
    texts = open_shared(reader=share.reader, share=found)
    return texts.answers or None


def test_one_withdraws_while_the_reader_reads():
    for _round in ROUNDS:
        share = agreed()
        withdrawn, *readings = together(
            partial(sharing.withdraw, factories.access_of(share.agreement.leader, share.agreement), share),
            *[partial(read, share)] * 3,
        )
        assert withdrawn.done
        share.refresh_from_db()
        logged = share.readings.values_list("at", flat=True)
        # Read before it was withdrawn, and logged; or not at all.
        assert all(at < share.ended_at for at in logged)
        assert bool(logged) == any(reading.result for reading in readings)
        assert read(share) is None
        assert open_shared(reader=share.reader, share=share).answers == {}
        assert share.readings.count() == len(logged)
        assert_whole(share.agreement)


def test_the_reader_found_it_just_before_it_was_withdrawn():
    """The page has looked it up, and opens it after the other has been told that nobody reads it any more."""
    share = agreed()
    [found] = Share.objects.visible_to(share.reader).select_related("agreement")
    sharing.withdraw(factories.access_of(share.agreement.superior, share.agreement), share)
    assert open_shared(reader=share.reader, share=found).answers == {}
    assert not share.readings.exists()


def test_both_withdraw_at_once():
    for _round in ROUNDS:
        share = agreed()
        people = (share.agreement.leader, share.agreement.superior)
        outcomes = together(
            *(
                partial(sharing.withdraw, factories.access_of(person, share.agreement), share)
                for person in people
            )
        )
        assert sum(outcome.done for outcome in outcomes) == 1
        assert events(share.agreement)[Event.Kind.WITHDRAWN] == 1


def test_one_agrees_while_the_other_takes_it_back():
    for _round in ROUNDS:
        share = proposed()
        agreement = share.agreement
        agreed_to, taken_back, reading = together(
            partial(sharing.consent, factories.access_of(agreement.superior, share.agreement), share),
            partial(sharing.withdraw, factories.access_of(agreement.leader, share.agreement), share),
            partial(read, share),
        )
        # Taken back first, there is nothing to agree to; agreed to first, it is withdrawn after.
        assert taken_back.done
        share.refresh_from_db()
        assert (share.status, share.mac) == (Share.Status.WITHDRAWN, "")
        assert events(agreement)[Event.Kind.SHARED] == agreed_to.done
        assert agreed_to.done or reading.result is None
        assert read(share) is None


def test_one_agrees_and_declines_in_two_tabs():
    for _round in ROUNDS:
        share = proposed()
        acts = (sharing.consent, sharing.decline)
        access = factories.access_of(share.agreement.superior, share.agreement)
        outcomes = together(*(partial(act, access, share) for act in acts))
        assert sum(outcome.done for outcome in outcomes) == 1
        share.refresh_from_db()
        assert share.status == (Share.Status.AGREED if outcomes[0].done else Share.Status.DECLINED)
        assert bool(read(share)) == outcomes[0].done


def test_both_propose_the_same_at_once():
    for _round in ROUNDS:
        agreement = factories.make_agreement()
        reader = factories.make_user()
        outcomes = together(
            *(
                partial(
                    sharing.propose,
                    factories.access_of(person, agreement),
                    section_id=SECTION,
                    reader=reader,
                    purpose="Lønnssamtale",
                    until=timezone.localdate(),
                )
                for person in (agreement.leader, agreement.superior)
            )
        )
        assert sum(outcome.done for outcome in outcomes) == 1
        assert agreement.shares.count() == 1
        assert events(agreement)[Event.Kind.PROPOSED] == 1


def test_the_reader_reads_while_the_parties_read_sign_and_write():
    """A reader of a share waits for those who act, and they for the reader: never in a circle."""
    for _round in ROUNDS:
        share = agreed()
        agreement = share.agreement
        seen = record_read(agreement, agreement.leader)
        outcomes = together(
            partial(read, share),
            partial(open_texts, factories.access_of(agreement.superior, fresh(agreement))),
            partial(sign, agreement, agreement.leader, seen),
            partial(save, agreement, agreement.superior, "Nytt", version=1),
        )
        shown = outcomes[0].result[SECTION].version
        assert list(share.readings.values_list("section_id", "version")) == [(SECTION, shown)]
        assert_whole(agreement)


def test_the_text_is_deleted_while_the_reader_reads_and_one_agrees():
    for _round in ROUNDS:
        share = proposed()
        deleted, agreed_to, _reading = together(
            partial(deletion.delete_texts, [share.agreement_id]),
            partial(sharing.consent, factories.access_of(share.agreement.superior, share.agreement), share),
            partial(read, share),
        )
        assert deleted.result == 1
        assert agreed_to.done or isinstance(agreed_to.refusal, RuleBroken)
        share.refresh_from_db()
        assert (share.status, share.mac, bytes(share.purpose)) == (Share.Status.WITHDRAWN, "", b"")
        assert read(share) is None
        assert reading_log.first_fault(share.agreement) is None
