"""The test database and the browser, for every part."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import time_machine
from _pytest.runner import runtestprotocol
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker
from xdist.scheduler import LoadScopeScheduling

from tests import clock, cores
from tests.roomy import give_room

TRAVELLER = clock.start()
cores.keep_to_one(os.environ.get("PYTEST_XDIST_WORKER", ""))
# Below all that a test does, and below each request that a browser sends.
give_room(runtestprotocol)
give_room(WSGIHandler.__call__)

# An example may take as long as the machine needs; how long it takes says nothing of our code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
# Playwright keeps an event loop in the thread of the tests, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# What takes longest is begun first. What shares a world is done by one process as a whole, all else file by file.
FIRST = ("access", "canary", "concurrency", "browser", "attacks")
TOGETHER = ("access", "canary", "concurrency")
# Left out of what has to answer soon, as are tests that say so themselves.
SLOW = ("access", "attacks", "concurrency", "demo", "hosts", "proof")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Mark what touches no database, and say what goes together where several processes share the tests."""
    for item in items:
        if not _uses_database(item):
            item.add_marker(pytest.mark.once)
        folder = _folder_of(item.nodeid)
        if folder in ("browser", "canary"):
            item.add_marker(folder)
        if folder in SLOW:
            item.add_marker(pytest.mark.slow)
    yield
    # After pytest-django, which puts what commits last: races and browsers, for whose end the others would wait.
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage again and again costs a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


class Together(LoadScopeScheduling):
    """Gives each group of tests to one process, in the order in which they are collected."""

    def _split_scope(self, nodeid: str) -> str:
        return _group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many as the cores have room for."""
    return cores.processes()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Share the tests out by what they have in common; asked only where there are several processes."""
    return Together(config, log)


def _uses_database(item: pytest.Item) -> bool:
    from django.test import TransactionTestCase

    if (kind := getattr(item, "cls", None)) is not None and issubclass(kind, TransactionTestCase):
        return True
    asked = set(getattr(item, "fixturenames", ()))
    return bool({"django_db_setup", "live_server"} & asked or item.get_closest_marker("django_db"))


def _folder_of(nodeid: str) -> str:
    return nodeid.removeprefix("tests/").partition("/")[0]


def _group_of(nodeid: str) -> str:
    folder = _folder_of(nodeid)
    return folder if folder in TOGETHER else nodeid.partition("::")[0]


def _place(item: pytest.Item) -> int:
    folder = _folder_of(item.nodeid)
    if folder in FIRST:
        return FIRST.index(folder)
    return len(FIRST) + (not any(item.iter_markers("slow")) and not any(item.iter_markers("lives")))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """What several tests share is old when they meet it, on a slow machine. The database below it has no age.

    Its rows are looked at once: else each of those tests has all of them looked at, and that undone with the rest.
    """
    made = yield
    made_in = fixturedef.func.__module__
    if fixturedef.scope != "function" and made_in.startswith("tests.") and made_in != __name__:
        _check_constraints(request)
        if TRAVELLER:
            TRAVELLER.shift(clock.SLOW)
    return made


def _check_constraints(request: pytest.FixtureRequest) -> None:
    """Let PostgreSQL ask now what it would ask when the transaction ends, or at the end of each test in it."""
    from django.db import connection

    if connection.in_atomic_block:
        with request.getfixturevalue("django_db_blocker").unblock():
            connection.check_constraints()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Nothing that another test's sites and pages left in the cache is taken for this one's."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def migrated_database(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> str:
    """The name of the database that the migrations made, which is only copied from (`--create-db` makes it anew)."""
    from tests.databases import migrated

    with django_db_blocker.unblock():
        return migrated(anew=request.config.getvalue("create_db"))


@pytest.fixture(scope="session")
def django_db_setup(migrated_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process works on a copy."""
    from tests.databases import copied_database

    with ExitStack() as copy:
        with django_db_blocker.unblock():
            copy.enter_context(copied_database(migrated_database))
        yield
        with django_db_blocker.unblock():
            copy.close()


@pytest.fixture(scope="module")
def kept_below(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a module's own fixtures build on this stands below each of its tests, and is rolled back at its end.

    For modules in which every test meets it: whoever comes after the first would find it there anyhow. What they build
    is handed to a test as a copy (`copy.deepcopy`): what is written is rolled back, what was read is not.
    """
    yield from _kept(django_db_blocker)


@pytest.fixture(scope="class")
def kept_in_class(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The same for a class; a test that stands in none has it for itself."""
    yield from _kept(django_db_blocker)


def _kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    from django.db import transaction

    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def transactional_db(
    migrated_database: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The test commits, for other threads and processes to see, in a copy of its own that is thrown away."""
    from tests.databases import copied_database

    with django_db_blocker.unblock(), copied_database(migrated_database):
        yield


@pytest.fixture
def as_user() -> Callable[..., Client]:
    """A function that gives a client signed in as a person, just now or long ago."""

    # Only now: the plugin can't be read before Django is set up.
    from leder.agreements.views.guard.recent import SESSION_KEY

    def sign_in(person: Any, *, recent: bool = True) -> Client:
        client = Client()
        client.force_login(person)
        if not recent:
            session = client.session
            session[SESSION_KEY] = clock.LONG_AGO
            session.save()
        return client

    return sign_in


@pytest.fixture
def november() -> Iterator[time_machine.Traveller]:
    """It is November before the year of the agreements: none of the year's dates has come (factories.YEAR)."""
    with clock.in_november() as traveller:
        yield traveller


@pytest.fixture
def real_limits(settings: Any) -> None:
    """A sign-in and a session get old as in production; in the suite's own settings they last for a day."""
    from lorenskog_intranet.settings import base

    settings.LEDER_REAUTH_MINUTES = base.LEDER_REAUTH_MINUTES
    settings.SESSION_IDLE_MINUTES = base.SESSION_IDLE_MINUTES
