"""Two imports at the same moment: one waits for the other, and then looks again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from leder.organisation.importing import actions
from leder.organisation.importing.models import OrganisationImport
from leder.organisation.importing.standing import load_standing
from leder.organisation.models import Appointment, Position, Unit
from tests.factories import make_user
from tests.organisation.importing.files import as_csv, bring_in, look, organisation, small

from .together import ROUNDS, together


def _other():
    rows = small()
    rows[1] |= {"unit_name": "Nytt navn", "title": "Skoleleder"}
    return as_csv(rows)


@pytest.mark.parametrize("turn", ROUNDS)
def test_the_same_file_twice_at_once_is_imported_once(turn):
    outcomes = together(*[lambda: bring_in(as_csv(small()))] * 2)
    assert sorted(outcome.result is None for outcome in outcomes) == [False, True]
    assert OrganisationImport.objects.count() == 1
    assert (Unit.objects.count(), Position.objects.count(), Appointment.objects.count()) == (2, 2, 2)


@pytest.mark.parametrize("turn", ROUNDS)
def test_of_two_who_have_seen_a_difference_one_is_asked_to_look_again(turn):
    bring_in(as_csv(small()))
    third = small()
    third[1]["unit_name"] = "Et tredje navn"
    files = [_other(), as_csv(third)]
    seen = [look(content).difference.digest for content in files]

    def act(number):
        try:
            return bring_in(files[number], digest=seen[number])
        except actions.OrganisationChanged:
            return "changed"

    outcomes = [outcome.result for outcome in together(lambda: act(0), lambda: act(1))]
    assert outcomes.count("changed") == 1
    applied = files[1 - outcomes.index("changed")]
    assert organisation().fingerprint() == look(applied).file.fingerprint()
    assert OrganisationImport.objects.count() == 2


@pytest.mark.parametrize("turn", ROUNDS)
def test_an_appointment_made_by_hand_meanwhile_is_seen(turn):
    """Both take the position's lock: never two permanently appointed, and no server error."""
    rows = small()
    vacant = [rows[0], {**rows[1], **dict.fromkeys(("person", "first", "last", "email", "starts"), "")}]
    bring_in(as_csv(vacant))
    someone, rektor = make_user(), Position.objects.get(code="S2")
    cms = Client()
    cms.force_login(make_user(is_superuser=True))
    typed = {"person": someone.pk, "position": rektor.pk, "starts": "2021-01-01", "ends": ""}

    def by_hand():
        return cms.post(reverse("leder_appointments_modeladmin_create"), typed).status_code

    together(by_hand, lambda: bring_in(as_csv(rows)))
    permanent = Appointment.objects.filter(position=rektor, acting=False).order_by("starts")
    for one in permanent:
        one.clean()
    assert "ola" in {key.person for key in load_standing().terms}
