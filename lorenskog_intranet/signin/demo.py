"""When anyone may sign in as anyone by a click: in the demo, and nowhere else."""

from django.conf import settings

DEMO_SETTINGS = "lorenskog_intranet.settings.demo"


def in_demo_settings() -> bool:
    """Are these the demo's own settings? A setting in another module opens nothing."""
    return bool(settings.SETTINGS_MODULE == DEMO_SETTINGS)


def is_open() -> bool:
    """Is signing in by a click open? Asked by the views too: a server starts without system checks."""
    return bool(settings.DEMO_SIGN_IN) and in_demo_settings()
