"""A small municipality that lives through a year: who does what on which day, at noon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from leder.agreements.actions import open_agreement
from leder.agreements.models import Agreement
from leder.agreements.states import Step, advance
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.mail.models import MailPreference
from leder.organisation.models import Appointment, Position
from tests import factories
from tests.reminders.helpers import OSLO, YEAR, appoint, day

Act = Callable[[], Any]

# Name and superior. "Direktør" stands above "Anna" and "Bjørn".
LINE = {
    "Direktør": "",
    "Anna": "Direktør",
    "Bjørn": "Direktør",
    "Punktlig": "Anna",
    "Sen": "Anna",
    "Avmeldt": "Anna",
    "Nynorsk": "Bjørn",
    "Borte": "Bjørn",
    "Glemt": "Bjørn",
}


PARTIES = ("leader", "superior")


class Town:
    """People and positions by name, the agreement that stands between a leader and the superior, and what they do."""

    people: dict[str, Any]
    positions: dict[str, Position]
    # Whose position those have who came into one.
    of_another: dict[str, str] = {}

    def acts(self) -> dict[dt.date, list[Act]]:
        """Everything that anybody does, by day, at noon."""
        raise NotImplementedError

    def agreement(self, leader: str) -> Agreement:
        """The newest agreement of a leader."""
        return Agreement.objects.filter(leader=self.people[leader]).latest("pk")

    def open(self, leader: str, superior: str) -> Agreement:
        """Open an agreement: in the leader's position, with the one whom it reports to."""
        position = self.positions[self.of_another.get(leader, leader)]
        return open_agreement(
            year_round=factories.make_round(YEAR),
            position=position,
            leader=self.people[leader],
            superior=self.people[superior],
            superior_position=position.reports_to,
            editions=factories.make_editions(),
        )

    def opens(self, leader: str, superior: str) -> Act:
        return lambda: self.open(leader, superior)

    def ready(self, leader: str, role: str = "") -> Act:
        """A party says ready; both where none is named."""

        def act() -> None:
            agreement = self.agreement(leader)
            for each in [role] if role else PARTIES:
                conversing.mark_ready(factories.access_of(getattr(agreement, each), agreement))

        return act

    def calls(self, leader: str, on: dt.date) -> Act:
        def act() -> None:
            agreement = self.agreement(leader)
            conversing.call(factories.access_of(agreement.superior, agreement), **_when(on))

        return act

    def moves(self, leader: str, on: dt.date) -> Act:
        def act() -> None:
            agreement = self.agreement(leader)
            called = agreement.conversations.get(status=Conversation.Status.CALLED)
            conversing.move(factories.access_of(agreement.superior, called.agreement), called, **_when(on))

        return act

    def holds(self, leader: str) -> Act:
        def act() -> None:
            agreement = self.agreement(leader)
            conversing.hold(
                factories.access_of(agreement.superior, agreement), held_on=dt.datetime.now(tz=OSLO).date()
            )

        return act

    def signs(self, leader: str, role: str = "") -> Act:
        return self._in_turn(factories.sign, leader, role)

    def confirms(self, leader: str, role: str = "") -> Act:
        return self._in_turn(factories.confirm, leader, role)

    def _in_turn(self, act: Callable[[Agreement, Any], Any], leader: str, role: str) -> Act:
        """What a party does, on the row as it stands; first the leader, then the superior, where none is named."""
        return lambda: [
            act(self.agreement(leader), getattr(self.agreement(leader), each))
            for each in ([role] if role else PARTIES)
        ]


