"""The one thing that is counted of what parties write: which assignments of the letter are taken up, and goals closed.

Nobody reads here. What comes out is counts by group, never an agreement's own and never a word: ids that stand in the
letter itself, and the states a goal can have. Only parts of signed agreements that are not private are opened, and of
what is in them only the chosen ids and the states are looked at (decision 0017). No line goes into the reading log,
because nobody is shown anything; both parties are told on the pages about who can read what.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from leder.agreements.answers import GoalStatus
from leder.agreements.editions.decisions import earlier_editions, load_earlier
from leder.agreements.models import Agreement, Entry
from leder.agreements.sections.kinds import kind_of
from leder.agreements.states import State
from leder.agreements.vault.bindings import entry_binding
from leder.agreements.vault.cipher import Cipher, DamagedText, cipher_of
from leder.pages.editions import Edition, Statement

logger = logging.getLogger("leder.agreements")

COUNTED = (State.SIGNED, State.FOLLOWED_UP, State.REPLACED)
BATCH = 500


@dataclass
class LetterTally:
    """Of a group of agreements: in how many each assignment and theme is taken up, and how many goals stand how."""

    agreements: int = 0
    followed_up: int = 0
    assignments: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)
    goals: Counter[str] = field(default_factory=Counter)


@dataclass
class _Chosen:
    """What one agreement adds. Never leaves this module."""

    assignments: set[str] = field(default_factory=set)
    goals: dict[str, str] = field(default_factory=dict)


def count_letter(groups: Mapping[int, int]) -> dict[int, LetterTally]:
    """Count the signed agreements with these ids by the group each is given: {agreement id: group}.

    Agreements that are not signed, or whose text is deleted, are passed over. What does not open counts as nothing and
    is logged without content. Two queries for each 500 agreements, and two more where a text was exchanged.
    """
    tallies: dict[int, LetterTally] = defaultdict(LetterTally)
    editions: dict[int, Edition] = {}
    for ids in _batches(groups):
        agreements = {
            agreement.pk: agreement
            for agreement in Agreement.objects.filter(
                pk__in=ids, state__in=COUNTED, signed_at__isnull=False, text_deleted_at=None
            ).select_related("data_key")
        }
        missing = {
            pk
            for agreement in agreements.values()
            for pk in (agreement.form_edition_id, agreement.letter_edition_id)
        } - editions.keys()
        editions |= Edition.objects.in_bulk(missing) if missing else {}
        load_earlier(agreements.values())
        for pk, chosen in _chosen(agreements, editions).items():
            _add(tallies[groups[pk]], agreements[pk], chosen, editions)
    return dict(tallies)


def is_followed_up(agreement: Agreement) -> bool:
    """Whether the autumn's conversation is held: goals are counted from then on."""
    return agreement.follow_up_on is not None


def _chosen(agreements: dict[int, Agreement], editions: dict[int, Edition]) -> dict[int, _Chosen]:
    chosen = {pk: _Chosen() for pk in agreements}
    ciphers: dict[int, Cipher | None] = {}
    entries = Entry.objects.filter(
        agreement__in=list(agreements), kind__in=(Entry.Kind.ANSWER, Entry.Kind.PROGRESS)
    )
    # Answers before progress, which says how goals stand that the answers have.
    for entry in entries.order_by("kind", "pk"):
        agreement = agreements[entry.agreement_id]
        section = editions[agreement.form_edition_id].section(entry.section_id)
        if section is None or section.private:
            continue
        takes_up = kind_of(section).is_counted and entry.kind == Entry.Kind.ANSWER
        has_goals = section.goals and is_followed_up(agreement)
        if not (takes_up or has_goals):
            continue
        if agreement.pk not in ciphers:
            ciphers[agreement.pk] = _cipher(agreement)
        payload = _opened(ciphers[agreement.pk], entry, agreement)
        if takes_up:
            known = _assignments(agreement, editions).keys()
            chosen[agreement.pk].assignments |= known & {
                each.get("id") for each in payload.get("choices", [])
            }
        if has_goals:
            chosen[agreement.pk].goals |= dict(_goals(payload, entry.kind))
    return chosen


def _goals(payload: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """The state of each goal by its id; a state that there is not counts as none."""
    if kind == Entry.Kind.ANSWER:
        stated = [(goal.get("id"), goal.get("status")) for goal in payload.get("goals", [])]
    else:
        stated = [(key, goal.get("status")) for key, goal in payload.get("goals", {}).items()]
    for key, status in stated:
        if status in GoalStatus.values:
            yield str(key), str(status)


def _add(tally: LetterTally, agreement: Agreement, chosen: _Chosen, editions: dict[int, Edition]) -> None:
    statements = _assignments(agreement, editions)
    tally.agreements += 1
    tally.assignments.update(chosen.assignments)
    tally.themes.update({statements[key].part_id for key in chosen.assignments})
    if is_followed_up(agreement):
        tally.followed_up += 1
        tally.goals.update(chosen.goals.values())


def _assignments(agreement: Agreement, editions: dict[int, Edition]) -> dict[str, Statement]:
    """The statements that can be chosen from the letter, and those that were chosen before it was exchanged."""
    statements = editions[agreement.letter_edition_id].statements
    for earlier in earlier_editions(agreement):
        if earlier.kind == Edition.Kind.LETTER:
            statements = {**earlier.statements, **statements}
    return statements


def _cipher(agreement: Agreement) -> Cipher | None:
    try:
        return cipher_of(agreement)
    except DamagedText:
        logger.error("data key does not open: agreement %s", agreement.uuid)
        return None


def _opened(cipher: Cipher | None, entry: Entry, agreement: Agreement) -> dict[str, Any]:
    if cipher is None:
        return {}
    try:
        return cipher.open(entry.ciphertext, *entry_binding(entry))
    except DamagedText:
        logger.error("text does not open: agreement %s, %s", agreement.uuid, entry.kind)
        return {}


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(ids)
    while batch := list(islice(waiting, BATCH)):
        yield batch
