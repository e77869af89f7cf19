"""What is said of a changed account, on pages and by mail: when it opens, whom to ring, what to do instead."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Site

from leder.agreements.access import accounts
from leder.agreements.models import Agreement, KnownAccount
from leder.identity.rules import WhyNot
from leder.words import date_words
from lorenskog_intranet.home.models import HomePage
from tests import factories
from tests.agreements.views.test_agreement import write
from tests.identity.journey import (
    LONG,
    NEW,
    PASSWORD,
    SECRET,
    SHUT_PAGE,
    Journey,
    assert_shut,
    browser,
    change_password,
    confirm_page,
)

pytestmark = pytest.mark.django_db

DESK = "IT-støtte, 12345678"


@pytest.fixture(autouse=True)
def help_desk(settings: Any) -> None:
    settings.LEDER_HELP_DESK = DESK
    settings.LANGUAGE_CODE = "en"


def text(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("Location"))
    return str(answer.content.decode())


def mailed(person: Any) -> str:
    """What was last mailed to somebody."""
    return str(next(each.body for each in reversed(mail.outbox) if each.to == [person.email]))


def link_of(journey: Journey) -> str:
    """The address in the superior's last mail."""
    line = next(line for line in mailed(journey.superior).splitlines() if "/konto/" in line)
    return line[line.index("/leder/") :]


def test_a_link_that_comes_late_says_what_became_of_it(journey: Journey) -> None:
    journey.reset()
    first, superior = link_of(journey), browser(journey.superior, PASSWORD)
    superior.post(first, {"answer": "yes"})
    said = timezone.now()
    journey.clock.shift(dt.timedelta(minutes=5))
    page = text(superior, first)
    assert page.count(reverse("leder:readings", args=[journey.agreement.uuid])) == 1
    assert f"You confirmed on {date_words(said, 'time')}" in page and "changed once more" not in page
    # A second click, or a page that stood open.
    assert superior.post(first, {"answer": "no"}).headers["Location"] == first
    assert journey.account().refused_at is None

    # Changed once more: both links lead to the question of today, and an answer to the old one is none.
    journey.reset(password="et-tredje-passord")
    second = link_of(journey)
    for answer in (superior.get(first), superior.post(first, {"answer": "yes"})):
        assert answer.headers["Location"] == second != first
    assert journey.account().confirmed_at is None
    assert "changed once more since then" in text(superior, second)

    # Answered, the old link tells it in the order in which it was: what was changed since, then the answer to all.
    changed = timezone.now()
    journey.clock.shift(dt.timedelta(minutes=5))
    superior.post(second, {"answer": "yes"})
    again, said = f"changed once more on {date_words(changed, 'time')}", date_words(timezone.now(), "time")
    page = text(superior, first)
    assert page.index(again) < page.index(f"You confirmed on {said}") < page.index("about all the changes")
    assert "open all the same" not in page and "once more" not in text(superior, second)
    journey.reset(password="et-fjerde-passord")
    second = link_of(journey)

    # Nobody answers, and the next one is told of by the log alone.
    opens_at = journey.account().opens_at()
    journey.clock.shift(LONG)
    superior = browser(journey.superior, PASSWORD)
    name, when = journey.leader.get_full_name(), date_words(opens_at, "time")
    expected = f"opened by themselves to the account of {name} on {when}"
    for _tidied in (False, True):
        assert expected in text(superior, second)
        call_command("leder_tidy", stdout=StringIO())
    change_password(browser(journey.leader, "et-fjerde-passord"), "et-fjerde-passord", NEW)
    page = text(superior, second)
    assert (
        "opened by themselves to the account" in page and "changed once more" in page and SECRET not in page
    )

    # For the parties of then alone, whatever they put into the address.
    stranger = browser(factories.make_user(password=PASSWORD), PASSWORD)
    for client in (stranger, browser(journey.leader)):
        assert [client.get(each).status_code for each in (first, second)] == [404, 404]
    for wrong in ("", "x", "0", "99999999999999999999", str(factories.make_user().pk)):
        assert superior.get(first.partition("?")[0], {"konto": wrong}).status_code == 404, wrong
    Agreement.objects.update(opened_at=timezone.now() + dt.timedelta(seconds=1))
    assert superior.get(second).status_code == 404


def test_no_says_what_happens_now_and_is_taken_back_in_plain_words(journey: Journey) -> None:
    other = factories.make_agreement(leader=journey.leader, year=factories.YEAR + 1).superior
    journey.reset()
    superior = browser(journey.superior, PASSWORD)
    address = confirm_page(journey)
    # What waits for one's word is a button, not a link in the text.
    assert f'<a class="ds-button" data-size="sm" href="{address}' in text(superior, "/leder/min-side/")
    before = text(superior, address)
    assert 'value="yes">' in before and 'value="no"' in before
    mail.outbox.clear()
    assert superior.post(address, {"answer": "no"}).status_code == 302
    page = text(superior, address)
    log = reverse("leder:readings", args=[journey.agreement.uuid])
    assert before.count(log) == page.count(log) == 1
    assert f"Ring at once: {DESK}." in page and "What happens now" in page and "You said on" in page
    assert 'value="no"' not in page and 'value="yes" data-variant="secondary"' in page
    assert "Take “no” back" in page and "do not open by themselves" in page
    page = text(superior, "/leder/min-side/")
    assert (
        "See what happens now" in page and 'class="ds-button" data-size="sm" data-variant="secondary"' in page
    )
    # The one who has answered knows; the person and the other party are told.
    assert sorted(each.to[0] for each in mail.outbox) == sorted([journey.leader.email, other.email])
    assert all(each.body.count(DESK) == 1 for each in mail.outbox)
    mail.outbox.clear()
    superior.post(address, {"answer": "yes"})
    assert journey.account().confirmed_at is not None
    # The same are told, and of which “no”.
    assert sorted(each.to[0] for each in mail.outbox) == sorted([journey.leader.email, other.email])
    assert all(f"{journey.superior.get_full_name()} had said" in each.body for each in mail.outbox)


