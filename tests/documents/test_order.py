"""What is signed stands in the order of the form: in the record, on the pages and in the documents, whatever its ids.

The ids here are in the opposite order of the alphabet, as the CMS may happen to give them.
"""

import copy
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.pages.editions import Edition
from tests import factories
from tests.factories import bring_to, leave_office, make_agreement, make_editions, make_user, share
from tests.pdf import attached_to, text_of

pytestmark = pytest.mark.django_db

WORK, FOLLOW_UP, PRIVATE = "z-work", "y-follow-up", "w-private"
ASKED = {
    WORK: ["Hva er viktigst for deg?", "Hvordan går økonomien?", "Er fagene dekket?"],
    FOLLOW_UP: ["Hva har endret seg?", "Hvor trengs det støtte?", "Blir året godt?"],
    PRIVATE: ["Når trives du?", "Ditt råd til meg?", "Annet mellom oss?"],
}
# What is asked in a section that takes no answer to each question, but is to be thought through.
TO_THINK_OF = ["Til ettertanke først?", "Etterpå dette?", "Bare til slutt?"]
GOALS = {
    f"{digit * 8}-0000-4000-8000-000000000000": f"{which} mål"
    for digit, which in {"f": "Første", "8": "Andre", "0": "Tredje"}.items()
}


def asking(section_id, texts, **changes):
    """A section of the form whose questions, in order, have ids from the end of the alphabet to its beginning."""
    questions = [
        {"id": f"{letter}-{section_id}", "text": text} for letter, text in zip("zma", texts, strict=True)
    ]
    return factories._section(section_id, f"Del {section_id}", questions=questions, **changes)


@pytest.fixture
def editions(db):
    """The texts of the year, with a form of four sections."""
    form = copy.deepcopy(factories.FORM)
    form["parts"][2:] = [
        asking(WORK, ASKED[WORK], answer="questions", goals=True),
        asking("x-note", TO_THINK_OF, answer="note"),
        asking(PRIVATE, ASKED[PRIVATE], answer="questions", private=True),
        asking(FOLLOW_UP, ASKED[FOLLOW_UP], answer="questions", stage="follow_up"),
    ]
    edition = Edition.objects.create(
        kind="form",
        year=factories.YEAR,
        title="Lederavtale",
        published_at=timezone.now(),
        sha256=factories.digest(form),
        content=form,
    )
    return {**make_editions(), "form_edition": edition}


@pytest.fixture
def at(as_user):
    """A function that gets a page of an agreement as a person: what stands in it."""

    def page(person, name, *args, **query):
        return as_user(person).get(reverse(f"leder:{name}", args=args, query=query)).content.decode()

    return page


@pytest.fixture
def written(editions, as_user, at):
    """An agreement that the leader has written through its page, and whose conversation is held."""
    agreement = make_agreement(editions=editions)
    page = at(agreement.leader, "agreement", agreement.uuid)
    goals = {}
    for row, (goal_id, goal) in enumerate(GOALS.items()):
        goals |= {f"g-{row}-id": goal_id, f"g-{row}-goal": goal}
    save(as_user, agreement, page, WORK, **goals)
    save(as_user, agreement, page, PRIVATE)
    return bring_to(agreement, State.DISCUSSED)


@pytest.fixture
def signed(written, as_user, at):
    """The same, read and signed by both on the page for it."""
    for person in (written.leader, written.superior):
        page = at(person, "sign", written.uuid)
        assert in_order(page, WORK)
        fields = {"content_hash": value_of(page, "content_hash"), "place": "Lørenskog"}
        assert as_user(person).post(reverse("leder:sign", args=[written.uuid]), fields).status_code == 302
    written.refresh_from_db()
    assert written.state == State.SIGNED
    return written


@pytest.fixture
def confirmed(signed, as_user, at):
    """The same, followed up and confirmed by both on the page for it."""
    page = at(signed.leader, "follow_up", signed.uuid)
    save(as_user, signed, page, FOLLOW_UP)
    # The last goal is told of first.
    told = {f"p-{goal_id}-comment": f"Om {goal.lower()}" for goal_id, goal in reversed(GOALS.items())}
    told |= {f"p-{goal_id}-status": "started" for goal_id in GOALS}
    address = reverse("leder:follow_up_progress", args=[signed.uuid, WORK])
    assert as_user(signed.leader).post(address, {"version": 0, **told}).status_code == 302
    conversing.hold(factories.access_of(signed.superior, signed), held_on=timezone.localdate())
    for person in (signed.leader, signed.superior):
        page = at(person, "follow_up", signed.uuid, read="1")
        assert in_order(page, FOLLOW_UP)
        fields = {"content_hash": value_of(page, "content_hash")}
        address = reverse("leder:follow_up_confirm", args=[signed.uuid])
        assert as_user(person).post(address, fields).status_code == 302
    signed.refresh_from_db()
    assert signed.state == State.FOLLOWED_UP
    return signed


