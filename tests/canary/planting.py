"""Twenty-seven agreements in all states, made by the real forms, with a mark in every field that people write in.

No action is called here: what the parties do, they do over HTTP, by the forms they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Agreement
from leder.agreements.states import State, Step, advance
from tests.canary.cast import HANDED, Cast, forge, leave, make_cast, replace
from tests.canary.channels import Heard
from tests.canary.filling import address_of, filled, kind_of
from tests.canary.html import Form, forms_in
from tests.canary.marking import Marker, Register
from tests.canary.visiting import Answer, Before, Rights, Visitor

# How far each goes: (state it ends in, where it stops on the way, below whom). The order is that of opening.
LAST_YEAR = (("replaced", "", "superior"), ("replaced", "", "superior"))
BELOW_FORMER = (
    ("ended", "signed", "former_superior"),
    ("ended", "discussed", "former_superior"),
    ("signed", "left", "former_superior"),
    ("discussed", "left", "former_superior"),
)
# Handed over when they have come so far: unsigned, signed; unfinished and signed to one who is acting.
TO_ANOTHER = (
    ("discussed", "", "leaving_superior"),
    ("signed", "", "leaving_superior"),
    ("prepared", "", "away_superior"),
    ("signed", "", "away_superior"),
)
# Opened again when both had signed: written on; handed over before it was signed anew; and one signed anew.
OPENED_AGAIN = (
    ("discussed", "reopened", "superior"),
    ("discussed", "reopened", "leaving_superior"),
    ("signed", "signed anew", "superior"),
)
THIS_YEAR = (
    ("opened", "leader ready", "superior"),
    ("opened", "superior ready", "superior"),
    ("prepared", "", "superior"),
    ("discussed", "", "superior"),
    ("discussed", "changes asked", "superior"),
    ("signing", "", "superior"),
    ("signing", "", "superior"),
    ("signed", "", "superior"),
    ("signed", "one confirmed", "superior"),
    ("followed_up", "", "superior"),
)
ORDER = [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING, State.SIGNED, State.FOLLOWED_UP]


@dataclass
class Planting:
    """What was planted: the people, the agreements by their leader (and year), every mark, what was filled in."""

    cast: Cast
    register: Register
    visitor: Visitor
    agreements: dict[str, Agreement] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)
    filled: set[tuple[str, str]] = field(default_factory=set)
    heard: Heard = field(default_factory=Heard)

    @property
    def rights(self) -> Rights:
        """Whom each agreement is for."""
        return self.visitor.rights

    def in_each_state(self) -> dict[str, Agreement]:
        """One agreement in each state."""
        return {agreement.state: agreement for agreement in self.agreements.values()}

    def party(self, agreement: Agreement, role: str) -> str:
        """The persona that is leader or superior of an agreement; "" where the superior has left."""
        parties = self.rights.parties[str(agreement.uuid)]
        return next((persona for persona, held in parties.items() if held == role), "")


def plant() -> Planting:
    """Make it all. What is written is committed."""
    cast = make_cast()
    register, rights = Register(), Rights()
    planting = Planting(cast, register, Visitor(register, rights, cast.clients))
    cast.open_round(cast.year - 1)
    replaced = [_live(planting, *plan, number, year=cast.year - 1) for number, plan in enumerate(LAST_YEAR)]
    cast.open_round(cast.year)
    former = [_live(planting, *plan, number) for number, plan in enumerate(BELOW_FORMER, 2)]
    reopened = [_live(planting, *plan, number) for number, plan in enumerate(OPENED_AGAIN, 20)]
    _hand_over(
        planting,
        [_live(planting, *plan, number) for number, plan in enumerate(TO_ANOTHER, 16)],
        reopened[1],
    )
    for number, plan in enumerate(THIS_YEAR, 6):
        _live(planting, *plan, number)
    _new_year_for_the_same(planting, replaced)
    _share(planting)
    _propose_to_reopen(planting)
    _new_superior(planting, former)
    for agreement in planting.agreements.values():
        agreement.refresh_from_db()
    _fetch(planting)
    for agreement in planting.in_each_state().values():
        forge(cast, agreement)
    return planting


def _live(planting: Planting, state: str, stop: str, below: str, number: int, *, year: int = 0) -> Life:
    leader = planting.cast.leader(f"leder{number:02d}", below=below)
    with transaction.atomic():
        life = Life(planting, leader, below, year or planting.cast.year)
        reached = {"replaced": State.SIGNED, "ended": stop}.get(state, state)
        life.reach(State.SIGNED if stop == "reopened" else reached, stop)
        if stop in ("reopened", "signed anew"):
            life.reopen(anew=stop == "signed anew")
    return life


def _new_year_for_the_same(planting: Planting, lives: list[Life]) -> None:
    """The same two agree for the next year, one of them with last year's goals; what they had is replaced."""
    for number, old in enumerate(lives):
        new = Life(planting, old.leader, old.superior, planting.cast.year)
        if number == 0:
            new.carry_over()
        new.reach(State.SIGNED, "")


