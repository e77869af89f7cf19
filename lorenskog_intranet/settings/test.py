"""Settings of the test suite: as production, with quick passwords and files found where they lie."""

import base64
import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import DATABASES

SECRET_KEY = "of-the-test-suite-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
LEDER_KEYS = [base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2)]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Nobody's sign-in gets old while tests run, however slow the machine. Tests of the limits ask for `real_limits`.
# And no device is new, and nobody does anything too often.
LEDER_NEW_DEVICE_DAYS = 0
LEDER_PACE = {"check": (10**6, 10**6), "import": (10**6, 10**6)}
LEDER_REAUTH_MINUTES = SESSION_IDLE_MINUTES = 24 * 60
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # No test outlives the power, and most of them wait for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
# Gone with the process.
media = tempfile.TemporaryDirectory(prefix="lorenskog-media-")
MEDIA_ROOT = Path(media.name)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
