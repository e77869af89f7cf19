"""What stood open after the accounts, the signed rows and the limits were built: each asserts what should be."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from wagtail.models import Page

from leder import pace
from leder.agreements import actions
from leder.agreements.actions.base import RuleBroken
from leder.agreements.models import Handover, KnownAccount
from leder.agreements.reading.citations import own_citations
from leder.agreements.states import State
from leder.handover import deciding
from leder.identity import hr
from leder.identity.parties import parties_of
from leder.organisation.models import Appointment
from leder.pages import roles
from leder.safekeeping.verification import findings
from tests.agreements.versions import found, look
from tests.attacks.conftest import NEW, Municipality, shows
from tests.factories import PRIVATE_SECTION, access_of, make_agreement, make_position
from tests.handover.conftest import Case, case_in, day  # noqa: F401


def test_one_whose_known_account_is_deleted_is_put_in_hr(municipality: Municipality) -> None:
    """A row that is missing of one who opens text was removed; HR's look must not write another in its place."""
    leader = municipality.leader
    get_user_model().objects.filter(pk=leader.pk).update(password=make_password(NEW))
    KnownAccount.objects.filter(pk=leader.pk).delete()
    leader.groups.add(Group.objects.get(name=roles.HR))
    hr.look()
    assert shows(municipality.browser(leader, NEW).reads()) == set()


@pytest.mark.django_db
def test_a_leader_whose_known_account_is_deleted_says_yes(case_in: Any) -> None:  # noqa: F811
    case: Case = case_in()
    case.appoint()
    row = case.plan()
    assert row.status == Handover.Status.PLANNED
    KnownAccount.objects.filter(pk=case.leader.pk).delete()
    with pytest.raises(RuleBroken):
        deciding.allow(actor=case.leader, handover=row)


def move_superior(case: Case) -> None:
    """The superior gets another position, and the leader's reports to that: carried out at once."""
    position = make_position(title="Skolesjef")
    Appointment.objects.create(position=position, person=case.former, starts=day(-1))
    case.agreement.position.reports_to = position
    case.agreement.position.save()
    assert case.plan().status == Handover.Status.CARRIED_OUT


@pytest.mark.django_db
def test_a_signed_agreement_whose_superior_gets_another_position_is_no_fault(case_in: Any) -> None:  # noqa: F811
    case = case_in(State.SIGNED)
    assert list(findings()) == []
    move_superior(case)
    assert list(findings()) == []


@pytest.mark.django_db
def test_a_superior_in_another_position_still_knows_the_leader(case_in: Any) -> None:  # noqa: F811
    case = case_in(State.SIGNED)
    before = {each.person.pk: each for each in parties_of([case.leader.pk])[case.leader.pk]}
    assert before[case.former.pk].acted_at is not None
    move_superior(case)
    after = {each.person.pk: each for each in parties_of([case.leader.pk])[case.leader.pk]}
    assert after[case.former.pk].acted_at == before[case.former.pk].acted_at


def request_of(pk: int) -> Any:
    request = RequestFactory().post("/")
    request.user = get_user_model()(pk=pk)
    return request


class Full:
    """A file on a disk that is full."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __enter__(self) -> Full:
        return self

    def __exit__(self, *_args: Any) -> None:
        self.file.close()

    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def test_a_full_disk_sets_no_limit_and_breaks_no_page(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(pace, "_folder", lambda: tmp_path)
    ordinary = pace._open
    monkeypatch.setattr(pace, "_open", lambda whom: Full(ordinary(whom)))
    assert pace.too_early(request_of(1), "check") == 0


def test_half_a_line_in_a_file_of_times_breaks_no_page(tmp_path: Path, monkeypatch: Any) -> None:
    """The process was ended while it wrote, or the disk was full then."""
    monkeypatch.setattr(pace, "_folder", lambda: tmp_path)
    assert pace.too_early(request_of(1), "check") == 0
    for file in tmp_path.iterdir():
        file.write_text("1796129000.25\n17961290e")
    assert pace.too_early(request_of(1), "check") == 0


def test_a_file_of_another_in_the_folder_for_temporary_files_ends_no_night(
    tmp_path: Path, monkeypatch: Any
) -> None:
    """The folder is everybody's: any user of the machine can put something there by that name."""
    monkeypatch.setattr(pace, "_folder", lambda: tmp_path)
    theirs = tmp_path / f"{pace.BEGINS}theirs"
    theirs.mkdir()
    long_ago = (timezone.now() - dt.timedelta(days=1)).timestamp()
    os.utime(theirs, (long_ago, long_ago))
    assert pace.tidy() == 0


@pytest.mark.django_db
def test_what_was_shown_after_it_was_cited_is_kept() -> None:
    """A page of the platform tells what is chosen; the text around it the leader is shown only afterwards."""
    agreement = make_agreement()
    page = Page.objects.get(depth=2)
    with connection.cursor() as cursor:
        which = [page.pk, agreement.platform_edition_id]
        cursor.execute("UPDATE leder_edition SET page_id = %s WHERE id = %s", which)

    def write(note: str, version: int) -> None:
        choice = {"id": "expectation-2", "stance": "strength", "why": ""}
        payload: Any = {"note": note, "answers": {}, "choices": [choice], "goals": []}
        access = access_of(agreement.superior, agreement)
        actions.save_section(access, section_id=PRIVATE_SECTION, version=version, payload=payload)

    write("Før", 0)
    assert own_citations(reader=agreement.leader, page=page, recent=True)
    look(agreement, agreement.leader)
    write("Etter", 1)
    assert found(agreement, agreement.leader, PRIVATE_SECTION) == {1: "Før"}
