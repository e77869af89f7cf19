"""What else got through: the page for one's own password, who is taken for the maker, and what a night forgets."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Handover, KnownAccount
from leder.handover.actions import carry_out_due
from leder.identity import confirming
from leder.identity.admin import look_at_accounts
from leder.pages import roles
from leder.sharing.actions import withdraw
from tests import factories
from tests.attacks.acts import PASSWORDS, appoint, change_of, edit
from tests.attacks.conftest import NEW, PASSWORD, Municipality, shows
from tests.attacks.hands import Hands
from tests.factories import SECTION, access_of


def test_a_password_is_guessed_where_it_is_changed(municipality: Municipality) -> None:
    """At an open session, minutes old: as many guesses as one likes, then a password of one's own."""
    hands = municipality.browser(municipality.leader)
    page = reverse("change_password")
    hands.get(page)
    new = {"new_password1": NEW, "new_password2": NEW}
    answers = [hands.post(page, {"old_password": f"gjett-{each}", **new}).status for each in range(30)]
    answers.append(hands.post(page, {"old_password": PASSWORD, **new}).status)
    taken = Hands(municipality.url).can_sign_in(municipality.leader.username, NEW)
    assert (429 in answers, taken) == (True, False)


def test_who_looks_is_not_taken_for_who_changed(municipality: Municipality, operator: Hands) -> None:
    """A script changes the address while the superior has the page open: the superior is no maker of that."""
    leader = municipality.leader
    edit(operator, leader, **PASSWORDS)
    superior = municipality.browser(municipality.superior)
    page = change_of(leader)
    superior.get(page)
    get_user_model().objects.filter(pk=leader.pk).update(email="ny@attack.example")
    superior.post(page, {"answer": "yes"})
    row = KnownAccount.objects.get(pk=leader.pk)
    assert str(municipality.superior.pk) not in row.lines("changed_by")
    superior.get(change_of(leader))
    superior.post(change_of(leader), {"answer": "yes"})
    assert shows(municipality.browser(leader, NEW).reads())


def test_a_refusal_of_a_reader_is_forgotten_at_night(municipality: Municipality, operator: Hands) -> None:
    """Refused, the share withdrawn; shared again later: the account is as the operator left it."""
    reader = municipality.reader
    edit(operator, reader, **PASSWORDS)
    municipality.browser(municipality.superior).submit(change_of(reader), "no")
    share = municipality.agreement.shares.get(reader=reader)
    withdraw(access_of(municipality.leader, municipality.agreement), share)
    confirming.forget()
    factories.share(municipality.agreement, reader, section_id=SECTION)
    assert shows(municipality.browser(reader, NEW).reads()) == set()


def test_a_shut_account_in_hr_is_no_second_person(municipality: Municipality, operator: Hands) -> None:
    """One in HR who can read something is reset, is shut, and decides about others' texts all the same."""
    one, two = municipality.hr
    factories.share(municipality.earlier, two, section_id=SECTION)
    appoint(municipality)
    hr = municipality.browser(one)
    hr.get(reverse("leder_handovers"))
    day = timezone.localdate().isoformat()
    hr.post(reverse("leder_handovers"), {"agreement": municipality.agreement.pk, "on": day})
    row = Handover.objects.get(agreement=municipality.agreement)
    edit(operator, two, **PASSWORDS)
    second = municipality.browser(two, NEW)
    second.get(reverse("leder_handovers"))
    second.post(reverse("leder_handovers"), {"approve": row.pk})
    row.refresh_from_db()
    assert row.status == Handover.Status.PLANNED


def test_a_wrong_file_is_taken_back(municipality: Municipality) -> None:
    """An import gives everybody another domain; the right file comes an hour later. Who opens it again?"""
    people: Any = [municipality.leader, municipality.superior]
    right = {person.pk: person.email for person in people}
    for domain in ("@wrong.example", None):
        look_at_accounts(list(right))
        for pk, email in right.items():
            changed = email.partition("@")[0] + domain if domain else email
            get_user_model().objects.filter(pk=pk).update(email=changed)
        look_at_accounts(list(right))
        municipality.later(hours=1)
    call_command("leder_accounts", "--take-over")
    superior = municipality.browser(municipality.superior)
    answers = [superior.post(change_of(municipality.leader), {"answer": "yes"}).status]
    assert shows(municipality.browser(municipality.leader).reads()), answers


def test_what_is_changed_while_it_is_shut_is_another_question(
    municipality: Municipality, operator: Hands
) -> None:
    """The operator signs in as the leader, and sets a password that the leader never got: an old “yes” opens it."""
    leader = municipality.leader
    edit(operator, leader, **PASSWORDS)
    page = change_of(leader)
    impostor = municipality.browser(leader, NEW)
    own = "bare-jeg-har-denne"
    impostor.get(reverse("change_password"))
    impostor.post(
        reverse("change_password"), {"old_password": NEW, "new_password1": own, "new_password2": own}
    )
    assert Hands(municipality.url).can_sign_in(leader.username, own)
    superior = municipality.browser(municipality.superior)
    superior.get(page)
    superior.post(page, {"answer": "yes"})
    assert shows(municipality.browser(leader, own).reads()) == set()


def test_those_who_could_stop_it_are_switched_off(municipality: Municipality, operator: Hands) -> None:
    """One in HR and one operator: silence for three days of two who can't sign in."""
    appoint(municipality)
    for person in (municipality.leader, municipality.superior):
        edit(operator, person, is_active=None)
    hr = municipality.browser(municipality.hr[0])
    hr.get(reverse("leder_handovers"))
    day = timezone.localdate().isoformat()
    hr.post(reverse("leder_handovers"), {"agreement": municipality.agreement.pk, "on": day})
    municipality.later(hours=24 * 5)
    carry_out_due(timezone.localdate())
    assert shows(municipality.browser(municipality.colleague).reads()) == set()


def test_an_open_session_of_one_who_keeps_users_is_enough(municipality: Municipality) -> None:
    """A leader who keeps users has left the desk: a new password for themself, without the old one."""
    leader = municipality.leader
    leader.groups.add(Group.objects.get(name=roles.OPERATIONS))
    edit(municipality.browser(leader), leader, **PASSWORDS)
    assert shows(municipality.browser(leader, NEW).reads()) == set()


def test_the_superior_of_another_year_opens_this_one(municipality: Municipality, operator: Hands) -> None:
    """Superior in next year's agreement alone, opened four days ago: their word opens what was never theirs."""
    leader, colleague = municipality.leader, municipality.colleague
    factories.make_agreement(year=factories.YEAR + 1, leader=leader, superior=colleague)
    municipality.later(hours=24 * 4)
    edit(municipality.browser(municipality.operators[1]), leader, **PASSWORDS)
    said = municipality.browser(colleague)
    assert 'name="answer"' not in said.get(change_of(leader)).text
    assert said.post(change_of(leader), {"answer": "yes"}).status == 403
    assert shows(municipality.browser(leader, NEW).reads()) == set()
