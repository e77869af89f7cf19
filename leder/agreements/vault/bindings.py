"""Where each ciphertext belongs: what it is bound to, so that a copy of it in another place does not open (`vault`)."""

from __future__ import annotations

import secrets

from leder.agreements.models import Comment, Entry, Reopening, Seal, Share, Signature, Version
from leder.agreements.vault.cipher import Cipher
from leder.canonical import canonical, digest_of

SALT_BYTES = 32


def entry_binding(entry: Entry) -> tuple[object, ...]:
    """Where an entry's ciphertext belongs: kind, section, role, version, author (whose reading is not logged), pair."""
    return (entry.kind, entry.section_id, entry.role, entry.version, entry.author_id, entry.pair)


def version_binding(version: Version) -> tuple[object, ...]:
    """Where an earlier version's ciphertext belongs: also whether the other was shown it, which says who reads it."""
    return ("version", version.section_id, version.number, version.author_id, version.shown, version.pair)


def comment_binding(comment: Comment) -> tuple[object, ...]:
    """Where a comment's ciphertext belongs."""
    return ("comment", comment.section_id, comment.uuid, comment.author_id, comment.pair)


def seal_binding(seal: Seal) -> tuple[object, ...]:
    """Where a sealed record's ciphertext belongs."""
    return ("seal", seal.kind, seal.uuid, seal.pair)


def place_binding(signature: Signature) -> tuple[object, ...]:
    """Where it belongs where somebody signed: to this party's signature on this seal."""
    return ("signature", signature.seal_id, signature.role)


def seal_place(signature: Signature, place: str, cipher: Cipher) -> None:
    """Put into an unsigned signature where it was given, with a random salt: its digest tells nothing of the place."""
    text = canonical({"place": place, "salt": secrets.token_hex(SALT_BYTES)})
    signature.place_digest = digest_of(text)
    signature.write_place(cipher.seal_text(text, *place_binding(signature)))


def why_binding(row: Reopening | Share) -> tuple[object, ...]:
    """Where it belongs why something is proposed: to this proposal; to open again, to seal and pair too."""
    return ("share", row.uuid) if isinstance(row, Share) else ("reopening", row.uuid, row.seal.uuid, row.pair)
