"""Opening by a worker of its own, as in production (TASKS_BACKEND=database): killed half-way, it is gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from leder.agreements.models import Agreement, AgreementUserObjectPermission, DataKey
from leder.safekeeping.verification import findings
from leder.year.models import Opening
from tests.browser.server import address_of
from tests.year.conftest import YEAR, make_leaders, publish_texts

pytestmark = [pytest.mark.usefixtures("transactional_db"), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
# Seconds, for what never ends; no measure of anything.
LONGEST = 600
# Killed by the system when the fourth batch has been written and not yet committed, wherever the machine has got to.
KILLED = """
import os, signal
import django
django.setup()
from django.core.management import call_command
from leder.agreements.models import Agreement
from leder.year import opening
opening.BATCH = 4
open_some = opening._open_some
def open_and_be_killed(*arguments):
    opened = open_some(*arguments)
    if Agreement.objects.count() == 16:
        os.kill(os.getpid(), signal.SIGKILL)
    return opened
opening._open_some = open_and_be_killed
call_command("db_worker", interval=0.05, startup_delay=False)
"""


@pytest.fixture
def published(transactional_db, november):
    """In a database of the test's own, for the worker to see."""
    return publish_texts()


@pytest.fixture
def worker(tmp_path):
    """A function that starts a worker in a process of its own; what still runs afterwards is killed."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lorenskog_intranet.settings.test",
        "DATABASE_URL": address_of(connection.settings_dict),
        "TASKS_BACKEND": "database",
        "LEDER_VAR": str(tmp_path),
    }
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def queue(year_round, settings):
    """Tasks wait for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def address(name):
    return reverse(f"leder_year_{name}", kwargs={"year": YEAR})


def test_a_worker_opens_what_the_page_has_queued(client, hr, year_round, queue, worker):
    make_leaders(12)
    client.force_login(hr)
    assert client.post(address("open")).url == address("progress")
    task = DBTaskResult.objects.get(task_path__endswith="open_round")
    assert task.args_kwargs == {"args": [Opening.objects.get().pk], "kwargs": {}}
    assert not Agreement.objects.exists()
    assert client.get(address("progress"))["Refresh"] == "3"
    assert worker("manage.py", "db_worker", "--batch", "--no-startup-delay").wait(LONGEST) == 0
    opening = Opening.objects.get()
    assert (opening.done, opening.total, opening.failure) == (12, 12, "")
    assert Agreement.objects.count() == 12
    task.refresh_from_db()
    assert task.status == "SUCCESSFUL"
    assert "Refresh" not in client.get(address("progress"))


def test_a_worker_that_is_killed_leaves_whole_agreements_and_the_next_goes_on(
    client, hr, year_round, queue, worker
):
    number = 30
    make_leaders(number)
    client.force_login(hr)
    client.post(address("open"))
    assert worker("-c", KILLED).wait(LONGEST) == -signal.SIGKILL

    opening = Opening.objects.get()
    assert (opening.done, opening.finished_at) == (12, None)
    assert Agreement.objects.count() == DataKey.objects.count() == 12
    assert AgreementUserObjectPermission.objects.count() == 2 * 12
    assert list(findings()) == []

    client.post(address("open"))
    assert worker("manage.py", "db_worker", "--batch", "--no-startup-delay").wait(LONGEST) == 0
    opening.refresh_from_db()
    assert (opening.done, opening.total, opening.failure) == (number, number, "")
    assert opening.finished_at is not None
    assert Agreement.objects.values("leader").distinct().count() == Agreement.objects.count() == number
    assert list(findings()) == []
