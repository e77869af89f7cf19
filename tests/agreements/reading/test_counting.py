"""Counting the letter: ids and states of what is not private in what is signed. Nothing else comes out."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from leder.agreements import actions
from leder.agreements.answers import GoalStatus, empty_payload, new_goal
from leder.agreements.models import Agreement, DataKey, Entry, Reading
from leder.agreements.reading.counting import BATCH, LetterTally, count_letter
from leder.agreements.states import State
from leder.safekeeping.deletion import delete_texts
from tests.factories import (
    LETTER,
    PRIVATE_SECTION,
    QUESTIONS_SECTION,
    SECTION,
    access_of,
    bring_to,
    make_agreement,
)

pytestmark = pytest.mark.django_db
WORDS = "Hemmelig"


def write(agreement: Agreement, section: str, **values: Any) -> None:
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=section,
        version=0,
        payload={**empty_payload(), "note": WORDS, **values},
    )


def choice(key: str) -> dict[str, str]:
    return {"id": key, "contribution": WORDS, "ambition": WORDS, "expectations": WORDS}


def signed(*keys: str, goals: list[str] | None = None, state: str = State.SIGNED) -> Agreement:
    """A signed agreement that has taken up assignments, with goals that stand so in a part that is not private."""
    agreement = make_agreement()
    write(agreement, SECTION, choices=[choice(key) for key in keys])
    stand = [new_goal(goal=WORDS, measures=WORDS, status=status) for status in goals or ()]
    write(agreement, QUESTIONS_SECTION, goals=stand)
    # In the private part the same, which is never to be counted.
    write(
        agreement,
        PRIVATE_SECTION,
        choices=[choice("assignment-2")],
        goals=[new_goal(goal=WORDS, status="reached")],
    )
    return bring_to(agreement, state)


def test_what_is_taken_up_by_group() -> None:
    groups = {
        signed("assignment-1").pk: 7,
        signed("assignment-1", "assignment-2").pk: 7,
        signed().pk: 7,
        signed("assignment-2").pk: 8,
    }
    counted = count_letter(groups)
    assert counted[7] == LetterTally(
        agreements=3,
        assignments={"assignment-1": 2, "assignment-2": 1},
        themes={"theme-1": 2},  # type: ignore[arg-type]
    )
    assert counted[8].assignments == {"assignment-2": 1}


@pytest.mark.parametrize("state", [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING])
def test_what_is_not_signed_is_not_opened(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = signed("assignment-1", state=state)
    assert count_letter({agreement.pk: 1}) == {}


def test_goals_are_counted_from_the_follow_up_on_and_never_private_ones() -> None:
    stand = ["reached", "reached", "dropped", "open", "started"]
    before = signed(goals=stand)
    assert count_letter({before.pk: 1})[1].goals == {}
    after = signed(goals=stand, state=State.FOLLOWED_UP)
    tally = count_letter({after.pk: 1})[1]
    assert (tally.followed_up, tally.goals) == (1, {"reached": 2, "dropped": 1, "open": 1, "started": 1})


def test_how_goals_stand_at_the_follow_up_counts() -> None:
    agreement = signed(goals=["open", "open"])
    entry = Entry.objects.get(agreement=agreement, section_id=QUESTIONS_SECTION, kind="answer")
    goals = texts(agreement)[entry.section_id]["goals"]
    actions.save_progress(
        access_of(agreement.leader, agreement),
        section_id=QUESTIONS_SECTION,
        version=0,
        payload={"note": WORDS, "goals": {goals[0]["id"]: {"status": "reached", "comment": WORDS}}},
    )
    Agreement.objects.filter(pk=agreement.pk).update(follow_up_on="2027-09-01")
    assert count_letter({agreement.pk: 1})[1].goals == {"reached": 1, "open": 1}


def texts(agreement: Agreement) -> dict[str, dict[str, Any]]:
    from leder.agreements.reading.current import texts_for_work

    found = texts_for_work(access_of(agreement.leader, agreement))
    return {key: text.payload for key, text in found.answers.items()}


def test_only_ids_of_the_letter_and_states_come_out() -> None:
    """Whatever is written where an id or a state should be: it is not in the letter, or no state, and stays inside."""
    agreement = signed(WORDS, "assignment-1", "expectation-1", goals=["open"])
    Agreement.objects.filter(pk=agreement.pk).update(follow_up_on="2027-09-01")
    tally = count_letter({agreement.pk: 1})[1]
    known = {each["id"] for part in LETTER["parts"] for each in part["statements"]}
    assert set(tally.assignments) <= known
    assert set(tally.themes) <= {part["id"] for part in LETTER["parts"]}
    assert set(tally.goals) <= set(GoalStatus.values)
    assert WORDS not in repr(tally)
    # All there is to a tally: numbers, and counters from ids and states to numbers.
    assert {each.name for each in dataclasses.fields(tally)} == {
        "agreements", "followed_up", "assignments", "themes", "goals",
    }  # fmt: skip
    for counter in (tally.assignments, tally.themes, tally.goals):
        assert all(isinstance(key, str) and isinstance(count, int) for key, count in counter.items())


def test_a_state_that_there_is_not_is_not_counted() -> None:
    agreement = signed(goals=[WORDS], state=State.FOLLOWED_UP)
    assert count_letter({agreement.pk: 1})[1].goals == {}


def test_private_parts_stay_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = signed("assignment-1", goals=["open"], state=State.FOLLOWED_UP)
    opened: list[str] = []
    from leder.agreements.vault.cipher import Cipher

    real = Cipher.open

    def noting(self: Cipher, ciphertext: Any, *place: object) -> dict[str, Any]:
        opened.append(str(place[1]))
        return real(self, ciphertext, *place)

    monkeypatch.setattr(Cipher, "open", noting)
    count_letter({agreement.pk: 1})
    assert opened
    assert set(opened) == {SECTION, QUESTIONS_SECTION}


def test_deleted_and_damaged_texts_count_as_nothing(caplog: pytest.LogCaptureFixture) -> None:
    deleted, damaged, keyless = signed("assignment-1"), signed("assignment-1"), signed("assignment-1")
    delete_texts([deleted.pk])
    Entry.objects.filter(agreement=damaged).update(ciphertext=b"\x01nothing")
    DataKey.objects.filter(agreement=keyless).delete()
    tally = count_letter({each.pk: 1 for each in (deleted, damaged, keyless)})[1]
    assert (tally.agreements, tally.assignments) == (2, {})
    assert WORDS not in caplog.text
    assert str(damaged.uuid) in caplog.text


def test_no_line_in_the_reading_log() -> None:
    agreement = signed("assignment-1")
    before = Reading.objects.count()
    count_letter({agreement.pk: 1})
    assert Reading.objects.count() == before


@pytest.mark.parametrize("number", [1, 5])
def test_three_queries(django_assert_num_queries: Any, number: int) -> None:
    groups = {signed("assignment-1").pk: 1 for _number in range(number)}
    assert number < BATCH
    with django_assert_num_queries(3):
        count_letter(groups)
