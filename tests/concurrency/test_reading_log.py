"""Many read at the same moment: the log has every reading, and its chain fits."""

import random
from functools import partial

from leder.agreements.models import Reading, ReadingHead
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from tests import factories
from tests.concurrency.lives import assert_whole, fresh, record_read, save
from tests.concurrency.test_signing import sign
from tests.concurrency.together import ROUNDS, together
from tests.factories import QUESTIONS_SECTION, SECTION


def read(agreement, person, *, recent=True):
    return open_texts(factories.access_of(person, fresh(agreement), recent=recent))


def log_of(agreement):
    """Who was shown which text, a tuple a line."""
    return list(agreement.readings.values_list("reader_id", "section_id", "version"))


def written_by_both():
    """An agreement where each has written a section that the other has not read."""
    agreement = factories.make_agreement(state=State.DISCUSSED)
    save(agreement, agreement.leader, "Lederens", section=SECTION)
    save(agreement, agreement.superior, "Overordnets", section=QUESTIONS_SECTION)
    return agreement


def test_both_read_at_once():
    for _round in ROUNDS:
        agreement = written_by_both()
        together(*(partial(read, agreement, person) for person in (agreement.leader, agreement.superior)))
        assert sorted(log_of(agreement)) == sorted(
            [
                (agreement.leader.pk, QUESTIONS_SECTION, 1),
                (agreement.superior.pk, SECTION, 1),
            ]
        )
        assert ReadingHead.objects.get(agreement=agreement).length == 2
        assert reading_log.first_fault(agreement) is None


def test_many_lines_at_once():
    """As when both have the page open in several tabs, and it is loaded anew with each save."""
    for _round in ROUNDS[: max(5, len(ROUNDS) // 5)]:
        agreement = factories.make_agreement()
        readers = [agreement.leader, agreement.superior] * 3
        lines = {
            place: [
                reading_log.Line(f"s-{place}-{number}", Reading.Kind.ANSWER, "", number)
                for number in range(random.randint(1, 4))  # noqa: S311
            ]
            for place, _reader in enumerate(readers)
        }
        together(
            *(
                partial(reading_log.log_readings, reader=reader, agreement=agreement, lines=lines[place])
                for place, reader in enumerate(readers)
            )
        )
        wanted = [
            (reader.pk, line.section_id, line.version)
            for place, reader in enumerate(readers)
            for line in lines[place]
        ]
        assert sorted(log_of(agreement)) == sorted(wanted)
        assert list(agreement.readings.values_list("number", flat=True)) == list(range(1, len(wanted) + 1))
        assert reading_log.first_fault(agreement) is None


def test_one_reads_while_others_sign_and_write():
    """A line of the log refers to the agreement, which those who act hold locked: nobody waits for ever."""
    for _round in ROUNDS:
        agreement = written_by_both()
        seen = record_read(agreement, agreement.leader)
        read_by_superior, read_by_leader, _signed, written = together(
            partial(read, agreement, agreement.superior),
            partial(read, agreement, agreement.leader),
            partial(sign, agreement, agreement.leader, seen),
            partial(save, agreement, agreement.leader, "Nytt", version=1),
        )
        assert written.done
        # What they were shown is what the log says they were shown, whichever version that was.
        for person, texts, section in (
            (agreement.superior, read_by_superior.result, SECTION),
            (agreement.leader, read_by_leader.result, QUESTIONS_SECTION),
        ):
            assert (person.pk, section, texts.answers[section].version) in log_of(agreement)
        assert_whole(agreement)
