"""HR's year as HR lives it: a file is imported, the year opened, a superior changes, and the figures follow.

Once with JavaScript and once without; what leader and superior meet is looked at with axe.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from leder.agreements.models import Agreement, Handover, Role
from leder.pages import roles
from lorenskog_intranet.demo.example_text import load_example_text
from lorenskog_intranet.management.commands.site_demo import make_front_page
from tests import factories
from tests.browser.pages.hr import HrPages
from tests.browser.people import People
from tests.organisation.importing.files import KOMMUNE, SKOLE, as_csv, person, position

TEXTS = Path(__file__).resolve().parents[2] / "fixtures" / "text"
TOP = {**KOMMUNE, **position("S1", "Kommunedirektør", group=1, chapter="3.4.1")}
HEAD = {**SKOLE, **position("S2", "Rektor", "S1")}
BELOW = {**SKOLE, **position("S3", "Avdelingsleder", "S2", group=3, chapter="5")}


@pytest.fixture
def hr(transactional_db: None) -> Any:
    """Somebody in HR, with the year's texts published and no organisation yet."""
    make_front_page(TEXTS)
    load_example_text(TEXTS, parent=None, work_year=timezone.localdate().year + 1)
    call_command("leder_roles", verbosity=0)
    somebody = factories.make_user(first_name="Nadia", last_name="Personal")
    somebody.groups.add(Group.objects.get(name=roles.HR))
    return somebody


@pytest.fixture
def second_in_hr(hr: Any) -> Any:
    """Another in HR."""
    somebody = factories.make_user(first_name="Nils", last_name="Personal")
    somebody.groups.add(Group.objects.get(name=roles.HR))
    return factories.known_in_hr(somebody)


def user(username: str) -> Any:
    return get_user_model().objects.get(username=username)


def first_file() -> bytes:
    return as_csv(
        [
            {**TOP, **person("kari", "Kari", "Li")},
            {**HEAD, **person("ola", "Ola", "Bø")},
            {**BELOW, **person("eva", "Eva", "Nes")},
        ]
    )


def later_file() -> bytes:
    """Siri has taken over as headteacher today."""
    today, yesterday = timezone.localdate(), timezone.localdate() - dt.timedelta(days=1)
    return as_csv(
        [
            {**TOP, **person("kari", "Kari", "Li")},
            {**HEAD, **person("ola", "Ola", "Bø", ends=f"{yesterday:%d.%m.%Y}")},
            {**HEAD, **person("siri", "Siri", "Ås", starts=f"{today:%d.%m.%Y}")},
            {**BELOW, **person("eva", "Eva", "Nes")},
        ]
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_year_of_hr(people: People, hr: Any, second_in_hr: Any, live_server: Any, scripts: bool) -> None:
    office = HrPages(people.page_of(hr, scripts=scripts), live_server.url, scripts=scripts)

    office.import_file("hr.csv", first_file())
    year = office.open_year()
    agreement = Agreement.objects.get(leader=user("eva"), round__year=year)
    assert agreement.superior == user("ola")
    assert Agreement.objects.count() == 2

    office.import_file("hr.csv", later_file())
    office.plan_for_today()
    agreement.refresh_from_db()
    assert agreement.superior == user("ola")
    handover = Handover.objects.get(agreement=agreement)
    if scripts:
        for username in ("eva", "ola", "siri"):
            page = people.page_of(user(username))
            page.goto(f"{live_server.url}/leder/overlevering/{handover.uuid}/")
            expect(page.locator("main")).to_contain_text("Siri Ås")
            people.look_at(page, f"planned handover, {username}")
    second = HrPages(people.page_of(second_in_hr, scripts=scripts), live_server.url, scripts=scripts)
    second.approve()
    agreement.refresh_from_db()
    assert agreement.superior == user("siri")
    assert Handover.objects.get(agreement=agreement).status == Handover.Status.CARRIED_OUT
    told = {address for message in mail.outbox for address in message.to}
    assert {"eva@example.no", "siri@example.no"} <= told

    for path in ("completion/", "coverage/", "reminders/", "chart/", "log/"):
        assert office.text_of(f"/cms/leder/{path}")
    assert "Rektor" in office.text_of("/cms/leder/chart/")

    for username, role in (("eva", Role.LEADER), ("siri", Role.SUPERIOR)):
        page = people.page_of(user(username), scripts=scripts)
        page.goto(f"{live_server.url}/leder/avtale/{agreement.uuid}/")
        expect(page.locator("#handed")).to_contain_text("Siri Ås")
        if scripts:
            people.look_at(page, f"agreement handed over, {role}")
            page.goto(f"{live_server.url}/leder/varsler/")
            people.look_at(page, "notifications")
    if scripts:
        page = people.page_of(user("kari"))
        page.goto(f"{live_server.url}/leder/min-side/ledere/status/")
        expect(page.locator("main")).to_contain_text("Eva Nes")
        people.look_at(page, "completion of one's own line")
