"""A text is published anew: what may be adopted, what stays, and that nothing else changes (R6)."""

import pytest
from django.core import mail

from leder.agreements import actions
from leder.agreements.editions.decisions import earlier_editions
from leder.agreements.editions.newer import newer_editions, undecided
from leder.agreements.models import Agreement, Event, TextDecision
from leder.agreements.reading.current import texts_for_work
from leder.agreements.seals.record import agreement_record
from leder.agreements.states import AFTER_SIGNED, BEFORE_SIGNED, State
from leder.conversations import actions as conversing
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
from tests.factories import FORM, PRIVATE_SECTION, QUESTIONS_SECTION, SECTION, make_agreement, make_user

pytestmark = pytest.mark.django_db
CHOSEN = {"id": "assignment-1", "contribution": "Mitt", "ambition": "", "expectations": ""}


@pytest.fixture
def agreement():
    return make_agreement(editions=texts_with_pages())


def fresh(agreement):
    return Agreement.objects.get(pk=agreement.pk)


def write(agreement, person=None, section=SECTION, version=0, **values):
    payload = {"note": "", "answers": {}, "choices": [], "goals": [], **values}
    return actions.save_section(
        factories.access_of(person or agreement.leader, agreement),
        section_id=section,
        version=version,
        payload=payload,
    )


def all_rows(agreement):
    """Everything that a decision could change."""
    now = fresh(agreement)
    return (
        now.state,
        now.platform_edition_id,
        now.letter_edition_id,
        now.form_edition_id,
        now.adopted_at,
        list(now.events.values_list("pk", flat=True)),
        list(now.text_decisions.values_list("pk", flat=True)),
        list(now.seals.values_list("pk", "voided_at")),
        len(mail.outbox),
    )


def refused(agreement, person, error, **values):
    before = all_rows(agreement)
    with pytest.raises(error):
        decide(agreement, person, **values)
    assert all_rows(agreement) == before


# -- Which editions are newer ---------------------------------------------------------------------------------
def test_the_newest_edition_of_a_live_page_is_newer(agreement):
    assert newer_editions(agreement) == {}
    publish(agreement.letter_edition, without("assignment-2"))
    newest = publish(agreement.letter_edition, reworded("assignment-1", "Mye kortere ventetid"))
    assert {kind: each.pk for kind, each in newer_editions(agreement).items()} == {"letter": newest.pk}
    assert undecided(agreement) == [newest]


def test_what_is_withdrawn_is_not_offered(agreement):
    publish(agreement.letter_edition)
    agreement.letter_edition.page.unpublish()
    assert newer_editions(agreement) == {}
    refused(agreement, agreement.leader, actions.TextMovedOn)


@pytest.mark.parametrize("change", [{"year": 2028}, {"kind": "platform"}])
def test_a_page_that_has_become_another_text_is_not_offered(agreement, change):
    newest = publish(agreement.letter_edition, lambda content: content.update(change))
    assert newer_editions(agreement) == {}
    refused(agreement, agreement.leader, actions.TextMovedOn, edition=newest.pk)


def test_texts_without_a_page_cost_nothing(django_assert_num_queries):
    agreement = make_agreement()
    _loaded = agreement.letter_edition, agreement.platform_edition, agreement.form_edition
    with django_assert_num_queries(0):
        assert newer_editions(agreement) == {}


@pytest.mark.parametrize("many", [1, 30])
def test_it_is_one_query_however_many_editions(agreement, many, django_assert_num_queries):
    for edition in (agreement.letter_edition, agreement.platform_edition, agreement.form_edition):
        for _each in range(many):
            publish(edition)
    agreement = fresh(agreement)
    _loaded = agreement.letter_edition, agreement.platform_edition, agreement.form_edition
    with django_assert_num_queries(1):
        assert len(undecided(agreement)) == 3


# -- Deciding ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["leader", "superior"])
def test_either_party_adopts_for_both(agreement, role, django_capture_on_commit_callbacks):
    newest = publish(agreement.letter_edition, reworded("assignment-1", "Mye kortere ventetid"))
    person = getattr(agreement, role)
    other = agreement.superior if role == "leader" else agreement.leader
    with django_capture_on_commit_callbacks(execute=True):
        decision = decide(agreement, person)
    now = fresh(agreement)
    assert now.letter_edition == newest
    assert (decision.by, decision.is_adopted, decision.old_edition) == (
        person,
        True,
        agreement.letter_edition,
    )
    event = now.events.last()
    assert (event.kind, event.actor, event.section_id) == (Event.Kind.ADOPTED, person, "letter")
    assert [message.to for message in mail.outbox] == [[other.email]]
    assert undecided(now) == []


def test_keeping_asks_no_more_until_a_still_newer_one(agreement):
    publish(agreement.letter_edition)
    decide(agreement, agreement.superior, KEEP)
    now = fresh(agreement)
    assert now.letter_edition == agreement.letter_edition
    assert now.adopted_at is None
    assert undecided(now) == []
    newest = publish(agreement.letter_edition)
    assert undecided(now) == [newest]


