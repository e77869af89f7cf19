"""Random lives of an agreement: whatever anybody tries, in whatever order, these things stay true.

- Each is shown exactly what `expected` says, no more and no less; a stranger nothing, a superuser as anybody else.
- A preparation is its author's alone until both are ready, and then both are open.
- What both have signed reads the same ever after, and its seal opens until the text is deleted for good; also when
  both have opened it again, and signed something else.
- No line of the history or the reading log is lost or changed; the log tells of each reading, and of no other.
- Every row is listed as it stands.
- A refused act leaves everything as it was.
- Another superior reads nothing of what was private before, unless the leader says so; one who returns what they left.
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

from leder.agreements import actions
from leder.agreements.models import Agreement, Event, Handover, Reading, Seal, SealLink, Share
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import open_shared
from leder.agreements.reading.earlier import earlier_seals_for, open_earlier_seal
from leder.agreements.reading.sealed import open_seal, open_signed_record, record_of_both
from leder.agreements.seals.record import agreement_record, follow_up_record
from leder.agreements.states import ACTIVE, TRANSITIONS, State
from leder.canonical import digest
from leder.conversations import actions as conversing
from leder.handover import actions as handing_over
from leder.handover import deciding
from leder.handover import rules as handover_rules
from leder.handover.consenting import consent
from leder.organisation.models import Appointment
from leder.safekeeping import deletion
from leder.safekeeping.inventories import inventory_faults
from leder.sharing import actions as sharing
from leder.year.leaving import end_for_leaver
from tests import factories
from tests.agreements.expected import FIRST, LEADER, PARTIES, Expected, Place, Seen
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, SECTION
from tests.handover.conftest import permitted

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "10"))
STEPS = 50
SECTIONS = st.sampled_from([SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, FOLLOW_UP_SECTION])
# What is planned changes nothing of the agreement, and stands in its history.
PLANS = [Event.Kind.HANDOVER_PLANNED, Event.Kind.HANDOVER_ALLOWED, Event.Kind.HANDOVER_OFF]
PRIVATE = st.sampled_from([PRIVATE_SECTION, FOLLOW_UP_SECTION])
# "superior" is whoever is that today, "former" another.
PEOPLE = st.sampled_from(["leader", "superior", "former", "reader", "hr", "superuser"])
PARTY = st.sampled_from(["leader", "superior"])
READERS = st.sampled_from(["reader", "reader", "reader", "former", "superuser", "leader"])
SUPERIORS = [FIRST, "second", "third"]
WORDS = st.sampled_from(["", "Et mål", "Et annet mål", "Æ ø å – «ja»", "<b>x</b>"])
STARTS = [State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING, State.SIGNED, State.FOLLOWED_UP]
REFUSED = (actions.RuleBroken, actions.VersionConflict, actions.ContentChanged)


def written(note):
    return {"note": note, "answers": {}, "choices": [], "goals": []}


class AgreementLife(RuleBasedStateMachine):
    """One agreement, a leader, three who are superior in turn, one to share with, two of HR and a superuser."""

    steps = handovers = consents = reopenings = 0

    def __init__(self):
        super().__init__()
        self.agreement = factories.make_agreement()
        self.people = {
            "leader": self.agreement.leader,
            FIRST: self.agreement.superior,
            "second": factories.make_user(),
            "third": factories.make_user(),
            "reader": factories.make_user(),
            "hr": permitted(),
            "hr_second": permitted(),
            "superuser": factories.make_user(is_superuser=True),
        }
        self.names = {person.pk: name for name, person in self.people.items()}
        self.expected = Expected(
            private=frozenset({PRIVATE_SECTION, FOLLOW_UP_SECTION}), follow_up=FOLLOW_UP_SECTION
        )
        Appointment.objects.create(
            position=self.agreement.position, person=self.agreement.leader, starts=dt.date(2020, 1, 1)
        )
        self.signed: dict[str, dict] = {}
        # What was signed before it was opened again: seal and record.
        self.earlier: list[tuple[int, dict]] = []
        self.events: list[tuple] = []
        self.readings: list[tuple] = []

    @initialize(
        state=st.sampled_from(STARTS),
        shared=st.booleans(),
        handed=st.lists(st.tuples(st.sampled_from(SUPERIORS), st.booleans()), max_size=3),
        let=st.lists(PRIVATE, max_size=2),
        again=st.sampled_from(["", "reopened", "signed anew"]),
    )
    def begin(self, state, shared, handed, let, again):  # noqa: C901 (each branch is a thing that may have happened)
        """Lives begin in any state: few random ones would come as far as both signatures."""
        for section in (SECTION, PRIVATE_SECTION):
            self.write("leader", section, "Fra starten", stale=False)
        factories.bring_to(self.agreement, state)
        if state != State.OPENED:
            for role in PARTIES:
                self.expected.said_ready(role, True)
        if shared:
            self.propose("leader", SECTION, "reader", days=1)
            self.answer_or_end("superior", 0, "consent")
        if state == State.SIGNED:
            self.tell_progress("leader", PRIVATE_SECTION, "Fra starten")
            self.write("superior", FOLLOW_UP_SECTION, "Fra starten", stale=False)
        if state == State.SIGNED and again:
            self.what_is_signed_stays()
            self.open_again(first="leader")
        if state == State.SIGNED and again == "signed anew":
            self.write("superior", PRIVATE_SECTION, "Etter gjenåpning", stale=False)
            for role in PARTIES:
                self.sign(role)
        for who, acting in handed:
            # Whom it was signed with is noted while they are superior.
            self.what_is_signed_stays()
            self.another_superior(who, acting, at_once=True)
        for section in let:
            self.let_read("leader", section)

    # -- Acts ------------------------------------------------------------------------------------------
    def named(self, who):
        """The name of a person, who "superior" and "former" are today."""
        today = {"superior": self.expected.superior, "former": self.expected.former()}
        return today.get(who, who)

    def attempt(self, who, act):
        """Do it as the pages do: only where the agreement exists for them. A refusal changes nothing."""
        who = self.named(who)
        person = self.people[who]
        before = self.fingerprint()
        state = self.fresh().state
        exists = Agreement.objects.visible_to(person).filter(pk=self.agreement.pk).exists()
        assert exists == self.expected.exists_for(who)
        if self.expected.role(who) and not exists:
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
            agreement.superior_id,
            agreement.pair,
            agreement.leader_ready_at,
            agreement.superior_ready_at,
            agreement.discussed_on,
            agreement.signed_at,
            agreement.follow_up_on,
            sorted(agreement.entries.values_list("section_id", "kind", "role", "pair", "version")),
            agreement.comments.count(),
            sorted(agreement.seals.values_list("sha256", "voided_at")),
            sorted(agreement.shares.values_list("pk", "status", "mac")),
            sorted(agreement.reopenings.values_list("pk", "status", "mac")),
            SealLink.objects.count(),
            list(agreement.handovers.filter(status=Handover.Status.CARRIED_OUT).values_list("pk", "mac")),
            agreement.events.exclude(kind__in=PLANS).count(),
            agreement.readings.count(),
        )

    def access(self, person):
        return factories.access_of(person, self.agreement)

    def save(self, who, action, kind, role, section, note, payload, version):
        entry = self.attempt(
            who,
            lambda person: action(
                self.access(person),
                section_id=section,
                version=version,
                payload=payload,
            ),
        )
        if entry:
            self.expected.wrote(self.named(who), kind, role, section, note, entry.version)

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS, stale=st.booleans())
    def write(self, who, section, note, stale):
        version = max(self.expected.version("answer", "", section) - stale, 0)
        self.save(who, actions.save_section, "answer", "", section, note, written(note), version)

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS)
    def prepare(self, who, section, note):
        role = self.expected.role(self.named(who))
        version = self.expected.version("preparation", role, section)
        self.save(
            who, conversing.save_preparation, "preparation", role, section, note, written(note), version
        )

    @rule(who=PEOPLE, section=SECTIONS, note=WORDS)
    def tell_progress(self, who, section, note):
        version = self.expected.version("progress", "", section)
        payload = {"note": note, "goals": {}}
        self.save(who, actions.save_progress, "progress", "", section, note, payload, version)

    @rule(who=PEOPLE, ready=st.booleans())
    def say_ready(self, who, ready):
        act = conversing.mark_ready if ready else conversing.take_back
        before = self.fresh()
        self.attempt(who, lambda person: act(self.access(person)))
        after = self.fresh()
        if (before.leader_ready_at, before.superior_ready_at) != (
            after.leader_ready_at,
            after.superior_ready_at,
        ):
            self.expected.said_ready(self.expected.role(self.named(who)), ready)

    @rule(who=PEOPLE, days=st.integers(-2, 1))
    def hold(self, who, days):
        day = timezone.localdate() + dt.timedelta(days=days)
        self.attempt(who, lambda person: conversing.hold(self.access(person), held_on=day))

    @rule(who=PEOPLE, section=SECTIONS, approve=st.booleans())
    def review(self, who, section, approve):
        values = {
            "section_id": section,
            "version": self.expected.version("answer", "", section),
        }
        if approve:
            self.attempt(
                who,
                lambda person: actions.approve_section(self.access(person), **values),
            )
        elif self.attempt(
            who,
            lambda person: actions.ask_for_changes(self.access(person), comment="!", **values),
        ):
            self.commented(who, section)

    @rule(who=PEOPLE, section=SECTIONS)
    def comment(self, who, section):
        if self.attempt(
            who,
            lambda person: actions.add_comment(self.access(person), section_id=section, text="Kommentar"),
        ):
            self.commented(who, section)

    def commented(self, who, section):
        pair = self.expected.superior if section in self.expected.private else ""
        self.expected.comments.append((section, self.named(who), pair))

    @precondition(lambda self: self.fresh().state in (State.DISCUSSED, State.SIGNING))
    @rule(who=PEOPLE)
    def sign(self, who):
        self.attempt(who, lambda person: factories.sign(self.fresh(), person))

    @precondition(lambda self: self.fresh().state == State.SIGNED)
    @rule(who=PEOPLE)
    def confirm(self, who):
        self.attempt(who, lambda person: factories.confirm(self.fresh(), person))

    @precondition(lambda self: self.agreement.seals.exists())
    @rule(who=PEOPLE, stale=st.sampled_from([False, False, False, True]))
    def propose_reopening(self, who, stale):
        """Propose to open it again, sometimes from a page that shows what was signed before."""
        state = self.fresh().state
        seals = self.agreement.seals.filter(kind=Seal.Kind.AGREEMENT, voided_at=None)
        seal = seals.first() or self.agreement.seals.latest("pk")
        seal_uuid = str(
            Seal.objects.get(pk=self.earlier[-1][0]).uuid if stale and self.earlier else seal.uuid
        )
        row = self.attempt(
            who,
            lambda person: actions.propose_reopening(
                self.access(person), seal_uuid=seal_uuid, reason="Nye oppgaver"
            ),
        )
        if row:
            assert row.seal == seals.get()
            assert not (stale and self.earlier)
            self.expected.propose_reopening(self.named(who), state)

    @precondition(lambda self: self.agreement.reopenings.exists())
    @rule(
        who=PEOPLE,
        act=st.sampled_from(["consent_to_reopening", "decline_reopening", "withdraw_reopening"]),
        latest=st.sampled_from([True, True, False]),
    )
    def answer_reopening(self, who, act, latest):
        state = self.fresh().state
        rows = self.agreement.reopenings.select_related("agreement").order_by("pk")
        row = rows.last() if latest else rows.first()
        if self.attempt(who, lambda person: getattr(actions, act)(self.access(person), row)):
            self.answered(who, act, state)

    def answered(self, who, act, state):
        self.expected.answer_reopening(self.named(who), act, state)
        if act == "consent_to_reopening":
            row = self.agreement.reopenings.filter(status="agreed").latest("answered_at")
            self.earlier.append((row.seal_id, self.signed.pop(Seal.Kind.AGREEMENT)))
            type(self).reopenings += 1

    @precondition(lambda self: self.fresh().state == State.SIGNED)
    @rule(first=PARTY)
    def open_again(self, first):
        """One proposes and the other consents; by chance that would be seldom."""
        self.propose_reopening(first, stale=False)
        # What was signed with an earlier superior is not proposed to be opened again.
        if self.agreement.reopenings.exists():
            other = "superior" if first == "leader" else "leader"
            self.answer_reopening(other, "consent_to_reopening", latest=True)

    @rule(who=PEOPLE, section=st.one_of(st.just(""), SECTIONS), reader=READERS, days=st.integers(-1, 2))
    def propose(self, who, section, reader, days):
        share = self.attempt(
            who,
            lambda person: sharing.propose(
                self.access(person),
                section_id=section,
                reader=self.people[self.named(reader)],
                purpose="Lønnssamtale",
                until=timezone.localdate() + dt.timedelta(days=days),
            ),
        )
        if share:
            self.expected.propose(share.pk, section, self.named(reader), self.named(who))

    @precondition(lambda self: self.expected.shares)
    @rule(who=PEOPLE, number=st.integers(0, 9), act=st.sampled_from(["consent", "decline", "withdraw"]))
    def answer_or_end(self, who, number, act):
        standing = list(self.expected.shares)
        share = Share.objects.select_related("agreement").get(pk=standing[number % len(standing)])
        if self.attempt(who, lambda person: getattr(sharing, act)(self.access(person), share)):
            self.expected.answer(share.pk, self.named(who), act)

    # -- Handovers ---------------------------------------------------------------------------------------
    def appoint(self, permanent, deputy):
        """The organisation's rows, as an import leaves them. Nothing follows from them by themselves."""
        self.expected.permanent, self.expected.deputy = permanent, deputy
        position = self.agreement.superior_position
        Appointment.objects.filter(position=position).delete()
        for name, acting in ((permanent, False), (deputy, True)):
            if name:
                starts = timezone.localdate() - dt.timedelta(days=1 if acting else 400)
                Appointment.objects.create(
                    position=position, person=self.people[name], starts=starts, acting=acting
                )

    @rule(who=st.sampled_from(SUPERIORS), acting=st.booleans(), at_once=st.sampled_from([True, True, False]))
    def another_superior(self, who, acting, at_once):
        """Somebody is appointed, for good or for a time; one who acts in their own position does not."""
        permanent = self.expected.permanent
        if acting:
            self.appoint(permanent, who if who != permanent else "")
        else:
            self.appoint(who, "")
        if at_once:
            self.hand_over(tomorrow=False, undone=False)

    @precondition(lambda self: self.expected.deputy)
    @rule()
    def the_permanent_one_returns(self):
        self.appoint(self.expected.permanent, "")
        self.hand_over(tomorrow=False, undone=False)

    @rule(tomorrow=st.booleans(), undone=st.booleans())
    def hand_over(self, tomorrow, undone):
        """HR hands over, or plans it; what the organisation takes back before the day lapses."""
        today, before, state = timezone.localdate(), self.fingerprint(), self.fresh().state
        named, offices = self.expected.next_superior(state), (self.expected.permanent, self.expected.deputy)
        day = today + dt.timedelta(days=tomorrow)
        try:
            row = handing_over.plan(actor=self.people["hr"], agreement=self.agreement, on=day)
        except actions.RuleBroken:
            assert named is None
            assert self.fingerprint() == before
            return
        assert named is not None
        if row.status == Handover.Status.PLANNED and handover_rules.waits(row):
            row = deciding.approve(actor=self.people["hr_second"], handover=row)
        if tomorrow:
            assert self.fingerprint() == before
            if undone:
                self.appoint("", "")
            row = handing_over.carry_out(handover=row, today=day)
            if undone:
                assert row.status == Handover.Status.LAPSED
                assert self.fingerprint() == before
                self.appoint(*offices)
                return
        assert row.status == Handover.Status.CARRIED_OUT
        to, acting = named
        self.expected.hand_over(to, acting=acting, state=state)
        type(self).handovers += 1
        is_another = row.former_id != row.successor_id
        anew = {State.PREPARED: State.OPENED, State.SIGNING: State.DISCUSSED}
        assert self.fresh().state == (anew.get(state, state) if is_another else state)
        assert self.fresh().superior == self.people[to]

    @precondition(lambda self: self.expected.handed_over)
    @rule(who=st.sampled_from(["leader", "leader", "leader", "superior", "former", "hr"]), section=PRIVATE)
    def let_read(self, who, section):
        """The leader lets the superior of today have a private section from before."""
        state = self.fresh().state
        may = self.expected.may_consent(self.named(who), section, state)

        def act(person):
            consent(self.access(person), section_id=section)
            return True

        done = self.attempt(who, act)
        assert bool(done) == may
        if done:
            self.expected.consented(section, state)
            type(self).consents += 1

    # -- What happens around them ------------------------------------------------------------------------
    @rule(in_office=st.booleans())
    def leave_or_take_office(self, in_office):
        self.appoint(self.expected.superior if in_office else "", "")

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
        # Seldom: little happens afterwards.
        if number == 0:
            Appointment.objects.filter(position=self.agreement.position).delete()
            assert end_for_leaver(agreement=self.agreement, today=timezone.localdate())
            assert self.fresh().state == State.ENDED
            self.expected.leave()

    # -- Readings ----------------------------------------------------------------------------------------
    @rule(who=PEOPLE, recent=st.booleans(), kept=st.booleans())
    def read(self, who, recent, kept):
        who = self.named(who)
        expected = self.expected.reads(who, recent=recent, kept=kept)
        texts = factories.opened_by(
            self.people[who], self.agreement, recent=recent, kinds=Reading.Kind.values, kept=kept
        )
        assert seen_in(texts) == expected

    @rule(who=READERS)
    def read_what_is_shared(self, who):
        who = self.named(who)
        person = self.people[who]
        readable = {pk for pk, share in self.expected.shares.items() if share.reader == who}
        readable = {pk for pk in readable if self.expected.shares[pk].status == "agreed"}
        assert set(Share.objects.visible_to(person).values_list("pk", flat=True)) == readable
        for pk in self.expected.shares:
            share = Share.objects.select_related("agreement").get(pk=pk)
            expected = self.expected.reads_share(who, pk)
            assert seen_in(open_shared(reader=person, share=share)) == expected

    @rule(who=PEOPLE)
    def read_what_was_signed(self, who):
        who = self.named(who)
        seal = self.agreement.seals.filter(kind=Seal.Kind.AGREEMENT, voided_at=None).first()
        record = open_signed_record(reader=self.people[who], agreement=self.fresh())
        may = self.expected.reads_signed(who, seal.pk if seal else None)
        assert record == (self.signed[Seal.Kind.AGREEMENT] if may else None)

    @precondition(lambda self: self.earlier)
    @rule(who=PEOPLE)
    def read_what_was_signed_before(self, who):
        who = self.named(who)
        person, records = self.people[who], dict(self.earlier)
        may = self.expected.reads_before(who, list(records))
        found = earlier_seals_for(reader=person, agreement=self.fresh())
        assert [each.seal.pk for each in found] == may
        for seal in Seal.objects.filter(pk__in=records).select_related("agreement"):
            record = open_earlier_seal(reader=person, seal=seal)
            assert record == (records[seal.pk] if seal.pk in may else None)

    # -- What stays true ---------------------------------------------------------------------------------
    @invariant()
    def each_is_shown_what_is_theirs(self):
        """Asked as for work, which adds no line to the log."""
        type(self).steps += 1
        agreement, texts = self.fresh(), {}
        others = [name for name in self.people if not self.expected.role(name)]
        # The two, and the others by turns.
        for who in (LEADER, self.expected.superior, *others[self.steps % 2 :: 2]):
            log = set(self.expected.log)
            expected = self.expected.reads(who, recent=True)
            self.expected.log = log
            texts[who] = factories.worked_on_by(self.people[who], agreement)
            assert not texts[who].damaged
            # Comments are no part of any work.
            assert seen_in(texts[who]) == replace(expected, comments={})
        # Whatever is withheld from one of them: else they could not sign.
        make = {State.DISCUSSED: agreement_record, State.SIGNED: follow_up_record}.get(agreement.state)
        if make and self.expected.exists_for(self.expected.superior):
            assert make(agreement, texts[LEADER]) == make(agreement, texts[self.expected.superior])

    @invariant()
    def what_is_signed_stays(self):
        standing = Seal.objects.filter(agreement=self.agreement, voided_at=None).select_related("agreement")
        for seal in standing:
            if seal.signatures.count() < 2:
                continue
            if not self.expected.deleted:
                record = open_seal(factories.access_of(self.people[LEADER], seal.agreement), seal)
                assert self.signed.setdefault(seal.kind, record) == record
            assert digest(self.signed[seal.kind]) == seal.sha256
        assert set(self.signed) <= {seal.kind for seal in standing}
        if Seal.Kind.FOLLOW_UP in self.signed:
            self.expected.confirmed_with = self.expected.confirmed_with or self.expected.superior
        if Seal.Kind.AGREEMENT in self.signed:
            self.expected.was_signed()
            for section in self.signed[Seal.Kind.AGREEMENT]["sections"]:
                pair = self.expected.signed_with if section["private"] else ""
                text = self.expected.texts.get(Place(pair, "answer", "", section["id"]))
                assert written(text.note if text else "") == section["written"]

    @invariant()
    def what_was_signed_before_stays(self):
        for pk, record in self.earlier:
            seal = Seal.objects.select_related("agreement").get(pk=pk)
            assert seal.voided_at is not None
            assert seal.signatures.count() == len(PARTIES)
            assert digest(record) == seal.sha256
            if not self.expected.deleted:
                assert record_of_both(seal.agreement, seal) == record

    @invariant()
    def a_proposal_waits_only_while_it_can_be_answered(self):
        if self.fresh().state != State.SIGNED:
            self.expected.reopening_by = ""
        proposed = [row.proposed_by_id for row in self.agreement.reopenings.filter(status="proposed")]
        assert [self.names[pk] for pk in proposed] == [self.expected.reopening_by] * bool(
            self.expected.reopening_by
        )

    def teardown(self):
        """At the end of each life: its inventory is right."""
        assert list(inventory_faults()) == []

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
        kept=frozenset(
            (each.section_id, each.kind, each.role, each.text.version, each.text.payload["note"])
            for each in texts.kept
        ),
    )


@pytest.mark.lives
class TestLife(AgreementLife.TestCase, TestCase):
    """A few hundred steps; `LIFE_EXAMPLES=400` takes more than ten thousand."""

    settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
    )

    def runTest(self):
        AgreementLife.steps = AgreementLife.handovers = AgreementLife.consents = 0
        AgreementLife.reopenings = 0
        super().runTest()
        # Some lives are short; most are not.
        assert AgreementLife.steps > EXAMPLES * STEPS / 4, AgreementLife.steps
        assert AgreementLife.handovers > EXAMPLES / 5, AgreementLife.handovers
        assert AgreementLife.reopenings or EXAMPLES < 20
        # Too few lives to be sure that in one of them somebody is let read.
        assert AgreementLife.consents or EXAMPLES < 50


pytestmark = pytest.mark.django_db
