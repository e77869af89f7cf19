"""Many passwords tried at the very same moment are as many as tried one after the other."""

from functools import partial

from lorenskog_intranet.signin import attempts
from lorenskog_intranet.signin.attempts import FREE_TRIES, Try
from lorenskog_intranet.signin.models import SignInTry
from tests.concurrency.together import ROUNDS, together


def test_no_more_are_looked_at_than_are_free():
    for number in ROUNDS:
        one = Try(f"leder-{number}", f"198.51.100.{number}")
        outcomes = together(*(partial(attempts.begin, one) for _ in range(3 * FREE_TRIES)))
        assert [each.result for each in outcomes].count(None) == FREE_TRIES
        assert SignInTry.objects.get(account=one.account).tries == FREE_TRIES
