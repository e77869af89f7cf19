"""Random lives of an agreement: whatever anybody tries, in whatever order, these things stay true.

- Each is shown exactly what `expected` says, no more and no less; a stranger nothing, a superuser as anybody else.
- A preparation is its author's alone until both are ready, and then both are open.
- What both have signed reads the same ever after, and its seal opens until the text is deleted for good.
- No line of the history or the reading log is lost or changed; the log tells of each reading, and of no other.
- A refused act leaves everything as it was.
"""

import datetime as dt
import os
from dataclasses import replace

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from leder.agreements import actions, reading_log
from leder.agreements.models import Agreement, Reading, Seal, Share
from leder.agreements.reading import open_seal, open_shared, open_signed_record, open_texts, texts_for_work
from leder.agreements.record import digest
from leder.agreements.states import ACTIVE, TRANSITIONS, State
from leder.conversations import actions as conversing
from leder.organisation.models import Appointment
from leder.safekeeping import deletion
from leder.sharing import actions as sharing
from leder.year.leaving import end_for_leaver
from tests import factories
from tests.agreements.expected import PARTIES, Expected, Seen
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, SECTION

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "10"))
STEPS = 50
SECTIONS = st.sampled_from([SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, FOLLOW_UP_SECTION])
PEOPLE = st.sampled_from(["leader", "superior", "reader", "stranger", "superuser"])
READERS = st.sampled_from(["reader", "reader", "reader", "superuser", "leader"])
WORDS = st.sampled_from(["", "Et mål", "Et annet mål", "Æ ø å – «ja»", "<b>x</b>"])
STARTS = [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING, State.SIGNED, State.FOLLOWED_UP]
REFUSED = (actions.RuleBroken, actions.VersionConflict, actions.ContentChanged)


def written(note):
    return {"note": note, "answers": {}, "choices": [], "goals": []}


