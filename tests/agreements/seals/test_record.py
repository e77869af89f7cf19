"""What stands in the record that both sign: the text they read, what is written to it, and what is agreed (R6, R7)."""

import pytest

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.reading.current import texts_for_work
from leder.agreements.reading.sealed import open_seal
from leder.agreements.reading.texts import Text
from leder.agreements.seals.record import agreement_record, follow_up_record
from leder.agreements.states import State
from tests.factories import (
    FOLLOW_UP_SECTION,
    FORM,
    PRIVATE_SECTION,
    QUESTIONS_SECTION,
    SECTION,
    access_of,
    bring_to,
    make_agreement,
)
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db

FIRST, SECOND = (new_goal(goal=f"{which} mål") for which in ("Første", "Andre"))
CHOICE = {"id": "assignment-1", "contribution": "Mitt", "ambition": "", "expectations": ""}
SIGNED_SECTIONS = (SECTION, PRIVATE_SECTION, QUESTIONS_SECTION)


def test_the_guidance_of_each_section_is_signed_with_what_is_written_to_it():
    agreement = make_agreement()
    guidance = {section.id: section.html for section in agreement.form_edition.sections}
    assert all(guidance.values())
    texts = texts_for_work(access_of(agreement.leader, agreement))
    records = [agreement_record(agreement, texts), follow_up_record(agreement, texts)]
    bring_to(agreement, State.SIGNED)
    records.append(open_seal(access_of(agreement.leader, agreement), agreement.seals.get()))
    for record in records:
        for section in record["sections"]:
            assert section["guidance"] == guidance[section["id"]] != "", section["id"]
    told = {section["id"] for record in records for section in record["sections"]}
    assert told == guidance.keys() >= {SECTION, FOLLOW_UP_SECTION}


def test_the_follow_up_says_nothing_of_goals_that_are_not_agreed():
    agreement = make_agreement()
    write(agreement, SECTION, goals=[FIRST, SECOND])
    bring_to(agreement, State.SIGNED)
    said = {goal["id"]: {"status": "started", "comment": f"Om {goal['goal']}"} for goal in (SECOND, FIRST)}
    actions.save_progress(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Samlet", "goals": said},
    )
    texts = texts_for_work(access_of(agreement.leader, agreement))
    # Written of a goal that has been taken out of the agreement since, as after a reopening.
    told = texts.progress[SECTION]
    gone = {"gone": {"status": "reached", "comment": "Om et mål som ikke er der"}}
    texts.progress[SECTION] = Text(
        {**told.payload, "goals": {**gone, **told.payload["goals"]}},
        told.version,
        told.author,
        told.updated_at,
    )
    [progress] = follow_up_record(agreement, texts)["progress"]
    assert progress == {
        "id": SECTION,
        "note": "Samlet",
        "goals": [{"id": goal["id"], **said[goal["id"]]} for goal in (FIRST, SECOND)],
    }


@pytest.fixture
def agreement():
    agreement = make_agreement()
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Skrevet", "answers": {}, "choices": [CHOICE], "goals": []},
    )
    return agreement


def record_of(agreement, make=agreement_record):
    return make(agreement, texts_for_work(access_of(agreement.leader, agreement)))


def test_holds_the_form_and_what_is_written_before_the_follow_up(agreement):
    sections = {
        each["id"]: each for each in record_of(agreement)["sections"] if each["id"] in SIGNED_SECTIONS
    }
    parts = {part["id"]: part for part in FORM["parts"]}
    assert sections.keys() == set(SIGNED_SECTIONS)
    assert "s-follow-up" not in {each["id"] for each in record_of(agreement)["sections"]}
    for section_id, section in sections.items():
        part = parts[section_id]
        assert section["heading"] == part["heading"]
        assert section["private"] is part["private"]
    assert sections[SECTION]["cited"] == {"assignment-1": "Kortere ventetid"}
    assert sections[SECTION]["written"]["choices"] == [CHOICE]


def test_a_follow_up_says_of_which_signing_it_is(agreement):
    bring_to(agreement, State.SIGNED)
    record = record_of(agreement, follow_up_record)
    assert record["agreement_signed_at"] == agreement.signed_at.isoformat()
    assert [each["id"] for each in record["sections"]] == ["s-follow-up"]


def test_names_the_editions_it_stands_on(agreement):
    named = {kind: each["sha256"] for kind, each in record_of(agreement)["editions"].items()}
    assert named == {
        kind: getattr(agreement, f"{kind}_edition").sha256 for kind in ("platform", "letter", "form")
    }
