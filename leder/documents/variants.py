"""The two forms of a document: the whole, and one without private sections (R2) for those who are not to read them."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.record import digest


class Variant(models.TextChoices):
    """What a document holds of the agreement."""

    WHOLE = "whole", _("the whole agreement")
    WITHOUT_PRIVATE = "without_private", _("without private sections")


PURPOSE = "without private sections"


def without_private(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with nothing of what is private but that it is there, and with the whole record's SHA-256.

    The salt of the whole stays behind: with it, one could try words until the hash of the whole fits. In its place
    stands one made from it, so that the hash of this, too, tells nothing once the text is shredded. A draft has no
    salt, and nothing to refer to.
    """
    held = {
        **{key: value for key, value in record.items() if key != "salt"},
        "variant": Variant.WITHOUT_PRIVATE.value,
        "sections": [_without_text(part) if part["private"] else part for part in record["sections"]],
    }
    if salt := record.get("salt"):
        held["whole_sha256"] = digest(record)
        held["salt"] = hashlib.sha256(f"{PURPOSE}|{salt}".encode()).hexdigest()
    return held


def _without_text(section: dict[str, Any]) -> dict[str, Any]:
    return {"id": section["id"], "heading": section["heading"], "private": True, "left_out": True}