class AgreementLife(RuleBasedStateMachine):
    """One agreement, its two parties, one whom they may share it with, a stranger and a superuser."""

    steps = 0

    def __init__(self):
        super().__init__()
        self.agreement = factories.make_agreement()
        self.people = {
            "leader": self.agreement.leader,
            "superior": self.agreement.superior,
            "reader": factories.make_user(),
            "stranger": factories.make_user(),
            "superuser": factories.make_user(is_superuser=True),
        }
        self.names = {person.pk: name for name, person in self.people.items()}
        self.expected = Expected(private=frozenset({PRIVATE_SECTION, FOLLOW_UP_SECTION}))
        self.signed: dict[str, dict] = {}
        self.events: list[tuple] = []
        self.readings: list[tuple] = []

    @initialize(state=st.sampled_from(STARTS), shared=st.booleans())
    def begin(self, state, shared):
        """Lives begin in any state: few random ones would come as far as both signatures."""
        self.write("leader", SECTION, "Fra starten", stale=False)
        factories.bring_to(self.agreement, state)
        if state != State.OPENED:
            for role in PARTIES:
                self.expected.said_ready(role, True)
        if shared:
            self.propose("leader", SECTION, "reader", days=1)
            self.answer_or_end("superior", 0, "consent")

    # -- Acts ------------------------------------------------------------------------------------------
    def attempt(self, who, act):
        """Do it as the pages do: only where the agreement exists for them. A refusal changes nothing."""
        person = self.people[who]
        before = self.fingerprint()
        state = self.fresh().state
        exists = Agreement.objects.visible_to(person).filter(pk=self.agreement.pk).exists()
        assert exists == self.expected.exists_for(who)
        if who in PARTIES and not exists:
            return None
        try:
            result = act(person)
        except REFUSED:
            assert self.fingerprint() == before
            return None
        assert exists
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
            sorted(agreement.shares.values_list("pk", "status", "mac")),
            agreement.events.count(),
            agreement.readings.count(),
        )

    def save(self, who, action, kind, role, section, note, payload, version):
        entry = self.attempt(
            who,
            lambda person: action(
                actor=person, agreement=self.agreement, section_id=section, version=version, payload=payload
            ),
        )
        if entry:
            self.expected.wrote(who, kind, role, section, note, entry.version)

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS, stale=st.booleans())
    def write(self, who, section, note, stale):
        version = max(self.expected.version("answer", "", section) - stale, 0)
        self.save(who, actions.save_section, "answer", "", section, note, written(note), version)

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS)
    def prepare(self, who, section, note):
        version = self.expected.version("preparation", who, section)
        self.save(who, conversing.save_preparation, "preparation", who, section, note, written(note), version)

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS)
    def tell_progress(self, who, section, note):
        version = self.expected.version("progress", "", section)
        payload = {"note": note, "goals": {}}
        self.save(who, actions.save_progress, "progress", "", section, note, payload, version)

    @rule(who=PEOPLE, ready=st.booleans())
    def say_ready(self, who, ready):
        act = conversing.mark_ready if ready else conversing.take_back
        before = self.fresh()
        self.attempt(who, lambda person: act(actor=person, agreement=self.agreement))
        after = self.fresh()
        if (before.leader_ready_at, before.superior_ready_at) != (
            after.leader_ready_at,
            after.superior_ready_at,
        ):
            self.expected.said_ready(who, ready)

    @rule(who=PEOPLE, days=st.integers(-2, 1))
    def hold(self, who, days):
        day = timezone.localdate() + dt.timedelta(days=days)
        self.attempt(who, lambda person: conversing.hold(actor=person, agreement=self.agreement, held_on=day))

    @rule(who=PEOPLE, section=SECTIONS, approve=st.booleans())
    def review(self, who, section, approve):
        values = {
            "agreement": self.agreement,
            "section_id": section,
            "version": self.expected.version("answer", "", section),
        }
        if approve:
            self.attempt(who, lambda person: actions.approve_section(actor=person, **values))
        elif self.attempt(who, lambda person: actions.ask_for_changes(actor=person, comment="!", **values)):
            self.expected.comments.append((section, who))

    @rule(who=PEOPLE, section=SECTIONS)
    def comment(self, who, section):
        if self.attempt(
            who,
            lambda person: actions.add_comment(
                actor=person, agreement=self.agreement, section_id=section, text="Kommentar"
            ),
        ):
            self.expected.comments.append((section, who))

    @precondition(lambda self: self.fresh().state in (State.DISCUSSED, State.SIGNING))
    @rule(who=PEOPLE)
    def sign(self, who):
        self.attempt(who, lambda person: factories.sign(self.fresh(), person))

    @precondition(lambda self: self.fresh().state == State.SIGNED)
    @rule(who=PEOPLE)
    def confirm(self, who):
        self.attempt(who, lambda person: factories.confirm(self.fresh(), person))

    @rule(who=PEOPLE, section=st.one_of(st.just(""), SECTIONS), reader=READERS, days=st.integers(-1, 2))
    def propose(self, who, section, reader, days):
        share = self.attempt(
            who,
            lambda person: sharing.propose(
                actor=person,
                agreement=self.agreement,
                section_id=section,
                reader=self.people[reader],
                purpose="Lønnssamtale",
                until=timezone.localdate() + dt.timedelta(days=days),
            ),
        )
        if share:
            self.expected.propose(share.pk, section, reader, who)

    @precondition(lambda self: self.expected.shares)
    @rule(who=PEOPLE, number=st.integers(0, 9), act=st.sampled_from(["consent", "decline", "withdraw"]))
    def answer_or_end(self, who, number, act):
        standing = list(self.expected.shares)
        share = Share.objects.select_related("agreement").get(pk=standing[number % len(standing)])
        if self.attempt(who, lambda person: getattr(sharing, act)(actor=person, share=share)):
            self.expected.answer(share.pk, who, act)

    # -- What happens around them ------------------------------------------------------------------------
    @rule(in_office=st.booleans())
    def leave_or_take_office(self, in_office):
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        Appointment.objects.filter(person=self.agreement.superior).update(
            ends=None if in_office else yesterday
        )
        self.expected.in_office = in_office

    @precondition(lambda self: not self.expected.deleted)
    @rule(number=st.integers(0, 9))
    def delete_the_text(self, number):
        # Seldom: little happens afterwards.
        if number == 0:
            assert deletion.delete_texts([self.agreement.pk]) == 1
            self.expected.delete()

    @precondition(lambda self: self.fresh().state in ACTIVE)
    @rule(number=st.integers(0, 9))
    def leave_the_position(self, number):
        # The leader has no appointment to it. Seldom: little happens afterwards.
        if number == 0:
            assert end_for_leaver(agreement=self.agreement, today=timezone.localdate())
            assert self.fresh().state == State.ENDED
            self.expected.leave()

    # -- Readings ----------------------------------------------------------------------------------------
    @rule(who=PEOPLE, recent=st.booleans())
    def read(self, who, recent):
        expected = self.expected.reads(who, recent=recent)
        texts = open_texts(
            reader=self.people[who], agreement=self.fresh(), recent=recent, kinds=Reading.Kind.values
        )
        assert seen_in(texts) == expected

    @rule(who=READERS)
    def read_what_is_shared(self, who):
        person = self.people[who]
        readable = {pk for pk, share in self.expected.shares.items() if share.reader == who}
        readable = {pk for pk in readable if self.expected.shares[pk].status == "active"}
        assert set(Share.objects.visible_to(person).values_list("pk", flat=True)) == readable
        for pk in self.expected.shares:
            share = Share.objects.select_related("agreement").get(pk=pk)
            expected = self.expected.reads_share(who, pk)
            assert seen_in(open_shared(reader=person, share=share)) == expected

    @rule(who=PEOPLE)
    def read_what_was_signed(self, who):
        seal = self.agreement.seals.filter(kind=Seal.Kind.AGREEMENT, voided_at=None).first()
        record = open_signed_record(reader=self.people[who], agreement=self.fresh())
        may = self.expected.reads_signed(who, seal.pk if seal else None)
        assert record == (self.signed[Seal.Kind.AGREEMENT] if may else None)

    # -- What stays true ---------------------------------------------------------------------------------
    @invariant()
    def each_is_shown_what_is_theirs(self):
        """Asked as for work, which adds no line to the log."""
        type(self).steps += 1
        agreement = self.fresh()
        for who, person in self.people.items():
            log = set(self.expected.log)
            expected = self.expected.reads(who, recent=True)
            self.expected.log = log
            texts = texts_for_work(reader=person, agreement=agreement)
            assert not texts.damaged
            # Comments are no part of any work.
            assert seen_in(texts) == replace(expected, comments={})

    @invariant()
    def what_is_signed_stays(self):
        standing = Seal.objects.filter(agreement=self.agreement, voided_at=None).select_related("agreement")
        for seal in standing:
            if seal.signatures.count() < 2:
                continue
            if not self.expected.deleted:
                record = open_seal(reader=self.people["superior"], seal=seal)
                assert self.signed.setdefault(seal.kind, record) == record
            assert digest(self.signed[seal.kind]) == seal.sha256
        assert set(self.signed) <= {seal.kind for seal in standing}
        if Seal.Kind.AGREEMENT in self.signed:
            self.expected.both_signed = True
            for section in self.signed[Seal.Kind.AGREEMENT]["sections"]:
                text = self.expected.texts.get(("answer", "", section["id"]))
                assert written(text.note if text else "") == section["written"]

    @invariant()
    def no_line_is_lost(self):
        events = list(self.agreement.events.order_by("pk").values_list("pk", "kind", "actor_id", "at"))
        assert events[: len(self.events)] == self.events
        self.events = events
        readings = list(self.agreement.readings.values_list("number", "digest"))
        assert readings[: len(self.readings)] == self.readings
        self.readings = readings
        assert reading_log.first_fault(self.agreement) is None

    @invariant()
    def the_log_tells_of_each_reading_and_no_other(self):
        lines = [
            (self.names[reader], *line)
            for reader, *line in self.agreement.readings.values_list(
                "reader_id", "section_id", "kind", "role", "version", "share_id"
            )
        ]
        assert len(lines) == len(set(lines))
        assert set(lines) == self.expected.log


def seen_in(texts):
    """What these texts show, as `expected` says it."""
    assert not texts.altered
    return Seen(
        answers={section: text.payload["note"] for section, text in texts.answers.items()},
        progress={section: text.payload["note"] for section, text in texts.progress.items()},
        preparations={place: text.payload["note"] for place, text in texts.preparations.items()},
        comments={section: len(comments) for section, comments in texts.comments.items()},
    )


class TestLife(AgreementLife.TestCase, TestCase):
    """A few hundred steps; `LIFE_EXAMPLES=400` takes more than ten thousand."""

    settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    def runTest(self):
        AgreementLife.steps = 0
        super().runTest()
        # Some lives are short; most are not.
        assert AgreementLife.steps > EXAMPLES * STEPS / 4, AgreementLife.steps


pytestmark = pytest.mark.django_db
