"""System checks of the site; each says what to do."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .settings.database import files_of
from .signin.demo import in_demo_settings
from .signin.network import SOCKET, trusted_proxies, widest

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


@checks.register(checks.Tags.security)
def check_proxies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """site.E004, W001 and W002: whether it is known who signs in from where, and whose word that is.

    That there is a proxy is said in Django's own way: SECURE_PROXY_SSL_HEADER, USE_X_FORWARDED_HOST or _PORT.
    """
    try:
        proxies = trusted_proxies()
    except ImproperlyConfigured as error:
        return [
            checks.Error(
                str(error),
                hint="List addresses and networks (10.0.0.5, 10.1.0.0/24), and “unix” for a socket, with commas.",
                id="site.E004",
            )
        ]
    behind_one = (
        settings.SECURE_PROXY_SSL_HEADER or settings.USE_X_FORWARDED_HOST or settings.USE_X_FORWARDED_PORT
    )
    if behind_one and not proxies and SOCKET not in settings.LEDER_TRUSTED_PROXIES:
        return [
            checks.Warning(
                "The site is behind a proxy, and LEDER_TRUSTED_PROXIES names none: all who sign in share its address, "
                "and so are slowed together when somebody guesses passwords.",
                hint=(
                    "Name the proxy's address as the server sees it, or “unix” where it comes by a socket. The proxy "
                    "has to write X-Forwarded-For. Where no proxy is, take Django's settings of one away."
                ),
                id="site.W001",
            )
        ]
    if (wide := widest(proxies)) is not None:
        return [
            checks.Warning(
                f"LEDER_TRUSTED_PROXIES lists {wide}: whoever comes from there can say to be anywhere.",
                hint="List the proxies alone: no network of people, and nothing wider than an IPv4 /16 or IPv6 /48.",
                id="site.W002",
            )
        ]
    return []


@checks.register(checks.Tags.security)
def check_files(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """site.W003: the database's files and the keys are for the one who runs the server only."""
    named = [os.environ.get("LEDER_KEYS_FILE"), settings.LEDER_SEAL_KEY or settings.LEDER_SEAL_CERTIFICATE]
    files = [Path(name) for name in named if name]
    files += [settings.VAR / name for name in ("leder-keys", "secret-key")]
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        files += files_of(Path(database["NAME"]))
    return [
        checks.Warning(
            f"{file} can be read by others than the one who runs the server.",
            hint=f"chmod 600 {file}",
            id="site.W003",
        )
        for file in files
        if file.is_file() and file.stat().st_mode & 0o077
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
