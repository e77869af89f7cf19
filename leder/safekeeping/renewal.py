"""Renewal (fornying): each agreement gets another data key, and all that it has written is sealed anew with that.

Exchange of keys (`rotation`) wraps the same data keys anew: one who has unwrapped them with a key that leaked opens
what is written afterwards too. Renewed is every data key that was made under another key than the first of LEDER_KEYS.
So a renewal that was stopped goes on where it stopped, and a second one does nothing before there is another first key.

An agreement is renewed whole, in one transaction that holds it as every act does; one who acts waits, for a batch at
most. Where something does not open, or a signature is not genuine, the agreement stays as it is and is counted: it may
be mended, and then only by the key it was sealed with. `verification` names it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from leder import conf, keyed
from leder.agreements.models import Agreement, DataKey
from leder.agreements.vault.cipher import KEY, DamagedText, renew
from leder.safekeeping.rotation import BEYOND, Count, Progress, update_rows
from leder.safekeeping.texts import TEXTS, Store

BATCH = 50
# Between two batches the site has the database to itself for so much of the time that a batch took.
REST = 0.25

# A model, and the fields of it that are written.
Target = tuple[type[Model], tuple[str, ...]]


def renew_data_keys(progress: Progress) -> Count:
    """Renew every agreement whose data key was made under another key than the first. Safe to stop and run again."""
    first = keyed.fingerprint(conf.wrapping_keys()[0])
    waiting = DataKey.objects.exclude(made_under=first).order_by("-pk").values_list("pk", flat=True)
    total, done, left, before = waiting.count(), 0, 0, BEYOND
    while pks := list(waiting.filter(pk__lt=before)[:BATCH]):
        began = time.monotonic()
        renewed, damaged = _renew(pks, first)
        done, left, before = done + renewed, left + damaged, pks[-1]
        progress("renewed", done, total)
        time.sleep(REST * (time.monotonic() - began))
    return Count("data keys and all that they seal", done, left)


@transaction.atomic
def _renew(pks: list[int], first: str) -> tuple[int, int]:
    """Renew some agreements, each whole or not at all. Returns how many were, and how many could not be."""
    # Newest first, as when a signature replaces last year's agreement: one order of locks.
    rows = Agreement.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("-pk")
    held = list(rows.values_list("pk", flat=True))
    # Behind the lock, as all that writes: another may have renewed them, or deleted their text, meanwhile.
    keys = (
        DataKey.objects.filter(pk__in=held)
        .exclude(made_under=first)
        .select_related("agreement")
        .order_by("-pk")
    )
    written = _written(held)
    changed: dict[Target, list[Any]] = defaultdict(list)
    damaged = 0
    for key in keys:
        try:
            before, after = renew(key)
            for store, row in written[key.pk]:
                store.reseal(row, before, after)
        except DamagedText:
            damaged += 1
            continue
        changed[DataKey, KEY].append(key)
        for store, row in written[key.pk]:
            changed[store.model, store.fields].append(row)
    for (model, fields), sealed in changed.items():
        update_rows(model, fields, [(*(getattr(row, name) for name in fields), row.pk) for row in sealed])
    return len(changed[DataKey, KEY]), damaged


def _written(agreements: list[int]) -> dict[int, list[tuple[Store, Any]]]:
    """All that stands written in some agreements, by agreement. One query for each kind of text."""
    found: dict[int, list[tuple[Store, Any]]] = defaultdict(list)
    for store in TEXTS:
        rows = store.of(agreements).exclude(**{store.column: b""})
        if store.joined:
            rows = rows.select_related(*store.joined)
        for row in rows.annotate(written_in=F(f"{store.agreement}_id")).order_by("-pk"):
            found[row.written_in].append((store, row))
    return found
