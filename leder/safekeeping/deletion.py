"""Deletion for good (sletting): on the date the round states, the text of its agreements becomes unreadable.

The data key is deleted and every ciphertext emptied: the one so that no copy of the database with the ciphertexts, the
other so that no earlier copy with the key, is enough. A copy of both from before still opens with the LEDER_KEYS of
its time: it is gone when that key is (`rotation`). States, dates and the seals' hashes stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone

from leder.agreements.models import Agreement, DataKey, Event, Proposal, Reopening, Round, Share, Version
from leder.agreements.models.acts import one_act
from leder.agreements.rules import VERSIONS_LAST
from leder.agreements.states import ACTIVE, State
from leder.conversations.models import Conversation
from leder.safekeeping.texts import TEXTS

BATCH = 1000
EMPTY = b""


def delete_due_texts(*, today: dt.date) -> int:
    """Delete the text of the agreements whose round's date has come. Returns how many. Safe to stop and run again.

    A date that the plugin has not written deletes nothing.
    """
    rounds = Round.objects.filter(text_deleted_on__lte=today).genuine()
    due = Agreement.objects.filter(round__in=rounds, text_deleted_at=None).order_by("pk")
    count = 0
    while pks := list(due.values_list("pk", flat=True)[:BATCH]):
        count += delete_texts(pks)
    return count


@one_act()
def delete_texts(pks: list[int]) -> int:
    """Make the text of these agreements unreadable for good; those that still stood are ended. Returns how many."""
    # Newest first, as when a signature replaces last year's agreement: one order of locks.
    locked = list(
        Agreement.objects.select_for_update(no_key=True)
        .filter(pk__in=pks, text_deleted_at=None)
        .order_by("-pk")
        .values_list("pk", flat=True)
    )
    now = timezone.now()
    DataKey.objects.filter(agreement_id__in=locked).delete()
    Version.objects.filter(agreement_id__in=locked).delete()
    for store in TEXTS:
        store.of(locked).update(**{store.column: EMPTY})
    shares = Share.objects.filter(status__in=(Share.Status.PROPOSED, Share.Status.AGREED))
    for standing in (shares, Reopening.objects.filter(status=Reopening.Status.PROPOSED)):
        standing.filter(agreement_id__in=locked).update(
            status=Proposal.Status.WITHDRAWN, ended_at=now, mac=""
        )
    Conversation.objects.filter(agreement_id__in=locked, status=Conversation.Status.CALLED).update(
        status=Conversation.Status.CANCELLED
    )
    rows = Agreement.objects.filter(pk__in=locked)
    rows.filter(state__in=ACTIVE).update(state=State.ENDED, state_changed_at=now)
    rows.update(text_deleted_at=now)
    Event.objects.bulk_create(
        [Event(agreement_id=pk, kind=Event.Kind.DELETED, actor=None, at=now) for pk in locked]
    )
    return len(locked)


def delete_due_versions(*, now: dt.datetime) -> int:
    """Delete earlier versions that can be read no longer (`rules.may_read_versions`). Returns how many."""
    before = now - VERSIONS_LAST
    of_follow_up = Q(stage="follow_up", agreement__state__in=(State.FOLLOWED_UP, State.REPLACED, State.ENDED))
    ended = Q(agreement__state=State.ENDED, agreement__signed_at=None) & ~Q(stage="follow_up")
    signed = Q(agreement__signed_at__lte=before) & ~Q(stage="follow_up")
    over = (of_follow_up | ended) & Q(agreement__state_changed_at__lte=before)
    due = Version.objects.filter(over | signed | Q(agreement__text_deleted_at__isnull=False))
    deleted, _per_model = due.delete()
    return deleted


def remains() -> Iterator[str]:
    """Name what should be gone and is not: keys and ciphertexts of agreements whose text is deleted."""
    deleted = Agreement.objects.exclude(text_deleted_at=None)
    for key in DataKey.objects.filter(agreement__in=deleted).select_related("agreement"):
        yield f"data key of agreement {key.agreement.uuid}, whose text is deleted"
    for store in TEXTS:
        for row in (
            store.model._default_manager.filter(**{f"{store.agreement}__text_deleted_at__isnull": False})
            .exclude(**{store.column: EMPTY})
            .values_list("pk", f"{store.agreement}__uuid")
        ):
            yield f"{store.model._meta.model_name} {row[0]} of agreement {row[1]}, whose text is deleted"
