"""What was read, shared or written before a change does not count for what stands after it (R1, R2, R7)."""

import copy

import pytest

from leder.agreements import actions
from leder.agreements.answers import empty_payload
from leder.agreements.models import Agreement
from leder.agreements.reading.current import open_shared, texts_for_work
from leder.agreements.seals.record import follow_up_record
from leder.agreements.states import State
from leder.canonical import digest
from leder.conversations import actions as conversing
from tests.agreements.publishing import decide, first_edition, publish, texts_with_pages
from tests.factories import (
    FORM,
    PRIVATE_SECTION,
    SECTION,
    YEAR,
    access_of,
    bring_to,
    make_agreement,
    make_editions,
    make_round,
    make_user,
    reopen,
    share,
    sign,
)
from tests.sharing.pages import write

pytestmark = pytest.mark.django_db

GOAL = {
    "id": "goal-a",
    "goal": "Et mål",
    "measures": "",
    "due": "",
    "responsible": "leader",
    "status": "open",
    "carried_from": "",
}
OTHER = {**GOAL, "id": "goal-b", "goal": "Et helt annet mål"}


def resave(agreement: Agreement, section: str, **written: object) -> None:
    """Write other words in a section, as the leader."""
    standing = agreement.entries.filter(section_id=section, kind="answer", pair__in=("", agreement.pair))
    version = max((row.version for row in standing if row.pair == agreement.pair), default=0)
    if section != PRIVATE_SECTION:
        version = standing.get(pair="").version
    actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=section,
        version=version,
        payload={**empty_payload(), **written},
    )


def fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.with_status().get(pk=agreement.pk)


def signed_anew(agreement: Agreement, **written: object) -> Agreement:
    reopen(agreement)
    resave(fresh(agreement), SECTION, **written)
    for person in (agreement.leader, agreement.superior):
        sign(fresh(agreement), person)
    return fresh(agreement)


@pytest.fixture
def in_autumn():
    agreement = make_agreement()
    write(agreement, SECTION, goals=[GOAL])
    bring_to(agreement, State.SIGNED)
    said = {"note": "", "goals": {GOAL["id"]: {"status": "reached", "comment": "Om det gamle målet"}}}
    actions.save_progress(access_of(agreement.leader, agreement), section_id=SECTION, version=0, payload=said)
    conversing.hold(access_of(agreement.superior, agreement), held_on=agreement.signed_at.date())
    return fresh(agreement)


def record_read_by_leader(agreement):
    return follow_up_record(agreement, texts_for_work(access_of(agreement.leader, agreement)))


def goals_told_of(agreement):
    """The goals that the follow-up's record says something of, in the one section where there are any."""
    [progress] = record_read_by_leader(agreement)["progress"]
    assert progress["id"] == SECTION
    return [goal["id"] for goal in progress["goals"]]


def test_a_follow_up_read_before_is_not_confirmed_for_what_is_signed_anew(in_autumn):
    read = digest(record_read_by_leader(in_autumn))
    agreement = signed_anew(in_autumn, goals=[{**GOAL, "goal": "Omskrevet"}])
    with pytest.raises(actions.ContentChanged):
        actions.confirm_follow_up(access_of(agreement.leader, agreement), content_hash=read)
    assert agreement.seals.filter(kind="follow_up").count() == 0


def test_nobody_confirms_how_a_goal_stood_that_is_agreed_no_more(in_autumn):
    assert goals_told_of(in_autumn) == [GOAL["id"]]
    agreement = signed_anew(in_autumn, goals=[OTHER])
    assert goals_told_of(agreement) == []


def test_one_year_stands_at_a_time():
    agreement = make_agreement()
    bring_to(agreement, State.SIGNED)
    following = next_years(agreement, make_editions())
    reopen(agreement)
    bring_to(following, State.SIGNED)
    for person in (agreement.leader, agreement.superior):
        sign(fresh(agreement), person)
    assert (fresh(agreement).state, fresh(following).state) == (State.REPLACED, State.SIGNED)


def next_years(agreement, editions):
    return actions.open_agreement(
        year_round=make_round(YEAR + 1),
        position=agreement.position,
        leader=agreement.leader,
        superior=agreement.superior,
        superior_position=agreement.superior_position,
        editions=editions,
    )


def test_private_goals_are_not_carried_into_the_open():
    """Next year's form has a section that all may read where the private one stood."""
    agreement = make_agreement()
    write(agreement, PRIVATE_SECTION, goals=[GOAL])
    bring_to(agreement, State.SIGNED)
    form = copy.deepcopy(FORM)
    place = next(number for number, part in enumerate(form["parts"]) if part["id"] == PRIVATE_SECTION)
    form["parts"].insert(place, {**copy.deepcopy(form["parts"][place]), "id": "s-open", "private": False})
    following = next_years(agreement, {**texts_with_pages(), "form_edition": first_edition(form)})
    access, chosen = access_of(agreement.superior, following), {GOAL["id"]: ""}
    added = actions.carry_over_goals(access, section_id="s-open", version=0, chosen=chosen)
    assert added == 0
    assert not following.entries.exists()


def test_the_whole_is_shared_without_private_sections_that_a_later_form_brings():
    texts = texts_with_pages()
    agreement = make_agreement(editions=texts)
    bring_to(agreement, State.DISCUSSED)
    reader = make_user()
    shared = share(agreement, reader, section_id="")

    def with_another(content):
        part = next(part for part in content["parts"] if part["id"] == PRIVATE_SECTION)
        content["parts"].append({**copy.deepcopy(part), "id": "s-new", "heading": "Ny privat del"})

    publish(texts["form_edition"], with_another)
    decide(agreement, agreement.leader, kind="form")
    write(fresh(agreement), "s-new", note="Nytt og privat")
    write(fresh(agreement), PRIVATE_SECTION, note="Delt")
    shared = type(shared).objects.select_related("agreement").get(pk=shared.pk)
    assert open_shared(reader=reader, share=shared).answers.keys() >= {PRIVATE_SECTION}
    assert "s-new" not in open_shared(reader=reader, share=shared).answers
