"""Every column that holds what somebody wrote, as ciphertext: one list, for deletion, renewal of keys and verification.

A test compares it with the columns of the database, so that a new kind of text is none of the three forgets.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from leder.agreements.models import Comment, Entry, Reopening, Seal, Share, Signature, Version
from leder.agreements.vault.bindings import (
    comment_binding,
    entry_binding,
    place_binding,
    seal_binding,
    version_binding,
    why_binding,
)
from leder.agreements.vault.cipher import Cipher, DamagedText
from leder.conversations.actions.calling import details_binding
from leder.conversations.models import Conversation
from leder.documents.models import IssuedFile
from leder.documents.register import document_binding

# What is written with the place of a signature.
SIGNED = ("place_sha256", "mac")


@dataclass(frozen=True)
class Store:
    """A column of ciphertext: of which model, the way from there to the agreement, and what each is bound to.

    Where more follows from a ciphertext than the column itself, `put` and `follows` say it.
    """

    model: type[Model]
    column: str
    agreement: str
    bound_to: Callable[[Any], tuple[object, ...]]
    # The rows that `bound_to` and `put` ask.
    joined: tuple[str, ...] = ()
    # How a ciphertext is put into its row, and the columns that are written with it.
    put: Callable[[Any, str, bytes], None] = setattr
    follows: tuple[str, ...] = ()

    def of(self, agreements: Collection[int]) -> QuerySet[Any]:
        """The rows of some agreements."""
        return self.model._default_manager.filter(**{f"{self.agreement}__in": agreements})

    @property
    def fields(self) -> tuple[str, ...]:
        """What is written when a text is sealed anew."""
        return (self.column, *self.follows)

    def reseal(self, row: Any, before: Cipher, after: Cipher) -> None:
        """Seal the text of a row anew; saves nothing. Raises DamagedText."""
        self.put(row, self.column, after.reseal(getattr(row, self.column), before, *self.bound_to(row)))


def _put_place(signature: Signature, _column: str, ciphertext: bytes) -> None:
    """The signature covers the ciphertext: it is made anew, where it stood. Raises DamagedText where it did not."""
    if not signature.is_genuine:
        raise DamagedText
    signature.write_place(ciphertext)
    signature.sign()


def _file_binding(row: IssuedFile) -> tuple[object, ...]:
    return document_binding(row.issued)


TEXTS: tuple[Store, ...] = (
    Store(Entry, "ciphertext", "agreement", entry_binding),
    Store(Version, "ciphertext", "agreement", version_binding),
    Store(Comment, "ciphertext", "agreement", comment_binding),
    Store(Seal, "ciphertext", "agreement", seal_binding),
    Store(Signature, "place", "seal__agreement", place_binding, ("seal__agreement",), _put_place, SIGNED),
    Store(Conversation, "details", "agreement", details_binding),
    Store(Share, "purpose", "agreement", why_binding),
    Store(Reopening, "reason", "agreement", why_binding, ("seal",)),
    Store(IssuedFile, "ciphertext", "issued__seal__agreement", _file_binding, ("issued__seal",)),
)
