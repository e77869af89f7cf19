"""The test database and the browser, for every part."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[1]

# Playwright keeps an event loop in the thread of the tests, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def _flushes(item: pytest.Item) -> bool:
    """Does the test empty the database afterwards, with what the migrations put there?"""
    marker = item.get_closest_marker("django_db")
    return bool(
        {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        or (marker and marker.kwargs.get("transaction"))
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that empty the database come last, also after pytest has grouped tests by their browser."""
    items.sort(key=_flushes)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Keep the database for the next run, unless a test of this run empties it."""
    return request.config.getvalue("reuse_db") and not any(_flushes(item) for item in request.session.items)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Name the database by the migrations it was made with, so that a kept one is never stale."""
    from django.conf import settings

    made_with = hashlib.sha256((ROOT / "requirements/lock.txt").read_bytes())
    for package in ("leder", "lorenskog_intranet"):
        for migration in sorted((ROOT / package).glob("**/migrations/0*.py")):
            made_with.update(migration.read_bytes())
    mark = made_with.hexdigest()[:8]
    database: dict[str, Any] = settings.DATABASES["default"]
    test = database.setdefault("TEST", {})
    name = test.get("NAME") or f"test_{database['NAME']}"
    path = Path(str(name))
    test["NAME"] = str(path.with_name(f"{path.stem}-{mark}{path.suffix}"))


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Nothing that another test's sites and pages left in the cache is taken for this one's."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def migrated_content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> str:
    """What the migrations put in the database (Wagtail's root page, groups), as text.

    Read before the first test that empties the database; tests before it have undone what they did.
    """
    from django.db import connection

    with django_db_blocker.unblock():
        rows = json.loads(connection.creation.serialize_db_to_string())
    # Kinds of content first: Wagtail looks them up, or makes them, as each of the others is put back.
    rows.sort(key=lambda row: row["model"] != "contenttypes.contenttype")
    return json.dumps(rows)


@pytest.fixture
def kept_content(migrated_content: str, transactional_db: None) -> None:
    """The test begins with that and nothing else, whatever the test before it left or emptied."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command
    from django.db import connection
    from wagtail.models import Site

    # Numbers go on where they were: what is put back brings its own, which PostgreSQL would not count.
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True, reset_sequences=False)
    ContentType.objects.clear_cache()
    connection.creation.deserialize_db_from_string(migrated_content)
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()


@pytest.fixture
def as_user() -> Callable[..., Client]:
    """A function that gives a client signed in as a person, just now or a while ago."""

    # Only now: the plugin can't be read before Django is set up.
    from leder.agreements.views.recent import SESSION_KEY

    def sign_in(person: Any, *, recent: bool = True) -> Client:
        client = Client()
        client.force_login(person)
        if not recent:
            session = client.session
            session[SESSION_KEY] = int(time.time()) - 3600
            session.save()
        return client

    return sign_in