def test_all_say_when_it_opens_and_whom_to_ring(journey: Journey) -> None:
    journey.reset()
    person, superior = browser(journey.leader), browser(journey.superior, PASSWORD)
    when = date_words(journey.account().opens_at(), "time")
    for client, address in (
        (person, "/leder/min-side/"),
        (person, SHUT_PAGE),
        (superior, "/leder/min-side/"),
        (superior, confirm_page(journey)),
    ):
        page = text(client, address)
        assert f"by themselves on {when}" in page, address
        assert address == "/leder/min-side/" or DESK in page, address
    for told, why in (
        ("person_told_at", "no e-mail has reached"),
        ("parties_told_at", "the e-mail has reached"),
    ):
        row = journey.account()
        before = getattr(row, told)
        setattr(row, told, None)
        row.sign()
        row.save()
        assert all(why in text(superior, each) for each in ("/leder/min-side/", confirm_page(journey)))
        assert "not all could be told" in text(person, "/leder/min-side/")
        setattr(row, told, before)
        row.sign()
        row.save()


def test_a_mail_asks_once_and_is_short(journey: Journey) -> None:
    mail.outbox.clear()
    journey.reset()
    for person in (journey.leader, journey.superior):
        said = mailed(person)
        assert said.count(DESK) == 1 and len(said.split()) < 100, said
    said = mailed(journey.superior)
    assert said.lower().count(" meet") == 1 and "shut to this account" in said and "below it" not in said


def test_the_next_step_is_to_get_it_opened(journey: Journey) -> None:
    """Neither Min side nor the front page has a button that leads to what is shut."""
    home = HomePage(title="Intranettet", slug="intranettet")
    Page.objects.get(depth=1).add_child(instance=home)
    Site.objects.update_or_create(is_default_site=True, defaults={"root_page": home, "hostname": "localhost"})
    step = reverse("leder:preparation", args=[journey.agreement.uuid])
    person = browser(journey.leader, PASSWORD)
    assert all(step in text(person, each) for each in ("/leder/min-side/", "/"))
    journey.reset()
    person = browser(journey.leader)
    for each in ("/leder/min-side/", "/"):
        page = text(person, each)
        assert step not in page and f'class="ds-button" href="{SHUT_PAGE}"' in page, each
    journey.reset(journey.superior)
    superior = browser(journey.superior)
    assert step not in text(superior, "/leder/min-side/")


INSTEAD = {
    WhyNot.SHUT: ("Get your own account opened first", "You can answer here from"),
    WhyNot.LATELY: ("You can answer here from",),
    WhyNot.SINCE: ("Ask one who can answer:",),
    WhyNot.MAKER: ("Ask one who can answer:",),
}


def test_whoever_may_not_answer_is_told_what_to_do_instead(journey: Journey) -> None:
    another = factories.make_agreement(leader=journey.leader, year=factories.YEAR + 1)
    other = another.superior
    write(another, journey.leader, note=SECRET)
    KnownAccount.objects.filter(pk=other.pk).delete()
    accounts.take_over([other], since=timezone.now() - LONG)
    Agreement.objects.update(opened_at=timezone.now() - LONG)
    journey.clock.shift(dt.timedelta(minutes=1))
    journey.reset()
    for why, expected in INSTEAD.items():
        _bring_about(journey, why)
        superior = browser(journey.superior, PASSWORD)
        answer = superior.get(confirm_page(journey))
        page = answer.content.decode()
        assert answer.context["why_not"] == why
        for words in (*expected, f"Ring {journey.leader.get_full_name()}", other.get_full_name(), DESK):
            assert words in page, (why, words)
        assert "See what you can do" in text(superior, "/leder/min-side/")
        assert 'name="answer"' not in page
    assert_shut(browser(journey.leader), journey.agreement)


def _bring_about(journey: Journey, why: WhyNot) -> None:
    """Let the superior be one who may not answer, for this reason alone."""
    mine, theirs = journey.account(journey.superior), journey.account()
    now, since = timezone.now(), Agreement.objects.get(pk=journey.agreement.pk).opened_at
    mine.shut_at = now if why == WhyNot.SHUT else None
    mine.unchanged_since = now if why in (WhyNot.SHUT, WhyNot.LATELY) else now - LONG
    mine.write_password(journey.superior.password)
    Agreement.objects.filter(pk=journey.agreement.pk).update(
        opened_at=now if why == WhyNot.SINCE else min(since or now, now - LONG)
    )
    theirs.changed_by = str(journey.superior.pk) if why == WhyNot.MAKER else ""
    theirs.sign()
    for row in (mine, theirs):
        row.save()
