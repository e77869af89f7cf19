"""The reading log: every reading by another than the author, in order, and no line changed by hand unnoticed."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import (
    AccountChange,
    Agreement,
    Comment,
    Entry,
    Reading,
    ReadingHead,
    Seal,
    Share,
)
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import open_texts, texts_for_work
from leder.agreements.reading.earlier import open_earlier_seal
from leder.agreements.states import State
from leder.conversations import actions as conversing
from tests.factories import (
    PRIVATE_SECTION,
    SECTION,
    access_of,
    bring_to,
    make_agreement,
    make_user,
    reopen,
    share,
    sign,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    agreement = make_agreement()
    for section in (SECTION, PRIVATE_SECTION):
        actions.save_section(
            access_of(agreement.leader, agreement),
            section_id=section,
            version=0,
            payload={"note": "Et notat", "answers": {}, "choices": [], "goals": []},
        )
    return agreement


def read(agreement, person, *, recent=True):
    return open_texts(access_of(person, Agreement.objects.get(pk=agreement.pk), recent=recent))


def lines(agreement):
    return list(agreement.readings.values_list("reader_id", "section_id", "kind", "version"))


def earlier(agreement, **by):
    """Let the time pass since the readings, as the log itself would have written them then."""
    log = list(agreement.readings.order_by("number"))
    before = ""
    for row in log:
        row.at -= dt.timedelta(**by)
        row.digest = before = reading_log.digest_of(row, before, agreement, row.share)
        row.save()
    head = ReadingHead.objects.get(agreement=agreement)
    head.digest = before
    head.sign()
    head.save()


def test_what_was_signed_twice_is_two_texts(agreement):
    """The one read before the other is read again within minutes is the same reading."""
    bring_to(agreement, State.SIGNED)
    for _time in range(2):
        reopen(agreement)
        for person in (agreement.leader, agreement.superior):
            sign(agreement, person)
    first, second = Seal.objects.exclude(voided_at=None).order_by("pk")
    for seal in (first, second, first, second):
        assert open_earlier_seal(reader=agreement.leader, seal=seal) is not None
    of_records = [line for line in lines(agreement) if line[0] == agreement.leader.pk and line[2] == "record"]
    assert of_records == [(agreement.leader.pk, "", "record", seal.pk) for seal in (first, second)]


def test_the_author_is_not_logged_and_the_other_is_by_section(agreement):
    read(agreement, agreement.leader)
    assert lines(agreement) == []
    read(agreement, agreement.superior)
    pk = agreement.superior.pk
    assert lines(agreement) == [(pk, SECTION, "answer", 1), (pk, PRIVATE_SECTION, "answer", 1)]
    assert reading_log.first_fault(agreement) is None


def test_a_private_section_that_stayed_closed_is_not_read(agreement):
    texts = read(agreement, agreement.superior, recent=False)
    assert set(texts.answers) == {SECTION}
    assert texts.closed == {PRIVATE_SECTION: 1, "s-follow-up": 0}
    assert [line[1] for line in lines(agreement)] == [SECTION]


def test_the_same_page_loaded_again_is_one_reading_and_a_new_version_another(agreement):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        read(agreement, agreement.superior)
        clock.shift(dt.timedelta(minutes=9, seconds=59))
        read(agreement, agreement.superior)
        assert len(lines(agreement)) == 2
        clock.shift(dt.timedelta(seconds=1))
        read(agreement, agreement.superior)
        assert len(lines(agreement)) == 4
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=1,
        payload={"note": "Nytt", "answers": {}, "choices": [], "goals": []},
    )
    read(agreement, agreement.superior)
    assert lines(agreement)[4:] == [(agreement.superior.pk, SECTION, "answer", 2)]
    earlier(agreement, minutes=11)
    read(agreement, agreement.superior)
    assert len(lines(agreement)) == 7
    assert reading_log.first_fault(agreement) is None


def test_work_that_shows_nothing_is_not_a_reading(agreement):
    assert texts_for_work(access_of(agreement.superior, agreement)).answers
    assert lines(agreement) == []


def test_an_emptied_log_is_noticed_also_when_its_head_is_gone(agreement):
    read(agreement, agreement.superior)
    Reading.objects.all().delete()
    assert reading_log.first_fault(agreement) == 0
    ReadingHead.objects.all().delete()
    assert reading_log.first_fault(agreement) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"reader_id": None},
        {"section_id": "s-work"},
        {"version": 7},
        {"at": timezone.now() - dt.timedelta(days=3)},
        {"number": 9},
    ],
)
def test_a_changed_line_is_noticed_and_the_damage_stays(agreement, change):
    read(agreement, agreement.superior)
    if "reader_id" in change:
        change = {"reader_id": agreement.leader.pk}
    agreement.readings.filter(number=1).update(**change)
    assert reading_log.first_fault(agreement) == 1
    earlier_count = agreement.readings.count()
    read(agreement, agreement.superior)
    assert agreement.readings.count() >= earlier_count
    assert reading_log.first_fault(agreement) == 1


def test_a_line_added_with_a_digest_that_fits_is_noticed_by_the_head(agreement):
    read(agreement, agreement.superior)
    head = ReadingHead.objects.get(agreement=agreement)
    row = Reading(
        agreement=agreement, number=3, reader=agreement.superior, section_id=SECTION, kind="answer",
        version=1, at=timezone.now(),
    )  # fmt: skip
    row.digest = reading_log.digest_of(row, head.digest, agreement, None)
    row.save()
    ReadingHead.objects.update(length=3, digest=row.digest)
    assert reading_log.first_fault(agreement) == 0
    # And what is added later does not cover it up.
    earlier_head = ReadingHead.objects.get(agreement=agreement).mac
    actions.add_comment(access_of(agreement.leader, agreement), section_id=SECTION, text="Hei")
    read(agreement, agreement.superior)
    assert agreement.readings.count() > 3
    assert ReadingHead.objects.get(agreement=agreement).mac == earlier_head
    assert reading_log.first_fault(agreement) == 0


def test_a_change_of_an_account_is_a_line_and_no_reading(agreement):
    change = (agreement.leader, agreement, {AccountChange.EMAIL, AccountChange.PASSWORD})
    reading_log.log_changes([change, (agreement.superior, agreement, {AccountChange.DEACTIVATED})])
    read(agreement, agreement.superior)
    assert lines(agreement)[:3] == [
        (agreement.leader.pk, "", "password", 0),
        (agreement.leader.pk, "", "email", 0),
        (agreement.superior.pk, "", "deactivated", 0),
    ]
    assert reading_log.first_fault(agreement) is None
    assert {each.line.kind for each in reading_log.summary(agreement)} == {"answer"}
    # Nor is it taken away in silence.
    agreement.readings.filter(number=1).delete()
    assert reading_log.first_fault(agreement) == 1


@pytest.mark.parametrize("gone", [False, True])
def test_nor_does_it_mend_a_log_that_was_changed(agreement, gone):
    read(agreement, agreement.superior)
    agreement.readings.filter(number=2).delete()
    if gone:
        ReadingHead.objects.all().delete()
    reading_log.log_changes([(agreement.leader, agreement, {AccountChange.PASSWORD})])
    assert (agreement.leader.pk, "", "password", 0) in lines(agreement)
    assert reading_log.first_fault(agreement) is not None


def test_both_parties_see_the_list_and_a_fault_in_it(agreement, as_user, url_of):
    read(agreement, agreement.superior)
    for person in (agreement.leader, agreement.superior):
        page = as_user(person).get(url_of("readings", agreement)).content.decode()
        assert agreement.superior.get_full_name() in page
        assert "Listen er endret" not in page
        assert "Et notat" not in page
    agreement.readings.filter(number=1).update(version=5)
    page = as_user(agreement.leader).get(url_of("readings", agreement)).content.decode()
    assert 'data-color="danger"' in page


def test_a_denied_attempt_is_told_to_operators_without_content(agreement, as_user, url_of, caplog):
    stranger = make_agreement().superior
    assert as_user(stranger).get(url_of("agreement", agreement)).status_code == 404
    [line] = [record.getMessage() for record in caplog.records if record.name == "leder.access"]
    assert line == f"denied: user {stranger.pk}, GET leder:agreement, agreement {agreement.uuid}"


def test_only_what_a_page_shows_is_logged(agreement, as_user, url_of):
    for person in (agreement.leader, agreement.superior):
        conversing.save_preparation(
            access_of(person, agreement),
            section_id=SECTION,
            version=0,
            payload={"note": "Forberedt", "answers": {}, "choices": [], "goals": []},
        )
        conversing.mark_ready(access_of(person, agreement))
    client = as_user(agreement.superior)
    client.get(url_of("agreement", agreement))
    assert {kind for _reader, _section, kind, _version in lines(agreement)} == {"answer"}
    client.get(url_of("meeting", agreement, SECTION))
    assert lines(agreement)[2:] == [(agreement.superior.pk, SECTION, "preparation", 1)]


def test_a_line_put_in_by_hand_hides_no_reading(agreement):
    """One who writes to the database says that it was read just now, reads, and takes the line away again."""
    forged = Reading.objects.create(
        agreement=agreement, number=99, reader=agreement.superior, section_id=SECTION, kind="answer",
        version=1, at=timezone.now(), digest="0" * 64,
    )  # fmt: skip
    read(agreement, agreement.superior)
    forged.delete()
    assert [line[1] for line in lines(agreement)] == [SECTION, PRIVATE_SECTION]
    assert reading_log.first_fault(agreement) is None


@pytest.mark.parametrize("model", [Entry, Comment])
def test_nor_does_an_authors_name_put_in_by_hand(agreement, model):
    """One who writes to the database says that the reader wrote it: then it does not open."""
    actions.add_comment(access_of(agreement.leader, agreement), section_id=SECTION, text="Hei")
    model.objects.update(author=agreement.superior)
    texts = read(agreement, agreement.superior)
    assert SECTION in texts.damaged
    assert not (texts.answers if model is Entry else texts.comments)


def test_a_reader_may_have_any_kind_of_key(agreement):
    """A site's people may have UUIDs for keys, which JSON has no form for."""
    line = Reading(number=1, section_id=SECTION, kind="answer", role="", version=1, at=timezone.now())
    digests = set()
    for line.reader_id in (7, uuid.UUID(int=7), uuid.UUID(int=8)):
        digests.add(reading_log.digest_of(line, "", agreement, None))
    assert len(digests) == 3


