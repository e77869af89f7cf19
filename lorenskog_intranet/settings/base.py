"""Settings that every installation shares. Secrets and addresses come from the environment."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE

from leder.conf import load_keys, load_passphrase
from leder.languages import choices

from .database import database

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("LEDER_VAR") or BASE_DIR / "var")

DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "lorenskog_intranet",
    "lorenskog_intranet.home",
    "leder",
    "wagtail.embeds",
    "wagtail.sites",
    "lorenskog_intranet.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "django_filters",
    "guardian",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lorenskog_intranet.middleware.ContentSecurityPolicyMiddleware",
    "lorenskog_intranet.middleware.no_store",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lorenskog_intranet.middleware.language",
    "lorenskog_intranet.middleware.bounded",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lorenskog_intranet.middleware.idle_end",
    # The whole site needs a sign-in; only views marked login_not_required are open.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "leder.identity.acting.who_acts",
    "leder.identity.devices.remember_devices",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lorenskog_intranet.signin.slowing.slow_sign_in",
]

ROOT_URLCONF = "lorenskog_intranet.urls"
WSGI_APPLICATION = "lorenskog_intranet.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

DATABASES = {"default": database(VAR)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    INSTALLED_APPS.append("django.contrib.postgres")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# At once, or by "manage.py db_worker" where TASKS_BACKEND=database.
TASKS_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}
TASKS = {"default": {"BACKEND": TASKS_BACKENDS[os.environ.get("TASKS_BACKEND") or "immediate"]}}

# -- People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "lorenskog_intranet.User"
AUTHENTICATION_BACKENDS = [
    "lorenskog_intranet.signin.slowing.SlowedBackend",  # first: it is asked before any password is read
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian makes no user of its own
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "leder.identity.validators.TellOfChange"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_ENGINE = "lorenskog_intranet.sessions"  # the table holds no usable key
SESSION_COOKIE_AGE = 10 * 60 * 60  # a working day, from the sign-in
SESSION_IDLE_MINUTES = int(os.environ.get("SESSION_IDLE_MINUTES", "60"))
LEDER_DEVICE_COOKIE = "device"  # that somebody has signed in by this browser before; opens nothing
# Addresses or networks of the proxies in front of the site, and "unix" for a socket: whose X-Forwarded-For is believed.
LEDER_TRUSTED_PROXIES = [
    each.strip() for each in os.environ.get("LEDER_TRUSTED_PROXIES", "").split(",") if each.strip()
]
LEDER_NETWORK_OF = "lorenskog_intranet.signin.network.network_of"
DEMO_SIGN_IN = False

# -- Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = choices()
FORMAT_MODULE_PATH = ["lorenskog_intranet.formats"]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "lorenskog_intranet" / "wagtail_locale"]
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True

# -- Files -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LARGEST_REQUEST = 64 * 1024 * 1024  # the largest files that are taken have 20 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the page editor sends a field for each block

# -- What a browser may do ---------------------------------------------------------------------------
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the editor's preview panel is a frame of the same origin
CSRF_FAILURE_VIEW = "leder.agreements.views.guard.resend.csrf_failure"
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
CMS_PATH = "cms/"
# Wagtail's editor writes inline scripts and styles (docs/decisions); nothing else is widened.
CMS_CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        **CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "script-src": [SELF, UNSAFE_INLINE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "frame-src": [SELF],
    }
}

# -- Wagtail -----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Lørenskog intranett"
WAGTAILADMIN_BASE_URL = os.environ.get("WAGTAILADMIN_BASE_URL", "http://127.0.0.1:8000")
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "sign_in"
WAGTAILADMIN_PERMITTED_LANGUAGES = [("nb", "Bokmål"), ("en", "English")]
WAGTAIL_USER_TIME_ZONES = ["Europe/Oslo"]
WAGTAIL_CONTENT_LANGUAGES = [("nb", "Bokmål")]
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# With Wagtail's own, opening a page can make a draft that nobody wrote.
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "leder.pages.rich_text.RichTextArea"}}
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
# Nothing calls out of the machine.
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "norwegian"}
}

# -- The plugin --------------------------------------------------------------------------------------
LEDER_KEYS = load_keys(os.environ)
LEDER_REAUTH_URL = "confirm_sign_in"
LEDER_REAUTH_MINUTES = int(os.environ.get("LEDER_REAUTH_MINUTES", "15"))
LEDER_ORGANISATION = "Lørenskog kommune"
LEDER_DOCUMENT_MARK = BASE_DIR / "leder/static/leder/img/mark.svg"
LEDER_SEAL_CERTIFICATE = os.environ.get("LEDER_SEAL_CERTIFICATE", "")
LEDER_SEAL_KEY = os.environ.get("LEDER_SEAL_KEY", "")
LEDER_SEAL_PASSPHRASE = load_passphrase(os.environ)
LEDER_RETENTION_YEARS = int(os.environ.get("LEDER_RETENTION_YEARS", "5"))
LEDER_HELP_DESK = os.environ.get("LEDER_HELP_DESK", "")
LEDER_HANDOVER_STOP_DAYS = int(os.environ.get("LEDER_HANDOVER_STOP_DAYS", "3"))

# -- Errors and logs: what happened and where, never what anybody wrote ------------------------------
ADMINS: list[str] = []
DEFAULT_EXCEPTION_REPORTER = "lorenskog_intranet.errors.ContentFreeReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "lorenskog_intranet.errors.ContentFreeFilter"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "content_free": {
            "()": "lorenskog_intranet.errors.ContentFreeFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "content_free"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # not every address that nobody has
        "django.db.backends": {"level": "WARNING"},
    },
}
