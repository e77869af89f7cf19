"""System checks of the site; each says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .signin.demo import in_demo_settings

OURS = {"leder", "lorenskog_intranet", "home"}  # labels of the apps whose migrations lie in this checkout


@checks.register(checks.Tags.security)
def check_demo_sign_in(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """site.E001: signing in by a click belongs to the demo alone."""
    if not settings.DEMO_SIGN_IN or in_demo_settings():
        return []
    return [
        checks.Error(
            "DEMO_SIGN_IN lets anyone sign in as anyone, and these are not the demo's settings.",
            hint=f"Take DEMO_SIGN_IN out of {settings.SETTINGS_MODULE}.",
            id="site.E001",
        )
    ]


@checks.register(checks.Tags.security)
def check_debug(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """site.E002: pages with code and values are for a developer's own machine."""
    if not settings.DEBUG:
        return []
    return [
        checks.Error(
            "DEBUG shows code and values to whoever meets an error.",
            hint="Set DEBUG = False. The demo and the tests run without it too.",
            id="site.E002",
        )
    ]


@checks.register(checks.Tags.database)
def check_migrations(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """site.E003: the database was made by migrations that are gone. Asked by `migrate`, and at start.

    They were made anew before the first release. `migrate` does not look at steps that it has no file of: it would
    leave such a database as it is, or end in a traceback.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    messages: list[checks.CheckMessage] = []
    for alias in databases or ():
        gone = set(MigrationRecorder(connections[alias]).applied_migrations()) - set(loader.disk_migrations)
        if unknown := sorted(f"{app}.{name}" for app, name in gone if app in OURS):
            messages.append(
                checks.Error(
                    f"The database was made by an earlier checkout: {len(unknown)} of its migrations are not in this "
                    f"one ({unknown[0]} first).",
                    hint=(
                        "Run “make clean”, then “make demo” again: it removes the demo's database, with what was "
                        "written there, and makes a new one. Where DATABASE_URL is set, name an empty database."
                    ),
                    id="site.E003",
                )
            )
    return messages
