"""Agreements that both opened again: what was signed is for those who signed it, on a page of its own (R7)."""

from __future__ import annotations

import pytest
from django.db import transaction

from leder.agreements.models import Reading
from leder.agreements.reading.earlier import earlier_seals_for, open_earlier_seal
from leder.agreements.reading.why import open_why
from leder.agreements.states import State
from tests import factories
from tests.access.test_content import read_by
from tests.access.visiting import READING_LOG, Visitor
from tests.access.world import OUTSIDERS, REOPENED, World

# Who reads what was signed before, by name of the agreement.
READERS = {
    "reopened": ("leader_reopened", "superior"),
    # Signed with the former superior: it stays theirs, and is not the new one's.
    "handed_reopened": ("leader_handed_reopened", "handing_superior"),
}


@pytest.mark.parametrize("name", REOPENED)
@pytest.mark.parametrize("more", ["", "dokument.pdf"])
def test_what_was_signed_is_for_those_who_signed_it(visitor: Visitor, name: str, more: str) -> None:
    world, path = visitor.world, visitor.world.earlier_path(name) + more
    for persona in world.clients:
        answer, posted = visitor.get(persona, path), visitor.post(persona, path)
        if persona in OUTSIDERS:
            assert answer.to_sign_in, answer
            continue
        assert answer.status == (200 if persona in READERS[name] else 404), answer
        assert posted.status == 405
        assert answer.changed <= READING_LOG
        stale = visitor.ask(persona, "GET", path, None, channel="stale")
        assert stale.to_confirm == (persona in READERS[name]), stale
        assert not stale.markers


@pytest.mark.parametrize("name", REOPENED)
def test_they_meet_all_that_was_signed_and_nothing_later(visitor: Visitor, name: str) -> None:
    world, path = visitor.world, visitor.world.earlier_path(name)
    sections = (factories.QUESTIONS_SECTION, factories.PRIVATE_SECTION)
    signed = {
        text
        for text, marker in world.markers.items()
        if marker.state == name
        and (marker.kind == "signed" or (marker.kind == "answer" and marker.section in sections))
    }
    assert len(signed) > 12
    for persona in READERS[name]:
        met = {text for text in visitor.get(persona, path).markers if world.markers[text].kind != "place"}
        assert met == signed, persona


def test_the_two_read_on_what_they_read_before(visitor: Visitor) -> None:
    world = visitor.world
    for persona in READERS["reopened"]:
        kinds = {world.markers[text].kind for text in read_by(visitor, persona, "reopened")}
        assert kinds >= {"answer", "comment", "preparation", "reason"}
        assert "signed" not in kinds


@pytest.mark.parametrize("name", REOPENED)
def test_the_ones_to_ask_say_the_same(world: World, db: None, name: str) -> None:
    agreement, seal = world.agreements[name], world.earlier[name]
    row = agreement.reopenings.get()
    # The superior who signed it is told why only as long as they are the superior.
    parties = set(world.parties(name).values()) & set(READERS[name])
    for persona, person in world.people.items():
        with transaction.atomic():
            found = earlier_seals_for(reader=person, agreement=agreement)
            assert [each.seal for each in found] == ([seal] if persona in READERS[name] else [])
            record = open_earlier_seal(reader=person, seal=seal)
            assert bool(record) == (persona in READERS[name]), persona
            access = factories.access_or_none(person, agreement)
            told = bool(access and open_why(access, row))
            assert told == (persona in parties), persona
            transaction.set_rollback(True)


def test_it_is_not_reached_through_another_agreement(visitor: Visitor) -> None:
    world = visitor.world
    other = world.agreements[State.SIGNED]
    path = f"/leder/avtale/{other.uuid}/signert/{world.earlier['reopened'].uuid}/"
    for persona in (*READERS["reopened"], f"leader_{State.SIGNED}"):
        assert visitor.get(persona, path).status == 404


def test_readings_stand_in_the_log(world: World, db: None) -> None:
    path = world.earlier_path("handed_reopened")
    with transaction.atomic():
        world.clients["handing_superior"].get(path)
        lines = list(Reading.objects.filter(kind="record").values_list("reader", "agreement", "version"))
        transaction.set_rollback(True)
    agreement, seal = world.agreements["handed_reopened"], world.earlier["handed_reopened"]
    assert lines == [(world.people["handing_superior"].pk, agreement.pk, seal.pk)]


def test_a_proposal_is_not_answered_through_another_agreement(visitor: Visitor) -> None:
    world = visitor.world
    own, other = world.agreements[State.SIGNED], world.agreements[State.FOLLOWED_UP]
    with transaction.atomic():
        row = factories.propose_reopening(own)
        for act in ("samtykk", "nei", "trekk"):
            path = f"/leder/avtale/{other.uuid}/gjenapne/{row.uuid}/{act}/"
            for persona in world.parties(State.FOLLOWED_UP).values():
                assert visitor.post(persona, path).status == 404
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["handed_signed", "handed_reopened"])
def test_a_new_superior_opens_nothing_that_another_signed(visitor: Visitor, name: str) -> None:
    world = visitor.world
    agreement = world.agreements[name]
    path = f"/leder/avtale/{agreement.uuid}/gjenapne/"
    seal = agreement.seals.filter(kind="agreement").latest("pk").uuid
    posted = {"reason": "Nye oppgaver.", "seal": str(seal)}
    for persona in world.parties(name).values():
        assert visitor.get(persona, path).status == 200
        answer = visitor.post(persona, path, posted)
        assert (answer.status, answer.changed) == (403, frozenset())
    for persona in ("handing_superior", "hr", "superuser", "forged"):
        assert visitor.get(persona, path).status == 404
        assert visitor.post(persona, path, posted).status == 404


def test_what_was_proposed_to_an_earlier_superior_is_not_there_for_the_new_one(visitor: Visitor) -> None:
    agreement = visitor.world.agreements["handed_reopened"]
    row = agreement.reopenings.get()
    for act in ("samtykk", "nei", "trekk"):
        path = f"/leder/avtale/{agreement.uuid}/gjenapne/{row.uuid}/{act}/"
        answers = {
            persona: visitor.post(persona, path) for persona in ("leader_handed_reopened", "new_superior")
        }
        assert [answer.status for answer in answers.values()] == [302, 404]
        assert not any(answer.changed for answer in answers.values())
