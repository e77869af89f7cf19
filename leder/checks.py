"""System checks of the plugin, numbered; each says what to do."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.models import Count
from django.utils import timezone

from leder import keyed

from . import conf
from .agreements.models import DataKey
from .documents.certificate import NoCertificate, configured
from .documents.sealing import is_available
from .identity.validators import TellOfChange
from .pages import answer_kinds
from .pages.editions import Edition

RENEW_WITHIN = dt.timedelta(days=30)


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


@checks.register(checks.Tags.database)
def check_kinds(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """leder.E003: a form has a kind of section that is registered no more. Asked with `check --database`."""
    messages: list[checks.CheckMessage] = []
    for alias in databases or ():
        if Edition._meta.db_table not in connections[alias].introspection.table_names():
            continue
        forms = Edition.objects.using(alias).filter(kind=Edition.Kind.FORM)
        asked = {section.answer for form in forms for section in form.sections}
        messages += [
            checks.Error(
                f"Agreements have sections of the kind “{key}”, which is registered no more: they do not open.",
                hint="Register it again (leder.pages.answer_kinds): what was signed of a kind needs it to be read.",
                id="leder.E003",
            )
            for key in sorted(asked - answer_kinds.REGISTERED.keys())
        ]
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


@checks.register(checks.Tags.security)
def check_who_acts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """leder.W005: nobody can change their own account without its being shut."""
    if "leder.identity.acting.who_acts" in settings.MIDDLEWARE:
        return []
    return [
        checks.Warning(
            "Whoever changes their own password is shut out of the texts, since nobody sees who changed it.",
            hint='Add "leder.identity.acting.who_acts" to MIDDLEWARE, after AuthenticationMiddleware.',
            id="leder.W005",
        )
    ]


@checks.register(checks.Tags.security)
def check_devices(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """leder.W006: no device is ever known."""
    if "leder.identity.devices.remember_devices" in settings.MIDDLEWARE:
        return []
    return [
        checks.Warning(
            "Every sign-in counts as one from a new device, since no browser is remembered: the reading logs fill.",
            hint='Add "leder.identity.devices.remember_devices" to MIDDLEWARE, after AuthenticationMiddleware.',
            id="leder.W006",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_new_devices(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """leder.W007: every device is known at once. Asked with `check --deploy`."""
    if conf.new_device_days() > 0:
        return []
    return [
        checks.Warning(
            "No device is ever new: one who has another's password reads what they wrote, and the log says nothing.",
            hint="Take LEDER_NEW_DEVICE_DAYS away; 30 days are meant.",
            id="leder.W007",
        )
    ]


@checks.register(checks.Tags.security)
def check_compression(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """leder.W004: pages with what the parties write are compressed."""
    if "django.middleware.gzip.GZipMiddleware" not in settings.MIDDLEWARE:
        return []
    return [
        checks.Warning(
            "Agreements are sent compressed: how long an answer is then tells which words stand in it.",
            hint=(
                "Take GZipMiddleware away, or put it around views with published text only (gzip_page). Static files "
                "can be compressed beforehand."
            ),
            id="leder.W004",
        )
    ]


@checks.register(checks.Tags.security)
def check_stop_days(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """leder.E004: nobody has time to stop a handover."""
    if conf.handover_stop_days() >= 1:
        return []
    return [
        checks.Error(
            "LEDER_HANDOVER_STOP_DAYS is less than 1: one person in HR could hand an agreement over alone.",
            hint="It is the whole days in which leader and former superior can stop a handover: without it, 3.",
            id="leder.E004",
        )
    ]


@checks.register(checks.Tags.security)
def check_seal(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """leder.W002 and W003: documents leave without the municipality's seal, or soon will."""
    try:
        certificate = configured()
    except NoCertificate as error:
        return [
            checks.Warning(
                f"Documents leave without the municipality's seal. {error}",
                hint=(
                    "LEDER_SEAL_CERTIFICATE names a PKCS#12 file, or a PEM file with the certificate; LEDER_SEAL_KEY "
                    "the key's PEM file where it stands alone; LEDER_SEAL_PASSPHRASE_FILE the passphrase. The key is "
                    "an RSA key. Try it with “manage.py leder_seal status”. Without "
                    "LEDER_SEAL_CERTIFICATE nothing is sealed."
                ),
                id="leder.W002",
            )
        ]
    if certificate is None:
        return []
    if not is_available():
        return [
            checks.Warning(
                "Documents leave without the municipality's seal: pyHanko is not installed.",
                hint="Install the plugin with its extra “pades”, or take LEDER_SEAL_CERTIFICATE away.",
                id="leder.W002",
            )
        ]
    if timezone.now() < certificate.starts:
        return [
            checks.Warning(
                f"Documents leave without a seal until {certificate.starts:%Y-%m-%d}, when its certificate begins.",
                hint="Documents that leave before that day get no seal later.",
                id="leder.W002",
            )
        ]
    if timezone.now() > certificate.ends - RENEW_WITHIN:
        return [
            checks.Warning(
                f"The certificate of the municipality's seal ends on {certificate.ends:%Y-%m-%d}.",
                hint=(
                    "Get a new one, and name it in LEDER_SEAL_CERTIFICATE. Until then, what is first fetched after "
                    "that day leaves without a seal. Documents that have left stay genuine: they are in the register."
                ),
                id="leder.W003",
            )
        ]
    return []
