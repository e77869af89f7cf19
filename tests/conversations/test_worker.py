"""Invitations by a worker, as in production (TASKS_BACKEND=database): nothing goes out before it runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from leder.conversations import actions
from tests.factories import make_agreement

pytestmark = pytest.mark.usefixtures("transactional_db")


def test_what_is_queued_is_keys_and_a_worker_sends_it(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    agreement = make_agreement()
    conversation = actions.call(
        actor=agreement.superior,
        agreement=agreement,
        starts_at=timezone.now() + dt.timedelta(days=3),
        minutes=60,
        place="Kantina",
    )
    people = (agreement.leader, agreement.superior)
    queued = [row.args_kwargs for row in DBTaskResult.objects.all()]
    assert sorted(row["args"] for row in queued) == sorted(
        [conversation.pk, 0, str(one.pk)] for one in people
    )
    assert not any(row["kwargs"] for row in queued)
    assert mail.outbox == []
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert sorted(each.to[0] for each in mail.outbox) == sorted(one.email for one in people)
    assert {row.status for row in DBTaskResult.objects.all()} == {"SUCCESSFUL"}
