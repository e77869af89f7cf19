"""An agreement of the usual size: every section written, two or three choices, two goals, some comments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from leder.agreements import actions
from leder.agreements.answers import Payload, new_goal
from leder.agreements.models import Agreement
from leder.agreements.reading.current import texts_for_work
from leder.agreements.seals.record import agreement_record
from leder.agreements.sections.cited import cited_editions
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations import actions as conversing
from leder.pages.editions import Section
from tests.factories import access_of

NOTE = (
    "Vi har fått til en roligere vaktplan, og sykefraværet har gått ned siden i fjor høst. Det viktigste nå er at "
    "de nyansatte får tett oppfølging de første månedene, og at vi bruker møtene til å lære av avvikene."
)
ANSWER = (
    "Samarbeidet i ledergruppa fungerer godt, og de ansatte melder selv fra når noe stopper opp. Økonomien er under "
    "kontroll, men vi bruker fortsatt for mye vikarer i helgene. Jeg vil følge opp bemanningen hver måned."
)
GOAL = "Færre ubesatte helgevakter"
MEASURES = "Langturnus prøves ut i to grupper, og tallene gås gjennom i ledermøtet hver måned."
STATES = (State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNED)


def write(agreement: Agreement, state: str) -> None:
    """Write an opened agreement in full and bring it to a state (opened, prepared, discussed or signed)."""
    parties = (agreement.leader, agreement.superior)
    sections = [section for section in agreement.form_edition.sections if section.takes_answers]
    for section in sections:
        if section.is_follow_up:
            continue
        payload = _payload(agreement, section)
        actions.save_section(
            access_of(agreement.leader, agreement), section_id=section.id, version=0, payload=payload
        )
        actions.add_comment(access_of(agreement.superior, agreement), section_id=section.id, text=NOTE[:140])
        for person in parties:
            preparation = {**payload, "choices": [], "goals": [], "answers": _answers(section)}
            conversing.save_preparation(
                access_of(person, agreement), section_id=section.id, version=0, payload=preparation
            )
    reached = STATES.index(State(state))
    if reached == 0:
        _call(agreement)
    if reached >= STATES.index(State.PREPARED):
        for person in parties:
            conversing.mark_ready(access_of(person, agreement))
    if reached >= STATES.index(State.DISCUSSED):
        conversing.hold(access_of(agreement.superior, agreement), held_on=timezone.localdate())
    if reached >= STATES.index(State.SIGNED):
        for person in parties:
            _sign(agreement, person)
        _follow_up(agreement, sections)


def _payload(agreement: Agreement, section: Section) -> Payload:
    statements = [
        statement
        for edition in cited_editions(agreement, section)
        for statement in edition.statements.values()
        if statement.kind in ("assignment", "expectation")
    ]
    choices: list[dict[str, str]] = []
    if section.answer == "letter":
        texts = {"contribution": ANSWER, "ambition": NOTE, "expectations": NOTE[:120]}
        choices = [{"id": one.id, **texts} for one in statements[:3]]
    if section.answer == "platform":
        choices = [
            {"id": one.id, "stance": stance, "why": ANSWER}
            for one, stance in zip(statements, ("strength", "challenge"), strict=False)
        ]
    goals = [
        new_goal(goal=f"{GOAL} ({number})", measures=MEASURES, due=f"{agreement.year}-10-01")
        for number in (1, 2)
    ]
    return {
        "note": NOTE if section.answer != "none" else "",
        "answers": _answers(section) if section.answer == "questions" else {},
        "choices": choices,
        "goals": goals if section.goals else [],
    }


def _answers(section: Section) -> dict[str, str]:
    return {question.id: ANSWER for question in section.questions}


def _call(agreement: Agreement) -> None:
    conversing.call(
        access_of(agreement.superior, agreement),
        starts_at=timezone.now() + dt.timedelta(days=14),
        minutes=60,
        place="Møterom Langvannet",
        message=NOTE[:100],
    )


def _sign(agreement: Agreement, person: Any) -> None:
    agreement.refresh_from_db()
    record = agreement_record(agreement, texts_for_work(access_of(person, agreement)))
    actions.sign(access_of(person, agreement), place="Rådhuset", content_hash=digest(record))


def _follow_up(agreement: Agreement, sections: list[Section]) -> None:
    agreement.refresh_from_db()
    for section in sections:
        if section.is_follow_up:
            actions.save_section(
                access_of(agreement.leader, agreement),
                section_id=section.id,
                version=0,
                payload={"note": NOTE, "answers": _answers(section), "choices": [], "goals": []},
            )
