"""Whether a document leaves with the municipality's seal, and what there is to say of a seal on a file.

Without a certificate, or without the extra `pades`, documents are as they always were.
"""

from __future__ import annotations

import logging
from importlib.util import find_spec

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leder.documents.certificate import Certificate, NoCertificate, configured

logger = logging.getLogger("leder.documents")


class SealState(models.TextChoices):
    """What is known of the municipality's seal on a file."""

    NONE = "none", gettext_lazy("The file has no electronic seal")
    HOLDS = "holds", gettext_lazy("Valid: every byte is as it was sealed")
    BROKEN = "broken", gettext_lazy("Not valid: the file was changed after it was sealed")
    OTHER = "other", gettext_lazy("Made with another certificate than the one of today, and not checked here")
    UNCHECKED = "unchecked", gettext_lazy("There is a seal, and no certificate to check it with here")


def is_available() -> bool:
    """Whether pyHanko is installed."""
    return find_spec("pyhanko") is not None


def with_seal(pdf: bytes, *, language: str) -> bytes:
    """Return a signed document with the municipality's seal, as of now; as it is where there is none."""
    certificate = _usable()
    if certificate is None:
        return pdf
    if not certificate.holds:
        logger.error("no seal: the certificate does not hold today")
        return pdf
    from leder.documents import pades  # noqa: PLC0415 (the extra may not be installed)

    with translation.override(language):
        tooltip = _("Electronic seal: %(name)s") % {"name": certificate.name}
    return pades.seal_pdf(pdf, by=certificate, at=timezone.now(), tooltip=tooltip)


def seal_on(file: bytes) -> SealState:
    """Return what is known of the seal on a file, whatever it is. Asks the configured certificate alone."""
    if b"/ByteRange" not in file:
        return SealState.NONE
    certificate = _usable()
    if certificate is None:
        return SealState.UNCHECKED
    from leder.documents import pades  # noqa: PLC0415 (the extra may not be installed)

    holds = pades.seal_holds(file, by=certificate)
    if holds is None:
        return SealState.OTHER
    return SealState.HOLDS if holds else SealState.BROKEN


def _usable() -> Certificate | None:
    try:
        certificate = configured()
    except NoCertificate as error:
        # The system check has said it, too. What was signed is to be had all the same.
        logger.error("no seal: %s", error)
        return None
    if certificate is not None and not is_available():
        logger.error("no seal: pyHanko is not installed")
        return None
    return certificate
