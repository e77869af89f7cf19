"""Settings of a municipality's own Wagtail site, with what README.md says under "Install in your intranet"."""

import os
from pathlib import Path

from leder.conf import load_keys

BASE_DIR = Path(__file__).resolve().parents[1]

SECRET_KEY = "of-a-site-in-the-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver"]

INSTALLED_APPS = [
    "leder",
    "wagtail_modeladmin",
    "guardian",
    "people",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "leder.identity.acting.who_acts",
    "leder.identity.devices.remember_devices",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "host.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "/static/"
LANGUAGE_CODE = "nb"
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
AUTH_PASSWORD_VALIDATORS = [{"NAME": "leder.identity.validators.TellOfChange"}]
LOGIN_URL = "wagtailadmin_login"

WAGTAIL_SITE_NAME = "Nabokommunen"
WAGTAILADMIN_BASE_URL = "https://intranett.nabokommunen.example"

LEDER_KEYS = load_keys(os.environ)
