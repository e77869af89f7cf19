"""Agreements that were opened again, before or after a handover: what was signed stays its pair's (R2, R7)."""

import pytest

from leder.agreements import actions
from leder.agreements.models import Event, Reading
from leder.agreements.reading.earlier import earlier_seals_for, earlier_seals_of_former, open_earlier_seal
from leder.agreements.reading.why import open_why
from leder.agreements.states import State
from leder.safekeeping.verification import findings
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    SECTION,
    access_of,
    access_or_none,
    propose_reopening,
    reopen,
    sign,
)
from tests.handover.writing import (
    everything_after,
    everything_before,
    let_read,
    progress,
    texts_of,
    version_of,
    words_of,
    write,
)


@pytest.fixture
def case(case_in):
    return case_in(State.SIGNED, everything_before)


def both_sign(case, superior):
    for person in (case.leader, superior):
        sign(case.fresh(), person)
    case.agreement.refresh_from_db()


def notes(record):
    return [section["written"]["note"] for section in record["sections"]]


def test_a_proposal_lapses_with_the_one_it_was_made_to(case):
    row = propose_reopening(case.agreement)
    case.hand_over()
    row.refresh_from_db()
    assert (row.status, row.answered_by, row.mac) == ("withdrawn", None, "")
    assert case.agreement.events.filter(kind=Event.Kind.UNPROPOSED, actor=None).count() == 1
    for person in (case.successor, case.former):
        for act in (actions.consent_to_reopening, actions.decline_reopening):
            with pytest.raises(actions.RuleBroken):
                act(access_of(person, case.agreement), row)
    assert open_why(access_of(case.successor, row.agreement), row) is None
    assert case.fresh().state == State.SIGNED


def test_nobody_opens_what_another_has_signed(case):
    case.hand_over()
    for person in (case.leader, case.successor, case.former):
        with pytest.raises(actions.RuleBroken):
            propose_reopening(case.agreement, by=person)
    assert not case.agreement.reopenings.exists()


def test_the_same_two_again_open_it(case):
    case.hand_over(acting=True)
    case.come_back()
    reopen(case.agreement)
    assert case.fresh().state == State.DISCUSSED


def test_the_former_keeps_what_they_signed_and_the_new_one_reads_none_of_it(case):
    everything_after(case)
    seal = reopen(case.agreement, reason="Grunnen").seal
    write(case, PRIVATE_SECTION, "skrevet etter gjenåpningen")
    case.hand_over()
    now = case.fresh()
    assert now.state == State.DISCUSSED
    [kept] = earlier_seals_of_former(case.former)
    assert kept.seal == seal
    assert notes(open_earlier_seal(reader=case.former, seal=seal))[:2] == ["felles", "privat"]
    assert earlier_seals_for(reader=case.successor, agreement=now) == []
    assert open_earlier_seal(reader=case.successor, seal=seal) is None
    assert notes(open_earlier_seal(reader=case.leader, seal=seal))[:2] == ["felles", "privat"]
    row = now.reopenings.get()
    assert open_why(access_of(case.leader, row.agreement), row) == "Grunnen"
    assert open_why(access_of(case.successor, row.agreement), row) is None
    for person in (case.former, case.hr):
        assert access_or_none(person, case.agreement) is None
    private = {"privat", "skrevet etter gjenåpningen", "privat fremdrift", "privat oppfølging"}
    assert not words_of(case, case.successor) & private
    assert words_of(case, case.leader) >= private - {"privat"}
    # Signed anew with the next one, it is still the former's as it was.
    both_sign(case, case.successor)
    assert notes(open_earlier_seal(reader=case.former, seal=seal))[:2] == ["felles", "privat"]
    assert earlier_seals_for(reader=case.successor, agreement=case.fresh()) == []
    assert not words_of(case, case.successor) & private
    assert list(findings(with_texts=True)) == []


def test_a_page_of_the_follow_up_left_open_saves_nothing_to_another(case):
    """It was open to be written before; it is the new pair's when it comes back."""
    for version in (0, 1):
        assert version_of(case.agreement, FOLLOW_UP_SECTION) == version
        if version == 0:
            write(case, FOLLOW_UP_SECTION, "til den forrige")
    reopen(case.agreement)
    case.hand_over()
    both_sign(case, case.successor)
    for version in (0, 1):
        with pytest.raises(actions.VersionConflict):
            actions.save_section(
                access_of(case.leader, case.agreement),
                section_id=FOLLOW_UP_SECTION,
                version=version,
                payload={"note": "ment for den forrige", "answers": {}, "choices": [], "goals": []},
            )
    assert "til den forrige" not in words_of(case, case.successor)


def test_consent_to_what_was_signed_says_nothing_of_what_is_signed_anew(case):
    progress(case, PRIVATE_SECTION, "fremdrift med den første")
    case.hand_over()
    let_read(case)
    assert "privat" in words_of(case, case.successor)
    progress(case, PRIVATE_SECTION, "fremdrift med den andre")
    case.hand_over(case.former)
    reopen(case.agreement)
    write(case, PRIVATE_SECTION, "noe helt annet")
    both_sign(case, case.former)
    case.hand_over(case.successor)
    texts = texts_of(case, case.successor)
    assert PRIVATE_SECTION in texts.withheld
    assert not words_of(case, case.successor) & {"privat", "noe helt annet"}
    # The leader lets them read that, too; what they wrote of the goals is not lost.
    let_read(case)
    texts = texts_of(case, case.successor)
    assert PRIVATE_SECTION not in texts.withheld
    assert texts.answers[PRIVATE_SECTION].payload["note"] == "noe helt annet"
    note = texts.progress[PRIVATE_SECTION].payload["note"]
    assert "fremdrift med den første" in note
    assert "fremdrift med den andre" in note


def test_the_same_words_signed_anew_are_let_read_anew(case):
    case.hand_over()
    let_read(case)
    case.hand_over(case.former)
    reopen(case.agreement)
    both_sign(case, case.former)
    case.hand_over(case.successor)
    assert "privat" not in words_of(case, case.successor)
    let_read(case)
    assert "privat" in words_of(case, case.successor)
    assert PRIVATE_SECTION not in texts_of(case, case.successor).withheld


def test_who_read_the_record_before_is_not_the_new_ones_to_see(case, client):
    seal = reopen(case.agreement).seal
    open_earlier_seal(reader=case.leader, seal=seal)
    assert case.agreement.readings.filter(kind=Reading.Kind.RECORD).count() == 1
    case.hand_over()
    for person, lines in ((case.successor, 0), (case.leader, 1)):
        client.force_login(person)
        response = client.get(f"/leder/avtale/{case.agreement.uuid}/lesing/")
        told = [text for visit in response.context["visits"] for text in visit.texts]
        assert sum(kind == Reading.Kind.RECORD.label for _heading, kind, _owner in told) == lines
        client.logout()


def test_what_both_write_is_shared_with_the_new_one_as_ever(case):
    reopen(case.agreement)
    write(case, SECTION, "felles, skrevet anew")
    case.hand_over()
    assert "felles, skrevet anew" in words_of(case, case.successor)
