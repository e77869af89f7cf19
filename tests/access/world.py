"""One small municipality for the access tests: people of every kind, an agreement in every state, marked texts.

Everything is made by the real actions. Each text that a party writes carries a marker of its own, so that a
response can be searched for what the reader should never have met.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.access.grants import party_permission
from leder.agreements.models import Agreement, AgreementUserObjectPermission, KnownAccount, Seal, Share
from leder.agreements.models.account import require_open_for
from leder.agreements.states import State, Step, advance
from leder.conversations import actions as conversing
from leder.handover.actions import plan
from leder.handover.changes import changes_on
from leder.handover.deciding import allow
from leder.identity import actions as identity
from leder.organisation.importing.actions import store_file
from leder.organisation.importing.export import export
from leder.organisation.importing.reading import parse
from leder.organisation.models import Appointment, Position
from leder.pages import roles
from leder.sharing import actions as sharing
from tests import factories
from tests.access.pages import make_pages

YEAR = factories.YEAR
MARKER = re.compile(r"Xq7[a-z0-9]+7Xz")

# Those who are let into the CMS, by the group that lets them.
CMS_GROUPS = {
    "hr": roles.HR, "editor": roles.COMMUNICATIONS, "approver": roles.APPROVERS,
    "director_staff": roles.DIRECTOR_STAFF, "operations": roles.OPERATIONS,
}  # fmt: skip
# Those who have an account and lead nothing, and what it is. "forged" holds a grant that nobody gave, on every
# agreement, and the permission on the whole model; "superuser" holds everything by definition.
ACCOUNTS: dict[str, dict[str, Any]] = {
    "employee": {},
    "superuser": {"is_superuser": True, "is_staff": True},
    "forged": {"is_staff": True},
}
# Strangers to every agreement they are not named in; those who are so in the world of the canary, too, first.
EVERYWHERE = ("grand_superior", *CMS_GROUPS, *ACCOUNTS)
STRANGERS = (
    *EVERYWHERE, "colleague", "former_superior", "shared_reader", "left_superior", "handing_superior",
    "new_superior",
)  # fmt: skip
# Agreements with a superior whose appointment has ended, by name: how far they had come.
LEFT = {"left_signed": State.SIGNED, "left_unsigned": State.DISCUSSED}
# Agreements that HR has handed over from "handing_superior" to "new_superior", likewise.
HANDED = {
    "handed_signed": State.SIGNED,
    "handed_unsigned": State.DISCUSSED,
    "handed_reopened": State.DISCUSSED,
}
# Agreements that both had signed, opened again and changed; one of them before it was handed over.
REOPENED = ("reopened", "handed_reopened")
PRIVATE_SECTIONS = (factories.PRIVATE_SECTION, factories.FOLLOW_UP_SECTION)
SHARED_PATH, SIGNED_PATH = "/leder/delt/", "/leder/delt/signert/"
# What "shared_reader" has been offered in the agreement that is signed, and can't read; by the ways it can be so.
CLOSED_SHARES = ("proposed", "declined", "withdrawn", "lapsed", "wrong_mac", "by_hand")
OUTSIDERS = ("anonymous", "inactive")


@dataclass(frozen=True)
class Marker:
    """A marked text: which agreement it stands in, what kind of text, and whose."""

    text: str
    state: str
    kind: str
    author: str
    section: str = ""


@dataclass
class World:
    """The people by persona, the agreements by state (and two persons' own), and every marker."""

    people: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    own: dict[str, Agreement] = field(default_factory=dict)
    markers: dict[str, Marker] = field(default_factory=dict)
    pages: dict[str, Any] = field(default_factory=dict)
    # Open to "shared_reader" by agreement, and what waits for consent, by state; and the ways that are closed.
    shared: dict[str, Share] = field(default_factory=dict)
    proposed: dict[str, Share] = field(default_factory=dict)
    closed: dict[str, Share] = field(default_factory=dict)
    # What was signed before, by name of the agreement.
    earlier: dict[str, Seal] = field(default_factory=dict)
    # Sent by HR and not yet applied.
    organisation_file: Any = None
    # Held by a leader who has no agreement yet.
    new_position: Any = None
    # The account of a leader of "superior" that was changed, and is shut.
    shut: Any = None
    # What tests have looked up about an agreement, by its name.
    facts: dict[str, Any] = field(default_factory=dict)

    def parties(self, state: str) -> dict[str, str]:
        """The personas that are leader and superior of the agreement in a state."""
        superior = "former_superior" if state == State.ENDED else "superior"
        superior = "left_superior" if state in LEFT else superior
        superior = "new_superior" if state in HANDED else superior
        return {"leader": f"leader_{state}", "superior": superior}

    def strangers(self, state: str) -> list[str]:
        """Everybody signed in who is no party to the agreement in a state."""
        parties = self.parties(state).values()
        others = [f"leader_{State.OPENED}", f"leader_{State.SIGNED}", "superior"]
        return [name for name in (*STRANGERS, *others) if name not in parties]

    @cached_property
    def private_words(self) -> frozenset[str]:
        """Names of people, and headings of what two write in: they have no place in the title of a page."""
        people = [person for name, person in self.people.items() if name.startswith("leader_")]
        people += [
            self.people[name] for name in ("superior", "former_superior", "left_superior", "colleague")
        ]
        names = {
            name
            for each in people
            for name in (each.get_full_name(), each.first_name, each.last_name, each.username)
        }
        form = self.agreements[State.OPENED].form_edition
        # The follow-up has a page, which is called by that and not by the section.
        return frozenset(names | {each.heading for each in form.sections if not each.is_follow_up})

    def may_read(self, persona: str, marker: Marker, path: str = "") -> bool:
        """R2 and R5: the two parties; a preparation is its author's alone until both were ready.

        And by agreement one more, a section and what it is for, where that is shown and nowhere else. A superior who
        has left the office reads what was signed.
        """
        if persona == "shared_reader":
            return self._is_shared(marker, path)
        if persona == "handing_superior" and marker.state == "handed_reopened":
            stood = marker.kind == "answer" and marker.section != factories.SECTION
            return (stood or marker.kind == "signed") and path.startswith(self.earlier_path(marker.state))
        if persona in ("left_superior", "handing_superior"):
            state = "left_signed" if persona == "left_superior" else "handed_signed"
            signed = marker.state == state and marker.kind == "answer"
            return signed and marker.section != factories.FOLLOW_UP_SECTION and path.startswith(SIGNED_PATH)
        role = next((r for r, who in self.parties(marker.state).items() if who == persona), None)
        if role is None:
            return False
        if persona == "new_superior":
            is_private = marker.section in PRIVATE_SECTIONS
            return (marker.kind == "place" and marker.state not in REOPENED) or (
                marker.kind in ("answer", "progress", "comment") and not is_private
            )
        if marker.kind in ("version", "alone"):
            # What nobody else was shown is its author's.
            versions = f"/leder/avtale/{self.agreements[marker.state].uuid}/del/{marker.section}/versjoner/"
            is_there = not path or path.startswith(versions)
            return is_there and (marker.kind == "version" or marker.author == role)
        return marker.kind != "preparation" or marker.state != State.OPENED or marker.author == role

    def earlier_path(self, name: str) -> str:
        """Where what was signed before is read."""
        return f"/leder/avtale/{self.agreements[name].uuid}/signert/{self.earlier[name].uuid}/"

    def mark(self, state: str, kind: str, author: str, detail: str = "", section: str = "") -> str:
        """Make a marker and return its text."""
        text = f"Xq7{state}{kind}{author}{section}{detail}7Xz".replace("_", "").replace("-", "")
        self.markers[text] = Marker(text, state, kind, author, section)
        return text

    def _is_shared(self, marker: Marker, path: str) -> bool:
        there = (
            path == f"{SHARED_PATH}{self.shared[marker.state].uuid}/"
            if marker.state in self.shared and marker.state not in HANDED
            else False
        )
        written = marker.kind in ("answer", "progress") and marker.section == factories.PRIVATE_SECTION
        return there and (written or marker.kind == "purpose")


def make_world() -> World:
    """Build it all. Call it inside a transaction that is rolled back."""
    world = World()
    world.pages = make_pages()
    roles.set_up_roles()
    positions = _make_people(world)
    year_round = factories.make_round(YEAR)
    for kind in ("platform", "letter", "form"):
        setattr(year_round, f"{kind}_page_id", world.pages[kind].pk)
    year_round.save()
    for state in State.values:
        _make_agreement(world, state, state, positions)
    for name, reached in LEFT.items():
        _make_agreement(world, name, reached, positions)
    # One office, and so both at once.
    factories.leave_office(world.agreements[next(iter(LEFT))])
    for name, reached in HANDED.items():
        _make_agreement(world, name, reached, positions)
    _make_agreement(world, "reopened", State.DISCUSSED, positions)
    _hand_over(world)
    _make_closed_shares(world)
    for persona in ("colleague", "inactive"):
        world.own[persona] = _open(world, persona, positions[persona], "superior")
    world.shut = _make_shut(world, positions["middle"])
    _make_clients(world)
    return world


def _make_people(world: World) -> dict[str, Position]:
    people = world.people
    people["grand_superior"], top = factories.make_leader(last_name="Toppsjef")
    people["superior"], middle = factories.make_leader(reports_to=top, last_name="Overordnet")
    people["left_superior"], left = factories.make_leader(reports_to=top, last_name="Fratrådt")
    people["handing_superior"], handed = factories.make_leader(reports_to=top, last_name="Overlatende")
    people["new_superior"] = factories.make_user(last_name="Tilkommet")
    people["former_superior"], former = factories.make_leader(reports_to=top, last_name="Forrige")
    people["colleague"], colleague = factories.make_leader(reports_to=middle, last_name="Kollega")
    people["new_leader"], world.new_position = factories.make_leader(reports_to=middle, last_name="Ny")
    people["inactive"], gone = factories.make_leader(reports_to=middle, last_name="Sluttet")
    for persona, group in CMS_GROUPS.items():
        people[persona] = factories.make_user(last_name=persona)
        people[persona].groups.add(Group.objects.get(name=group))
    people["shared_reader"] = factories.make_user(last_name="Rådgiver")
    for persona, about in ACCOUNTS.items():
        people[persona] = factories.make_user(last_name=persona, **about)
    world.organisation_file = store_file(name="fil.csv", table=parse(export("csv")), user=people["hr"]).pk
    people["forged"].user_permissions.add(*Permission.objects.filter(content_type__app_label="leder"))
    return {
        "middle": middle,
        "former": former,
        "handed": handed,
        "left": left,
        "colleague": colleague,
        "inactive": gone,
    }


def _make_shut(world: World, above: Position) -> KnownAccount:
    person, position = factories.make_leader(reports_to=above, last_name="Stengt")
    actions.open_agreement(
        year_round=factories.make_round(YEAR),
        position=position,
        leader=person,
        superior=world.people["superior"],
        superior_position=above,
        editions=factories.make_editions(),
    )
    type(person).objects.filter(pk=person.pk).update(email="ny@example.org")
    identity.look_at([person.pk])
    return KnownAccount.objects.get(pk=person.pk)


def _open(world: World, leader: str, position: Position, superior: str, year: int = YEAR) -> Agreement:
    agreement = actions.open_agreement(
        year_round=factories.make_round(year),
        position=position,
        leader=world.people[leader],
        superior=world.people[superior],
        superior_position=position.reports_to,
        editions=factories.make_editions(),
    )
    for persona in ("forged", "superuser"):
        AgreementUserObjectPermission.objects.create(
            user=world.people[persona], permission=party_permission(), content_object=agreement
        )
    return agreement


def _make_agreement(  # noqa: C901 (a life told in its order; each branch is a state that it may end in)
    world: World, name: str, state: str, positions: dict[str, Position]
) -> None:
    """An agreement that lived up to this state, with marked text of every kind on the way."""
    leader, superior = world.parties(name).values()
    above = "former" if name == State.ENDED else "left" if name in LEFT else "middle"
    if name in HANDED:
        # Until it is handed over.
        superior, above = "handing_superior", "handed"
    person, position = factories.make_leader(reports_to=positions[above], last_name=f"Leder {name}")
    world.people[leader] = person
    # An earlier one that was never filled in, so that there is something to carry goals over from.
    _open(world, leader, position, superior, YEAR - 2)
    # What is replaced is last year's; all others are of the same year.
    agreement = _open(world, leader, position, superior, YEAR - 1 if state == State.REPLACED else YEAR)
    world.agreements[name] = agreement
    _write_before_signing(world, name)
    _share(world, name)
    reached = list(State.values).index(State.SIGNED if name in REOPENED else state)
    if reached >= list(State.values).index(State.PREPARED):
        factories.bring_to(agreement, State.PREPARED)
    for role, step in (("superior", State.DISCUSSED), ("leader", State.SIGNING), ("superior", State.SIGNED)):
        if reached < list(State.values).index(step):
            break
        agreement.refresh_from_db()
        if step == State.DISCUSSED:
            conversing.hold(factories.access_of(agreement.superior, agreement), held_on=timezone.localdate())
        else:
            _sign(world, name, role)
    if reached >= list(State.values).index(State.SIGNED) and name != "handed_reopened":
        _write_after_signing(world, name)
    if name in REOPENED:
        _reopen(world, name)
    if reached >= list(State.values).index(State.FOLLOWED_UP):
        conversing.hold(factories.access_of(agreement.superior, agreement), held_on=timezone.localdate())
        for party in (agreement.leader, agreement.superior):
            factories.confirm(agreement, party)
    agreement.refresh_from_db()
    if state == State.REPLACED:
        following = _open(world, leader, position, superior)
        factories.bring_to(following, State.SIGNED)
    if state == State.ENDED:
        # The superior left: the agreement is ended, and the leader has a new one with the new superior.
        advance(agreement, Step.END)
        _open(world, leader, position, "superior")
    agreement.refresh_from_db()
    assert agreement.state == state


def _reopen(world: World, name: str) -> None:
    """Both open it again, and the leader writes something else in one section: what stood there is signed text now."""
    agreement = world.agreements[name]
    reason = world.mark(name, "reason", "leader")
    world.earlier[name] = factories.reopen(agreement, reason=reason).seal
    section = factories.SECTION
    for text, marker in list(world.markers.items()):
        if (marker.state, marker.kind, marker.section) == (name, "answer", section):
            world.markers[text] = replace(marker, kind="signed")
    anew = world.mark(name, "answer", "leader", "anew", section)
    payload: dict[str, Any] = {"note": anew, "answers": {}, "choices": [], "goals": []}
    actions.save_section(
        factories.access_of(agreement.leader, agreement), section_id=section, version=3, payload=payload
    )


def _hand_over(world: World) -> None:
    """Another holds the position from today, HR plans what that brings, and each leader says yes."""
    today = timezone.localdate()
    position = world.agreements["handed_signed"].superior_position
    Appointment.objects.filter(position=position).update(ends=today - dt.timedelta(days=1))
    Appointment.objects.create(position=position, person=world.people["new_superior"], starts=today)
    for change in changes_on(today):
        if change.former.position == position:
            row = plan(actor=world.people["hr"], agreement=change.agreement, on=today)
            allow(actor=change.agreement.leader, handover=row)
    for name in HANDED:
        agreement = world.agreements[name]
        agreement.refresh_from_db()
        assert agreement.superior == world.people["new_superior"]
        world.proposed[name] = factories.propose(agreement, world.people["employee"], section_id="")


def _payload(world: World, state: str, section: str, author: str) -> dict[str, Any]:
    def mark(detail: str) -> str:
        return world.mark(state, "answer", author, detail, section)

    payload: dict[str, Any] = {"note": mark("note"), "answers": {}, "choices": [], "goals": []}
    if section in (factories.QUESTIONS_SECTION, factories.FOLLOW_UP_SECTION):
        payload["answers"] = {f"{section}-q1": mark("a")}
    if section == factories.SECTION:
        texts = {name: mark(name) for name in ("contribution", "ambition", "expectations")}
        payload["choices"] = [{"id": "assignment-1", **texts}]
    if section == factories.PRIVATE_SECTION:
        payload["choices"] = [{"id": "expectation-1", "stance": "challenge", "why": mark("why")}]
    if section != factories.FOLLOW_UP_SECTION:
        payload["goals"] = [
            {
                "id": f"goal-{section}", "goal": mark("goal"), "measures": mark("measures"),
                "due": f"{YEAR}-09-01", "responsible": "leader", "status": "open", "carried_from": "",
            }
        ]  # fmt: skip
    return payload


def _write_before_signing(world: World, state: str) -> None:
    agreement = world.agreements[state]
    for role, person in (("leader", agreement.leader), ("superior", agreement.superior)):
        for section in (factories.QUESTIONS_SECTION, factories.PRIVATE_SECTION):
            conversing.save_preparation(
                factories.access_of(person, agreement),
                section_id=section,
                version=0,
                payload={
                    "note": world.mark(state, "preparation", role, section=section),
                    "answers": {f"{section}-q1": world.mark(state, "preparation", role, "q", section)},
                    "choices": [],
                    "goals": [],
                },
            )
            actions.add_comment(
                factories.access_of(person, agreement),
                section_id=section,
                text=world.mark(state, "comment", role, section=section),
            )
    versions = (factories.SECTION, factories.PRIVATE_SECTION)
    _write_versions(world, state, versions)
    for section in (*versions, factories.QUESTIONS_SECTION):
        actions.save_section(
            factories.access_of(agreement.leader, agreement),
            section_id=section,
            version=2 if section in versions else 0,
            payload=_payload(world, state, section, "leader"),
        )
    _call(world, state, "first")


def _write_versions(world: World, state: str, sections: tuple[str, ...]) -> None:
    """In each, one that the leader wrote and the superior was shown, and one that is the superior's alone."""
    agreement = world.agreements[state]
    for number, (role, kind) in enumerate((("leader", "version"), ("superior", "alone"))):
        for section in sections:
            note = world.mark(state, kind, role, section=section)
            actions.save_section(
                factories.access_of(getattr(agreement, role), agreement),
                section_id=section,
                version=number,
                payload={"note": note, "answers": {}, "choices": [], "goals": []},
            )
        if kind == "version":
            factories.opened_by(agreement.superior, agreement)


def _write_after_signing(world: World, state: str) -> None:
    agreement = world.agreements[state]
    actions.save_section(
        factories.access_of(agreement.leader, agreement),
        section_id=factories.FOLLOW_UP_SECTION,
        version=0,
        payload=_payload(world, state, factories.FOLLOW_UP_SECTION, "leader"),
    )
    for section in (factories.SECTION, factories.PRIVATE_SECTION):
        comment = world.mark(state, "progress", "superior", section=section)
        actions.save_progress(
            factories.access_of(agreement.superior, agreement),
            section_id=section,
            version=0,
            payload={
                "note": world.mark(state, "progress", "superior", "note", section),
                "goals": {f"goal-{section}": {"status": "started", "comment": comment}},
            },
        )
    _call(world, state, "second")


def _share(world: World, state: str) -> None:
    """The private section is shared with "shared_reader"; another proposal of the leader waits for the superior."""
    agreement = world.agreements[state]
    world.shared[state] = factories.share(
        agreement, world.people["shared_reader"], purpose=world.mark(state, "purpose", "leader")
    )
    world.proposed[state] = factories.propose(agreement, world.people["employee"], section_id="")


def _make_closed_shares(world: World) -> None:
    agreement, reader = world.agreements[State.SIGNED], world.people["shared_reader"]

    def proposal(section: str = factories.SECTION) -> Share:
        return factories.propose(agreement, reader, section_id=section)

    def consent(share: Share) -> Share:
        return sharing.consent(factories.access_of(agreement.superior, share.agreement), share)

    closed = world.closed
    closed["declined"] = sharing.decline(factories.access_of(agreement.superior, agreement), proposal())
    closed["withdrawn"] = sharing.withdraw(
        factories.access_of(agreement.superior, agreement), consent(proposal())
    )
    closed["lapsed"] = factories.lapse(consent(proposal(factories.FOLLOW_UP_SECTION)))
    closed["proposed"] = proposal()
    whole = factories.propose(agreement, reader, section_id="")
    whole.status, whole.answered_at, whole.mac = (
        Share.Status.AGREED,
        timezone.now(),
        world.shared["signed"].mac,
    )
    whole.save()
    closed["wrong_mac"] = whole
    closed["by_hand"] = Share.objects.create(
        agreement=agreement,
        section_id=factories.QUESTIONS_SECTION,
        reader=reader,
        purpose=b"",
        until=whole.until,
        status=Share.Status.AGREED,
        proposed_by=agreement.leader,
        proposed_at=timezone.now(),
        answered_at=timezone.now(),
    )


def _call(world: World, state: str, which: str) -> None:
    agreement = world.agreements[state]
    agreement.refresh_from_db()
    conversing.call(
        factories.access_of(agreement.superior, agreement),
        starts_at=timezone.now() + dt.timedelta(days=14),
        minutes=60,
        place=world.mark(state, "meeting", "superior", which + "place"),
        message=world.mark(state, "meeting", "superior", which + "message"),
    )


def _sign(world: World, state: str, role: str) -> None:
    agreement = world.agreements[state]
    person = getattr(agreement, role)
    factories.sign(agreement, person, place=world.mark(state, "place", role))


def _make_clients(world: World) -> None:
    for persona, person in world.people.items():
        world.clients[persona] = client = Client()
        client.force_login(person)
        # What a session learns once, it would learn in each request that is undone afterwards.
        assert client.get("/leder/min-side/").status_code == 200
    # So it is with the first text of all that somebody is shown.
    known = set(KnownAccount.objects.values_list("pk", flat=True))
    for person in world.people.values():
        if person.pk in known:
            require_open_for(person)
    world.clients["anonymous"] = Client()
    # Signed in when the account was closed: the session is there, the person no longer is.
    person = world.people["inactive"]
    person.is_active = False
    person.save()