def test_it_can_be_decided_anew(agreement):
    first = agreement.letter_edition
    newest = publish(first)
    decide(agreement, agreement.leader, KEEP)
    decide(agreement, agreement.superior)
    assert fresh(agreement).letter_edition == newest
    decide(agreement, agreement.leader, edition=first.pk)
    now = fresh(agreement)
    assert now.letter_edition == first
    assert undecided(now) == []
    decide(agreement, agreement.superior)
    assert fresh(agreement).letter_edition == newest


def test_what_has_moved_on_is_not_decided(agreement):
    first = agreement.letter_edition
    publish(first)
    looked = seen(agreement)
    newest = publish(first)
    refused(agreement, agreement.leader, actions.TextMovedOn, **looked)
    decide(agreement, agreement.superior)
    # The other has decided on another edition meanwhile, or on the same.
    refused(agreement, agreement.leader, actions.TextMovedOn, **looked)
    refused(
        agreement,
        agreement.leader,
        actions.TextMovedOn,
        stands_on=first.pk,
        edition=newest.pk,
        seen=0,
    )


def test_the_other_has_kept_it_meanwhile(agreement):
    publish(agreement.letter_edition)
    looked = seen(agreement)
    decide(agreement, agreement.superior, KEEP)
    refused(agreement, agreement.leader, actions.TextMovedOn, **looked)


def test_an_edition_of_another_page_is_not_adopted(agreement):
    other = texts_with_pages()["letter_edition"]
    newest = publish(agreement.platform_edition)
    for edition in (other, newest, agreement.letter_edition):
        refused(agreement, agreement.leader, actions.TextMovedOn, edition=edition.pk)


def test_nobody_else_decides(agreement):
    publish(agreement.letter_edition)
    for person in (make_user(), make_user(is_superuser=True)):
        refused(agreement, person, actions.RuleBroken)
    factories.leave_office(agreement)
    refused(agreement, agreement.superior, actions.RuleBroken)


@pytest.mark.parametrize("state", BEFORE_SIGNED)
def test_until_both_have_signed(state):
    agreement = make_agreement(editions=texts_with_pages(), state=state)
    newest = publish(agreement.letter_edition)
    decide(agreement, agreement.superior)
    assert fresh(agreement).letter_edition == newest


@pytest.mark.parametrize("state", AFTER_SIGNED)
@pytest.mark.parametrize("choice", [ADOPT, KEEP])
def test_what_both_have_signed_never_changes(state, choice):
    agreement = make_agreement(editions=texts_with_pages(), state=state)
    for edition in (agreement.letter_edition, agreement.platform_edition, agreement.form_edition):
        newest = publish(edition)
        assert newer_editions(agreement) == {}
        for person in (agreement.leader, agreement.superior):
            refused(
                agreement, person, actions.RuleBroken, choice=choice, kind=edition.kind, edition=newest.pk
            )


def test_adopting_voids_the_first_signature_visibly():
    agreement = make_agreement(editions=texts_with_pages(), state=State.SIGNING)
    publish(agreement.letter_edition)
    decide(agreement, agreement.superior)
    now = fresh(agreement)
    assert now.state == State.DISCUSSED
    assert not now.seals.filter(voided_at=None).exists()
    kinds = list(now.events.values_list("kind", flat=True))
    assert kinds[-2:] == [Event.Kind.VOIDED, Event.Kind.ADOPTED]


def test_keeping_leaves_the_first_signature():
    agreement = make_agreement(editions=texts_with_pages(), state=State.SIGNING)
    publish(agreement.letter_edition)
    decide(agreement, agreement.superior, KEEP)
    assert fresh(agreement).state == State.SIGNING
    factories.sign(agreement, agreement.superior)
    assert fresh(agreement).state == State.SIGNED


# -- A removed statement keeps its text ---------------------------------------------------------------------------
def test_a_removed_statement_keeps_its_text_in_the_record(agreement):
    first = agreement.letter_edition
    write(agreement, choices=[CHOSEN, {**CHOSEN, "id": "assignment-2"}])
    publish(first, without("assignment-1"))
    decide(agreement, agreement.superior)
    publish(first, reworded("assignment-2", "Flere i hele stillinger"))
    decide(agreement, agreement.superior)
    now = fresh(agreement)
    section = agreement_record(now, texts_for_work(factories.access_of(now.leader, now)))["sections"][0]
    assert section["cited"] == {
        "assignment-1": "Kortere ventetid",
        "assignment-2": "Flere i hele stillinger",
    }
    assert section["from_earlier"] == {"assignment-1": {"edition": 1, "sha256": first.sha256}}


def test_the_record_names_nothing_kept_where_nothing_is(agreement):
    write(agreement, choices=[CHOSEN])
    section = agreement_record(agreement, texts_for_work(factories.access_of(agreement.leader, agreement)))
    assert "from_earlier" not in section["sections"][0]