def save(as_user, agreement, page, section_id, **fields):
    """Answer the questions of a section in the fields that its form on the page has, in that order."""
    address = reverse("leder:section", args=[agreement.uuid, section_id])
    form = page.partition(f'action="{address}')[2].partition("</form>")[0]
    asked = dict.fromkeys(re.findall(r'name="(a-[^"]+)"', form))
    fields |= {name: answer_to(text) for name, text in zip(asked, ASKED[section_id], strict=True)}
    assert as_user(agreement.leader).post(address, {"version": 0, **fields}).status_code == 302


def answer_to(question):
    return f"Svar på {question.rstrip('?').lower()}."


def value_of(page, name):
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def in_order(text, section_id):
    """Whether each question stands there with its answer after it, in the order of the form."""
    wanted = [words for question in ASKED[section_id] for words in (question, answer_to(question))]
    return stand_in_order(text, wanted)


def stand_in_order(text, wanted):
    places = [text.find(words) for words in wanted]
    return -1 not in places and places == sorted(places)


def texts_of(questions):
    return [question["text"] for question in questions]


def test_the_document_of_the_agreement_is_in_the_order_of_its_form(signed, as_user):
    content = as_user(signed.leader).get(reverse("leder:document", args=[signed.uuid])).content
    held, text = attached_to(content), text_of(content)
    form = {part["id"]: part for part in held["form.json"]["parts"] if part["kind"] == "section"}
    for section in held["record.json"]["sections"]:
        assert section["questions"] == form[section["id"]]["questions"]
        assert stand_in_order(text, texts_of(form[section["id"]]["questions"])), section["id"]
    assert in_order(text, WORK)
    assert in_order(text, PRIVATE)
    # What is written at the follow-up stands as it is asked, too.
    assert stand_in_order(text, texts_of(form[FOLLOW_UP]["questions"]))
    assert stand_in_order(text, GOALS.values())


def test_the_document_without_private_sections_is_in_the_order_of_its_form(signed, as_user):
    address = reverse("leder:document", args=[signed.uuid], query={"uten-private": 1})
    content = as_user(signed.superior).get(address).content
    text, record = text_of(content), attached_to(content)["record.json"]
    assert in_order(text, WORK)
    assert stand_in_order(text, TO_THINK_OF)
    assert answer_to(ASKED[PRIVATE][0]) not in text
    written = {section["id"]: section for section in record["sections"] if "left_out" not in section}
    assert list(written) == [WORK, "x-note"]
    assert texts_of(written[WORK]["questions"]) == ASKED[WORK]


def test_the_document_of_one_it_is_shared_with_is_in_the_order_of_its_form(signed, as_user):
    reader = make_user()
    shared = share(signed, reader, section_id="")
    content = as_user(reader).get(reverse("leder:shared_document", args=[shared.uuid])).content
    assert in_order(text_of(content), WORK)


def test_the_signed_page_is_in_the_order_of_the_form(signed, at):
    assert in_order(at(signed.leader, "agreement", signed.uuid), WORK)
    assert in_order(at(signed.leader, "agreement", signed.uuid), PRIVATE)


def test_what_a_former_superior_signed_is_in_the_order_of_the_form(signed, at):
    leave_office(signed)
    page = at(signed.superior, "signed_record", signed.uuid)
    assert in_order(page, WORK)
    assert in_order(page, PRIVATE)
    assert stand_in_order(page, GOALS.values())


def test_what_was_signed_before_it_was_reopened_is_in_the_order_of_the_form(signed, at):
    seal = signed.seals.get()
    factories.reopen(signed)
    page = at(signed.leader, "earlier_seal", signed.uuid, seal.uuid)
    assert in_order(page, WORK)


@pytest.mark.parametrize("query", [{}, {"uten-private": 1}], ids=["whole", "without private"])
def test_the_follow_up_and_its_document_are_in_the_order_of_the_form(query, confirmed, as_user, at):
    assert in_order(at(confirmed.superior, "follow_up", confirmed.uuid), FOLLOW_UP)
    address = reverse("leder:follow_up_document", args=[confirmed.uuid], query=query)
    content = as_user(confirmed.superior).get(address).content
    held, text = attached_to(content), text_of(content)
    assert in_order(text, FOLLOW_UP)
    assert stand_in_order(text, [words for goal in GOALS.values() for words in (goal, f"Om {goal.lower()}")])
    [section] = held["record.json"]["sections"]
    assert texts_of(section["questions"]) == ASKED[FOLLOW_UP]
    [progress] = held["record.json"]["progress"]
    assert (progress["id"], [goal["id"] for goal in progress["goals"]]) == (WORK, list(GOALS))
    assert [each["id"] for each in held["goals.json"]["goals"]][0] == WORK
