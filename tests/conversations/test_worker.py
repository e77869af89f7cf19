"""Invitations by a worker, as in production (TASKS_BACKEND=database): nothing goes out before it runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from leder.conversations import actions
from leder.conversations.models import Conversation
from tests.factories import access_of, make_agreement

pytestmark = pytest.mark.usefixtures("transactional_db")


class Full(DatabaseBackend):
    """A queue that takes nothing."""

    def enqueue(self, *_args: Any) -> Any:
        raise RuntimeError("the queue is full")


def test_what_cannot_be_queued_undoes_nothing(settings: Any, caplog: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": f"{__name__}.{Full.__name__}"}}
    agreement = make_agreement()
    at = timezone.now() + dt.timedelta(days=3)
    actions.call(access_of(agreement.superior, agreement), starts_at=at, minutes=60, place="Kantina")
    assert Conversation.objects.get().starts_at == at
    assert caplog.text.count("Error calling") == 2
    assert "Kantina" not in caplog.text


def test_what_is_queued_is_keys_and_a_worker_sends_it(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    agreement = make_agreement()
    conversation = actions.call(
        access_of(agreement.superior, agreement),
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
