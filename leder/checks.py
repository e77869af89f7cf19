"""System checks of the plugin, numbered; each says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from . import conf


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
