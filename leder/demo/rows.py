"""Rows of agreements, gathered and then saved many at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from leder.agreements.models import Agreement, Seal, Signature
from leder.agreements.vault import Cipher

BATCH = 1000


@dataclass
class Rows:
    """Rows to be saved, in the order they refer to each other."""

    agreements: list[Agreement] = field(default_factory=list)
    others: dict[type[Model], list[Any]] = field(default_factory=dict)
    signatures: list[tuple[Signature, Cipher, str]] = field(default_factory=list)

    def add(self, row: Model) -> None:
        """Keep a row that refers to an agreement, and to nothing else that is not saved."""
        self.others.setdefault(type(row), []).append(row)

    def add_signature(
        self, seal: Seal, role: str, signer_id: int, at: Any, cipher: Cipher, place: str
    ) -> None:
        """Keep a signature; its place can't be sealed before its seal has an id."""
        row = Signature(seal=seal, role=role, signer_id=signer_id, signed_at=at)
        self.signatures.append((row, cipher, place))

    def save(self) -> None:
        """Save everything: a year's agreements after those they replace, signatures after their seals."""
        by_year: dict[int, list[Agreement]] = {}
        for agreement in self.agreements:
            by_year.setdefault(agreement.year, []).append(agreement)
        for year in sorted(by_year):
            Agreement.objects.bulk_create(by_year[year], batch_size=BATCH)
        for model, rows in self.others.items():
            model._default_manager.bulk_create(rows, batch_size=BATCH)
        for signature, cipher, place in self.signatures:
            signature.place = cipher.seal({"place": place}, "signature", signature.seal.pk, signature.role)
        Signature.objects.bulk_create((row for row, _cipher, _place in self.signatures), batch_size=BATCH)
