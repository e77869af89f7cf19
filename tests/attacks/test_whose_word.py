"""Words that are bought: a second person in HR who was made one, a party who was made one, a change made undone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Handover, KnownAccount
from leder.handover.actions import carry_out_due
from leder.pages import roles
from tests import factories
from tests.attacks.acts import PASSWORDS, appoint, change_of, edit, plan
from tests.attacks.conftest import NEW, THEIRS, Municipality, shows
from tests.attacks.hands import Hands
from tests.factories import SECTION


def says(municipality: Municipality, person: Any, about: Any, answer: str) -> int:
    """Somebody says whether an account is its person's, whatever the page says. Returns the status."""
    hands = municipality.browser(person)
    hands.get(change_of(about))
    return hands.post(change_of(about), {"answer": answer}).status


def make_in_hr(operator: Hands, name: str) -> Any:
    """A new account in HR."""
    operator.submit(
        reverse("wagtailusers_users:add"),
        username=name,
        email=f"{name}@attack.example",
        first_name="Ny",
        last_name="I HR",
        groups=[str(Group.objects.get(name=roles.HR).pk)],
        **PASSWORDS,
    )
    return get_user_model().objects.get(username=name)


def test_those_in_hr_hear_of_a_new_one_first(municipality: Municipality, operator: Hands) -> None:
    """The one who planned it and a new account approve it within three days: not before the others could object."""
    appoint(municipality)
    new = make_in_hr(operator, "ny-i-hr")
    assert municipality.told() >= {each.email for each in municipality.hr}
    municipality.later(hours=71)
    row = plan(municipality, municipality.browser(municipality.hr[0]))
    second = municipality.browser(new, NEW)
    assert "approve" not in second.get(reverse("leder_handovers")).text
    second.post(reverse("leder_handovers"), {"approve": row.pk})
    row.refresh_from_db()
    assert row.status == Handover.Status.PLANNED
    # A group that may hand over is as good as HR.
    group = Group.objects.create(name="Vikarer")
    group.permissions.set(Group.objects.get(name=roles.HR).permissions.all())
    page = reverse("wagtailusers_users:edit", args=[municipality.colleague.pk])
    again = municipality.browser(municipality.operators[0])
    again.submit(page, username=municipality.colleague.username, groups=[str(group.pk)])
    assert municipality.told() >= {each.email for each in (*municipality.hr, new)}


def test_all_are_taken_out_of_hr_first(municipality: Municipality, operator: Hands) -> None:
    for person in municipality.hr:
        edit(operator, person, groups=None)
        assert municipality.told() >= {person.email}
    made = [make_in_hr(operator, name) for name in ("en", "to")]
    assert municipality.told() == {made[0].email}
    appoint(municipality)
    row = plan(municipality, municipality.browser(made[0], NEW))
    second = municipality.browser(made[1], NEW)
    second.get(reverse("leder_handovers"))
    second.post(reverse("leder_handovers"), {"approve": row.pk})
    row.refresh_from_db()
    assert row.status == Handover.Status.PLANNED


def test_a_part_is_shared_so_as_to_become_a_party(municipality: Municipality) -> None:
    """Two who have an agreement share something with the reader of another's, who never looks at it."""
    colleague, reader = municipality.colleague, municipality.reader
    theirs = factories.make_agreement(superior=colleague)
    factories.share(theirs, reader, section_id=SECTION)
    municipality.later(hours=24 * 4)
    edit(municipality.browser(municipality.operators[0]), reader, **PASSWORDS)
    assert says(municipality, colleague, reader, "yes") == 403
    assert shows(municipality.browser(reader, NEW).reads()) == set()
    # The reader has read what the leader and the superior shared.
    assert says(municipality, municipality.superior, reader, "yes") == 200
    assert shows(municipality.browser(reader, NEW).reads()) == {"open"}


def test_a_new_superior_does_not_know_the_leader_yet(municipality: Municipality) -> None:
    """Handed over, and then the leader is reset: the successor would open what was private with the one before.

    Not either by saying no first, and yes three days later.
    """
    leader = municipality.leader
    appoint(municipality)
    plan(municipality, municipality.browser(municipality.hr[0]))
    municipality.later(hours=24 * 5)
    carry_out_due(timezone.localdate())
    municipality.later(hours=24 * 4)
    edit(municipality.browser(municipality.operators[0]), leader, **PASSWORDS)
    assert says(municipality, municipality.colleague, leader, "no") == 403
    assert says(municipality, municipality.colleague, leader, "yes") == 403
    row = KnownAccount.objects.get(pk=leader.pk)
    assert (row.refused_at, row.confirmed_at) == (None, None)
    assert shows(municipality.browser(leader, NEW).reads()) == set()


def test_an_address_is_changed_back_after_a_sign_in(municipality: Municipality, operator: Hands) -> None:
    """The sign-on lets somebody in by the address; the session lasts longer than the address."""
    leader, old = municipality.leader, municipality.leader.email
    edit(operator, leader, email=THEIRS)
    session = municipality.browser(leader)
    edit(operator, leader, email=old)
    assert shows(session.reads()) == set()
    assert shows(municipality.browser(leader).reads()) == set()
