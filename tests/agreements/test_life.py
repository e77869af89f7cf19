"""Random lives of an agreement: whatever anybody tries, in whatever order, these things stay true.

- A stranger, superuser or not, never sees it, reads nothing and changes nothing.
- A preparation is its author's alone until both are ready.
- What both have signed reads the same ever after, and its seal opens.
- No line of the history is lost, and a refused act leaves everything as it was.
"""

import datetime as dt
import os

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leder.agreements import actions
from leder.agreements.models import Agreement, Reading, Seal
from leder.agreements.reading import open_seal, open_texts
from leder.agreements.record import digest
from leder.agreements.states import TRANSITIONS, State
from leder.conversations import actions as conversing
from tests import factories
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, SECTION

SECTIONS = st.sampled_from([SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, FOLLOW_UP_SECTION])
PEOPLE = st.sampled_from(["leader", "superior", "stranger", "superuser"])
WORDS = st.sampled_from(["", "Et mål", "Et annet mål", "Æ ø å – «ja»", "<b>x</b>"])
STARTS = [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING, State.SIGNED, State.FOLLOWED_UP]
REFUSED = (actions.RuleBroken, actions.VersionConflict, actions.ContentChanged)


def written(note):
    return {"note": note, "answers": {}, "choices": [], "goals": []}


