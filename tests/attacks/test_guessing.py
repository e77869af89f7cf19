"""Somebody who guesses passwords, or would keep others out by it."""

from __future__ import annotations

from tests import factories
from tests.attacks.conftest import WORDS, Municipality, shows

ELSEWHERE = "203.0.113.7"


def test_guesses_of_another_keep_nobody_out(municipality: Municipality) -> None:
    stranger = municipality.browser()
    answers = [
        stranger.sign_in(municipality.leader.username, f"galt-{number}").status for number in range(12)
    ]
    assert answers[-1] == 429
    # In the browser they have used before, behind the same address.
    assert shows(municipality.home(municipality.leader).reads()) == WORDS.keys()


def test_one_password_on_forty_people(municipality: Municipality) -> None:
    names = [factories.make_user().username for _number in range(40)]
    stranger = municipality.browser()
    assert [stranger.sign_in(name, "Lorenskog2027!").status for name in names][-20:] == [429] * 20


def test_a_forged_address_is_not_believed(municipality: Municipality) -> None:
    answers = []
    for number in range(12):
        stranger = municipality.browser(forwarded=f"203.0.113.{number}")
        answers.append(stranger.sign_in(municipality.leader.username, "galt").status)
    assert answers[-1] == 429
