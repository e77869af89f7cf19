"""A municipality that is attacked: people with passwords, agreements with words to look for, the site as served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone

from leder.agreements.actions import save_section
from leder.agreements.models import Agreement
from leder.agreements.states import State
from leder.conversations.actions import save_preparation
from leder.identity import hr
from leder.organisation.models import Appointment
from leder.pages import roles
from tests import factories
from tests.attacks.hands import Hands
from tests.factories import PRIVATE_SECTION, SECTION, access_of

FORTNIGHT = dt.timedelta(days=14)
PASSWORD = "riktig-hest-batteri"
NEW = "en-helt-ny-lang-setning"
THEIRS = "angriper@attack.example"
# What the two have written; nobody else is ever shown one of these.
WORDS = {
    "open": "havørnen ser alt",
    "private": "rødrev i mørket",
    "prepared": "grevling under trappa",
    "earlier": "elgkalven fra i fjor",
}


@dataclass
class Municipality:
    """Who is there, and what two of them have written."""

    url: str
    leader: Any
    superior: Any
    colleague: Any
    reader: Any
    hr: tuple[Any, Any]
    operators: tuple[Any, Any]
    agreement: Agreement
    earlier: Agreement
    clock: time_machine.Traveller
    homes: dict[Any, Hands]

    def browser(self, person: Any = None, password: str = PASSWORD, **options: Any) -> Hands:
        """A browser of somebody's own; signed in, where a person is named."""
        hands = Hands(self.url, **options)
        if person is not None:
            assert hands.can_sign_in(person.username, password), person
        return hands

    def home(self, person: Any) -> Hands:
        """The browser that somebody has signed in with before; signed in again."""
        hands = self.homes[person.pk]
        hands.sign_out()
        assert hands.can_sign_in(person.username, PASSWORD), person
        return hands

    def told(self) -> set[str]:
        """Every address that mail has gone to since last asked."""
        addresses = {address for message in mail.outbox for address in message.to}
        mail.outbox.clear()
        return addresses

    def later(self, **passed: float) -> None:
        """Time passes: `hours=72`."""
        self.clock.shift(dt.timedelta(**passed))


def shows(text: str) -> set[str]:
    """Which of the words a text holds."""
    return {name for name, word in WORDS.items() if word in text}


@pytest.fixture
def municipality(transactional_db: None, live_server: Any, settings: Any) -> Iterator[Municipality]:
    """All of it, as it stands when nothing has happened to anybody's account for a fortnight."""
    settings.LEDER_REAUTH_MINUTES = 15
    with time_machine.travel(timezone.now() - FORTNIGHT, tick=True) as clock:
        made = _settle(live_server.url, clock)
        clock.shift(FORTNIGHT)
        mail.outbox.clear()
        yield made


def _settle(url: str, clock: time_machine.Traveller) -> Municipality:
    """Make people and agreements, write in them by the plugin's own acts, and let each sign in as they always do."""
    roles.set_up_roles()
    leader, superior, reader = _person("Leder"), _person("Overordnet"), _person("Leser")
    parties = {"leader": leader, "superior": superior}
    earlier = factories.make_agreement(year=factories.YEAR - 1, **parties)
    _write(earlier, earlier=SECTION)
    factories.bring_to(earlier, State.SIGNED)
    agreement = factories.make_agreement(**parties)
    # A handover is of one who holds the position.
    Appointment.objects.create(position=agreement.position, person=leader, starts=dt.date(2020, 1, 1))
    _write(agreement, open=SECTION, private=PRIVATE_SECTION)
    save_preparation(
        access_of(leader, agreement), section_id=SECTION, version=0, payload=_note(WORDS["prepared"])
    )
    factories.share(agreement, reader, section_id=SECTION)
    made = Municipality(
        url=url,
        leader=leader,
        superior=superior,
        colleague=_person("Kollega"),
        reader=reader,
        hr=(_person("Hr En", roles.HR), _person("Hr To", roles.HR)),
        operators=(_person("Drift En", roles.OPERATIONS), _person("Drift To", roles.OPERATIONS)),
        agreement=agreement,
        earlier=earlier,
        clock=clock,
        homes={},
    )
    # As every night.
    hr.look()
    for person in (leader, superior, reader):
        made.homes[person.pk] = made.browser(person)
    made.homes[reader.pk].reads("/leder/delt/")
    return made


def _person(last_name: str, *groups: str) -> Any:
    person = factories.make_user(password=PASSWORD, last_name=last_name)
    person.groups.add(*Group.objects.filter(name__in=groups))
    return person


def _write(agreement: Agreement, **where: str) -> None:
    for word, section_id in where.items():
        access = access_of(agreement.leader, agreement)
        save_section(access, section_id=section_id, version=0, payload=_note(WORDS[word]))


def _note(text: str) -> Any:
    return {"note": text, "answers": {}, "choices": [], "goals": []}


@pytest.fixture
def operator(municipality: Municipality) -> Hands:
    """The browser of one who keeps the users."""
    return municipality.browser(municipality.operators[0])
