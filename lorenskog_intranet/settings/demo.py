"""The demo: one machine, one command, people to sign in as by a click. Never for real data."""

import os

from leder.conf import load_keys

from . import base
from .base import *  # noqa: F403
from .demo_secrets import secret_key

PORT = os.environ.get("PORT", "8000")
SECRET_KEY = base.SECRET_KEY or secret_key(base.VAR)
LEDER_KEYS = base.LEDER_KEYS or load_keys({"LEDER_KEYS_FILE": str(base.VAR / "leder-keys")})
ALLOWED_HOSTS = base.ALLOWED_HOSTS or ["127.0.0.1", "localhost", "[::1]"]
WAGTAILADMIN_BASE_URL = os.environ.get("WAGTAILADMIN_BASE_URL", f"http://127.0.0.1:{PORT}")
# Made by "make demo", and marked as a test.
TEST_SEAL = base.VAR / "seal-test.pem"
LEDER_SEAL_CERTIFICATE = base.LEDER_SEAL_CERTIFICATE or (str(TEST_SEAL) if TEST_SEAL.is_file() else "")
LEDER_HELP_DESK = base.LEDER_HELP_DESK or "IT-støtte, 00 00 00 00"
# Everybody comes by the same browser, just now: else all that is read would stand there as read by a new device.
LEDER_NEW_DEVICE_DAYS = 0
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = base.VAR / "mail"

DEMO_SIGN_IN = True
