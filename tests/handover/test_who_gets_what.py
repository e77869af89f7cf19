"""Who gets what when an agreement is handed over, state by state (R1, R2, R6, R7)."""

import pytest

from leder.agreements import actions
from leder.agreements.access.grants import signed_by_former
from leder.agreements.actions import RuleBroken
from leder.agreements.models import Agreement, Handover, Seal
from leder.agreements.reading.current import texts_for_work
from leder.agreements.reading.sealed import open_seal, open_signed_record
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.safekeeping.verification import findings
from tests.factories import (
    FOLLOW_UP_SECTION,
    PRIVATE_SECTION,
    SECTION,
    access_of,
    confirm,
    make_user,
    sign,
)
from tests.handover.writing import (
    GOAL,
    comment,
    everything_after,
    everything_before,
    let_read,
    payload,
    prepare,
    progress,
    texts_of,
    version_of,
    words_of,
    write,
)

pytestmark = pytest.mark.django_db

SHARED = {"felles", "felles kommentar"}
PRIVATE = {"privat", "privat kommentar"}
PREPARED = {"lederens forberedelse", "overordnets forberedelse"}
LATER = {"privat fremdrift", "privat oppfølging", "privat kommentar etter"}
BEFORE = (State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING)


@pytest.fixture(autouse=True)
def nothing_is_wrong_afterwards(db):
    yield
    assert not list(findings(with_texts=True))


@pytest.mark.parametrize("state", [*BEFORE, State.SIGNED, State.FOLLOWED_UP])
@pytest.mark.parametrize("acting", [False, True])
def test_the_new_superior_reads_what_is_not_private_and_the_leader_all(case_in, state, acting):
    case = case_in(state, everything_before)
    case.hand_over(acting=acting)
    assert words_of(case, case.successor) == SHARED
    opened_before = PREPARED if state != State.OPENED else {"lederens forberedelse"}
    assert words_of(case, case.leader) == SHARED | PRIVATE | opened_before
    assert words_of(case, case.former) == set()
    assert not Agreement.objects.visible_to(case.former).exists()


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.OPENED, State.OPENED),
        (State.PREPARED, State.OPENED),
        (State.DISCUSSED, State.DISCUSSED),
        (State.SIGNING, State.DISCUSSED),
        (State.SIGNED, State.SIGNED),
        (State.FOLLOWED_UP, State.FOLLOWED_UP),
    ],
)
def test_the_state_and_the_same_agreement_go_on(case_in, state, after):
    case = case_in(state)
    before = case.fresh()
    case.hand_over()
    now = case.fresh()
    assert now.state == after
    assert (now.pk, now.uuid, now.leader, now.position) == (
        before.pk,
        before.uuid,
        before.leader,
        before.position,
    )
    assert (now.superior, now.superior_position) == (case.successor, before.superior_position)
    assert now.events.filter(kind="handover", actor=case.hr).count() == 1


class TestPreparations:
    def test_unshared_of_the_former_are_deleted_and_the_leader_goes_on(self, case_in):
        case = case_in(write=everything_before)
        case.hand_over()
        assert not case.agreement.entries.filter(role="superior").exists()
        prepare(case, case.leader, "skrevet videre")
        prepare(case, case.successor, "den nyes")
        assert "skrevet videre" not in words_of(case, case.successor)
        for person in (case.leader, case.successor):
            conversing.mark_ready(access_of(person, case.agreement))
        assert {"skrevet videre", "den nyes"} <= words_of(case, case.successor)

    def test_opened_ones_are_the_leaders_alone_and_both_say_ready_anew(self, case_in):
        case = case_in(State.PREPARED, everything_before)
        case.hand_over()
        now = case.fresh()
        assert (now.leader_ready_at, now.superior_ready_at) == (None, None)
        assert words_of(case, case.leader) >= PREPARED
        conversing.mark_ready(access_of(case.successor, case.agreement))
        assert not PREPARED & words_of(case, case.successor)
        # The leader's own is there to go on with, and opens when the leader says so.
        conversing.mark_ready(access_of(case.leader, case.agreement))
        assert PREPARED & words_of(case, case.successor) == {"lederens forberedelse"}

    def test_unready_ones_are_the_leaders_also_when_the_conversation_is_held(self, case_in):
        case = case_in(write=everything_before)
        conversing.hold(access_of(case.former, case.agreement), held_on=case.fresh().opened_at.date())
        case.hand_over()
        assert not PREPARED & words_of(case, case.successor)
        assert PREPARED & words_of(case, case.leader) == {"lederens forberedelse"}


