"""What every action shares: lock the row, ask the rule again, keep the history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.utils import timezone

from leder.agreements.access.pairs import is_of_a_pair, pair_of
from leder.agreements.models import Access, Agreement, Entry, Event
from leder.agreements.models.acts import know_locked
from leder.agreements.models.agreement import GRANTED, held_by
from leder.agreements.reading.versions import keep_version
from leder.agreements.vault.bindings import entry_binding
from leder.agreements.vault.cipher import KEY, cipher_of
from leder.pages.editions import Section
from leder.people import Person


class RuleBroken(PermissionDenied):
    """The rules do not allow this now. Nothing was changed."""


class VersionConflict(Exception):
    """Somebody saved this text in the meantime. Nothing was changed; read the current text and choose.

    `is_own` says that it was the actor, as from another tab.
    """

    def __init__(self, current_version: int, *, is_own: bool = False) -> None:
        super().__init__()
        self.current_version = current_version
        self.is_own = is_own


class ContentChanged(Exception):
    """The content is no longer what the person read before signing. Nothing was changed."""


def lock_as(access: Access) -> Access:
    """Return the access to a fresh copy of the row, locked for what a party does. Raises RuleBroken if it is gone.

    Asked behind the lock: an office may have ended, or the agreement been handed over, since the page was shown.
    """
    locked = lock(access.agreement)
    now = require_reach(access.reader, locked, recent=access.recent)
    if data_key := getattr(now.agreement, "data_key", None):
        locked.data_key = data_key
    return replace(now, agreement=locked, new_device=access.new_device)


def lock(agreement: Agreement) -> Agreement:
    """Return a fresh copy of the row, locked until the end of the transaction: for what nobody does as a party.

    Its data key is fetched behind the lock (`require_reach`): joined here, it would be the one from before a renewal
    that was waited for, and what is sealed with that would never open.
    """
    # No key: lines of the reading log refer to the agreement, and wait for nobody who acts.
    rows = (
        Agreement.objects.select_for_update(of=("self", "inventory"), no_key=True)
        .select_related("round", "leader", "superior", "inventory")
        .filter(pk=agreement.pk)
    )
    # PostgreSQL locks nothing that may be missing; what was removed by hand is.
    listed = rows.exclude(inventory=None)
    # Nor gives it a row to one who waited here while it got another superior: asked again, it joins the new one.
    locked = listed.first() or listed.first()
    if locked is None:
        return rows.select_for_update(of=("self",), no_key=True).get().with_editions(agreement)
    know_locked(locked.inventory)
    return locked.with_editions(agreement)


def require(allowed: bool) -> None:
    """Raise RuleBroken unless the rule says yes."""
    if not allowed:
        raise RuleBroken


def require_reach(person: Person, agreement: Agreement, *, recent: bool) -> Access:
    """Return the person's access to the agreement as it is now, with its data key. Raises RuleBroken if there is none.

    One query, one more where it was handed over.
    """
    rows = (
        held_by(person)
        .filter(pk=agreement.pk)
        .select_related("data_key")
        .only(*GRANTED, *(f"data_key__{name}" for name in KEY))
    )
    access = rows.access_for(person, recent=recent)
    if access is None:
        raise RuleBroken
    return access


def require_form(access: Access, locked: Agreement) -> None:
    """Raise RuleBroken where the access was loaded on another form than the agreement stands on now."""
    require(access.agreement.form_edition_id == locked.form_edition_id)


def require_pair(access: Access, locked: Agreement, section_id: str, kind: str) -> None:
    """Raise RuleBroken for a text of one pair where the superior changed after the access was loaded (R2)."""
    require(access.agreement.pair == locked.pair or not is_of_a_pair(locked, section_id, kind))


def section_of(agreement: Agreement, section_id: str) -> Section:
    """Return the section of the agreement's form edition. Raises RuleBroken for an unknown one."""
    section = agreement.form_edition.section(section_id)
    if section is None:
        raise RuleBroken
    return section


def note_event(agreement: Agreement, kind: Event.Kind, actor: Any, section_id: str = "") -> None:
    """Add a line to the history that both parties see."""
    Event.objects.create(
        agreement=agreement, kind=kind, actor=actor, section_id=section_id, at=timezone.now()
    )


def _last_version(agreement: Agreement, entry: Entry) -> int:
    """The last version of a text. Numbers go on from pair to pair, so that each names one text in the reading log."""
    if agreement.handed_over_at is None:
        return entry.version
    kinds = (Entry.Kind.ANSWER, Entry.Kind.CONSENTED)
    same = agreement.entries.filter(section_id=entry.section_id, role=entry.role).filter(
        kind__in=kinds if entry.kind in kinds else (entry.kind,)
    )
    return same.aggregate(last=Max("version"))["last"] or 0


def store_entry(
    access: Access, *, section_id: str, kind: str, role: str, version: int, payload: dict
) -> tuple[Entry, bool]:
    """Store a text under a locked agreement. Returns the entry and whether it changed.

    `version` is the one the writer started from, 0 for the first. Raises VersionConflict when another has been
    saved since; saving the same words again changes nothing and never conflicts.
    """
    actor, agreement = access.reader, access.agreement
    cipher = cipher_of(agreement)
    pair = pair_of(agreement, section_id, kind)
    place = {"section_id": section_id, "kind": kind, "role": role, "pair": pair}
    entry, stands = agreement.entries.filter(**place).first(), None
    if entry is None:
        entry = Entry(agreement=agreement, version=0, **place)
    else:
        # Of the pair of today, or one's own preparation. At an old session, too, which does not show it: just then it
        # must not be lost.
        stands = cipher.open(entry.ciphertext, *entry_binding(entry))
        if payload == stands:
            return entry, False
    if version != entry.version:
        raise VersionConflict(entry.version, is_own=entry.author_id == actor.pk)
    if stands and kind == Entry.Kind.ANSWER and entry.author_id != actor.pk:
        keep_version(agreement, section_of(agreement, section_id), entry, stands)
    entry.version = _last_version(agreement, entry) + 1
    entry.author = actor
    entry.ciphertext = cipher.seal(payload, *entry_binding(entry))
    entry.updated_at = timezone.now()
    entry.save()
    return entry, True