def _fetch(planting: Planting) -> None:
    """What has left as a document is kept as it was issued."""
    signed, followed_up = (planting.in_each_state()[state] for state in (State.SIGNED, State.FOLLOWED_UP))
    for agreement, name in ((signed, "dokument"), (followed_up, "oppfolging")):
        for role in ("leader", "superior"):
            path = f"/leder/avtale/{agreement.uuid}/{name}.pdf"
            assert planting.visitor.get(planting.party(agreement, role), path).status == 200


def _share(planting: Planting) -> None:
    """Somebody is let read a private part, and a whole agreement; one share waits for consent, one is withdrawn."""
    first = {}
    for life in planting.lives:
        first.setdefault(life.agreement.state, life)
    private = next(section.id for section in first[State.DISCUSSED].sections.values() if section.private)
    for state, part in ((State.DISCUSSED, private), (State.SIGNED, "all"), (State.FOLLOWED_UP, "all")):
        first[state].propose(part)
        first[state].press(first[state].superior, "sharing", "share_consent")
        section = "" if part == "all" else part
        planting.rights.shared.add(("reader", first[state].key, section))
    first[State.PREPARED].propose(private)
    withdrawn = first[State.FOLLOWED_UP]
    withdrawn.press(withdrawn.superior, "sharing", "share_withdraw")
    planting.rights.shared.discard(("reader", withdrawn.key, ""))


def _propose_to_reopen(planting: Planting) -> None:
    """One proposal was taken back, and one waits for an answer."""
    life = next(
        life
        for life in reversed(planting.lives)
        if (life.agreement.state, life.superior) == (State.SIGNED, "superior")
    )
    life.press(life.superior, "reopening", "reopening")
    life.press(life.superior, "reopening", "reopening_withdraw")
    life.press(life.leader, "reopening", "reopening")


def _hand_over(planting: Planting, lives: list[Life], reopened: Life) -> None:
    """HR hands agreements over to a new superior and to an acting one, and those write on with the leaders."""
    rights = planting.rights
    for life in lives:
        if life.agreement.signed_at:
            # Ends with the handover.
            life.propose("all")
            life.press(life.superior, "sharing", "share_consent")
    leave(planting.cast, "leaving_superior")
    for persona in HANDED:
        replace(planting.cast, persona)
    for life in (*lives, reopened):
        former, key = life.superior, life.key
        marks = [each.text for each in planting.register.markers.values() if each.agreement == key]
        rights.before[key] = Before(frozenset(marks), frozenset(rights.ready[key]))
        rights.parties[key] = {life.leader: "leader", HANDED[former]: "superior"}
        if life.agreement.signed_at or life is reopened:
            rights.signed.add((former, key))
        life.hand_over()
    unsigned, signed, unfinished, _signed_to_acting = lives
    unsigned.write()
    signed.follow_up()
    rights.ready[unfinished.key] = set()
    unfinished.prepare()


def _new_superior(planting: Planting, lives: list[Life]) -> None:
    """The superior has left. Two of the agreements are ended, and their leaders get one with the next superior."""
    leave(planting.cast, "former_superior")
    for life in lives:
        planting.rights.parties[life.key].pop("former_superior")
        if life.agreement.signed_at:
            planting.rights.signed.add(("former_superior", life.key))
    for life in lives[:2]:
        # The step that a departure is; nobody presses a button for it.
        life.agreement.refresh_from_db()
        advance(life.agreement, Step.END)
        position = planting.cast.positions[life.leader]
        position.reports_to = planting.cast.positions["superior"]
        position.save()
        Life(planting, life.leader, "superior", planting.cast.year).reach(State.OPENED, "")