class Municipality(Town):
    """Nine leaders, and two who come in for others."""

    of_another = {"Arne": "Anna", "Vikar": "Borte"}

    def __init__(self) -> None:
        factories.make_round(YEAR)
        self.people: dict[str, Any] = {}
        self.positions: dict[str, Position] = {}
        for name, above in LINE.items():
            self.people[name], self.positions[name] = factories.make_leader(
                reports_to=self.positions.get(above), last_name=name
            )
        # Not there from the beginning: Anna's successor, and one who acts for Borte.
        self.people["Arne"], self.people["Vikar"] = (
            factories.make_user(last_name=name) for name in ("Arne", "Vikar")
        )
        MailPreference.objects.create(person=self.people["Avmeldt"], optional_reminders=False)
        MailPreference.objects.create(person=self.people["Nynorsk"], language="nn")
        for name, above in LINE.items():
            if above and name != "Glemt":
                self.open(name, above)

    def acts(self) -> dict[dt.date, list[Act]]:
        """Everything that anybody does, by day."""
        found: dict[dt.date, list[Act]] = {}
        for on, *acts in (*self.first_conversations(), *self.changes_of_people(), *self.follow_ups()):
            found.setdefault(on, []).extend(acts)
        return found

    def first_conversations(self) -> list[tuple[Any, ...]]:
        """January to April."""
        return [
            (day(1, 20), self.ready("Anna"), self.calls("Anna", day(2, 10))),
            (day(2, 10), self.holds("Anna")),
            (day(2, 12), self.signs("Anna", "leader"), self.signs("Anna", "superior")),
            # Bjørn and the director
            (day(2, 1), self.ready("Bjørn")),
            (day(3, 2), self.calls("Bjørn", day(3, 10))),
            (day(3, 10), self.holds("Bjørn"), self.signs("Bjørn", "leader")),
            (day(3, 22), self.signs("Bjørn", "superior")),
            # Anna's: one in good time, one who is late, one who has turned reminders off
            (
                day(2, 1),
                self.ready("Punktlig"),
                self.ready("Sen", "superior"),
                self.ready("Avmeldt", "superior"),
            ),
            (day(2, 15), self.calls("Punktlig", day(3, 3))),
            (day(3, 3), self.holds("Punktlig")),
            (day(3, 10), self.signs("Punktlig", "leader")),
            (day(3, 11), self.signs("Punktlig", "superior")),
            (day(4, 13), self.ready("Sen", "leader")),
            (day(4, 20), self.calls("Sen", day(4, 28))),
            (day(4, 28), self.holds("Sen")),
            (day(4, 29), self.signs("Sen", "leader")),
            (day(5, 12), self.signs("Sen", "superior")),
            (day(3, 20), self.ready("Avmeldt", "leader")),
            (day(3, 23), self.calls("Avmeldt", day(4, 8))),
            (day(4, 8), self.holds("Avmeldt")),
            (day(4, 9), self.signs("Avmeldt", "leader"), self.signs("Avmeldt", "superior")),
            # Bjørn's: one at the last moment, one early, one whose agreement he forgets to open
            (day(2, 10), self.ready("Nynorsk", "leader")),
            (day(3, 18), self.ready("Nynorsk", "superior"), self.calls("Nynorsk", day(3, 30))),
            (day(3, 30), self.holds("Nynorsk")),
            (day(3, 31), self.signs("Nynorsk", "leader"), self.signs("Nynorsk", "superior")),
            (day(2, 10), self.ready("Borte"), self.calls("Borte", day(2, 22))),
            (day(2, 22), self.holds("Borte")),
            (day(2, 23), self.signs("Borte", "leader"), self.signs("Borte", "superior")),
            (day(2, 8), lambda: self.open("Glemt", "Bjørn")),
            (day(3, 1), self.ready("Glemt"), self.calls("Glemt", day(3, 18))),
            (day(3, 16), self.moves("Glemt", day(3, 25))),
            (day(3, 25), self.holds("Glemt")),
            (day(3, 26), self.signs("Glemt", "leader"), self.signs("Glemt", "superior")),
        ]

    def changes_of_people(self) -> list[tuple[Any, ...]]:
        """Arne comes for Anna in June; Vikar leads for Borte from August to October; Glemt leaves in November."""
        return [
            (day(5, 20), self.changes_superior),
            (
                day(6, 1),
                self.ends_annas,
                *(self.opens(name, "Arne") for name in ("Punktlig", "Sen", "Avmeldt")),
            ),
            (day(6, 1), lambda: self.open("Arne", "Direktør")),
            (day(6, 3), self.ready("Arne"), self.calls("Arne", day(6, 10))),
            (day(6, 10), self.holds("Arne")),
            (day(6, 11), self.signs("Arne", "leader"), self.signs("Arne", "superior")),
            (day(6, 3), self.ready("Punktlig"), self.calls("Punktlig", day(6, 16))),
            (day(6, 16), self.holds("Punktlig")),
            (day(6, 17), self.signs("Punktlig", "leader"), self.signs("Punktlig", "superior")),
            (day(6, 3), self.ready("Sen", "superior"), self.ready("Avmeldt")),
            (day(6, 30), self.ready("Sen", "leader"), self.calls("Sen", day(7, 2))),
            (day(7, 2), self.holds("Sen"), self.signs("Sen", "leader"), self.signs("Sen", "superior")),
            (day(6, 7), self.calls("Avmeldt", day(6, 9))),
            (day(6, 9), self.holds("Avmeldt")),
            (day(6, 10), self.signs("Avmeldt", "leader"), self.signs("Avmeldt", "superior")),
            (day(7, 20), self.appoints_vikar),
            (day(8, 3), lambda: self.open("Vikar", "Bjørn")),
            (day(8, 4), self.ready("Vikar"), self.calls("Vikar", day(8, 23))),
            (day(8, 23), self.holds("Vikar")),
            (day(8, 24), self.signs("Vikar", "leader"), self.signs("Vikar", "superior")),
            (day(11, 30), self.leaves_glemt),
        ]

    def follow_ups(self) -> list[tuple[Any, ...]]:
        """August to December. Arne never holds one with Sen; Avmeldt never confirms."""
        return [
            (day(8, 2), self.calls("Bjørn", day(9, 15))),
            (day(9, 15), self.holds("Bjørn")),
            (day(9, 16), self.confirms("Bjørn", "leader"), self.confirms("Bjørn", "superior")),
            (day(12, 6), self.calls("Arne", day(12, 14))),
            (day(12, 14), self.holds("Arne"), self.confirms("Arne", "superior")),
            (day(12, 20), self.confirms("Arne", "leader")),
            (day(8, 9), self.calls("Punktlig", day(10, 27))),
            (day(10, 26), self.moves("Punktlig", day(11, 3))),
            (day(11, 3), self.holds("Punktlig")),
            (day(11, 4), self.confirms("Punktlig", "leader"), self.confirms("Punktlig", "superior")),
            (day(10, 4), self.holds("Avmeldt"), self.confirms("Avmeldt", "superior")),
            (day(11, 15), self.calls("Nynorsk", day(11, 23))),
            (day(11, 23), self.holds("Nynorsk")),
            (day(11, 23), self.confirms("Nynorsk", "leader"), self.confirms("Nynorsk", "superior")),
            (day(12, 6), self.calls("Borte", day(12, 16))),
            (day(12, 16), self.holds("Borte")),
            (day(12, 16), self.confirms("Borte", "leader"), self.confirms("Borte", "superior")),
        ]

    def changes_superior(self) -> None:
        """Anna's last day is 31 May, Arne's first 1 June."""
        Appointment.objects.filter(person=self.people["Anna"]).update(ends=day(5, 31))
        appoint(self.people["Arne"], self.positions["Anna"], day(6, 1))

    def ends_annas(self) -> None:
        """Her own agreement ends, and those of her reports, who get a new one with Arne."""
        for leader in ("Anna", "Punktlig", "Sen", "Avmeldt"):
            advance(self.agreement(leader), Step.END)

    def appoints_vikar(self) -> None:
        appoint(self.people["Vikar"], self.positions["Borte"], day(8, 2), day(10, 31), acting=True)

    def leaves_glemt(self) -> None:
        Appointment.objects.filter(person=self.people["Glemt"]).update(ends=day(11, 30))
        self.people["Glemt"].is_active = False
        self.people["Glemt"].save()


def _when(on: dt.date) -> dict[str, Any]:
    starts_at = dt.datetime.combine(on, dt.time(13), OSLO)
    return {"starts_at": starts_at, "minutes": 60, "place": "Hemmelig sted", "message": "Hemmelig beskjed"}
