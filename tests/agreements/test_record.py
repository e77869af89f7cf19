"""What stands in the record that both sign: the guidance they read, and of the follow-up only what is agreed."""

import pytest

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.reading import texts_for_work
from leder.agreements.reading_sealed import open_seal
from leder.agreements.record import agreement_record, follow_up_record
from leder.agreements.states import State
from leder.agreements.texts import Text
from tests.factories import FOLLOW_UP_SECTION, SECTION, bring_to, make_agreement
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db

FIRST, SECOND = (new_goal(goal=f"{which} mål") for which in ("Første", "Andre"))


def test_the_guidance_of_each_section_is_signed_with_what_is_written_to_it():
    agreement = make_agreement()
    guidance = {section.id: section.html for section in agreement.form_edition.sections}
    assert all(guidance.values())
    texts = texts_for_work(reader=agreement.leader, agreement=agreement)
    records = [agreement_record(agreement, texts), follow_up_record(agreement, texts)]
    bring_to(agreement, State.SIGNED)
    records.append(open_seal(reader=agreement.leader, seal=agreement.seals.get()))
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
        actor=agreement.leader,
        agreement=agreement,
        section_id=SECTION,
        version=0,
        payload={"note": "Samlet", "goals": said},
    )
    texts = texts_for_work(reader=agreement.leader, agreement=agreement)
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
