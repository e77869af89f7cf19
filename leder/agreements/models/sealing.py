"""The chain of seals: what has been signed in a round, in the order it was. Only ever added to. Never a word of text.

Written by `leder.agreements.seals.chain` alone.
"""

from __future__ import annotations

from django.db import models

from leder.agreements.models.round import Round
from leder.agreements.models.text import LinkKind, Seal
from leder.signed import Covered, SignedRow


class SealLink(models.Model):
    """A link (ledd): what became of a seal, from the first signature on. Its digest covers the link before."""

    Kind = LinkKind

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="seal_links")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, choices=LinkKind.choices)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="links")
    # The canonical JSON that the digest is of, so that what differs can be named, and deletion of text changes nothing.
    said = models.TextField()
    digest = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="leder_seal_link_number")]

    def __str__(self) -> str:
        return f"seal link {self.pk}"


class SealHead(SignedRow):
    """Where the chain of a round ends: how many links, and the last one's digest, signed."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, primary_key=True, related_name="seal_head")
    length = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    # From which link on all fits: 1, unless what stood before a link did not fit when that was added.
    whole_from = models.PositiveIntegerField(default=1)
    # Of each part of the last words, its digest, as JSON.
    parts = models.TextField(default="{}")

    rows = "chains of seals"
    signed_with = ("round",)
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"seal head {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """The year, how many links, the last one's digest, from which link on all fits, and what was said last."""
        return ("chain of seals", self.round.year, self.length, self.digest, self.whole_from, self.parts)

    @property
    def whose(self) -> str:
        """Of which year."""
        return f"round {self.round.year}"


class LastWords(models.Model):
    """A part of what the chain of a round says last of each agreement: digests of links. Genuine by the head's word."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="last_words")
    part = models.CharField(max_length=2)
    said = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["round", "part"], name="leder_last_words_part")]

    def __str__(self) -> str:
        return f"last words {self.pk}"
