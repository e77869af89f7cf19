"""Two put an earlier version back at the same moment, or one does while the other saves or looks."""

from functools import partial

from leder.agreements import actions
from leder.agreements.models import Version
from leder.agreements.states import State
from tests import factories
from tests.agreements.versions import found, look, write
from tests.concurrency.lives import assert_whole, note_of, save, version_of
from tests.concurrency.together import ROUNDS, together
from tests.factories import SECTION


def test_two_put_back_and_one_saves():
    for number in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        people = (agreement.leader, agreement.superior)
        for note in ("En", "To", "Tre"):
            write(agreement, agreement.leader, note)
            look(agreement, agreement.superior)
        put_back = [
            partial(
                actions.put_back,
                factories.access_of(person, agreement),
                section_id=SECTION,
                number=each,
                version=3,
            )
            for each, person in enumerate(people, 1)
        ]
        saves = [partial(save, agreement, agreement.superior, "Fire", version=3)]
        outcomes = together(*(put_back if number % 2 else [put_back[0], *saves]))
        assert sorted(outcome.done for outcome in outcomes) == [False, True]
        assert {type(outcome.refusal) for outcome in outcomes} == {type(None), actions.VersionConflict}
        assert version_of(agreement) == 4
        # What stood is there, once, whoever won.
        for person in people:
            assert found(agreement, person) == {1: "En", 2: "To", 3: "Tre"}
        assert note_of(agreement) in {"En", "To", "Fire"}
        assert_whole(agreement)


def test_both_look_while_one_saves():
    for _round in ROUNDS:
        agreement = factories.make_agreement(state=State.DISCUSSED)
        write(agreement, agreement.leader, "En")
        outcomes = together(
            partial(look, agreement, agreement.superior),
            partial(look, agreement, agreement.superior),
            partial(save, agreement, agreement.superior, "To", version=1),
        )
        assert all(outcome.done for outcome in outcomes)
        # Shown in time, or the leader's alone.
        assert Version.objects.filter(agreement=agreement, number=1).count() == 1
        assert found(agreement, agreement.leader) == {1: "En"}
        assert_whole(agreement)
