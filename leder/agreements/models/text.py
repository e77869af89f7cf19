"""Text: what the parties write, as opaque ciphertext that only `reading` opens, and the key it is sealed with.

None of these models enters Wagtail's reference index, search or admin, and no `__str__` says more than an identity.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from leder.agreements.models.acts import Inventoried, InventoriedQuerySet
from leder.agreements.models.agreement import Agreement
from leder.agreements.models.parties import PAIR_LENGTH, Role
from leder.keyed import moment
from leder.signed import Covered, SignedQuerySet, SignedRow, genuine

logger = logging.getLogger("leder.access")


class DataKey(models.Model):
    """The agreement's data key, wrapped by a key outside the database. Deleting it shreds the text."""

    agreement = models.OneToOneField(
        Agreement, on_delete=models.CASCADE, primary_key=True, related_name="data_key"
    )
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16)
    # The key that was first when the data key was made: a renewal goes by it. The wrapping is bound to it, too.
    made_under = models.CharField(max_length=16)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"data key {self.pk}"


class Entry(Inventoried):
    """What is written in one section: one ciphertext, one version number that every save raises by one."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        PREPARATION = "preparation"
        PROGRESS = "progress"
        # What an earlier pair signed or confirmed in a private section, copied by the leader for a new superior.
        CONSENTED = "consented"

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="entries")
    section_id = models.CharField(max_length=36)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Whose preparation; empty for what the two write together.
    role = models.CharField(max_length=8, choices=Role.choices, blank=True, default="")
    # Which pair wrote it; empty for the pair that opened the agreement, and for what goes on from pair to pair.
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    version = models.PositiveIntegerField()
    ciphertext = models.BinaryField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    objects = InventoriedQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "section_id", "kind", "role", "pair"], name="leder_entry_once_a_section"
            )
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Version(models.Model):
    """What a section said before it was written over (versjon). Of the pair that had it then, and of no later one.

    Kept when it is first shown to the other (`shown`), or when another saves over it: then it is its author's alone.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    section_id = models.CharField(max_length=36)
    # Which signatures settle it: those of the agreement, or of the follow-up (`Section.stage`).
    stage = models.CharField(max_length=10)
    # Which two had it, in open sections too; empty for the pair that opened the agreement.
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    # `Entry.version` of that time.
    number = models.PositiveIntegerField()
    # Whether the other party has been shown it.
    shown = models.BooleanField(default=False)
    ciphertext = models.BinaryField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "section_id", "pair", "number"], name="leder_version_once_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.pk}"


