"""What the parties wrote is where they read it, and nowhere else: pages, tables, sessions, e-mail, search, history."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.urls import reverse

from leder.agreements.models import Reading
from leder.agreements.states import State
from tests.access.visiting import Visitor
from tests.access.world import MARKER, World
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    QUESTIONS_SECTION,
    SECTION,
    opened_by,
)

PAGES = (
    "agreement",
    "preparation",
    "conversations",
    "sign",
    "follow_up",
    "meeting_start",
    "sharing",
    "reopening",
)
SECTIONS = (SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, FOLLOW_UP_SECTION)


def read_by(visitor: Visitor, persona: str, state: str) -> set[str]:
    """Every marker that a persona meets on the pages of an agreement."""
    uuid = visitor.world.agreements[state].uuid
    paths = [reverse(f"leder:{name}", args=[uuid]) for name in PAGES]
    for name in ("preparation_section", "meeting", "versions"):
        paths += [reverse(f"leder:{name}", args=[uuid, section]) for section in SECTIONS]
    paths += [
        reverse("leder:version", args=[uuid, section, number]) for section in SECTIONS for number in (1, 2)
    ]
    return {text for path in paths for text in visitor.get(persona, path).markers}


@pytest.mark.parametrize("role", ["leader", "superior"])
@pytest.mark.parametrize("state", State.values)
def test_parties_read_all_that_is_theirs(visitor: Visitor, state: str, role: str) -> None:
    """Otherwise it would say nothing that nobody else meets it."""
    world = visitor.world
    persona = world.parties(state)[role]
    mine = [m for m in world.markers.values() if m.state == state and world.may_read(persona, m)]
    # The message that called a conversation has done its work once the conversation is held.
    theirs = {m.text for m in mine if m.kind != "meeting" or "message" not in m.text}
    assert len(theirs) > 20
    assert theirs - read_by(visitor, persona, state) == set()


def test_preparations_are_apart_until_both_are_ready(visitor: Visitor) -> None:
    world = visitor.world
    leader, superior = world.parties(State.OPENED).values()
    seen = {who: read_by(visitor, who, State.OPENED) for who in (leader, superior)}
    of_leader = {
        m.text
        for m in world.markers.values()
        if (m.state, m.kind, m.author) == (State.OPENED, "preparation", "leader")
    }
    assert of_leader <= seen[leader]
    assert not of_leader & seen[superior]


def test_the_one_way_to_the_text_asks_who_reads(world: World, db: None) -> None:
    """Whatever a page would do with it: `open_texts` gives each exactly what is theirs to read."""
    for state, agreement in world.agreements.items():
        kinds = {"answer", "preparation", "comment", "progress"}
        markers = [m for m in world.markers.values() if m.state == state and m.kind in kinds]
        for persona, person in world.people.items():
            opened = set(
                MARKER.findall(repr(opened_by(person, agreement, kinds=Reading.Kind.values, kept=True)))
            )
            assert opened == {m.text for m in markers if world.may_read(persona, m)}, (persona, state)


def test_no_table_holds_it_in_plain_text(world: World, db: None) -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            for row in cursor.fetchall():
                text = b" ".join(bytes(v) if isinstance(v, memoryview) else str(v).encode() for v in row)
                assert not MARKER.search(text.decode(errors="replace")), table


def test_no_mail_holds_it(world: World, db: None, mailoutbox: list[mail.EmailMessage]) -> None:
    assert not MARKER.search(repr([(message.subject, message.body) for message in mailoutbox]))


def test_names_of_objects_hold_nothing(world: World, db: None) -> None:
    """`__str__` ends up in audit logs, where it outlives what it names."""
    for model in apps.get_app_config("leder").get_models():
        for instance in model._default_manager.all()[:200]:
            assert not MARKER.search(f"{instance} {instance!r}")


SEARCHES = (
    "/sok/?q={}",
    "/cms/pages/search/?q={}",
    "/cms/users/?q={}",
    "/cms/images/?q={}",
    "/cms/documents/?q={}",
    "/cms/leder/positions/?q={}",
    "/cms/leder/appointments/?q={}",
    "/cms/leder/units/?q={}",
    "/cms/leder/appointments/?person__password__startswith={}",
    "/cms/leder/positions/?agreements__entries__ciphertext__contains={}",
    "/cms/reports/site-history/?object_type={}",
    "/cms/api/main/pages/?search={}",
    "/cms/tag-autocomplete/?term={}",
    "/leder/min-side/ledere/?ord={}",
)


@pytest.mark.parametrize("search", SEARCHES)
def test_searching_finds_nothing_of_it(visitor: Visitor, search: str) -> None:
    """The question itself may be shown again in the search box; nothing else may."""
    text = next(iter(visitor.world.markers))
    for persona in ("superuser", "hr", "editor", "forged"):
        answer = visitor.get(persona, search.format(text[:-4]))
        assert answer.status < 500, answer
        assert not answer.markers, answer
