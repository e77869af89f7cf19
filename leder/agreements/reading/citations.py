"""Where a leader's own agreement builds on a page. The page is read by everybody, so this costs one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, FilteredRelation, Q

from leder.agreements.access.pairs import stands
from leder.agreements.models import Access, Agreement, Entry, Role
from leder.agreements.models.agreement import held_by
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import open_entry, open_texts
from leder.agreements.reading.texts import Text, Texts
from leder.agreements.reading.versions import keep_shown
from leder.agreements.sections.kinds import kind_of
from leder.agreements.states import ACTIVE
from leder.pages.editions import Statement
from leder.people import Person

# Which editions a page may be pinned as; the form is built on as a whole, not by statement.
CITED = ("platform_edition", "letter_edition")


def own_citations(
    *, reader: Person, page: Any, recent: bool, new_device: bool = False
) -> tuple[Agreement, list[Statement]] | None:
    """Return the reader's latest standing agreement, as leader, on this page and the statements chosen from it.

    None when no agreement of the reader's stands on the page. The statements are those of the pinned edition. Without
    a recent sign-in (`guard.recent`) those chosen in private sections are left out. What another has chosen is written
    in the reading log, on a `new_device` one's own choices, too: four queries more, and six when it does not stand
    there already.
    """
    pinned = Q(platform_edition__page_id=page.pk) | Q(letter_edition__page_id=page.pk)
    accesses = (
        held_by(reader)
        .filter(pinned | Q(form_edition__page_id=page.pk), leader_id=reader.pk, state__in=ACTIVE)
        .alias(answer=FilteredRelation("entries", condition=Q(entries__kind=Entry.Kind.ANSWER)))
        .annotate(
            answer_section=F("answer__section_id"),
            answer_version=F("answer__version"),
            answer_pair=F("answer__pair"),
            answer_author=F("answer__author_id"),
            answer_updated_at=F("answer__updated_at"),
            answer_ciphertext=F("answer__ciphertext"),
        )
        .select_related("round", "data_key", *CITED, "form_edition")
        .order_by("-round__year", "-pk")
        .accesses_for(reader, recent=recent, new_device=new_device)
    )
    if not accesses:
        return None
    access = accesses[0]
    agreement = access.agreement
    editions = [getattr(agreement, name) for name in CITED]
    edition = next((each for each in editions if each.page_id == page.pk), None)
    if edition is None:
        return agreement, []
    closed = set() if recent else {each.id for each in agreement.form_edition.sections if each.private}
    chosen: set[str] = set()
    lines = []
    shown: dict[str, Text] = {}
    rows: list[Any] = [each.agreement for each in accesses]
    for row in rows:
        if row.pk != agreement.pk or row.answer_section is None or row.answer_section in closed:
            continue
        entry = _entry_of(row)
        if not stands(entry, agreement, Role.LEADER, frozenset()):
            continue
        payload = open_entry(access, entry) or {}
        if found := {choice["id"] for choice in payload.get("choices", [])} & edition.statements.keys():
            chosen |= found
            own = row.answer_author == reader.pk
            author = get_user_model()(pk=row.answer_author)
            shown[row.answer_section] = Text(payload, row.answer_version, author, row.answer_updated_at)
            if new_device or not own:
                lines.append(
                    reading_log.Line(row.answer_section, Entry.Kind.ANSWER, "", row.answer_version, own)
                )
    if lines:
        seen = reading_log.summary(agreement)
        keep_shown(Texts(answers=shown), access, seen)
        reading_log.log_readings(reader=reader, agreement=agreement, lines=lines, seen=seen)
    return agreement, [statement for key, statement in edition.statements.items() if key in chosen]


def _entry_of(row: Any) -> Entry:
    return Entry(
        agreement=row,
        kind=Entry.Kind.ANSWER,
        section_id=row.answer_section,
        pair=row.answer_pair,
        author_id=row.answer_author,
        version=row.answer_version,
        ciphertext=row.answer_ciphertext,
    )


@dataclass(frozen=True)
class Chosen:
    """The statements that the two have chosen from a text, as far as the reader may see them now, by id.

    `is_closed` says that some may be chosen in a private section, which asks for a recent sign-in.
    """

    ids: tuple[str, ...] = ()
    is_closed: bool = False


def chosen_from(access: Access, kind: str) -> Chosen:
    """Return what a party's agreement has chosen from its text of a kind. Logged where another has written it.

    Four queries at most for each section that chooses from the text; forms have one of each kind.
    """
    ids: list[str] = []
    is_closed = False
    for section in access.agreement.form_edition.sections:
        if kind_of(section).cites != kind:
            continue
        if section.private and not access.recent:
            is_closed = True
            continue
        texts = open_texts(access, kinds=(Entry.Kind.ANSWER,), section_id=section.id)
        if text := texts.answers.get(section.id):
            ids += [choice["id"] for choice in text.payload.get("choices", [])]
    return Chosen(tuple(dict.fromkeys(ids)), is_closed)
