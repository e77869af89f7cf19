"""Random lives of an agreement whose texts are published anew: whatever anybody tries, these things stay true.

- An agreement stands on the edition that was last decided on, and on no other; nobody but the two decides.
- What both have signed reads the same ever after: editions, record, seal.
- What was chosen keeps its words, whatever the newest text has.
- What was written as private is private, in every form the agreement ever stands on.
- A refused act changes nothing.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from leder.agreements import actions
from leder.agreements.editions.decisions import decisions_of
from leder.agreements.editions.newer import newer_editions, pinned
from leder.agreements.models import Agreement, TextDecision
from leder.agreements.reading.current import texts_for_work
from leder.agreements.reading.sealed import open_seal
from leder.agreements.seals.record import agreement_record
from leder.agreements.states import BEFORE_SIGNED, State
from leder.pages.editions import Edition
from tests import factories
from tests.agreements.publishing import (
    ADOPT,
    KEEP,
    decide,
    publish,
    reworded,
    seen,
    texts_with_pages,
    with_section,
    without,
)
from tests.factories import FORM, LETTER, PLATFORM, PRIVATE_SECTION, QUESTIONS_SECTION, SECTION

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "25"))
STEPS = 30
STARTS = [State.OPENED, State.DISCUSSED, State.SIGNING, State.SIGNED]
REFUSED = (actions.RuleBroken, actions.VersionConflict, actions.ContentChanged, actions.TextMovedOn)
PEOPLE = st.sampled_from(["leader", "superior", "leader", "superior", "superuser"])
TEXTS = {
    statement["id"]: statement["text"]
    for content in (LETTER, PLATFORM)
    for part in content["parts"]
    for statement in part["statements"]
}
CHANGES = {
    "letter": [
        without("assignment-1"),
        without("assignment-2"),
        lambda content: content["parts"].clear(),
        lambda content: content.update(LETTER),
    ],
    "platform": [without("expectation-1"), lambda content: content.update(PLATFORM)],
    "form": [
        reworded(f"{QUESTIONS_SECTION}-q1", "Hva virker?"),
        with_section(PRIVATE_SECTION, private=False),
        with_section(PRIVATE_SECTION, html="<p>Ny veiledning.</p>"),
        without(QUESTIONS_SECTION),
        without(PRIVATE_SECTION),
        lambda content: content["parts"].insert(0, {**FORM["parts"][3], "private": False}),
        lambda content: content.update(FORM),
    ],
}
KINDS = st.sampled_from(sorted(CHANGES))
CHOICES = {
    SECTION: [
        {"id": each, "contribution": "x", "ambition": "", "expectations": ""}
        for each in ("assignment-1", "assignment-2")
    ],
    PRIVATE_SECTION: [{"id": "expectation-1", "stance": "", "why": "y"}],
    QUESTIONS_SECTION: [],
}


class AdoptionLife(RuleBasedStateMachine):
    """One agreement on three pages, its two parties, and somebody who may everything but this."""

    adopted = kept = signed_lives = 0

    def __init__(self):
        super().__init__()
        self.agreement = factories.make_agreement(editions=texts_with_pages())
        self.people = {
            "leader": self.agreement.leader,
            "superior": self.agreement.superior,
            "superuser": factories.make_user(is_superuser=True),
        }
        self.pages = {kind: pinned(self.agreement, kind) for kind in CHANGES}
        self.stands = {kind: edition.pk for kind, edition in self.pages.items()}
        self.private: set[str] = set()
        self.signed = None

    @initialize(
        state=st.sampled_from(STARTS), sections=st.lists(st.sampled_from(sorted(CHOICES)), max_size=3)
    )
    def begin(self, state, sections):
        for section in sections:
            self.write("leader", section)
        factories.bring_to(self.agreement, state)

    def fresh(self):
        return Agreement.objects.get(pk=self.agreement.pk)

    def rows(self):
        now = self.fresh()
        return (
            now.state,
            {kind: pinned(now, kind).pk for kind in CHANGES},
            list(now.entries.order_by("pk").values_list("pk", "version")),
            now.events.count(),
            now.text_decisions.count(),
            list(now.seals.values_list("pk", "voided_at")),
        )

    def attempt(self, act):
        before = self.rows()
        try:
            act()
        except REFUSED:
            assert self.rows() == before
            return False
        return True

    # -- Acts ----------------------------------------------------------------------------------------------
    @rule(kind=KINDS, number=st.integers(0, 9))
    def publish(self, kind, number):
        publish(self.pages[kind], CHANGES[kind][number % len(CHANGES[kind])])

    @rule(kind=KINDS, live=st.booleans())
    def withdraw(self, kind, live):
        page = self.pages[kind].page
        page.live = live
        type(page).objects.filter(pk=page.pk).update(live=live)

    @rule(who=PEOPLE, kind=KINDS, choice=st.sampled_from([ADOPT, ADOPT, KEEP]), number=st.integers(0, 9))
    def decide(self, who, kind, choice, number):
        agreement = self.fresh()
        back = number == 0
        if not back and kind not in newer_editions(agreement):
            self.publish(kind, number)
        values = seen(agreement, kind)
        if back:
            earlier = [row.old_edition_id for row in decisions_of(agreement) if row.is_adopted]
            values["edition"] = earlier[0] if earlier else values["edition"]
        if self.attempt(lambda: decide(agreement, self.people[who], choice, kind, **values)):
            assert who != "superuser"
            assert agreement.state in BEFORE_SIGNED
            if choice == ADOPT:
                self.stands[kind] = values["edition"]
                type(self).adopted += 1
            else:
                type(self).kept += 1

    @rule(who=PEOPLE, kind=KINDS, number=st.integers(0, 20))
    def decide_on_anything(self, who, kind, number):
        agreement = self.fresh()
        editions = list(Edition.objects.order_by("pk").values_list("pk", flat=True))
        values = {**seen(agreement, kind), "edition": editions[number % len(editions)]}
        newest = newer_editions(agreement).get(kind)
        stood_on = {row.old_edition_id for row in decisions_of(agreement) if row.is_adopted}
        if self.attempt(lambda: decide(agreement, self.people[who], ADOPT, kind, **values)):
            assert values["edition"] in stood_on | ({newest.pk} if newest else set())
            self.stands[kind] = values["edition"]

    @rule(who=st.sampled_from(["leader", "superior"]), section=st.sampled_from(sorted(CHOICES)))
    def write(self, who, section):
        agreement = self.fresh()
        found = agreement.form_edition.section(section)
        entry = agreement.entries.filter(section_id=section).first()
        payload = {
            "note": f"{entry.version if entry else 0}",
            "answers": {},
            "choices": CHOICES[section],
            "goals": [],
        }

        def act():
            actions.save_section(
                factories.access_of(self.people[who], agreement),
                section_id=section,
                version=entry.version if entry else 0,
                payload=payload,
            )

        if self.attempt(act) and found.private:
            self.private.add(section)

    @rule(who=st.sampled_from(["leader", "superior"]))
    def sign(self, who):
        agreement = self.fresh()
        self.attempt(lambda: factories.sign(agreement, self.people[who]))

    # -- What stays true -------------------------------------------------------------------------------------
    @invariant()
    def it_stands_on_what_was_decided(self):
        now = self.fresh()
        assert {kind: pinned(now, kind).pk for kind in CHANGES} == self.stands

    @invariant()
    def what_is_private_stays_private(self):
        form = self.fresh().form_edition
        for section in self.private:
            assert form.section(section).private

    @invariant()
    def what_was_chosen_keeps_its_words(self):
        now = self.fresh()
        record = agreement_record(now, texts_for_work(factories.access_of(now.leader, now)))
        for section in record["sections"]:
            for choice in section["written"]["choices"]:
                assert section["cited"][choice["id"]] == TEXTS[choice["id"]]

    @invariant()
    def what_is_signed_never_changes(self):
        now = self.fresh()
        if now.state != State.SIGNED:
            assert self.signed is None
            return
        seal = now.seals.get(kind="agreement", voided_at=None)
        reads = (
            self.stands,
            agreement_record(now, texts_for_work(factories.access_of(now.leader, now))),
            open_seal(factories.access_of(now.leader, seal.agreement), seal),
            seal.sha256,
        )
        if self.signed is None:
            self.signed = (dict(self.stands), *reads[1:])
            type(self).signed_lives += 1
        assert self.signed == reads
        assert newer_editions(now) == {}

    @invariant()
    def each_decision_is_in_the_history(self):
        now = self.fresh()
        assert now.events.filter(kind__in=("adopted", "retained")).count() == now.text_decisions.count()
        assert len(decisions_of(now)) == TextDecision.objects.filter(agreement=now).count()


@pytest.mark.lives
class TestAdoptionLife(AdoptionLife.TestCase, TestCase):
    """A few hundred steps; `LIFE_EXAMPLES=400` takes more than ten thousand."""

    settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
    )

    def runTest(self):
        AdoptionLife.adopted = AdoptionLife.kept = AdoptionLife.signed_lives = 0
        super().runTest()
        assert AdoptionLife.adopted and AdoptionLife.signed_lives
