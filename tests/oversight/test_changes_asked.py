"""A request for changes is the leader's next step until it is met, in every state before signing, wherever it is told.

Min side, the agreement's page and the reminder read it from one place, and say the same.
"""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import translation

from leder.agreements import actions
from leder.agreements.access.pairs import pair_of
from leder.agreements.models import Agreement, Entry
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.reminders.gathering import addressees
from leder.reminders.models import ReminderPlan
from tests import factories
from tests.factories import PRIVATE_SECTION, SECTION
from tests.reminders.helpers import YEAR, at, call, day, make_pair

pytestmark = pytest.mark.django_db

CHANGE, WAIT = "Change what your superior asks for", "Wait for the changes you asked for"
PREPARE, CALL, HOLD = "Prepare", "Call the conversation", "Hold the conversation"
WRITE, SIGN, AWAIT = "Write the agreement", "Sign the agreement", "Wait for the other signature"


def ready(agreement, *roles):
    for role in roles:
        conversing.mark_ready(factories.access_of(getattr(agreement, role), agreement))
    agreement.refresh_from_db()


def called(agreement, *roles):
    ready(agreement, *roles)
    call(agreement, day(3, 22))


def to(state):
    return lambda agreement: factories.bring_to(agreement, state)


def reopened(agreement):
    factories.reopen(factories.bring_to(agreement, State.SIGNED))


# How it stands: what is done first, and each one's step (and whether it is theirs) without a request, and with one.
STATES = {
    "nobody is ready": (
        lambda agreement: None,
        {"leader": (PREPARE, True), "superior": (PREPARE, True)},
        {"leader": (CHANGE, True), "superior": (PREPARE, True)},
    ),
    "the leader is ready": (
        lambda agreement: ready(agreement, "leader"),
        {"leader": (WRITE, False), "superior": (PREPARE, True)},
        {"leader": (CHANGE, True), "superior": (PREPARE, True)},
    ),
    "the superior is ready": (
        lambda agreement: ready(agreement, "superior"),
        {"leader": (PREPARE, True), "superior": (CALL, True)},
        {"leader": (CHANGE, True), "superior": (CALL, True)},
    ),
    "the superior is ready and has called": (
        lambda agreement: called(agreement, "superior"),
        {"leader": (PREPARE, True), "superior": (WRITE, False)},
        {"leader": (CHANGE, True), "superior": (WAIT, False)},
    ),
    "both are ready": (
        to(State.PREPARED),
        {"leader": (WRITE, False), "superior": (CALL, True)},
        {"leader": (CHANGE, True), "superior": (CALL, True)},
    ),
    "both are ready, and it is called": (
        lambda agreement: called(agreement, "leader", "superior"),
        {"leader": (WRITE, False), "superior": (HOLD, True)},
        {"leader": (CHANGE, True), "superior": (HOLD, True)},
    ),
    "the conversation is held": (
        to(State.DISCUSSED),
        {"leader": (SIGN, True), "superior": (SIGN, True)},
        {"leader": (CHANGE, True), "superior": (WAIT, False)},
    ),
    # The request voids the signature.
    "the leader has signed": (
        to(State.SIGNING),
        {"leader": (AWAIT, False), "superior": (SIGN, True)},
        {"leader": (CHANGE, True), "superior": (WAIT, False)},
    ),
    "it is reopened": (
        reopened,
        {"leader": (SIGN, True), "superior": (SIGN, True)},
        {"leader": (CHANGE, True), "superior": (WAIT, False)},
    ),
}
TODAY = day(3, 20)


@pytest.fixture
def standing(db):
    """A function that gives an agreement brought to one of the states above, on a day when its deadline is near."""

    def make(name):
        agreement = make_pair()
        agreement.opened_at = dt.datetime(YEAR, 1, 10, 9, tzinfo=dt.UTC)
        agreement.save(update_fields=["opened_at"])
        write(agreement, SECTION, "Skrevet")
        STATES[name][0](agreement)
        agreement.refresh_from_db()
        return agreement

    with at(TODAY):
        yield make


