"""System checks of the plugin, numbered; each says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.password_validation import get_default_password_validators
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.models import Count

from . import conf
from .agreements import keyed
from .agreements.models import DataKey
from .identity.validators import TellOfChange


@checks.register(checks.Tags.security)
def check_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """leder.E001: what the parties write can't be sealed without keys."""
    try:
        conf.wrapping_keys()
    except ImproperlyConfigured as error:
        return [
            checks.Error(
                str(error),
                hint=(
                    "Make a key with “manage.py leder_keys generate” and give it in the environment as "
                    "LEDER_KEYS, or in a file named by LEDER_KEYS_FILE, one key a line. Keep a copy where the "
                    "database's backups are not: without the key nobody can read the agreements."
                ),
                id="leder.E001",
            )
        ]
    return []


@checks.register(checks.Tags.database)
def check_keys_open(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """leder.E002: text was sealed with a key that is not listed. Asked with `check --database`, and at start."""
    try:
        listed = [keyed.fingerprint(key) for key in conf.wrapping_keys()]
    except ImproperlyConfigured:
        return []  # leder.E001 has said it
    messages: list[checks.CheckMessage] = []
    for alias in databases or ():
        if DataKey._meta.db_table not in connections[alias].introspection.table_names():
            continue
        unknown = DataKey.objects.using(alias).exclude(wrapped_by__in=listed).order_by()
        for name, count in unknown.values_list("wrapped_by").annotate(count=Count("pk")):
            messages.append(
                checks.Error(
                    f"The text of {count} agreements was sealed with the key {name}, which LEDER_KEYS does not list.",
                    hint=(
                        "Add that key to LEDER_KEYS, after the first. To retire it, run “manage.py leder_keys rotate” "
                        "while both are listed. If it is lost for good, so is that text: silence leder.E002."
                    ),
                    id="leder.E002",
                )
            )
    return messages


@checks.register(checks.Tags.security)
def check_password_validator(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """leder.W001: nobody hears of a changed password before the next sign-in."""
    if any(isinstance(one, TellOfChange) for one in get_default_password_validators()):
        return []
    return [
        checks.Warning(
            "Parties of an agreement are not told at once when a password is changed.",
            hint='Add {"NAME": "leder.identity.validators.TellOfChange"} to AUTH_PASSWORD_VALIDATORS.',
            id="leder.W001",
        )
    ]
