"""The test database and the browser, for every part."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

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
