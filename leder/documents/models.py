"""The register of issued documents: which bytes have left as an agreement's document. Their text is ciphertext."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from leder.agreements.models import Agreement, Seal
from leder.documents.variants import Variant
from leder.keyed import moment
from leder.signed import Covered, SignedRow


class IssuedDocument(SignedRow):
    """One document of a seal, by the SHA-256 of its bytes. A row put in by hand makes no document genuine (`mac`)."""

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="documents")
    sha256 = models.CharField(max_length=64, db_index=True)
    variant = models.CharField(max_length=16, choices=Variant.choices)
    language = models.CharField(max_length=2)
    # The digest of what else it shows of what not every reader is shown (`issuing.extent_of`).
    extent = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    rows = "issued documents"
    signed_with = ("seal__agreement",)
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["seal", "variant", "language", "extent"], name="leder_document_issued_once"
            )
        ]

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
            self.extent,
            moment(self.issued_at),
        )

    @property
    def agreement(self) -> Agreement:
        """The agreement that it is of."""
        return self.seal.agreement


class IssuedFile(models.Model):
    """The bytes that were issued, as ciphertext, until the text of the agreement is deleted (`register`).

    Apart from the register, which is read in full by exchange of keys and verification, and outlives the text.
    """

    issued = models.OneToOneField(
        IssuedDocument, on_delete=models.CASCADE, primary_key=True, related_name="file"
    )
    ciphertext = models.BinaryField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"kept document {self.pk}"
