"""The inventory (fortegnelse) of an agreement: which rows it has, and how each stood when the plugin last wrote it.

A signature on each row would not tell that one is gone, or set back to what it was: both look genuine. So one signed
row an agreement lists them all, and one a round counts its agreements. Written by `acts` alone, compared by
`leder_verify`. Never a word of text: what is written is known by version, author and date.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import logging
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from django.db import models

from leder.agreements.models.round import Round
from leder.keyed import moment
from leder.signed import Covered, SignedRow

logger = logging.getLogger("leder.access")

DIGEST_BYTES = 12

# By kind of row ("comment"), and then by primary key.
Listed = dict[str, dict[str, str]]


class Inventory(SignedRow):
    """The rows of one agreement, each with a digest of all that it says beside what is written, and how many acts."""

    agreement = models.OneToOneField(
        "leder.Agreement", on_delete=models.CASCADE, primary_key=True, related_name="inventory"
    )
    # Of acts that have changed something: it only grows, so that one set back is seen by whoever noted it elsewhere.
    number = models.PositiveIntegerField(default=0)
    text = models.TextField(default="{}")

    rows = "inventories"
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"inventory {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """Of which agreement, after how many acts, and what is listed."""
        return ("inventory", self.agreement.uuid, self.number, self.digest)

    @property
    def digest(self) -> str:
        """The digest of what is listed."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def listed(self) -> Listed:
        """What is listed, to be changed in an act. One changed by hand may hold anything: then nothing is."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        is_listed = isinstance(found, dict) and all(isinstance(each, dict) for each in found.values())
        return found if is_listed else {}

    @cached_property
    def was_genuine(self) -> bool:
        """Whether it was genuine when this was first asked: before an act changes it. One that was not stays so."""
        return self.is_genuine

    def copied(self) -> Inventory:
        """Return a copy, to be changed apart from this one."""
        copy = Inventory(agreement_id=self.pk, number=self.number, text=self.text, mac=self.mac)
        copy.agreement, copy.was_genuine = self.agreement, self.was_genuine
        copy.listed = {kind: dict(rows) for kind, rows in self.listed.items()}
        return copy

    def move_on(self) -> None:
        """Write down what is listed after an act; saves nothing."""
        sound = self.was_genuine
        self.number += 1
        self.text = json.dumps(
            {kind: rows for kind, rows in self.listed.items() if rows}, separators=(",", ":")
        )
        if sound:
            self.sign()
        else:
            # An earlier signature might come to fit again.
            self.mac = ""
            logger.error("inventory is not genuine: agreement %s", self.agreement.uuid)
        # The same outside the database, for an operator's log server: an agreement set back to an earlier day shows.
        logger.info(
            "inventory: agreement %s, acts %s, digest %s", self.agreement.uuid, self.number, self.digest
        )


class RoundCount(SignedRow):
    """How many agreements were opened in a round: none is ever taken away."""

    round = models.OneToOneField(
        Round, on_delete=models.PROTECT, primary_key=True, related_name="agreement_count"
    )
    opened = models.PositiveIntegerField(default=0)

    rows = "counts of agreements"
    signed_with = ("round",)
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"count {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """The year, and how many."""
        return ("agreements of a round", self.round.year, self.opened)

    @property
    def whose(self) -> str:
        """Of which year."""
        return f"round {self.round.year}"


def begun(agreement: Any) -> Inventory:
    """Return the inventory of an agreement that is opened now: nothing is listed yet."""
    inventory = Inventory(agreement=agreement)
    inventory.was_genuine = True
    return inventory


@lru_cache(maxsize=32)
def listed_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Return what is listed of such rows: every column but ciphertext (bound to these) and keyed signatures."""
    signatures = getattr(model, "signatures", ())
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BinaryField) and field.attname not in signatures
    )


def digest_of(model: type[models.Model], values: Mapping[str, Any]) -> str:
    """Return the digest of a row, of its values by column."""
    said = json.dumps([_as_text(values[name]) for name in listed_fields(model)])
    return base64.urlsafe_b64encode(hashlib.sha256(said.encode()).digest()[:DIGEST_BYTES]).decode()


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    return moment(value) if isinstance(value, dt.datetime) else str(value)
