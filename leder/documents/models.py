"""The register of issued documents: which bytes have left as an agreement's document. No text, no names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Seal
from leder.agreements.models.keyed import moment
from leder.agreements.models.signed import Covered, SignedRow
from leder.documents.variants import Variant


class IssuedDocument(SignedRow):
    """One document of a seal, by the SHA-256 of its bytes. A row put in by hand makes no document genuine (`mac`)."""

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="documents")
    sha256 = models.CharField(max_length=64, unique=True)
    variant = models.CharField(max_length=16, choices=Variant.choices)
    language = models.CharField(max_length=2)
    issued_at = models.DateTimeField()

    rows = "issued documents"
    signed_with = ("seal__agreement",)
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        default_permissions = ()

    def __str__(self) -> str:
        return f"document {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """Which bytes are which document of which seal."""
        return (
            "issued document",
            self.seal.uuid,
            self.sha256,
            self.variant,
            self.language,
            moment(self.issued_at),
        )

    @property
    def agreement(self) -> Agreement:
        """The agreement that it is of."""
        return self.seal.agreement