class Life:
    """One agreement from its opening on, by what the two parties press and write."""

    def __init__(self, planting: Planting, leader: str, superior: str, year: int) -> None:
        self.planting, self.leader, self.superior = planting, leader, superior
        # Whether what is written now is never shown to the other.
        self.is_alone = False
        self.visitor = planting.visitor
        position = planting.cast.positions[leader]
        opening = reverse("leder:open_agreement", args=[position.pk])
        [form] = [
            form for form in self._forms(superior, reverse("leder:my_reports")) if form.action == opening
        ]
        self._send(superior, form)
        self.agreement = (
            Agreement.objects.select_related("form_edition", "round")
            .filter(leader__username=leader)
            .latest("pk")
        )
        self.key = str(self.agreement.uuid)
        assert self.agreement.round.year == year
        planting.agreements[self.key] = self.agreement
        planting.lives.append(self)
        planting.rights.parties[self.key] = {leader: "leader", superior: "superior"}
        planting.rights.ready[self.key] = set()
        self.sections = {section.id: section for section in self.agreement.form_edition.sections}

    def reach(self, state: str, stop: str) -> None:
        """Live up to a state, and do what `stop` says there."""
        self.prepare()
        self.converse()
        self.write()
        ready = {"leader ready": [self.leader], "superior ready": [self.superior]}.get(stop, [])
        reached = ORDER.index(State(state))
        for persona in [self.leader, self.superior] if reached else ready:
            self.press(persona, "preparation", "preparation_ready")
            self.planting.rights.ready[self.key].add(self.role(persona))
        if reached >= ORDER.index(State.DISCUSSED):
            self.press(self.superior, "conversations", "conversation_hold")
        if state == State.DISCUSSED:
            self.think_better()
        if stop == "changes asked":
            self.ask_for_changes()
        if reached >= ORDER.index(State.SIGNING):
            self.press(self.leader, "sign", "sign")
        if reached >= ORDER.index(State.SIGNED):
            self.press(self.superior, "sign", "sign")
            self.follow_up()
        if reached == ORDER.index(State.FOLLOWED_UP) or stop == "one confirmed":
            self.press(self.superior, "conversations", "conversation_hold")
            self.confirm(self.leader)
        if reached == ORDER.index(State.FOLLOWED_UP):
            self.confirm(self.superior)
        self.agreement.refresh_from_db()
        assert self.agreement.state == state, f"{self.agreement.state}, not {state}"

    def prepare(self) -> None:
        """Each writes a preparation of every section."""
        for persona in (self.leader, self.superior):
            for section in self.sections.values():
                if not section.is_follow_up:
                    self.press(persona, "preparation_section", "preparation_section", section.id)

    def write(self) -> None:
        """Write in every section, the leader first; both comment; the superior approves one, with a word."""
        page = self.url("agreement")
        for form in self._forms(self.leader, page):
            if address_of(form.action) in {"leder:section", "leder:comment"}:
                self._send(self.leader, form)
        for form in self._forms(self.superior, page):
            if address_of(form.action) == "leder:review":
                self._send(self.superior, form, button=("verdict", "approved"))
                # The same field, sent by the button beside it.
                [comment] = {address for *_rest, address in form.buttons if address.endswith("/kommentar/")}
                self._send(self.superior, Form(comment, "post", form.fields))

    def think_better(self) -> None:
        """The leader writes anew in a private section, and puts the earlier version back before it is seen."""
        section = next(each.id for each in self.sections.values() if each.private and not each.is_follow_up)
        forms = self._forms(self.leader, self.url("agreement"))
        self.is_alone = True
        self._send(
            self.leader, next(form for form in forms if form.action.startswith(self.url("section", section)))
        )
        self.is_alone = False
        self.press(self.leader, "version", "version_put_back", section, "1")
        for persona, status in ((self.leader, 200), (self.superior, 404)):
            assert self.visitor.get(persona, self.url("version", section, "2")).status == status

    def ask_for_changes(self) -> None:
        """The superior asks for a change in the first section, and says which."""
        forms = self._forms(self.superior, self.url("agreement"))
        form = next(form for form in forms if address_of(form.action) == "leder:review")
        self._send(self.superior, form, button=("verdict", "changes"))

    def carry_over(self) -> None:
        """Take over last year's open goals."""
        page = self.visitor.get(self.leader, self.url("agreement")).text
        carrying = [path for each in self.sections if (path := self.url("carry_over", each)) in page]
        assert carrying
        for path in carrying:
            [form] = [each for each in self._forms(self.leader, path) if each.action == path]
            goal = next(field.value for field in form.fields if field.name == "goal")
            self._send(self.leader, form, given={"goal": goal})

    def converse(self) -> None:
        """The superior calls the next conversation, and moves it."""
        self.press(self.superior, "conversations", "conversations")
        self.press(self.superior, "conversations", "conversation_move")

    def follow_up(self) -> None:
        """Call the follow-up, write how the goals stand and answer its questions, the superior first."""
        self.converse()
        for form in self._forms(self.superior, self.url("follow_up")):
            if form.texts and form.method == "post":
                self._send(self.superior, form)

    def confirm(self, persona: str) -> None:
        """Confirm the follow-up as it is set for reading."""
        self.press(persona, "follow_up", "follow_up_confirm", query="?read=1")

    def propose(self, part: str) -> None:
        """The leader proposes to share a part, or all of it, with one who works there."""
        self.press(self.leader, "sharing", "sharing", given={"part": part, "reader": "reader"})

    def reopen(self, *, anew: bool) -> None:
        """The superior proposes to open it again, the leader agrees and writes on; then both sign anew, or not yet."""
        self.press(self.superior, "reopening", "reopening")
        self.press(self.leader, "reopening", "reopening_consent")
        form = next(
            form
            for form in self._forms(self.leader, self.url("agreement"))
            if address_of(form.action) == "leder:section"
        )
        self._send(self.leader, form)
        for persona in (self.leader, self.superior) if anew else ():
            self.press(persona, "sign", "sign")
        self.agreement.refresh_from_db()
        assert self.agreement.state == (State.SIGNED if anew else State.DISCUSSED)

    def hand_over(self) -> None:
        """HR plans it for today, the leader says yes: whom the organisation names goes on in the superior's place."""
        today = timezone.localdate().isoformat()
        answer = self.visitor.post(
            "hr", reverse("leder_handovers"), {"on": today, "agreement": str(self.agreement.pk)}
        )
        assert answer.status == 302
        page = reverse("leder:handover", args=[self.agreement.handovers.latest("pk").uuid])
        forms = self._forms(self.leader, page)
        self._send(
            self.leader, next(form for form in forms if address_of(form.action) == "leder:handover_allow")
        )
        self.superior = HANDED[self.superior]
        self.agreement.refresh_from_db()
        assert self.agreement.superior == self.planting.cast.people[self.superior]

    def press(
        self,
        persona: str,
        page: str,
        act: str,
        *args: str,
        query: str = "",
        given: dict[str, str] | None = None,
    ) -> Answer:
        """Fill in the form for an act on a page, and send it."""
        forms = self._forms(persona, self.url(page, *args) + query)
        form = next(form for form in forms if address_of(form.action) == f"leder:{act}")
        return self._send(persona, form, given=given)

    def url(self, name: str, *args: str) -> str:
        """The address of a page of this agreement."""
        return reverse(f"leder:{name}", args=[self.agreement.uuid, *args])

    def role(self, persona: str) -> str:
        """Which of the two parties."""
        return "leader" if persona == self.leader else "superior"

    def _forms(self, persona: str, path: str) -> list[Form]:
        answer = self.visitor.get(persona, path)
        assert answer.status == 200, f"{persona}: {path} gave {answer.status} {answer.location}"
        return forms_in(answer.text, path)

    def _send(
        self,
        persona: str,
        form: Form,
        *,
        button: tuple[str, str] | None = None,
        given: dict[str, str] | None = None,
    ) -> Answer:
        address = address_of(form.action)

        def mark(name: str) -> str:
            # Noted before it is sent, so that an answer that shows it is judged by what is true by then.
            return self._mark(persona, form.action, address, name, part).written()

        part = (given or {}).get("part", "")
        data: dict[str, Any] = filled(form, mark, given)
        if button:
            data[button[0]] = button[1]
        answer = self.visitor.post(persona, form.action, data)
        assert answer.status == 302, f"{persona}: {form.action} gave {answer.status}\n{answer.text[:3000]}"
        return answer

    def _mark(self, persona: str, path: str, address: str, name: str, part: str) -> Marker:
        self.planting.filled.add((address, kind_of(name)))
        section = next((each for each in self.sections if f"/{each}/" in path), "")
        kind = {"leder:preparation_section": "preparation", "leder:sharing": "purpose"}.get(address, "text")
        if section and self.sections[section].is_follow_up:
            kind = "follow-up"
        if self.is_alone:
            kind = "alone"
        return self.planting.register.mark(
            agreement=self.key,
            kind=kind,
            author=self.role(persona),
            address=address,
            field=kind_of(name),
            section=section or part.removeprefix("all"),
            private=(
                kind == "purpose"
                or address == "leder:reopening"
                or (bool(section) and self.sections[section].private)
            ),
        )
