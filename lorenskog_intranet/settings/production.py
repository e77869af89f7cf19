"""Settings of a real installation, behind a proxy that ends TLS. Values come from the environment."""

import os

from .base import *  # noqa: F403
from .base import LOGGING

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LEDER_DEVICE_COOKIE = "__Host-device"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # other services of the same domain are not ours to bind to HTTPS
    "security.W019",  # the page editor frames its preview, from the same origin
    "security.W021",  # an intranet is in no browser's preload list
]

EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_TIMEOUT = 10  # seconds; a server that does not answer holds nobody up for long
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "intranett@localhost")

# Each line of a reading log, by number and digest, for a log server that the database's administrators do not write to.
LOGGING["loggers"]["leder.access"] = {"level": "INFO"}
LOGGING["loggers"]["leder.seals"] = {"level": "INFO"}