def test_readings_of_others_hide_none(agreement):
    """Nor does what one read as a party hide what is read by the ground of a share."""
    line = reading_log.Line(SECTION, "answer", "", 1)
    people = (agreement.superior, make_user())
    for person in (*people, *people):
        reading_log.log_readings(reader=person, agreement=agreement, lines=[line])
    shared = share(agreement, people[1])
    reading_log.log_readings(reader=people[1], agreement=agreement, lines=[line], share=shared)
    assert [reader for reader, *_rest in lines(agreement)] == [people[0].pk, people[1].pk, people[1].pk]


def test_every_column_of_a_line_is_in_its_digest(agreement):
    read(agreement, agreement.superior)
    row = agreement.readings.get(number=2)
    digest = reading_log.digest_of(row, "before", agreement, None)
    assert digest != reading_log.digest_of(row, "", agreement, None)
    assert digest != reading_log.digest_of(row, "before", make_agreement(), None)
    assert digest != reading_log.digest_of(row, "before", agreement, Share(uuid=agreement.uuid))
    others = {
        "number": 3, "reader_id": agreement.leader_id, "section_id": SECTION, "kind": "comment", "role": "leader",
        "version": 2, "own": True, "at": row.at - dt.timedelta(seconds=1),
    }  # fmt: skip
    columns = {field.attname for field in Reading._meta.fields} - {"id", "digest", "agreement_id", "share_id"}
    assert columns == set(others)
    for name, value in others.items():
        kept = getattr(row, name)
        setattr(row, name, value)
        assert digest != reading_log.digest_of(row, "before", agreement, None), name
        setattr(row, name, kept)
