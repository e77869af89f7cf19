"""Earlier versions stay with the two who had them: a new superior gets none, private or not."""

import pytest

from leder.agreements import actions
from leder.agreements.models import Version
from tests.agreements.versions import found, look, put_back, standing, write
from tests.factories import PRIVATE_SECTION, SECTION, access_of

pytestmark = pytest.mark.django_db


def test_none_follow_a_handover(case_in):
    case = case_in("discussed")
    agreement, leader, former, successor = case.agreement, case.leader, case.former, case.successor
    for section in (SECTION, PRIVATE_SECTION):
        write(agreement, leader, "Med den forrige", section)
        look(agreement, former)
        write(agreement, former, "Den forriges, ikke vist", section)
        write(agreement, leader, "Sto ved overleveringen", section)
    case.hand_over()
    look(agreement, successor)
    for section, stands in ((SECTION, 3), (PRIVATE_SECTION, 4)):
        assert found(agreement, successor, section) == {}
        assert found(agreement, leader, section) == {1: "Med den forrige"}
        # The leader would pass it on.
        kept = Version.objects.count()
        with pytest.raises(actions.RuleBroken):
            put_back(agreement, leader, 1, section)
        assert (standing(agreement, section).version, Version.objects.count()) == (stands, kept)
    with pytest.raises(actions.RuleBroken):
        access_of(former, agreement)
    # What is not private went over as it stood: of the new two from then on.
    write(agreement, successor, "Den nyes")
    assert found(agreement, successor) == {3: "Sto ved overleveringen"}
    assert put_back(agreement, leader, 3).version == 5


def test_one_who_returns_finds_what_they_left(case_in):
    case = case_in("discussed")
    agreement, leader, former, acting = case.agreement, case.leader, case.former, case.successor
    write(agreement, leader, "Før", PRIVATE_SECTION)
    look(agreement, former)
    write(agreement, leader, "Sto", PRIVATE_SECTION)
    case.hand_over(acting=True)
    write(agreement, leader, "Med den konstituerte", PRIVATE_SECTION)
    look(agreement, acting)
    write(agreement, leader, "Med den konstituerte, nytt", PRIVATE_SECTION)
    assert found(agreement, acting, PRIVATE_SECTION) == {4: "Med den konstituerte"}
    case.come_back()
    assert found(agreement, former, PRIVATE_SECTION) == {1: "Før"}
    put_back(agreement, former, 1, PRIVATE_SECTION)