class Comment(Inventoried):
    """A remark from one party to the other on a section."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="comments")
    section_id = models.CharField(max_length=36)
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ciphertext = models.BinaryField()
    created_at = models.DateTimeField()

    objects = InventoriedQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"comment {self.pk}"


class LinkKind(models.TextChoices):
    """What the chain of seals tells of a seal: signed by one, by both, or no longer."""

    FIRST = "first"
    SEALED = "sealed"
    # The content was changed, or a party is another.
    VOIDED = "voided"
    # The one who gave the first signature took it back.
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"


# What a signature is told to be by the last word on its seal, for it to count; of a reopened one, as an earlier one.
COUNTING = (LinkKind.FIRST, LinkKind.SEALED, LinkKind.REOPENED)


class Seal(models.Model):
    """The sealed record that signatures cover: canonical JSON as ciphertext, and its SHA-256."""

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("agreement")
        FOLLOW_UP = "follow_up", _("follow-up")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="seals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    pair = models.CharField(max_length=PAIR_LENGTH, blank=True, default="")
    ciphertext = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind"],
                condition=models.Q(voided_at=None),
                name="leder_seal_one_standing",
            )
        ]

    def __str__(self) -> str:
        return f"seal {self.pk}"

    def given_signatures(self) -> dict[str, Signature]:
        """Return the signatures that count, by role, each with its signer; every other is logged. One query.

        They are as they were given, and the last that the chain says of the seal.
        """
        return {row.role: row for row in self.signatures.select_related("signer").given()}

    def is_signed_by_both(self) -> bool:
        """Whether both have signed it. One query."""
        return self.given_signatures().keys() == set(Role.values)

    def in_chain(self) -> dict[str, str]:
        """Return what a link of the chain says of it."""
        return {
            "agreement": str(self.agreement.uuid),
            "seal": str(self.uuid),
            "kind": self.kind,
            "pair": self.pair,
            "sha256": self.sha256,
            "created_at": moment(self.created_at),
        }


class SignatureQuerySet(SignedQuerySet):
    """Signatures, which mean nothing before row and chain are asked."""

    def with_last_word(self) -> Self:
        """Each with the last that the chain says of its seal, as `last_word`. No query more."""
        words = Seal.objects.filter(pk=OuterRef("seal")).order_by("-links__number").values("links__said")
        return self.annotate(last_word=Subquery(words[:1]))

    def with_whose(self) -> Self:
        """Each with seal and agreement, as far as it takes to see whether it counts: for many at once."""
        return self.select_related("seal__agreement").only(
            *(field.name for field in Signature._meta.concrete_fields),
            *(f"seal__{field.name}" for field in Seal._meta.concrete_fields if field.name != "ciphertext"),
            "seal__agreement__uuid",
            "seal__agreement__text_deleted_at",
        )

    def given(self) -> list[Any]:
        """Return those that count, in order; every other is logged. Asks at once."""
        return given(self.with_last_word())


class Signature(SignedRow):
    """One party's signature on a seal (R7). Voided with its seal when the content changes before both signed.

    Covers what was signed, by whom, when and where: one put on another record, or given to another, is none.
    """

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="signatures")
    role = models.CharField(max_length=8, choices=Role.choices)
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # "Sted" is free text, and so ciphertext like all that the parties write.
    place = models.BinaryField()
    # Of that ciphertext, so that the signature stands when the text is deleted.
    place_sha256 = models.CharField(max_length=64)
    # Of what it holds, with its salt: the same whatever key it is sealed with, so that the chain can say it.
    place_digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    objects = SignatureQuerySet.as_manager()

    rows = "signatures"
    signed_with = ("seal__agreement",)
    # Asked for by `with_last_word`.
    last_word: str | None
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["seal", "role"], name="leder_signature_once_a_party")]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    def covered(self, field: str = "mac") -> Covered:
        """Of which record, and who signed as what, when and where."""
        seal = self.seal
        return (
            "signature",
            seal.agreement.uuid,
            seal.uuid,
            seal.kind,
            seal.pair,
            seal.sha256,
            self.role,
            self.signer_id,
            moment(self.signed_at),
            self.place_sha256,
            self.place_digest,
        )

    def write_place(self, ciphertext: bytes) -> None:
        """Set where it was signed, as ciphertext. Before the row is signed; saves nothing."""
        self.place, self.place_sha256 = ciphertext, sha256(ciphertext).hexdigest()

    def stands(self, field: str = "mac") -> Covered | None:
        """With the place as it was written, unless it has been deleted with the text."""
        place = bytes(self.place)
        is_as_written = sha256(place).hexdigest() == self.place_sha256
        if not is_as_written and (place or self.seal.agreement.text_deleted_at is None):
            return None
        return super().stands(field)

    @property
    def is_genuine(self) -> bool:
        """Whether it was given through the plugin, and is as it was given."""
        return self.stands() is not None

    def in_chain(self) -> dict[str, str]:
        """Return what a link of the chain says of it."""
        return {
            "signer": str(self.signer_id),
            "signed_at": moment(self.signed_at),
            "place": self.place_digest,
        }

    @property
    def is_last_word(self) -> bool:
        """Whether the chain says last of its seal that it was given; a genuine one set back after that is not."""
        said = parse_said(self.last_word or "")
        seal = self.seal.in_chain()
        return (
            said.get("link") in COUNTING
            and said.get("at", "") == moment(self.seal.voided_at)
            and {key: said.get(key) for key in seal} == seal
            and said["signatures"].get(self.role) == self.in_chain()
        )

    @property
    def whose(self) -> str:
        """Of which agreement."""
        return f"agreement {self.seal.agreement.uuid}"


def given(signatures: Iterable[Any]) -> list[Signature]:
    """Return the signatures that count, in order; every other is logged. They come from `with_last_word`."""
    found = []
    for row in genuine(signatures):
        if row.is_last_word:
            found.append(row)
        else:
            logger.error("signature is not what the chain says last: row %s, %s", row.pk, row.whose)
    return found


def parse_said(text: str) -> dict[str, Any]:
    """Return what a link of the chain says, with the signatures by role; nothing where it was written by hand."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        said = {}
    signatures = said.get("signatures")
    by_role = signatures if isinstance(signatures, dict) else {}
    return {**said, "signatures": {role: each for role, each in by_role.items() if isinstance(each, dict)}}