class TestBeforeSigning:
    def test_the_first_signature_no_longer_counts(self, case_in):
        case = case_in(State.SIGNING, everything_before)
        case.hand_over()
        assert not case.agreement.seals.filter(voided_at=None).exists()
        for person in (case.leader, case.successor):
            sign(case.fresh(), person)
        assert case.fresh().state == State.SIGNED
        assert words_of(case, case.successor) == SHARED

    def test_the_private_section_is_empty_for_the_new_pair(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over()
        write(case, PRIVATE_SECTION, "ny tekst")
        assert words_of(case, case.successor) == {*SHARED, "ny tekst"}
        texts = texts_of(case, case.leader)
        assert texts.answers[PRIVATE_SECTION].payload["note"] == "ny tekst"
        assert texts.last_kept(PRIVATE_SECTION, "answer").text.payload["note"] == "privat"
        # Both sign the same.
        for person in (case.successor, case.leader):
            sign(case.fresh(), person)
        assert case.fresh().state == State.SIGNED

    def test_consent_joins_both_and_is_not_offered_to_one_who_acts(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over()
        write(case, PRIVATE_SECTION, "ny tekst")
        let_read(case)
        note = texts_of(case, case.successor).answers[PRIVATE_SECTION].payload["note"]
        assert note == "privat\n\nny tekst"
        assert "privat kommentar" not in words_of(case, case.successor)
        for person in (case.successor, case.leader):
            sign(case.fresh(), person)

    def test_consent_voids_a_first_signature(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over()
        sign(case.fresh(), case.successor)
        let_read(case)
        assert case.fresh().state == State.DISCUSSED

    @pytest.mark.parametrize("state", [State.DISCUSSED, State.SIGNED, State.FOLLOWED_UP])
    def test_no_consent_for_one_who_acts(self, case_in, state):
        case = case_in(state, everything_before)
        case.hand_over(acting=True)
        with pytest.raises(RuleBroken):
            let_read(case)
        assert words_of(case, case.successor) == SHARED

    @pytest.mark.parametrize("who", ["successor", "former", "hr"])
    def test_only_the_leader_consents(self, case_in, who):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        leader, case.leader = case.leader, getattr(case, who)
        with pytest.raises(RuleBroken):
            let_read(case)
        case.leader = leader
        assert words_of(case, case.successor) == SHARED

    def test_changes_asked_for_in_private_are_between_those_two(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        for section in (PRIVATE_SECTION, SECTION):
            actions.ask_for_changes(
                access_of(case.former, case.agreement),
                section_id=section,
                version=version_of(case.agreement, section),
                comment="endre",
            )
        case.hand_over()
        assert [review.section_id for review in case.agreement.reviews.all()] == [SECTION]


class TestSigned:
    def test_private_parts_stay_sealed_and_nobody_writes_of_them(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        everything_after(case)
        case.hand_over()
        assert words_of(case, case.successor) == {*SHARED, "felles fremdrift"}
        assert words_of(case, case.leader) >= LATER | PRIVATE
        for person in (case.leader, case.successor):
            with pytest.raises(RuleBroken):
                progress(case, PRIVATE_SECTION, "ny fremdrift", by=person)
            assert texts_for_work(access_of(person, case.fresh())).withheld == {PRIVATE_SECTION}
        seal = Seal.objects.select_related("agreement").get()
        with pytest.raises(PermissionError):
            open_seal(access_of(case.successor, seal.agreement), seal)

    def test_both_confirm_the_same_follow_up_without_what_is_withheld(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        everything_after(case)
        case.hand_over()
        write(case, FOLLOW_UP_SECTION, "ny oppfølging", by=case.successor)
        conversing.hold(access_of(case.successor, case.agreement), held_on=case.fresh().opened_at.date())
        for person in (case.successor, case.leader):
            confirm(case.fresh(), person)
        assert case.fresh().state == State.FOLLOWED_UP
        seal = case.agreement.seals.get(kind="follow_up")
        record = open_seal(access_of(case.leader, case.agreement), seal)
        assert [each["id"] for each in record["progress"]] == [SECTION]
        assert [each["written"]["note"] for each in record["sections"]] == ["ny oppfølging"]

    def test_a_half_confirmed_follow_up_is_void(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        conversing.hold(access_of(case.former, case.agreement), held_on=case.fresh().opened_at.date())
        confirm(case.fresh(), case.former)
        case.hand_over()
        assert not case.agreement.seals.filter(kind="follow_up", voided_at=None).exists()
        for person in (case.leader, case.successor):
            confirm(case.fresh(), person)
        assert case.fresh().state == State.FOLLOWED_UP

    def test_consent_opens_the_part_as_signed_and_how_its_goals_stand(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        everything_after(case)
        case.hand_over()
        let_read(case)
        assert words_of(case, case.successor) == {*SHARED, "felles fremdrift", "privat", "privat fremdrift"}
        progress(case, PRIVATE_SECTION, "sammen videre", by=case.successor)
        assert "sammen videre" in words_of(case, case.leader)
        # The follow-up is another part, and another decision.
        let_read(case, FOLLOW_UP_SECTION)
        assert "privat oppfølging" in words_of(case, case.successor)
        conversing.hold(access_of(case.successor, case.agreement), held_on=case.fresh().opened_at.date())
        for person in (case.leader, case.successor):
            confirm(case.fresh(), person)

    def test_consent_after_the_follow_up(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        everything_after(case)
        conversing.hold(access_of(case.former, case.agreement), held_on=case.fresh().opened_at.date())
        for person in (case.former, case.leader):
            confirm(case.fresh(), person)
        case.hand_over()
        assert texts_of(case, case.leader).withheld == {PRIVATE_SECTION, FOLLOW_UP_SECTION}
        let_read(case, FOLLOW_UP_SECTION)
        assert words_of(case, case.successor) == {*SHARED, "felles fremdrift", "privat oppfølging"}
        assert "privat oppfølging" in words_of(case, case.leader)

    def test_consent_to_a_section_that_was_empty(self, case_in):
        case = case_in(State.SIGNED)
        case.hand_over()
        let_read(case)
        assert texts_of(case, case.successor).withheld == frozenset()

    def test_what_was_written_with_another_before_signing_is_never_taken_for_what_was_signed(self, case_in):
        """The successor has words with the leader from an earlier time, and then another signs."""
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over(acting=True)
        write(case, PRIVATE_SECTION, "med den konstituerte")
        case.come_back()
        for person in (case.leader, case.former):
            sign(case.fresh(), person)
        case.hand_over()
        texts = texts_of(case, case.successor)
        assert PRIVATE_SECTION not in texts.answers
        assert words_of(case, case.successor) == {*SHARED, "med den konstituerte"}
        assert texts.withheld == {PRIVATE_SECTION}


class TestFormer:
    def record(self, case, person):
        return open_signed_record(reader=person, agreement=case.fresh())

    @pytest.mark.parametrize("state", [State.SIGNED, State.FOLLOWED_UP])
    def test_keeps_what_they_signed_as_it_was_signed(self, case_in, state):
        case = case_in(state, everything_before)
        case.hand_over()
        record = self.record(case, case.former)
        assert {each["id"]: each["written"]["note"] for each in record["sections"]}[
            PRIVATE_SECTION
        ] == "privat"
        assert self.record(case, case.successor) is None
        assert self.record(case, case.hr) is None

    @pytest.mark.parametrize("state", BEFORE)
    def test_keeps_nothing_that_was_not_signed_by_both(self, case_in, state):
        case = case_in(state, everything_before)
        case.hand_over()
        assert self.record(case, case.former) is None
        if state in (State.DISCUSSED, State.SIGNING):
            for person in (case.leader, case.successor):
                sign(case.fresh(), person)
            # Nor what another signs later.
            assert self.record(case, case.former) is None
            assert not signed_by_former(case.former).exists()

    def test_writes_signs_and_comments_nothing_more(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over()
        before = case.agreement.events.count()
        with pytest.raises(RuleBroken):
            write(case, SECTION, "for sent", by=case.former)
        with pytest.raises(RuleBroken):
            comment(case, case.former, "for sent", SECTION)
        assert case.agreement.events.count() == before

    def test_one_who_took_over_after_the_signing_and_leaves_keeps_nothing(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        case.hand_over(make_user())
        assert self.record(case, case.successor) is None
        assert self.record(case, case.former) is not None

    def test_nor_when_the_office_ends_without_a_handover(self, case_in):
        from tests.factories import leave_office

        case = case_in(State.SIGNED, everything_before)
        case.hand_over()
        case.let_days_pass()
        leave_office(case.fresh())
        assert self.record(case, case.successor) is None
        assert not signed_by_former(case.successor).exists()


class TestActing:
    @pytest.mark.parametrize("state", [State.DISCUSSED, State.SIGNED])
    def test_the_permanent_one_gets_back_exactly_what_they_could_read(self, case_in, state):
        case = case_in(state, everything_before)
        if state == State.SIGNED:
            everything_after(case)
        before = words_of(case, case.former)
        case.hand_over(acting=True)
        section = PRIVATE_SECTION if state == State.DISCUSSED else FOLLOW_UP_SECTION
        write(case, section, "ord med konstituert")
        comment(case, case.successor, "kommentar fra konstituert", section)
        comment(case, case.successor, "felles fra konstituert", SECTION)
        case.come_back()
        assert words_of(case, case.former) == before | {"felles fra konstituert"}
        assert "ord med konstituert" in words_of(case, case.leader)
        assert words_of(case, case.successor) == set()
        assert case.fresh().pair == ""

    def test_what_was_written_meanwhile_only_by_consent(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over(acting=True)
        write(case, PRIVATE_SECTION, "ord med konstituert")
        case.come_back()
        let_read(case)
        assert texts_of(case, case.former).answers[PRIVATE_SECTION].payload["note"] == (
            "ord med konstituert\n\nprivat"
        )

    def test_what_the_acting_one_signed_is_theirs(self, case_in):
        case = case_in(State.DISCUSSED, everything_before)
        case.hand_over(acting=True)
        write(case, PRIVATE_SECTION, "signert med konstituert")
        for person in (case.leader, case.successor):
            sign(case.fresh(), person)
        case.come_back()
        assert "signert med konstituert" not in words_of(case, case.former)
        assert open_signed_record(reader=case.successor, agreement=case.fresh()) is not None
        assert open_signed_record(reader=case.former, agreement=case.fresh()) is None
        assert case.fresh().seals.get().pair == Handover.objects.first().successor_pair

    def test_appointed_for_good_the_leader_may_consent(self, case_in):
        case = case_in(State.SIGNED, everything_before)
        case.hand_over(acting=True)
        from leder.organisation.models import Appointment

        Appointment.objects.filter(acting=True).delete()
        case.hand_over()
        let_read(case)
        assert "privat" in words_of(case, case.successor)

    def test_preparations_of_each_pair_are_apart(self, case_in):
        case = case_in(write=everything_before)
        case.hand_over(acting=True)
        prepare(case, case.successor, "den konstituertes")
        for person in (case.leader, case.successor):
            conversing.mark_ready(access_of(person, case.agreement))
        case.come_back()
        assert case.fresh().state == State.OPENED
        assert words_of(case, case.former) == {*SHARED, "privat", "privat kommentar"}
        assert {"den konstituertes", "lederens forberedelse"} <= words_of(case, case.leader)


def test_a_new_superior_carries_no_private_goals_over(case_in):
    """Last year's agreement stands until this year's is signed, and is handed over with it."""
    from leder.agreements.actions.writing import open_goals_of_previous

    case = case_in(State.SIGNED, everything_before)
    case.hand_over()
    sections = {each.id: each for each in case.fresh().form_edition.sections}

    def as_this_year(person):
        """Asked as this year's agreement would ask."""
        access = access_of(person, case.agreement)
        access.agreement.previous = case.fresh()
        return access

    def goals(person, section):
        return open_goals_of_previous(as_this_year(person), sections[section])

    assert goals(case.successor, PRIVATE_SECTION) == []
    assert [goal["id"] for goal in goals(case.successor, SECTION)] == [GOAL["id"]]
    # By the leader's button either: it would show them to the new superior.
    assert goals(case.leader, PRIVATE_SECTION) == []
    let_read(case)
    for person in (case.leader, case.successor):
        assert [goal["id"] for goal in goals(person, PRIVATE_SECTION)] == ["goal-2"]


def test_the_same_person_in_another_position_keeps_everything(case_in):
    case = case_in(State.DISCUSSED, everything_before)
    from leder.organisation.models import Appointment
    from tests.factories import make_position

    before = words_of(case, case.former)
    position = make_position(title="Skolesjef")
    Appointment.objects.create(position=position, person=case.former, starts=case.agreement.opened_at.date())
    case.agreement.position.reports_to = position
    case.agreement.position.save()
    case.carry_out()
    now = case.fresh()
    assert (now.superior, now.superior_position, now.superior_title) == (case.former, position, "Skolesjef")
    assert words_of(case, case.former) == before
    assert now.state == State.DISCUSSED


@pytest.mark.parametrize("who", ["leader", "successor"])
@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("state", "section"), [(State.DISCUSSED, PRIVATE_SECTION), (State.SIGNED, FOLLOW_UP_SECTION)]
)
def test_a_page_left_open_saves_nothing_to_the_new_pair(case_in, who, version, state, section):
    """What the leader goes on writing to the one before is not read by the one who came."""
    case = case_in(state, everything_before if version else None)
    if version and state == State.SIGNED:
        write(case, section, "oppfølging")
    meant_for = access_of(case.leader, case.agreement)
    case.hand_over()
    with pytest.raises(actions.VersionConflict):
        actions.save_section(
            access_of(getattr(case, who), case.agreement),
            section_id=section,
            version=version,
            payload=payload("til den forrige"),
        )
    with pytest.raises(RuleBroken):
        actions.add_comment(meant_for, section_id=section, text="til den forrige")
    assert "til den forrige" not in words_of(case, case.leader)
