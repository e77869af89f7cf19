"""Putting an earlier version of a section back: a save like any other, with words that stood there before."""

from __future__ import annotations

from leder.agreements import rules
from leder.agreements.access.pairs import pair_of
from leder.agreements.actions.base import RuleBroken, VersionConflict, lock_as, require, section_of
from leder.agreements.actions.writing import save_section
from leder.agreements.models import Access, Agreement, Entry, Seal
from leder.agreements.models.acts import one_act
from leder.agreements.reading.versions import keep_version, log_version, version_for_work
from leder.agreements.vault.bindings import entry_binding
from leder.agreements.vault.cipher import cipher_of
from leder.pages.editions import Section


@one_act()
def put_back(access: Access, *, section_id: str, number: int, version: int) -> Entry:
    """Save an earlier version anew. What stood there is kept as a version first. Returns the entry.

    `number` is the version to put back, `version` the one that stands, as the person saw it. Saved as by
    `save_section`, with VersionConflict, RuleBroken or DamagedText. Logged as read: from now on it is the actor's.
    """
    here = lock_as(access)
    locked = here.agreement
    section = section_of(locked, section_id)
    require(rules.may_put_back(here, section, is_signed=is_signed_by_one(locked, section)))
    earlier = version_for_work(here, section, number)
    if earlier is None or earlier.payload is None:
        raise RuleBroken
    require(rules.may_put_this_back(here, earlier.row))
    _keep_present(locked, section, version)
    entry = save_section(access, section_id=section_id, version=version, payload=earlier.payload)
    log_version(here, earlier.row)
    return entry


def is_signed_by_one(agreement: Agreement, section: Section) -> bool:
    """Whether one of the two has signed what a section holds, or confirmed it. One query."""
    kind = Seal.Kind.FOLLOW_UP if section.is_follow_up else Seal.Kind.AGREEMENT
    return agreement.seals.filter(kind=kind, voided_at=None).exists()


def _keep_present(agreement: Agreement, section: Section, version: int) -> None:
    pair = pair_of(agreement, section.id, Entry.Kind.ANSWER)
    entry = agreement.entries.filter(section_id=section.id, kind=Entry.Kind.ANSWER, pair=pair).first()
    if entry is None or entry.version != version:
        raise VersionConflict(entry.version if entry else 0)
    stands = cipher_of(agreement).open(entry.ciphertext, *entry_binding(entry))
    keep_version(agreement, section, entry, stands)
