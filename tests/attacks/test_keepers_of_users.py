"""One who keeps the users takes over accounts, and reads nothing unnoticed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.attacks.conftest import NEW, THEIRS, WORDS, Municipality, shows
from tests.attacks.hands import Hands


def edit(operator: Hands, user: Any, **changed: Any) -> None:
    """Save the form of a person in the user administration. None leaves a field out: unticks it."""
    answer = operator.submit(reverse("wagtailusers_users:edit", args=[user.pk]), username=user.username, **changed)
    assert answer.status == 200, answer


def test_the_two_read_what_they_have_written(municipality: Municipality) -> None:
    """What the attacks look for is there to be found."""
    assert shows(municipality.browser(municipality.leader).reads()) == WORDS.keys()
    assert shows(municipality.browser(municipality.superior).reads()) == WORDS.keys() - {"prepared"}
    assert shows(municipality.browser(municipality.reader).reads()) == {"open"}
    for other in (municipality.colleague, *municipality.hr, *municipality.operators):
        assert shows(municipality.browser(other).reads("/cms/")) == set()


def test_both_are_taken_over_one_after_the_other(municipality: Municipality) -> None:
    """Switch both off, give one a new password and address, switch it on, sign in."""
    leader, superior = municipality.leader, municipality.superior
    operator = municipality.browser(municipality.operators[0])
    edit(operator, superior, is_active=None)
    edit(operator, leader, is_active=None, email=THEIRS, password1=NEW, password2=NEW)
    edit(operator, leader, is_active="on")

    assert municipality.told() >= {leader.email, superior.email, THEIRS}
    assert shows(municipality.browser(leader, NEW).reads()) == set()
