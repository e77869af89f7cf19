"""System checks of the site; each says what to do."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from .signin.demo import in_demo_settings


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