def version_of(agreement, section):
    pair = pair_of(agreement, section, "answer")
    written = agreement.entries.filter(section_id=section, kind=Entry.Kind.ANSWER, pair=pair)
    return written.values_list("version", flat=True).first() or 0


def write(agreement, section, note):
    payload = {"note": note, "answers": {}, "choices": [], "goals": []}
    version = version_of(agreement, section)
    actions.save_section(
        factories.access_of(agreement.leader, agreement), section_id=section, version=version, payload=payload
    )


def ask(agreement, section):
    version = version_of(agreement, section)
    actions.ask_for_changes(
        factories.access_of(agreement.superior, agreement), section_id=section, version=version, comment="Mer"
    )


def approve(agreement, section):
    version = version_of(agreement, section)
    actions.approve_section(
        factories.access_of(agreement.superior, agreement), section_id=section, version=version
    )


def reminded_of(person, agreement):
    """What a person is reminded to do today; of what was opened again today, in a month: it has no deadline."""
    today = TODAY + dt.timedelta(days=30) if agreement.reopened_at else TODAY
    batches = addressees(today=today, plan=ReminderPlan.current())
    return [
        str(each.what) for batch in batches for one in batch if one.person == person for each in one.reminders
    ]


def told_everywhere(agreement, as_user):
    """What each is told is next, and whether it is theirs: on Min side. The other places say the same, or it fails."""
    agreement = Agreement.objects.with_status().get(pk=agreement.pk)
    steps = {}
    with translation.override("en"):
        for role in ("leader", "superior"):
            person = getattr(agreement, role)
            client = as_user(person)
            client.cookies["django_language"] = "en"
            my_page = client.get(reverse("leder:my_page"))
            turn = my_page.context["urgent"] or my_page.context["year"].rows[0].turn
            steps[role] = (str(turn.step.label), turn.needs_me)
            if my_page.context["urgent"]:
                assert ("Nothing waits for you now" in my_page.content.decode()) == (not turn.needs_me)
            view = client.get(reverse("leder:agreement", args=[agreement.uuid])).context["view"]
            assert (str(view.step.label), view.step.mine) == steps[role], role
            asked = reminded_of(person, agreement)
            assert (CHANGE in asked) == (steps[role] == (CHANGE, True)), (role, asked)
    return steps


@pytest.mark.parametrize("section", [SECTION, PRIVATE_SECTION])
@pytest.mark.parametrize("name", STATES)
def test_a_request_is_the_leaders_next_step_until_it_is_met(name, section, standing, as_user):
    _bring, without, with_request = STATES[name]
    agreement = standing(name)
    assert told_everywhere(agreement, as_user) == without
    ask(agreement, section)
    assert told_everywhere(agreement, as_user) == with_request
    write(agreement, section, "Mer står det nå")
    met = told_everywhere(agreement, as_user)
    # A signature that the request voided does not come back.
    assert met == (STATES["the conversation is held"][1] if name == "the leader has signed" else without)


@pytest.mark.parametrize("name", ["the leader is ready", "the conversation is held"])
def test_an_approval_asks_nothing_and_takes_a_request_back(name, standing, as_user):
    _bring, without, with_request = STATES[name]
    agreement = standing(name)
    approve(agreement, SECTION)
    assert told_everywhere(agreement, as_user) == without
    ask(agreement, SECTION)
    assert told_everywhere(agreement, as_user) == with_request
    approve(agreement, SECTION)
    assert CHANGE not in told_everywhere(agreement, as_user)["leader"]


def test_two_requests_wait_until_both_are_met(standing, as_user):
    agreement = standing("the leader is ready")
    for section in (SECTION, PRIVATE_SECTION):
        ask(agreement, section)
    write(agreement, SECTION, "Bedre")
    assert told_everywhere(agreement, as_user)["leader"] == (CHANGE, True)
    write(agreement, PRIVATE_SECTION, "Også bedre")
    assert told_everywhere(agreement, as_user)["leader"] == (WRITE, False)
