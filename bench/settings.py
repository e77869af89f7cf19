"""Settings of a measurement: as production, on a scratch database of its own for each size."""

import os
from pathlib import Path

import dj_database_url

from lorenskog_intranet.settings.database import SQLITE_OPTIONS
from lorenskog_intranet.settings.test import *  # noqa: F403
from lorenskog_intranet.settings.test import BASE_DIR, INSTALLED_APPS

SIZE = int(os.environ["BENCH_SIZE"])
FOLDER = Path(os.environ.get("LEDER_VAR") or BASE_DIR / "var") / "bench"
FOLDER.mkdir(parents=True, exist_ok=True)

if os.environ.get("DATABASE_URL"):
    server = dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60)
    DATABASES = {"default": {**server, "NAME": f"{server['NAME']}_bench_{SIZE}"}}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / f"{SIZE}.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": 60,
        }
    }
INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
ROOT_URLCONF = "bench.urls"
WHITENOISE_AUTOREFRESH = False