class AgreementLife(RuleBasedStateMachine):
    """One agreement, its two parties, a stranger and a superuser."""

    def __init__(self):
        super().__init__()
        self.agreement = factories.make_agreement()
        self.people = {
            "leader": self.agreement.leader,
            "superior": self.agreement.superior,
            "stranger": factories.make_user(),
            "superuser": factories.make_user(is_superuser=True),
        }
        self.versions: dict[str, int] = {}
        self.signed: dict[str, dict] = {}
        self.events = self.agreement.events.count()

    @initialize(state=st.sampled_from(STARTS))
    def begin(self, state):
        """Lives begin in any state: few random ones would come as far as both signatures."""
        entry = actions.save_section(
            actor=self.agreement.leader,
            agreement=self.agreement,
            section_id=SECTION,
            version=0,
            payload=written("Fra starten"),
        )
        self.versions[SECTION] = entry.version
        factories.bring_to(self.agreement, state)

    def attempt(self, who, act):
        """Do it; if it is refused nothing may have changed, and a stranger is always refused."""
        before = self.fingerprint()
        state = self.fresh().state
        try:
            result = act(self.people[who])
        except REFUSED:
            assert self.fingerprint() == before
            return None
        assert who in ("leader", "superior")
        after = self.fresh().state
        assert after == state or any(
            target == after for (origin, _step), target in TRANSITIONS.items() if origin == state
        )
        return result

    def fresh(self):
        return Agreement.objects.with_status().get(pk=self.agreement.pk)

    def fingerprint(self):
        agreement = self.fresh()
        return (
            agreement.state,
            agreement.leader_ready_at,
            agreement.superior_ready_at,
            agreement.discussed_on,
            agreement.follow_up_on,
            sorted(agreement.entries.values_list("section_id", "kind", "role", "version")),
            agreement.comments.count(),
            sorted(agreement.seals.values_list("sha256", "voided_at")),
            agreement.events.count(),
        )

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS, stale=st.booleans())
    def write(self, who, section, note, stale):
        version = max(self.versions.get(section, 0) - stale, 0)
        entry = self.attempt(
            who,
            lambda person: actions.save_section(
                actor=person,
                agreement=self.agreement,
                section_id=section,
                version=version,
                payload=written(note),
            ),
        )
        if entry:
            self.versions[section] = entry.version

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS)
    def prepare(self, who, section, note):
        self.attempt(
            who,
            lambda person: conversing.save_preparation(
                actor=person,
                agreement=self.agreement,
                section_id=section,
                version=0,
                payload=written(note),
            ),
        )

    @rule(who=PEOPLE, ready=st.booleans())
    def say_ready(self, who, ready):
        act = conversing.mark_ready if ready else conversing.take_back
        self.attempt(who, lambda person: act(actor=person, agreement=self.agreement))

    @rule(who=PEOPLE, days=st.integers(-2, 1))
    def hold(self, who, days):
        day = timezone.localdate() + dt.timedelta(days=days)
        self.attempt(who, lambda person: conversing.hold(actor=person, agreement=self.agreement, held_on=day))

    @rule(who=PEOPLE, section=SECTIONS, approve=st.booleans())
    def review(self, who, section, approve):
        values = {
            "agreement": self.agreement,
            "section_id": section,
            "version": self.versions.get(section, 0),
        }
        if approve:
            self.attempt(who, lambda person: actions.approve_section(actor=person, **values))
        else:
            self.attempt(who, lambda person: actions.ask_for_changes(actor=person, comment="Endre", **values))

    @precondition(lambda self: self.fresh().state in (State.DISCUSSED, State.SIGNING))
    @rule(who=PEOPLE)
    def sign(self, who):
        self.attempt(who, lambda person: factories.sign(self.fresh(), person))

    @precondition(lambda self: self.fresh().state == State.SIGNED)
    @rule(who=PEOPLE)
    def confirm(self, who):
        self.attempt(who, lambda person: factories.confirm(self.fresh(), person))

    @rule(who=PEOPLE, section=SECTIONS)
    def comment(self, who, section):
        self.attempt(
            who,
            lambda person: actions.add_comment(
                actor=person, agreement=self.agreement, section_id=section, text="Kommentar"
            ),
        )

    @invariant()
    def strangers_see_nothing(self):
        for who in ("stranger", "superuser"):
            person = self.people[who]
            assert not Agreement.objects.visible_to(person).exists()
            texts = open_texts(reader=person, agreement=self.fresh(), recent=True, kinds=Reading.Kind.values)
            assert not (texts.answers or texts.preparations or texts.comments or texts.progress)

    @invariant()
    def preparations_open_together(self):
        agreement = self.fresh()
        both = bool(agreement.leader_ready_at and agreement.superior_ready_at)
        for who in ("leader", "superior"):
            texts = open_texts(
                reader=self.people[who], agreement=agreement, recent=True, kinds=Reading.Kind.values
            )
            roles = {role for role, _section in texts.preparations}
            assert both or roles <= {who}

    @invariant()
    def nothing_is_damaged(self):
        assert not open_texts(
            reader=self.people["leader"], agreement=self.fresh(), recent=True, kinds=Reading.Kind.values
        ).damaged

    @invariant()
    def what_is_signed_stays(self):
        for seal in Seal.objects.filter(agreement=self.agreement, voided_at=None).select_related("agreement"):
            if seal.signatures.count() < 2:
                continue
            record = open_seal(reader=self.people["superior"], seal=seal)
            assert digest(record) == seal.sha256
            assert self.signed.setdefault(seal.kind, record) == record
        assert set(self.signed) <= set(
            Seal.objects.filter(agreement=self.agreement, voided_at=None).values_list("kind", flat=True)
        )
        if "agreement" in self.signed:
            texts = open_texts(
                reader=self.people["leader"], agreement=self.fresh(), recent=True, kinds=Reading.Kind.values
            )
            for section in self.signed["agreement"]["sections"]:
                text = texts.answers.get(section["id"])
                assert (text.payload if text else written("")) == section["written"]

    @invariant()
    def the_history_only_grows(self):
        count = self.agreement.events.count()
        assert count >= self.events
        self.events = count


class TestLife(AgreementLife.TestCase, TestCase):
    """A few hundred steps; `LIFE_EXAMPLES=400` takes more than ten thousand."""

    settings = settings(
        max_examples=int(os.environ.get("LIFE_EXAMPLES", "10")),
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


pytestmark = pytest.mark.django_db
