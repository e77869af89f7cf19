"""Two write, or one writes in two tabs, at the same moment."""

from functools import partial

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.states import State
from leder.conversations import actions as conversing
from tests import factories
from tests.concurrency.lives import assert_whole, note_of, payload, save, version_of
from tests.concurrency.together import ROUNDS, together
from tests.factories import QUESTIONS_SECTION, SECTION


def test_two_save_from_the_same_version():
    for number in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        # The first text of a section too: there is no row yet to wait for.
        start = number % 2
        if start:
            save(agreement, agreement.leader, "Før")
        notes = [f"Lederens {number}", f"Overordnets {number}"]
        outcomes = together(
            *(
                partial(save, agreement, person, note, version=start)
                for person, note in zip((agreement.leader, agreement.superior), notes, strict=True)
            )
        )
        [winner] = [at for at, outcome in enumerate(outcomes) if outcome.done]
        refusal = outcomes[1 - winner].refusal
        assert isinstance(refusal, actions.VersionConflict)
        assert refusal.current_version == version_of(agreement) == start + 1
        assert note_of(agreement) == notes[winner]
        # The one who lost still has the text, reads the other's, and loses nothing.
        save(agreement, agreement.leader, "\n".join(notes), version=refusal.current_version)
        assert version_of(agreement) == start + 2
        assert_whole(agreement)


def test_each_in_a_section_of_their_own():
    for number in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        texts = {SECTION: f"Lederens {number}", QUESTIONS_SECTION: f"Overordnets {number}"}
        outcomes = together(
            *(
                partial(save, agreement, person, note, section=section)
                for person, (section, note) in zip(
                    (agreement.leader, agreement.superior), texts.items(), strict=True
                )
            )
        )
        assert all(outcome.done for outcome in outcomes)
        assert {section: note_of(agreement, section) for section in texts} == texts


def test_the_same_words_sent_twice_are_one_text():
    for number in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        note = f"Sendt to ganger {number}"
        outcomes = together(*[partial(save, agreement, agreement.leader, note)] * 2)
        assert [outcome.result.version for outcome in outcomes] == [1, 1]
        assert (note_of(agreement), version_of(agreement)) == (note, 1)


def test_one_prepares_in_two_tabs():
    for number in ROUNDS:
        agreement = factories.make_agreement()
        outcomes = together(
            *(
                partial(
                    conversing.save_preparation,
                    factories.access_of(agreement.leader, agreement),
                    section_id=SECTION,
                    version=0,
                    payload=payload(f"{tab} {number}"),
                )
                for tab in ("Den ene", "Den andre")
            )
        )
        assert sum(outcome.done for outcome in outcomes) == 1
        assert {type(outcome.refusal) for outcome in outcomes} == {type(None), actions.VersionConflict}
        assert agreement.entries.get().version == 1


def test_comments_from_both_are_both_kept():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        outcomes = together(
            *(
                partial(
                    actions.add_comment,
                    factories.access_of(person, agreement),
                    section_id=SECTION,
                    text="Enig",
                )
                for person in (agreement.leader, agreement.superior)
            )
        )
        assert all(outcome.done for outcome in outcomes)
        assert agreement.comments.count() == 2


def test_goals_are_carried_over_once():
    for _round in ROUNDS:
        last = factories.make_agreement(state=State.DISCUSSED, year=factories.YEAR - 1)
        goal = new_goal(goal="Kortere ventetid")
        actions.save_section(
            factories.access_of(last.leader, last),
            section_id=SECTION,
            version=0,
            payload={**payload(""), "goals": [goal]},
        )
        for person in (last.leader, last.superior):
            factories.sign(last, person)
        agreement = factories.make_agreement(leader=last.leader, superior=last.superior)
        carry = partial(actions.carry_over_goals, section_id=SECTION, version=0, chosen={goal["id"]: ""})
        accesses = [factories.access_of(person, agreement) for person in (last.leader, last.superior)]
        outcomes = together(*(partial(carry, access) for access in accesses))
        # Whoever comes second finds them there, and adds none.
        assert sorted(outcome.result for outcome in outcomes) == [0, 1]
        assert version_of(agreement) == 1