def test_a_forged_decision_gives_nobody_any_words(agreement):
    write(agreement, choices=[CHOSEN])
    publish(agreement.letter_edition, without("assignment-1"))
    decide(agreement, agreement.superior)
    TextDecision.objects.update(mac="")
    now = fresh(agreement)
    assert earlier_editions(now) == []


def test_signed_with_a_kept_statement_it_stays(agreement):
    agreement = make_agreement(editions=texts_with_pages(), state=State.DISCUSSED)
    write(agreement, choices=[CHOSEN])
    publish(agreement.letter_edition, without("assignment-1"))
    decide(agreement, agreement.leader)
    for person in (agreement.leader, agreement.superior):
        factories.sign(fresh(agreement), person)
    now = fresh(agreement)
    assert now.state == State.SIGNED
    record = agreement_record(now, texts_for_work(factories.access_of(now.leader, now)))
    assert record["sections"][0]["cited"] == {"assignment-1": "Kortere ventetid"}


# -- Forms ----------------------------------------------------------------------------------------------------------
def test_a_form_in_other_words_is_adopted(agreement):
    write(agreement, section=QUESTIONS_SECTION, answers={f"{QUESTIONS_SECTION}-q1": "Svar"})
    newest = publish(agreement.form_edition, reworded(f"{QUESTIONS_SECTION}-q1", "Hva virker?"))
    decide(agreement, agreement.superior, kind="form")
    assert fresh(agreement).form_edition == newest


@pytest.mark.parametrize(
    "change",
    [
        with_section(PRIVATE_SECTION, private=False),
        with_section(SECTION, private=True),
        with_section(SECTION, answer="questions"),
        with_section(SECTION, goals=False),
        with_section(SECTION, stage="follow_up"),
        without(SECTION),
        without(f"{SECTION}-q2"),
        lambda content: content.update(parts=[]),
        # The id of the private section, put first on one that is open to others.
        lambda content: content["parts"].insert(0, {**FORM["parts"][3], "private": False}),
    ],
    ids=["public", "private", "answer", "goals", "stage", "gone", "question", "empty", "twice"],
)
@pytest.mark.parametrize("how", ["answer", "preparation", "comment"])
def test_a_form_that_does_not_fit_what_is_written_is_never_adopted(agreement, change, how):
    for section in (SECTION, PRIVATE_SECTION):
        if how == "answer":
            write(agreement, section=section, note="Skrevet")
        elif how == "comment":
            actions.add_comment(
                factories.access_of(agreement.superior, agreement), section_id=section, text="Skrevet"
            )
        else:
            payload = {"note": "Skrevet", "answers": {}, "choices": [], "goals": []}
            conversing.save_preparation(
                factories.access_of(agreement.leader, agreement),
                section_id=section,
                version=0,
                payload=payload,
            )
    publish(agreement.form_edition, change)
    for person in (agreement.leader, agreement.superior):
        refused(agreement, person, actions.RuleBroken, kind="form")


def test_what_is_private_never_becomes_another_even_unwritten(agreement):
    publish(agreement.form_edition, with_section(PRIVATE_SECTION, private=False))
    refused(agreement, agreement.leader, actions.RuleBroken, kind="form")


def test_nor_by_going_away_and_coming_back(agreement):
    publish(agreement.form_edition, without(PRIVATE_SECTION))
    decide(agreement, agreement.leader, kind="form")
    publish(
        agreement.form_edition,
        lambda content: content["parts"].append({**FORM["parts"][3], "private": False}),
    )
    refused(agreement, agreement.leader, actions.RuleBroken, kind="form")


def test_where_nothing_is_written_a_section_may_change(agreement):
    write(agreement, note="Skrevet")
    newest = publish(agreement.form_edition, without(f"{QUESTIONS_SECTION}-q2"))
    decide(agreement, agreement.leader, kind="form")
    assert fresh(agreement).form_edition == newest


def test_one_who_writes_in_a_form_that_was_exchanged_is_not_saved(agreement):
    publish(agreement.form_edition, without(f"{QUESTIONS_SECTION}-q2"))
    seen = factories.access_of(agreement.leader, agreement)
    decide(agreement, agreement.leader, kind="form")
    with pytest.raises(actions.RuleBroken):
        actions.save_section(
            seen,
            section_id=QUESTIONS_SECTION,
            version=0,
            payload={"note": "", "answers": {}, "choices": [], "goals": []},
        )
    assert not fresh(agreement).entries.exists()


def test_a_deleted_page_leaves_the_agreement_its_edition(agreement):
    publish(agreement.letter_edition)
    agreement.letter_edition.page.delete()
    now = fresh(agreement)
    assert newer_editions(now) == {}
    assert now.letter_edition.content == agreement.letter_edition.content
    assert Edition.objects.count() == 4
