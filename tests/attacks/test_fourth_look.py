"""What fresh eyes found when they looked for the fourth time. Each test says what is right."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leder.agreements.models import Agreement, Handover, KnownAccount, Reading, ReadingHead
from leder.handover import deciding, rules
from leder.handover.actions import carry_out_due
from leder.identity.actions import look_at
from leder.identity.confirming import open_by_time
from leder.organisation.importing import unpacking
from leder.safekeeping.verification import findings
from tests import factories
from tests.attacks.conftest import NEW, THEIRS
from tests.attacks.test_rows import _verified, dump, sql, undone, write
from tests.handover.conftest import Case, case_in  # noqa: F401
from tests.organisation.importing.hostile import part, rows, workbook


@pytest.mark.django_db
def test_a_reading_is_taken_from_the_log_with_the_end_of_it(tmp_path: Path) -> None:
    """A reader who writes to the database puts the log, and its signed end, back to what they were before."""
    agreement = factories.make_agreement()
    _read(agreement, "Først", 0)
    before = [dump(model, agreement_id=agreement.pk) for model in (Reading, ReadingHead)]
    lines = agreement.readings.count()
    _read(agreement, "Så", 1)
    kept = tmp_path / "heads"
    kept.write_text(_verified(heads=True))
    read = agreement.readings.count()
    assert read > lines > 0
    for put_back in before:
        put_back()
    whose = f"(agreement {agreement.uuid})"
    assert (
        f"reading log: it had {read} lines when its head was noted, and has {lines} now {whose}"
        in _verified(since=kept)
    )
    # As many lines again, and one more: others.
    another = f"reading log: line {read} is another than when its head was noted {whose}"
    for version in (2, 3):
        _read(agreement, f"Videre {version}", version)
        assert another in _verified(since=kept)
    kept.write_text(_verified(heads=True))
    _read(agreement, "Til slutt", 4)
    assert "as the plugin wrote it" in _verified(since=kept)


def _read(agreement: Agreement, note: str, version: int) -> None:
    """The leader writes, and the superior is shown it."""
    write(agreement, note, version)
    factories.opened_by(agreement.superior, agreement)


@pytest.mark.django_db
def test_a_party_whose_permission_is_deleted_is_named() -> None:
    """One of the two is locked out by a statement: a 404 says nothing, so the check has to."""
    agreement = factories.make_agreement()
    for role in ("leader", "superior"):
        with undone():
            sql(
                "DELETE FROM leder_agreementuserobjectpermission WHERE content_object_id = %s AND role = %s",
                agreement.pk,
                role,
            )
            assert list(findings()) == [f"grants: the {role} has none (agreement {agreement.uuid})"]
    assert list(findings()) == []


@pytest.mark.django_db
def test_the_days_to_stop_are_those_on_which_the_leader_is_heard(
    case_in: Any,  # noqa: F811
    django_capture_on_commit_callbacks: Any,
) -> None:
    """One in HR and one operator: the two who could stop it are kept out until the night that hands it over."""
    case: Case = case_in()
    case.appoint()
    with time_machine.travel(timezone.now(), tick=False) as clock:

        def change(**columns: Any) -> None:
            """As the user administration does it: looked at, and told."""
            for person in (case.leader, case.former):
                with django_capture_on_commit_callbacks(execute=True):
                    look_at([person.pk])
                    get_user_model().objects.filter(pk=person.pk).update(**columns)
                    look_at([person.pk], made_now=True)

        def is_handed_over(row: Handover, *, days: int) -> bool:
            """Whether it is, in the night after so many days."""
            clock.shift(dt.timedelta(days=days))
            open_by_time()
            carry_out_due(timezone.localdate())
            return Handover.objects.get(pk=row.pk).status == Handover.Status.CARRIED_OUT

        def can_stop(row: Handover) -> bool:
            fresh = Handover.objects.with_people().get(pk=row.pk)
            return rules.may_stop(case.leader, fresh, timezone.localdate())

        with undone(), _at_the_end(clock):
            row = case.plan()
            assert not is_handed_over(row, days=3)
            assert is_handed_over(row, days=1)
        with undone(), _at_the_end(clock):
            # Switched off, and on again on the evening before: all is as before, and open at once.
            row = case.plan()
            assert not is_handed_over(row, days=2)
            change(is_active=False)
            assert not is_handed_over(row, days=2)
            change(is_active=True)
            assert not is_handed_over(row, days=0)
            assert can_stop(row)
            assert is_handed_over(row, days=4)
        with undone(), _at_the_end(clock):
            # Other passwords and addresses: open by themselves after three days in which nobody could say a word.
            change(password=make_password(NEW), email=THEIRS)
            row = case.plan()
            assert not is_handed_over(row, days=4)
            assert can_stop(row)
            assert is_handed_over(row, days=4)
        with undone(), _at_the_end(clock):
            # A party has said that it is somebody else, who hears of it in the leader's place.
            change(password=make_password(NEW), email=THEIRS)
            row = case.plan()
            account = KnownAccount.objects.get(pk=case.leader.pk)
            account.refused_at, account.refused_by = timezone.now(), case.former
            account.sign()
            account.save()
            assert not is_handed_over(row, days=9)
            # A second person in HR decides, as where the account is switched off.
            assert deciding.approve(actor=case.second, handover=row).status == Handover.Status.CARRIED_OUT


@pytest.mark.django_db
def test_the_second_persons_yes_at_their_open_session(case_in: Any, settings: Any) -> None:  # noqa: F811
    """One in HR has planned it, and sits down where another in HR has left the desk."""
    settings.LEDER_REAUTH_MINUTES = 15
    case: Case = case_in()
    case.appoint()
    case.second.user_permissions.add(Permission.objects.get(codename="access_admin"))
    row = case.plan()
    page, client = reverse("leder_handovers"), Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(case.second)
        clock.shift(dt.timedelta(minutes=16))
        asked = client.post(page, {"approve": row.pk})
        row.refresh_from_db()
        assert (row.status, row.approved_by) == (Handover.Status.PLANNED, None)
        assert asked["Location"].startswith(resolve_url(settings.LEDER_REAUTH_URL))
        client.force_login(case.second)
        client.post(page, {"approve": row.pk})
        row.refresh_from_db()
        assert row.status == Handover.Status.CARRIED_OUT


@contextmanager
def _at_the_end(clock: Any) -> Any:
    """Time goes back to where it was."""
    now = timezone.now()
    yield
    clock.move_to(now)


def test_a_small_workbook_of_large_letters_is_not_held_whole() -> None:
    """Five kilobytes: one cell's worth of signs that take twelve bytes each where they are written, repeated."""
    strings = part("sst", f"<si><t>{chr(0x1F600) * unpacking.MOST_LETTERS}</t></si>")
    content = workbook(rows('<c t="s"><v>0</v></c>', times=300), strings)
    length, last = 0, ""
    for last in unpacking.written(content):
        length += len(last)
    assert (len(content) < 10_000, length < unpacking.MOST_WRITTEN + 1000) == (True, True)
    assert json.loads(last) == {"refused": "much", "line": 0}
