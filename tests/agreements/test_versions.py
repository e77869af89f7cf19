"""Earlier versions of a section: what is kept, who reads which, and putting one back."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from leder.agreements import actions, rules
from leder.agreements.models import Entry, Reading, SectionReview, Version
from leder.agreements.reading import versions
from leder.agreements.states import State
from leder.conversations import actions as conversing
from tests.agreements.versions import found, look, put_back, standing, write
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    SECTION,
    access_of,
    bring_to,
    confirm,
    make_agreement,
    opened_by,
    reopen,
    sign,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(agreement):
    return agreement.leader, agreement.superior


def lines_of(agreement, kind=Reading.Kind.VERSION):
    rows = agreement.readings.filter(kind=kind).order_by("number")
    return list(rows.values_list("reader", "section_id", "version", "own"))


# -- What is kept ----------------------------------------------------------------------------------------


def test_kept_is_what_the_other_was_shown_or_saves_over(agreement, two):
    leader, superior = two
    for note in ("Halv", "Halvtenkt", "Første"):
        write(agreement, leader, note)
        look(agreement, leader)
    assert not Version.objects.exists()
    look(agreement, superior, superior)
    assert list(Version.objects.values_list("number", "shown", "author")) == [(3, True, leader.pk)]
    # What stands is no earlier version.
    assert found(agreement, leader) == {}
    write(agreement, leader, "Andre")
    write(agreement, superior, "Tredje, uten å ha sett den andre")
    write(agreement, leader, "")
    write(agreement, superior, "Over det tomme")
    assert found(agreement, leader) == {3: "Første", 4: "Andre"}
    assert found(agreement, superior) == {3: "Første", 5: "Tredje, uten å ha sett den andre"}


def test_kept_too_when_one_at_an_old_session_writes_over_what_it_does_not_show(agreement, two):
    leader, superior = two
    write(agreement, leader, "Privat", PRIVATE_SECTION)
    actions.save_section(
        access_of(superior, agreement, recent=False),
        section_id=PRIVATE_SECTION,
        version=1,
        payload={"note": "", "answers": {}, "choices": [], "goals": []},
    )
    assert found(agreement, leader, PRIVATE_SECTION) == {1: "Privat"}


def test_what_was_kept_for_its_author_opens_to_the_other_when_shown(agreement, two):
    """The page was loaded just before another saved over it."""
    leader, superior = two
    write(agreement, leader, "Sett i siste liten")
    access = access_of(superior, agreement)
    texts = opened_by(leader, agreement)
    write(agreement, superior, "Over")
    assert 1 not in found(agreement, superior)
    versions.keep_shown(texts, access, [])
    assert found(agreement, superior) == {1: "Sett i siste liten"}


def test_preparations_and_what_both_signed_are_not_kept(agreement, two):
    for person in two:
        for version, note in enumerate(("Forberedt", "Bedre forberedt")):
            conversing.save_preparation(
                access_of(person, agreement),
                section_id=SECTION,
                version=version,
                payload={"note": note, "answers": {}, "choices": [], "goals": []},
            )
    assert not Version.objects.exists()
    write(agreement, two[0], "Avtalt", PRIVATE_SECTION)
    bring_to(agreement, State.SIGNED)
    for person in two:
        opened_by(person, agreement, kinds=Reading.Kind.values, kept=True)
    assert not Version.objects.exists()


def test_most_are_kept_and_nobody_pushes_out_what_another_wrote(agreement, two, monkeypatch):
    monkeypatch.setattr(versions, "MOST", 4)
    leader, superior = two
    write(agreement, leader, "Lederens")
    look(agreement, superior)
    for number in range(9):
        write(agreement, superior, f"Tull {number}")
        put_back(agreement, superior, 1)
    assert Version.objects.count() == 4
    assert found(agreement, leader) == {1: "Lederens"}
    write(agreement, leader, "Lederens nye")
    look(agreement, superior)
    write(agreement, superior, "Tull igjen")
    assert set(found(agreement, leader).values()) == {"Lederens", "Lederens nye"}
    assert Version.objects.count() == 4


def test_what_was_signed_is_kept_anew_when_it_is_opened_again(agreement, two):
    leader, superior = two
    write(agreement, leader, "Signert")
    look(agreement, superior)
    bring_to(agreement, State.SIGNED)
    Version.objects.all().delete()
    reopen(agreement)
    look(agreement, superior)
    write(agreement, superior, "Nytt")
    for person in two:
        assert found(agreement, person) == {1: "Signert"}


# -- Who reads which -------------------------------------------------------------------------------------


def test_a_version_read_is_a_reading_each_by_itself(agreement, two):
    leader, superior = two
    for note in ("En", "To"):
        write(agreement, leader, note)
        look(agreement, superior)
    write(agreement, superior, "Tre")
    assert found(agreement, leader) == {1: "En", 2: "To"}
    assert lines_of(agreement) == []
    for _again in range(2):
        found(agreement, superior)
    assert lines_of(agreement) == [(superior.pk, SECTION, 2, False), (superior.pk, SECTION, 1, False)]


def test_a_new_device_is_told_of_only_as_far_as_the_other_knows(agreement, two):
    leader, superior = two
    write(agreement, leader, "Vist")
    look(agreement, superior)
    write(agreement, leader, "Ikke vist")
    write(agreement, superior, "Over")
    access = access_of(leader, agreement, new_device=True)
    section = access.agreement.form_edition.section(SECTION)
    for number in (1, 2):
        versions.open_version(access, section, number)
    assert lines_of(agreement) == [(leader.pk, SECTION, 1, True)]
    assert lines_of(agreement, Reading.Kind.OWN_PAGES) == [(leader.pk, "", 0, True)]


def test_private_ones_ask_for_a_recent_sign_in(agreement, two):
    leader, superior = two
    write(agreement, leader, "Privat", PRIVATE_SECTION)
    look(agreement, superior)
    write(agreement, superior, "Nytt", PRIVATE_SECTION)
    section = agreement.form_edition.section(PRIVATE_SECTION)
    assert versions.earlier_versions(access_of(superior, agreement, recent=False), section) == []
    with pytest.raises(actions.RuleBroken):
        actions.put_back(
            access_of(superior, agreement, recent=False), section_id=PRIVATE_SECTION, number=1, version=2
        )
    assert standing(agreement, PRIVATE_SECTION).version == 2


@pytest.mark.parametrize(
    "changed", [{"shown": True}, {"pair": "1" * 32}, {"number": 9}, {"section_id": "s-work"}]
)
def test_moved_in_the_database_it_does_not_open(agreement, two, changed):
    leader, superior = two
    write(agreement, leader, "Bare lederens")
    write(agreement, superior, "Over")
    Version.objects.update(**changed)
    for person in two:
        access = access_of(person, agreement)
        for section in access.agreement.form_edition.sections:
            for row in versions.earlier_versions(access, section):
                assert versions.open_version(access, section, row.number).payload is None
    assert not lines_of(agreement)


def test_read_until_thirty_days_after_both_have_signed(agreement, two):
    write(agreement, two[0], "Før")
    look(agreement, two[1])
    write(agreement, two[0], "Avtalt")
    assert dt.timedelta(days=30) == rules.VERSIONS_LAST
    with time_machine.travel(timezone.now() + dt.timedelta(days=300), tick=False) as clock:
        assert found(agreement, two[1]) == {1: "Før"}
        bring_to(agreement, State.SIGNED)
        clock.shift(dt.timedelta(days=29, hours=23))
        assert found(agreement, two[1]) == {1: "Før"}
        clock.shift(dt.timedelta(hours=2))
        assert found(agreement, two[1]) == {}
        # Opened again, they can be needed again: until the nightly run has deleted them.
        reopen(agreement)
        assert found(agreement, two[1]) == {1: "Før"}


# -- Putting back ----------------------------------------------------------------------------------------


def test_putting_back_is_a_save_that_loses_nothing(agreement, two):
    leader, superior = two
    write(agreement, leader, "Godt")
    look(agreement, superior)
    actions.approve_section(access_of(superior, agreement), section_id=SECTION, version=1)
    write(agreement, superior, "")
    put_back(agreement, leader, 1)
    entry = standing(agreement)
    assert (entry.version, entry.author) == (3, leader)
    assert SectionReview.objects.get().version == 1
    # What the one who puts back has written is kept too, for them alone.
    write(agreement, leader, "Enda bedre, og ikke vist")
    put_back(agreement, leader, 1)
    assert found(agreement, leader) == {1: "Godt", 4: "Enda bedre, og ikke vist"}
    assert found(agreement, superior) == {1: "Godt"}
    put_back(agreement, leader, 4)
    assert opened_by(superior, agreement).answers[SECTION].payload["note"] == "Enda bedre, og ikke vist"
    assert not lines_of(agreement, Reading.Kind.VERSION)[1:]


def test_putting_back_what_another_wrote_is_a_reading(agreement, two):
    leader, superior = two
    write(agreement, leader, "Lederens")
    look(agreement, superior)
    write(agreement, leader, "Nytt")
    put_back(agreement, superior, 1)
    assert lines_of(agreement) == [(superior.pk, SECTION, 1, False)]
    # What the leader had written meanwhile is the leader's still.
    assert found(agreement, leader) == {1: "Lederens", 2: "Nytt"}


def test_the_same_words_change_nothing(agreement, two):
    leader, superior = two
    write(agreement, leader, "Likt")
    look(agreement, superior)
    write(agreement, superior, "Annet")
    write(agreement, leader, "Likt")
    assert put_back(agreement, leader, 1).version == 3


def test_what_can_not_be_put_back(agreement, two):
    leader, superior = two
    write(agreement, leader, "Vist")
    look(agreement, superior)
    write(agreement, leader, "Ikke vist")
    write(agreement, superior, "Står")

    def refused(error, person=superior, *, number=1, version=3, section=SECTION):
        kept, before = Version.objects.count(), agreement.readings.count()
        with pytest.raises(error):
            actions.put_back(access_of(person, agreement), section_id=section, number=number, version=version)
        stands = standing(agreement)
        assert (stands.version, stands.author_id) == (3, superior.pk)
        assert (Version.objects.count(), agreement.readings.count()) == (kept, before)

    # Another's own, what stands, what never was, another section, an old page.
    refused(actions.RuleBroken, number=2)
    refused(actions.RuleBroken, number=3)
    refused(actions.RuleBroken, number=17)
    refused(actions.RuleBroken, section=PRIVATE_SECTION)
    refused(actions.VersionConflict, version=2)
    bring_to(agreement, State.SIGNING)
    seal = agreement.seals.get(voided_at=None)
    for person in two:
        refused(actions.RuleBroken, person)
    assert agreement.seals.get(voided_at=None) == seal
    sign(agreement, superior)
    for person in two:
        refused(actions.RuleBroken, person)


def test_of_the_follow_up_until_one_has_confirmed(agreement, two):
    leader, superior = two
    bring_to(agreement, State.SIGNED)
    write(agreement, leader, "Første", FOLLOW_UP_SECTION)
    look(agreement, superior)
    write(agreement, leader, "Andre", FOLLOW_UP_SECTION)
    put_back(agreement, superior, 1, FOLLOW_UP_SECTION)
    conversing.hold(access_of(superior, agreement), held_on=timezone.localdate())
    confirm(agreement, leader)
    with pytest.raises(actions.RuleBroken):
        put_back(agreement, leader, 2, FOLLOW_UP_SECTION)
    confirm(agreement, superior)
    with time_machine.travel(timezone.now() + dt.timedelta(days=29), tick=False) as clock:
        assert found(agreement, superior, FOLLOW_UP_SECTION) == {1: "Første"}
        clock.shift(dt.timedelta(days=2))
        assert found(agreement, superior, FOLLOW_UP_SECTION) == {}


def test_a_version_that_was_altered_is_not_put_back(two, agreement):
    leader, superior = two
    write(agreement, leader, "Vist")
    look(agreement, superior)
    write(agreement, leader, "Står")
    Version.objects.update(ciphertext=Entry.objects.get().ciphertext)
    with pytest.raises(actions.RuleBroken):
        put_back(agreement, leader, 1)
    assert standing(agreement).version == 2


def test_it_is_of_its_own_agreement(agreement, two):
    write(agreement, two[0], "Vist")
    look(agreement, two[1])
    other = make_agreement(leader=two[0], superior=make_agreement().superior, year=2028)
    write(other, two[0], "Annet")
    assert found(other, two[0]) == {}
    with pytest.raises(actions.RuleBroken):
        put_back(other, two[0], 1)
